//! Resolves names and checks types, so that a condition that passes can never fail.

mod calls;

use std::ops::Range;
use std::sync::Arc;

use super::ast::{Expr, Kind, Operator, Resolution, Target};
use super::constants::impossible;
use super::functions::Function;
use super::names::Names;
use crate::facts::{Type, Value};
use crate::limits;
use crate::source::{Diagnostic, Problems, nearest};

/// Checks one condition.
pub(super) struct Checker<'a> {
    source: &'a Arc<str>,
    names: &'a dyn Names,
    locals: Vec<(Arc<str>, Type)>,
    problems: Problems,
}

impl<'a> Checker<'a> {
    pub(super) fn new(source: &'a Arc<str>, names: &'a dyn Names) -> Self {
        Self {
            source,
            names,
            locals: Vec::new(),
            problems: Problems::new(),
        }
    }

    /// The type of a whole expression and all that is wrong with it: first its names and types,
    /// then its constants.
    pub(super) fn whole(mut self, expr: &mut Expr) -> (Type, Problems) {
        let ty = self.check(expr);
        let problems = if self.problems.is_empty() {
            impossible(self.source, expr)
        } else {
            self.problems
        };
        (ty, problems)
    }

    /// All that is wrong with the tests that an input of a type is put to.
    pub(super) fn tests(mut self, input: &Type, tests: &mut [Expr]) -> Problems {
        for test in tests.iter_mut() {
            self.passing(input, test);
        }
        if self.problems.is_empty() {
            let constants = tests.iter().flat_map(|test| impossible(self.source, test));
            self.problems.extend(constants);
        }
        self.problems
    }

    /// The type of an expression; [`Type::Any`] after an error, so that one mistake is told once.
    fn check(&mut self, expr: &mut Expr) -> Type {
        let span = expr.span.clone();
        match &mut expr.kind {
            Kind::Null => Type::Any,
            Kind::Constant(value) => constant_type(value),
            Kind::Path(names, target) => self.path(names, target, &span),
            Kind::Field(base, name) => {
                let ty = self.check(base);
                self.field(&ty, name, &span)
            }
            Kind::Call(function, arguments, pattern) => {
                self.call(*function, arguments, pattern, &span)
            }
            Kind::List(items) => self.list(items, Self::check),
            Kind::Range(_, low, high, _) => {
                self.range(low, high);
                self.only_after_in(&span, "a range")
            }
            Kind::Negate(operand) => self.negate(operand),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, &span),
            Kind::Compare(comparison, left, right) => {
                self.comparable(left, right, comparison.needs_order());
                Type::Boolean
            }
            Kind::Between(value, low, high) => {
                let ty = self.comparable(value, low, true);
                let high_ty = self.check(high);
                self.compared((&ty, value), (&high_ty, high), true);
                Type::Boolean
            }
            Kind::In(value, tests) => self.membership(value, tests),
            Kind::Test(_, operand) => self.check(operand),
            Kind::If(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Kind::Quantified(_, bindings, body) => self.quantified(bindings, body),
        }
    }

    fn report(&mut self, span: &Range<usize>, diagnostic: Diagnostic) {
        self.problems
            .push(diagnostic.span(self.source, span.clone()));
    }

    fn need(&mut self, expr: &mut Expr, wanted: &Type) -> Type {
        let ty = self.check(expr);
        if !ty.fits(wanted) {
            let found = format!("a value of type {ty}");
            let expected = match wanted {
                Type::Boolean => "a condition that is true or false".to_owned(),
                wanted => format!("a {wanted}"),
            };
            self.report(&expr.span, Diagnostic::error("E204", found, expected));
        }
        ty
    }

    fn path(
        &mut self,
        names: &[Arc<str>],
        target: &mut Resolution<Target>,
        span: &Range<usize>,
    ) -> Type {
        let Some(first) = names.first() else {
            return Type::Any;
        };
        let local = self.locals.iter().rposition(|(name, _)| name == first);
        let (root, ty, used) = match local.and_then(|at| Some((at, self.locals.get(at)?.1.clone())))
        {
            Some((at, ty)) => (Target::Local(at), ty, 1),
            None => match self.resolve_fact(names, span) {
                Some(found) => found,
                None => return Type::Any,
            },
        };
        *target = Resolution(Some(Arc::new(root)));
        names
            .iter()
            .skip(used)
            .fold(ty, |ty, name| self.field(&ty, name, span))
    }

    fn resolve_fact(
        &mut self,
        names: &[Arc<str>],
        span: &Range<usize>,
    ) -> Option<(Target, Type, usize)> {
        let path: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let Some(found) = self.names.fact(&path) else {
            let name = path.join(".");
            let mut known = self.names.fact_paths();
            known.extend(self.locals.iter().map(|(name, _)| name.to_string()));
            let help = match nearest(&name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`catchall facts` lists all facts; a ruleset may add its own under `facts`"
                    .to_owned(),
            };
            let error = Diagnostic::error(
                "E201",
                format!("the unknown fact `{name}`"),
                "a fact of the catalogue",
            );
            self.report(span, error.help(help));
            return None;
        };
        if !found.readable {
            let found = format!("the fact `{}`", path.join("."));
            let error = Diagnostic::error("E212", found, "a fact that conditions may read");
            self.report(
                span,
                error.help("names and descriptions are shown, but decide nothing"),
            );
        }
        Some((Target::Fact(found.fact, found.names), found.ty, found.names))
    }

    fn field(&mut self, ty: &Type, name: &Arc<str>, span: &Range<usize>) -> Type {
        if *ty == Type::Any {
            return Type::Any;
        }
        if let Some(field) = ty.field(name) {
            return field.clone();
        }
        let known: Vec<Arc<str>> = match ty {
            Type::Record(fields) => fields.iter().map(|(name, _)| Arc::clone(name)).collect(),
            _ => Vec::new(),
        };
        let help = match nearest(name, known.iter().map(AsRef::as_ref)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("a {ty} has no fields"),
            None => format!("its fields are {}", known.join(", ")),
        };
        let error = Diagnostic::error(
            "E207",
            format!("the unknown field `{name}`"),
            "a field that is there",
        );
        self.report(span, error.help(help));
        Type::Any
    }

    fn list(&mut self, items: &mut [Expr], check: fn(&mut Self, &mut Expr) -> Type) -> Type {
        let mut member = Type::Any;
        for item in items {
            let ty = check(self, item);
            if ty.fits(&member) {
                member = member.joined(ty);
            } else {
                let expected = format!("{member}, like the members before it");
                let error = Diagnostic::error("E204", format!("a value of type {ty}"), expected);
                self.report(&item.span.clone(), error);
            }
        }
        member.list()
    }

    /// The type of what stands after `in`, or in a decision table's cell.
    fn test(&mut self, expr: &mut Expr) -> Type {
        match &mut expr.kind {
            Kind::Range(_, low, high, _) => self.range(low, high),
            Kind::List(items) => self.list(items, Self::test),
            Kind::Call(Function::Group, arguments, _) if arguments.len() == 1 => {
                self.reference(Function::Group, arguments)
            }
            _ => self.check(expr),
        }
    }

    /// Ranges and groups have no value of their own: they say what passes a test.
    fn only_after_in(&mut self, span: &Range<usize>, what: &str) -> Type {
        let error = Diagnostic::error("E213", format!("{what} as a value"), "it after `in`");
        self.report(
            span,
            error.help(format!("write `x in …` to ask whether {what} holds x")),
        );
        Type::Any
    }

    fn range(&mut self, low: &mut Expr, high: &mut Expr) -> Type {
        let ty = self.comparable(low, high, true);
        Type::Range(Box::new(ty))
    }

    fn negate(&mut self, operand: &mut Expr) -> Type {
        let ty = self.check(operand);
        if matches!(ty, Type::Number(_) | Type::Duration | Type::Any) {
            return ty;
        }
        let error = Diagnostic::error(
            "E204",
            format!("a value of type {ty}"),
            "a number or a duration",
        );
        self.report(&operand.span.clone(), error);
        Type::Any
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &mut Expr,
        right: &mut Expr,
        span: &Range<usize>,
    ) -> Type {
        if matches!(operator, Operator::And | Operator::Or) {
            self.need(left, &Type::Boolean);
            self.need(right, &Type::Boolean);
            return Type::Boolean;
        }
        let (a, b) = (self.check(left), self.check(right));
        arithmetic(operator, &a, &b).unwrap_or_else(|| {
            let found = format!("{a} {} {b}", operator.text());
            let expected = "numbers of one unit, durations of one kind, or a date and a duration";
            self.report(span, Diagnostic::error("E204", found, expected));
            Type::Any
        })
    }

    /// Checks that two expressions can be compared; the type that both have.
    fn comparable(&mut self, left: &mut Expr, right: &mut Expr, ordered: bool) -> Type {
        let (a, b) = (self.check(left), self.check(right));
        self.compared((&a, left), (&b, right), ordered);
        a.joined(b)
    }

    fn compared(&mut self, (a, left): (&Type, &Expr), (b, right): (&Type, &Expr), ordered: bool) {
        if !a.fits(b) {
            let found = format!("a {b} compared with a {a}");
            let error = Diagnostic::error("E205", found, format!("a {a}"));
            self.report(&right.span, error.help(help_to_compare(a, b)));
        } else if ordered && !(is_ordered(a) && is_ordered(b)) {
            let unordered = if is_ordered(a) { b } else { a };
            self.report(&left.span, in_an_order(unordered));
        } else {
            self.codes(a, right);
            self.codes(b, left);
        }
    }

    /// Checks that text constants compared with a code are codes of its set.
    fn codes(&mut self, ty: &Type, expr: &Expr) {
        let (Type::Code(set) | Type::Set(set)) = ty else {
            return;
        };
        match &expr.kind {
            Kind::List(items) => items.iter().for_each(|item| self.codes(ty, item)),
            Kind::Test(_, operand) => self.codes(ty, operand),
            Kind::Constant(Value::Text(text)) => self.code(set, text, &expr.span),
            _ => {}
        }
    }

    fn code(&mut self, set: &Arc<str>, text: &str, span: &Range<usize>) {
        let Some(codes) = self.names.code_set(set) else {
            return;
        };
        if codes.values.is_empty() || codes.values.contains_key(text) {
            return;
        }
        let help = match codes.suggest(text) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("`catchall facts` lists the codes of {set}"),
        };
        let error = Diagnostic::error("E206", format!("\"{text}\""), format!("a code of {set}"));
        self.report(span, error.help(help));
    }

    fn membership(&mut self, value: &mut Expr, tests: &mut [Expr]) -> Type {
        let wanted = self.check(value);
        for test in tests {
            let ty = self.passing(&wanted, test);
            self.codes(&ty, value);
        }
        Type::Boolean
    }

    /// Checks a test that values of a type are put to; its type.
    fn passing(&mut self, wanted: &Type, test: &mut Expr) -> Type {
        let ordered = matches!(&test.kind, Kind::Test(comparison, _) if comparison.needs_order());
        let ty = self.test(test);
        if !admits(&ty, wanted) {
            let found = format!("a {wanted} tested by a {ty}");
            let expected = format!("a {wanted}, or a list or range of it");
            let error = Diagnostic::error("E205", found, expected);
            self.report(&test.span, error.help(help_to_compare(wanted, &ty)));
        } else if ordered && !(is_ordered(wanted) && is_ordered(&ty)) {
            let unordered = if is_ordered(wanted) { &ty } else { wanted };
            self.report(&test.span, in_an_order(unordered));
        } else {
            self.codes(wanted, test);
        }
        ty
    }

    fn conditional(&mut self, condition: &mut Expr, then: &mut Expr, otherwise: &mut Expr) -> Type {
        self.need(condition, &Type::Boolean);
        let (a, b) = (self.check(then), self.check(otherwise));
        if !a.fits(&b) {
            let error = Diagnostic::error(
                "E204",
                format!("a value of type {b}"),
                format!("{a}, as after `then`"),
            );
            self.report(&otherwise.span.clone(), error);
        }
        a.joined(b)
    }

    fn quantified(&mut self, bindings: &mut [(Arc<str>, Expr)], body: &mut Expr) -> Type {
        let outside = self.locals.len();
        for (name, domain) in bindings.iter_mut() {
            let ty = self.check(domain);
            let member = ty.member().unwrap_or_else(|| {
                let error =
                    Diagnostic::error("E204", format!("a value of type {ty}"), "a list or a set");
                self.report(&domain.span.clone(), error);
                Type::Any
            });
            self.locals.push((Arc::clone(name), member));
            if self.locals.len() > limits::QUANTIFIED_NAMES {
                let found = format!("{} names within one another", self.locals.len());
                let expected = format!("at most {}", limits::QUANTIFIED_NAMES);
                let error = Diagnostic::error("E405", found, expected);
                self.report(
                    &domain.span,
                    error.help("name the inner condition as a definition"),
                );
            }
        }
        self.need(body, &Type::Boolean);
        self.locals.truncate(outside);
        Type::Boolean
    }
}

fn constant_type(value: &Value) -> Type {
    match value {
        Value::Boolean(_) => Type::Boolean,
        Value::Number(_) => Type::NUMBER,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::Duration(_) => Type::Duration,
        _ => Type::Any,
    }
}

fn in_an_order(ty: &Type) -> Diagnostic {
    Diagnostic::error(
        "E205",
        format!("a {ty} in an order"),
        "numbers, dates, texts or durations",
    )
    .help("write `=`, `!=` or `in`")
}

/// What to write where values of two types are compared.
fn help_to_compare(a: &Type, b: &Type) -> String {
    match (a, b) {
        (Type::Date, Type::Text) | (Type::Text, Type::Date) => {
            "write days as date(\"2026-03-02\")".to_owned()
        }
        (Type::Duration, Type::Text) | (Type::Text, Type::Duration) => {
            "write spans of time as duration(\"P1Y\")".to_owned()
        }
        (Type::Set(_) | Type::List(_), Type::Text | Type::Code(_)) => {
            "write `list contains(set, code)`, or `some x in set satisfies x in (…)`".to_owned()
        }
        (Type::Code(_), Type::List(member)) if matches!(**member, Type::Set(_)) => {
            "write the groups in round brackets: `x in (group(\"…\"), group(\"…\"))`".to_owned()
        }
        (Type::Number(Some(_)), Type::Number(Some(_))) => {
            "no currency is converted: state the threshold in this unit".to_owned()
        }
        _ => "the engine compares values of one type and unit, and converts none".to_owned(),
    }
}

fn is_ordered(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Number(_) | Type::Date | Type::Text | Type::Duration | Type::Any
    )
}

/// Whether a list, range, set or value can hold or equal a value of a type.
fn admits(ty: &Type, wanted: &Type) -> bool {
    match ty {
        Type::List(member) => match member.as_ref() {
            Type::Range(bound) => bound.fits(wanted),
            member => member.fits(wanted) || ty.fits(wanted),
        },
        Type::Set(set) => Type::Code(Arc::clone(set)).fits(wanted) || ty.fits(wanted),
        Type::Range(bound) => bound.fits(wanted),
        other => other.fits(wanted),
    }
}

fn arithmetic(operator: Operator, a: &Type, b: &Type) -> Option<Type> {
    use Operator::{Add, Divide, Multiply, Subtract};
    match (operator, a, b) {
        (Add | Subtract, Type::Number(x), Type::Number(y)) if a.fits(b) => {
            Some(Type::Number(x.clone().or_else(|| y.clone())))
        }
        (Multiply | Divide, Type::Number(unit), Type::Number(None))
        | (Multiply, Type::Number(None), Type::Number(unit)) => Some(Type::Number(unit.clone())),
        (Divide, Type::Number(x), Type::Number(y)) if x == y => Some(Type::NUMBER),
        (Add, Type::Text, Type::Text) => Some(Type::Text),
        (Add | Subtract, Type::Duration, Type::Duration) | (Subtract, Type::Date, Type::Date) => {
            Some(Type::Duration)
        }
        (Add | Subtract, Type::Date, Type::Duration) | (Add, Type::Duration, Type::Date) => {
            Some(Type::Date)
        }
        (Multiply | Divide, Type::Duration, Type::Number(None))
        | (Multiply, Type::Number(None), Type::Duration) => Some(Type::Duration),
        (Divide, Type::Duration, Type::Duration) => Some(Type::NUMBER),
        (_, Type::Any, _) | (_, _, Type::Any) => Some(Type::Any),
        _ => None,
    }
}
