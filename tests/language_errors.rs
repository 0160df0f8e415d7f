//! What is wrong with a condition is told with its code, its place and what to write.
//!
//! `data/language_errors.json` holds the cases; adding one needs no Rust. Every code that the
//! engine knows for conditions must have one.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use catchall_engine::condition::{compile, compile_boolean};
use catchall_engine::source::{Diagnostic, Excerpt};
use catchall_tests::{root, world::World};
use serde_json::Value;

fn cases() -> Vec<Value> {
    let text = include_str!("data/language_errors.json");
    serde_json::from_str(text).unwrap()
}

fn expression(case: &Value) -> String {
    let repeat = &case["repeat"];
    if repeat.is_null() {
        return case["expression"].as_str().unwrap().to_owned();
    }
    let times = usize::try_from(repeat[1].as_u64().unwrap()).unwrap();
    repeat[0].as_str().unwrap().repeat(times) + repeat[2].as_str().unwrap()
}

/// All that is told of a case's expression: its errors, or else its warnings.
fn told(case: &Value) -> Vec<Diagnostic> {
    let mut world = World::new();
    world.allows_known = case["allows_known"].as_bool().unwrap_or(true);
    let text = expression(case);
    let compiled = if case["boolean"] == true {
        compile_boolean(&text, &world)
    } else {
        compile(&text, &world)
    };
    match compiled {
        Ok(condition) => condition.warnings().to_vec(),
        Err(problems) => problems.into_iter().collect(),
    }
}

fn agrees(expected: &Value, found: &Diagnostic) -> bool {
    let (line, column) = found
        .place
        .excerpt
        .as_ref()
        .map_or((1, 1), Excerpt::line_and_column);
    expected["code"] == found.code
        && expected["line"] == line
        && expected["column"] == column
        && (expected["help"].is_null() || expected["help"].as_str() == found.help.as_deref())
}

#[test]
fn every_mistake_is_told_with_its_place_and_its_remedy() {
    let mut wrong = String::new();
    for case in cases() {
        let found = told(&case);
        let expected = case["errors"].as_array().unwrap();
        let same = expected.len() == found.len()
            && expected
                .iter()
                .zip(&found)
                .all(|(expected, found)| agrees(expected, found));
        if !same {
            let text: String = expression(&case).chars().take(200).collect();
            writeln!(wrong, "{text}\n  expected {expected:?}\n  found").unwrap();
            for diagnostic in found {
                let place = diagnostic.place.excerpt.map(|it| it.line_and_column());
                let (code, help) = (diagnostic.code, diagnostic.help);
                writeln!(wrong, "  {code} {place:?} {help:?}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The codes of conditions in the texts of a folder.
fn codes(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(codes(&path));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let quoted = text.split('"').filter(|part| {
            let digits = part.strip_prefix('E').unwrap_or_default();
            digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        found.extend(quoted.map(str::to_owned));
    }
    found
}

#[test]
fn every_code_has_a_case() {
    let known = codes(&root().join("engine/src/condition"));
    let mut covered = BTreeSet::new();
    for case in cases() {
        for error in case["errors"].as_array().unwrap() {
            covered.insert(error["code"].as_str().unwrap().to_owned());
        }
    }
    assert!(known.len() > 30, "only {} codes were found", known.len());
    assert_eq!(known, covered);
}

/// How a person reads them.
#[test]
fn mistakes_are_shown_where_they_stand() {
    let mut shown = String::new();
    for text in [
        "destinatin = \"FR\"",
        "item.quantity > 1 and\n  destination = \"RF\" and\n  item.covrt",
        "destination = \"Kazachstan\" or item.value_eur > item.value_usd",
        "not item.covert",
        "parties[role = \"end_user\"].country = \"FR\"",
        "signed > \"2026-01-01\"",
        "signed = date(\"2026-02-30\")",
        "date and time(\"2026-01-01T10:00:00\") = signed",
        "end_use.statement = \"naïveté 监控\" and destinaton = \"FR\"",
        "some p in parties satisfies p.rolle = \"end_user\"",
        "item.quantity >",
        "item.covert and exporter.us_person or item.quantity > 1",
    ] {
        let case = serde_json::json!({ "expression": text });
        for diagnostic in told(&case) {
            writeln!(shown, "{diagnostic}\n").unwrap();
        }
    }
    insta::assert_snapshot!(shown);
}
