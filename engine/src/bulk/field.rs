//! One column of a table and the fact that it feeds.

use std::sync::Arc;

use serde_json::Value;

use super::answer::Rejection;
use super::choices::Choices;
use super::convert::Reading;
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

/// The text of a cell without blanks around it.
pub(super) fn text<'c>(cell: &'c [u8], column: &Arc<str>) -> Result<&'c str, Rejection> {
    let text = std::str::from_utf8(cell).map_err(|_| Rejection {
        column: Arc::clone(column),
        found: String::from_utf8_lossy(cell).into_owned(),
        cause: "expected UTF-8 text".to_owned(),
    })?;
    Ok(text.trim())
}
