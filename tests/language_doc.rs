//! Every example of `docs/LANGUAGE.md` is right, and nothing that it should list is missing.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::fmt::Write;

use catchall_engine::condition::{Condition, Function, compile};
use catchall_engine::facts::Value;
use catchall_tests::decision::{decision_table, list, output};
use catchall_tests::root;
use catchall_tests::world::World;
use serde_json::Value as Json;

fn page() -> String {
    std::fs::read_to_string(root().join("docs/LANGUAGE.md")).unwrap()
}

/// The fenced blocks of a language.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("```{language}\n");
    let after = page.split(fence.as_str()).skip(1);
    after
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// What is told first of a condition: the code of its first mistake, or of its first warning.
fn told(text: &str, world: &World) -> String {
    match compile(text, world) {
        Err(problems) => format!("error {}", problems.iter().next().unwrap().code),
        Ok(condition) => condition
            .warnings()
            .first()
            .map_or_else(|| "nothing".to_owned(), |it| format!("warning {}", it.code)),
    }
}

fn same(found: &Condition, expected: &str, world: &World) -> bool {
    let value = found.evaluate(world);
    match expected {
        "unknown" => value == Value::Unknown,
        written => compile(written, world).unwrap().evaluate(world) == value,
    }
}

/// Whether an example is as the page says.
fn holds(text: &str, expected: &str, world: &World) -> bool {
    if expected.starts_with("error ") || expected.starts_with("warning ") {
        return told(text, world) == expected;
    }
    match compile(text, world) {
        Ok(condition) => condition.warnings().is_empty() && same(&condition, expected, world),
        Err(_) => false,
    }
}

#[test]
fn every_example_is_right() {
    let page = page();
    let mut wrong = String::new();
    let mut count = 0;
    for block in blocks(&page, "feel") {
        let mut world = World::new();
        for line in block.lines().filter(|line| !line.trim().is_empty()) {
            if let Some(given) = line.strip_prefix("// given ") {
                let given: Json = serde_json::from_str(given).unwrap();
                world = World::given(given.as_object().unwrap()).unwrap();
                continue;
            }
            let (text, expected) = line.split_once("// => ").unwrap();
            count += 1;
            if !holds(text.trim(), expected.trim(), &world) {
                let found = compile(text.trim(), &world).map(|made| made.evaluate(&world));
                writeln!(
                    wrong,
                    "{line}\n  gave {found:?}, {}",
                    told(text.trim(), &world)
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 100, "only {count} examples were found");
}

#[test]
fn every_table_is_right() {
    let page = page();
    let blocks = blocks(&page, "json");
    assert!(!blocks.is_empty());
    for block in blocks {
        let json: Json = serde_json::from_str(block).unwrap();
        let table = decision_table(&json, &World::new()).unwrap();
        for case in list(&json["cases"]) {
            let world = World::given(case["given"].as_object().unwrap()).unwrap();
            let expected = match &case["output"] {
                Json::String(text) if text == "unknown" => Value::Unknown,
                written => output(written, &json, &world).unwrap(),
            };
            assert_eq!(table.evaluate(&world), expected, "{case}");
        }
    }
}

#[test]
fn every_function_has_an_example() {
    let page = page();
    let examples = blocks(&page, "feel").concat();
    for name in Function::names() {
        assert!(
            examples.contains(&format!("{name}(")),
            "{name} has no example"
        );
    }
}

#[test]
fn every_code_is_listed() {
    let page = page();
    let cases: Vec<Json> = serde_json::from_str(include_str!("data/language_errors.json")).unwrap();
    let listed = |code: &str| {
        page.contains(code) || (("E110"..="E117").contains(&code) && page.contains("E110 to E117"))
    };
    for error in cases.iter().flat_map(|case| list(&case["errors"])) {
        let code = error["code"].as_str().unwrap();
        assert!(listed(code), "{code} is not listed");
    }
}

#[test]
fn the_limits_are_those_of_the_engine() {
    use catchall_engine::limits;
    let page = page();
    let told = format!(
        "{} characters, {} levels, {} parts",
        grouped(limits::EXPRESSION_CHARACTERS),
        limits::EXPRESSION_DEPTH,
        grouped(limits::EXPRESSION_NODES),
    );
    assert!(page.contains(&told), "{told}");
    let names = format!("within one another | {} |", limits::QUANTIFIED_NAMES);
    assert!(page.contains(&names), "{names}");
    let number = format!(
        "{} digits, exponents from -{power} to {power}",
        limits::NUMBER_DIGITS,
        power = limits::NUMBER_EXPONENT
    );
    assert!(page.contains(&number), "{number}");
    assert!(page.contains(&grouped(limits::APPLICATION_LINES)));
}

/// A number below a million with a comma before its last three digits.
fn grouped(number: usize) -> String {
    if number < 1_000 {
        number.to_string()
    } else {
        format!("{},{:03}", number / 1_000, number % 1_000)
    }
}
