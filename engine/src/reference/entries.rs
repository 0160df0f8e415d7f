//! Entries of control lists, with their ancestors, dates and reasons for control.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::Reader;
use crate::facts::Truth;
use crate::time::{Date, Period};

/// A code of a control list.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The entry directly above it.
    pub parent: Option<Arc<str>>,
    /// What it is, in our words; empty outside surveillance.
    pub title: Arc<str>,
    /// What items under it can do.
    pub capabilities: Vec<Arc<str>>,
    /// When it stood in the list.
    pub periods: Vec<Period>,
    /// The act that put it there.
    pub basis: Arc<str>,
    /// Whether that was checked.
    pub verified: bool,
}

/// Why an entry of the US list is controlled.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The reason, such as NS.
    pub reason: Arc<str>,
    /// The column of the country chart, if the reason has one.
    pub column: Option<Arc<str>>,
    /// The provision.
    pub basis: Arc<str>,
}

/// Texts by codes.
type Texts = BTreeMap<Arc<str>, Arc<str>>;

/// All control lists.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    lists: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Entry>>,
    reasons: BTreeMap<(Arc<str>, Arc<str>), Vec<Reason>>,
}

impl Entries {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = Self::default();
        rows.each("control_entries", |row| {
            let list = found.lists.entry(row.shared("list")).or_default();
            let entry = list.entry(row.shared("code")).or_default();
            entry.parent = row.optional("parent");
            entry.title = row.shared("title");
            entry.capabilities = row
                .text("capability")
                .split('|')
                .filter(|name| !name.is_empty())
                .map(Arc::from)
                .collect();
            entry.periods.push(row.period("from", "until"));
            entry.basis = row.shared("basis");
            entry.verified = row.flag("verified");
        });
        rows.each("control_reasons", |row| {
            let key = (row.shared("list"), row.shared("code"));
            let reason = Reason {
                reason: row.shared("reason"),
                column: row.optional("column"),
                basis: row.shared("basis"),
            };
            found.reasons.entry(key).or_default().push(reason);
        });
        found
    }

    /// An entry of a list.
    pub fn get(&self, list: &str, code: &str) -> Option<&Entry> {
        self.lists.get(list)?.get(code)
    }

    /// All entries of a list.
    pub fn list(&self, list: &str) -> impl Iterator<Item = (&Arc<str>, &Entry)> {
        self.lists.get(list).into_iter().flatten()
    }

    /// The reasons for which an entry of a list, or one above it, is controlled.
    pub fn reasons(&self, list: &str, code: &str) -> Vec<&Reason> {
        let mut found = Vec::new();
        let mut here = Some(Arc::<str>::from(code));
        while let Some(code) = here {
            found.extend(
                self.reasons
                    .get(&(list.into(), Arc::clone(&code)))
                    .into_iter()
                    .flatten(),
            );
            here = self.get(list, &code).and_then(|entry| entry.parent.clone());
        }
        found
    }

    /// Whether an entry stood in its list on a day; unknown for a code that the table does not hold.
    ///
    /// An entry without a recorded start counts as in force: who states that an item falls under it
    /// states that it was there. Only a recorded start or end takes it out.
    pub fn in_force(&self, list: &str, code: &str, day: Date) -> Truth {
        let Some(entry) = self.get(list, code) else {
            return Truth::Unknown;
        };
        Truth::from(
            self.periods(list, entry)
                .iter()
                .any(|period| period.contains(day)),
        )
    }

    /// The periods of an entry: its own, or those of the nearest entry above it that has any recorded.
    fn periods<'e>(&'e self, list: &str, entry: &'e Entry) -> &'e [Period] {
        let mut here = entry;
        while here.periods.iter().all(|period| *period == Period::ALWAYS) {
            match here
                .parent
                .as_ref()
                .and_then(|parent| self.get(list, parent))
            {
                Some(parent) => here = parent,
                None => break,
            }
        }
        &here.periods
    }

    /// What items under an entry can do: as stated for it, or for the nearest entry above it.
    pub fn capabilities(&self, list: &str, code: &str) -> &[Arc<str>] {
        let mut here = self.get(list, code);
        while let Some(entry) = here {
            if !entry.capabilities.is_empty() {
                return &entry.capabilities;
            }
            here = entry
                .parent
                .as_ref()
                .and_then(|parent| self.get(list, parent));
        }
        &[]
    }

    /// Codes with titles, and with the codes above them.
    pub(super) fn codes(&self, list: &str) -> (Texts, Texts) {
        let labels = self.list(list).map(|(code, entry)| {
            let label = if entry.title.is_empty() {
                code
            } else {
                &entry.title
            };
            (Arc::clone(code), Arc::clone(label))
        });
        let parents = self
            .list(list)
            .filter_map(|(code, entry)| Some((Arc::clone(code), entry.parent.clone()?)));
        (labels.collect(), parents.collect())
    }
}
