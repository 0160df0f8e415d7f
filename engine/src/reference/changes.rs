//! The days on which the reference data change.

use std::collections::BTreeSet;

use super::Reference;
use crate::time::{Date, Period};

/// The first and the last day that a period names.
fn ends(period: Period) -> impl Iterator<Item = Date> {
    [period.from, period.until].into_iter().flatten()
}

impl Reference {
    /// Every day on which a group, a listing, a control entry or a figure changes, or becomes public.
    ///
    /// Between two neighbours of these days all that conditions can read of the data stays the same, for
    /// the day whose law applies as for the day up to which data had been published.
    pub fn changes(&self) -> &BTreeSet<Date> {
        self.changes.get_or_init(|| self.all_changes())
    }

    fn all_changes(&self) -> BTreeSet<Date> {
        let groups = self.groups.iter().flat_map(|(_, group)| group.changes());
        let listings = self.listings.periods().flat_map(ends);
        let entries = self.entries.all_periods().flat_map(ends);
        let figures = self
            .indicators
            .iter()
            .flat_map(|(_, series)| series.changes());
        groups
            .chain(listings)
            .chain(entries)
            .chain(figures)
            .collect()
    }
}
