//! Days and spans of time, counted a second time: days since 1970 by plain arithmetic.

use catchall_engine::condition::{Function, Operator};
use catchall_engine::facts::{Decimal, Duration, Value};
use catchall_engine::time::Date;

use crate::exact::Exact;

const DAY: i128 = 86_400_000_000_000;

fn leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn length_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn parts(date: Date) -> (i64, i64, i64) {
    let civil = date.civil();
    (
        i64::from(civil.year()),
        i64::from(civil.month()),
        i64::from(civil.day()),
    )
}

fn build(year: i64, month: i64, day: i64) -> Option<Date> {
    let in_bounds = (-9999..=9999).contains(&year) && (1..=12).contains(&month);
    if !in_bounds || day < 1 || day > length_of_month(year, month) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "years stay within five digits"
)]
fn days_before(year: i64) -> i64 {
    let whole = year - 1;
    whole * 365 + whole.div_euclid(4) - whole.div_euclid(100) + whole.div_euclid(400)
}

/// A day's number, counted from the first of January of the year 1.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "years stay within five digits"
)]
pub(crate) fn day(date: Date) -> i64 {
    let (year, month, day) = parts(date);
    let months: i64 = (1..month).map(|month| length_of_month(year, month)).sum();
    days_before(year) + months + day - 1
}

/// The day of a number.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "years stay within five digits"
)]
fn date(number: i64) -> Option<Date> {
    let mut year = number.div_euclid(366) + 1;
    while days_before(year + 1) <= number {
        year += 1;
    }
    let mut rest = number - days_before(year);
    let mut month = 1;
    while rest >= length_of_month(year, month) {
        rest -= length_of_month(year, month);
        month += 1;
    }
    build(year, month, rest + 1)
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn read(text: &str) -> Option<Date> {
    let [year, month, day] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
    let digits = |text: &str, length: usize| {
        let good = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| text.parse().ok()).flatten()
    };
    build(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

fn later(from: Date, span: Duration) -> Option<Date> {
    match span {
        Duration::Months(months) => {
            let (year, month, day) = parts(from);
            let count = year
                .checked_mul(12)?
                .checked_add(month)?
                .checked_add(months)?;
            let count = count.checked_sub(1)?;
            let (year, month) = (count.div_euclid(12), count.rem_euclid(12).checked_add(1)?);
            build(year, month, day.min(length_of_month(year, month)))
        }
        Duration::Nanoseconds(nanos) => {
            let days = i64::try_from(nanos.div_euclid(DAY)).ok()?;
            let number = day(from).checked_add(days)?;
            let in_bounds =
                (day(build(-9999, 1, 1)?)..=day(build(9999, 12, 31)?)).contains(&number);
            if in_bounds { date(number) } else { None }
        }
    }
}

/// A span times a number, or divided by it; what is less than a month or a nanosecond is cut off.
pub(crate) fn scaled(span: Duration, factor: &Exact, divided: bool) -> Option<Duration> {
    let amount = match span {
        Duration::Months(months) => i128::from(months),
        Duration::Nanoseconds(nanos) => nanos,
    };
    let amount = Exact::parse(&amount.to_string())?;
    let changed = if divided {
        amount.divide(factor)?
    } else {
        amount.multiply(factor)?
    };
    let cut = Decimal::parse(&changed.text())?.truncated()?;
    match span {
        Duration::Months(_) => i64::try_from(cut).ok().map(Duration::Months),
        Duration::Nanoseconds(_) => Some(Duration::Nanoseconds(cut)),
    }
}

fn sum(a: Duration, b: Duration) -> Option<Duration> {
    match (a, b) {
        (Duration::Months(a), Duration::Months(b)) => a.checked_add(b).map(Duration::Months),
        (Duration::Nanoseconds(a), Duration::Nanoseconds(b)) => {
            a.checked_add(b).map(Duration::Nanoseconds)
        }
        _ => None,
    }
}

fn backwards(span: Duration) -> Option<Duration> {
    scaled(span, &Exact::one().negate(), false)
}

/// What an operator makes of days and spans; none where it makes nothing.
pub(crate) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Option<Value> {
    use Operator::{Add, Divide, Multiply, Subtract};
    match (operator, left, right) {
        (Add, Value::Date(date), Value::Duration(span))
        | (Add, Value::Duration(span), Value::Date(date)) => later(*date, *span).map(Value::Date),
        (Subtract, Value::Date(date), Value::Duration(span)) => {
            later(*date, backwards(*span)?).map(Value::Date)
        }
        (Subtract, Value::Date(a), Value::Date(b)) => {
            let days = day(*a).checked_sub(day(*b))?;
            let nanos = i128::from(days).checked_mul(DAY)?;
            Some(Value::Duration(Duration::Nanoseconds(nanos)))
        }
        (Add, Value::Duration(a), Value::Duration(b)) => sum(*a, *b).map(Value::Duration),
        (Subtract, Value::Duration(a), Value::Duration(b)) => {
            sum(*a, backwards(*b)?).map(Value::Duration)
        }
        (Multiply, Value::Duration(span), Value::Number(factor))
        | (Multiply, Value::Number(factor), Value::Duration(span)) => {
            scaled(*span, &Exact::parse(&factor.to_string())?, false).map(Value::Duration)
        }
        (Divide, Value::Duration(span), Value::Number(factor)) => {
            scaled(*span, &Exact::parse(&factor.to_string())?, true).map(Value::Duration)
        }
        _ => None,
    }
}

/// What a function makes of days and spans; none where it makes nothing.
pub(crate) fn call(function: Function, values: &[Value]) -> Option<Value> {
    match (function, values) {
        (
            Function::Date,
            [
                Value::Number(year),
                Value::Number(month),
                Value::Number(day),
            ],
        ) => {
            let parts = (year.to_integer()?, month.to_integer()?, day.to_integer()?);
            build(parts.0, parts.1, parts.2).map(Value::Date)
        }
        (Function::YearsAndMonthsDuration, [Value::Date(from), Value::Date(to)]) => {
            Some(Value::Duration(Duration::Months(whole_months(*from, *to)?)))
        }
        (Function::Abs, [Value::Duration(span)]) => {
            let backwards = backwards(*span)?;
            let longer = match (*span, backwards) {
                (Duration::Months(a), Duration::Months(b)) => a >= b,
                (Duration::Nanoseconds(a), Duration::Nanoseconds(b)) => a >= b,
                _ => return None,
            };
            Some(Value::Duration(if longer { *span } else { backwards }))
        }
        _ => None,
    }
}

/// Months from one day to another that have gone by in full.
fn whole_months(from: Date, to: Date) -> Option<i64> {
    if day(from) > day(to) {
        return whole_months(to, from)?.checked_neg();
    }
    let ((y1, m1, d1), (y2, m2, d2)) = (parts(from), parts(to));
    let years = y2.checked_sub(y1)?.checked_mul(12)?;
    let months = years.checked_add(m2)?.checked_sub(m1)?;
    if d2 < d1 {
        months.checked_sub(1)
    } else {
        Some(months)
    }
}
