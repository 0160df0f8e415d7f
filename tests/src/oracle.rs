//! A second evaluator, written from the tables of the language alone: slow, plain, and without a
//! line shared with the engine's.
//!
//! What a partly known set makes of a question is worked out by asking it of every set that the
//! truth may turn out to be.

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::condition::{
    Bracket, Comparison, Environment, Expr, Function, Kind, Operator, Quantifier, Target,
};
use catchall_engine::facts::{Decimal, Duration, PartSet, Value};

use crate::calendar;
use crate::exact::Exact;
use crate::world::World;

/// The value of an expression that has been compiled for the small world.
pub fn evaluate(expr: &Expr, world: &World) -> Value {
    Oracle {
        world,
        locals: Vec::new(),
    }
    .value(expr)
}

struct Oracle<'w> {
    world: &'w World,
    locals: Vec<Value>,
}

const UNKNOWN: Value = Value::Unknown;
const TRUE: Value = Value::Boolean(true);
const FALSE: Value = Value::Boolean(false);

/// The table of `and`.
fn and(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (&FALSE, _) | (_, &FALSE) => FALSE,
        (&TRUE, &TRUE) => TRUE,
        _ => UNKNOWN,
    }
}

/// The table of `or`.
fn or(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (&TRUE, _) | (_, &TRUE) => TRUE,
        (&FALSE, &FALSE) => FALSE,
        _ => UNKNOWN,
    }
}

/// The table of `not`.
fn not(a: &Value) -> Value {
    match a {
        Value::Boolean(value) => Value::Boolean(!value),
        _ => UNKNOWN,
    }
}

fn any(values: &[Value]) -> Value {
    values
        .iter()
        .fold(FALSE, |so_far, value| or(&so_far, value))
}

fn all(values: &[Value]) -> Value {
    values
        .iter()
        .fold(TRUE, |so_far, value| and(&so_far, value))
}

/// One answer if all are the same, else unknown.
fn agreed(answers: &[Value]) -> Value {
    match answers.split_first() {
        Some((first, rest)) if rest.iter().all(|answer| answer == first) => first.clone(),
        _ => UNKNOWN,
    }
}

/// Codes that an open set may turn out to hold, and one that nobody knows.
const OTHERS: [&str; 11] = [
    "4A005",
    "5A001",
    "5A001.f",
    "5A001.f.1",
    "5A001.j",
    "military",
    "repression",
    "wmd",
    "us.entity_list",
    "eu.financial_sanctions",
    "none of these",
];

/// Every set that a partly known set may turn out to be; of an open one, those with at most two
/// members that are named nowhere, for no condition asks about more.
fn completions(set: &PartSet) -> Vec<BTreeSet<Arc<str>>> {
    let mut sets = vec![set.certain.clone()];
    for code in &set.possible {
        sets = with_or_without(sets, code);
    }
    if set.open {
        let closed = sets.clone();
        for one in OTHERS {
            for other in OTHERS {
                let more = [one, other].map(Arc::from);
                sets.extend(
                    closed
                        .iter()
                        .map(|set| set.iter().chain(&more).cloned().collect()),
                );
            }
        }
        sets.sort();
        sets.dedup();
    }
    sets
}

fn with_or_without(sets: Vec<BTreeSet<Arc<str>>>, code: &Arc<str>) -> Vec<BTreeSet<Arc<str>>> {
    let with: Vec<BTreeSet<_>> = sets
        .iter()
        .map(|set| set.iter().chain([code]).cloned().collect())
        .collect();
    sets.into_iter().chain(with).collect()
}

fn of_every(set: &PartSet, ask: impl Fn(&BTreeSet<Arc<str>>) -> Value) -> Value {
    let answers: Vec<Value> = completions(set).iter().map(ask).collect();
    agreed(&answers)
}

fn number(text: Option<Exact>) -> Value {
    text.and_then(|number| Decimal::parse(&number.text()))
        .map_or(UNKNOWN, Value::Number)
}

fn exact(number: &Decimal) -> Exact {
    Exact::parse(&number.to_string()).unwrap_or_else(Exact::zero)
}

fn whole(value: usize) -> Value {
    number(Exact::parse(&value.to_string()))
}

fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(exact(a).compare(&exact(b))),
        (Value::Text(a), Value::Text(b)) => Some(a.chars().cmp(b.chars())),
        (Value::Date(a), Value::Date(b)) => Some(calendar::day(*a).cmp(&calendar::day(*b))),
        (Value::Duration(Duration::Months(a)), Value::Duration(Duration::Months(b))) => {
            Some(a.cmp(b))
        }
        (Value::Duration(Duration::Nanoseconds(a)), Value::Duration(Duration::Nanoseconds(b))) => {
            Some(a.cmp(b))
        }
        _ => None,
    }
}

fn compare(comparison: Comparison, a: &Value, b: &Value) -> Value {
    let holds = |told: fn(std::cmp::Ordering) -> bool| {
        order(a, b).map_or(UNKNOWN, |ordering| Value::Boolean(told(ordering)))
    };
    match comparison {
        Comparison::Equal => equal(a, b),
        Comparison::NotEqual => not(&equal(a, b)),
        Comparison::Less => holds(std::cmp::Ordering::is_lt),
        Comparison::LessOrEqual => holds(std::cmp::Ordering::is_le),
        Comparison::Greater => holds(std::cmp::Ordering::is_gt),
        Comparison::GreaterOrEqual => holds(std::cmp::Ordering::is_ge),
    }
}

fn equal(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Unknown, _) | (_, Value::Unknown) => UNKNOWN,
        (Value::Boolean(a), Value::Boolean(b)) => Value::Boolean(a == b),
        (Value::List(a), Value::List(b)) if a.len() != b.len() => FALSE,
        (Value::List(a), Value::List(b)) => {
            let pairs: Vec<Value> = a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)).collect();
            all(&pairs)
        }
        (Value::Set(a), Value::Set(b)) => of_every(a, |a| of_every(b, |b| Value::Boolean(a == b))),
        (Value::Set(set), Value::List(items)) | (Value::List(items), Value::Set(set)) => {
            let written: Option<BTreeSet<Arc<str>>> = items
                .iter()
                .map(|item| item.as_text().map(Arc::from))
                .collect();
            written.map_or(UNKNOWN, |written| {
                of_every(set, |set| Value::Boolean(*set == written))
            })
        }
        _ => order(a, b).map_or(UNKNOWN, |ordering| Value::Boolean(ordering.is_eq())),
    }
}

fn within(value: &Value, open: Bracket, low: &Value, high: &Value, close: Bracket) -> Value {
    let above = match open {
        Bracket::Closed => Comparison::GreaterOrEqual,
        Bracket::Open => Comparison::Greater,
    };
    let below = match close {
        Bracket::Closed => Comparison::LessOrEqual,
        Bracket::Open => Comparison::Less,
    };
    and(&compare(above, value, low), &compare(below, value, high))
}

impl Oracle<'_> {
    fn value(&mut self, expr: &Expr) -> Value {
        match &expr.kind {
            Kind::Constant(value) => value.clone(),
            Kind::Path(names, target) => self.path(names, target.get()),
            Kind::List(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            Kind::Negate(operand) => match self.value(operand) {
                Value::Number(operand) => number(Some(exact(&operand).negate())),
                Value::Duration(duration) => {
                    calendar::scaled(duration, &Exact::one().negate(), false)
                        .map_or(UNKNOWN, Value::Duration)
                }
                _ => UNKNOWN,
            },
            Kind::Binary(operator, left, right) => {
                let (left, right) = (self.value(left), self.value(right));
                match operator {
                    Operator::And => and(&left, &right),
                    Operator::Or => or(&left, &right),
                    operator => arithmetic(*operator, &left, &right),
                }
            }
            Kind::Compare(comparison, left, right) => {
                compare(*comparison, &self.value(left), &self.value(right))
            }
            Kind::Between(value, low, high) => {
                let (value, low, high) = (self.value(value), self.value(low), self.value(high));
                within(&value, Bracket::Closed, &low, &high, Bracket::Closed)
            }
            Kind::In(value, tests) => {
                let value = self.value(value);
                let passes: Vec<Value> =
                    tests.iter().map(|test| self.passes(&value, test)).collect();
                any(&passes)
            }
            Kind::If(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Kind::Quantified(quantifier, bindings, body) => {
                self.quantified(*quantifier, bindings, body)
            }
            Kind::Call(function, arguments, _) => self.call(*function, arguments),
            _ => UNKNOWN,
        }
    }

    fn path(&self, names: &[Arc<str>], target: Option<&Target>) -> Value {
        let (mut value, used) = match target {
            Some(Target::Fact(fact, used)) => (self.world.fact(*fact), *used),
            Some(Target::Local(at)) => (self.locals.get(*at).cloned().unwrap_or(UNKNOWN), 1),
            None => return UNKNOWN,
        };
        for name in names.iter().skip(used) {
            value = match &value {
                Value::Record(record) => record
                    .fields
                    .iter()
                    .find(|(known, _)| known == name)
                    .map_or(UNKNOWN, |(_, value)| value.clone()),
                _ => UNKNOWN,
            };
        }
        value
    }

    fn passes(&mut self, value: &Value, test: &Expr) -> Value {
        match &test.kind {
            Kind::Test(comparison, operand) => {
                let operand = self.value(operand);
                compare(*comparison, value, &operand)
            }
            Kind::Range(open, low, high, close) => {
                let (low, high) = (self.value(low), self.value(high));
                within(value, *open, &low, &high, *close)
            }
            Kind::Call(Function::Group, arguments, _) => match (value.as_text(), name(arguments)) {
                (Some(country), Some(group)) => self.world.group(country, group).into(),
                _ => UNKNOWN,
            },
            Kind::List(items)
                if matches!(value, Value::Text(_) | Value::Number(_) | Value::Date(_)) =>
            {
                let passes: Vec<Value> =
                    items.iter().map(|item| self.passes(value, item)).collect();
                any(&passes)
            }
            _ => {
                let holder = self.value(test);
                holds(&holder, value)
            }
        }
    }

    fn conditional(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Value {
        let condition = self.value(condition);
        let (then, otherwise) = (self.value(then), self.value(otherwise));
        match condition {
            TRUE => then,
            FALSE => otherwise,
            _ if equal(&then, &otherwise) == TRUE => then,
            _ => UNKNOWN,
        }
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        bindings: &[(Arc<str>, Expr)],
        body: &Expr,
    ) -> Value {
        let Some(((_, domain), rest)) = bindings.split_first() else {
            return self.value(body);
        };
        let joined = |values: &[Value]| match quantifier {
            Quantifier::Some => any(values),
            Quantifier::Every => all(values),
        };
        match self.value(domain) {
            Value::List(items) => {
                let values: Vec<Value> = items
                    .iter()
                    .map(|item| self.of_member(item.clone(), quantifier, rest, body))
                    .collect();
                joined(&values)
            }
            Value::Set(set) => {
                let mut answers = Vec::new();
                for set in completions(&set) {
                    let values: Vec<Value> = set
                        .into_iter()
                        .map(|code| self.of_member(Value::Text(code), quantifier, rest, body))
                        .collect();
                    answers.push(joined(&values));
                }
                agreed(&answers)
            }
            _ => UNKNOWN,
        }
    }

    fn of_member(
        &mut self,
        member: Value,
        quantifier: Quantifier,
        rest: &[(Arc<str>, Expr)],
        body: &Expr,
    ) -> Value {
        self.locals.push(member);
        let value = self.quantified(quantifier, rest, body);
        self.locals.pop();
        value
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> Value {
        let named = name(arguments).unwrap_or_default().to_owned();
        match function {
            Function::Param => return self.world.parameter(&named),
            Function::Define => return self.world.definition(&named),
            Function::Charted => return self.world.charted(&named).into(),
            Function::Matches => {
                let text = arguments.first().map_or(UNKNOWN, |text| self.value(text));
                let pattern = arguments.get(1).and_then(Expr::constant_text);
                return matched(&text, pattern.unwrap_or_default());
            }
            Function::Under => {
                let entries = arguments.first().map_or(UNKNOWN, |set| self.value(set));
                let ancestors = arguments.get(1).map_or(UNKNOWN, |above| self.value(above));
                return under(&entries, &ancestors);
            }
            Function::Indicator if arguments.len() == 1 => {
                return self.world.indicator(&named, None);
            }
            _ => {}
        }
        let values: Vec<Value> = arguments
            .iter()
            .map(|argument| self.value(argument))
            .collect();
        match (function, values.as_slice()) {
            (Function::Known, [value]) => Value::Boolean(fully_known(value)),
            (Function::Indicator, [_, Value::Text(country)]) => {
                self.world.indicator(&named, Some(country))
            }
            (Function::Listed, [Value::Record(party), Value::Text(list)]) => {
                match party.field("listed_on") {
                    Value::Set(lists) => {
                        of_every(&lists, |lists| Value::Boolean(lists.contains(list)))
                    }
                    _ => UNKNOWN,
                }
            }
            (function, values) => of_values(function, values),
        }
    }
}

fn name(arguments: &[Expr]) -> Option<&str> {
    arguments.first().and_then(Expr::constant_text)
}

/// Whether a list or set holds a value, or equals it. Nothing is said of an unknown value.
fn holds(holder: &Value, value: &Value) -> Value {
    match (holder, value) {
        (_, Value::Unknown) | (Value::Unknown, _) => UNKNOWN,
        (Value::Set(set), Value::Text(code)) => {
            of_every(set, |set| Value::Boolean(set.contains(code)))
        }
        (Value::List(items), Value::Text(_) | Value::Number(_) | Value::Date(_)) => {
            let equals: Vec<Value> = items.iter().map(|item| equal(item, value)).collect();
            any(&equals)
        }
        _ => equal(holder, value),
    }
}

fn fully_known(value: &Value) -> bool {
    match value {
        Value::Unknown => false,
        Value::List(items) => items.iter().all(fully_known),
        Value::Set(set) => set.possible.is_empty(),
        Value::Record(record) => record.fields.iter().all(|(_, value)| fully_known(value)),
        _ => true,
    }
}

/// The patterns of the generator: a plain text, or one that must stand at the start.
fn matched(text: &Value, pattern: &str) -> Value {
    match (text, pattern.strip_prefix('^')) {
        (Value::Text(text), Some(start)) => Value::Boolean(text.starts_with(start)),
        (Value::Text(text), None) => Value::Boolean(text.contains(pattern)),
        _ => UNKNOWN,
    }
}

/// An entry stands under another if the other's text, up to a stop, is where its own begins.
fn stands_under(code: &str, ancestor: &Value) -> Value {
    match ancestor {
        Value::Text(ancestor) => {
            let rest = code.strip_prefix(ancestor.as_ref());
            Value::Boolean(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        }
        Value::List(several) => {
            let each: Vec<Value> = several.iter().map(|one| stands_under(code, one)).collect();
            any(&each)
        }
        _ => UNKNOWN,
    }
}

fn under(entries: &Value, ancestors: &Value) -> Value {
    match entries {
        Value::Set(set) => of_every(set, |set| {
            let each: Vec<Value> = set
                .iter()
                .map(|code| stands_under(code, ancestors))
                .collect();
            any(&each)
        }),
        _ => UNKNOWN,
    }
}

fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (exact(a), exact(b));
            number(match operator {
                Operator::Add => a.add(&b),
                Operator::Subtract => a.subtract(&b),
                Operator::Multiply => a.multiply(&b),
                _ => a.divide(&b),
            })
        }
        (Value::Text(a), Value::Text(b)) => Value::normal(&format!("{a}{b}")),
        _ => calendar::arithmetic(operator, left, right).unwrap_or(UNKNOWN),
    }
}

fn of_values(function: Function, values: &[Value]) -> Value {
    match (function, values) {
        (Function::Not, [value]) => not(value),
        (Function::All, [Value::List(items)]) => all(items),
        (Function::Any, [Value::List(items)]) => any(items),
        (Function::Count, [Value::List(items)]) => whole(items.len()),
        (Function::Count, [Value::Set(set)]) => of_every(set, |set| whole(set.len())),
        (Function::ListContains, [Value::List(items), value]) => {
            let equals: Vec<Value> = items.iter().map(|item| equal(item, value)).collect();
            any(&equals)
        }
        (Function::ListContains, [Value::Set(set), Value::Text(code)]) => {
            of_every(set, |set| Value::Boolean(set.contains(code)))
        }
        (Function::Min | Function::Max | Function::Sum, [Value::List(items)]) => {
            extreme(function, items)
        }
        (Function::Min | Function::Max | Function::Sum, values) => extreme(function, values),
        (_, values) if values.contains(&UNKNOWN) => UNKNOWN,
        (Function::Abs, [Value::Number(a)]) if a.is_negative() => number(Some(exact(a).negate())),
        (Function::Abs, [Value::Number(a)]) => Value::Number(a.clone()),
        (Function::Floor, [Value::Number(a)]) => number(Some(exact(a).floor())),
        (Function::Ceiling, [Value::Number(a)]) => number(Some(exact(a).negate().floor().negate())),
        (Function::Modulo, [Value::Number(a), Value::Number(b)]) => {
            number(exact(a).modulo(&exact(b)))
        }
        (_, [Value::Text(text)]) => of_text(function, text),
        (_, [Value::Text(text), Value::Text(part)]) => of_texts(function, text, part),
        _ => calendar::call(function, values).unwrap_or(UNKNOWN),
    }
}

/// The greatest, least or sum of values; unknown of none, or where one of several is unknown.
fn extreme(function: Function, items: &[Value]) -> Value {
    let Some((first, rest)) = items.split_first() else {
        return UNKNOWN;
    };
    rest.iter()
        .fold(first.clone(), |best, item| match function {
            Function::Sum => arithmetic(Operator::Add, &best, item),
            Function::Min => chosen(&compare(Comparison::Less, item, &best), item, &best),
            _ => chosen(&compare(Comparison::Greater, item, &best), item, &best),
        })
}

fn chosen(condition: &Value, then: &Value, otherwise: &Value) -> Value {
    match *condition {
        TRUE => then.clone(),
        FALSE => otherwise.clone(),
        _ => UNKNOWN,
    }
}

fn of_text(function: Function, text: &str) -> Value {
    match function {
        Function::StringLength => whole(text.chars().count()),
        Function::UpperCase => Value::normal(
            &text
                .chars()
                .flat_map(char::to_uppercase)
                .collect::<String>(),
        ),
        Function::LowerCase => Value::normal(&text.to_lowercase()),
        Function::Date => calendar::read(text).map_or(UNKNOWN, Value::Date),
        Function::Duration => Duration::parse(text).map_or(UNKNOWN, Value::Duration),
        _ => UNKNOWN,
    }
}

fn of_texts(function: Function, text: &str, part: &str) -> Value {
    let found = text.find(part);
    match (function, found) {
        (Function::Contains, found) => Value::Boolean(found.is_some()),
        (Function::StartsWith, found) => Value::Boolean(found == Some(0)),
        (Function::EndsWith, _) => Value::Boolean(text.ends_with(part)),
        (Function::SubstringBefore, Some(at)) => Value::text(text.get(..at).unwrap_or_default()),
        (Function::SubstringAfter, Some(at)) => {
            let after = at.saturating_add(part.len());
            Value::text(text.get(after..).unwrap_or_default())
        }
        (Function::SubstringBefore | Function::SubstringAfter, None) => Value::text(""),
        _ => UNKNOWN,
    }
}
