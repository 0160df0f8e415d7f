//! Counts over a table: what became of its records, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::answer::{Answer, Rejection};
use crate::ruleset::{Requirement, Review};
use crate::screening::{Interval, NOTICE};
use crate::time::Date;

/// Different unresolved values that are counted by name; further ones are counted together.
const NAMES: usize = 10_000;

/// What became of the records of a table: read is always determined + undetermined + rejected.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The profile's id.
    pub profile: Arc<str>,
    /// SHA-256 of the profile.
    pub profile_sha256: String,
    /// Who publishes the table.
    pub publisher: Arc<str>,
    /// Under which licence.
    pub licence: Arc<str>,
    /// What a reader of results must know.
    pub notes: Vec<Arc<str>>,
    /// SHA-256 of each ruleset, by its id.
    pub rulesets: BTreeMap<Arc<str>, String>,
    /// SHA-256 over the reference data.
    pub data: String,
    /// Version of the engine.
    pub engine: &'static str,
    /// The day whose law was applied to all records, instead of their own.
    pub as_of: Option<Date>,
    /// The day up to which data had been published, for all records.
    pub known_at: Option<Date>,
    /// SHA-256 of the table's bytes.
    pub input: String,
    /// Records read.
    pub read: u64,
    /// Records of which it is settled what is required.
    pub determined: u64,
    /// Records of which missing facts leave it open.
    pub undetermined: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Records that differ in a fact or date that rules can tell apart; each such was screened once.
    pub screened: u64,
    /// What is required, at least and at most.
    pub requirement: Vec<Outcomes<Requirement>>,
    /// How an application would be reviewed, at least and at most; none where no licence is needed.
    pub review: Vec<Outcomes<Option<Review>>>,
    /// By destination; `unknown` for records whose destination is not known.
    pub destinations: BTreeMap<Arc<str>, Tally>,
    /// By rule.
    pub rules: BTreeMap<Arc<str>, RuleCount>,
    /// Facts that are missing, with the records that wait for them.
    pub missing: BTreeMap<Arc<str>, u64>,
    /// Values that named nothing that is known, most frequent first.
    pub unresolved: Vec<Unresolved>,
    /// Why records were rejected, most frequent first.
    pub rejects: Vec<RejectCount>,
    /// What this is not.
    pub notice: &'static str,
}

/// Records with one pair of bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcomes<T> {
    /// The bounds.
    #[serde(flatten)]
    pub bounds: Interval<T>,
    /// Records.
    pub rows: u64,
}

/// Records of one destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Settled.
    pub determined: u64,
    /// Open.
    pub undetermined: u64,
}

/// Records to which a rule applies, or may apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// It stands.
    pub stands: u64,
    /// It may stand.
    pub may_stand: u64,
}

/// A value that named nothing that is known; the fact stays unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unresolved {
    /// The column.
    pub column: Arc<str>,
    /// The place of the fact in an application.
    pub to: Arc<str>,
    /// The value, or the key of the profile that it fits, such as `PL*`.
    pub name: Arc<str>,
    /// Why, where the profile says so.
    pub reason: Option<Arc<str>>,
    /// Records.
    pub rows: u64,
}

/// Records rejected for one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectCount {
    /// The column; empty where the record as a whole is wrong.
    pub column: Arc<str>,
    /// What was expected.
    pub cause: String,
    /// Records.
    pub rows: u64,
}

/// Counts while records pass.
#[derive(Debug, Default)]
pub(super) struct Counter {
    read: u64,
    determined: u64,
    undetermined: u64,
    rejected: u64,
    screened: u64,
    requirement: BTreeMap<Interval<Requirement>, u64>,
    review: BTreeMap<Interval<Option<Review>>, u64>,
    destinations: BTreeMap<Arc<str>, Tally>,
    rules: BTreeMap<Arc<str>, RuleCount>,
    missing: BTreeMap<Arc<str>, u64>,
    unresolved: BTreeMap<(Arc<str>, Arc<str>), Unresolved>,
    rejects: BTreeMap<(Arc<str>, String), u64>,
}

fn one_more(count: &mut u64) {
    *count = count.saturating_add(1);
}

impl Counter {
    /// One more record was read.
    pub(super) fn read(&mut self) {
        one_more(&mut self.read);
    }

    /// One more case was screened that no earlier record equals.
    pub(super) fn screened(&mut self) {
        one_more(&mut self.screened);
    }

    /// A record was screened.
    pub(super) fn answered(&mut self, answer: &Answer) {
        let bounds = answer.brief.bounds;
        one_more(self.requirement.entry(bounds.requirement).or_default());
        one_more(self.review.entry(bounds.review).or_default());
        let destination = answer.destination.clone();
        let tally = self
            .destinations
            .entry(destination.unwrap_or_else(|| "unknown".into()))
            .or_default();
        if answer.is_determined() {
            one_more(&mut self.determined);
            one_more(&mut tally.determined);
        } else {
            one_more(&mut self.undetermined);
            one_more(&mut tally.undetermined);
        }
        self.rules(answer);
    }

    fn rules(&mut self, answer: &Answer) {
        for rule in &answer.brief.stands {
            one_more(&mut self.rule(rule).stands);
        }
        for rule in &answer.brief.may {
            one_more(&mut self.rule(rule).may_stand);
        }
        for fact in &answer.brief.missing {
            match self.missing.get_mut(fact.as_str()) {
                Some(count) => one_more(count),
                None => {
                    self.missing.insert(fact.as_str().into(), 1);
                }
            }
        }
    }

    fn rule(&mut self, rule: &Arc<str>) -> &mut RuleCount {
        self.rules.entry(Arc::clone(rule)).or_default()
    }

    /// A value named nothing that is known.
    pub(super) fn unresolved(&mut self, mut value: Unresolved) {
        let key = (Arc::clone(&value.to), Arc::clone(&value.name));
        if self.unresolved.len() >= NAMES && !self.unresolved.contains_key(&key) {
            value.name = "(further values)".into();
        }
        let key = (Arc::clone(&value.to), Arc::clone(&value.name));
        match self.unresolved.get_mut(&key) {
            Some(known) => one_more(&mut known.rows),
            None => {
                self.unresolved.insert(key, value);
            }
        }
    }

    /// A record was rejected.
    pub(super) fn rejected(&mut self, rejection: &Rejection) {
        one_more(&mut self.rejected);
        let key = (Arc::clone(&rejection.column), rejection.cause.clone());
        one_more(self.rejects.entry(key).or_default());
    }

    /// The counts, beside what the table was screened with.
    pub(super) fn summary(self, with: Summary) -> Summary {
        let mut unresolved: Vec<Unresolved> = self.unresolved.into_values().collect();
        unresolved.sort_by_key(|value| std::cmp::Reverse(value.rows));
        let rejects = self.rejects.into_iter();
        let mut rejects: Vec<RejectCount> = rejects
            .map(|((column, cause), rows)| RejectCount {
                column,
                cause,
                rows,
            })
            .collect();
        rejects.sort_by_key(|reject| std::cmp::Reverse(reject.rows));
        Summary {
            read: self.read,
            determined: self.determined,
            undetermined: self.undetermined,
            rejected: self.rejected,
            screened: self.screened,
            requirement: outcomes(self.requirement),
            review: outcomes(self.review),
            destinations: self.destinations,
            rules: self.rules,
            missing: self.missing,
            unresolved,
            rejects,
            engine: env!("CARGO_PKG_VERSION"),
            notice: NOTICE,
            ..with
        }
    }
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
