//! The types of facts and of conditions.

use std::fmt;
use std::sync::Arc;

/// What kind of value a fact or an expression has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Boolean,
    /// An exact decimal, with its unit (`EUR`) where it has one. A plain number fits any unit.
    Number(Option<Arc<str>>),
    /// A civil day.
    Date,
    /// Text, compared by code point after NFC.
    Text,
    /// Years and months, or days and seconds.
    Duration,
    /// One value of a named set, such as `use` or `country`.
    Code(Arc<str>),
    /// A set of codes of a named set, which may be partly known.
    Set(Arc<str>),
    /// A list.
    List(Box<Type>),
    /// Named fields, such as a party.
    Record(Arc<[(Arc<str>, Type)]>),
    /// A range of values.
    Range(Box<Type>),
    /// The type of `null` and of an empty list's members: fits anywhere.
    Any,
}

impl Type {
    /// A number without a unit.
    pub const NUMBER: Self = Self::Number(None);

    /// A list of this type.
    #[must_use]
    pub fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// Whether a value of one type can stand where the other is expected.
    /// A code is text from a known set, so text constants and codes are compared by what they say.
    pub fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Text, Self::Code(_))
            | (Self::Code(_), Self::Text) => true,
            (Self::Number(a), Self::Number(b)) => a.is_none() || b.is_none() || a == b,
            (Self::List(a), Self::List(b)) | (Self::Range(a), Self::Range(b)) => a.fits(b),
            (Self::Set(set), Self::List(item)) | (Self::List(item), Self::Set(set)) => {
                item.fits(&Self::Code(Arc::clone(set)))
            }
            _ => self == other,
        }
    }

    /// The type of what may be either, of two that fit each other: the one that says more.
    /// A plain number takes the other's unit, so that no two currencies meet through it.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        match (self, other) {
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.joined(*b))),
            (Self::Range(a), Self::Range(b)) => Self::Range(Box::new(a.joined(*b))),
            (Self::Number(None), ty @ Self::Number(_))
            | (Self::Text, ty @ Self::Code(_))
            | (Self::Any, ty)
            | (ty, _) => ty,
        }
    }

    /// The type of a list's or set's members.
    pub fn member(&self) -> Option<Self> {
        match self {
            Self::List(item) => Some(item.as_ref().clone()),
            Self::Set(set) => Some(Self::Code(Arc::clone(set))),
            Self::Any => Some(Self::Any),
            _ => None,
        }
    }

    /// The type of a record's field.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Record(fields) => fields
                .iter()
                .find(|(known, _)| known.as_ref() == name)
                .map(|(_, ty)| ty),
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => f.write_str("boolean"),
            Self::Number(None) => f.write_str("number"),
            Self::Number(Some(unit)) => write!(f, "number of {unit}"),
            Self::Date => f.write_str("date"),
            Self::Text => f.write_str("text"),
            Self::Duration => f.write_str("duration"),
            Self::Code(set) => write!(f, "code({set})"),
            Self::Set(set) => write!(f, "set<{set}>"),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Record(_) => f.write_str("record"),
            Self::Range(item) => write!(f, "range<{item}>"),
            Self::Any => f.write_str("anything"),
        }
    }
}
