//! What the records are worth, by what is required of them, in each unit in which that is stated.

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::bulk::{Outcomes, Summary, Value};
use catchall_engine::ruleset::Requirement;

use super::class::{Classes, Shown};
use super::{records, sum};
use crate::page::{Part, Section, Table};
use crate::plot::Divided;
use crate::{grouped, share};

pub(super) fn section(summary: &Summary) -> Option<Section> {
    let outcomes = &summary.requirement;
    let values = outcomes.iter().flat_map(|outcome| outcome.values.keys());
    let units: BTreeSet<&Arc<str>> = values.collect();
    if units.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    for unit in units {
        parts.push(Part::Heading(format!("In {unit}")));
        parts.push(Part::Divided(divided(outcomes, unit)));
        parts.push(Part::Table(exact(outcomes, unit)));
    }
    parts.push(Part::Text(not_stated(outcomes)));
    Some(super::section("value", "Value at stake", parts))
}

fn divided(outcomes: &[Outcomes<Requirement>], unit: &Arc<str>) -> Divided {
    let whole = |outcome: &Outcomes<Requirement>| {
        let value = outcome.values.get(unit).map_or(0, Value::whole);
        u128::try_from(value).unwrap_or(0)
    };
    let shown = Shown::of(&[Classes::measured(outcomes, whole)]);
    Divided {
        name: format!("Value in {unit} by what is required"),
        counted: unit.to_string(),
        series: shown.series,
        numbers: shown.rows.into_iter().flatten().collect(),
    }
}

/// The sums as they were added, to the last decimal.
fn exact(outcomes: &[Outcomes<Requirement>], unit: &Arc<str>) -> Table {
    let rows = outcomes.iter().filter_map(|outcome| {
        let value = outcome.values.get(unit)?;
        let (least, most) = (outcome.bounds.at_least, outcome.bounds.at_most);
        Some(vec![
            least.short().to_owned(),
            most.short().to_owned(),
            value.sum(),
            grouped(value.rows.into()),
        ])
    });
    let sum = format!("sum in {unit}");
    let heads = ["at least", "at most", &sum, "records that state it"];
    let heads = heads.into_iter().zip([false, false, true, true]);
    Table {
        caption: format!("Exact sums in {unit}, by bounds"),
        heads: heads
            .map(|(head, number)| (head.to_owned(), number))
            .collect(),
        rows: rows.collect(),
        folded: true,
    }
}

fn not_stated(outcomes: &[Outcomes<Requirement>]) -> String {
    let all = sum(outcomes.iter().map(|outcome| outcome.rows));
    let stated = outcomes.iter().flat_map(|outcome| outcome.values.values());
    let without = all.saturating_sub(sum(stated.map(|value| value.rows)));
    let share = share(without.into(), all.into());
    match without {
        0 => format!("All {} screened state a value.", records(all)),
        _ => format!(
            "Of {} screened, {} ({share}) state no value that could be added; the sums leave them out.",
            records(all),
            grouped(without.into())
        ),
    }
}
