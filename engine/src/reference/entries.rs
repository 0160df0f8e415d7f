//! Entries of control lists, with their ancestors, dates, reasons for control and exclusion notes.

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
    /// The layers of technology that items under it act on, such as network.
    pub layers: Vec<Arc<str>>,
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

/// A note that takes items out of an entry, as a fact that a person can answer.
#[derive(Clone, Debug)]
pub struct Note {
    /// The entry or paragraph that the note belongs to.
    pub code: Arc<str>,
    /// The exclusion, a code of the facts' set of that name.
    pub exclusion: Arc<str>,
    /// The note in the list.
    pub basis: Arc<str>,
    /// Whether it was read.
    pub verified: bool,
}

/// Texts by codes.
type Texts = BTreeMap<Arc<str>, Arc<str>>;

/// All control lists.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    lists: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Entry>>,
    reasons: BTreeMap<(Arc<str>, Arc<str>), Vec<Reason>>,
    notes: BTreeMap<Arc<str>, Vec<Note>>,
}

impl Entries {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = Self::default();
        rows.each("control_entries", |row| {
            let list = found.lists.entry(row.shared("list")).or_default();
            let entry = list.entry(row.shared("code")).or_default();
            entry.parent = row.optional("parent");
            entry.title = row.shared("title");
            entry.capabilities = words(row.text("capability"));
            entry.layers = words(row.text("layer"));
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
        rows.each("entry_notes", |row| {
            let notes = found.notes.entry(row.shared("list")).or_default();
            notes.push(Note {
                code: row.shared("code"),
                exclusion: row.shared("exclusion"),
                basis: row.shared("basis"),
                verified: row.flag("verified"),
            });
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

    /// An entry of a list and those above it, nearest first; nothing for a code that the table does not hold.
    pub fn lineage(&self, list: &str, code: &str) -> impl Iterator<Item = (&Arc<str>, &Entry)> {
        let codes = self.lists.get(list);
        let find = move |code: &str| codes.and_then(|codes| codes.get_key_value(code));
        std::iter::successors(find(code), move |(_, entry)| find(entry.parent.as_ref()?))
    }

    /// The reasons for which an entry of a list, or one above it, is controlled.
    pub fn reasons(&self, list: &str, code: &str) -> Vec<&Reason> {
        let list: Arc<str> = list.into();
        self.lineage(&list, code)
            .filter_map(|(code, _)| self.reasons.get(&(Arc::clone(&list), Arc::clone(code))))
            .flatten()
            .collect()
    }

    /// The periods of all entries of all lists.
    pub(super) fn all_periods(&self) -> impl Iterator<Item = Period> {
        let entries = self.lists.values().flat_map(BTreeMap::values);
        entries.flat_map(|entry| entry.periods.iter().copied())
    }

    /// The exclusion notes of a list.
    pub fn notes(&self, list: &str) -> &[Note] {
        self.notes.get(list).map_or(&[], Vec::as_slice)
    }

    /// Whether an entry stood in its list on a day; unknown for a code that the table does not hold.
    ///
    /// An entry without a recorded start counts as in force: who states that an item falls under it
    /// states that it was there. Only a recorded start or end takes it out.
    pub fn in_force(&self, list: &str, code: &str, day: Date) -> Truth {
        if self.get(list, code).is_none() {
            return Truth::Unknown;
        }
        let periods = self.periods(list, code);
        Truth::from(periods.iter().any(|period| period.contains(day)))
    }

    /// The periods of an entry: its own, or those of the nearest entry above it that has any recorded.
    pub fn periods(&self, list: &str, code: &str) -> &[Period] {
        let recorded = |entry: &Entry| entry.periods.iter().any(|p| *p != Period::ALWAYS);
        let mut lineage = self.lineage(list, code).map(|(_, entry)| entry);
        lineage
            .find(|entry| recorded(entry))
            .or_else(|| self.get(list, code))
            .map_or(&[], |entry| entry.periods.as_slice())
    }

    /// What items under an entry can do: as stated for it, or for the nearest entry above it.
    pub fn capabilities(&self, list: &str, code: &str) -> &[Arc<str>] {
        self.stated(list, code, |entry| &entry.capabilities)
    }

    /// The layers of technology that items under an entry act on: as stated for it, or for the nearest
    /// entry above it.
    pub fn layers(&self, list: &str, code: &str) -> &[Arc<str>] {
        self.stated(list, code, |entry| &entry.layers)
    }

    /// The nearest words that are stated for an entry or one above it.
    fn stated<'e>(
        &'e self,
        list: &str,
        code: &str,
        words: impl Fn(&'e Entry) -> &'e [Arc<str>],
    ) -> &'e [Arc<str>] {
        self.lineage(list, code)
            .map(|(_, entry)| words(entry))
            .find(|words| !words.is_empty())
            .unwrap_or_default()
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

/// The words of a cell that separates them by `|`.
fn words(cell: &str) -> Vec<Arc<str>> {
    let words = cell.split('|').filter(|word| !word.is_empty());
    words.map(Arc::from).collect()
}
