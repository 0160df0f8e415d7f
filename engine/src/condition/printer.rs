//! Prints a syntax tree so that reading it again gives the same tree.

use std::fmt;

use super::ast::{Bracket, Expr, Kind, Operator, Quantifier};
use super::functions::Function;
use crate::facts::Value;

/// How tightly a construct binds; a child that binds less tightly than its place needs brackets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Tightness {
    Loose,
    Or,
    And,
    Test,
    Sum,
    Product,
    Sign,
    Primary,
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self, Tightness::Loose, f)
    }
}

fn tightness(expr: &Expr) -> Tightness {
    match &expr.kind {
        Kind::If(..) | Kind::Quantified(..) => Tightness::Loose,
        Kind::Binary(operator, ..) => of_operator(*operator),
        Kind::Compare(..) | Kind::Between(..) | Kind::In(..) | Kind::Test(..) => Tightness::Test,
        Kind::Negate(_) => Tightness::Sign,
        Kind::Constant(Value::Number(number)) if number.is_negative() => Tightness::Sign,
        _ => Tightness::Primary,
    }
}

fn of_operator(operator: Operator) -> Tightness {
    match operator {
        Operator::Or => Tightness::Or,
        Operator::And => Tightness::And,
        Operator::Add | Operator::Subtract => Tightness::Sum,
        Operator::Multiply | Operator::Divide => Tightness::Product,
    }
}

/// The place just inside of one that binds left to right.
fn tighter(place: Tightness) -> Tightness {
    match place {
        Tightness::Or => Tightness::And,
        Tightness::And => Tightness::Test,
        Tightness::Sum => Tightness::Product,
        _ => Tightness::Sign,
    }
}

fn print(expr: &Expr, place: Tightness, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if tightness(expr) < place {
        f.write_str("(")?;
        bare(expr, f)?;
        f.write_str(")")
    } else {
        bare(expr, f)
    }
}

fn bare(expr: &Expr, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &expr.kind {
        Kind::Null => f.write_str("null"),
        Kind::Constant(value) => constant(value, f),
        Kind::Path(names, _) => f.write_str(&names.join(".")),
        Kind::Field(base, name) => {
            print(base, Tightness::Primary, f)?;
            write!(f, ".{name}")
        }
        Kind::Call(function, arguments, _) => call(*function, arguments, f),
        Kind::List(items) => {
            f.write_str("[")?;
            separated(items, Tightness::Loose, f)?;
            f.write_str("]")
        }
        Kind::Range(open, low, high, close) => range(*open, low, high, *close, f),
        Kind::Negate(operand) => {
            f.write_str("-")?;
            print(operand, Tightness::Primary, f)
        }
        Kind::Binary(operator, left, right) => {
            let place = of_operator(*operator);
            print(left, place, f)?;
            write!(f, " {} ", operator.text())?;
            print(right, tighter(place), f)
        }
        Kind::Compare(comparison, left, right) => {
            print(left, Tightness::Sum, f)?;
            write!(f, " {} ", comparison.text())?;
            print(right, Tightness::Sum, f)
        }
        Kind::Test(comparison, operand) => {
            write!(f, "{} ", comparison.text())?;
            print(operand, Tightness::Sum, f)
        }
        _ => worded(expr, f),
    }
}

fn worded(expr: &Expr, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &expr.kind {
        Kind::Between(value, low, high) => {
            print(value, Tightness::Sum, f)?;
            f.write_str(" between ")?;
            print(low, Tightness::Sum, f)?;
            f.write_str(" and ")?;
            print(high, Tightness::Sum, f)
        }
        Kind::In(value, tests) => {
            print(value, Tightness::Sum, f)?;
            f.write_str(" in (")?;
            for (index, test) in tests.iter().enumerate() {
                f.write_str(if index > 0 { ", " } else { "" })?;
                let place = if matches!(test.kind, Kind::Test(..)) {
                    Tightness::Test
                } else {
                    Tightness::Sum
                };
                print(test, place, f)?;
            }
            f.write_str(")")
        }
        Kind::If(condition, then, otherwise) => {
            f.write_str("if ")?;
            print(condition, Tightness::Loose, f)?;
            f.write_str(" then ")?;
            print(then, Tightness::Loose, f)?;
            f.write_str(" else ")?;
            print(otherwise, Tightness::Loose, f)
        }
        Kind::Quantified(quantifier, bindings, body) => {
            f.write_str(if *quantifier == Quantifier::Some {
                "some "
            } else {
                "every "
            })?;
            for (index, (name, domain)) in bindings.iter().enumerate() {
                f.write_str(if index > 0 { ", " } else { "" })?;
                write!(f, "{name} in ")?;
                print(domain, Tightness::Or, f)?;
            }
            f.write_str(" satisfies ")?;
            print(body, Tightness::Loose, f)
        }
        _ => Ok(()),
    }
}

fn call(function: Function, arguments: &[Expr], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}(", function.name())?;
    separated(arguments, Tightness::Loose, f)?;
    f.write_str(")")
}

fn range(
    open: Bracket,
    low: &Expr,
    high: &Expr,
    close: Bracket,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    f.write_str(if open == Bracket::Closed { "[" } else { "(" })?;
    print(low, Tightness::Sum, f)?;
    f.write_str("..")?;
    print(high, Tightness::Sum, f)?;
    f.write_str(if close == Bracket::Closed { "]" } else { ")" })
}

fn separated(items: &[Expr], place: Tightness, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        f.write_str(if index > 0 { ", " } else { "" })?;
        print(item, place, f)?;
    }
    Ok(())
}

fn constant(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Boolean(value) => write!(f, "{value}"),
        Value::Text(text) => quoted(text, f),
        Value::Date(date) => write!(f, "@\"{date}\""),
        Value::Duration(duration) => write!(f, "@\"{duration}\""),
        other => write!(f, "{other}"),
    }
}

fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for letter in text.chars() {
        match letter {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            letter => write!(f, "{letter}")?,
        }
    }
    f.write_str("\"")
}
