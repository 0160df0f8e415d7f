//! Evaluates a condition that has passed every check.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use super::ast::{Expr, Kind, Operator, Quantifier, Target};
use super::environment::{Environment, Problem};
use super::functions::Function;
use super::operations::{arithmetic, compare, date_of, equal, months_between, within};
use crate::facts::{Decimal, Duration, FactId, Truth, Value};
use crate::time::Date;

/// A quantifier's variable while its body is evaluated.
#[derive(Clone, Debug)]
pub(super) struct Local {
    /// The member that it stands for.
    pub(super) value: Value,
    /// Whether the member is certainly in the set that is ranged over.
    pub(super) certain: bool,
    /// The fact that the members come from, if they come straight from one.
    pub(super) origin: Option<FactId>,
}

/// Evaluates expressions in one environment.
pub(super) struct Evaluator<'e> {
    pub(super) environment: &'e dyn Environment,
    pub(super) locals: RefCell<Vec<Local>>,
}

impl<'e> Evaluator<'e> {
    pub(super) fn new(environment: &'e dyn Environment) -> Self {
        Self {
            environment,
            locals: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn truth(&self, expr: &Expr) -> Truth {
        self.value(expr).truth()
    }

    pub(super) fn value(&self, expr: &Expr) -> Value {
        match &expr.kind {
            Kind::Null | Kind::Field(..) | Kind::Range(..) | Kind::Test(..) => Value::Unknown,
            Kind::Constant(value) => value.clone(),
            Kind::Path(names, target) => self.path(names, target.get()),
            Kind::Call(function, arguments, pattern) => {
                if let (Function::Matches, Some(pattern), Some(text)) =
                    (function, pattern.get(), arguments.first())
                {
                    return Value::from(
                        self.value(text)
                            .as_text()
                            .map_or(Truth::Unknown, |text| Truth::from(pattern.is_match(text))),
                    );
                }
                self.call(*function, arguments)
            }
            Kind::List(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            Kind::Negate(operand) => self.negate(&self.value(operand)),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
            Kind::Compare(comparison, left, right) => {
                compare(*comparison, &self.lent(left), &self.lent(right)).into()
            }
            Kind::Between(value, low, high) => {
                use super::ast::Bracket::Closed;
                within(
                    &self.lent(value),
                    Closed,
                    &self.lent(low),
                    &self.lent(high),
                    Closed,
                )
                .into()
            }
            Kind::In(value, tests) => {
                let value = self.lent(value);
                Truth::any(tests.iter().map(|test| self.passes(&value, test))).into()
            }
            Kind::If(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Kind::Quantified(quantifier, bindings, body) => {
                self.quantified(*quantifier, bindings, body).into()
            }
        }
    }

    /// The value of an expression; a constant is not copied.
    fn lent<'x>(&self, expr: &'x Expr) -> Cow<'x, Value> {
        match &expr.kind {
            Kind::Constant(value) => Cow::Borrowed(value),
            _ => Cow::Owned(self.value(expr)),
        }
    }

    fn path(&self, names: &[Arc<str>], target: Option<&Target>) -> Value {
        let (root, used) = match target {
            Some(Target::Fact(id, used)) => (self.environment.fact(*id), *used),
            Some(Target::Local(at)) => (self.local(*at), 1),
            None => return Value::Unknown,
        };
        names
            .iter()
            .skip(used)
            .fold(root, |value, name| match value {
                Value::Record(record) => record.field(name),
                _ => Value::Unknown,
            })
    }

    fn local(&self, at: usize) -> Value {
        self.locals
            .borrow()
            .get(at)
            .map_or(Value::Unknown, |local| local.value.clone())
    }

    fn noted(&self, result: Result<Value, Problem>) -> Value {
        result.unwrap_or_else(|problem| {
            self.environment.problem(problem);
            Value::Unknown
        })
    }

    fn negate(&self, value: &Value) -> Value {
        match value {
            Value::Number(number) => Value::Number(number.negate()),
            Value::Duration(duration) => self.noted(
                duration
                    .negate()
                    .map(Value::Duration)
                    .ok_or(Problem::OutOfRange),
            ),
            _ => Value::Unknown,
        }
    }

    fn binary(&self, operator: Operator, left: &Expr, right: &Expr) -> Value {
        match operator {
            Operator::And => match self.truth(left) {
                Truth::False => Value::Boolean(false),
                left => left.and(self.truth(right)).into(),
            },
            Operator::Or => match self.truth(left) {
                Truth::True => Value::Boolean(true),
                left => left.or(self.truth(right)).into(),
            },
            _ => self.noted(arithmetic(operator, &self.value(left), &self.value(right))),
        }
    }

    /// Whether a value passes what stands after `in`, or in a decision table's cell.
    pub(super) fn passes(&self, value: &Value, test: &Expr) -> Truth {
        match &test.kind {
            Kind::Test(comparison, operand) => compare(*comparison, value, &self.lent(operand)),
            Kind::Range(open, low, high, close) => {
                within(value, *open, &self.lent(low), &self.lent(high), *close)
            }
            Kind::List(items) if is_plain(value) || items.iter().any(is_range_or_group) => {
                Truth::any(items.iter().map(|item| self.passes(value, item)))
            }
            Kind::Call(Function::Group, arguments, _) => {
                match (value.as_text(), text_of(arguments, 0)) {
                    (Some(country), Some(group)) => self.environment.group(country, group),
                    _ => Truth::Unknown,
                }
            }
            _ => holds(&self.lent(test), value),
        }
    }

    fn conditional(&self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Value {
        match self.truth(condition) {
            Truth::True => self.value(then),
            Truth::False => self.value(otherwise),
            Truth::Unknown => {
                let (then, otherwise) = (self.value(then), self.value(otherwise));
                if equal(&then, &otherwise) == Truth::True {
                    then
                } else {
                    Value::Unknown
                }
            }
        }
    }

    pub(super) fn quantified(
        &self,
        quantifier: Quantifier,
        bindings: &[(Arc<str>, Expr)],
        body: &Expr,
    ) -> Truth {
        let Some(((_, domain), rest)) = bindings.split_first() else {
            return self.truth(body);
        };
        let Some(members) = self.members(domain) else {
            return Truth::Unknown;
        };
        let values = members.into_iter().map(|local| {
            let certain = Truth::from(local.certain).or(Truth::Unknown);
            self.locals.borrow_mut().push(local);
            let value = self.quantified(quantifier, rest, body);
            self.locals.borrow_mut().pop();
            match quantifier {
                Quantifier::Some => value.and(certain),
                Quantifier::Every => value.or(!certain),
            }
        });
        match quantifier {
            Quantifier::Some => Truth::any(values),
            Quantifier::Every => Truth::all(values),
        }
    }

    /// The members of a list or set with whether each is certain; none if the whole is unknown.
    pub(super) fn members(&self, domain: &Expr) -> Option<Vec<Local>> {
        let origin = match &domain.kind {
            Kind::Path(_, target) => match target.get() {
                Some(Target::Fact(id, _)) => Some(*id),
                _ => None,
            },
            _ => None,
        };
        let local = |value, certain| Local {
            value,
            certain,
            origin,
        };
        match self.value(domain) {
            Value::List(items) => {
                Some(items.iter().map(|item| local(item.clone(), true)).collect())
            }
            Value::Set(set) => {
                let members = set
                    .members()
                    .map(|(code, certain)| local(Value::Text(Arc::clone(code)), certain));
                // A member that nobody named may be anything.
                Some(
                    members
                        .chain(set.open.then(|| local(Value::Unknown, false)))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> Value {
        let named = || text_of(arguments, 0).unwrap_or_default();
        match function {
            Function::Not => (!arguments
                .first()
                .map_or(Truth::Unknown, |argument| self.truth(argument)))
            .into(),
            Function::Param => self.environment.parameter(named()),
            Function::Define => self.environment.definition(named()),
            Function::Charted => self.environment.charted(named()).into(),
            Function::Indicator => match arguments.get(1).map(|country| self.value(country)) {
                Some(country) => country.as_text().map_or(Value::Unknown, |country| {
                    self.environment.indicator(named(), Some(country))
                }),
                None => self.environment.indicator(named(), None),
            },
            Function::Under => self.under(arguments).into(),
            Function::Listed => self.listed(arguments).into(),
            Function::Known => Value::Boolean(
                arguments
                    .first()
                    .is_some_and(|argument| self.value(argument).is_settled()),
            ),
            _ => {
                let values: Vec<Value> = arguments
                    .iter()
                    .map(|argument| self.value(argument))
                    .collect();
                self.noted(standard(function, &values))
            }
        }
    }

    fn under(&self, arguments: &[Expr]) -> Truth {
        let [entries, ancestors] = arguments else {
            return Truth::Unknown;
        };
        let ancestors = self.lent(ancestors);
        match self.value(entries) {
            Value::Set(set) => {
                let members = set.members().map(|(code, certain)| {
                    let certain = Truth::from(certain).or(Truth::Unknown);
                    self.is_under(code, &ancestors).and(certain)
                });
                Truth::any(members.chain(set.open.then_some(Truth::Unknown)))
            }
            Value::Text(code) => self.is_under(&code, &ancestors),
            _ => Truth::Unknown,
        }
    }

    /// Whether a code stands under an ancestor, or one of several.
    fn is_under(&self, code: &str, ancestors: &Value) -> Truth {
        match ancestors {
            Value::Text(ancestor) => Truth::from(self.environment.is_under(code, ancestor)),
            Value::List(several) => {
                let found = Truth::from(self.environment.is_under_any(code, several));
                let rest = several.iter().any(|one| one.as_text().is_none());
                found.or(Truth::from(rest).and(Truth::Unknown))
            }
            Value::Set(set) => set.any(|ancestor| self.environment.is_under(code, ancestor)),
            _ => Truth::Unknown,
        }
    }

    fn listed(&self, arguments: &[Expr]) -> Truth {
        match (
            arguments.first().map(|party| self.value(party)),
            text_of(arguments, 1),
        ) {
            (Some(Value::Record(party)), Some(list)) => self.environment.listed(&party, list),
            _ => Truth::Unknown,
        }
    }
}

/// Whether a value is known, and one and not several: then a list holds it or does not.
fn is_plain(value: &Value) -> bool {
    !matches!(
        value,
        Value::Unknown | Value::List(_) | Value::Set(_) | Value::Record(_)
    )
}

fn is_range_or_group(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Range(..) | Kind::Call(Function::Group, ..))
}

/// Whether a list or set holds a value, or equals it. The checker has seen to it that only a list
/// or a set is compared with a list or a set; which of the two an unknown value is, nobody knows.
fn holds(holder: &Value, value: &Value) -> Truth {
    let within = match (holder, value) {
        (Value::Set(set), Value::Text(code)) => return set.any(|member| member == code.as_ref()),
        (Value::List(items), _) => Truth::any(items.iter().map(|item| equal(item, value))),
        _ => Truth::False,
    };
    within.or(equal(holder, value))
}

fn text_of(arguments: &[Expr], at: usize) -> Option<&str> {
    arguments.get(at).and_then(Expr::constant_text)
}

/// FEEL's own functions of values.
fn standard(function: Function, values: &[Value]) -> Result<Value, Problem> {
    match (function, values) {
        (Function::All, [Value::List(items)]) => {
            Ok(Truth::all(items.iter().map(Value::truth)).into())
        }
        (Function::Any, [Value::List(items)]) => {
            Ok(Truth::any(items.iter().map(Value::truth)).into())
        }
        (Function::Count, [Value::List(items)]) => Ok(count(items.len())),
        (Function::Count, [Value::Set(set)]) if set.is_settled() => Ok(count(set.certain.len())),
        (Function::ListContains, [Value::List(items), value]) => {
            Ok(Truth::any(items.iter().map(|item| equal(item, value))).into())
        }
        (Function::ListContains, [Value::Set(set), Value::Text(code)]) => {
            Ok(set.any(|member| member == code.as_ref()).into())
        }
        (Function::ListContains, [Value::Set(set), _]) => {
            Ok(set.any(|_| true).and(Truth::Unknown).into())
        }
        (Function::Min | Function::Max | Function::Sum, values) => extreme(function, values),
        (_, values) if values.iter().any(Value::is_unknown) => Ok(Value::Unknown),
        (Function::Date, [Value::Text(text)]) => Date::parse(text)
            .map(Value::Date)
            .ok_or(Problem::NoSuchDate),
        (
            Function::Date,
            [
                Value::Number(year),
                Value::Number(month),
                Value::Number(day),
            ],
        ) => date_of(&[year.clone(), month.clone(), day.clone()])
            .map(Value::Date)
            .ok_or(Problem::NoSuchDate),
        (Function::Duration, [Value::Text(text)]) => Duration::parse(text)
            .map(Value::Duration)
            .ok_or(Problem::NoSuchDuration),
        (Function::YearsAndMonthsDuration, [Value::Date(from), Value::Date(to)]) => {
            months_between(*from, *to)
                .map(Value::Duration)
                .ok_or(Problem::OutOfRange)
        }
        (_, [Value::Text(text)]) => Ok(of_text(function, text)),
        (_, [Value::Text(text), Value::Text(part)]) => Ok(of_texts(function, text, part)),
        _ => numeric(function, values),
    }
}

fn count(length: usize) -> Value {
    i64::try_from(length).map_or(Value::Unknown, |length| {
        Value::Number(Decimal::from(length))
    })
}

fn of_text(function: Function, text: &str) -> Value {
    match function {
        Function::StringLength => count(text.chars().count()),
        Function::UpperCase => Value::normal(&text.to_uppercase()),
        Function::LowerCase => Value::normal(&text.to_lowercase()),
        _ => Value::Unknown,
    }
}

fn of_texts(function: Function, text: &str, part: &str) -> Value {
    match function {
        Function::Contains => Value::Boolean(text.contains(part)),
        Function::StartsWith => Value::Boolean(text.starts_with(part)),
        Function::EndsWith => Value::Boolean(text.ends_with(part)),
        Function::SubstringBefore => {
            Value::text(text.split_once(part).map_or("", |(before, _)| before))
        }
        Function::SubstringAfter => {
            Value::text(text.split_once(part).map_or("", |(_, after)| after))
        }
        _ => Value::Unknown,
    }
}

fn numeric(function: Function, values: &[Value]) -> Result<Value, Problem> {
    match (function, values) {
        (Function::Abs, [Value::Number(number)]) => Ok(Value::Number(number.abs())),
        (Function::Abs, [Value::Duration(duration)]) => duration
            .abs()
            .map(Value::Duration)
            .ok_or(Problem::OutOfRange),
        (Function::Floor, [Value::Number(number)]) => Ok(Value::Number(number.floor())),
        (Function::Ceiling, [Value::Number(number)]) => Ok(Value::Number(number.ceiling())),
        (Function::Modulo, [Value::Number(number), Value::Number(divisor)]) => number
            .modulo(divisor)
            .map(Value::Number)
            .ok_or(Problem::DivisionByZero),
        _ => Ok(Value::Unknown),
    }
}

/// `min`, `max` and `sum` of a list or of the arguments; of nothing, unknown.
fn extreme(function: Function, values: &[Value]) -> Result<Value, Problem> {
    let items = match values {
        [Value::List(items)] => items.as_ref(),
        values => values,
    };
    let Some((first, rest)) = items.split_first() else {
        return Ok(Value::Unknown);
    };
    rest.iter()
        .try_fold(first.clone(), |best, item| match function {
            Function::Sum => arithmetic(Operator::Add, &best, item),
            Function::Min => Ok(pick(&best, item, super::ast::Comparison::Less)),
            _ => Ok(pick(&best, item, super::ast::Comparison::Greater)),
        })
}

fn pick(best: &Value, item: &Value, comparison: super::ast::Comparison) -> Value {
    match compare(comparison, item, best) {
        Truth::True => item.clone(),
        Truth::False => best.clone(),
        Truth::Unknown => Value::Unknown,
    }
}
