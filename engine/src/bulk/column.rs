//! Reads what a profile says about one column.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::choices::Choices;
use super::convert::{Beside, Reading, WORDS};
use super::edition::{Editions, known};
use super::field::{ColumnField, Otherwise};
use super::profile::Compiler;
use super::target::place;
use crate::facts::{Decimal, Field};
use crate::reference::CodeSystem;
use crate::source::{Diagnostic, Node, Object, nearest};

/// The keys of a field that a column feeds.
pub(super) const KEYS: [&str; 14] = [
    "to",
    "column",
    "as",
    "codes",
    "edition",
    "digits",
    "unit",
    "times",
    "map",
    "unresolved",
    "reject",
    "missing",
    "empty",
    "otherwise",
];

/// Keys that only one reading takes, and which.
const BESIDE: [(&str, &str); 5] = [
    ("codes", "country_code"),
    ("edition", "hs"),
    ("digits", "hs"),
    ("unit", "number"),
    ("times", "number"),
];

/// Most digits of a customs code.
const DIGITS: u64 = 12;

impl Compiler<'_> {
    /// A column and the fact that it feeds; a second column where the profile names one beside it.
    pub(super) fn column(&mut self, object: &Object<'_>, to: &str, facts: &[&Field]) {
        let column = self.reader.text(object, "column");
        let reading = self.reading(object, facts);
        let beside = self.second(object, to, facts);
        let (to, within) = match &beside {
            Some(field) if matches!(field.reading, Reading::Unit(_)) => {
                let empty = json!({ "amount": null, "unit": null });
                place(&mut self.template, to, empty);
                (format!("{to}/amount"), Some(to))
            }
            _ => {
                place(&mut self.template, to, Value::Null);
                (to.to_owned(), None)
            }
        };
        let map = self.map(object, &to, within, facts);
        let reject = self.reasons(object, "reject");
        let unresolved = self.reasons(object, "unresolved");
        let missing = self.reader.texts(object, "missing");
        let usual = match &reading {
            Some(reading) if reading.names_things() => Otherwise::Listed,
            _ => Otherwise::Reject,
        };
        let empty = self.otherwise(object, "empty", Otherwise::Unknown);
        let otherwise = self.otherwise(object, "otherwise", usual);
        if let (Some(column), Some(reading)) = (column, reading) {
            self.columns.push(ColumnField {
                to,
                column: column.into(),
                map,
                reject,
                unresolved,
                missing: missing.into_iter().map(Arc::from).collect(),
                empty,
                otherwise,
                reading,
            });
            self.columns.extend(beside);
        }
    }

    fn reading(&mut self, object: &Object<'_>, facts: &[&Field]) -> Option<Reading> {
        let word = self.reader.text(object, "as")?;
        self.refuse_beside(object, &word);
        let beside = Beside {
            unit: self.unit(object, facts).map(Arc::from),
            times: self.times(object),
            digits: self.digits(object),
            editions: (word == "hs").then(|| self.editions(object)).flatten(),
            codes: (word == "country_code")
                .then(|| self.codes(object))
                .flatten(),
        };
        let stated = (word != "hs" || beside.editions.is_some())
            && (word != "country_code" || beside.codes.is_some());
        let reading = facts
            .first()
            .and_then(|fact| Reading::of(&word, fact, beside));
        if reading.is_none() && stated {
            self.no_reading(object, &word, facts);
        }
        reading
    }

    fn no_reading(&mut self, object: &Object<'_>, word: &str, facts: &[&Field]) {
        let ty = facts.first().map(|fact| fact.ty.to_string());
        let found = format!("\"as\": \"{word}\" for a {}", ty.unwrap_or_default());
        let expected = format!("one of {} that fits", WORDS.join(", "));
        let help = nearest(word, WORDS)
            .filter(|near| *near != word)
            .map(|near| format!("did you mean `{near}`?"));
        let wrong = Diagnostic::error("T108", found, expected).maybe_help(help);
        self.reader.report_object(object, wrong);
    }

    /// Refuses keys that the reading does not take.
    fn refuse_beside(&mut self, object: &Object<'_>, word: &str) {
        for (key, reading) in BESIDE {
            let Some(node) = object.get(key).filter(|_| word != reading) else {
                continue;
            };
            if key == "unit" && WORDS.contains(&word) {
                continue;
            }
            let expected = format!("`{key}` beside \"as\": \"{reading}\" only");
            let found = format!("`{key}` beside \"as\": \"{word}\"");
            self.reader
                .report(&node, Diagnostic::error("T113", found, expected));
        }
    }

    /// The column that is read together with this one: of a number's unit, or of a code's edition.
    fn second(&mut self, object: &Object<'_>, to: &str, facts: &[&Field]) -> Option<ColumnField> {
        let (node, beside) = self.beside(object)?;
        let column = self.reader.text(&beside, "column");
        let (to, map, reading) = if beside.get("editions").is_some() {
            let cells = self.reader.entries(&beside, "editions");
            let editions = cells.into_iter();
            let editions: BTreeMap<Arc<str>, Arc<str>> = editions
                .filter_map(|(cell, node)| Some((cell.into(), known(&mut self.reader, &node)?)))
                .collect();
            (to.to_owned(), Vec::new(), Reading::Edition(editions))
        } else {
            let units: Vec<Arc<str>> = facts.iter().filter_map(|fact| fact.unit.clone()).collect();
            if units.is_empty() {
                let wrong = Diagnostic::error("T110", "a unit", "no unit for this fact");
                self.reader.report(&node, wrong);
            }
            let map = self.unit_map(&beside, &units);
            (format!("{to}/unit"), map, Reading::Unit(units))
        };
        Some(ColumnField {
            to,
            column: column?.into(),
            reading,
            map: Choices::new(map),
            unresolved: Choices::new([]),
            reject: Choices::new([]),
            missing: Vec::new(),
            empty: Otherwise::Unknown,
            otherwise: Otherwise::Listed,
        })
    }

    /// The object under `unit` or `edition` that names a column.
    fn beside<'a>(&mut self, object: &Object<'a>) -> Option<(Node<'a>, Object<'a>)> {
        let keys = [
            ("unit", ["column", "map"]),
            ("edition", ["column", "editions"]),
        ];
        keys.into_iter().find_map(|(key, known)| {
            let node = object.get(key)?;
            node.object()?
                .get("column")
                .or_else(|| (key == "unit").then(|| node.clone()))?;
            let beside = self.reader.object(&node, &known)?;
            if key == "edition" {
                self.reader.required(&beside, "editions")?;
            }
            Some((node, beside))
        })
    }

    fn unit_map(&mut self, object: &Object<'_>, units: &[Arc<str>]) -> Vec<(Arc<str>, Value)> {
        let entries = self.reader.entries(object, "map");
        let mut map = Vec::new();
        for (cell, node) in entries {
            let found = node.value().as_str();
            if units.iter().any(|unit| Some(unit.as_ref()) == found) {
                map.push((cell.into(), node.value().clone()));
            } else {
                let expected = format!("one of the units {}", units.join(", "));
                self.reader
                    .report(&node, Diagnostic::error("T110", node.kind(), expected));
            }
        }
        map
    }

    fn map(
        &mut self,
        object: &Object<'_>,
        to: &str,
        within: Option<&str>,
        facts: &[&Field],
    ) -> Choices<Value> {
        let entries = self.reader.entries(object, "map");
        for (_, node) in &entries {
            match within {
                Some(whole) => {
                    let unit = facts.iter().find_map(|fact| fact.unit.as_deref());
                    let value = json!({ "amount": node.value(), "unit": unit });
                    self.check_value(node, whole, value);
                }
                None => self.check(node, to),
            }
        }
        let values = entries.into_iter();
        Choices::new(values.map(|(key, node)| (Arc::from(key), node.value().clone())))
    }

    fn editions(&mut self, object: &Object<'_>) -> Option<Editions> {
        let Some(node) = object.get("edition") else {
            let expected = "the edition of the Harmonized System that the codes are in";
            let help = "write \"edition\": \"HS2017\"; \"in_force\" stands for the edition in force on the \
                        day of each record";
            let wrong = Diagnostic::error("T112", "no `edition`", expected).help(help);
            self.reader.report_object(object, wrong);
            return None;
        };
        let told = node
            .object()
            .is_some_and(|object| object.get("column").is_some());
        if told {
            return Some(Editions::ours());
        }
        Editions::read(&mut self.reader, &node)
    }

    fn codes(&mut self, object: &Object<'_>) -> Option<CodeSystem> {
        let word = self.reader.optional_text(object, "codes");
        let system = word.as_deref().and_then(CodeSystem::parse);
        if system.is_none() {
            let found = word.map_or_else(
                || "no `codes`".to_owned(),
                |word| format!("\"codes\": \"{word}\""),
            );
            let expected = format!(
                "whose codes they are: one of {}",
                CodeSystem::WORDS.join(", ")
            );
            let help = "one number means different destinations to different publishers: 842 is the United \
                        States to UN Comtrade, and nothing to ISO";
            let wrong = Diagnostic::error("T113", found, expected).help(help);
            self.reader.report_object(object, wrong);
        }
        system
    }

    fn digits(&mut self, object: &Object<'_>) -> Option<usize> {
        let node = object.get("digits")?;
        let digits = node.value().as_u64();
        let digits = digits.filter(|digits| (2..=DIGITS).contains(digits) && digits % 2 == 0);
        if digits.is_none() {
            let wrong = Diagnostic::error("T113", node.kind(), "an even number from 2 to 12");
            self.reader.report(&node, wrong);
        }
        usize::try_from(digits?).ok()
    }

    fn times(&mut self, object: &Object<'_>) -> Option<Decimal> {
        let node = object.get("times")?;
        let times = node.value().as_str().and_then(Decimal::parse);
        let times = times.filter(|times| *times > Decimal::zero());
        if times.is_none() {
            let expected =
                "a decimal number above 0 as text, such as \"1000\" for a table in thousands";
            self.reader
                .report(&node, Diagnostic::error("T113", node.kind(), expected));
        }
        times
    }

    /// The unit of a number, which a profile states exactly where the fact has one.
    fn unit(&mut self, object: &Object<'_>, facts: &[&Field]) -> Option<String> {
        if object
            .get("unit")
            .is_some_and(|node| node.object().is_some())
        {
            return None;
        }
        let stated = self.reader.optional_text(object, "unit");
        let units: Vec<&str> = facts
            .iter()
            .filter_map(|fact| fact.unit.as_deref())
            .collect();
        let fits = match &stated {
            Some(unit) => units.contains(&unit.as_str()),
            None => units.is_empty(),
        };
        if !fits {
            let found = stated
                .as_ref()
                .map_or_else(|| "no `unit`".to_owned(), |unit| format!("the unit {unit}"));
            let expected = if units.is_empty() {
                "no unit for this fact".to_owned()
            } else {
                format!("one of the units {}", units.join(", "))
            };
            let help = "no currency is converted: a value in another unit cannot feed this fact. For a \
                        column of currencies write \"unit\": {\"column\": \"currency\"}";
            let wrong = Diagnostic::error("T110", found, expected).help(help);
            self.reader.report_object(object, wrong);
        }
        stated
    }

    fn reasons(&mut self, object: &Object<'_>, key: &str) -> Choices<Arc<str>> {
        let entries = self.reader.entries(object, key);
        let mut reasons: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for (key, node) in entries {
            match node.value().as_str() {
                Some(reason) if !reason.is_empty() => reasons.push((key.into(), reason.into())),
                _ => {
                    let wrong = Diagnostic::error("T102", node.kind(), "the reason, as text");
                    self.reader.report(&node, wrong);
                }
            }
        }
        Choices::new(reasons)
    }

    fn otherwise(&mut self, object: &Object<'_>, key: &str, usual: Otherwise) -> Otherwise {
        let Some(word) = self.reader.optional_text(object, key) else {
            return usual;
        };
        Otherwise::parse(&word).unwrap_or_else(|| {
            let expected = format!("one of {}", Otherwise::WORDS.join(", "));
            let wrong = Diagnostic::error("T102", format!("\"{key}\": \"{word}\""), expected);
            self.reader.report_object(object, wrong);
            usual
        })
    }
}
