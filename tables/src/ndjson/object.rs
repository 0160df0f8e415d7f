//! Finds the values of columns in a JSON object, without keeping the rest.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::header::Header;

/// The columns that the objects of a block have between them, in the order in which they come.
///
/// Lines that are no objects are left to whoever screens them.
pub(crate) fn names(block: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut known = BTreeSet::new();
    for line in block.split(|byte| *byte == b'\n') {
        if let Ok(Value::Object(object)) = serde_json::from_slice(line) {
            for (key, value) in &object {
                leaves(key, value, &mut |name| {
                    if known.insert(name.to_owned()) {
                        names.push(name.to_owned());
                    }
                });
            }
        }
    }
    names
}

/// The first records of a block, as text: for a look at a table, not for screening.
pub(crate) fn rows(block: &[u8], header: &Header, most: usize) -> Vec<Vec<String>> {
    let names = header.texts();
    let columns = Columns::new(&names, &[], false);
    let mut found = Vec::new();
    for line in block.split(|byte| *byte == b'\n') {
        let text = std::str::from_utf8(line.trim_ascii()).unwrap_or_default();
        let mut cells = Cells::new();
        if found.len() < most && columns.cells(text, &mut cells).is_ok() {
            let cells = cells.into_iter().map(Option::unwrap_or_default);
            found.push(cells.map(Cow::into_owned).collect());
        }
    }
    found
}

fn leaves(name: &str, value: &Value, found: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                leaves(&format!("{name}.{key}"), value, found);
            }
        }
        _ => found(name),
    }
}

/// Columns that are looked for, by their names.
#[derive(Debug)]
pub(super) struct Columns {
    places: BTreeMap<String, usize>,
    /// What stands before a point in a name: objects that are looked into.
    outer: BTreeSet<String>,
    /// Keys that no object may have, because the output adds them.
    ours: &'static [&'static str],
    /// Whether an object may tell nothing else: where the output has no place for it.
    closed: bool,
}

/// The cells of columns, in their order; none where the object does not tell.
pub(super) type Cells<'l> = Vec<Option<Cow<'l, str>>>;

impl Columns {
    /// Columns with these names, in this order; if they are `closed`, others are an error.
    pub(super) fn new(names: &[&str], ours: &'static [&'static str], closed: bool) -> Self {
        let places = names.iter().enumerate();
        let outer = names.iter().flat_map(|name| {
            name.match_indices('.')
                .filter_map(|(at, _)| name.get(..at))
                .map(str::to_owned)
        });
        Self {
            places: places.map(|(at, name)| ((*name).to_owned(), at)).collect(),
            outer: outer.collect(),
            ours,
            closed,
        }
    }

    /// The cells of an object, and whether it has any key; what is wrong with it, if it is none.
    pub(super) fn cells<'l>(&self, line: &'l str, cells: &mut Cells<'l>) -> Result<bool, String> {
        cells.clear();
        cells.resize(self.places.len(), None);
        let mut reader = serde_json::Deserializer::from_str(line);
        let walk = Walk {
            columns: self,
            outer: "",
            cells,
        };
        let found = walk
            .deserialize(&mut reader)
            .map_err(|error| told(&error))?;
        reader.end().map_err(|error| told(&error))?;
        Ok(found)
    }
}

fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    // All stands on one line, whose number is told beside.
    match text.split_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} at column {column}"),
        None => text,
    }
}

/// A key, without a copy where it needs none.
#[derive(Deserialize)]
struct Key<'l>(#[serde(borrow)] Cow<'l, str>);

/// Walks over one object, and those within it that are looked into.
struct Walk<'w, 'c, 'l> {
    columns: &'w Columns,
    outer: &'w str,
    cells: &'c mut Cells<'l>,
}

impl<'l> DeserializeSeed<'l> for Walk<'_, '_, 'l> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'l>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for Walk<'_, '_, 'l> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(mut self, mut object: A) -> Result<bool, A::Error> {
        let mut any = false;
        while let Some(Key(key)) = object.next_key::<Key<'l>>()? {
            any = true;
            self.value(&self.name(key), &mut object)?;
        }
        Ok(any)
    }
}

impl<'l> Walk<'_, '_, 'l> {
    /// The name of the column that a key stands for.
    fn name<'k>(&self, key: Cow<'k, str>) -> Cow<'k, str> {
        if self.outer.is_empty() {
            key
        } else {
            Cow::Owned(format!("{}.{key}", self.outer))
        }
    }

    /// Takes the value of a column, or leaves it where it is none of those that are looked for.
    fn value<A: MapAccess<'l>>(&mut self, name: &str, object: &mut A) -> Result<(), A::Error> {
        let columns = self.columns;
        if columns.ours.contains(&name) {
            let text = format!("the key `{name}`, which the output adds");
            return Err(A::Error::custom(text));
        }
        if let Some(place) = columns.places.get(name) {
            let value: &'l RawValue = object.next_value()?;
            let told = cell(value.get()).map_err(A::Error::custom)?;
            set(self.cells, *place, told, name).map_err(A::Error::custom)
        } else if columns.outer.contains(name) {
            let within = self.within(name, object.next_value()?);
            within.map_err(A::Error::custom)
        } else if columns.closed {
            Err(A::Error::custom(unexpected(name)))
        } else {
            object.next_value::<IgnoredAny>().map(|_| ())
        }
    }

    /// Looks into a value; where it is no object, it tells nothing of the columns within it.
    fn within(&mut self, name: &str, value: &'l RawValue) -> Result<(), String> {
        if !value.get().starts_with('{') {
            let lost = self.columns.closed && value.get() != "null";
            return if lost { Err(unexpected(name)) } else { Ok(()) };
        }
        let walk = Walk {
            columns: self.columns,
            outer: name,
            cells: &mut *self.cells,
        };
        let mut reader = serde_json::Deserializer::from_str(value.get());
        walk.deserialize(&mut reader)
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}

fn unexpected(name: &str) -> String {
    format!("the key `{name}`, which the first records do not have")
}

fn set<'l>(
    cells: &mut Cells<'l>,
    place: usize,
    told: Option<Cow<'l, str>>,
    name: &str,
) -> Result<(), String> {
    match cells.get_mut(place) {
        Some(Some(_)) => Err(format!("the key `{name}` a second time")),
        Some(cell) => {
            *cell = told;
            Ok(())
        }
        None => Ok(()),
    }
}

/// A value as the text of a cell: null is none, and what is no text stands as it is written.
fn cell(value: &str) -> Result<Option<Cow<'_, str>>, String> {
    match value.as_bytes().first() {
        Some(b'"') => {
            let Key(text) = serde_json::from_str(value).map_err(|error| error.to_string())?;
            Ok(Some(text))
        }
        Some(b'n') => Ok(None),
        _ => Ok(Some(Cow::Borrowed(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Columns, names};

    fn cells(line: &str) -> Result<Vec<Option<String>>, String> {
        let columns = Columns::new(&["hs", "to.iso", "to.name", "a.b"], &["determined"], false);
        let mut cells = Vec::new();
        columns.cells(line, &mut cells)?;
        let owned = cells
            .into_iter()
            .map(|cell| cell.map(std::borrow::Cow::into_owned));
        Ok(owned.collect())
    }

    fn found(line: &str) -> Vec<Option<String>> {
        cells(line).unwrap()
    }

    #[test]
    fn columns_are_keys_and_points_lead_inside() {
        let some = |text: &str| Some(text.to_owned());
        let line =
            r#"{"x":[{"hs":1}],"hs":851762,"to":{"iso":"KE","name":null,"more":{}},"a.b":1.50}"#;
        assert_eq!(
            found(line),
            [some("851762"), some("KE"), None, some("1.50")]
        );
        assert_eq!(
            found(r#"{"a":{"b":true},"to":"KE"}"#),
            [None, None, None, some("true")]
        );
        assert_eq!(
            found(r#"{"hs":"\u0038\n"}"#),
            [some("8\n"), None, None, None]
        );
        assert_eq!(found("{}"), [None, None, None, None]);
    }

    #[test]
    fn what_is_no_object_or_not_clear_is_told() {
        for (line, said) in [
            ("[1]", "an object"),
            ("{\"hs\":1", "EOF"),
            ("{\"hs\":1} {}", "trailing"),
            (r#"{"hs":1,"hs":2}"#, "the key `hs` a second time"),
            (r#"{"a":{"b":1},"a.b":2}"#, "the key `a.b` a second time"),
            (r#"{"determined":true}"#, "which the output adds"),
        ] {
            let told = cells(line).unwrap_err();
            assert!(told.contains(said), "{line}: {told}");
        }
    }

    #[test]
    fn nothing_is_lost_where_columns_are_closed() {
        let columns = Columns::new(&["hs", "to.iso"], &[], true);
        for (line, fits) in [
            (r#"{"hs":1,"to":{"iso":"KE"}}"#, true),
            (r#"{"to":null}"#, true),
            (r#"{"hs":1,"more":2}"#, false),
            (r#"{"to":{"iso":"KE","name":"Kenya"}}"#, false),
            (r#"{"to":"KE"}"#, false),
        ] {
            assert_eq!(columns.cells(line, &mut Vec::new()).is_ok(), fits, "{line}");
        }
    }

    #[test]
    fn names_are_those_of_all_first_objects() {
        let block = b"{\"b\":1,\"a\":{\"c\":2}}\nnone\n{\"a\":{\"d\":3,\"e\":{}},\"b\":4}\n";
        assert_eq!(names(block), ["b", "a.c", "a.d", "a.e"]);
    }
}
