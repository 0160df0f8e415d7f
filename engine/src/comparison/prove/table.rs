//! What parts of conditions say for each value of what they read: decisions that share equal branches.

use rustc_hash::FxHashMap;

use super::domain::Var;
use crate::facts::Truth;

/// Where a variable stands: an application's fact, or a field of a list's member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum At {
    /// The application or its item.
    Whole,
    /// The member that a quantifier's variable stands for, by the variable's depth.
    Depth(usize),
    /// A member by its position.
    Member(usize),
}

/// A variable in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) var: Var,
    pub(super) at: At,
}

/// The number of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TableId(usize);

/// A decision, or a truth once all is decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Table {
    /// Nothing is left to decide.
    Is(Truth),
    /// One table for each value of a variable.
    Value(Place, Vec<TableId>),
    /// Whether a set is known at all: no, yes.
    Known(Place, [TableId; 2]),
    /// Whether a set may hold codes that nobody named: no, yes.
    Open(Place, [TableId; 2]),
    /// Whether a set holds a code, by its position: no, perhaps, yes.
    Holds(Place, usize, [TableId; 3]),
    /// Each member of a set decides by itself.
    Spread(Place, Spread),
}

/// How a condition depends on a set of which each member decides by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Spread {
    /// Whether it fails where it fails for one member; else it holds where it holds for one.
    pub(super) every: bool,
    /// The truth for the empty set, for an unknown one, and where only unnamed members may be there.
    pub(super) empty: Truth,
    pub(super) unknown: Truth,
    pub(super) open: Truth,
    /// For each code the truth where it alone is certain.
    pub(super) certain: Vec<Truth>,
    /// For each code the truth where it alone is possible.
    pub(super) possible: Vec<Truth>,
}

impl Spread {
    /// Whether a code changes nothing, certain or possible.
    pub(super) fn ignores(&self, code: usize) -> bool {
        let weighed = |truths: &Vec<Truth>| {
            let truth = truths.get(code).copied().unwrap_or(self.empty);
            if self.every {
                truth >= self.empty
            } else {
                truth <= self.empty
            }
        };
        weighed(&self.certain) && weighed(&self.possible)
    }
}

/// All tables; equal ones are one.
#[derive(Debug, Default)]
pub(super) struct Tables {
    tables: Vec<Table>,
    known: FxHashMap<Table, TableId>,
}

impl Tables {
    /// The table; a decision whose branches are all the same is no decision.
    pub(super) fn add(&mut self, table: Table) -> TableId {
        let branches: &[TableId] = match &table {
            Table::Is(_) | Table::Spread(..) => &[],
            Table::Value(_, branches) => branches,
            Table::Known(_, branches) | Table::Open(_, branches) => branches,
            Table::Holds(_, _, branches) => branches,
        };
        if let [first, rest @ ..] = branches
            && rest.iter().all(|other| other == first)
        {
            return *first;
        }
        if let Some(known) = self.known.get(&table) {
            return *known;
        }
        let id = TableId(self.tables.len());
        self.tables.push(table.clone());
        self.known.insert(table, id);
        id
    }

    pub(super) fn get(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.0)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }
}
