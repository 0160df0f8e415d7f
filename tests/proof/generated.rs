//! Small rulesets, made from runs of choices, and what is asked about them.

use catchall_engine::comparison::{Never, Question, Verdict, prove};
use catchall_engine::ruleset::Ruleset;
use catchall_engine::time::{Date, Dates};
use catchall_tests::generate::Choices;
use catchall_tests::generate_rulesets::condition;
use catchall_tests::library;
use serde_json::{Value, json};

pub(crate) const LEVELS: [&str; 5] = [
    "not_required",
    "general_authorisation",
    "notify",
    "licence_required",
    "prohibited",
];
pub(crate) const REVIEWS: [&str; 4] = [
    "favourable",
    "case_by_case",
    "special_caution",
    "must_refuse",
];

pub(crate) fn rule(choices: &mut Choices, at: usize, atoms: &[&str]) -> Value {
    let id = format!("r{at}");
    let mut rule = json!({
        "id": id, "title": "A rule", "because": "It says so.", "in_force": [{"from": "2015-01-01"}],
        "citation": {"source": "act", "provision": format!("Article {at}"), "verified": true},
        "when": condition(choices, atoms, 3),
    });
    match choices.below(5) {
        0 | 1 if at > 0 => {
            rule["lifts"] = json!([format!("r{}", choices.below(at))]);
            rule["leaves"] = json!(choices.of(&LEVELS[..3]));
        }
        2 => rule["review"] = json!(choices.of(&REVIEWS)),
        _ => rule["requires"] = json!(choices.of(&LEVELS[1..])),
    }
    rule
}

pub(crate) fn ruleset(choices: &mut Choices, atoms: &[&str]) -> Value {
    let count = choices.below(4) + 1;
    let rules: serde_json::Map<String, Value> = (0..count)
        .map(|at| (format!("r{at}"), rule(choices, at, atoms)))
        .collect();
    let ids: Vec<&String> = rules.keys().collect();
    json!({
        "id": "generated", "title": "Generated", "jurisdiction": "None", "standing": "law",
        "edition": "2026-01-01", "models_from": "2015-01-01",
        "applies": if choices.once_in(3) { choices.of(atoms) } else { "true" },
        "sources": {"act": {"title": "The Act", "url": "https://example.org/act", "verified": true}},
        "definitions": {},
        "coverage": [{"source": "act", "provision": "Article 1", "status": "modelled", "rules": ids}],
        "rules": rules,
    })
}

/// The same ruleset with one rule written anew, or another ruleset altogether.
pub(crate) fn amended(choices: &mut Choices, base: &Value, atoms: &[&str]) -> Value {
    if choices.once_in(4) {
        return ruleset(choices, atoms);
    }
    let mut amended = base.clone();
    let count = base["rules"].as_object().unwrap().len();
    let at = choices.below(count);
    let old = &base["rules"][format!("r{at}")];
    let mut new = old.clone();
    match choices.below(3) {
        0 => new = rule(choices, at, atoms),
        1 => new["when"] = json!(condition(choices, atoms, 3)),
        _ => {
            new["when"] = json!(format!(
                "({}) and ({})",
                old["when"].as_str().unwrap(),
                choices.of(atoms)
            ));
        }
    }
    amended["rules"][format!("r{at}")] = new;
    amended
}

pub(crate) fn choices(seed: u64) -> Choices {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    let bytes = (0..2_000).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    });
    Choices::new(bytes.collect())
}

pub(crate) const DATES: (i16, i8, i8) = (2026, 3, 2);

pub(crate) fn dates() -> Dates {
    let day = Date::new(DATES.0, DATES.1, DATES.2).unwrap();
    Dates {
        as_of: day,
        known_at: day,
    }
}

pub(crate) fn verdict(base: &Ruleset, amended: &Ruleset, never: Never, members: usize) -> Verdict {
    let question = Question {
        base,
        amended,
        catalogue: &library().catalogue,
        reference: &library().reference,
        dates: dates(),
        never,
        assume: None,
        members,
    };
    let proof = prove(&question).map_err(|wrong| wrong.0).unwrap();
    proof.verdict
}
