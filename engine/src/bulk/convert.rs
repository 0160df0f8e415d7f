//! What the cells of a column are, and how each becomes a value of its fact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::edition::Editions;
use crate::facts::{Catalogue, Decimal, Duration, Field, Type};
use crate::reference::CodeSystem;
use crate::ruleset::Library;
use crate::time::Date;

/// What the cells of a column are: the word `as` of a profile, with what the profile states beside it.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    /// A country's name, code or number in any of the publishers' spellings, on the record's day.
    CountryName,
    /// A country's code or number in the codes of one publisher.
    CountryCode(CodeSystem),
    /// A customs code of the Harmonized System, perhaps with national digits behind it.
    Hs {
        editions: Editions,
        digits: Option<usize>,
    },
    /// The edition that the customs code of the record is in: cells, and what each means.
    Edition(BTreeMap<Arc<str>, Arc<str>>),
    /// A decimal number.
    Number(Amount),
    /// The unit of a number that stands in another column: one of these.
    Unit(Vec<Arc<str>>),
    /// Text as it stands.
    Text,
    /// A code of the fact's code set.
    Code(Arc<str>),
    /// A code that is certainly in the fact's set, which may hold others.
    Member(Arc<str>),
    /// All codes of the fact's set.
    Codes(Arc<str>),
    /// `yes` or `no`.
    YesNo,
    /// A day, as `2026-03-02`.
    Date,
    /// A duration, as `P1Y`.
    Duration,
    /// Only what the profile's `map` says.
    Map,
}

/// How a number is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Amount {
    /// The unit that the profile states.
    pub(super) unit: Option<Arc<str>>,
    /// The least that the fact allows.
    pub(super) minimum: Option<Decimal>,
    /// What each number is multiplied by, so that it counts in the unit.
    pub(super) times: Option<Decimal>,
}

impl Amount {
    /// Whether every number from zero on is allowed.
    pub(super) fn allows_zero(&self) -> bool {
        let least = self.minimum.as_ref();
        least.is_none_or(|least| *least <= Decimal::zero())
    }
}

/// What a profile states beside `as`, for the readings that need it.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    pub(super) unit: Option<Arc<str>>,
    pub(super) times: Option<Decimal>,
    pub(super) digits: Option<usize>,
    pub(super) editions: Option<Editions>,
    pub(super) codes: Option<CodeSystem>,
}

/// The words that a profile may write for `as`.
pub(super) const WORDS: [&str; 11] = [
    "country_name",
    "country_code",
    "hs",
    "number",
    "text",
    "code",
    "codes",
    "yes_no",
    "date",
    "duration",
    "map",
];

impl Reading {
    /// The reading that a word means for a fact; none if they do not fit.
    pub(super) fn of(word: &str, fact: &Field, beside: Beside) -> Option<Self> {
        let country = matches!(&fact.ty, Type::Code(set) if set.as_ref() == "country");
        Some(match (word, &fact.ty) {
            ("country_name", _) if country => Self::CountryName,
            ("country_code", _) if country => Self::CountryCode(beside.codes?),
            ("hs", Type::Text) => Self::Hs {
                editions: beside.editions?,
                digits: beside.digits,
            },
            ("text", Type::Text) => Self::Text,
            ("number", Type::Number(_)) => Self::Number(Amount {
                unit: beside.unit,
                minimum: fact.minimum.clone(),
                times: beside.times,
            }),
            ("code", Type::Code(set)) => Self::Code(Arc::clone(set)),
            ("code", Type::Set(set)) => Self::Member(Arc::clone(set)),
            ("codes", Type::Set(set)) => Self::Codes(Arc::clone(set)),
            ("yes_no", Type::Boolean) => Self::YesNo,
            ("date", Type::Date) => Self::Date,
            ("duration", Type::Duration) => Self::Duration,
            ("map", _) => Self::Map,
            _ => return None,
        })
    }

    /// Whether a cell that is not understood names something that is merely not known here.
    pub(super) fn names_things(&self) -> bool {
        matches!(
            self,
            Self::CountryName
                | Self::CountryCode(_)
                | Self::Edition(_)
                | Self::Unit(_)
                | Self::Code(_)
                | Self::Member(_)
                | Self::Map
        )
    }

    /// What a customs code is called whose edition says nothing here.
    pub(super) fn foreign(&self, cell: &str, day: Date) -> Option<String> {
        match self {
            Self::Hs { editions, digits } => hs(cell, *digits).and_then(|_| editions.foreign(day)),
            _ => None,
        }
    }

    /// The value of a cell; none if it is not understood.
    pub(super) fn value(&self, cell: &str, library: &Library, day: Date) -> Option<Value> {
        let catalogue = &library.catalogue;
        let destinations = &library.reference.destinations;
        match self {
            Self::CountryName => destinations
                .resolve(cell, day)
                .map(|code| json!(code.as_ref())),
            Self::CountryCode(system) => destinations
                .of_code(cell, *system, day)
                .map(|code| json!(code.as_ref())),
            Self::Hs { digits, .. } => hs(cell, *digits),
            Self::Number(amount) => number(cell, amount),
            Self::Unit(units) => units
                .iter()
                .any(|unit| unit.as_ref() == cell)
                .then(|| json!(cell)),
            Self::Text => Some(json!(cell)),
            Self::Code(set) => code(cell, set, catalogue).map(|code| json!(code)),
            Self::Member(set) => {
                code(cell, set, catalogue).map(|code| json!({ "certain": [code], "open": true }))
            }
            Self::Codes(set) => codes(cell, set, catalogue),
            Self::YesNo => yes_no(cell),
            Self::Date => Date::parse(cell).map(|_| json!(cell)),
            Self::Duration => Duration::parse(cell).map(|_| json!(cell)),
            Self::Map | Self::Edition(_) => None,
        }
    }

    /// What a cell should have been, for those who mend it.
    pub(super) fn expected(&self) -> String {
        let expected = match self {
            Self::CountryName => "a destination's name or code on the day of the record",
            Self::CountryCode(CodeSystem::Iso) => "an ISO 3166 code on the day of the record",
            Self::CountryCode(CodeSystem::Comtrade) => {
                "a destination's number in UN Comtrade on the day of the record"
            }
            Self::Hs { digits, .. } => return expected_hs(*digits),
            Self::Edition(_) => "an edition of the Harmonized System that the profile names",
            Self::Number(Amount { minimum: None, .. }) => "a decimal number such as 1200.50",
            Self::Number(Amount {
                minimum: Some(least),
                ..
            }) => return format!("a decimal number such as 1200.50, at least {least}"),
            Self::Unit(units) => return format!("one of the units {}", units.join(", ")),
            Self::Text => "text",
            Self::Code(set) | Self::Member(set) => return format!("a code of {set}"),
            Self::Codes(set) => {
                return format!(
                    "codes of {set} with `;` between them; `*` as the last where there may be others, \
                     `none` where there are none"
                );
            }
            Self::YesNo => "yes or no",
            Self::Date => "a day that exists, written YYYY-MM-DD",
            Self::Duration => "a duration such as P1Y or PT24H",
            Self::Map => "a value that the profile's map holds",
        };
        expected.to_owned()
    }
}

fn expected_hs(digits: Option<usize>) -> String {
    match digits {
        Some(digits) => format!(
            "a customs code of {digits} digits; the 0 in front may have been dropped, nothing else"
        ),
        None => "a customs code of 2 to 12 digits, an even number of them (a spreadsheet may \
                 have dropped the 0 in front)"
            .to_owned(),
    }
}

/// The digits of a customs code; points and blanks between them are dropped. Where the profile states how many
/// there are, the 0 in front may have been dropped.
fn hs(cell: &str, wanted: Option<usize>) -> Option<Value> {
    let mut digits: String = cell
        .chars()
        .filter(|letter| !matches!(letter, '.' | ' '))
        .collect();
    if wanted == Some(digits.len().saturating_add(1)) {
        digits.insert(0, '0');
    }
    let fits = match wanted {
        Some(wanted) => digits.len() == wanted,
        None => (2..=12).contains(&digits.len()) && digits.len().is_multiple_of(2),
    };
    (fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| json!(digits))
}

fn number(cell: &str, amount: &Amount) -> Option<Value> {
    let mut text = cell.to_owned();
    let mut number = Decimal::parse(cell)?;
    if let Some(times) = &amount.times {
        number = exactly(&number, times)?;
        text = number.to_string();
    }
    if amount
        .minimum
        .as_ref()
        .is_some_and(|minimum| number < *minimum)
    {
        return None;
    }
    Some(match &amount.unit {
        Some(unit) => json!({ "amount": text, "unit": unit.as_ref() }),
        None => json!(text),
    })
}

/// A product of which no digit was rounded away.
fn exactly(number: &Decimal, times: &Decimal) -> Option<Decimal> {
    let product = number.multiply(times)?;
    (product.divide(times).as_ref() == Some(number)).then_some(product)
}

fn code<'c>(cell: &'c str, set: &str, catalogue: &Catalogue) -> Option<&'c str> {
    let codes = catalogue.code_set(set)?;
    codes.values.contains_key(cell).then_some(cell)
}

/// All codes of a set, as a person lists them: `5A001.j; 5A002`, with `*` for perhaps others.
fn codes(cell: &str, set: &str, catalogue: &Catalogue) -> Option<Value> {
    if cell.eq_ignore_ascii_case("none") {
        return Some(json!([]));
    }
    let mut parts: BTreeSet<&str> = cell.split(';').map(str::trim).collect();
    let open = parts.remove("*");
    let certain: Option<Vec<&str>> = parts
        .into_iter()
        .map(|part| code(part, set, catalogue))
        .collect();
    Some(json!({ "certain": certain?, "open": open }))
}

fn yes_no(cell: &str) -> Option<Value> {
    let is = |words: [&str; 2]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is(["yes", "true"]) {
        Some(json!(true))
    } else {
        is(["no", "false"]).then(|| json!(false))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Amount, hs, number, yes_no};
    use crate::facts::Decimal;

    #[test]
    fn a_dropped_zero_comes_back_only_where_the_number_of_digits_is_stated() {
        assert_eq!(hs("10121", Some(6)), Some(json!("010121")));
        assert_eq!(hs("8517.62", Some(6)), Some(json!("851762")));
        assert_eq!(hs("8517", Some(6)), None);
        assert_eq!(hs("10121", None), None);
    }

    #[test]
    fn thousands_become_units_exactly_or_not_at_all() {
        let amount = Amount {
            unit: Some("USD".into()),
            times: Decimal::parse("1000"),
            ..Amount::default()
        };
        let read =
            |cell| number(cell, &amount).and_then(|value| Some(value.get("amount")?.clone()));
        assert_eq!(read("12.3456"), Some(json!("12345.6")));
        assert_eq!(read("0.1"), Some(json!("100")));
        assert_eq!(read("NA"), None);
    }

    #[test]
    fn yes_is_no_number() {
        assert_eq!(yes_no("Yes"), Some(json!(true)));
        assert_eq!(yes_no("FALSE"), Some(json!(false)));
        assert_eq!(yes_no("1"), None);
    }
}
