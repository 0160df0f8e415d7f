//! Country groups: who belongs, from when until when, and from which day that is known at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::Reader;
use crate::facts::Truth;
use crate::time::{Date, Dates, Period};

/// A group of countries that law defines.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its title.
    pub title: Arc<str>,
    /// Who defines it.
    pub issuer: Arc<str>,
    /// Whether a country without a row certainly does not belong.
    pub complete: bool,
    /// The first day on which its membership is known.
    pub known_from: Option<Date>,
    /// The provision that defines it.
    pub citation: Arc<str>,
    /// Where that can be read.
    pub url: Arc<str>,
    /// Whether it was checked against that.
    pub verified: bool,
    members: BTreeMap<Arc<str>, Vec<Membership>>,
}

/// A country's membership, or its certain absence, in a period.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Whether it belongs.
    pub member: bool,
    /// In which period.
    pub period: Period,
    /// The day on which that was published, where known.
    pub published: Option<Date>,
    /// The act that says so.
    pub basis: Arc<str>,
    /// Whether it was checked against that act.
    pub verified: bool,
}

/// All groups.
#[derive(Clone, Debug, Default)]
pub struct Groups(BTreeMap<Arc<str>, Group>);

impl Groups {
    pub(super) fn read(rows: &mut Reader<'_>) -> Self {
        let mut groups = BTreeMap::new();
        rows.each("group_index", |row| {
            let group = Group {
                title: row.shared("title"),
                issuer: row.shared("issuer"),
                complete: row.flag("complete"),
                known_from: row.date("known_from"),
                citation: row.shared("citation"),
                url: row.shared("url"),
                verified: row.flag("verified"),
                members: BTreeMap::new(),
            };
            groups.insert(row.shared("id"), group);
        });
        rows.each("groups", |row| {
            let membership = Membership {
                member: row.text("status") == "in",
                period: row.period("from", "until"),
                published: row.date("published"),
                basis: row.shared("basis"),
                verified: row.flag("verified"),
            };
            let destination = row.shared("destination");
            if let Some(group) = groups.get_mut(row.text("group")) {
                group
                    .members
                    .entry(destination)
                    .or_default()
                    .push(membership);
            }
        });
        Self(groups)
    }

    /// A group by its id.
    pub fn get(&self, id: &str) -> Option<&Group> {
        self.0.get(id)
    }

    /// All groups with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Group)> {
        self.0.iter()
    }
}

impl Group {
    /// Whether a country belongs on the day asked about, with the row that says so.
    ///
    /// Before the day from which the group is known, only rows with a start of their own count.
    pub fn membership(&self, country: &str, dates: Dates) -> (Truth, Option<&Membership>) {
        let known = self.known_from.is_none_or(|from| from <= dates.as_of);
        let applies = |row: &&Membership| {
            row.period.contains(dates.as_of)
                && (row.period.from.is_some() || known)
                && row
                    .published
                    .is_none_or(|published| published <= dates.known_at)
        };
        match self
            .members
            .get(country)
            .into_iter()
            .flatten()
            .find(applies)
        {
            Some(row) => (Truth::from(row.member), Some(row)),
            None if known && self.complete => (Truth::False, None),
            None => (Truth::Unknown, None),
        }
    }

    /// Countries with their memberships, for listing.
    pub fn members(&self) -> impl Iterator<Item = (&Arc<str>, &[Membership])> {
        self.members
            .iter()
            .map(|(country, rows)| (country, rows.as_slice()))
    }

    /// The days on which a membership begins, ends or becomes public.
    pub fn changes(&self) -> impl Iterator<Item = Date> {
        let rows = self.members.values().flatten();
        let days = rows.flat_map(|row| [row.period.from, row.period.until, row.published]);
        days.flatten().chain(self.known_from)
    }
}
