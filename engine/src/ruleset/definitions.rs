//! Parameters and definitions: what rules share.

use std::sync::Arc;

use super::rule::Citation;
use crate::condition::{Condition, Observed, Table};
use crate::facts::{Type, Value};
use crate::time::{Date, Period};

/// A named constant with dated values.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What it is.
    pub title: Arc<str>,
    /// Its type, with the unit of a number.
    pub ty: Type,
    /// Its values with their periods and citations.
    pub values: Vec<(Period, Value, Citation)>,
}

impl Parameter {
    /// Its value on a day; unknown where none is in force.
    pub fn on(&self, day: Date) -> Value {
        self.values
            .iter()
            .find(|(period, ..)| period.contains(day))
            .map_or(Value::Unknown, |(_, value, _)| value.clone())
    }
}

/// A named condition or decision table.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: Arc<str>,
    /// Words that read well inside a sentence.
    pub title: Arc<str>,
    /// What it means.
    pub meaning: Meaning,
    /// All that it can observe, through other definitions too.
    pub observed: Observed,
}

/// What a definition's value is computed from.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A condition.
    When(Condition),
    /// A decision table.
    Table(Table),
}

impl Definition {
    /// The type of its value.
    pub fn ty(&self) -> &Type {
        match &self.meaning {
            Meaning::When(condition) => condition.ty(),
            Meaning::Table(table) => &table.ty,
        }
    }
}
