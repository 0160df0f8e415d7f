//! The classes into which conditions sort the records of a table.

use std::collections::HashMap;

use super::answer::Class;
use super::days::{Span, Spans};
use super::memo::Key;
use crate::screening::Outcome;
use crate::time::Dates;

/// What conditions make of the cells of one unit in one span of days.
pub(super) type UnitClass = u32;

/// Classes of units, and of whole records.
///
/// Cells of a unit are in one class where every part of every condition that looks at them finds the same
/// in them. Records are in one class where all their units are, in the same span of days. So records of
/// one class have one answer, and only one of them is screened.
#[derive(Debug)]
pub(super) struct Classes {
    spans: Spans,
    units: HashMap<(usize, Span, Key), UnitClass>,
    outcomes: HashMap<Vec<Outcome>, UnitClass>,
    records: HashMap<(Span, Box<[UnitClass]>), Class>,
}

/// Keys kept at most of a kind; when there are more, all are dropped and the work goes on.
const KEYS: usize = 1 << 17;

impl Classes {
    pub(super) fn new(spans: Spans) -> Self {
        Self {
            spans,
            units: HashMap::new(),
            outcomes: HashMap::new(),
            records: HashMap::new(),
        }
    }

    /// The span of two days, and days that stand for all of it.
    pub(super) fn span(&mut self, dates: Dates) -> (Span, Dates) {
        self.spans.of(dates)
    }

    /// The class of a unit's cells; its outcomes are found if they are not known.
    pub(super) fn unit(
        &mut self,
        key: (usize, Span, Key),
        find: impl FnOnce() -> Vec<Outcome>,
    ) -> UnitClass {
        if let Some(class) = self.units.get(&key) {
            return *class;
        }
        if self.units.len() >= KEYS {
            self.units.clear();
        }
        let next = UnitClass::try_from(self.outcomes.len()).unwrap_or(UnitClass::MAX);
        let class = *self.outcomes.entry(find()).or_insert(next);
        self.units.insert(key, class);
        class
    }

    /// The class of a record, if one like it was met.
    pub(super) fn record(&self, key: &(Span, Box<[UnitClass]>)) -> Option<Class> {
        self.records.get(key).copied()
    }

    /// Keeps the class of a record.
    pub(super) fn keep(&mut self, key: (Span, Box<[UnitClass]>), class: Class) {
        if self.records.len() >= KEYS {
            self.records.clear();
        }
        self.records.insert(key, class);
    }
}
