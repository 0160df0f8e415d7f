//! The JSON Schemas agree with the documents that are shipped, with the engine's own checks, and with
//! what the engine answers.
//!
//! Broken documents are data: `tests/data/schemas.json` holds one valid document of each kind and, for
//! each mistake, what differs from it as a merge patch. Adding one needs no Rust.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of the suite that fails is a test that fails"
)]

use std::fs;
use std::path::PathBuf;

use catchall_engine::explanation::determination_schema;
use catchall_engine::facts::application_schema;
use catchall_engine::ruleset::{Case, Ruleset, RulesetFiles, read_cases};
use catchall_engine::screening::run_case;
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_tests::{library, root};
use jsonschema::Validator;
use serde_json::{Value, json};

fn ruleset_schema() -> Value {
    serde_json::from_str(shipped::ruleset_schema().unwrap().text()).unwrap()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

/// The validator of one part of the ruleset's schema, as an editor is pointed at it.
fn part(name: &str) -> Validator {
    let mut schema = json!({"$ref": format!("#/$defs/{name}")});
    schema["$defs"] = ruleset_schema()["$defs"].clone();
    validator(&schema)
}

/// What is wrong with a document, each with its place; nothing if it is valid.
fn mistakes(validator: &Validator, document: &Value) -> Vec<String> {
    let errors = validator.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn json_in(folder: PathBuf) -> Vec<(PathBuf, Value)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let document = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        (path, document)
    };
    paths.into_iter().map(read).collect()
}

fn cases(ruleset: &Ruleset) -> Vec<Case> {
    let documents = shipped::cases(&ruleset.id).unwrap();
    documents
        .iter()
        .flat_map(|document| read_cases(document).unwrap())
        .collect()
}

#[test]
fn every_shipped_document_is_valid() {
    let whole = validator(&ruleset_schema());
    let (head, rule, cases) = (part("head"), part("rule"), part("cases"));
    let assembled = part("assembled");
    let check = |validator: &Validator, path: &PathBuf, document: &Value| {
        for validator in [validator, &whole] {
            assert_eq!(mistakes(validator, document), [""; 0], "{}", path.display());
        }
    };
    for id in shipped::ruleset_ids() {
        let folder = root().join("rulesets").join(&id);
        let path = folder.join("ruleset.json");
        let text = fs::read(&path).unwrap();
        check(&head, &path, &serde_json::from_slice(&text).unwrap());
        for (path, document) in json_in(folder.join("rules")) {
            check(&rule, &path, &document);
        }
        for (path, document) in json_in(folder.join("cases")) {
            check(&cases, &path, &document);
        }
        let whole = shipped::ruleset(&id).unwrap().assembled().unwrap();
        check(&assembled, &path, &whole);
    }
}

/// Applies a merge patch (RFC 7396).
fn patched(target: &Value, patch: &Value) -> Value {
    let Value::Object(changes) = patch else {
        return patch.clone();
    };
    let mut object = target.as_object().cloned().unwrap_or_default();
    for (key, change) in changes {
        if change.is_null() {
            object.shift_remove(key);
        } else {
            let before = object.get(key).unwrap_or(&Value::Null);
            let after = patched(before, change);
            object.insert(key.clone(), after);
        }
    }
    Value::Object(object)
}

/// Whether the engine takes the documents as they are.
fn engine_takes(head: &Value, rule: &Value, cases: &Value) -> bool {
    let document = |name: &str, json: &Value| Document::new(name, json.to_string());
    let rules = vec![document("rule", rule)];
    let files = RulesetFiles::read(document("head", head), rules);
    let library = library();
    let loaded =
        files.and_then(|files| Ruleset::load(&files, &library.catalogue, &library.reference));
    loaded.is_ok() && read_cases(&document("cases", cases)).is_ok()
}

#[test]
fn what_the_schema_refuses_the_engine_refuses_too() {
    let text = include_str!("data/schemas.json");
    let data: Value = serde_json::from_str(text).unwrap();
    let whole = validator(&ruleset_schema());
    for kind in ["head", "rule", "cases"] {
        assert_eq!(mistakes(&part(kind), &data[kind]), [""; 0], "{kind}");
        assert_eq!(mistakes(&whole, &data[kind]), [""; 0], "{kind}");
    }
    assert!(engine_takes(&data["head"], &data["rule"], &data["cases"]));
    for broken in data["broken"].as_array().unwrap() {
        let (of, why) = (broken["of"].as_str().unwrap(), &broken["why"]);
        let document = patched(&data[of], &broken["patch"]);
        assert!(!part(of).is_valid(&document), "{of} with {why} is valid");
        assert!(!whole.is_valid(&document), "{of} with {why} is valid");
        let given = |kind: &str| {
            if kind == of {
                document.clone()
            } else {
                data[kind].clone()
            }
        };
        assert!(
            !engine_takes(&given("head"), &given("rule"), &given("cases")),
            "the engine takes a {of} with {why}"
        );
    }
}

#[test]
fn applications_of_cases_are_valid() {
    let library = library();
    let validator = validator(&application_schema(&library.catalogue));
    for ruleset in &library.rulesets {
        for case in cases(ruleset) {
            let found = mistakes(&validator, &case.application);
            assert_eq!(found, [""; 0], "{}", case.id);
        }
    }
}

#[test]
fn determinations_are_valid() {
    /// One case of so many is screened.
    const SAMPLE: usize = 16;
    let validator = validator(&determination_schema());
    for ruleset in &library().rulesets {
        for case in cases(ruleset).iter().step_by(SAMPLE) {
            let result = run_case(case, library(), ruleset).unwrap();
            let document = serde_json::to_value(&result.determination).unwrap();
            assert_eq!(mistakes(&validator, &document), [""; 0], "{}", case.id);
        }
    }
}

#[test]
fn a_determination_with_a_key_too_many_is_refused() {
    let validator = validator(&determination_schema());
    let ruleset = &library().rulesets[0];
    let case = &cases(ruleset)[0];
    let result = run_case(case, library(), ruleset).unwrap();
    let whole = serde_json::to_value(&result.determination).unwrap();
    assert!(validator.is_valid(&whole));
    let item = "/rulesets/0/items/0";
    for place in [
        "",
        "/requirement",
        "/data",
        "/engine",
        "/rulesets/0",
        item,
        &format!("{item}/findings/0"),
        &format!("{item}/findings/0/citation"),
        &format!("{item}/findings/0/trace"),
        &format!("{item}/findings/0/facts/0"),
        &format!("{item}/findings/0/facts/0/provenance"),
    ] {
        let mut changed = whole.clone();
        changed.pointer_mut(place).unwrap()["approved"] = json!(true);
        assert!(!validator.is_valid(&changed), "{place} takes any key");
    }
}

/// The properties of every object of a schema that tell nothing about themselves.
fn undescribed(schema: &Value, place: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            for (key, below) in object {
                if key == "properties" && !place.contains("/then/") {
                    for (name, property) in below.as_object().unwrap() {
                        let told = property.get("description").or(property.get("$ref"));
                        if told.is_none() {
                            found.push(format!("{place}/{name}"));
                        }
                    }
                }
                if !["if", "then", "else"].contains(&key.as_str()) {
                    undescribed(below, &format!("{place}/{key}"), found);
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                undescribed(item, &format!("{place}/{at}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_key_is_described() {
    for schema in [determination_schema(), ruleset_schema()] {
        let mut found = Vec::new();
        undescribed(&schema, "", &mut found);
        assert_eq!(found, [""; 0]);
    }
}
