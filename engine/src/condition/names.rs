//! What names mean to a condition that is being compiled.

use crate::facts::{CodeSet, FactId, Type};

/// What a condition can refer to besides facts, by a name in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// A country group: `destination in group("eu001")`.
    Group,
    /// An indicator: `indicator("wgi.rule_of_law")`.
    Indicator,
    /// A dated constant of the ruleset: `param("…")`.
    Parameter,
    /// A named condition or table of the ruleset: `define("…")`.
    Definition,
    /// A column of the Commerce Country Chart: `charted("CC1")`.
    Column,
    /// A list of parties: `listed(party, "us.entity_list")`.
    List,
}

impl Reference {
    /// The word for it in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Indicator => "indicator",
            Self::Parameter => "parameter",
            Self::Definition => "definition",
            Self::Column => "chart column",
            Self::List => "list of parties",
        }
    }
}

/// A fact that a path names.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The fact.
    pub fact: FactId,
    /// Its type.
    pub ty: Type,
    /// How many of the path's names are its own; the rest are fields.
    pub names: usize,
    /// Whether conditions may read it.
    pub readable: bool,
}

/// The names that a condition may use.
pub trait Names {
    /// The fact that the path's first names make up, longest first.
    fn fact(&self, path: &[&str]) -> Option<Resolved>;
    /// All facts' paths, for suggestions.
    fn fact_paths(&self) -> Vec<String>;
    /// A set of codes.
    fn code_set(&self, name: &str) -> Option<&CodeSet>;
    /// The type of what a name in quotes refers to; none if there is no such thing.
    fn reference(&self, kind: Reference, name: &str) -> Option<Type>;
    /// All names of a kind, for suggestions.
    fn references(&self, kind: Reference) -> Vec<String>;
    /// Whether `known(…)` may be used: only where no level depends on it.
    fn allows_known(&self) -> bool;
}
