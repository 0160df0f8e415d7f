//! Counts over a table: what became of its records, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::{Change, Hanging};
use super::worth::Values;
use crate::ruleset::{Requirement, Review};
use crate::screening::Interval;
use crate::time::Date;

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
    /// Which records were to be written; all if none is named.
    pub only: Vec<String>,
    /// Records of them that are determined or undetermined.
    pub selected: u64,
    /// Different answers.
    pub answers: u64,
    /// What is required, at least and at most.
    pub requirement: Vec<Outcomes<Requirement>>,
    /// How an application would be reviewed, at least and at most; none where no licence is needed.
    pub review: Vec<Outcomes<Option<Review>>>,
    /// By destination; `unknown` for records whose destination is not known.
    pub destinations: BTreeMap<Arc<str>, Tally>,
    /// By the year whose law applies.
    pub years: BTreeMap<Arc<str>, Tally>,
    /// By the first six digits of the customs code; `unknown` for records of which it is not known.
    pub hs: BTreeMap<Arc<str>, Tally>,
    /// Records with further customs codes, where there are too many to count each.
    pub further_hs: u64,
    /// What the records are worth, in each unit in which that is stated.
    pub values: Values,
    /// By rule.
    pub rules: BTreeMap<Arc<str>, RuleCount>,
    /// Facts that are missing, with the records that wait for them.
    pub missing: BTreeMap<Arc<str>, u64>,
    /// Values that named nothing that is known, most frequent first.
    pub unresolved: Vec<Unresolved>,
    /// Why records were rejected, most frequent first.
    pub rejects: Vec<RejectCount>,
    /// What a change of law does to the records, where one was asked about; all else is counted as it would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The records whose answer is another within the published interval of an indicator, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hangs_on: Option<BTreeMap<Arc<str>, Hanging>>,
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
    /// What they are worth, in each unit in which that is stated.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: Values,
}

/// Records of one destination, year or customs code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Settled.
    pub determined: u64,
    /// Open.
    pub undetermined: u64,
    /// What is required of them, at least and at most, most frequent first.
    pub requirement: Vec<Outcomes<Requirement>>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
