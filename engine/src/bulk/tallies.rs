//! What one worker counts, until it hands it over.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::answer::Class;
use crate::ruleset::Requirement;
use crate::screening::Interval;

/// What records are counted by; names are numbers here, and 0 stands for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct By {
    /// The answer.
    pub(super) class: Class,
    /// The destination.
    pub(super) destination: u32,
    /// The year whose law applies.
    pub(super) year: i16,
    /// The unit in which the value is stated.
    pub(super) unit: u32,
}

/// What records with one customs code are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ByCode {
    /// The first six digits of the code.
    pub(super) hs: u32,
    /// What is required.
    pub(super) bounds: Interval<Requirement>,
    /// The unit in which the value is stated.
    pub(super) unit: u32,
}

/// Records, and what they are worth together, in millionths of their unit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) rows: u64,
    pub(super) millionths: i128,
}

impl Sum {
    fn add(&mut self, millionths: i128) {
        self.rows = self.rows.saturating_add(1);
        self.millionths = self.millionths.saturating_add(millionths);
    }
}

type Sums<K> = HashMap<K, Sum, FxBuildHasher>;

/// Sums by answer and by customs code.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    answers: Sums<By>,
    codes: Sums<ByCode>,
}

impl Tallies {
    /// Kinds of records that are counted apart at most, until the counts are handed over.
    const KINDS: usize = 1 << 17;

    /// Counts one record.
    pub(super) fn add(&mut self, by: By, code: ByCode, millionths: i128) {
        self.answers.entry(by).or_default().add(millionths);
        self.codes.entry(code).or_default().add(millionths);
    }

    /// Whether it holds as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.answers.len() >= Self::KINDS || self.codes.len() >= Self::KINDS
    }

    /// What was counted by answer, in a fixed order.
    pub(super) fn take_answers(&mut self) -> Vec<(By, Sum)> {
        taken(&mut self.answers)
    }

    /// What was counted by customs code, in a fixed order.
    pub(super) fn take_codes(&mut self) -> Vec<(ByCode, Sum)> {
        taken(&mut self.codes)
    }
}

fn taken<K: Ord + Copy>(sums: &mut Sums<K>) -> Vec<(K, Sum)> {
    let mut taken: Vec<(K, Sum)> = sums.drain().collect();
    taken.sort_unstable_by_key(|(key, _)| *key);
    taken
}
