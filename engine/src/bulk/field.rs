//! One column of a table and the fact that it feeds.

use std::sync::Arc;

use serde_json::Value;

use super::answer::Rejection;
use super::choices::Choices;
use super::convert::Reading;
use super::digits;
use super::edition::{OURS, REASON};
use super::summary::Unresolved;
use crate::ruleset::Library;
use crate::time::Date;

/// What is done with a cell that is empty or not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// The fact stays unknown.
    Unknown,
    /// The fact stays unknown, and the summary lists the value.
    Listed,
    /// The record is rejected.
    Reject,
}

impl Otherwise {
    /// The words that a profile may write.
    pub(super) const WORDS: [&'static str; 3] = ["unknown", "list", "reject"];

    /// What a word means.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "unknown" => Some(Self::Unknown),
            "list" => Some(Self::Listed),
            "reject" => Some(Self::Reject),
            _ => None,
        }
    }
}

/// A column, the place in an application that it feeds, and how its cells are read.
#[derive(Clone, Debug)]
pub(super) struct ColumnField {
    pub(super) to: String,
    pub(super) column: Arc<str>,
    pub(super) reading: Reading,
    pub(super) map: Choices<Value>,
    pub(super) unresolved: Choices<Arc<str>>,
    pub(super) reject: Choices<Arc<str>>,
    pub(super) missing: Vec<Arc<str>>,
    pub(super) empty: Otherwise,
    pub(super) otherwise: Otherwise,
}

/// What a cell tells of its fact.
pub(super) enum Told {
    /// A value.
    Value(Value),
    /// Nothing.
    Nothing,
    /// Nothing, though something was written that should be listed.
    Unresolved(Unresolved),
    /// That what another column told of the same fact does not count: the fact is unknown.
    Withdrawn(Unresolved),
}

impl ColumnField {
    /// What a cell tells, or why its record is rejected.
    pub(super) fn read(
        &self,
        cell: &[u8],
        library: &Library,
        day: Date,
    ) -> Result<Told, Rejection> {
        let cell = text(cell, &self.column)?;
        if let Some((_, reason)) = self.reject.get(cell) {
            return Err(self.rejection(cell, reason.to_string()));
        }
        if let Reading::Edition(editions) = &self.reading {
            return Ok(self.edition(editions.get(cell), cell));
        }
        if cell.is_empty() || self.missing.iter().any(|missing| missing.as_ref() == cell) {
            return self.not_understood(cell, self.empty);
        }
        if let Some((key, reason)) = self.unresolved.get(cell) {
            return Ok(Told::Unresolved(self.named(key, Some(reason))));
        }
        if let Some((_, value)) = self.map.get(cell) {
            return Ok(Told::Value(value.clone()));
        }
        if let Some(codes) = self.reading.foreign(cell, day) {
            return Ok(Told::Unresolved(self.named(&codes, Some(&REASON.into()))));
        }
        match self.reading.value(cell, library, day) {
            Some(value) => Ok(Told::Value(value)),
            None => self.not_understood(cell, self.otherwise),
        }
    }

    /// Which of its cells certainly tell a value, and one that need not be looked at if nothing reads it;
    /// none if that is not clear.
    pub(super) fn plainness(&self) -> Option<Plainness> {
        let numbers = match &self.reading {
            Reading::Number(amount) => amount.allows_zero() && self.knows_no_number(),
            _ => false,
        };
        let has_exceptions = [!self.missing.is_empty(), !self.unresolved.is_empty()];
        let has_exceptions = has_exceptions.contains(&true) || !self.map.is_empty();
        match self.reading {
            _ if numbers => Some(Plainness::Numbers),
            Reading::Text if !has_exceptions && self.reject.is_empty() => Some(Plainness::Texts),
            _ => None,
        }
    }

    /// What its plain cells say that is counted.
    pub(super) fn plain(&self) -> Plain<'_> {
        if !is_value(&self.to) {
            return Plain::Nothing;
        }
        match (&self.reading, self.times()) {
            (Reading::Number(amount), Some(times)) if self.to == FIRST_VALUE => {
                let unit = amount.unit.as_ref();
                unit.map_or(Plain::Unclear, |unit| Plain::Worth { unit, times })
            }
            _ => Plain::Unclear,
        }
    }

    /// What its plain numbers are multiplied by; none if it holds none, or something is said of single ones.
    pub(super) fn times(&self) -> Option<i128> {
        let Reading::Number(amount) = &self.reading else {
            return None;
        };
        let times = amount.times.as_ref();
        let times = times.map_or(Some(1), |times| times.to_string().parse().ok())?;
        (amount.allows_zero() && self.knows_no_number()).then_some(times)
    }

    /// Whether what the profile says of single cells is said of no number.
    fn knows_no_number(&self) -> bool {
        let cells = self.missing.iter().map(AsRef::as_ref);
        let keys = self.map.keys().chain(self.unresolved.keys());
        let mut all = cells.chain(keys.chain(self.reject.keys()));
        all.all(|key| {
            !key.starts_with(|letter: char| letter.is_ascii_digit() || "?*".contains(letter))
        })
    }

    fn not_understood(&self, cell: &str, otherwise: Otherwise) -> Result<Told, Rejection> {
        match otherwise {
            Otherwise::Unknown => Ok(Told::Nothing),
            Otherwise::Listed => Ok(Told::Unresolved(self.named(cell, None))),
            Otherwise::Reject => {
                Err(self.rejection(cell, format!("expected {}", self.reading.expected())))
            }
        }
    }

    fn rejection(&self, cell: &str, cause: String) -> Rejection {
        Rejection {
            column: Arc::clone(&self.column),
            found: cell.to_owned(),
            cause,
        }
    }

    /// What the edition of a record's customs code does to the code.
    fn edition(&self, edition: Option<&Arc<str>>, cell: &str) -> Told {
        match edition {
            Some(edition) if edition.as_ref() == OURS => Told::Nothing,
            Some(_) => Told::Withdrawn(self.named(cell, Some(&REASON.into()))),
            None => Told::Withdrawn(self.named(cell, None)),
        }
    }

    fn named(&self, name: &str, reason: Option<&Arc<str>>) -> Unresolved {
        Unresolved {
            column: Arc::clone(&self.column),
            to: self.to.as_str().into(),
            name: name.into(),
            reason: reason.cloned(),
            rows: 1,
        }
    }
}

/// What the plain cells of a column say that is counted.
pub(super) enum Plain<'f> {
    /// Nothing.
    Nothing,
    /// What the only item of a record is worth, in a unit, before it is multiplied.
    Worth { unit: &'f Arc<str>, times: i128 },
    /// Something that only the record as a whole tells.
    Unclear,
}

/// Which cells of a column certainly tell a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plainness {
    /// Plain numbers.
    Numbers,
    /// Short texts.
    Texts,
}

impl Plainness {
    /// Whether a cell is one of them.
    pub(super) fn takes(self, cell: &[u8]) -> bool {
        match self {
            Self::Numbers => digits::Plain::read(cell).is_some(),
            Self::Texts => is_plain_text(cell),
        }
    }
}

/// Where an application states what its first item is worth.
const FIRST_VALUE: &str = "/items/0/value";

/// Whether a place in an application holds what an item is worth, or the unit of it.
fn is_value(place: &str) -> bool {
    let rest = place
        .strip_prefix("/items/")
        .and_then(|rest| rest.split_once('/'));
    rest.is_some_and(|(_, rest)| rest == "value" || rest.starts_with("value/"))
}

/// Up to 100 characters that begin and end with no blank.
pub(super) fn is_plain_text(cell: &[u8]) -> bool {
    let ends = [cell.first(), cell.last()];
    let visible = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    cell.len() <= 100 && ends.into_iter().all(visible) && std::str::from_utf8(cell).is_ok()
}

/// The text of a cell without blanks around it.
pub(super) fn text<'c>(cell: &'c [u8], column: &Arc<str>) -> Result<&'c str, Rejection> {
    let text = std::str::from_utf8(cell).map_err(|_| Rejection {
        column: Arc::clone(column),
        found: String::from_utf8_lossy(cell).into_owned(),
        cause: "expected UTF-8 text".to_owned(),
    })?;
    Ok(text.trim())
}
