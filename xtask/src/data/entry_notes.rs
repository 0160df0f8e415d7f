//! Which exclusion notes belong to which control entry.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::control_reasons::codes;
use super::source::{Row, Source};
use super::table::{Rows, row};

const CATALOGUE: &str = "rulesets/facts.json";

/// The rows of `entry_notes`: a row for each code and each exclusion.
pub(super) fn rows(source: &Source, entries: &Rows) -> Result<Rows> {
    let exclusions = exclusions()?;
    let mut rows = Rows::new();
    for fact in source.facts("entry_notes.csv")? {
        let list = fact.word("list", &["annex_i", "ccl"])?;
        let known = codes(entries, &list);
        for code in fact.get("codes")?.split_whitespace() {
            if !known.contains(code) {
                return Err(fact.wrong("codes", code, "a code of control_entries"));
            }
            notes(&fact, &list, code, &exclusions, &mut rows)?;
        }
    }
    Ok(rows)
}

fn notes(
    fact: &Row,
    list: &str,
    code: &str,
    known: &BTreeSet<String>,
    rows: &mut Rows,
) -> Result<()> {
    let (basis, verified) = (fact.get("basis")?, fact.flag("verified")?);
    for exclusion in fact.get("exclusions")?.split_whitespace() {
        if !known.contains(exclusion) {
            let expected = format!("a code of the set `exclusion` in {CATALOGUE}");
            return Err(fact.wrong("exclusions", exclusion, &expected));
        }
        rows.push(row([list, code, exclusion, basis, &verified]));
    }
    Ok(())
}

/// The exclusions that the catalogue of facts knows.
fn exclusions() -> Result<BTreeSet<String>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = home.parent().unwrap_or(home).join(CATALOGUE);
    let bytes = fs::read(path).with_context(|| format!("{CATALOGUE}: cannot read"))?;
    let catalogue: Value = serde_json::from_slice(&bytes).with_context(|| CATALOGUE.to_owned())?;
    let Some(values) = catalogue.pointer("/code_sets/exclusion/values") else {
        bail!("{CATALOGUE}: found no code set `exclusion`; expected one with values");
    };
    let codes = values.as_object().into_iter().flatten();
    Ok(codes.map(|(code, _)| code.clone()).collect())
}
