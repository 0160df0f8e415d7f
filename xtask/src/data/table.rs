//! A finished table: sorted rows as CSV, and the facts about it as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, anyhow, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::output::Output;
use super::source::Source;

/// Rows of text, in the table's column order.
pub(super) type Rows = Vec<Vec<String>>;

/// What a reader must know about a table, written by hand in `xtask/facts/tables.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meta {
    title: String,
    publisher: String,
    licence: String,
    url: String,
    source_file: String,
    retrieved: String,
    note: String,
    years: Option<[i16; 2]>,
    known_from: Option<String>,
    max_age_years: Option<u8>,
    verified: bool,
    columns: Vec<Column>,
}

/// One column of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    name: String,
    r#type: String,
    unit: Option<String>,
    meaning: String,
}

impl Meta {
    /// The facts about every table, by table.
    pub(super) fn read_all(source: &Source) -> Result<BTreeMap<String, Self>> {
        source.facts_json("tables.json")
    }
}

/// The JSON file beside a table.
#[derive(Debug, Serialize)]
struct Sidecar<'a> {
    table: &'a str,
    #[serde(flatten)]
    meta: &'a Meta,
    rows: usize,
    sha256: String,
}

/// A table ready to be written.
#[derive(Debug)]
pub(super) struct Table<'a> {
    id: &'a str,
    meta: &'a Meta,
    rows: Rows,
}

impl<'a> Table<'a> {
    /// Sorts the rows, drops exact repeats, and checks that each has every column.
    pub(super) fn new(
        id: &'a str,
        mut rows: Rows,
        meta: &'a BTreeMap<String, Meta>,
    ) -> Result<Self> {
        let meta = meta
            .get(id)
            .ok_or_else(|| anyhow!("xtask/facts/tables.json: found no \"{id}\"; expected one"))?;
        let width = meta.columns.len();
        if let Some(row) = rows.iter().find(|row| row.len() != width) {
            bail!(
                "{id}: found a row of {} columns; expected {width}: {row:?}",
                row.len()
            );
        }
        rows.sort();
        rows.dedup();
        Ok(Self { id, meta, rows })
    }

    /// The table's two files.
    pub(super) fn outputs(&self) -> Result<[Output; 2]> {
        let header = self.meta.columns.iter().map(|c| c.name.as_str());
        let csv = to_csv(header, &self.rows)?;
        let sidecar = Sidecar {
            table: self.id,
            meta: self.meta,
            rows: self.rows.len(),
            sha256: sha256(&csv),
        };
        let json = to_json(&sidecar).with_context(|| self.id.to_owned())?;
        Ok([("csv", csv), ("json", json)].map(|(kind, bytes)| self.output(kind, bytes)))
    }

    fn output(&self, kind: &str, bytes: Vec<u8>) -> Output {
        Output {
            path: format!("{id}/{id}.{kind}", id = self.id),
            bytes,
        }
    }
}

/// Rows under a header as CSV with LF line ends.
pub(super) fn to_csv<'a>(
    header: impl IntoIterator<Item = &'a str>,
    rows: &[Vec<String>],
) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

/// A value as indented JSON that ends in a newline.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A row of text from string slices.
pub(super) fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}
