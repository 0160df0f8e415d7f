//! The JSON Schema of an application, made from the catalogue.

use serde_json::{Map, Value as Json, json};

use super::catalogue::{Catalogue, Field, Scope};
use super::tree::Tree;
use super::types::Type;

/// A code set with more values than this is described, not enumerated.
const ENUMERATED: usize = 400;

/// JSON Schema 2020-12 of an application: every key, its type, its codes, its question.
pub fn application_schema(catalogue: &Catalogue) -> Json {
    let mut root = tree_schema(catalogue.tree(Scope::Application), catalogue);
    let mut item = tree_schema(catalogue.tree(Scope::Item), catalogue);
    put(
        &mut item,
        "line",
        json!({"type": "integer", "description": "Number of the line; else its position."}),
    );
    put(
        &mut root,
        "id",
        json!({"type": ["string", "null"], "description": "Your own number for the application."}),
    );
    for (key, what) in [
        ("as_of", "The day whose law and facts apply."),
        (
            "known_at",
            "The day up to which data had been published; else as_of.",
        ),
    ] {
        put(
            &mut root,
            key,
            json!({"type": ["string", "null"], "format": "date", "description": what}),
        );
    }
    put(
        &mut root,
        "items",
        json!({"type": "array", "minItems": 1, "items": item}),
    );
    if let Json::Object(object) = &mut root {
        object.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        object.insert("title".to_owned(), json!("Application"));
        object.insert("description".to_owned(), json!(
            "The facts of one proposed export. What is left out, or null, is unknown; an unknown key is an error."
        ));
        object.insert("required".to_owned(), json!(["items"]));
    }
    root
}

fn put(schema: &mut Json, key: &str, property: Json) {
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        properties.insert(key.to_owned(), property);
    }
}

fn tree_schema(tree: &Tree, catalogue: &Catalogue) -> Json {
    let mut properties = Map::new();
    for (key, child) in &tree.children {
        let fields = child.fields(catalogue);
        let schema = if fields.is_empty() {
            tree_schema(child, catalogue)
        } else {
            leaf(&fields, catalogue)
        };
        properties.insert(key.to_string(), schema);
    }
    json!({"type": ["object", "null"], "properties": properties, "additionalProperties": false})
}

fn leaf(fields: &[&Field], catalogue: &Catalogue) -> Json {
    let Some(first) = fields.first() else {
        return json!(true);
    };
    let units: Vec<&str> = fields
        .iter()
        .filter_map(|field| field.unit.as_deref())
        .collect();
    let mut schema = if units.is_empty() {
        field_schema(first, catalogue)
    } else {
        json!({
            "type": ["object", "null"],
            "properties": {"amount": number(), "unit": nullable(&json!({"enum": units}))},
            "required": ["amount", "unit"],
            "additionalProperties": false
        })
    };
    if let Json::Object(object) = &mut schema {
        object.insert("description".to_owned(), json!(first.question.as_ref()));
    }
    schema
}

fn field_schema(field: &Field, catalogue: &Catalogue) -> Json {
    match &field.ty {
        Type::List(_) => match catalogue.record_of(&field.notation) {
            Some(record) => {
                let properties: Map<String, Json> = record
                    .fields
                    .iter()
                    .map(|field| (field.name.to_string(), leaf(&[field], catalogue)))
                    .collect();
                json!({
                    "type": ["array", "null"],
                    "items": {"type": "object", "properties": properties, "additionalProperties": false}
                })
            }
            None => json!({"type": ["array", "null"]}),
        },
        ty => type_schema(ty, catalogue),
    }
}

fn type_schema(ty: &Type, catalogue: &Catalogue) -> Json {
    match ty {
        Type::Boolean => json!({"type": ["boolean", "null"]}),
        Type::Number(_) => number(),
        Type::Date => json!({"type": ["string", "null"], "format": "date"}),
        Type::Code(set) => nullable(&codes(set, catalogue)),
        Type::Set(set) => {
            let list =
                json!({"type": "array", "items": codes(set, catalogue), "uniqueItems": true});
            json!({"anyOf": [
                {"type": "null"},
                list,
                {"type": "object", "properties": {"certain": list, "possible": list, "open": {"type": "boolean"}}, "additionalProperties": false}
            ]})
        }
        _ => json!({"type": ["string", "null"]}),
    }
}

fn number() -> Json {
    json!({"type": ["string", "integer", "null"], "pattern": "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"})
}

fn nullable(schema: &Json) -> Json {
    json!({"anyOf": [{"type": "null"}, schema]})
}

fn codes(set: &str, catalogue: &Catalogue) -> Json {
    match catalogue.code_set(set) {
        Some(codes) if (1..=ENUMERATED).contains(&codes.values.len()) => {
            let values: Vec<&str> = codes.values.keys().map(AsRef::as_ref).collect();
            json!({"enum": values, "description": codes.title})
        }
        Some(codes) => json!({"type": "string", "description": codes.title}),
        None => json!({"type": "string"}),
    }
}
