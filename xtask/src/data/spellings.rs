//! Checks that every spelling in the trade and licensing files means a destination, or is known
//! to mean none.

use std::collections::BTreeSet;

use anyhow::Result;

use super::codes::Codes;
use super::samples::{DECISIONS, TRADE};
use super::source::Source;

/// Fails at the first spelling that nobody has looked at.
pub(super) fn check(source: &Source, codes: &Codes) -> Result<()> {
    let mut unresolved = BTreeSet::new();
    for row in source.facts("unresolved_names.csv")? {
        let name = row.get("name")?;
        if codes.names(name) {
            return Err(row.wrong("name", name, "a spelling without a destination"));
        }
        unresolved.insert(name.to_owned());
    }
    for file in TRADE.into_iter().chain([DECISIONS]) {
        for row in source.sheet(file)? {
            let name = row.get("country")?;
            if !codes.names(name) && !unresolved.contains(name) {
                let expected = "a spelling in destination_names.csv or unresolved_names.csv";
                return Err(row.wrong("country", name, expected));
            }
        }
    }
    Ok(())
}
