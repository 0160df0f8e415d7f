//! Control entries: the cross-walk holds together, layers and capabilities are told, and exclusion notes are
//! those that the rules ask for.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::process::{Command, Output};

use catchall_engine::reference::Relation;
use catchall_tests::program::program;
use catchall_tests::{library, root};
use serde_json::Value;

/// What surveillance can be, as the project names it.
const SURVEILLANCE: [&str; 8] = [
    "interception",
    "intrusion",
    "extraction",
    "location_tracking",
    "biometric_identification",
    "monitoring_centre",
    "analysis",
    "filtering",
];

/// Exclusions that are no note to an entry: those of all software or technology, and of other provisions.
const GENERAL: [&str; 8] = [
    "public_domain",
    "basic_scientific_research",
    "minimum_for_authorised_items",
    "medical",
    "consumer",
    "network_security",
    "own_systems",
    "good_faith_research",
];

fn codes_of(set: &str) -> BTreeSet<String> {
    let set = library().catalogue.code_set(set).unwrap();
    set.values.keys().map(ToString::to_string).collect()
}

/// The number in Annex I of a Wassenaar code: 5A001.j for 5.A.1.j.
fn annex_number(code: &str) -> String {
    let mut parts = code.splitn(4, '.');
    let (category, group) = (parts.next().unwrap(), parts.next().unwrap());
    let number: u16 = parts.next().unwrap().parse().unwrap();
    let rest = parts.next().map(|rest| format!(".{rest}"));
    format!("{category}{group}{number:03}{}", rest.unwrap_or_default())
}

fn held(list: &str, code: &str) -> bool {
    let entries = &library().reference.entries;
    match list {
        "wassenaar" => entries.get("annex_i", &annex_number(code)).is_some(),
        "uk" => entries.get("annex_i", code).is_some() || codes_of("uk_entry").contains(code),
        list => entries.get(list, code).is_some(),
    }
}

#[test]
fn every_entry_of_the_crosswalk_is_in_its_list() {
    let mut count = 0_u32;
    for (list, code, others) in library().reference.crosswalk.iter() {
        assert!(held(list, code), "{list} {code}");
        for other in others {
            assert_ne!(list, other.list.as_ref(), "{code}");
            assert!(
                held(&other.list, &other.code),
                "{} {}",
                other.list,
                other.code
            );
            assert!(!other.note.is_empty(), "{list} {code}");
            count = count.saturating_add(1);
        }
    }
    assert!(count >= 300, "only {count} rows");
}

#[test]
fn relations_are_mirrored() {
    let crosswalk = &library().reference.crosswalk;
    for (list, code, others) in crosswalk.iter() {
        for other in others {
            let back = crosswalk.of(&other.list, &other.code);
            let back: Vec<Relation> = back
                .iter()
                .filter(|back| back.list.as_ref() == list && back.code.as_ref() == code)
                .map(|back| back.relation)
                .collect();
            assert_eq!(
                back,
                [other.relation.mirrored()],
                "{list} {code} {}",
                other.list
            );
        }
    }
}

#[test]
fn only_pairs_whose_texts_were_read_are_verified() {
    for (list, code, others) in library().reference.crosswalk.iter() {
        let read = |list: &str| ["annex_i", "ccl"].contains(&list);
        let verified = others.iter().filter(|other| other.verified);
        for other in verified {
            assert!(read(list) && read(&other.list), "{list} {code}");
        }
    }
}

#[test]
fn entries_of_one_list_alone_have_no_counterpart() {
    let crosswalk = &library().reference.crosswalk;
    for code in ["3A980", "3A981", "4A980", "5A980", "5A991", "4A994"] {
        assert!(crosswalk.of("ccl", code).is_empty(), "{code}");
    }
}

#[test]
fn every_wassenaar_entry_of_the_facts_has_counterparts() {
    for code in codes_of("wassenaar_entry") {
        let found = library().reference.crosswalk.of("wassenaar", &code);
        let lists: BTreeSet<&str> = found.iter().map(|other| other.list.as_ref()).collect();
        assert_eq!(lists, BTreeSet::from(["annex_i", "ccl", "uk"]), "{code}");
    }
}

#[test]
fn every_surveillance_capability_has_an_entry_and_layers() {
    let (entries, known) = (&library().reference.entries, codes_of("capability"));
    for capability in SURVEILLANCE {
        assert!(known.contains(capability), "{capability}");
        for list in ["annex_i", "ccl"] {
            let has = |code: &str| {
                let found = entries.capabilities(list, code);
                found.iter().any(|found| found.as_ref() == capability)
            };
            let found: Vec<_> = entries.list(list).filter(|(code, _)| has(code)).collect();
            // Annex I controls no biometrics: the US list alone does.
            let expected = list == "ccl" || capability != "biometric_identification";
            assert_eq!(!found.is_empty(), expected, "{list} {capability}");
            for (code, _) in found {
                assert!(!entries.layers(list, code).is_empty(), "{list} {code}");
            }
        }
    }
}

#[test]
fn layers_are_inherited() {
    let entries = &library().reference.entries;
    assert_eq!(
        entries.layers("annex_i", "5A001.j.1.a"),
        entries.layers("annex_i", "5A001.j")
    );
    assert!(entries.layers("annex_i", "5A001").is_empty());
    assert!(entries.layers("annex_i", "no such code").is_empty());
}

/// The texts of a ruleset's head and rules in which notes are asked for.
fn texts(ruleset: &str) -> Vec<String> {
    let folder = root().join("rulesets").join(ruleset);
    let rules = std::fs::read_dir(folder.join("rules")).unwrap();
    let mut paths: Vec<_> = rules.map(|entry| entry.unwrap().path()).collect();
    paths.push(folder.join("ruleset.json"));
    let read = |path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut found = Vec::new();
    for document in paths.into_iter().map(read) {
        conditions(&document, &mut found);
    }
    found
}

/// Every condition that reads `item.exclusions`, and the values of parameters named `…_notes`.
fn conditions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("item.exclusions") => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|v| conditions(v, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if name.ends_with("_notes") {
                    found.push(value["values"].to_string());
                }
                conditions(value, found);
            }
        }
        _ => {}
    }
}

/// The notes to entries that a ruleset asks for.
fn asked(ruleset: &str) -> BTreeSet<String> {
    let texts = texts(ruleset);
    let named = |code: &String| {
        texts
            .iter()
            .any(|text| text.contains(&format!("\"{code}\"")))
    };
    let exclusions = codes_of("exclusion").into_iter();
    exclusions
        .filter(|code| !GENERAL.contains(&code.as_str()))
        .filter(named)
        .collect()
}

fn noted(list: &str) -> BTreeSet<String> {
    let notes = library().reference.entries.notes(list).iter();
    notes.map(|note| note.exclusion.to_string()).collect()
}

#[test]
fn notes_are_those_that_the_rules_ask_for() {
    for (list, ruleset) in [
        ("annex_i", "eu-dual-use"),
        ("annex_i", "uk"),
        ("annex_i", "wassenaar"),
        ("ccl", "us-ear"),
    ] {
        assert_eq!(noted(list), asked(ruleset), "{list} and {ruleset}");
    }
}

#[test]
fn every_note_names_an_exclusion_and_an_entry() {
    let (entries, exclusions) = (&library().reference.entries, codes_of("exclusion"));
    for list in ["annex_i", "ccl"] {
        assert!(!entries.notes(list).is_empty());
        for note in entries.notes(list) {
            assert!(
                exclusions.contains(note.exclusion.as_ref()),
                "{}",
                note.exclusion
            );
            assert!(
                entries.get(list, &note.code).is_some(),
                "{list} {}",
                note.code
            );
            assert!(
                !GENERAL.contains(&note.exclusion.as_ref()),
                "{}",
                note.exclusion
            );
        }
    }
}

fn data(arguments: &[&str]) -> Output {
    let mut command = Command::new(program().unwrap());
    command.arg("data").args(arguments).output().unwrap()
}

#[test]
fn an_entry_is_shown_with_all_that_is_known_of_it() {
    let output = data(&["entry", "5a001.F.1", "--list", "ccl"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "5A001.f.1 in the US Commerce Control List",
        "under         5A001.f  Mobile",
        "interception of communications",
        "data, network, protocol",
        "SL  no chart column",
        "NS  chart column NS2",
        "not if designed for operators of mobile networks (network_operator_equipment)",
        "the same as 5.A.1.f.1 in Wassenaar",
        "852560",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains("in EU Annex I\n"), "{text}");
}

#[test]
fn a_customs_code_is_shown_with_what_it_may_cover() {
    let output = data(&["hs", "8517.62.00"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "HS 851762 may cover",
        "because",
        "5A001.j",
        "5A980",
        "(not checked)",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn unknown_codes_are_told_with_the_nearest() {
    for (arguments, told) in [
        (["entry", "5A001.jj"].as_slice(), "did you mean 5A001.j?"),
        (&["entry", "5.A.1.j"], "did you mean 5A001.j?"),
        (
            &["entry", "5A980", "--list", "annex_i"],
            "ask with --list ccl",
        ),
        (&["hs", "851763"], "did you mean 8517"),
        (&["hs", "8517"], "is not free"),
    ] {
        let output = data(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(told), "{told} is not in\n{text}");
    }
}
