//! Reading the publishers' files and the hand-written facts, with errors that name the place.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail};
use jiff::civil::Date;
use serde::de::DeserializeOwned;

/// The folders that tables are made from.
#[derive(Debug)]
pub(super) struct Source {
    publishers: PathBuf,
    facts: PathBuf,
    kept: PathBuf,
}

impl Source {
    /// A source over the publishers' folder, and the chores' own folder with hand-written facts and the
    /// publishers' files that may be kept here.
    pub(super) fn new(publishers: &Path, home: &Path) -> Self {
        Self {
            publishers: publishers.to_owned(),
            facts: home.join("facts"),
            kept: home.join("sources"),
        }
    }

    /// A publisher's CSV file; `name` is its path inside the folder.
    pub(super) fn sheet(&self, name: &str) -> Result<Vec<Row>> {
        read_csv(&self.publishers.join(name), name, None)
    }

    /// A CSV file of hand-written facts.
    pub(super) fn facts(&self, name: &str) -> Result<Vec<Row>> {
        read_csv(
            &self.facts.join(name),
            &format!("xtask/facts/{name}"),
            Some(b'#'),
        )
    }

    /// A publisher's JSON file.
    pub(super) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        read_json(&self.publishers.join(name), name)
    }

    /// A publisher's JSON file that is kept in this repository.
    pub(super) fn kept_json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        read_json(&self.kept.join(name), &format!("xtask/sources/{name}"))
    }

    /// A JSON file of hand-written facts.
    pub(super) fn facts_json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        read_json(&self.facts.join(name), &format!("xtask/facts/{name}"))
    }
}

/// One record of a CSV file, which knows its file and line.
#[derive(Debug, Clone)]
pub(super) struct Row {
    file: Rc<str>,
    line: u64,
    headers: Rc<[String]>,
    fields: Vec<String>,
}

impl Row {
    /// The value in a column.
    pub(super) fn get(&self, column: &str) -> Result<&str> {
        let at = self.headers.iter().position(|h| h == column);
        at.and_then(|i| self.fields.get(i))
            .map(|v| v.trim())
            .ok_or_else(|| {
                let found = self.headers.join(", ");
                anyhow!(
                    "{}: found columns {found}; expected one named {column}",
                    self.file
                )
            })
    }

    /// The values in some columns, in the order asked for.
    pub(super) fn pick(&self, columns: &[&str]) -> Result<Vec<String>> {
        columns
            .iter()
            .map(|c| self.get(c).map(str::to_owned))
            .collect()
    }

    /// The record's line in its file.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The record as the publisher wrote it, field by field.
    pub(super) fn fields(&self) -> &[String] {
        &self.fields
    }

    /// The columns of the file.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// A year in a column.
    pub(super) fn year(&self, column: &str) -> Result<i16> {
        let text = self.get(column)?;
        text.parse().map_err(|_| self.wrong(column, text, "a year"))
    }

    /// A date in a column, or nothing when the cell is empty.
    pub(super) fn date(&self, column: &str) -> Result<String> {
        let text = self.get(column)?;
        if text.is_empty() || text.parse::<Date>().is_ok() {
            return Ok(text.to_owned());
        }
        Err(self.wrong(column, text, "a date such as 2021-09-09, or nothing"))
    }

    /// One of the allowed words in a column.
    pub(super) fn word(&self, column: &str, allowed: &[&str]) -> Result<String> {
        let text = self.get(column)?;
        if allowed.contains(&text) {
            return Ok(text.to_owned());
        }
        Err(self.wrong(column, text, &format!("one of {}", allowed.join(", "))))
    }

    /// `true` or `false` in a column.
    pub(super) fn flag(&self, column: &str) -> Result<String> {
        self.word(column, &["true", "false"])
    }

    /// An error about this record: what was found and what was expected.
    pub(super) fn wrong(&self, column: &str, found: &str, expected: &str) -> anyhow::Error {
        let (file, line) = (&self.file, self.line);
        anyhow!("{file}:{line}: {column}: found \"{found}\"; expected {expected}")
    }
}

fn read_json<T: DeserializeOwned>(path: &Path, shown: &str) -> Result<T> {
    let bytes = fs::read(path).with_context(|| format!("{shown}: cannot read"))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{shown}: not the JSON expected here"))
}

fn read_csv(path: &Path, shown: &str, comment: Option<u8>) -> Result<Vec<Row>> {
    let text = fs::read_to_string(path).with_context(|| format!("{shown}: cannot read"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .comment(comment)
        .from_reader(text.as_bytes());
    let headers: Rc<[String]> = reader.headers()?.iter().map(str::to_owned).collect();
    if headers.is_empty() {
        bail!("{shown}:1: found an empty file; expected a header row");
    }
    let file: Rc<str> = shown.into();
    reader
        .records()
        .map(|record| row(record, &file, &headers))
        .collect()
}

fn row(
    record: csv::Result<csv::StringRecord>,
    file: &Rc<str>,
    headers: &Rc<[String]>,
) -> Result<Row> {
    let record = record.with_context(|| format!("{file}: a record does not fit its header"))?;
    Ok(Row {
        file: Rc::clone(file),
        line: record.position().map_or(0, csv::Position::line),
        headers: Rc::clone(headers),
        fields: record.iter().map(str::to_owned).collect(),
    })
}

/// Some mirrors of these files use `;`: the header tells.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    if header.contains(';') && !header.contains(',') {
        b';'
    } else {
        b','
    }
}
