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
    /// ISO 3166-1 numeric, in three digits.
    pub numeric: Option<Arc<str>>,
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
    codes: BTreeMap<CodeSystem, BTreeMap<Arc<str>, Vec<Name>>>,
}

/// Whose codes the cells of a column are: one number means different destinations to different publishers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeSystem {
    /// ISO 3166-1: two letters, three letters, or the number.
    Iso,
    /// The numbers of UN Comtrade and of BACI, in the years in which each is used.
    Comtrade,
}

impl CodeSystem {
    /// The words that a profile may write.
    pub const WORDS: [&'static str; 2] = ["iso", "comtrade"];

    /// What a word means.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "iso" => Some(Self::Iso),
            "comtrade" => Some(Self::Comtrade),
            _ => None,
        }
    }
}

impl Destinations {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = Self::default();
        rows.each("destinations", |row| {
            let destination = Destination {
                code: row.shared("code"),
                alpha3: row.optional("alpha3"),
                numeric: row.optional("numeric"),
                name: row.shared("name"),
                period: row.period("valid_from", "valid_until"),
            };
            found
                .by_code
                .insert(Arc::clone(&destination.code), destination);
        });
        found.add_own_names();
        found.add_codes();
        rows.each("comtrade_codes", |row| {
            let name = Name {
                code: row.shared("code"),
                period: row.period("from", "until"),
            };
            found.add_code(CodeSystem::Comtrade, &row.shared("numeric"), name);
        });
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

    fn add_codes(&mut self) {
        for destination in self.by_code.clone().into_values() {
            let own = [
                Some(&destination.code),
                destination.alpha3.as_ref(),
                destination.numeric.as_ref(),
            ];
            for text in own.into_iter().flatten() {
                let name = Name {
                    code: Arc::clone(&destination.code),
                    period: destination.period,
                };
                self.add_code(CodeSystem::Iso, text, name);
            }
        }
    }

    fn add_code(&mut self, system: CodeSystem, text: &Arc<str>, name: Name) {
        let codes = self.codes.entry(system).or_default();
        codes.entry(Arc::clone(text)).or_default().push(name);
    }

    /// The destination of a code of a publisher on a day, if there is exactly one.
    ///
    /// A number needs no 0 in front. A number that Comtrade does not use is read as ISO's.
    pub fn of_code(&self, text: &str, system: CodeSystem, day: Date) -> Option<&Arc<str>> {
        let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = if number {
            format!("{:0>3}", text.trim_start_matches('0'))
        } else {
            text.to_owned()
        };
        let known = |system| self.codes.get(&system)?.get(code.as_str());
        let names = match system {
            CodeSystem::Comtrade if !number => None,
            CodeSystem::Comtrade => known(system).or_else(|| known(CodeSystem::Iso)),
            CodeSystem::Iso => known(system),
        };
        only(names?.iter().filter(|name| name.period.contains(day)))
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
    /// Letters and digits count, case and marks do not. A former state is named by nothing on days on which
    /// it no longer was.
    pub fn resolve(&self, text: &str, day: Date) -> Option<&Arc<str>> {
        let named = self.names.get(&plain(text))?;
        let exists = |name: &&Name| {
            let destination = self.by_code.get(&name.code);
            let existed = destination.is_some_and(|found| found.period.contains(day));
            existed && name.period.contains(day)
        };
        only(named.iter().filter(exists))
    }

    pub(super) fn labels(&self) -> BTreeMap<Arc<str>, Arc<str>> {
        self.iter()
            .map(|destination| (Arc::clone(&destination.code), Arc::clone(&destination.name)))
            .collect()
    }
}

/// The code on which all names agree.
fn only<'n>(names: impl Iterator<Item = &'n Name>) -> Option<&'n Arc<str>> {
    let mut codes: Vec<&Arc<str>> = names.map(|name| &name.code).collect();
    codes.sort();
    codes.dedup();
    match codes.as_slice() {
        [code] => Some(code),
        _ => None,
    }
}

/// A name reduced to its letters and digits in lower case, so that spellings meet.
pub(super) fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
