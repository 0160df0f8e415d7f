//! Counts over records that can be added to one another, kept, and read again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::added::Added;
use super::answer::{Answer, Rejection, answer_id, cell};
use super::selection::Selection;
use super::summary::{RejectCount, Summary, Unresolved};
use super::sums::Sums;
use super::tallies::Sum;
use super::worth::{self, Value, Values};
use crate::ruleset::Requirement;
use crate::screening::{Direction, Interval, NOTICE};

/// Unresolved values that are counted by name: the first of the alphabet. Further ones are counted
/// together. So it does not matter who counted what, nor in which order.
const NAMES: usize = 10_000;

/// Customs codes with what is required that are counted apart, likewise.
const CODES: usize = 50_000;

/// How further unresolved values are called.
const FURTHER: &str = "(further values)";

/// How a destination or a customs code is called that is not known.
const UNKNOWN: &str = "unknown";

/// Between the parts of a key. No cell of a profile or an answer holds it.
pub(super) const BETWEEN: char = '\u{1f}';

/// What became of records so far: to be added to the counts of others, to be kept, and read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// By destination, year and the cells of the answer.
    answers: BTreeMap<String, Counted>,
    /// By customs code and what is required.
    codes: BTreeMap<String, Counted>,
    further_codes: Counted,
    /// Of records that move: by kind, name and direction.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    moved: BTreeMap<String, Counted>,
    unresolved: BTreeMap<String, Unresolved>,
    further: u64,
    rejects: BTreeMap<String, u64>,
}

/// Records, and what they are worth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Records.
    pub rows: u64,
    /// What they are worth, in each unit in which that is stated.
    pub values: Values,
}

impl Counted {
    /// What was summed up of records whose value is stated in one unit, or in none.
    pub(super) fn of(sum: Sum, unit: Option<&Arc<str>>) -> Self {
        let value = unit.map(|unit| (Arc::clone(unit), Value::of(sum)));
        Self {
            rows: sum.rows,
            values: value.into_iter().collect(),
        }
    }

    pub(super) fn add(&mut self, more: &Self) {
        add(&mut self.rows, more.rows);
        worth::add(&mut self.values, &more.values);
    }
}

fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

impl Counts {
    /// Records with one destination and year were screened.
    pub(super) fn answered(
        &mut self,
        answer: &Answer,
        destination: Option<&str>,
        year: i16,
        counted: &Counted,
    ) {
        let key = answer_key(answer, destination, year);
        self.answers.entry(key).or_default().add(counted);
    }

    /// Records with one customs code were screened.
    pub(super) fn coded(
        &mut self,
        code: Option<&str>,
        bounds: Interval<Requirement>,
        counted: &Counted,
    ) {
        let (least, most) = (bounds.at_least.code(), bounds.at_most.code());
        let code = code.unwrap_or(UNKNOWN);
        self.code(format!("{code}{BETWEEN}{least}{BETWEEN}{most}"), counted);
    }

    fn code(&mut self, key: String, counted: &Counted) {
        self.codes.entry(key).or_default().add(counted);
        if self.codes.len() > CODES
            && let Some((_, last)) = self.codes.pop_last()
        {
            self.further_codes.add(&last);
        }
    }

    /// Records that move, with something else that they are counted by.
    pub(super) fn moved(&mut self, kind: &str, name: &str, moves: Direction, counted: &Counted) {
        let key = format!("{kind}{BETWEEN}{name}{BETWEEN}{}", moves.code());
        self.add_moved(key, counted);
    }

    fn add_moved(&mut self, key: String, counted: &Counted) {
        // Further names stand together, so that memory is bounded.
        let known = self.moved.len() < CODES || self.moved.contains_key(&key);
        let mut parts = key.split(BETWEEN);
        let key = match (parts.next(), parts.nth(1)) {
            (Some(kind), Some(moves)) if !known => {
                format!("{kind}{BETWEEN}{FURTHER}{BETWEEN}{moves}")
            }
            _ => key,
        };
        self.moved.entry(key).or_default().add(counted);
    }

    /// Records that move, by kind, name and direction.
    pub(super) fn all_moved(&self) -> impl Iterator<Item = (&String, &Counted)> {
        self.moved.iter()
    }

    /// Records by destination, year and the cells of their answer.
    pub(super) fn all_answers(&self) -> impl Iterator<Item = (&String, &Counted)> {
        self.answers.iter()
    }

    /// A value named nothing that is known.
    pub(super) fn unresolved(&mut self, value: Unresolved) {
        let key = format!("{}{BETWEEN}{}", value.to, value.name);
        match self.unresolved.entry(key) {
            Entry::Occupied(mut known) => add(&mut known.get_mut().rows, value.rows),
            Entry::Vacant(place) => {
                place.insert(value);
            }
        }
        if self.unresolved.len() > NAMES
            && let Some((_, last)) = self.unresolved.pop_last()
        {
            add(&mut self.further, last.rows);
        }
    }

    /// A record was rejected.
    pub(super) fn rejected(&mut self, rejection: &Rejection) {
        let key = format!("{}{BETWEEN}{}", rejection.column, rejection.cause);
        add(self.rejects.entry(key).or_default(), 1);
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: Self) {
        for (key, counted) in other.answers {
            self.answers.entry(key).or_default().add(&counted);
        }
        for (key, counted) in other.codes {
            self.code(key, &counted);
        }
        self.further_codes.add(&other.further_codes);
        for (key, counted) in other.moved {
            self.add_moved(key, &counted);
        }
        for (key, rows) in other.rejects {
            add(self.rejects.entry(key).or_default(), rows);
        }
        for (_, value) in other.unresolved {
            self.unresolved(value);
        }
        add(&mut self.further, other.further);
    }

    /// Records that were read.
    pub fn read(&self) -> u64 {
        let answered = self.answers.values().map(|counted| counted.rows);
        let counts = answered.chain(self.rejects.values().copied());
        counts.fold(0, u64::saturating_add)
    }

    /// The different answers, with the records that each has; the most frequent first.
    pub fn answers(&self) -> Vec<AnswerCount> {
        let answers = self
            .rows_of_answers()
            .into_iter()
            .map(|(cells, rows)| AnswerCount {
                id: answer_id(&cells),
                cells: cells.into_iter().map(str::to_owned).collect(),
                rows,
            });
        let mut answers: Vec<AnswerCount> = answers.collect();
        answers.sort_by(|one, other| (other.rows, &one.id).cmp(&(one.rows, &other.id)));
        answers
    }

    /// How many records have each answer, by its cells.
    fn rows_of_answers(&self) -> BTreeMap<Vec<&str>, u64> {
        let mut rows: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
        for (key, counted) in &self.answers {
            add(rows.entry(cells_of(key)).or_default(), counted.rows);
        }
        rows
    }

    /// Records that a selection chooses.
    pub fn selected(&self, selection: &Selection) -> u64 {
        let answers = self.answers.iter().filter(|(key, _)| {
            let cells = cells_of(key);
            selection.takes_cells(|column| cell(&cells, "", column))
        });
        answers.fold(0, |sum, (_, counted)| sum.saturating_add(counted.rows))
    }

    /// The counts, beside what the table was screened with.
    pub(super) fn summary(self, with: Summary) -> Summary {
        let mut sums = Sums::default();
        for (key, counted) in &self.answers {
            sums.answered(key, counted);
        }
        for (key, counted) in &self.codes {
            sums.coded(key, counted);
        }
        let rejects = self.rejects();
        let rejected = rejects.iter().map(|reject| reject.rows);
        Summary {
            read: self.read(),
            answers: self.rows_of_answers().len() as u64,
            rejected: rejected.fold(0, u64::saturating_add),
            rejects,
            further_hs: self.further_codes.rows,
            unresolved: self.names(),
            engine: env!("CARGO_PKG_VERSION"),
            notice: NOTICE,
            ..sums.summary(with)
        }
    }

    fn rejects(&self) -> Vec<RejectCount> {
        let rejects = self.rejects.iter().filter_map(|(key, rows)| {
            let (column, cause) = key.split_once(BETWEEN)?;
            Some(RejectCount {
                column: column.into(),
                cause: cause.to_owned(),
                rows: *rows,
            })
        });
        let mut rejects: Vec<RejectCount> = rejects.collect();
        rejects.sort_by_key(|reject| std::cmp::Reverse(reject.rows));
        rejects
    }

    fn names(self) -> Vec<Unresolved> {
        let mut names: Vec<Unresolved> = self.unresolved.into_values().collect();
        if self.further > 0 {
            names.push(Unresolved {
                column: "".into(),
                to: "".into(),
                name: FURTHER.into(),
                reason: None,
                rows: self.further,
            });
        }
        names.sort_by_key(|value| std::cmp::Reverse(value.rows));
        names
    }
}

/// An answer, and the records that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerCount {
    id: String,
    cells: Vec<String>,
    /// Records.
    pub rows: u64,
}

impl AnswerCount {
    /// What the answer says in a column.
    pub fn cell(&self, column: Added) -> &str {
        cell(&self.cells, &self.id, column)
    }
}

/// The cells of an answer in the key that it is counted by.
pub(super) fn cells_of(key: &str) -> Vec<&str> {
    key.split(BETWEEN).skip(2).collect()
}

/// All that answers are counted by, as text.
fn answer_key(answer: &Answer, destination: Option<&str>, year: i16) -> String {
    let mut key = format!("{}{BETWEEN}{year}", destination.unwrap_or(UNKNOWN));
    for cell in &answer.cells {
        key.push(BETWEEN);
        key.push_str(cell);
    }
    key
}
