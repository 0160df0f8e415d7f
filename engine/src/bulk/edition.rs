//! The edition of the Harmonized System that customs codes are in.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{Collector, Diagnostic, Node, Object};
use crate::time::Date;

/// The editions of the Harmonized System, and the first day of each.
const EDITIONS: [(&str, i16); 7] = [
    ("HS1992", 1992),
    ("HS1996", 1996),
    ("HS2002", 2002),
    ("HS2007", 2007),
    ("HS2012", 2012),
    ("HS2017", 2017),
    ("HS2022", 2022),
];

/// The edition of the table that says which control entries a customs code may cover.
pub(super) const OURS: &str = "HS2022";

/// All editions.
pub(super) fn list() -> [&'static str; 7] {
    EDITIONS.map(|(name, _)| name)
}

/// Which edition a column's codes are in: one, or one from each of several days on.
///
/// No official table that carries codes from one edition to the next may be shipped, and a number may have
/// another scope in another edition. So a code of another edition than ours tells nothing here: the fact
/// stays unknown, which clears nothing, and the summary counts the records.
#[derive(Clone, Debug)]
pub(super) struct Editions {
    days: BTreeMap<Option<Date>, Arc<str>>,
    words: String,
}

impl Editions {
    /// The editions that were in force, each from the first day of its year.
    fn in_force() -> Self {
        let days = EDITIONS
            .into_iter()
            .map(|(name, year)| (Date::new(year, 1, 1), Arc::from(name)));
        Self {
            days: days.collect(),
            words: "in the edition in force on the day".to_owned(),
        }
    }

    /// Codes whose edition another column tells.
    pub(super) fn ours() -> Self {
        Self {
            days: BTreeMap::from([(None, Arc::from(OURS))]),
            words: "in the edition that another column tells".to_owned(),
        }
    }

    /// Reads the key `edition`: an edition, `in_force`, or days with the edition from each on.
    pub(super) fn read(reader: &mut Collector<'_>, node: &Node<'_>) -> Option<Self> {
        if let Some(object) = node.object() {
            return Self::dated(reader, &object);
        }
        let word = node.value().as_str();
        if word == Some("in_force") {
            return Some(Self::in_force());
        }
        let name = known(reader, node)?;
        let words = format!("in {name}");
        let days = BTreeMap::from([(None, name)]);
        Some(Self { days, words })
    }

    fn dated(reader: &mut Collector<'_>, object: &Object<'_>) -> Option<Self> {
        let mut days = BTreeMap::new();
        for (day, node) in object.entries() {
            let name = known(reader, &node);
            let Some(day) = Date::parse(day) else {
                let expected = "the first day of an edition, written YYYY-MM-DD";
                let wrong = Diagnostic::error("T112", format!("the day \"{day}\""), expected);
                reader.report(&node, wrong);
                continue;
            };
            days.extend(name.map(|name| (Some(day), name)));
        }
        let words: Vec<String> = days.iter().map(|(day, name)| dated(*day, name)).collect();
        let words = format!("in {}", words.join(", "));
        (!days.is_empty()).then_some(Self { days, words })
    }

    /// The editions in words.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// What the codes of a day are called, if they are not of our edition.
    pub(super) fn foreign(&self, day: Date) -> Option<String> {
        match self.days.range(..=Some(day)).next_back() {
            Some((_, name)) if name.as_ref() == OURS => None,
            Some((_, name)) => Some(format!("codes of {name}")),
            None => Some("codes before the first edition that the profile states".to_owned()),
        }
    }
}

fn dated(day: Option<Date>, name: &str) -> String {
    day.map_or_else(|| name.to_owned(), |day| format!("{name} from {day}"))
}

/// An edition that there is.
pub(super) fn known(reader: &mut Collector<'_>, node: &Node<'_>) -> Option<Arc<str>> {
    let found = node.value().as_str();
    let name = EDITIONS.into_iter().find(|(name, _)| found == Some(*name));
    if name.is_none() {
        let told = found.map_or_else(|| node.kind(), |text| format!("the edition \"{text}\""));
        let expected = format!("one of the editions {}", list().join(", "));
        let help = "`in_force` stands for the edition in force on the day of each record, and an object \
                    such as {\"2012-01-01\": \"HS2012\"} for editions from given days on";
        reader.report(node, Diagnostic::error("T112", told, expected).help(help));
    }
    name.map(|(name, _)| Arc::from(name))
}

/// Why codes of another edition tell nothing.
pub(super) const REASON: &str = "another edition of the Harmonized System than HS2022";

#[cfg(test)]
mod tests {
    use super::Editions;
    use crate::time::Date;

    #[test]
    fn only_codes_of_our_edition_are_at_home() {
        let editions = Editions::in_force();
        let found = |year| Date::new(year, 6, 1).and_then(|day| editions.foreign(day));
        assert_eq!(found(2022), None);
        assert_eq!(found(2021).as_deref(), Some("codes of HS2017"));
        assert!(found(1990).is_some());
        let ours = |day| Editions::ours().foreign(day);
        assert_eq!(Date::new(1990, 1, 1).and_then(ours), None);
    }
}
