//! One of several that screen the records of one table at the same time.

use super::answer::{Class, Rejection};
use super::counts::Counts;
use super::screener::TableScreener;

/// Screens records of one table, beside others that screen the rest.
#[derive(Debug)]
pub struct Worker<'s> {
    screener: &'s TableScreener<'s>,
    counts: Counts,
}

impl<'s> Worker<'s> {
    pub(super) fn new(screener: &'s TableScreener<'s>) -> Self {
        Self {
            screener,
            counts: Counts::default(),
        }
    }

    /// Screens a record, and counts it. `cells` are those of [`TableScreener::needed`], in that order.
    pub fn row(&mut self, cells: &[&[u8]]) -> Result<Class, Rejection> {
        let record = self.screener.record(cells);
        let record = record.inspect_err(|rejection| self.counts.rejected(rejection))?;
        let (class, answer) = self.screener.class(&record);
        self.counts.answered(&answer);
        for value in record.unresolved {
            self.counts.unresolved(value);
        }
        Ok(class)
    }

    /// Counts a record that could not be taken apart.
    pub fn reject(&mut self, rejection: &Rejection) {
        self.counts.rejected(rejection);
    }

    /// What was counted since this was last asked.
    pub fn take_counts(&mut self) -> Counts {
        std::mem::take(&mut self.counts)
    }
}
