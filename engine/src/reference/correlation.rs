//! Which control entries a customs code may cover.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::Reader;

/// An entry that items under a customs code may fall under, and why.
#[derive(Clone, Debug)]
pub struct MayCover {
    /// The control list.
    pub list: Arc<str>,
    /// The entry.
    pub code: Arc<str>,
    /// Why, in our words.
    pub basis: Arc<str>,
    /// Whether an official correlation says so.
    pub verified: bool,
}

/// HS codes of six digits with the entries that each may cover.
///
/// A code that is not here tells nothing: its items may still be controlled.
#[derive(Clone, Debug, Default)]
pub struct Correlation(BTreeMap<Arc<str>, Vec<MayCover>>);

impl Correlation {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = BTreeMap::<Arc<str>, Vec<MayCover>>::new();
        rows.each("hs_correlation", |row| {
            let cover = MayCover {
                list: row.shared("list"),
                code: row.shared("code"),
                basis: row.shared("basis"),
                verified: row.flag("verified"),
            };
            found.entry(row.shared("hs")).or_default().push(cover);
        });
        Self(found)
    }

    /// The entries of a list that a code of six or more digits may cover; none if nothing is known.
    pub fn entries(&self, hs: &str, list: &str) -> Option<Vec<&MayCover>> {
        let six = hs.get(..6)?;
        let covers = self.0.get(six)?;
        Some(
            covers
                .iter()
                .filter(|cover| cover.list.as_ref() == list)
                .collect(),
        )
    }

    /// All codes.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &[MayCover])> {
        self.0.iter().map(|(hs, covers)| (hs, covers.as_slice()))
    }
}
