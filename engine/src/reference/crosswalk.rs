//! How the entries of four control lists compare: Annex I, Wassenaar, the United Kingdom, the US list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::Reader;

/// What an entry covers, compared with an entry of another list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It covers the same.
    Same,
    /// It covers less.
    Narrower,
    /// It covers more.
    Wider,
    /// Each covers something that the other does not.
    Overlaps,
}

impl Relation {
    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Same, Self::Narrower, Self::Wider, Self::Overlaps];
        all.into_iter().find(|relation| relation.word() == word)
    }

    /// The word for it in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Overlaps => "overlaps",
        }
    }

    /// The relation seen from the other entry.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Narrower => Self::Wider,
            Self::Wider => Self::Narrower,
            both => both,
        }
    }
}

/// An entry of another list, and how it compares.
#[derive(Clone, Debug)]
pub struct Counterpart {
    /// The other list.
    pub list: Arc<str>,
    /// The entry in the other list's own numbering.
    pub code: Arc<str>,
    /// The entry that was asked for, compared with this one.
    pub relation: Relation,
    /// In what they differ, or what was not compared.
    pub note: Arc<str>,
    /// Whether both texts were read.
    pub verified: bool,
}

/// Counterparts by list and code. An entry without one has none that can be justified.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk(BTreeMap<(Arc<str>, Arc<str>), Vec<Counterpart>>);

impl Crosswalk {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        const LISTS: [&str; 4] = ["annex_i", "ccl", "uk", "wassenaar"];
        let list = |word: &str| LISTS.contains(&word).then(|| Arc::from(word));
        let text = |word: &str| (!word.is_empty()).then(|| Arc::from(word));
        let mut found = Self::default();
        rows.each("entry_crosswalk", |row| {
            let key = (
                row.required("list", "one of the four lists", list),
                row.required("code", "an entry", text),
            );
            let other = row.required("other_list", "one of the four lists", list);
            let code = row.required("other_code", "an entry", text);
            let relation = row.required("relation", "how they compare", Relation::parse);
            let (note, verified) = (row.shared("note"), row.flag("verified"));
            if let ((Some(from), Some(at)), Some(list), Some(code), Some(relation)) =
                (key, other, code, relation)
            {
                found.0.entry((from, at)).or_default().push(Counterpart {
                    list,
                    code,
                    relation,
                    note,
                    verified,
                });
            }
        });
        found
    }

    /// The counterparts of an entry itself, not of those above it.
    pub fn of(&self, list: &str, code: &str) -> &[Counterpart] {
        self.0
            .get(&(list.into(), code.into()))
            .map_or(&[], Vec::as_slice)
    }

    /// All entries that have counterparts: list, code, counterparts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &[Counterpart])> {
        self.0
            .iter()
            .map(|((list, code), found)| (list.as_ref(), code.as_ref(), found.as_slice()))
    }
}
