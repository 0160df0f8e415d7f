//! Reasons for control and chart columns of the US entries that concern surveillance.

use std::collections::BTreeSet;

use anyhow::Result;

use super::source::Source;
use super::table::{Rows, row};

const REASONS: [&str; 11] = [
    "AT", "CB", "CC", "EI", "FC", "MT", "NP", "NS", "RS", "SL", "UN",
];

/// The rows of `control_reasons`: reasons hold for a code and everything beneath it.
pub(super) fn rows(source: &Source, entries: &Rows) -> Result<Rows> {
    let known = codes(entries, "ccl");
    let mut rows = Rows::new();
    for fact in source.facts("reasons.csv")? {
        let reason = fact.word("reason", &REASONS)?;
        let (column, basis) = (fact.get("column")?, fact.get("basis")?);
        let verified = fact.flag("verified")?;
        for code in fact.get("codes")?.split_whitespace() {
            if !known.contains(code) {
                return Err(fact.wrong("codes", code, "a code of control_entries"));
            }
            rows.push(row(["ccl", code, &reason, column, basis, &verified]));
        }
    }
    Ok(rows)
}

/// The codes of one list.
pub(super) fn codes<'a>(entries: &'a Rows, list: &str) -> BTreeSet<&'a str> {
    let of_list = entries
        .iter()
        .filter(|row| row.first().is_some_and(|l| l == list));
    of_list
        .filter_map(|row| row.get(1))
        .map(String::as_str)
        .collect()
}
