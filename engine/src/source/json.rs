//! JSON, read strictly: what would be lost in silence elsewhere is an error here.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::diagnostic::{Diagnostic, Excerpt, Place, Problems};
use super::document::Document;
use super::suggest::nearest;
use crate::limits;

/// A JSON value without duplicate keys and without numbers that are not whole.
///
/// Numbers with a fraction are written as text (`"0.5"`), so that no binary floating point
/// ever stands between what was written and what is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(Value);

impl Json {
    /// Reads a document.
    pub fn parse(document: &Document) -> Result<Self, Diagnostic> {
        let mut reader = serde_json::Deserializer::from_str(document.text());
        let value = Strict { depth: 0 }
            .deserialize(&mut reader)
            .and_then(|value| reader.end().map(|()| value))
            .map_err(|error| broken(document, &error))?;
        Ok(Self(value))
    }

    /// The value as serde knows it.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Takes the value out.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// The root, to walk down from.
    pub fn root(&self) -> Node<'_> {
        Node {
            value: &self.0,
            pointer: String::new(),
        }
    }
}

impl From<Value> for Json {
    /// Takes a value built by this program; what people write goes through [`Document::json`].
    fn from(value: Value) -> Self {
        Self(value)
    }
}

fn broken(document: &Document, error: &serde_json::Error) -> Diagnostic {
    let (line, column) = (error.line(), error.column());
    let text = document.text();
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let at = floor(text, start.saturating_add(column.saturating_sub(1)));
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    let (code, found, expected) = match message.split_once(MARK) {
        Some((code, rest)) => match rest.split_once(MARK) {
            Some((found, expected)) => (known(code), found.to_owned(), expected.to_owned()),
            None => ("J102", rest.to_owned(), "JSON (RFC 8259)".to_owned()),
        },
        None => ("J102", message.to_lowercase(), "JSON (RFC 8259)".to_owned()),
    };
    let end = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |character| at.saturating_add(character.len_utf8()));
    Diagnostic::error(code, found, expected).at(Place {
        document: document.name().to_owned(),
        pointer: None,
        excerpt: Some(Excerpt {
            text: text.clone(),
            span: at..end,
        }),
    })
}

/// Separates code, found and expected inside serde's one message.
const MARK: char = '\u{1}';

fn known(code: &str) -> &'static str {
    ["J103", "J104", "J106"]
        .into_iter()
        .find(|known| *known == code)
        .unwrap_or("J102")
}

fn told(code: &str, found: impl fmt::Display, expected: &str) -> String {
    format!("{code}{MARK}{found}{MARK}{expected}")
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: de::Error>(&self) -> Result<Self, E> {
        if self.depth >= limits::DOCUMENT_DEPTH {
            let found = format!("more than {} levels of nesting", limits::DOCUMENT_DEPTH);
            return Err(E::custom(told("J106", found, "a flatter document")));
        }
        Ok(Self {
            depth: self.depth.saturating_add(1),
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::from)
            .map_err(|_| too_wide(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Err(too_wide(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self.deeper()?)?;
            if object.contains_key(&key) {
                let found = format!("the key `{key}` a second time");
                return Err(de::Error::custom(told(
                    "J103",
                    found,
                    "each key once in an object",
                )));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

fn too_wide<E: de::Error>(value: impl fmt::Display) -> E {
    let found = format!("the number {value}");
    E::custom(told(
        "J104",
        found,
        "a whole number of at most 18 digits, or a decimal in quotes",
    ))
}

/// The bytes of the value at an RFC 6901 pointer, found by walking the text again.
pub(super) fn locate(text: &str, pointer: &str) -> Option<Range<usize>> {
    let mut here: &RawValue = serde_json::from_str(text).ok()?;
    for part in pointer.split('/').skip(1) {
        let key = part.replace("~1", "/").replace("~0", "~");
        here = if here.get().starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(here.get()).ok()?;
            items.get(key.parse::<usize>().ok()?).copied()?
        } else {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(here.get()).ok()?;
            entries.get(&key).copied()?
        };
    }
    let start = (here.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some(start..start.checked_add(here.get().len())?)
}

/// A value in a document together with the way to it.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    value: &'a Value,
    pointer: String,
}

/// An object whose keys are taken one by one, so that those nobody knows can be named.
#[derive(Debug)]
pub struct Object<'a> {
    entries: &'a serde_json::Map<String, Value>,
    pointer: String,
}

impl<'a> Node<'a> {
    /// The value itself.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// RFC 6901 pointer from the root.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The member of an array.
    pub fn items(&self) -> Option<Vec<Node<'a>>> {
        let items = self.value.as_array()?.iter().enumerate();
        Some(
            items
                .map(|(at, value)| Node {
                    value,
                    pointer: format!("{}/{at}", self.pointer),
                })
                .collect(),
        )
    }

    /// The entries of an object.
    pub fn object(&self) -> Option<Object<'a>> {
        let entries = self.value.as_object()?;
        Some(Object {
            entries,
            pointer: self.pointer.clone(),
        })
    }

    /// Words for the kind of value that stands here, for "found".
    pub fn kind(&self) -> String {
        match self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => format!("the number {value}"),
            Value::String(value) => format!("the text \"{value}\""),
            Value::Array(items) => format!("a list of {}", items.len()),
            Value::Object(_) => "an object".to_owned(),
        }
    }
}

impl<'a> Object<'a> {
    /// The value of a key, if it is there.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.entries.get(key)?;
        Some(Node {
            value,
            pointer: self.child(key),
        })
    }

    /// RFC 6901 pointer to the object.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The keys with their values, as written.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        self.entries.iter().map(|(key, value)| {
            (
                key.as_str(),
                Node {
                    value,
                    pointer: self.child(key),
                },
            )
        })
    }

    fn child(&self, key: &str) -> String {
        format!(
            "{}/{}",
            self.pointer,
            key.replace('~', "~0").replace('/', "~1")
        )
    }

    /// Reports each key that is not among those that are known.
    pub fn refuse_unknown(
        &self,
        known: &[&str],
        code: &'static str,
        document: &Document,
        problems: &mut Problems,
    ) {
        for (key, node) in self.entries() {
            if !known.contains(&key) {
                let help = nearest(key, known.iter().copied()).map_or_else(
                    || format!("known here: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.push(
                    Diagnostic::error(code, format!("the unknown key `{key}`"), "a known key")
                        .help(help)
                        .at(document.place_of(&node)),
                );
            }
        }
    }
}
