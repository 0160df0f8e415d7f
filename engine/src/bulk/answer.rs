//! What becomes of a record.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::added::Added;
use super::summary::Unresolved;
use super::worth::Worth;
use crate::facts::Application;
use crate::ruleset::Review;
use crate::screening::{Bounds, Brief};
use crate::source::sha256;
use crate::time::Dates;

/// A record as the application that it is screened as.
#[derive(Clone, Debug)]
pub struct Record {
    /// The application.
    pub application: Application,
    /// The day whose law applies, and the day up to which data had been published.
    pub dates: Dates,
    /// Values that named nothing that is known; the facts that they feed are unknown.
    pub unresolved: Vec<Unresolved>,
    /// What its items are worth together, if that is stated in one unit.
    pub(super) worth: Option<Worth>,
}

/// Stands for an [`Answer`]: records of one class have one answer.
///
/// It means something only to the screener that gave it, while that lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub(super) u32);

impl Class {
    /// Its number, counted from 0.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// What screening says about a record, for the columns that it adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Bounds, rules and missing facts.
    pub brief: Brief,
    pub(super) cells: [String; 8],
    id: String,
}

impl Answer {
    pub(super) fn new(brief: Brief) -> Self {
        let (requirement, review) = (brief.bounds.requirement, brief.bounds.review);
        let level = |review: Option<Review>| review.map_or("", Review::code).to_owned();
        let cells = [
            requirement.at_least.code().to_owned(),
            requirement.at_most.code().to_owned(),
            level(review.at_least),
            level(review.at_most),
            joined(&brief.stands),
            joined(&brief.may),
            joined(&brief.missing),
            requirement.is_settled().to_string(),
        ];
        Self {
            brief,
            id: answer_id(&cells),
            cells,
        }
    }

    /// Nothing is known at all.
    pub(super) fn open() -> Self {
        let brief = Brief {
            bounds: Bounds::OPEN,
            stands: BTreeSet::new(),
            may: BTreeSet::new(),
            missing: BTreeSet::new(),
        };
        Self::new(brief)
    }

    /// What it says in a column.
    pub fn cell(&self, column: Added) -> &str {
        self.cells.get(column.place()).unwrap_or(&self.id)
    }

    /// Whether what is required is settled, whatever facts are missing.
    pub fn is_determined(&self) -> bool {
        self.brief.bounds.requirement.is_settled()
    }
}

/// Stands for an answer in tables: the same for all records with the same cells, in every run. Two answers
/// of one table have the same id less often than once in a million million tables of a thousand answers.
pub(super) fn answer_id<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    let mut id = sha256(cells.join("\n").as_bytes());
    id.truncate(ID_DIGITS);
    id
}

/// Hexadecimal digits of an answer's id.
const ID_DIGITS: usize = 16;

fn joined<T: AsRef<str>>(parts: &BTreeSet<T>) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    parts.join("|")
}

/// Why a record could not be screened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// The column that is wrong; empty where the record as a whole is.
    pub column: Arc<str>,
    /// What was found there.
    pub found: String,
    /// What was expected.
    pub cause: String,
}
