//! Values of facts and of expressions.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::decimal::Decimal;
use super::duration::Duration;
use super::truth::Truth;
use crate::time::Date;

/// A value: known, unknown, or (a set) partly known. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nobody stated it, or it could not be computed.
    Unknown,
    /// True or false.
    Boolean(bool),
    /// An exact decimal.
    Number(Decimal),
    /// Text or a code, in NFC.
    Text(Arc<str>),
    /// A civil day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// A list, whose members may be unknown.
    List(Arc<[Value]>),
    /// A set of codes, some certain and some merely possible.
    Set(Arc<PartSet>),
    /// A party, a transit point.
    Record(Arc<Record>),
}

/// A set of codes of which some members are certain and others possible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartSet {
    /// Members for certain.
    pub certain: BTreeSet<Arc<str>>,
    /// Members perhaps; never also certain.
    pub possible: BTreeSet<Arc<str>>,
    /// Whether there may be members that are named nowhere here.
    pub open: bool,
}

impl PartSet {
    /// Whether a code that passes the test is a member.
    pub fn any(&self, test: impl Fn(&str) -> bool) -> Truth {
        if self.certain.iter().any(|code| test(code)) {
            Truth::True
        } else if self.open || self.possible.iter().any(|code| test(code)) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }

    /// A set that is known in full.
    pub fn known(certain: BTreeSet<Arc<str>>) -> Self {
        Self {
            certain,
            ..Self::default()
        }
    }

    /// Whether nothing is merely possible.
    pub fn is_settled(&self) -> bool {
        self.possible.is_empty() && !self.open
    }

    /// The members in one list, each with whether it is certain.
    pub fn members(&self) -> impl Iterator<Item = (&Arc<str>, bool)> {
        self.certain
            .iter()
            .map(|code| (code, true))
            .chain(self.possible.iter().map(|code| (code, false)))
    }
}

/// The facts of one party or transit point, in the order of its record type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// Position in the application's list, from 0.
    pub index: usize,
    /// Name and value of each field.
    pub fields: Vec<(Arc<str>, Value)>,
}

impl Record {
    /// The value of a field; unknown if there is none.
    pub fn field(&self, name: &str) -> Value {
        self.fields
            .iter()
            .find(|(known, _)| known.as_ref() == name)
            .map_or(Value::Unknown, |(_, value)| value.clone())
    }

    /// The same record with another value in a field that it has.
    #[must_use]
    pub fn with(&self, name: &str, value: &Value) -> Self {
        let mut record = self.clone();
        let field = record
            .fields
            .iter_mut()
            .find(|(known, _)| known.as_ref() == name);
        if let Some((_, old)) = field {
            *old = value.clone();
        }
        record
    }
}

impl Value {
    /// A text value.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// A text value brought to NFC, as all texts are that are compared.
    pub fn normal(text: &str) -> Self {
        Self::Text(text.nfc().collect::<String>().into())
    }

    /// A set that is known in full.
    pub fn set<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Set(Arc::new(PartSet::known(
            codes.into_iter().map(Arc::from).collect(),
        )))
    }

    /// Whether nothing is known of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether all of it is known: nothing unknown within, no set partly known.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) => items.iter().all(Self::is_settled),
            Self::Set(set) => set.is_settled(),
            Self::Record(record) => record.fields.iter().all(|(_, value)| value.is_settled()),
            _ => true,
        }
    }

    /// The truth of a boolean; anything else is unknown.
    pub fn truth(&self) -> Truth {
        match self {
            Self::Boolean(value) => Truth::from(*value),
            _ => Truth::Unknown,
        }
    }

    /// The text of a text or code.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Boolean(true),
            Truth::False => Self::Boolean(false),
            Truth::Unknown => Self::Unknown,
        }
    }
}

impl fmt::Display for Value {
    /// For people: `police`, `5A001.f (perhaps)`, `none`, `not stated`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("not stated"),
            Self::Boolean(true) => f.write_str("yes"),
            Self::Boolean(false) => f.write_str("no"),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => date.fmt(f),
            Self::Duration(duration) => duration.fmt(f),
            Self::List(items) => joined(f, items.iter().map(ToString::to_string)),
            Self::Set(set) => {
                let members = set.members().map(|(code, certain)| {
                    if certain {
                        code.to_string()
                    } else {
                        format!("{code} (perhaps)")
                    }
                });
                joined(
                    f,
                    members.chain(set.open.then(|| "perhaps others".to_owned())),
                )
            }
            Self::Record(record) => joined(
                f,
                record
                    .fields
                    .iter()
                    .filter(|(_, value)| !value.is_unknown())
                    .map(|(name, value)| format!("{name} {value}")),
            ),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: impl Iterator<Item = String>) -> fmt::Result {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        f.write_str("none")
    } else {
        f.write_str(&parts.join(", "))
    }
}
