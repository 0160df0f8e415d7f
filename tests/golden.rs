//! Every case of every shipped ruleset has its lawful outcome, and every rule has its cases.
//!
//! The cases are data, beside the rules in `rulesets/*/cases`; adding one needs no Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use catchall_engine::condition::Constant;
use catchall_engine::facts::{Application, Type};
use catchall_engine::ruleset::{Case, Rule, Ruleset, read_cases};
use catchall_engine::screening::{run_case, screen};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_engine::time::{Date, Dates};
use catchall_tests::library;
use serde_json::Value;

/// The cases of each shipped ruleset.
fn cases(id: &str) -> Vec<Case> {
    let documents = shipped::cases(id).unwrap_or_default();
    let read = documents.iter().map(read_cases);
    read.flatten().flatten().collect()
}

#[test]
fn every_case_can_be_read() {
    for ruleset in &library().rulesets {
        let documents = shipped::cases(&ruleset.id).unwrap();
        assert!(!documents.is_empty(), "{} has no cases", ruleset.id);
        for document in documents {
            if let Err(problems) = read_cases(&document) {
                panic!("{problems}");
            }
        }
    }
}

#[test]
fn every_case_has_its_lawful_outcome() {
    let mut wrong = String::new();
    let mut count = 0;
    for ruleset in &library().rulesets {
        for case in cases(&ruleset.id) {
            count += 1;
            match run_case(&case, library(), ruleset) {
                Err(problems) => writeln!(wrong, "{}: {problems}", case.id).unwrap(),
                Ok(result) => {
                    for difference in result.differences {
                        writeln!(
                            wrong,
                            "{} ({}), {}: expected {}, found {}",
                            case.id,
                            case.title,
                            difference.about,
                            difference.expected,
                            difference.found
                        )
                        .unwrap();
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 1_000, "only {count} cases were found");
}

#[test]
fn every_case_expects_something_of_rules_that_exist() {
    let mut wrong = String::new();
    for ruleset in &library().rulesets {
        for case in cases(&ruleset.id) {
            let expect = &case.expect;
            if expect.requirement.is_none() {
                writeln!(wrong, "{} expects no requirement", case.id).unwrap();
            }
            let lists = [&expect.stands, &expect.may, &expect.lifted, &expect.not];
            for id in lists.into_iter().flatten().chain(&case.rule) {
                if ruleset.rule(id).is_none() {
                    writeln!(wrong, "{} names the unknown rule {id}", case.id).unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn ids_of_cases_are_unique() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for ruleset in &library().rulesets {
        for case in cases(&ruleset.id) {
            let id = format!("{} {}", ruleset.id, case.id);
            assert!(seen.insert(id.clone()), "two cases are called {id}");
        }
    }
}

/// The cases that are about a rule.
fn of<'c>(rule: &Rule, cases: &'c [Case]) -> Vec<&'c Case> {
    let about = |case: &&Case| case.rule.as_ref() == Some(&rule.id);
    cases.iter().filter(about).collect()
}

#[test]
fn every_rule_has_a_case_that_stands_one_at_its_boundary_and_one_unknown() {
    let mut lacking = String::new();
    for ruleset in &library().rulesets {
        let cases = cases(&ruleset.id);
        for rule in &ruleset.rules {
            let own = of(rule, &cases);
            let kinds: BTreeSet<&str> = own.iter().map(|case| case.kind.as_ref()).collect();
            for kind in ["stands", "boundary", "unknown"] {
                if !kinds.contains(kind) {
                    writeln!(lacking, "{}: no case of kind {kind}", rule.id).unwrap();
                }
            }
            let stands = |case: &&&Case| case.expect.stands.contains(&rule.id);
            let missing = own
                .iter()
                .filter(|case| case.kind.as_ref() == "stands")
                .find(|case| !stands(case));
            if let Some(case) = missing {
                writeln!(lacking, "{} does not say that its rule stands", case.id).unwrap();
            }
        }
    }
    assert!(lacking.is_empty(), "{lacking}");
}

/// The day whose law a case asks about.
fn day(case: &Case) -> Option<Date> {
    let stated = case.application.get("as_of").and_then(Value::as_str);
    case.as_of.or_else(|| stated.and_then(Date::parse))
}

/// The days after the first modelled one on which a rule enters or leaves force.
fn turns(rule: &Rule, ruleset: &Ruleset) -> BTreeSet<Date> {
    let ends = |period: &catchall_engine::time::Period| [period.from, period.until];
    let days = rule.in_force.iter().flat_map(ends).flatten();
    days.filter(|day| *day > ruleset.models_from).collect()
}

/// The days on which a rule begins or ends of which it has no case just before or just after.
fn untested(rule: &Rule, ruleset: &Ruleset, cases: &[&Case]) -> Vec<String> {
    let turns: Vec<Date> = turns(rule, ruleset).into_iter().collect();
    let days: Vec<Date> = cases.iter().filter_map(|case| day(case)).collect();
    let mut found = Vec::new();
    for (at, turn) in turns.iter().enumerate() {
        let earlier = at.checked_sub(1).and_then(|at| turns.get(at));
        let later = turns.get(at.saturating_add(1));
        let before = |day: &Date| day < turn && earlier.unwrap_or(&ruleset.models_from) <= day;
        let after = |day: &Date| turn <= day && later.is_none_or(|later| day < later);
        if !days.iter().any(before) {
            found.push(format!("{}: no case before {turn}", rule.id));
        }
        if !days.iter().any(after) {
            found.push(format!("{}: no case from {turn}", rule.id));
        }
    }
    found
}

#[test]
fn every_rule_has_a_case_on_each_side_of_each_day_on_which_it_begins_or_ends() {
    let mut lacking = Vec::new();
    for ruleset in &library().rulesets {
        let cases = cases(&ruleset.id);
        for rule in &ruleset.rules {
            lacking.extend(untested(rule, ruleset, &of(rule, &cases)));
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn shipped_rulesets_have_no_warnings() {
    for ruleset in &library().rulesets {
        let warnings: Vec<String> = ruleset.warnings.iter().map(ToString::to_string).collect();
        assert!(warnings.is_empty(), "{}", warnings.join("\n\n"));
    }
}

#[test]
fn every_rule_and_every_parameter_is_cited() {
    for ruleset in &library().rulesets {
        let rules = ruleset.rules.iter().map(|rule| (&rule.id, &rule.citation));
        let values = ruleset.parameters.iter().flat_map(|(name, parameter)| {
            let values = parameter.values.iter();
            values.map(move |(_, _, citation)| (name, citation))
        });
        for (name, citation) in rules.chain(values) {
            let parts = [&citation.instrument, &citation.provision, &citation.url];
            assert!(
                parts.iter().all(|part| !part.trim().is_empty()),
                "{name} is not cited in full: {citation:?}"
            );
            assert!(citation.url.starts_with("http"), "{name}: {citation:?}");
        }
    }
}

#[test]
fn every_rule_says_why_and_when() {
    for ruleset in &library().rulesets {
        for rule in &ruleset.rules {
            assert!(!rule.because.trim().is_empty(), "{} says no why", rule.id);
            assert!(!rule.in_force.is_empty(), "{} is never in force", rule.id);
        }
    }
}

/// The texts in quotes of a condition or of a decision table's cell.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// Every text that decides: quoted in a condition or cell, or the value of a parameter or a row.
fn deciding_texts(pointer: &str, json: &Value, found: &mut BTreeMap<String, String>) {
    let mut add = |text: &str| {
        found.insert(text.to_owned(), pointer.to_owned());
    };
    match json {
        Value::String(text) => {
            let key = pointer
                .split('/')
                .rfind(|part| part.parse::<usize>().is_err());
            match key {
                Some("when" | "applies" | "cells" | "inputs") => quoted(text).for_each(add),
                Some("value" | "output" | "priority") => add(text),
                _ => {}
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                deciding_texts(&format!("{pointer}/{at}"), item, found);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                deciding_texts(&format!("{pointer}/{key}"), value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_condition_and_no_parameter_holds_a_country() {
    let mut named = Vec::new();
    for ruleset in &library().rulesets {
        let whole = shipped::ruleset(&ruleset.id).unwrap().assembled().unwrap();
        let mut texts = BTreeMap::new();
        deciding_texts("", &whole, &mut texts);
        assert!(texts.len() > 50, "only {} texts were found", texts.len());
        for (text, pointer) in texts {
            if library().reference.destinations.get(&text).is_some() {
                named.push(format!("{}#{pointer}: \"{text}\"", ruleset.id));
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

#[test]
fn no_country_is_compared_with_anything_but_a_group_or_another_country() {
    for ruleset in &library().rulesets {
        let rules = ruleset.rules.iter().map(|rule| (&rule.id, &rule.observed));
        let definitions = ruleset.definitions.iter();
        let definitions = definitions.map(|known| (&known.name, &known.observed));
        for (name, observed) in rules.chain(definitions) {
            for (key, constants) in &observed.facts {
                let fact = &ruleset.catalogue.fact(key.fact).unwrap().field;
                let ty = match (&key.field, fact.ty.member()) {
                    (Some(field), Some(member)) => member.field(field).cloned(),
                    _ => Some(fact.ty.clone()),
                };
                if !matches!(ty, Some(Type::Code(set)) if set.as_ref() == "country") {
                    continue;
                }
                for constant in constants {
                    let allowed = matches!(constant, Constant::Group(_) | Constant::Computed);
                    assert!(allowed, "{name} compares {} with {constant:?}", fact.name);
                }
            }
        }
    }
}

#[test]
fn a_fact_that_a_decision_table_reads_is_asked_with_each_class_of_its_cells() {
    let document = Document::new(
        "application",
        r#"{ "as_of": "2026-03-02", "destination": { "country": "KZ" }, "items": [{}] }"#,
    );
    let application = Application::read(&document, &library().catalogue).unwrap();
    let day = Date::new(2026, 3, 2).unwrap();
    let dates = Dates {
        as_of: day,
        known_at: day,
    };
    let ruleset = library().ruleset("international").unwrap();
    let found = screen(&application, &[ruleset], &library().reference, dates);
    let mut missing = found.rulesets[0].items[0].missing.iter();
    let scale = missing
        .find(|missing| missing.fact == "severity.scale")
        .unwrap();
    let words = scale.answers.iter().flat_map(|answer| &answer.answers);
    let words: Vec<&str> = words.map(String::as_str).collect();
    for class in ["1", "2", "3"] {
        assert!(words.contains(&class), "{class} in {words:?}");
    }
}
