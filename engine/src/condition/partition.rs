//! One value for each class into which constants split the values of a type.

use std::sync::Arc;

use crate::facts::{CodeSet, Decimal, Type, Value};
use crate::time::Date;

/// Text that equals no constant anybody writes, for the class of all other texts.
const OTHER: &str = "\u{2026}";

/// A value of each class of a type that comparisons with the constants can tell apart.
///
/// `10000` splits numbers into three: less, equal, more. For a code, each constant is a class and
/// one code beside them stands for the rest, if there is one. Durations have no classes here.
pub fn representatives(ty: &Type, constants: &[Value], codes: Option<&CodeSet>) -> Vec<Value> {
    match ty {
        Type::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        Type::Number(_) => numbers(constants),
        Type::Date => dates(constants),
        Type::Text | Type::Code(_) => texts(constants, codes),
        Type::Set(_) => sets(constants, codes),
        _ => Vec::new(),
    }
}

fn numbers(constants: &[Value]) -> Vec<Value> {
    let mut points: Vec<Decimal> = constants
        .iter()
        .filter_map(|value| match value {
            Value::Number(number) => Some(number.clone()),
            _ => None,
        })
        .collect();
    points.sort();
    points.dedup();
    let one = Decimal::from(1_i64);
    let two = Decimal::from(2_i64);
    let mut values = Vec::new();
    if let Some(below) = points.first().and_then(|first| first.subtract(&one)) {
        values.push(below);
    }
    for (at, point) in points.iter().enumerate() {
        values.push(point.clone());
        let next = points.get(at.saturating_add(1));
        let beyond = match next {
            Some(next) => point.add(next).and_then(|sum| sum.divide(&two)),
            None => point.add(&one),
        };
        values.extend(beyond);
    }
    values.into_iter().map(Value::Number).collect()
}

fn dates(constants: &[Value]) -> Vec<Value> {
    let mut days: Vec<Date> = constants
        .iter()
        .filter_map(|value| match value {
            Value::Date(date) => Some(*date),
            _ => None,
        })
        .flat_map(|date| {
            [
                date.yesterday(),
                Some(date),
                date.civil().tomorrow().ok().map(Date::from),
            ]
        })
        .flatten()
        .collect();
    days.sort();
    days.dedup();
    days.into_iter().map(Value::Date).collect()
}

fn texts(constants: &[Value], codes: Option<&CodeSet>) -> Vec<Value> {
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

fn sets(constants: &[Value], codes: Option<&CodeSet>) -> Vec<Value> {
    let single = texts(constants, codes).into_iter();
    let single = single.filter_map(|value| value.as_text().map(|code| Value::set([code])));
    single.chain([Value::set([])]).collect()
}
