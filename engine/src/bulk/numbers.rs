//! Small numbers for names, so that they are compared and kept cheaply.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

/// The number for what is not known.
pub(super) const UNKNOWN: u32 = 0;

/// Names that were met, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<Arc<str>, u32, FxBuildHasher>);

impl Numbers {
    /// The number of a name.
    pub(super) fn of(&mut self, name: Option<Arc<str>>) -> u32 {
        let Some(name) = name else { return UNKNOWN };
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(name).or_insert(next.saturating_add(1))
    }

    /// The names by their numbers.
    pub(super) fn names(&self) -> BTreeMap<u32, Arc<str>> {
        let names = self.0.iter();
        names.map(|(name, at)| (*at, Arc::clone(name))).collect()
    }
}
