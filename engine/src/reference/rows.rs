//! Rows of a table's CSV file, cell by cell, with errors that say where.

use std::collections::BTreeMap;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::Files;
use super::table::Table;
use crate::facts::Decimal;
use crate::source::{Diagnostic, Place, Problems};
use crate::time::{Date, Period};

/// Reads tables and collects what is wrong with them.
pub(super) struct Reader<'f> {
    pub(super) files: &'f Files<'f>,
    pub(super) tables: &'f BTreeMap<Arc<str>, Table>,
    pub(super) problems: Problems,
}

/// One row, whose cells are taken by the column's name.
pub(super) struct Row<'r> {
    table: &'r str,
    header: &'r StringRecord,
    record: &'r StringRecord,
    problems: &'r mut Problems,
}

impl<'f> Reader<'f> {
    /// The description of a table that was read without an error.
    pub(super) fn table(&self, name: &str) -> Option<&'f Table> {
        self.tables.get(name)
    }

    /// Calls `take` with every row of a table.
    pub(super) fn each(&mut self, name: &str, mut take: impl FnMut(&mut Row<'_>)) {
        let path = format!("{name}/{name}.csv");
        let (Some(bytes), Some(_)) = (self.files.get(path.as_str()), self.table(name)) else {
            return;
        };
        let mut reader = ReaderBuilder::new().from_reader(*bytes);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return self.broken(&path, &error),
        };
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return self.broken(&path, &error),
            }
            take(&mut Row {
                table: name,
                header: &header,
                record: &record,
                problems: &mut self.problems,
            });
        }
    }

    fn broken(&mut self, path: &str, error: &csv::Error) {
        let place = Place {
            document: path.to_owned(),
            ..Place::default()
        };
        self.problems
            .push(Diagnostic::error("D104", error.to_string(), "CSV (RFC 4180)").at(place));
    }
}

impl<'r> Row<'r> {
    /// The text of a cell; empty if the column is missing, which is reported.
    pub(super) fn text(&mut self, column: &str) -> &'r str {
        if let Some(at) = self.header.iter().position(|name| name == column) {
            return self.record.get(at).unwrap_or_default();
        }
        self.report(
            "D105",
            format!("no column `{column}`"),
            "the columns that the .json file names",
        );
        ""
    }

    /// The text of a cell, shared.
    pub(super) fn shared(&mut self, column: &str) -> Arc<str> {
        self.text(column).into()
    }

    /// The text of a cell, unless it is empty.
    pub(super) fn optional(&mut self, column: &str) -> Option<Arc<str>> {
        Some(self.text(column))
            .filter(|text| !text.is_empty())
            .map(Arc::from)
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, column: &str) -> bool {
        self.text(column) == "true"
    }

    /// A day, unless the cell is empty.
    pub(super) fn date(&mut self, column: &str) -> Option<Date> {
        self.read(column, "a date, YYYY-MM-DD", Date::parse)
    }

    /// A decimal number, unless the cell is empty.
    pub(super) fn number(&mut self, column: &str) -> Option<Decimal> {
        self.read(column, "a decimal number", Decimal::parse)
    }

    /// A year, unless the cell is empty.
    pub(super) fn year(&mut self, column: &str) -> Option<i16> {
        self.read(column, "a year", |text| text.parse().ok())
    }

    /// The days from column `from` until column `until`.
    pub(super) fn period(&mut self, from: &str, until: &str) -> Period {
        Period {
            from: self.date(from),
            until: self.date(until),
        }
    }

    /// A value that must be there.
    pub(super) fn required<T>(
        &mut self,
        column: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column);
        let value = parse(text);
        if value.is_none() {
            self.report("D106", format!("\"{text}\" in column `{column}`"), expected);
        }
        value
    }

    fn read<T>(
        &mut self,
        column: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if self.text(column).is_empty() {
            return None;
        }
        self.required(column, expected, parse)
    }

    fn report(&mut self, code: &'static str, found: String, expected: &str) {
        let line = self.record.position().map_or(0, csv::Position::line);
        let document = format!("{0}/{0}.csv line {line}", self.table);
        self.problems
            .push(Diagnostic::error(code, found, expected).at(Place {
                document,
                ..Place::default()
            }));
    }
}
