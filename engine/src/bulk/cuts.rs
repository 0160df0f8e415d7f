//! Numbers that conditions compare with constants only: where a number lies among these is all that counts.

use std::collections::BTreeSet;

use super::field::{ColumnField, Plain};
use super::worth::millionths;
use crate::condition::{Constant, Observed};
use crate::facts::{Decimal, FactId, Value};
use crate::ruleset::Ruleset;

/// Multipliers at most, so that every plain number in millionths has room.
const TIMES: i128 = 1_000_000_000;

/// The constants that the numbers of a column are compared with.
#[derive(Clone, Debug)]
pub(super) struct Cuts {
    /// What the column's numbers are multiplied by.
    pub(super) times: i128,
    /// In millionths, ascending.
    points: Vec<i128>,
}

impl Cuts {
    /// Those of a column that feeds some facts; none if conditions do more with the facts than compare them
    /// with numbers of at most six decimals.
    pub(super) fn of(
        field: &ColumnField,
        fed: &BTreeSet<FactId>,
        rulesets: &[&Ruleset],
    ) -> Option<Self> {
        if matches!(field.plain(), Plain::Unclear) {
            return None;
        }
        let times = field.times().filter(|times| (1..=TIMES).contains(times))?;
        let mut points = BTreeSet::new();
        for ruleset in rulesets {
            for constant in constants(ruleset, fed) {
                points.extend(numbers(&constant, ruleset)?);
            }
        }
        Some(Self {
            times,
            points: points.into_iter().collect(),
        })
    }

    /// Where a number of millionths lies: numbers of one place are the same to every condition.
    pub(super) fn place(&self, number: i128) -> u32 {
        let below = self.points.partition_point(|point| *point < number);
        let equal = self.points.get(below) == Some(&number);
        let place = below.saturating_mul(2).saturating_add(usize::from(equal));
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// All that conditions of a ruleset, in force or not, compare some facts with.
fn constants(ruleset: &Ruleset, facts: &BTreeSet<FactId>) -> Vec<Constant> {
    let mut all: Observed = ruleset.applies.observed();
    for definition in &ruleset.definitions {
        all.merge(&definition.observed);
    }
    for rule in &ruleset.rules {
        all.merge(&rule.observed);
    }
    let of_facts = all
        .facts
        .into_iter()
        .filter(|(key, _)| facts.contains(&key.fact));
    of_facts.flat_map(|(_, constants)| constants).collect()
}

/// A constant's values on all days, in millionths; none if one of them is no number, or not exact.
fn numbers(constant: &Constant, ruleset: &Ruleset) -> Option<Vec<i128>> {
    match constant {
        Constant::Value(value) => Some(vec![number(value)?]),
        Constant::Parameter(name) => {
            let values = &ruleset.parameters.get(name)?.values;
            values.iter().map(|(_, value, _)| number(value)).collect()
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => exact(number),
        _ => None,
    }
}

fn exact(number: &Decimal) -> Option<i128> {
    millionths(number.to_string().as_bytes(), 1)
}

#[cfg(test)]
mod tests {
    use super::Cuts;

    #[test]
    fn a_place_is_between_constants_or_at_one() {
        let cuts = Cuts {
            times: 1,
            points: vec![-1, 10, 250],
        };
        let places = [-2, -1, 0, 9, 10, 11, 250, 251].map(|number| cuts.place(number));
        assert_eq!(places, [0, 1, 2, 2, 3, 4, 5, 6]);
    }
}
