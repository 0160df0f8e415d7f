//! The public conformance cases that fall inside the subset: all must pass.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use catchall_engine::condition::{Inputs, compile, notation};
use serde_json::{Map, Value, json};

fn answer(case: &Value) -> Value {
    let empty = Map::new();
    let object = |key: &str| case[key].as_object().unwrap_or(&empty).clone();
    let inputs = Inputs::read(&object("inputs"), &object("types")).unwrap();
    match compile(case["expression"].as_str().unwrap(), &inputs) {
        Ok(condition) => notation(&condition.evaluate(&inputs)),
        Err(problems) => json!({ "error": problems.to_string() }),
    }
}

/// `P0Y` and `P0M`, `P0D` and `PT0S` are one duration each, and 1.0 is 1.
fn same(expected: &Value, found: &Value) -> bool {
    use catchall_engine::facts::{Decimal, Duration};
    let duration = |value: &Value| value["@duration"].as_str().and_then(Duration::parse);
    let number = |value: &Value| value["@number"].as_str().and_then(Decimal::parse);
    expected == found
        || (duration(expected).is_some() && duration(expected) == duration(found))
        || (number(expected).is_some() && number(expected) == number(found))
        || matches!((expected, found), (Value::Array(a), Value::Array(b))
            if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)))
}

#[test]
fn every_public_case_passes() {
    let Some(path) = catchall_tests::shared("conformance/feel.jsonl") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let mut failed = Vec::new();
    let mut count = 0;
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let found = answer(&case);
        count += 1;
        if !same(&case["expected"], &found) {
            failed.push(format!(
                "{}: {} gave {found}, expected {}",
                case["id"], case["expression"], case["expected"]
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {count} fail:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(count >= 400, "only {count} cases were found");
}
