//! Ordinary trade stays free: everyday exports raise no false alarm under any ruleset that is law.

use catchall_engine::facts::Application;
use catchall_engine::ruleset::{Library, Requirement};
use catchall_engine::screening::screen;
use catchall_engine::shipped;
use catchall_engine::source::{Document, Json};
use catchall_engine::time::Dates;
use serde_json::Value;

/// What an everyday export is found to need under one ruleset.
fn found(case: &Value, ruleset: &str, library: &Library) -> Result<Requirement, String> {
    let id = case["id"].as_str().unwrap_or_default();
    let document = Document::new(id, case["application"].to_string());
    let json = Json::from(case["application"].clone());
    let application = Application::from_json(json, &document, &library.catalogue)
        .map_err(|wrong| wrong.to_string())?;
    let as_of = application.as_of.ok_or("no day")?;
    let ruleset = library.ruleset(ruleset).ok_or("no such ruleset")?;
    let dates = Dates {
        as_of,
        known_at: as_of,
    };
    let bounds = screen(&application, &[ruleset], &library.reference, dates).bounds;
    if bounds.requirement.is_settled() {
        Ok(bounds.requirement.at_most)
    } else {
        Err(format!(
            "{} to {}",
            bounds.requirement.at_least, bounds.requirement.at_most
        ))
    }
}

#[test]
fn everyday_exports_are_free_wherever_they_come_from() {
    let path = catchall_tests::root().join("tests/data/benign.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let library = shipped::library().unwrap();
    let mut checked = 0;
    let mut alarms = Vec::new();
    for case in &cases {
        for (ruleset, expected) in case["expect"].as_object().unwrap() {
            let expected = Requirement::parse(expected.as_str().unwrap()).unwrap();
            assert!(
                expected <= Requirement::NotRequired,
                "{}: not an everyday export",
                case["id"]
            );
            checked += 1;
            match found(case, ruleset, &library) {
                Ok(requirement) if requirement == expected => {}
                other => alarms.push(format!(
                    "{} under {ruleset}: {other:?}, expected {expected}",
                    case["id"]
                )),
            }
        }
    }
    assert!(
        alarms.is_empty(),
        "{} false alarms:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
    assert!(
        cases.len() >= 120 && checked >= 360,
        "only {checked} checks on {} exports",
        cases.len()
    );
}
