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

/// What a condition reads. Everything answers unknown rather than failing.
pub trait Environment {
    /// The value of a fact.
    fn fact(&self, id: FactId) -> Value;
    /// Whether a country belongs to a group on the day asked about.
    fn group(&self, country: &str, group: &str) -> Truth;
    /// The latest figure of an indicator for a country, or for the destination.
    fn indicator(&self, name: &str, country: Option<&str>) -> Value;
    /// The value of a parameter on the day asked about.
    fn parameter(&self, name: &str) -> Value;
    /// The value of a definition.
    fn definition(&self, name: &str) -> Value;
    /// How a definition's value came about.
    fn definition_trace(&self, name: &str) -> Trace;
    /// Whether the destination is marked in a column of the country chart.
    fn charted(&self, column: &str) -> Truth;
    /// Whether a party is matched to an entry of a list in force on the day asked about.
    fn listed(&self, party: &Record, list: &str) -> Truth;
    /// Whether a code is another or stands under it.
    fn is_under(&self, code: &str, ancestor: &str) -> bool;
    /// Takes note of a problem in the data.
    fn problem(&self, problem: Problem);
}
