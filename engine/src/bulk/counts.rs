//! Counts over records that can be added to one another, kept, and read again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Rejection};
use super::summary::{Outcomes, RejectCount, RuleCount, Summary, Tally, Unresolved};
use crate::ruleset::{Requirement, Review};
use crate::screening::{Interval, NOTICE};

/// Unresolved values that are counted by name: the first of the alphabet. Further ones are counted
/// together. So it does not matter who counted what, nor in which order.
const NAMES: usize = 10_000;

/// How further unresolved values are called.
const FURTHER: &str = "(further values)";

/// Between the parts of a key. No cell of a profile or an answer holds it.
const BETWEEN: char = '\u{1f}';

/// What became of records so far: to be added to the counts of others, to be kept, and read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    answers: BTreeMap<String, u64>,
    unresolved: BTreeMap<String, Unresolved>,
    further: u64,
    rejects: BTreeMap<String, u64>,
}

fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

impl Counts {
    /// Records with one destination were screened.
    pub(super) fn answered(&mut self, answer: &Answer, destination: Option<&str>, rows: u64) {
        let key = key_of(answer, destination);
        add(self.answers.entry(key).or_default(), rows);
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
        for (key, rows) in other.answers {
            add(self.answers.entry(key).or_default(), rows);
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
        let counts = self.answers.values().chain(self.rejects.values());
        counts.fold(0, |sum, rows| sum.saturating_add(*rows))
    }

    /// The counts, beside what the table was screened with.
    pub(super) fn summary(self, with: Summary) -> Summary {
        let mut sums = Sums::default();
        for (key, rows) in &self.answers {
            sums.answered(key, *rows);
        }
        let rejects = self.rejects();
        let rejected = rejects.iter().map(|reject| reject.rows);
        Summary {
            read: self.read(),
            determined: sums.determined,
            undetermined: sums.undetermined,
            rejected: rejected.fold(0, u64::saturating_add),
            answers: self.answers.len() as u64,
            requirement: outcomes(sums.requirement),
            review: outcomes(sums.review),
            destinations: sums.destinations,
            rules: sums.rules,
            missing: sums.missing,
            rejects,
            unresolved: self.names(),
            engine: env!("CARGO_PKG_VERSION"),
            notice: NOTICE,
            ..with
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

/// All of an answer that is counted, as text.
fn key_of(answer: &Answer, destination: Option<&str>) -> String {
    let mut key = destination.unwrap_or("unknown").to_owned();
    for cell in &answer.cells {
        key.push(BETWEEN);
        key.push_str(cell);
    }
    key
}

/// Counts by what answers say.
#[derive(Default)]
struct Sums {
    determined: u64,
    undetermined: u64,
    requirement: BTreeMap<Interval<Requirement>, u64>,
    review: BTreeMap<Interval<Option<Review>>, u64>,
    destinations: BTreeMap<Arc<str>, Tally>,
    rules: BTreeMap<Arc<str>, RuleCount>,
    missing: BTreeMap<Arc<str>, u64>,
}

impl Sums {
    fn answered(&mut self, key: &str, rows: u64) {
        let parts: Vec<&str> = key.split(BETWEEN).collect();
        let [
            destination,
            least,
            most,
            mild,
            strict,
            stands,
            may,
            missing,
            determined,
        ] = parts.as_slice()
        else {
            return;
        };
        if let (Some(at_least), Some(at_most)) =
            (Requirement::parse(least), Requirement::parse(most))
        {
            let bounds = Interval { at_least, at_most };
            add(self.requirement.entry(bounds).or_default(), rows);
        }
        let bounds = Interval {
            at_least: Review::parse(mild),
            at_most: Review::parse(strict),
        };
        add(self.review.entry(bounds).or_default(), rows);
        let tally = self.destinations.entry((*destination).into()).or_default();
        if *determined == "true" {
            add(&mut self.determined, rows);
            add(&mut tally.determined, rows);
        } else {
            add(&mut self.undetermined, rows);
            add(&mut tally.undetermined, rows);
        }
        for rule in listed(stands) {
            add(&mut self.rules.entry(rule.into()).or_default().stands, rows);
        }
        for rule in listed(may) {
            add(
                &mut self.rules.entry(rule.into()).or_default().may_stand,
                rows,
            );
        }
        for fact in listed(missing) {
            add(self.missing.entry(fact.into()).or_default(), rows);
        }
    }
}

fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').filter(|part| !part.is_empty())
}

/// The pairs of bounds, most frequent first.
fn outcomes<T>(counts: BTreeMap<Interval<T>, u64>) -> Vec<Outcomes<T>> {
    let mut found: Vec<Outcomes<T>> = counts
        .into_iter()
        .map(|(bounds, rows)| Outcomes { bounds, rows })
        .collect();
    found.sort_by_key(|outcome| std::cmp::Reverse(outcome.rows));
    found
}
