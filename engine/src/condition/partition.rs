//! One value for each class into which constants split the values of a type.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::facts::{CodeSet, Decimal, Duration, Type, Value};
use crate::time::Date;

/// Text that equals no constant anybody writes, for the class of all other texts.
const OTHER: &str = "\u{2026}";

/// A value of each class of a type that comparisons with the constants can tell apart.
///
/// `10000` splits numbers into three: less, equal, more; so it is with days, spans of time and
/// texts. For a code, which has no order, each constant is a class and one code beside them stands
/// for the rest, if there is one. Where nothing is compared there is one class. Lists and records
/// have none here.
pub fn representatives(ty: &Type, constants: &[Value], codes: Option<&CodeSet>) -> Vec<Value> {
    match ty {
        Type::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        Type::Number(_) => numbers(constants),
        Type::Date => dates(constants),
        Type::Duration => durations(constants),
        Type::Text => texts(constants),
        Type::Code(_) => codes_of(constants, codes),
        Type::Set(_) => sets(constants, codes),
        _ => Vec::new(),
    }
}

/// The constants of one kind, each once and in order.
fn sorted<T: Ord>(constants: &[Value], pick: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let points: BTreeSet<T> = constants.iter().filter_map(pick).collect();
    points.into_iter().collect()
}

fn numbers(constants: &[Value]) -> Vec<Value> {
    let points = sorted(constants, |value| match value {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    });
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return vec![Value::Number(Decimal::zero())];
    };
    let middles = points.iter().zip(points.iter().skip(1));
    let middles = middles.filter_map(|(low, high)| {
        let middle = low.add(high)?.divide(&Decimal::from(2_i64))?;
        (*low < middle && middle < *high).then_some(middle)
    });
    let mut values: Vec<Decimal> = middles.collect();
    values.extend(beyond(first, &Decimal::from(-1_i64)));
    values.extend(beyond(last, &Decimal::from(1_i64)));
    values.extend(points);
    values.sort();
    values.into_iter().map(Value::Number).collect()
}

/// A number past the outermost constant: one away, or farther where one is lost in rounding.
fn beyond(point: &Decimal, step: &Decimal) -> Option<Decimal> {
    let next = point.add(step)?;
    if next == *point {
        point.add(&point.abs().multiply(step)?)
    } else {
        Some(next)
    }
}

fn dates(constants: &[Value]) -> Vec<Value> {
    let days = sorted(constants, |value| match value {
        Value::Date(date) => Some(*date),
        _ => None,
    });
    let days = if days.is_empty() {
        Date::new(2000, 1, 1).into_iter().collect()
    } else {
        days
    };
    let around = days.iter().flat_map(|date| {
        let tomorrow = date.civil().tomorrow().ok().map(Date::from);
        [date.yesterday(), Some(*date), tomorrow]
    });
    let around: BTreeSet<Date> = around.flatten().collect();
    around.into_iter().map(Value::Date).collect()
}

fn durations(constants: &[Value]) -> Vec<Value> {
    let months = sorted(constants, |value| match value {
        Value::Duration(Duration::Months(months)) => Some(*months),
        _ => None,
    });
    let nanos = sorted(constants, |value| match value {
        Value::Duration(Duration::Nanoseconds(nanos)) => Some(*nanos),
        _ => None,
    });
    let months = months
        .iter()
        .flat_map(|point| [point.checked_sub(1), Some(*point), point.checked_add(1)]);
    let nanos = nanos
        .iter()
        .flat_map(|point| [point.checked_sub(1), Some(*point), point.checked_add(1)]);
    let months: BTreeSet<i64> = months.flatten().collect();
    let nanos: BTreeSet<i128> = nanos.flatten().collect();
    let none = (months.is_empty() && nanos.is_empty()).then_some(Duration::Months(0));
    months
        .into_iter()
        .map(Duration::Months)
        .chain(nanos.into_iter().map(Duration::Nanoseconds))
        .chain(none)
        .map(Value::Duration)
        .collect()
}

fn texts(constants: &[Value]) -> Vec<Value> {
    let points = sorted(constants, |value| value.as_text().map(str::to_owned));
    if points.is_empty() {
        return vec![Value::text(OTHER)];
    }
    let mut values = BTreeSet::from([String::new()]);
    for (at, point) in points.iter().enumerate() {
        let readable = format!("{point}{OTHER}");
        let next = points.get(at.saturating_add(1));
        values.insert(if next.is_none_or(|next| readable < *next) {
            readable
        } else {
            format!("{point}\u{0}")
        });
    }
    values.extend(points);
    values.iter().map(|text| Value::text(text)).collect()
}

fn codes_of(constants: &[Value], codes: Option<&CodeSet>) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for constant in constants
        .iter()
        .filter(|value| matches!(value, Value::Text(_)))
    {
        if !values.contains(constant) {
            values.push(constant.clone());
        }
    }
    let other = match codes {
        Some(codes) if !codes.values.is_empty() => codes
            .values
            .keys()
            .map(|code| Value::Text(Arc::clone(code)))
            .find(|code| !values.contains(code)),
        _ => Some(Value::text(OTHER)),
    };
    values.extend(other);
    values
}

/// Sets of one code each, the sets that are written out, and the empty one.
fn sets(constants: &[Value], codes: Option<&CodeSet>) -> Vec<Value> {
    let written = constants.iter().filter_map(|value| match value {
        Value::List(items) => Some(Value::set(items.iter().filter_map(Value::as_text))),
        _ => None,
    });
    let single = codes_of(constants, codes);
    let single = single
        .iter()
        .filter_map(|value| value.as_text().map(|code| Value::set([code])));
    let mut values: Vec<Value> = Vec::new();
    for value in single.chain(written).chain([Value::set([])]) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::representatives;
    use crate::facts::{Decimal, Type, Value};

    #[test]
    fn a_threshold_splits_numbers_in_three_however_large() {
        for point in ["10000", "1e40", "-1e40", "0"] {
            let point = Value::Number(Decimal::parse(point).unwrap());
            let found = representatives(&Type::NUMBER, std::slice::from_ref(&point), None);
            assert_eq!(found.len(), 3, "{point}");
            assert_eq!(found.get(1), Some(&point));
        }
    }

    #[test]
    fn there_is_always_a_class() {
        for ty in [
            Type::NUMBER,
            Type::Date,
            Type::Text,
            Type::Duration,
            Type::Code("use".into()),
        ] {
            assert!(!representatives(&ty, &[], None).is_empty(), "{ty}");
        }
    }
}
