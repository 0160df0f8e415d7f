//! The place in an application that a field of a profile feeds.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::facts::{Catalogue, FactId, Field};
use crate::source::nearest;

/// Items or parties that one record may feed.
const MEMBERS: usize = 100;

/// The facts that an application holds at a place such as `/items/0/hs`; several where they differ in
/// their units only, none where there is no such place.
pub(super) fn facts_at<'c>(catalogue: &'c Catalogue, pointer: &str) -> Vec<&'c Field> {
    let Some(general) = general(pointer) else {
        return Vec::new();
    };
    let facts: Vec<&Field> = catalogue
        .facts()
        .filter(|(_, fact)| fact.pointer == general)
        .map(|(_, fact)| &fact.field)
        .collect();
    if facts.is_empty() {
        record_field(catalogue, &general).into_iter().collect()
    } else {
        facts
    }
}

/// The facts that what stands at a place tells something of: of those within it, and of those around it.
pub(super) fn feeds(catalogue: &Catalogue, pointer: &str) -> BTreeSet<FactId> {
    let place = general(pointer).unwrap_or_default();
    let within = |inner: &str, outer: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let facts = catalogue.facts();
    facts
        .filter(|(_, fact)| within(&place, &fact.pointer) || within(&fact.pointer, &place))
        .map(|(id, _)| id)
        .collect()
}

/// The same place with `*` for each number; none where a number is too great.
fn general(pointer: &str) -> Option<String> {
    let parts = pointer.split('/').map(|part| match part.parse::<usize>() {
        Ok(number) => (number < MEMBERS).then_some("*"),
        Err(_) => (part != "*").then_some(part),
    });
    let parts: Option<Vec<&str>> = parts.collect();
    Some(parts?.join("/"))
}

fn record_field<'c>(catalogue: &'c Catalogue, general: &str) -> Option<&'c Field> {
    let (list, name) = general.rsplit_once("/*/")?;
    let (_, fact) = catalogue.facts().find(|(_, fact)| fact.pointer == list)?;
    let record = catalogue.record_of(&fact.field.notation)?;
    record
        .fields
        .iter()
        .find(|field| field.name.as_ref() == name)
}

/// The places of an application that a profile may feed, with the first member of each list.
pub(super) fn places(catalogue: &Catalogue) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for (_, fact) in catalogue.facts() {
        known.push(fact.pointer.replace('*', "0"));
        let record = catalogue.record_of(&fact.field.notation);
        let fields = record.map_or(&[][..], |record| record.fields.as_slice());
        let pointers = fields
            .iter()
            .map(|field| format!("{}/0/{}", fact.pointer, field.name));
        known.extend(pointers);
    }
    known.sort();
    known.dedup();
    known
}

/// What to write instead of a place that there is not.
pub(super) fn suggestion(catalogue: &Catalogue, pointer: &str) -> String {
    let known = places(catalogue);
    match nearest(pointer, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`catchall schema application` shows an application's places; `/items/0/hs` and \
                 `/destination/country` are two"
            .to_owned(),
    }
}

/// Puts a value in its place, making the objects and lists on the way.
pub(super) fn place(root: &mut Value, pointer: &str, value: Value) {
    if let Some(slot) = slot(root, pointer) {
        *slot = value;
    }
}

fn slot<'v>(root: &'v mut Value, pointer: &str) -> Option<&'v mut Value> {
    let mut here = root;
    for part in pointer.split('/').skip(1) {
        here = match part.parse::<usize>() {
            Ok(index) => member(here, index)?,
            Err(_) => entry(here, part)?,
        };
    }
    Some(here)
}

fn member(here: &mut Value, index: usize) -> Option<&mut Value> {
    if !here.is_array() {
        *here = Value::Array(Vec::new());
    }
    let items = here.as_array_mut()?;
    while items.len() <= index && items.len() < MEMBERS {
        items.push(Value::Object(Map::new()));
    }
    items.get_mut(index)
}

fn entry<'v>(here: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    if !here.is_object() {
        *here = Value::Object(Map::new());
    }
    Some(here.as_object_mut()?.entry(key).or_insert(Value::Null))
}

/// A list whose member was never filled, although a later one was.
pub(super) fn gap(root: &Value) -> Option<String> {
    let lists = root.as_object()?.iter();
    lists
        .filter_map(|(name, value)| Some((name, value.as_array()?)))
        .filter(|(_, items)| items.len() > 1)
        .find_map(|(name, items)| {
            let empty = |item: &Value| item.as_object().is_some_and(Map::is_empty);
            let at = items.iter().position(empty)?;
            Some(format!("/{name}/{at}"))
        })
}
