//! Small changes of shipped rules make a difference that the search finds.

use catchall_engine::comparison::{Never, Verdict};
use catchall_engine::ruleset::{Effect, Ruleset, RulesetFiles};
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_tests::library;
use serde_json::{Value, json};

use crate::generated::{LEVELS, REVIEWS};
use crate::proposals::shipped_proof;

/// Small changes of a rule: its condition turned round, one constant replaced, or one rule less lifted.
fn mutations(rule: &Value) -> Vec<Value> {
    let with = |key: &str, value: Value| {
        let mut changed = rule.clone();
        changed[key] = value;
        changed
    };
    let when = rule["when"].as_str().unwrap();
    let mut found = vec![with("when", json!(format!("not({when})")))];
    for (from, to) in [
        (" and ", " or "),
        (" or ", " and "),
        (" >= ", " < "),
        (" = ", " != "),
        (" in (", " = ("),
    ] {
        if from != " in (" && when.matches(from).count() == 1 {
            found.push(with("when", json!(when.replace(from, to))));
        }
    }
    if let Some(lifts) = rule["lifts"].as_array() {
        found.push(with("lifts", json!(lifts[1..])));
    }
    for (key, levels) in [("requires", &LEVELS[..]), ("review", &REVIEWS[..])] {
        if let Some(level) = rule[key].as_str() {
            let other = if level == levels[0] {
                levels[1]
            } else {
                levels[0]
            };
            found.push(with(key, json!(other)));
        }
    }
    found
}

/// Which mutations of which rules no application shows; and how many were tried.
fn unseen(ruleset: &str, step: usize) -> (usize, Vec<String>) {
    let files = shipped::ruleset(ruleset).unwrap();
    let whole = files.assembled().unwrap();
    let base = library().ruleset(ruleset).unwrap();
    let decides = |rule: &&catchall_engine::ruleset::Rule| {
        rule.effect.decides() && rule.is_in_force(base.edition)
    };
    let (mut tried, mut unseen) = (0, Vec::new());
    for rule in base.rules.iter().filter(decides).step_by(step) {
        for mutation in mutations(&whole["rules"][rule.id.as_ref()]) {
            let mut changed = whole.clone();
            changed["rules"][rule.id.as_ref()] = mutation.clone();
            let document = Document::new("mutated", changed.to_string());
            let loaded = RulesetFiles::from_assembled(&document).and_then(|files| {
                Ruleset::load(&files, &library().catalogue, &library().reference)
            });
            let Ok(amended) = loaded else { continue };
            tried += 1;
            if matches!(
                shipped_proof(library(), base, &amended, Never::Different),
                Verdict::Proved
            ) {
                let effect = match &rule.effect {
                    Effect::Lifts(..) => json!([mutation["lifts"], mutation["when"]]),
                    _ => json!([mutation["requires"], mutation["review"], mutation["when"]]),
                };
                unseen.push(format!("{}: {effect}", rule.id));
            }
        }
    }
    (tried, unseen)
}

#[test]
fn small_changes_of_rules_are_seen() {
    let (tried, unseen) = unseen("wassenaar", 4);
    assert!(tried > 3 && unseen.is_empty(), "{tried} {unseen:#?}");
}

#[test]
#[ignore = "an hour: every rule that decides, each with several changes"]
#[expect(
    clippy::print_stdout,
    reason = "what no application shows is for reading"
)]
fn every_small_change_of_every_rule_is_seen() {
    for ruleset in shipped::ruleset_ids() {
        let (tried, unseen) = unseen(&ruleset, 1);
        println!(
            "{ruleset}: {tried} changes, {} not seen in any bound",
            unseen.len()
        );
        unseen.iter().for_each(|one| println!("  {one}"));
    }
}
