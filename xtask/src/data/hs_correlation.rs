//! Which control entries an HS code may cover. Nobody publishes this: it is our reading.

use std::collections::BTreeSet;

use anyhow::Result;

use super::control_reasons::codes;
use super::source::{Row, Source};
use super::table::{Rows, row};

/// The rows of `hs_correlation`.
pub(super) fn rows(source: &Source, entries: &Rows) -> Result<Rows> {
    let nomenclature = nomenclature(source)?;
    let mut rows = Rows::new();
    for fact in source.facts("hs.csv")? {
        for hs in fact.get("hs")?.split_whitespace() {
            if !nomenclature.contains(hs) {
                return Err(fact.wrong("hs", hs, "a six-digit code of HS 2022"));
            }
            for list in ["annex_i", "ccl"] {
                correlate(&fact, hs, list, entries, &mut rows)?;
            }
        }
    }
    Ok(rows)
}

fn correlate(fact: &Row, hs: &str, list: &str, entries: &Rows, rows: &mut Rows) -> Result<()> {
    let known = codes(entries, list);
    let (basis, verified) = (fact.get("basis")?, fact.flag("verified")?);
    for code in fact.get(list)?.split_whitespace() {
        if !known.contains(code) {
            return Err(fact.wrong(list, code, "a code of control_entries"));
        }
        rows.push(row([hs, "HS 2022", list, code, basis, &verified]));
    }
    Ok(())
}

fn nomenclature(source: &Source) -> Result<BTreeSet<String>> {
    let mut codes = BTreeSet::new();
    for fact in source.sheet("hs/harmonized-system.csv")? {
        if fact.get("level")? == "6" {
            codes.insert(fact.get("hscode")?.to_owned());
        }
    }
    Ok(codes)
}
