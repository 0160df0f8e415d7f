//! Plain named values as the facts of an expression, in the notation of the conformance cases.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::environment::Environment;
use super::names::{Names, Reference, Resolved};
use crate::facts::{CodeSet, Decimal, Duration, FactId, Record, Type, Value};
use crate::source::{Diagnostic, Problems};
use crate::time::Date;

/// Named values, with which an expression can be evaluated outside any ruleset.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    entries: Vec<(Arc<str>, Type, Value)>,
}

impl Inputs {
    /// Reads `{"name": value}` with the types that are named; other types are taken from the values.
    ///
    /// Numbers, dates and durations are `{"@number": "1.5"}`, `{"@date": "2026-03-02"}` and
    /// `{"@duration": "P1Y"}`; whole numbers may stand plainly; `{"@context": {…}}` has fields.
    pub fn read(inputs: &Map<String, Json>, types: &Map<String, Json>) -> Result<Self, Problems> {
        let mut entries = Vec::new();
        let mut problems = Problems::new();
        for (name, json) in inputs {
            match value_of(json) {
                Some(value) => {
                    let named = types.get(name).and_then(Json::as_str).and_then(plain_type);
                    let ty = named.filter(|ty| type_of(&value).fits(ty)).unwrap_or_else(|| type_of(&value));
                    entries.push((Arc::from(name.as_str()), ty, value));
                }
                None => problems.push(Diagnostic::error(
                    "A201",
                    format!("{json} for `{name}`"),
                    "null, true, false, text, a list, {\"@number\": …}, {\"@date\": …}, {\"@duration\": …} or {\"@context\": …}",
                )),
            }
        }
        problems.or(Self { entries })
    }
}

fn plain_type(name: &str) -> Option<Type> {
    Some(match name {
        "boolean" => Type::Boolean,
        "number" => Type::NUMBER,
        "string" | "text" => Type::Text,
        "date" => Type::Date,
        "duration" => Type::Duration,
        _ => return None,
    })
}

fn value_of(json: &Json) -> Option<Value> {
    match json {
        Json::Null => Some(Value::Unknown),
        Json::Bool(value) => Some(Value::Boolean(*value)),
        Json::Number(number) => Decimal::parse(&number.to_string()).map(Value::Number),
        Json::String(text) => Some(Value::normal(text)),
        Json::Array(items) => items
            .iter()
            .map(value_of)
            .collect::<Option<_>>()
            .map(Value::List),
        Json::Object(object) => {
            let (key, inner) = object.iter().next().filter(|_| object.len() == 1)?;
            match (key.as_str(), inner) {
                ("@number", Json::String(text)) => Decimal::parse(text).map(Value::Number),
                ("@date", Json::String(text)) => Date::parse(text).map(Value::Date),
                ("@duration", Json::String(text)) => Duration::parse(text).map(Value::Duration),
                ("@context", Json::Object(fields)) => record_of(fields),
                _ => None,
            }
        }
    }
}

fn record_of(fields: &Map<String, Json>) -> Option<Value> {
    let fields: Option<_> = fields
        .iter()
        .map(|(name, json)| Some((Arc::from(name.as_str()), value_of(json)?)))
        .collect();
    Some(Value::Record(Arc::new(Record {
        index: 0,
        fields: fields?,
    })))
}

fn type_of(value: &Value) -> Type {
    match value {
        Value::Unknown => Type::Any,
        Value::Boolean(_) => Type::Boolean,
        Value::Number(_) => Type::NUMBER,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::Duration(_) => Type::Duration,
        Value::List(items) => items.first().map_or(Type::Any, type_of).list(),
        Value::Set(_) => Type::Text.list(),
        Value::Record(record) => Type::Record(
            record
                .fields
                .iter()
                .map(|(name, value)| (Arc::clone(name), type_of(value)))
                .collect(),
        ),
    }
}

/// A value in the notation of the conformance cases; `"unknown"` where it is not known.
pub fn notation(value: &Value) -> Json {
    match value {
        Value::Unknown => json!("unknown"),
        Value::Boolean(value) => json!(value),
        Value::Number(number) => json!({"@number": number.to_string()}),
        Value::Text(text) => json!(text.as_ref()),
        Value::Date(date) => json!({"@date": date.to_string()}),
        Value::Duration(duration) => json!({"@duration": duration.to_string()}),
        Value::List(items) => items.iter().map(notation).collect(),
        Value::Set(set) if set.is_settled() => set
            .certain
            .iter()
            .map(|code| json!(code.as_ref()))
            .collect(),
        Value::Set(set) => json!({
            "certain": set.certain.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "possible": set.possible.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "open": set.open
        }),
        Value::Record(record) => {
            let fields: Map<String, Json> = record
                .fields
                .iter()
                .map(|(name, value)| (name.to_string(), notation(value)))
                .collect();
            json!({"@context": fields})
        }
    }
}

impl Names for Inputs {
    fn fact(&self, path: &[&str]) -> Option<Resolved> {
        let first = path.first()?;
        let at = self
            .entries
            .iter()
            .position(|(name, ..)| name.as_ref() == *first)?;
        let (_, ty, _) = self.entries.get(at)?;
        Some(Resolved {
            fact: FactId(u16::try_from(at).ok()?),
            ty: ty.clone(),
            names: 1,
            readable: true,
        })
    }

    fn fact_paths(&self) -> Vec<String> {
        self.entries
            .iter()
            .map(|(name, ..)| name.to_string())
            .collect()
    }

    fn code_set(&self, _: &str) -> Option<&CodeSet> {
        None
    }

    fn reference(&self, _: Reference, _: &str) -> Option<Type> {
        None
    }

    fn references(&self, _: Reference) -> Vec<String> {
        Vec::new()
    }

    fn allows_known(&self) -> bool {
        true
    }
}

/// Without a ruleset and reference tables, all that refers to them is unknown.
impl Environment for Inputs {
    fn fact(&self, id: FactId) -> Value {
        self.entries
            .get(id.index())
            .map_or(Value::Unknown, |(_, _, value)| value.clone())
    }
}
