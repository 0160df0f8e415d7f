//! What the cells of a column are, and how each becomes a value of its fact.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::facts::{Catalogue, Decimal, Field, Type};
use crate::ruleset::Library;
use crate::time::Date;

/// What the cells of a column are: the word `as` of a profile.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    /// A country's name, code or number in any of the publishers' spellings, on the record's day.
    CountryName,
    /// A country's code or number: two or three letters or digits.
    CountryCode,
    /// A customs code of the Harmonized System, perhaps with national digits behind it.
    Hs,
    /// A decimal number, with the unit that the profile states.
    Number {
        unit: Option<Arc<str>>,
        minimum: Option<Decimal>,
    },
    /// Text as it stands.
    Text,
    /// A code of the fact's code set.
    Code(Arc<str>),
    /// A code that is certainly in the fact's set, which may hold others.
    Member(Arc<str>),
    /// Only what the profile's `map` says.
    Map,
}

/// The words that a profile may write for `as`.
pub(super) const WORDS: [&str; 7] = [
    "country_name",
    "country_code",
    "hs",
    "number",
    "text",
    "code",
    "map",
];

impl Reading {
    /// The reading that a word means for a fact; none if they do not fit.
    pub(super) fn of(word: &str, fact: &Field, unit: Option<Arc<str>>) -> Option<Self> {
        let country = matches!(&fact.ty, Type::Code(set) if set.as_ref() == "country");
        Some(match (word, &fact.ty) {
            ("country_name", _) if country => Self::CountryName,
            ("country_code", _) if country => Self::CountryCode,
            ("hs", Type::Text) => Self::Hs,
            ("text", Type::Text) => Self::Text,
            ("number", Type::Number(_)) => Self::Number {
                unit,
                minimum: fact.minimum.clone(),
            },
            ("code", Type::Code(set)) => Self::Code(Arc::clone(set)),
            ("code", Type::Set(set)) => Self::Member(Arc::clone(set)),
            ("map", _) => Self::Map,
            _ => return None,
        })
    }

    /// Whether a cell that is not understood names something that is merely not known here.
    pub(super) fn names_things(&self) -> bool {
        !matches!(self, Self::Hs | Self::Number { .. } | Self::Text)
    }

    /// The value of a cell; none if it is not understood.
    pub(super) fn value(&self, cell: &str, library: &Library, day: Date) -> Option<Value> {
        match self {
            Self::CountryName => country(cell, library, day),
            Self::CountryCode => country(cell, library, day).filter(|_| cell.chars().count() <= 3),
            Self::Hs => hs(cell),
            Self::Number { unit, minimum } => number(cell, unit.as_ref(), minimum.as_ref()),
            Self::Text => Some(json!(cell)),
            Self::Code(set) => code(cell, set, &library.catalogue),
            Self::Member(set) => code(cell, set, &library.catalogue)
                .map(|code| json!({ "certain": [code], "open": true })),
            Self::Map => None,
        }
    }

    /// What a cell should have been, for those who mend it.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::CountryName => "a destination's name or code on the day of the record".to_owned(),
            Self::CountryCode => "a destination's code on the day of the record".to_owned(),
            Self::Hs => {
                "a customs code of 2 to 12 digits, an even number of them (a spreadsheet may \
                         have dropped the 0 in front)"
                    .to_owned()
            }
            Self::Number { minimum: None, .. } => "a decimal number such as 1200.50".to_owned(),
            Self::Number {
                minimum: Some(least),
                ..
            } => format!("a decimal number such as 1200.50, at least {least}"),
            Self::Text => "text".to_owned(),
            Self::Code(set) | Self::Member(set) => format!("a code of {set}"),
            Self::Map => "a value that the profile's map holds".to_owned(),
        }
    }
}

fn country(cell: &str, library: &Library, day: Date) -> Option<Value> {
    let code = library.reference.destinations.resolve(cell, day)?;
    Some(json!(code.as_ref()))
}

/// The digits of a customs code; points and blanks between them are dropped.
fn hs(cell: &str) -> Option<Value> {
    let digits: String = cell
        .chars()
        .filter(|letter| !matches!(letter, '.' | ' '))
        .collect();
    let fits = (2..=12).contains(&digits.len()) && digits.len().is_multiple_of(2);
    (fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| json!(digits))
}

fn number(cell: &str, unit: Option<&Arc<str>>, minimum: Option<&Decimal>) -> Option<Value> {
    let number = Decimal::parse(cell)?;
    if minimum.is_some_and(|minimum| number < *minimum) {
        return None;
    }
    Some(match unit {
        Some(unit) => json!({ "amount": cell, "unit": unit.as_ref() }),
        None => json!(cell),
    })
}

fn code(cell: &str, set: &str, catalogue: &Catalogue) -> Option<Value> {
    let codes = catalogue.code_set(set)?;
    codes.values.contains_key(cell).then(|| json!(cell))
}
