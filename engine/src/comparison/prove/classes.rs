//! Values that no condition tells apart, as one.

use std::collections::BTreeMap;

use super::domain::{Domain, Space, Var};
use super::table::{Table, TableId, Tables};
use crate::facts::Truth;

/// For each variable its values in classes.
#[derive(Debug)]
pub(super) struct Classes(BTreeMap<Var, Vec<Vec<usize>>>);

/// All that tables make of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Signature {
    branches: Vec<TableId>,
    alone: Vec<(Truth, Truth)>,
    /// The value's own position, where it is told from every other.
    own: Option<usize>,
    matters: bool,
}

impl Classes {
    pub(super) fn new(space: &Space<'_>, tables: &Tables) -> Self {
        let mut signatures: BTreeMap<&Var, Vec<Signature>> = BTreeMap::new();
        for (var, domain) in space.domains() {
            let mut signature = vec![Signature::default(); domain.len()];
            if matches!(domain, Domain::Values(_)) {
                signature.iter_mut().for_each(|one| one.matters = true);
            }
            if matches!(var, Var::Length(_)) {
                (0..)
                    .zip(&mut signature)
                    .for_each(|(at, one)| one.own = Some(at));
            }
            signatures.insert(var, signature);
        }
        for table in tables.iter() {
            sign(table, &mut signatures);
        }
        let classes = signatures.into_iter().map(|(var, signatures)| {
            let mut classes: BTreeMap<Signature, Vec<usize>> = BTreeMap::new();
            for (at, signature) in signatures.into_iter().enumerate() {
                if signature.matters {
                    classes.entry(signature).or_default().push(at);
                }
            }
            let mut classes: Vec<Vec<usize>> = classes.into_values().collect();
            classes.sort();
            (var.clone(), classes)
        });
        Self(classes.collect())
    }

    /// The classes of a variable, each with the positions of its values.
    pub(super) fn of(&self, var: &Var) -> &[Vec<usize>] {
        self.0.get(var).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many variables there are, and how many classes of their values.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.0.len(), self.0.values().map(Vec::len).sum())
    }
}

fn sign(table: &Table, signatures: &mut BTreeMap<&Var, Vec<Signature>>) {
    match table {
        Table::Value(place, branches) => {
            let values = signatures.get_mut(&place.var).into_iter().flatten();
            values
                .zip(branches)
                .for_each(|(value, branch)| value.branches.push(*branch));
        }
        Table::Holds(place, code, _) => {
            let codes = signatures.get_mut(&place.var);
            if let Some(signature) = codes.and_then(|codes| codes.get_mut(*code)) {
                signature.own = Some(*code);
                signature.matters = true;
            }
        }
        Table::Spread(place, spread) => {
            let codes = signatures.get_mut(&place.var).into_iter().flatten();
            let alone = spread.certain.iter().zip(&spread.possible);
            for ((at, signature), (certain, possible)) in codes.enumerate().zip(alone) {
                signature.alone.push((*certain, *possible));
                signature.matters |= !spread.ignores(at);
            }
        }
        Table::Is(_) | Table::Known(..) | Table::Open(..) => {}
    }
}
