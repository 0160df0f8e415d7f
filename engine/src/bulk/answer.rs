//! What becomes of a record.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::added::Added;
use super::against::Beside;
use super::summary::Unresolved;
use super::worth::Worth;
use crate::facts::Application;
use crate::ruleset::Review;
use crate::screening::{Bounds, Brief, Direction};
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
    /// What something else makes of it, where that was asked.
    pub beside: Option<Beside>,
    pub(super) cells: Vec<String>,
    id: String,
}

impl Answer {
    pub(super) fn new(brief: Brief, beside: Option<Beside>) -> Self {
        let mut cells = levels(&brief.bounds);
        cells.extend([
            joined(&brief.stands),
            joined(&brief.may),
            joined(&brief.missing),
            brief.bounds.requirement.is_settled().to_string(),
        ]);
        cells.extend(beside.iter().flat_map(beside_cells));
        Self {
            brief,
            beside,
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
        Self::new(brief, None)
    }

    /// What it says in a column.
    pub fn cell(&self, column: Added) -> &str {
        cell(&self.cells, &self.id, column)
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

/// What the cells of an answer say in a column; they hold all but the id, in the order of [`Added::ALL`].
pub(super) fn cell<'c, T: AsRef<str>>(cells: &'c [T], id: &'c str, column: Added) -> &'c str {
    let place = match column.place().cmp(&Added::AnswerId.place()) {
        Ordering::Equal => return id,
        Ordering::Less => column.place(),
        Ordering::Greater => column.place().saturating_sub(1),
    };
    cells.get(place).map_or("", AsRef::as_ref)
}

/// The four bounds.
fn levels(bounds: &Bounds) -> Vec<String> {
    let (requirement, review) = (bounds.requirement, bounds.review);
    let level = |review: Option<Review>| review.map_or("", Review::code).to_owned();
    vec![
        requirement.at_least.code().to_owned(),
        requirement.at_most.code().to_owned(),
        level(review.at_least),
        level(review.at_most),
    ]
}

fn beside_cells(beside: &Beside) -> Vec<String> {
    let mut cells = match &beside.base {
        Some(base) => {
            let mut cells = levels(&base.bounds);
            cells.extend([joined(&base.stands), joined(&base.may)]);
            cells
        }
        None => vec![String::new(); 6],
    };
    let moves = beside.moves.map_or("", Direction::code).to_owned();
    cells.extend([moves, joined(&beside.hangs_on)]);
    cells
}

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
