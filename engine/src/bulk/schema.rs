//! The JSON Schema of a profile, so that editors complete it.

use serde_json::{Value, json};

use super::convert::WORDS;
use super::edition;
use super::field::Otherwise;
use super::target::places;
use crate::facts::Catalogue;
use crate::reference::CodeSystem;

/// JSON Schema 2020-12 of a profile: every key, what it takes, and what it means.
pub fn profile_schema(catalogue: &Catalogue) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Profile",
        "description": "How a publisher's table is read: which column feeds which fact, in which unit and on which day.",
        "type": "object",
        "properties": {
            "$schema": text("The schema by which an editor completes this."),
            "id": text("Its name."),
            "title": text("What the table is."),
            "source": source(),
            "notes": { "type": "array", "items": { "type": "string" }, "description": "What a reader of the results must know." },
            "delimiter": { "type": ["string", "null"], "minLength": 1, "maxLength": 1, "description": "The character between cells." },
            "header": { "const": "facts", "description": "Each column is named by the fact that it feeds, such as item.hs." },
            "date": date(),
            "fields": { "type": "array", "description": "The facts, each from a column or a constant.", "items": { "oneOf": [constant(catalogue), column(catalogue)] } }
        },
        "required": ["id", "title", "source"],
        "oneOf": [{ "required": ["fields"] }, { "required": ["header"] }],
        "additionalProperties": false
    })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn source() -> Value {
    json!({
        "type": "object", "description": "Whose table it is.",
        "properties": {
            "publisher": text("Who publishes the table."),
            "licence": text("Under which licence."),
            "url": { "type": ["string", "null"], "description": "Where to find it." }
        },
        "required": ["publisher", "licence"], "additionalProperties": false
    })
}

fn date() -> Value {
    json!({
        "type": ["object", "null"], "description": "The day whose law applies to a record.",
        "properties": {
            "column": text("The column."),
            "format": { "type": "string", "pattern": "%Y", "description": "%Y is four digits, %m and %d two, all else stands for itself." },
            "month": { "type": "integer", "minimum": 1, "maximum": 12, "description": "The month that counts, where the format has none." },
            "day": { "description": "The day that counts, where the format has none.", "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 28 }, { "const": "last" }] }
        },
        "required": ["column", "format"], "additionalProperties": false
    })
}

fn place(catalogue: &Catalogue) -> Value {
    json!({
        "description": "The place in an application.",
        "anyOf": [{ "enum": places(catalogue) }, { "type": "string", "pattern": "^/(items|parties|transit)/[0-9]+/" }]
    })
}

fn constant(catalogue: &Catalogue) -> Value {
    json!({
        "type": "object",
        "properties": {
            "to": place(catalogue),
            "constant": { "description": "The value for all records." }
        },
        "required": ["to", "constant"], "additionalProperties": false
    })
}

fn column(catalogue: &Catalogue) -> Value {
    let reasons = |description: &str| json!({ "type": "object", "description": description, "additionalProperties": { "type": "string", "minLength": 1 } });
    let otherwise =
        |description: &str| json!({ "enum": Otherwise::WORDS, "description": description });
    json!({
        "type": "object",
        "properties": {
            "to": place(catalogue),
            "column": text("The column's name in the header."),
            "as": { "enum": WORDS, "description": "What the cells are." },
            "codes": { "enum": CodeSystem::WORDS, "description": "Whose country codes they are." },
            "edition": edition(),
            "digits": { "enum": [2, 4, 6, 8, 10, 12], "description": "How many digits a customs code has: the 0 in front may have been dropped." },
            "unit": unit(),
            "times": { "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$", "description": "What each number is multiplied by, so that it counts in the unit." },
            "map": { "type": "object", "description": "Values with what they mean. ? is any one character, * at the end all that follow." },
            "unresolved": reasons("Values that are known to tell nothing, each with the reason."),
            "reject": reasons("Values whose records are rejected, each with the reason."),
            "missing": { "type": "array", "items": { "type": "string" }, "description": "Cells that count as empty, such as NA." },
            "empty": otherwise("What an empty cell does."),
            "otherwise": otherwise("What a cell that is not understood does.")
        },
        "required": ["to", "column", "as"], "additionalProperties": false,
        "allOf": [
            { "if": { "properties": { "as": { "const": "hs" } } }, "then": { "required": ["edition"] } },
            { "if": { "properties": { "as": { "const": "country_code" } } }, "then": { "required": ["codes"] } }
        ]
    })
}

fn edition() -> Value {
    let editions = json!({ "enum": edition::list() });
    json!({
        "description": "The edition of the Harmonized System that the codes are in.",
        "anyOf": [
            editions,
            { "const": "in_force" },
            {
                "type": "object",
                "properties": {
                    "column": text("The column that tells the edition."),
                    "editions": { "type": "object", "description": "Cells, and the edition that each means.", "additionalProperties": editions }
                },
                "required": ["column", "editions"], "additionalProperties": false
            },
            { "type": "object", "patternProperties": { "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": editions }, "minProperties": 1, "additionalProperties": false }
        ]
    })
}

fn unit() -> Value {
    json!({
        "description": "Unit of a number, such as GBP, or the column that tells it.",
        "anyOf": [
            { "type": ["string", "null"] },
            {
                "type": "object",
                "properties": {
                    "column": text("The column that tells the unit."),
                    "map": { "type": "object", "description": "Cells, and the unit that each means.", "additionalProperties": { "type": "string" } }
                },
                "required": ["column"], "additionalProperties": false
            }
        ]
    })
}
