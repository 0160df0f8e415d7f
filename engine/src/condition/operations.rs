//! Comparison and arithmetic of values, three-valued.

use std::cmp::Ordering;

use jiff::{SignedDuration, Span};

use super::ast::{Bracket, Comparison, Operator};
use super::environment::Problem;
use crate::facts::{Decimal, Duration, PartSet, Truth, Value};
use crate::limits;
use crate::time::Date;

/// Whether a comparison holds between two values.
pub fn compare(comparison: Comparison, left: &Value, right: &Value) -> Truth {
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => !equal(left, right),
        Comparison::Less => ordered(left, right, Ordering::is_lt),
        Comparison::LessOrEqual => ordered(left, right, Ordering::is_le),
        Comparison::Greater => ordered(left, right, Ordering::is_gt),
        Comparison::GreaterOrEqual => ordered(left, right, Ordering::is_ge),
    }
}

fn ordered(left: &Value, right: &Value, holds: impl Fn(Ordering) -> bool) -> Truth {
    order(left, right).map_or(Truth::Unknown, |ordering| Truth::from(holds(ordering)))
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => Some(a.compare(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => a.compare(*b),
        _ => None,
    }
}

/// Whether two values are the same; unknown where something that would decide is.
pub(super) fn equal(left: &Value, right: &Value) -> Truth {
    match (left, right) {
        (Value::Boolean(a), Value::Boolean(b)) => Truth::from(a == b),
        (Value::List(a), Value::List(b)) => {
            if a.len() == b.len() {
                Truth::all(a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)))
            } else {
                Truth::False
            }
        }
        (Value::Set(a), Value::Set(b)) => same_set(a, b),
        (Value::Set(set), Value::List(items)) | (Value::List(items), Value::Set(set)) => {
            as_set(items).map_or(Truth::Unknown, |other| same_set(set, &other))
        }
        (Value::Record(a), Value::Record(b)) => Truth::from(a.index == b.index),
        (Value::Unknown, _) | (_, Value::Unknown) => Truth::Unknown,
        _ if std::mem::discriminant(left) != std::mem::discriminant(right) => Truth::False,
        _ => order(left, right).map_or(Truth::Unknown, |ordering| Truth::from(ordering.is_eq())),
    }
}

fn as_set(items: &[Value]) -> Option<PartSet> {
    let codes: Option<_> = items
        .iter()
        .map(|item| item.as_text().map(std::sync::Arc::from))
        .collect();
    Some(PartSet::known(codes?))
}

fn same_set(a: &PartSet, b: &PartSet) -> Truth {
    let lacks = |a: &PartSet, b: &PartSet| {
        !b.open
            && a.certain
                .iter()
                .any(|code| !b.certain.contains(code) && !b.possible.contains(code))
    };
    if lacks(a, b) || lacks(b, a) {
        Truth::False
    } else if a.is_settled() && b.is_settled() {
        Truth::True
    } else {
        Truth::Unknown
    }
}

/// Whether a value lies in a range.
pub(super) fn within(
    value: &Value,
    open: Bracket,
    low: &Value,
    high: &Value,
    close: Bracket,
) -> Truth {
    let above = if open == Bracket::Closed {
        Comparison::GreaterOrEqual
    } else {
        Comparison::Greater
    };
    let below = if close == Bracket::Closed {
        Comparison::LessOrEqual
    } else {
        Comparison::Less
    };
    compare(above, value, low).and(compare(below, value, high))
}

/// The result of arithmetic; unknown with a problem where the data allow none.
pub(super) fn arithmetic(
    operator: Operator,
    left: &Value,
    right: &Value,
) -> Result<Value, Problem> {
    use Operator::{Add, Divide, Multiply, Subtract};
    let value = match (operator, left, right) {
        (_, Value::Unknown, _) | (_, _, Value::Unknown) => return Ok(Value::Unknown),
        (Divide, _, Value::Number(zero)) if *zero == Decimal::zero() => {
            return Err(Problem::DivisionByZero);
        }
        (Add, Value::Number(a), Value::Number(b)) => a.add(b).map(Value::Number),
        (Subtract, Value::Number(a), Value::Number(b)) => a.subtract(b).map(Value::Number),
        (Multiply, Value::Number(a), Value::Number(b)) => a.multiply(b).map(Value::Number),
        (Divide, Value::Number(a), Value::Number(b)) => a.divide(b).map(Value::Number),
        (Add, Value::Text(a), Value::Text(b)) => joined(a, b),
        (Add, Value::Date(date), Value::Duration(duration))
        | (Add, Value::Duration(duration), Value::Date(date)) => {
            shift(*date, *duration).map(Value::Date)
        }
        (Subtract, Value::Date(date), Value::Duration(duration)) => duration
            .negate()
            .and_then(|duration| shift(*date, duration))
            .map(Value::Date),
        (Subtract, Value::Date(a), Value::Date(b)) => Some(days_between(*a, *b)),
        _ => return durations(operator, left, right),
    };
    value.ok_or(Problem::OutOfRange)
}

/// Two texts as one, if it is not too long: a condition may not fill the memory.
fn joined(a: &str, b: &str) -> Option<Value> {
    let length = a.len().saturating_add(b.len());
    (length <= limits::JOINED_BYTES).then(|| Value::normal(&format!("{a}{b}")))
}

fn durations(operator: Operator, left: &Value, right: &Value) -> Result<Value, Problem> {
    use Operator::{Add, Divide, Multiply, Subtract};
    let value = match (operator, left, right) {
        (Add, Value::Duration(a), Value::Duration(b)) => a.plus(*b).map(Value::Duration),
        (Subtract, Value::Duration(a), Value::Duration(b)) => {
            b.negate().and_then(|b| a.plus(b)).map(Value::Duration)
        }
        (Multiply, Value::Duration(duration), Value::Number(factor))
        | (Multiply, Value::Number(factor), Value::Duration(duration)) => {
            duration.times(factor).map(Value::Duration)
        }
        (Divide, Value::Duration(duration), Value::Number(divisor)) => {
            duration.divided(divisor).map(Value::Duration)
        }
        (Divide, Value::Duration(_), Value::Duration(b)) if b.is_zero() => {
            return Err(Problem::DivisionByZero);
        }
        (Divide, Value::Duration(a), Value::Duration(b)) => a.ratio(*b).map(Value::Number),
        _ => Some(Value::Unknown),
    };
    value.ok_or(Problem::OutOfRange)
}

/// The day a duration later; times of day are cut down to the day on which they fall.
fn shift(date: Date, duration: Duration) -> Option<Date> {
    const DAY: i128 = 86_400_000_000_000;
    let span = match duration {
        Duration::Months(months) => Span::new().try_months(months).ok()?,
        Duration::Nanoseconds(nanos) => Span::new()
            .try_days(i64::try_from(nanos.div_euclid(DAY)).ok()?)
            .ok()?,
    };
    date.civil().checked_add(span).ok().map(Date::from)
}

fn days_between(later: Date, earlier: Date) -> Value {
    let between: SignedDuration = later.civil().duration_since(earlier.civil());
    Value::Duration(Duration::Nanoseconds(between.as_nanos()))
}

/// Whole months between two days, as FEEL's `years and months duration` counts them.
pub(super) fn months_between(from: Date, to: Date) -> Option<Duration> {
    let span = from.civil().until((jiff::Unit::Month, to.civil())).ok()?;
    Some(Duration::Months(i64::from(span.get_months())))
}

/// The day of a year, a month and a day given as numbers.
pub(super) fn date_of(numbers: &[Decimal]) -> Option<Date> {
    let [year, month, day] = numbers else {
        return None;
    };
    let whole = |number: &Decimal| number.to_integer();
    Date::new(
        i16::try_from(whole(year)?).ok()?,
        i8::try_from(whole(month)?).ok()?,
        i8::try_from(whole(day)?).ok()?,
    )
}
