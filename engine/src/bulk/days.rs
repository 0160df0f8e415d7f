//! The spans of days within which neither law nor data change.

use std::collections::{BTreeSet, HashMap};

use crate::ruleset::{Library, Ruleset};
use crate::time::{Date, Dates};

/// Sorts days into spans within which no condition can tell one day from another.
#[derive(Debug)]
pub(super) struct Spans {
    changes: Vec<Date>,
    /// The days by which each span was met first: they stand for all days of it.
    first: HashMap<Span, Dates>,
}

/// A span of the day whose law applies, with one of the day up to which data had been published.
pub(super) type Span = (u32, u32);

impl Spans {
    pub(super) fn new(library: &Library, rulesets: &[&Ruleset]) -> Self {
        let rules: BTreeSet<Date> = rulesets.iter().flat_map(|set| set.changes()).collect();
        let changes = library.reference.changes().union(&rules);
        Self {
            changes: changes.copied().collect(),
            first: HashMap::new(),
        }
    }

    /// The span of two days, and days of it that stand for all.
    pub(super) fn of(&mut self, dates: Dates) -> (Span, Dates) {
        let place = |day: Date| {
            let before = self.changes.partition_point(|change| *change <= day);
            u32::try_from(before).unwrap_or(u32::MAX)
        };
        let span = (place(dates.as_of), place(dates.known_at));
        (span, *self.first.entry(span).or_insert(dates))
    }
}
