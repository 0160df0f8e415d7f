//! Destinations, and the names by which publishers know them.

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::rows::Reader;
use crate::time::{Date, Period};

/// A country or territory.
#[derive(Clone, Debug)]
pub struct Destination {
    /// ISO 3166-1 alpha-2; for former states their former code.
    pub code: Arc<str>,
    /// ISO 3166-1 alpha-3.
    pub alpha3: Option<Arc<str>>,
    /// Its English short name.
    pub name: Arc<str>,
    /// When it existed under this code.
    pub period: Period,
}

#[derive(Clone, Debug)]
struct Name {
    code: Arc<str>,
    period: Period,
}

/// All destinations and their names.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    by_code: BTreeMap<Arc<str>, Destination>,
    names: BTreeMap<String, Vec<Name>>,
}

impl Destinations {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = Self::default();
        rows.each("destinations", |row| {
            let destination = Destination {
                code: row.shared("code"),
                alpha3: row.optional("alpha3"),
                name: row.shared("name"),
                period: row.period("valid_from", "valid_until"),
            };
            found
                .by_code
                .insert(Arc::clone(&destination.code), destination);
        });
        found.add_own_names();
        rows.each("destination_names", |row| {
            let name = Name {
                code: row.shared("code"),
                period: row.period("from", "until"),
            };
            found
                .names
                .entry(plain(row.text("name")))
                .or_default()
                .push(name);
        });
        found
    }

    fn add_own_names(&mut self) {
        for destination in self.by_code.values() {
            let period = destination.period;
            let own = [
                Some(&destination.code),
                destination.alpha3.as_ref(),
                Some(&destination.name),
            ];
            for text in own.into_iter().flatten() {
                let name = Name {
                    code: Arc::clone(&destination.code),
                    period,
                };
                self.names.entry(plain(text)).or_default().push(name);
            }
        }
    }

    /// A destination by its code.
    pub fn get(&self, code: &str) -> Option<&Destination> {
        self.by_code.get(code)
    }

    /// The name of a code, or the code itself.
    pub fn name<'d>(&'d self, code: &'d str) -> &'d str {
        self.get(code).map_or(code, |destination| &destination.name)
    }

    /// All destinations in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Destination> {
        self.by_code.values()
    }

    /// The code of a name, a code or a number on a day, if all that match agree.
    ///
    /// Letters and digits count, case and marks do not.
    pub fn resolve(&self, text: &str, day: Date) -> Option<&Arc<str>> {
        let named = self.names.get(&plain(text))?;
        let mut codes: Vec<&Arc<str>> = named
            .iter()
            .filter(|name| name.period.contains(day))
            .map(|name| &name.code)
            .collect();
        codes.sort();
        codes.dedup();
        match codes.as_slice() {
            [code] => Some(code),
            _ => None,
        }
    }

    pub(super) fn labels(&self) -> BTreeMap<Arc<str>, Arc<str>> {
        self.iter()
            .map(|destination| (Arc::clone(&destination.code), Arc::clone(&destination.name)))
            .collect()
    }
}

/// A name reduced to its letters and digits in lower case, so that spellings meet.
pub(super) fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
