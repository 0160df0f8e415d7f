//! Parties on lists, with the days on which they were listed and removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::destinations::plain;
use super::rows::Reader;
use crate::facts::Truth;
use crate::time::{Date, Period};

/// A party's entry on a list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The list, such as `us.entity_list`.
    pub list: Arc<str>,
    /// The party's name as listed.
    pub name: Arc<str>,
    /// Its country.
    pub country: Option<Arc<str>>,
    /// When it was listed.
    pub period: Period,
    /// The licence review policy of the entry.
    pub policy: Arc<str>,
    /// Why it was listed.
    pub ground: Arc<str>,
    /// The notices.
    pub citation: Arc<str>,
    /// Whether notice and dates were read.
    pub verified: bool,
}

impl Listing {
    /// Whether the listing is of a party in a country.
    fn of_country(&self, country: Option<&str>) -> Truth {
        match (self.country.as_deref(), country) {
            (Some(listed), Some(country)) => Truth::from(listed == country),
            (None, _) => Truth::True,
            (Some(_), None) => Truth::Unknown,
        }
    }
}

/// Listings by the party's name. The table does not hold every party that a list names.
#[derive(Clone, Debug, Default)]
pub struct Listings(BTreeMap<String, Vec<Listing>>);

impl Listings {
    /// The periods of all listings.
    pub(super) fn periods(&self) -> impl Iterator<Item = Period> {
        self.0.values().flatten().map(|listing| listing.period)
    }

    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut found = BTreeMap::<String, Vec<Listing>>::new();
        rows.each("listings", |row| {
            let listing = Listing {
                list: row.shared("list"),
                name: row.shared("name"),
                country: row.optional("country"),
                period: row.period("from", "until"),
                policy: row.shared("policy"),
                ground: row.shared("ground"),
                citation: row.shared("citation"),
                verified: row.flag("verified"),
            };
            found.entry(plain(&listing.name)).or_default().push(listing);
        });
        Self(found)
    }

    /// Whether a name is on a list on a day, with the listing.
    ///
    /// True while a listing of that name and country is in force; unknown while one of that name is, and
    /// the country is not known; false on days outside all listings of that name; unknown for a name that
    /// the table does not hold, or holds only in other countries.
    pub fn find(
        &self,
        list: &str,
        name: &str,
        country: Option<&str>,
        day: Date,
    ) -> (Truth, Option<&Listing>) {
        let named = self
            .0
            .get(&plain(name))
            .into_iter()
            .flatten()
            .filter(|listing| listing.list.as_ref() == list);
        let mut best = (Truth::Unknown, None);
        let mut ended = None;
        for listing in named {
            match (listing.of_country(country), listing.period.contains(day)) {
                (Truth::True, true) => return (Truth::True, Some(listing)),
                (Truth::Unknown, true) => best = (Truth::Unknown, Some(listing)),
                (Truth::True | Truth::Unknown, false) => ended = Some(listing),
                (Truth::False, _) => {}
            }
        }
        match (best.1, ended, country) {
            (None, Some(listing), Some(_)) => (Truth::False, Some(listing)),
            (None, listing, None) => (Truth::Unknown, listing),
            _ => best,
        }
    }

    /// All listings.
    pub fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.0.values().flatten()
    }
}
