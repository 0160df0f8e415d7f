//! The columns of a table that conditions look at together.

use std::collections::BTreeSet;

use super::cuts::Cuts;
use super::field::ColumnField;
use super::target::feeds;
use crate::condition::NodeId;
use crate::facts::{Catalogue, FactId};
use crate::reference::entry_facts;
use crate::ruleset::Ruleset;

/// Columns of which no part of any condition looks at one beside another column's: what conditions make of
/// their cells, no other cell can change.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    /// Positions among the columns that the profile reads, ascending.
    pub(super) columns: Vec<usize>,
    /// The parts of each ruleset's conditions that look at them.
    pub(super) parts: Vec<Vec<NodeId>>,
    /// Where there is one column of numbers that are compared with constants only: these.
    pub(super) cuts: Option<Cuts>,
}

impl Unit {
    /// Takes in the columns of another.
    fn take(&mut self, other: Self) {
        self.columns.extend(other.columns);
        self.columns.sort_unstable();
        for (parts, more) in self.parts.iter_mut().zip(other.parts) {
            parts.extend(more);
        }
    }

    /// Whether any condition looks at the columns.
    pub(super) fn is_read(&self) -> bool {
        self.parts.iter().any(|parts| !parts.is_empty())
    }
}

/// The columns of a profile in units.
pub(super) fn units(
    columns: &[&ColumnField],
    catalogue: &Catalogue,
    rulesets: &[&Ruleset],
) -> Vec<Unit> {
    let fed: Vec<BTreeSet<FactId>> = columns.iter().map(|field| fed(field, catalogue)).collect();
    let mut units: Vec<Unit> = (0..columns.len())
        .map(|column| Unit {
            columns: vec![column],
            parts: vec![Vec::new(); rulesets.len()],
            cuts: None,
        })
        .collect();
    for facts in &fed {
        join(&mut units, &fed, facts);
    }
    for (at, ruleset) in rulesets.iter().enumerate() {
        for (part, reads) in ruleset.reading.graph.atoms() {
            let unit = join(&mut units, &fed, reads).and_then(|unit| units.get_mut(unit));
            if let Some(parts) = unit.and_then(|unit| unit.parts.get_mut(at)) {
                parts.push(part);
            }
        }
    }
    for unit in &mut units {
        unit.cuts = cuts(unit, columns, &fed, rulesets);
    }
    units
}

fn cuts(
    unit: &Unit,
    columns: &[&ColumnField],
    fed: &[BTreeSet<FactId>],
    rulesets: &[&Ruleset],
) -> Option<Cuts> {
    match unit.columns.as_slice() {
        [one] if unit.is_read() => Cuts::of(columns.get(*one)?, fed.get(*one)?, rulesets),
        _ => None,
    }
}

/// Makes one unit of all whose columns feed one of the facts; its position, if there is any.
fn join(
    units: &mut Vec<Unit>,
    fed: &[BTreeSet<FactId>],
    facts: &BTreeSet<FactId>,
) -> Option<usize> {
    let feeds = |column: &usize| fed.get(*column).is_some_and(|fed| !fed.is_disjoint(facts));
    let touched = |unit: &Unit| unit.columns.iter().any(feeds);
    let first = units.iter().position(&touched)?;
    while let Some(other) = units.iter().rposition(&touched).filter(|at| *at > first) {
        let other = units.remove(other);
        if let Some(unit) = units.get_mut(first) {
            unit.take(other);
        }
    }
    Some(first)
}

/// The facts that a column feeds. A customs code also says which control entries an item may fall under.
fn fed(field: &ColumnField, catalogue: &Catalogue) -> BTreeSet<FactId> {
    let mut facts = feeds(catalogue, &field.to);
    if catalogue
        .by_path("item.hs")
        .is_some_and(|hs| facts.contains(&hs))
    {
        facts.extend(entry_facts(catalogue).map(|(id, _)| id));
    }
    facts
}
