//! The sets of codes that are entries of a control list.

use crate::facts::{Catalogue, FactId, Type};

/// The sets of control entries with the control lists that hold them.
pub(crate) const ENTRY_SETS: [(&str, &str); 2] =
    [("annex_i_entry", "annex_i"), ("ccl_entry", "ccl")];

/// The control list whose entries a set of codes holds.
pub(crate) fn entry_list(set: &str) -> Option<&'static str> {
    let found = ENTRY_SETS.iter().find(|(known, _)| *known == set);
    found.map(|(_, list)| *list)
}

/// The facts that hold entries of a control list, each with the list. Where nobody states them, a customs
/// code tells which there may be.
pub(crate) fn entry_facts(
    catalogue: &Catalogue,
) -> impl Iterator<Item = (FactId, &'static str)> + '_ {
    catalogue
        .facts()
        .filter_map(|(id, fact)| match &fact.field.ty {
            Type::Set(set) => Some((id, entry_list(set)?)),
            _ => None,
        })
}
