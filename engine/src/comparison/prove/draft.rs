//! An application in the making: facts that can be dropped one by one, and written as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::domain::Var;
use super::inputs::Instance;
use crate::condition::notation;
use crate::facts::{Application, Catalogue, Fact, FactId, PartSet, Record, Scope, Type, Value};

/// The facts of an application with one item; what is not there is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft(BTreeMap<FactId, Value>);

impl Draft {
    /// From the values of variables.
    pub(super) fn new(found: &BTreeMap<Instance, Value>, catalogue: &Catalogue) -> Self {
        let mut draft = Self::default();
        for ((var, _), value) in found.iter().filter(|(_, value)| !value.is_unknown()) {
            match var {
                Var::Fact(id) => _ = draft.0.insert(*id, value.clone()),
                Var::Length(id) => _ = draft.0.insert(*id, list(*id, value, found, catalogue)),
                Var::Field(..) => {}
            }
        }
        draft
    }

    /// The application that states these facts.
    pub(super) fn application(&self, blank: &Application, catalogue: &Catalogue) -> Application {
        let mut application = blank.clone();
        for (id, value) in &self.0 {
            if catalogue
                .fact(*id)
                .is_some_and(|fact| fact.scope == Scope::Item)
            {
                for item in &mut application.items {
                    *item = item.with_fact(*id, value.clone());
                }
            } else {
                application = application.with_fact(*id, value.clone());
            }
        }
        application
    }

    /// Every draft that says one thing less.
    pub(super) fn shorter(&self) -> Vec<Self> {
        self.varied(less)
    }

    /// Every draft that says one thing otherwise, by the values that a variable can have.
    pub(super) fn otherwise(&self, values: impl Fn(&Var) -> Vec<Value>) -> Vec<Self> {
        let mut found = Vec::new();
        for (id, value) in &self.0 {
            let own = values(&Var::Fact(*id));
            found.extend(before(&own, value).map(|value| self.with(*id, value)));
            let Value::List(items) = value else { continue };
            for (at, item) in items.iter().enumerate() {
                let Value::Record(record) = item else {
                    continue;
                };
                for (name, old) in record.fields.iter().filter(|(_, old)| !old.is_unknown()) {
                    let own = values(&Var::Field(*id, Arc::clone(name)));
                    let others = before(&own, old)
                        .map(|new| Value::Record(Arc::new(record.with(name, &new))));
                    found
                        .extend(others.map(|record| self.with(*id, with_item(items, at, &record))));
                }
            }
        }
        found
    }

    fn varied(&self, vary: fn(&Value) -> Vec<Value>) -> Vec<Self> {
        let facts = self.0.iter();
        facts
            .flat_map(|(id, value)| vary(value).into_iter().map(|value| self.with(*id, value)))
            .collect()
    }

    fn with(&self, id: FactId, value: Value) -> Self {
        let mut changed = self.clone();
        if value.is_unknown() {
            changed.0.remove(&id);
        } else {
            changed.0.insert(id, value);
        }
        changed
    }

    /// The application as JSON.
    pub(super) fn json(&self, catalogue: &Catalogue) -> Json {
        let mut root = json!({});
        for (id, value) in &self.0 {
            if let Some(fact) = catalogue.fact(*id) {
                place(
                    &mut root,
                    &fact.pointer.replace('*', "0"),
                    written(value, fact),
                );
            }
        }
        if root.get("items").is_none() {
            place(&mut root, "/items", json!([{}]));
        }
        root
    }
}

/// The values that stand before one, which is the order in which they are preferred.
fn before<'v>(values: &'v [Value], value: &Value) -> impl Iterator<Item = Value> + 'v {
    let at = values.iter().position(|one| one == value).unwrap_or(0);
    values
        .iter()
        .take(at)
        .filter(|one| !one.is_unknown())
        .cloned()
}

/// A value with one thing less.
fn less(value: &Value) -> Vec<Value> {
    let mut found = vec![Value::Unknown];
    match value {
        Value::Set(set) => found.extend(less_of_set(set)),
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let rest = items.iter().enumerate().filter(|(other, _)| *other != at);
                found.push(Value::List(rest.map(|(_, item)| item.clone()).collect()));
                if let Value::Record(record) = item {
                    found
                        .extend(less_of_record(record).map(|record| with_item(items, at, &record)));
                }
            }
        }
        _ => {}
    }
    found
}

fn less_of_set(set: &PartSet) -> Vec<Value> {
    let mut found = Vec::new();
    if set.open {
        found.push(PartSet {
            open: false,
            ..set.clone()
        });
    }
    for (code, _) in set.members() {
        let mut rest = set.clone();
        rest.possible.remove(code);
        rest.certain.remove(code);
        found.push(rest);
    }
    for code in &set.possible {
        let mut certain = set.clone();
        certain.possible.remove(code);
        certain.certain.insert(Arc::clone(code));
        found.push(certain);
    }
    found
        .into_iter()
        .map(|set| Value::Set(Arc::new(set)))
        .collect()
}

fn less_of_record(record: &Record) -> impl Iterator<Item = Value> + '_ {
    record
        .fields
        .iter()
        .filter(|(_, value)| !value.is_unknown())
        .flat_map(|(name, value)| {
            let values = match value {
                Value::Set(set) => [Value::Unknown]
                    .into_iter()
                    .chain(less_of_set(set))
                    .collect(),
                _ => vec![Value::Unknown],
            };
            values
                .into_iter()
                .map(|value| Value::Record(Arc::new(record.with(name, &value))))
        })
}

fn with_item(items: &[Value], at: usize, value: &Value) -> Value {
    let items = items.iter().enumerate();
    Value::List(
        items
            .map(|(other, item)| {
                if other == at {
                    value.clone()
                } else {
                    item.clone()
                }
            })
            .collect(),
    )
}

fn list(
    id: FactId,
    length: &Value,
    found: &BTreeMap<Instance, Value>,
    catalogue: &Catalogue,
) -> Value {
    let fields = match catalogue.fact(id).and_then(|fact| fact.field.ty.member()) {
        Some(Type::Record(fields)) => fields,
        _ => Arc::from([]),
    };
    let member = |index: usize| {
        let fields = fields.iter().map(|(name, _)| {
            let value = found.get(&(Var::Field(id, Arc::clone(name)), index));
            (Arc::clone(name), value.cloned().unwrap_or(Value::Unknown))
        });
        Value::Record(Arc::new(Record {
            index,
            fields: fields.collect(),
        }))
    };
    let count = length.to_string().parse::<usize>().unwrap_or(0);
    Value::List((0..count).map(member).collect())
}

/// A value as an application states it.
fn written(value: &Value, fact: &Fact) -> Json {
    match (value, &fact.field.unit) {
        (Value::Number(number), Some(unit)) => json!({"amount": number.to_string(), "unit": unit}),
        (value, _) => plain(value),
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Number(number) => json!(number.to_string()),
        Value::Set(set) if set.is_settled() => json!(set.certain),
        Value::Set(set) => {
            json!({"certain": set.certain, "possible": set.possible, "open": set.open})
        }
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Record(record) => {
            let fields = record
                .fields
                .iter()
                .filter(|(_, value)| !value.is_unknown());
            Json::Object(
                fields
                    .map(|(name, value)| (name.to_string(), plain(value)))
                    .collect(),
            )
        }
        value => notation(value),
    }
}

/// Puts a value in its place, making the objects and lists on the way.
fn place(root: &mut Json, pointer: &str, value: Json) {
    let mut here = root;
    for key in pointer.split('/').skip(1) {
        if let Ok(index) = key.parse::<usize>() {
            if !here.is_array() {
                *here = json!([]);
            }
            let Some(items) = here.as_array_mut() else {
                return;
            };
            while items.len() <= index {
                items.push(json!({}));
            }
            let Some(next) = items.get_mut(index) else {
                return;
            };
            here = next;
        } else {
            if !here.is_object() {
                *here = Json::Object(Map::new());
            }
            let Some(object) = here.as_object_mut() else {
                return;
            };
            here = object.entry(key).or_insert(Json::Null);
        }
    }
    *here = value;
}
