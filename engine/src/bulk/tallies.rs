//! What one worker counts, until it hands it over.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use rustc_hash::FxBuildHasher;

use super::answer::Class;
use super::table::Table;
use crate::ruleset::Requirement;
use crate::screening::Interval;

/// What records are counted by; names are numbers here, and 0 stands for what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct By {
    /// The answer.
    pub(super) class: Class,
    /// The destination.
    pub(super) destination: u32,
    /// The context.
    pub(super) context: u32,
}

impl By {
    #[inline]
    fn key(self) -> u128 {
        let parts = [self.context, self.destination, self.class.0];
        parts
            .into_iter()
            .fold(0, |key, part| (key << 32) | u128::from(part))
    }
}

/// What records with one customs code are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ByCode {
    /// The first six digits of the code.
    pub(super) hs: u32,
    /// What is required.
    pub(super) bounds: Interval<Requirement>,
    /// The context.
    pub(super) context: u32,
}

/// What changes seldom from record to record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Context {
    /// The year whose law applies.
    pub(super) year: i16,
    /// The unit in which the value is stated.
    pub(super) unit: u32,
}

/// Records, and what they are worth together, in millionths of their unit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) rows: u64,
    pub(super) millionths: i128,
}

/// The same in less space; what is too large for it stands elsewhere.
#[derive(Clone, Copy, Debug, Default)]
struct Small {
    rows: u64,
    millionths: i64,
}

impl Small {
    /// Counts a record; what it is worth is given back if there is no room for it.
    fn add(&mut self, millionths: i128) -> Option<i128> {
        self.rows = self.rows.saturating_add(1);
        let small = i64::try_from(millionths).ok();
        match small.and_then(|small| self.millionths.checked_add(small)) {
            Some(sum) => {
                self.millionths = sum;
                None
            }
            None => Some(millionths),
        }
    }
}

/// Sums by keys.
#[derive(Debug)]
pub(super) struct Sums<K> {
    places: HashMap<K, u32, FxBuildHasher>,
    small: Vec<(K, Small)>,
    large: HashMap<K, i128, FxBuildHasher>,
}

impl<K> Default for Sums<K> {
    fn default() -> Self {
        Self {
            places: HashMap::default(),
            small: Vec::new(),
            large: HashMap::default(),
        }
    }
}

impl<K: Copy + Eq + Hash + Ord> Sums<K> {
    /// Where the sum of a key is.
    fn place(&mut self, key: K) -> u32 {
        let next = u32::try_from(self.small.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.small.push((key, Small::default()));
        }
        place
    }

    /// Counts a record by its key.
    pub(super) fn add(&mut self, key: K, millionths: i128) {
        let place = self.place(key);
        self.add_at(place, millionths);
    }

    /// Counts a record where the sum of its key is.
    #[inline]
    fn add_at(&mut self, place: u32, millionths: i128) {
        let Some((key, sum)) = self.small.get_mut(place as usize) else {
            return;
        };
        if let Some(millionths) = sum.add(millionths) {
            let key = *key;
            self.add_large(key, millionths);
        }
    }

    /// Kinds of records that are summed up apart.
    pub(super) fn len(&self) -> usize {
        self.small.len()
    }

    fn add_large(&mut self, key: K, millionths: i128) {
        let large = self.large.entry(key).or_default();
        *large = large.saturating_add(millionths);
    }

    /// All sums, in a fixed order.
    pub(super) fn take(&mut self) -> Vec<(K, Sum)> {
        self.places.clear();
        let small = self.small.drain(..).map(|(key, small)| {
            let (rows, millionths) = (small.rows, i128::from(small.millionths));
            (key, Sum { rows, millionths })
        });
        let mut sums: BTreeMap<K, Sum> = small.collect();
        for (key, millionths) in self.large.drain().collect::<BTreeMap<K, i128>>() {
            let sum = sums.entry(key).or_default();
            sum.millionths = sum.millionths.saturating_add(millionths);
        }
        sums.into_iter().collect()
    }
}

/// Sums by customs code: those of low numbers in rows that need no search.
#[derive(Debug, Default)]
struct Codes {
    rows: Vec<CodeRow>,
    other: Sums<ByCode>,
}

/// Sums by the numbers of customs codes.
#[derive(Debug)]
struct CodeRow {
    bounds: Interval<Requirement>,
    context: u32,
    sums: Vec<Small>,
}

impl Codes {
    /// Rows at most, and numbers in a row.
    const ROWS: usize = 16;
    const NUMBERS: usize = 1 << 14;

    fn add(&mut self, code: ByCode, millionths: i128) {
        let number = code.hs as usize;
        let Some(row) = self.row(code).filter(|_| number < Self::NUMBERS) else {
            return self.other.add(code, millionths);
        };
        if row.sums.len() <= number {
            row.sums.resize(number.saturating_add(1), Small::default());
        }
        let left = row.sums.get_mut(number).and_then(|sum| sum.add(millionths));
        if let Some(millionths) = left {
            self.other.add_large(code, millionths);
        }
    }

    fn row(&mut self, code: ByCode) -> Option<&mut CodeRow> {
        let is_it = |row: &CodeRow| row.bounds == code.bounds && row.context == code.context;
        let at = self.rows.iter().position(is_it).unwrap_or(self.rows.len());
        if at == self.rows.len() && at < Self::ROWS {
            self.rows.push(CodeRow {
                bounds: code.bounds,
                context: code.context,
                sums: Vec::new(),
            });
        }
        self.rows.get_mut(at)
    }

    /// All sums, in a fixed order.
    fn take(&mut self) -> Vec<(ByCode, Sum)> {
        for row in std::mem::take(&mut self.rows) {
            for (number, sum) in row.sums.into_iter().enumerate() {
                let code = ByCode {
                    hs: u32::try_from(number).unwrap_or(u32::MAX),
                    bounds: row.bounds,
                    context: row.context,
                };
                if sum.rows > 0 {
                    self.other.small.push((code, sum));
                }
            }
        }
        self.other.take()
    }
}

/// What was counted by answer, and by customs code.
pub(super) type Taken = (Vec<(By, Sum)>, Vec<(ByCode, Sum)>);

/// Sums by answer and by customs code.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    contexts: Vec<Context>,
    /// The number of the last record's context.
    last: u32,
    /// Where sums of answers are that were met lately.
    recent: Table<u32>,
    answers: Sums<By>,
    codes: Codes,
}

impl Tallies {
    /// Kinds of records that are counted apart at most, until the counts are handed over.
    pub(super) const KINDS: usize = 1 << 17;

    /// The number of a context.
    pub(super) fn context(&mut self, context: Context) -> u32 {
        if self.contexts.get(self.last as usize) != Some(&context) {
            let known = self.contexts.iter().position(|known| *known == context);
            let at = known.unwrap_or(self.contexts.len());
            if known.is_none() {
                self.contexts.push(context);
            }
            self.last = u32::try_from(at).unwrap_or(u32::MAX);
        }
        self.last
    }

    /// Counts one record.
    pub(super) fn add(&mut self, by: By, code: ByCode, millionths: i128) {
        let place = match self.recent.get(by.key()) {
            Some(place) => place,
            None => self.place(by),
        };
        self.answers.add_at(place, millionths);
        self.codes.add(code, millionths);
    }

    /// Where the sum of an answer is that was not met lately.
    #[cold]
    fn place(&mut self, by: By) -> u32 {
        let place = self.answers.place(by);
        self.recent.keep(by.key(), place);
        place
    }

    /// Whether it holds as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.answers.small.len() >= Self::KINDS || self.codes.other.small.len() >= Self::KINDS
    }

    /// What was counted by answer and by customs code, in a fixed order.
    pub(super) fn take(&mut self) -> Taken {
        self.recent.clear();
        (self.answers.take(), self.codes.take())
    }

    /// A context by its number.
    pub(super) fn context_of(&self, number: u32) -> Context {
        self.contexts
            .get(number as usize)
            .copied()
            .unwrap_or_default()
    }
}
