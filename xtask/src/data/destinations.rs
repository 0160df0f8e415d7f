//! Destinations: ISO 3166-1 alpha-2 codes, with former states and Kosovo added by hand.

use std::collections::BTreeMap;

use anyhow::Result;

use super::source::{Row, Source};
use super::table::Rows;

const COLUMNS: [&str; 6] = [
    "code",
    "alpha3",
    "numeric",
    "name",
    "valid_from",
    "valid_until",
];

/// The rows of `destinations`.
pub(super) fn rows(source: &Source) -> Result<Rows> {
    let mut ours = BTreeMap::new();
    for row in source.facts("destinations.csv")? {
        ours.insert(row.get("code")?.to_owned(), row);
    }
    let mut rows = Rows::new();
    for row in source.sheet("countries/country-codes.csv")? {
        let code = row.get("ISO3166-1-Alpha-2")?.to_owned();
        rows.push(present(&row, &code, ours.remove(&code).as_ref())?);
    }
    for row in ours.into_values() {
        rows.push(added(&row)?);
    }
    Ok(rows)
}

/// A destination of the ISO list, with our name and period where we have them.
fn present(row: &Row, code: &str, ours: Option<&Row>) -> Result<Vec<String>> {
    let alpha3 = row.get("ISO3166-1-Alpha-3")?;
    let numeric = padded(row.get("ISO3166-1-numeric")?);
    let official = row.get("official_name_en")?;
    let name = ours.map_or(Ok(official), |o| o.get("name"))?;
    let from = ours.map_or(Ok(String::new()), |o| o.date("valid_from"))?;
    let cells = [code, alpha3, &numeric, name, &from, ""];
    Ok(cells.map(str::to_owned).to_vec())
}

/// A destination that the ISO list lacks.
fn added(row: &Row) -> Result<Vec<String>> {
    let (code, alpha3) = (row.get("code")?, row.get("alpha3")?);
    if alpha3.len() != 3 {
        return Err(row.wrong(
            "alpha3",
            alpha3,
            &format!("three letters: {code} is not in ISO"),
        ));
    }
    row.date("valid_from")?;
    row.date("valid_until")?;
    row.pick(&COLUMNS)
}

/// A numeric code in three digits.
pub(super) fn padded(code: &str) -> String {
    if code.is_empty() {
        String::new()
    } else {
        format!("{code:0>3}")
    }
}
