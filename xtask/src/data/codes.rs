//! From other publishers' codes and names to our destination codes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};

use super::destination_names::key;
use super::source::{Row, Source};
use super::table::Rows;

/// The destinations, their names, and the code schemes of the risk tables.
#[derive(Debug)]
pub(super) struct Codes {
    current: BTreeSet<String>,
    all: BTreeSet<String>,
    by_name: BTreeMap<String, Vec<String>>,
    schemes: BTreeMap<(String, String), Vec<Span>>,
}

/// The years in which a scheme's code means a destination.
#[derive(Debug, Clone)]
pub(super) struct Span {
    /// Our code; empty where the code is known and deliberately has no destination.
    pub(super) destination: String,
    /// First year, inclusive.
    pub(super) from: i16,
    /// Last year, inclusive.
    pub(super) to: i16,
}

impl Codes {
    /// Reads `xtask/facts/schemes.csv` and indexes the tables made so far.
    pub(super) fn new(source: &Source, destinations: &Rows, names: &Rows) -> Result<Self> {
        let mut codes = Self {
            current: BTreeSet::new(),
            all: BTreeSet::new(),
            by_name: BTreeMap::new(),
            schemes: BTreeMap::new(),
        };
        for row in destinations {
            codes.add_destination(row);
        }
        for row in names {
            codes.add_name(row);
        }
        for row in source.facts("schemes.csv")? {
            codes.add_scheme(&row)?;
        }
        Ok(codes)
    }

    fn add_destination(&mut self, row: &[String]) {
        let [code, _, _, _, _, until] = row else {
            return;
        };
        if until.is_empty() {
            self.current.insert(code.clone());
        }
        self.all.insert(code.clone());
    }

    fn add_name(&mut self, row: &[String]) {
        if let [name, code, ..] = row {
            self.by_name
                .entry(key(name))
                .or_default()
                .push(code.clone());
        }
    }

    fn add_scheme(&mut self, row: &Row) -> Result<()> {
        let at = (row.get("scheme")?.to_owned(), row.get("code")?.to_owned());
        let destination = row.get("destination")?.to_owned();
        if !destination.is_empty() && !self.all.contains(&destination) {
            return Err(row.wrong(
                "destination",
                &destination,
                "a code of the destinations table",
            ));
        }
        let span = Span {
            destination,
            from: row.year("from_year")?,
            to: row.year("to_year")?,
        };
        self.schemes.entry(at).or_default().push(span);
        Ok(())
    }

    /// Whether this is a code of the destinations table.
    pub(super) fn knows(&self, code: &str) -> bool {
        self.all.contains(code)
    }

    /// The codes of today's destinations, in order.
    pub(super) fn current(&self) -> impl Iterator<Item = &str> {
        self.current.iter().map(String::as_str)
    }

    /// The one destination that a name means.
    pub(super) fn named(&self, name: &str) -> Result<&str> {
        self.by_name
            .get(&key(name))
            .and_then(|codes| codes.first())
            .map(String::as_str)
            .ok_or_else(|| anyhow!("found \"{name}\"; expected a name in destination_names"))
    }

    /// Whether a name means some destination.
    pub(super) fn names(&self, name: &str) -> bool {
        self.by_name.contains_key(&key(name))
    }

    /// The destination that a scheme's code means in a year; empty where there is none on purpose.
    pub(super) fn scheme(&self, scheme: &str, code: &str, year: i16) -> Option<&str> {
        let spans = self.schemes.get(&(scheme.to_owned(), code.to_owned()))?;
        let span = spans
            .iter()
            .find(|span| (span.from..=span.to).contains(&year));
        Some(span.map_or("", |span| span.destination.as_str()))
    }

    /// The destination of a scheme that uses alpha-3 codes, save where the scheme says otherwise.
    pub(super) fn country(&self, scheme: &str, code: &str, year: i16) -> Option<&str> {
        let own = self.scheme(scheme, code, year);
        own.or_else(|| self.by_name.get(&key(code))?.first().map(String::as_str))
    }

    /// Every period of a scheme.
    pub(super) fn spans(&self, scheme: &str) -> impl Iterator<Item = &Span> {
        let of_scheme = self
            .schemes
            .iter()
            .filter(move |((name, _), _)| name == scheme);
        of_scheme.flat_map(|(_, spans)| spans)
    }
}
