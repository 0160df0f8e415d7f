//! What a table is: publisher, licence, years, hash.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Files, missing};
use crate::source::{Diagnostic, Document, Place, Problems, sha256};
use crate::time::Date;

/// A column of a table.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub ty: String,
    /// Unit of its numbers.
    pub unit: Option<String>,
    /// What it means.
    pub meaning: String,
}

/// A table's description, from its `.json` file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its id, the name of its folder.
    pub table: String,
    /// Its title.
    pub title: String,
    /// Who publishes the figures or facts.
    pub publisher: String,
    /// Under which licence.
    pub licence: String,
    /// Where they are published.
    pub url: String,
    /// The publisher's files that it was made from.
    pub source_file: String,
    /// The day on which they were taken.
    pub retrieved: String,
    /// Limits that a reader must know.
    pub note: String,
    /// First and last year.
    pub years: Option<(i16, i16)>,
    /// The first day on which rows without a start are trusted.
    pub known_from: Option<String>,
    /// How old a figure may be, in years.
    pub max_age_years: Option<i16>,
    /// Whether the table as a whole was checked against its source.
    pub verified: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of the CSV file.
    pub sha256: String,
}

impl Table {
    /// The first day on which rows without a start are trusted.
    pub fn known_from(&self) -> Option<Date> {
        self.known_from.as_deref().and_then(Date::parse)
    }
}

/// The tables that the engine reads; further ones in the folder are only listed.
pub(super) const NEEDED: [&str; 14] = [
    "comtrade_codes",
    "destinations",
    "destination_names",
    "group_index",
    "groups",
    "control_entries",
    "control_reasons",
    "entry_crosswalk",
    "entry_notes",
    "hs_correlation",
    "listings",
    "ucdp",
    "vdem",
    "wgi",
];

pub(super) fn read_all(files: &Files<'_>, problems: &mut Problems) -> BTreeMap<Arc<str>, Table> {
    let mut tables = BTreeMap::new();
    for name in NEEDED {
        match read(files, name) {
            Ok(table) => {
                tables.insert(Arc::from(name), table);
            }
            Err(found) => problems.extend(found),
        }
    }
    tables
}

fn read(files: &Files<'_>, name: &str) -> Result<Table, Problems> {
    let (path, data) = (format!("{name}/{name}.json"), format!("{name}/{name}.csv"));
    let description = files.get(path.as_str()).ok_or_else(|| missing(&path))?;
    let bytes = files.get(data.as_str()).ok_or_else(|| missing(&data))?;
    let document = Document::from_bytes(&path, description)?;
    let table: Table = serde_json::from_value(document.json()?.into_value()).map_err(|error| {
        Diagnostic::error("D103", error.to_string(), "the description of a table")
            .at(document.place(""))
    })?;
    let found = sha256(bytes);
    if found == table.sha256 {
        return Ok(table);
    }
    let expected = format!("{}, as {path} states", table.sha256);
    let error = Diagnostic::error("D102", format!("SHA-256 {found}"), expected);
    let help = "the file was changed after it was made: make it again with `cargo xtask data`";
    Err(error
        .help(help)
        .at(Place {
            document: data,
            ..Place::default()
        })
        .into())
}

/// One hash over the names and hashes of all tables.
pub(super) fn hash_of(tables: &BTreeMap<Arc<str>, Table>) -> String {
    let lines: String = tables
        .iter()
        .map(|(name, table)| format!("{name} {}\n", table.sha256))
        .collect();
    sha256(lines.as_bytes())
}
