//! What a condition asks while it is evaluated.

use super::trace::Trace;
use crate::facts::{FactId, Record, Truth, Value};

/// Something in the data that kept a condition from having a value. It makes the value unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// A division by zero.
    DivisionByZero,
    /// A date that does not exist.
    NoSuchDate,
    /// A text that is no duration.
    NoSuchDuration,
    /// A number past 34 digits or past decimal128's exponent; a date out of range.
    OutOfRange,
}

/// Several problems, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProblemSet(u8);

impl ProblemSet {
    const ALL: [Problem; 4] = [
        Problem::DivisionByZero,
        Problem::NoSuchDate,
        Problem::NoSuchDuration,
        Problem::OutOfRange,
    ];

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These and those.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Problem> {
        let problems = Self::ALL.into_iter();
        problems.filter(move |problem| self.0 & Self::from(*problem).0 != 0)
    }
}

impl From<Problem> for ProblemSet {
    fn from(problem: Problem) -> Self {
        Self(match problem {
            Problem::DivisionByZero => 1,
            Problem::NoSuchDate => 2,
            Problem::NoSuchDuration => 4,
            Problem::OutOfRange => 8,
        })
    }
}

impl Problem {
    /// A sentence without its stop.
    pub fn text(self) -> &'static str {
        match self {
            Self::DivisionByZero => "a division by zero in the data",
            Self::NoSuchDate => "a date in the data does not exist",
            Self::NoSuchDuration => "a text in the data is no duration",
            Self::OutOfRange => "a value computed from the data is out of range",
        }
    }
}

/// What a condition reads. Everything answers unknown rather than failing, and does so by default.
pub trait Environment {
    /// The value of a fact.
    fn fact(&self, _id: FactId) -> Value {
        Value::Unknown
    }

    /// Whether a country belongs to a group on the day asked about.
    fn group(&self, _country: &str, _group: &str) -> Truth {
        Truth::Unknown
    }

    /// The latest figure of an indicator for a country, or for the destination.
    fn indicator(&self, _name: &str, _country: Option<&str>) -> Value {
        Value::Unknown
    }

    /// The value of a parameter on the day asked about.
    fn parameter(&self, _name: &str) -> Value {
        Value::Unknown
    }

    /// The value of a definition.
    fn definition(&self, _name: &str) -> Value {
        Value::Unknown
    }

    /// How a definition's value came about.
    fn definition_trace(&self, name: &str) -> Trace {
        Trace::leaf(name, Value::Unknown)
    }

    /// Whether the destination is marked in a column of the country chart.
    fn charted(&self, _column: &str) -> Truth {
        Truth::Unknown
    }

    /// Whether a party is matched to an entry of a list in force on the day asked about.
    fn listed(&self, _party: &Record, _list: &str) -> Truth {
        Truth::Unknown
    }

    /// Whether a code is another or stands under it.
    fn is_under(&self, code: &str, ancestor: &str) -> bool {
        code == ancestor
    }

    /// Whether a code is one of several, or stands under one; what is no code is passed over.
    fn is_under_any(&self, code: &str, ancestors: &[Value]) -> bool {
        let mut ancestors = ancestors.iter().filter_map(Value::as_text);
        ancestors.any(|ancestor| self.is_under(code, ancestor))
    }

    /// Takes note of a problem in the data.
    fn problem(&self, _problem: Problem) {}
}
