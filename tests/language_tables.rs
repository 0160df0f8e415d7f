//! Decision tables: what each hit policy answers in three values, and what is told of a table.
//!
//! `data/language_tables.json` holds the tables; adding one needs no Rust.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;

use catchall_engine::condition::{Cell, HitPolicy, Inputs, Row, Table, compile, notation};
use catchall_engine::facts::{Type, Value};
use catchall_tests::decision::{decision_table, list, output};
use catchall_tests::root;
use catchall_tests::world::World;
use serde_json::{Map, Value as JsonValue, json};

fn cases() -> Vec<JsonValue> {
    serde_json::from_str(include_str!("data/language_tables.json")).unwrap()
}

#[test]
fn tables_answer_in_three_values() {
    for case in cases() {
        let table = decision_table(&case, &World::new()).unwrap();
        for asked in list(&case["cases"]) {
            let world = World::given(asked["given"].as_object().unwrap()).unwrap();
            let expected = if asked["output"] == "unknown" {
                Value::Unknown
            } else {
                output(&asked["output"], &case, &world).unwrap()
            };
            let found = table.evaluate(&world);
            assert_eq!(found, expected, "{}: {}", case["name"], asked["given"]);
        }
    }
}

#[test]
fn what_is_wrong_with_a_table_is_told_with_a_case() {
    for case in cases() {
        let world = World::new();
        let found = decision_table(&case, &world)
            .unwrap()
            .inconsistencies(&world, &Inputs::default());
        let expected = list(&case["told"]);
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{}: {told:#?}", case["name"]);
        for (diagnostic, expected) in found.iter().zip(&expected) {
            assert_eq!(expected["code"], diagnostic.code, "{}", case["name"]);
            let text = format!("{diagnostic}");
            for part in [&expected["text"], &expected["case"]] {
                assert!(
                    text.contains(part.as_str().unwrap()),
                    "{part} is not in {text}"
                );
            }
        }
    }
}

#[test]
fn a_table_observes_what_its_cells_compare_with() {
    let world = World::new();
    let cases = cases();
    let table = decision_table(cases.first().unwrap(), &world).unwrap();
    let observed = table.observed();
    let quantity = world.catalogue().by_path("item.quantity").unwrap();
    let constants: Vec<_> = observed
        .facts
        .iter()
        .filter(|(key, _)| key.fact == quantity)
        .flat_map(|(_, constants)| constants)
        .collect();
    assert_eq!(format!("{constants:?}"), "[Value(Number(5))]");
}

#[test]
fn cells_that_say_nothing_are_refused() {
    let world = World::new();
    let input = compile("item.quantity", &world).unwrap();
    for (cell, code) in [
        ("", "E102"),
        ("?", "E101"),
        ("\"a\"", "E205"),
        ("> 5 and < 10", "E102"),
        ("not(1), 2", "E102"),
        ("not()", "E102"),
        ("not(true)", "E205"),
        ("item.covert", "E205"),
        ("1 / 0", "E301"),
        ("item.value", "E201"),
        ("[1..\"a\"]", "E205"),
    ] {
        let problems = Cell::compile(cell, &input, &world).unwrap_err();
        let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, BTreeSet::from([code]), "{cell}");
    }
    let input = compile("destination", &world).unwrap();
    for (cell, code) in [
        ("\"RF\"", "E206"),
        ("< \"FR\"", "E205"),
        ("- , \"FR\"", "E102"),
    ] {
        let problems = Cell::compile(cell, &input, &world).unwrap_err();
        assert_eq!(problems.iter().next().unwrap().code, code, "{cell}");
    }
}

/// What DMN says of rows of which all is known: an output, or nothing.
fn two_valued(policy: HitPolicy, held: &[i64]) -> Option<i64> {
    let agreed = held.iter().all(|output| Some(output) == held.first());
    match policy {
        HitPolicy::Unique | HitPolicy::Any => held.first().copied().filter(|_| agreed),
        HitPolicy::First => held.first().copied(),
        HitPolicy::Priority | HitPolicy::CollectMax => held.iter().max().copied(),
        HitPolicy::CollectMin => held.iter().min().copied(),
        HitPolicy::CollectCount => i64::try_from(held.len()).ok(),
    }
}

/// The answer that holds whichever of the rows that may hold do.
fn whatever_holds(policy: HitPolicy, rows: &[(Option<bool>, i64)]) -> Option<i64> {
    let mut answers = BTreeSet::new();
    for choice in 0..(1_u32 << rows.len()) {
        let mut held = Vec::new();
        let possible = rows.iter().enumerate().all(|(at, (known, output))| {
            let holds = choice & (1 << at) != 0;
            if holds {
                held.push(*output);
            }
            known.is_none_or(|known| known == holds)
        });
        if possible {
            answers.insert(two_valued(policy, &held));
        }
    }
    match answers.into_iter().collect::<Vec<_>>().as_slice() {
        [answer] => *answer,
        _ => None,
    }
}

/// Every table of three rows, over all that is known of whether they hold.
#[test]
fn hit_policies_answer_what_holds_in_every_completion() {
    const POLICIES: [&str; 7] = ["U", "A", "F", "P", "C max", "C min", "C count"];
    const KNOWN: [Option<bool>; 3] = [Some(false), Some(true), None];
    let whole = |number: i64| json!({ "@number": number.to_string() });
    for policy in POLICIES.map(|text| HitPolicy::parse(text).unwrap()) {
        for number in 0..(27 * 27) {
            let digit = |at: u32| usize::try_from(number / 3_i32.pow(at) % 3).unwrap();
            let rows: Vec<(Option<bool>, i64)> = (0..3)
                .map(|at| {
                    let known = *KNOWN.get(digit(at)).unwrap();
                    (known, i64::try_from(digit(at + 3)).unwrap())
                })
                .collect();
            let found = notation(&answer(policy, &rows));
            let expected = whatever_holds(policy, &rows).map_or(json!("unknown"), whole);
            assert_eq!(found, expected, "{policy:?} {rows:?}");
        }
    }
}

/// The engine's answer for rows of each of which one input says whether it holds.
fn answer(policy: HitPolicy, rows: &[(Option<bool>, i64)]) -> Value {
    let mut values = Map::new();
    let mut types = Map::new();
    for (at, (known, _)) in rows.iter().enumerate() {
        values.insert(format!("r{at}"), json!(known));
        types.insert(format!("r{at}"), json!("boolean"));
    }
    let inputs = Inputs::read(&values, &types).unwrap();
    let conditions: Vec<_> = (0..rows.len())
        .map(|at| compile(&format!("r{at}"), &inputs).unwrap())
        .collect();
    let number = |value: i64| Value::Number(value.into());
    let row = |at: usize, output: i64| Row {
        cells: conditions
            .iter()
            .enumerate()
            .map(|(column, input)| {
                let text = if column == at { "true" } else { "-" };
                Cell::compile(text, input, &inputs).unwrap()
            })
            .collect(),
        output: number(output),
    };
    Table {
        hit_policy: policy,
        ty: Type::NUMBER,
        rows: (0..)
            .zip(rows)
            .map(|(at, (_, output))| row(at, *output))
            .collect(),
        inputs: conditions.clone(),
        priority: [2, 1, 0].map(number).to_vec(),
    }
    .evaluate(&inputs)
}

#[test]
fn every_code_of_a_table_has_a_case() {
    let source = std::fs::read_to_string(root().join("engine/src/condition/table.rs")).unwrap();
    let known: BTreeSet<&str> = source
        .split('"')
        .filter(|part| {
            let digits = part.strip_prefix('R').unwrap_or_default();
            digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
        .collect();
    let cases = cases();
    let told = cases.iter().flat_map(|case| list(&case["told"]));
    let covered: BTreeSet<String> = told
        .filter_map(|told| told["code"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(known, covered.iter().map(String::as_str).collect());
}
