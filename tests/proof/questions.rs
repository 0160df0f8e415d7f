//! Questions and deep checks.

use catchall_engine::comparison::{Settles, Subjected, ask, deep};
use catchall_engine::facts::Application;
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::bounds;
use catchall_engine::source::{Document, Json};
use catchall_tests::generate_rulesets::load;
use catchall_tests::library;
use serde_json::{Value, json};

use crate::families::{FAMILIES, Family, activity, each, merged, three};
use crate::generated::{choices, dates, rule, ruleset};

fn subjected(ruleset: &Ruleset, members: usize) -> Subjected<'_> {
    Subjected {
        ruleset,
        catalogue: &library().catalogue,
        reference: &library().reference,
        dates: dates(),
        members,
    }
}

#[test]
fn a_deep_check_finds_what_is_odd() {
    let mut choices = choices(0);
    let mut json = ruleset(&mut choices, &["true"]);
    let rule = |id: &str, when: &str| {
        let mut rule = rule(&mut choices.clone(), 0, &[when]);
        rule["id"] = json!(id);
        rule["when"] = json!(when);
        for key in ["requires", "review", "lifts", "leaves"] {
            rule.as_object_mut().unwrap().remove(key);
        }
        rule
    };
    let mut never = rule(
        "never",
        "exporter.us_person and not(exporter.us_person) and item.value_eur > 5 and item.value_eur < 4",
    );
    never["requires"] = json!("notify");
    let mut ban = rule(
        "ban",
        "activity = \"export\" or (activity = \"export\" and risk.diversion)",
    );
    ban["requires"] = json!("prohibited");
    let mut free = rule("free", "exporter.us_person");
    free["requires"] = json!("general_authorisation");
    let mut lifted = rule("lifted", "exporter.us_person and activity = \"transit\"");
    lifted["requires"] = json!("licence_required");
    let mut exception = rule("lifter", "activity = \"transit\"");
    exception["lifts"] = json!(["lifted"]);
    exception["leaves"] = json!("not_required");
    json["applies"] = json!("true");
    json["definitions"] = json!({"idle": {"title": "nobody asks", "when": "exporter.us_person"}});
    json["rules"] =
        json!({"never": never, "ban": ban, "free": free, "lifted": lifted, "lifter": exception});
    json["coverage"][0]["rules"] = json!(["never", "ban", "free", "lifted", "lifter"]);
    let ruleset = load(&json, library());
    let found = deep(&subjected(&ruleset, 1))
        .map_err(|wrong| wrong.0)
        .unwrap();
    let told: Vec<String> = found
        .oddities
        .iter()
        .map(|odd| {
            format!(
                "{:?} {}",
                odd.kind,
                odd.about
                    .iter()
                    .map(AsRef::as_ref)
                    .collect::<Vec<&str>>()
                    .join(" ")
            )
        })
        .collect();
    for expected in [
        "Unused idle",
        "NeverHolds never",
        "AlwaysLifted lifted",
        "Contradiction ban free",
        "Gap ",
        "DecidesNothing risk.diversion",
    ] {
        assert!(
            told.iter().any(|one| one == expected),
            "{expected}: {told:#?}"
        );
    }
}

/// An application that states what is set in each of the families' values.
fn application(parts: &[&Value]) -> Application {
    let document = Document::new("generated", "");
    Application::from_json(Json::from(merged(parts)), &document, &library().catalogue).unwrap()
}

/// Facts with all their values.
type Facts = [(&'static str, Vec<Value>); 5];

fn facts() -> Facts {
    let sets = [
        json!([]),
        json!(["wmd"]),
        json!(["torture"]),
        json!(["wmd", "torture"]),
    ];
    [
        (
            "exporter.us_person",
            three("exporter/us_person")[1..].to_vec(),
        ),
        ("activity", activity()[..4].to_vec()),
        ("exporter.informed_of", each("exporter/informed_of", &sets)),
        ("risk.diversion", three("risk/diversion")[1..].to_vec()),
        (
            "risk.civil_disorder",
            three("risk/civil_disorder")[1..].to_vec(),
        ),
    ]
}

/// Whether all answers to these facts settle what a ruleset says, with nothing else known.
fn settle(ruleset: &Ruleset, facts: &Facts, asked: &[&str]) -> bool {
    let known = facts.iter().filter(|(name, _)| asked.contains(name));
    let known: Vec<&Vec<Value>> = known.map(|(_, values)| values).collect();
    let total: usize = known.iter().map(|values| values.len()).product();
    (0..total).all(|mut at| {
        let mut parts = Vec::new();
        for values in &known {
            parts.push(&values[at % values.len()]);
            at /= values.len();
        }
        let reference = &library().reference;
        bounds(&application(&parts), ruleset, reference, dates()).is_settled()
    })
}

#[test]
fn questions_suffice_and_none_can_be_left_out() {
    let families: Vec<&Family> = [0, 1, 4, 8].iter().map(|at| &FAMILIES[*at]).collect();
    let atoms = families.iter().flat_map(|family| family.atoms);
    let atoms: Vec<&str> = atoms.copied().collect();
    let facts = facts();
    let mut checked = 0;
    for seed in 0..40 {
        let mut choices = choices(seed + 5_000);
        let ruleset = load(&ruleset(&mut choices, &atoms), library());
        let found = ask(&subjected(&ruleset, 1), &application(&[]));
        let found = &found.map_err(|wrong| wrong.0).unwrap()[0];
        if !matches!(found.settles, Settles::All | Settles::Already) {
            continue;
        }
        checked += 1;
        let asked: Vec<&str> = found.ask.iter().map(|one| one.fact.as_str()).collect();
        assert!(settle(&ruleset, &facts, &asked), "seed {seed}: {asked:?}");
        // No set with fewer facts settles it.
        for chosen in 0..1_u32 << facts.len() {
            let is_in = |(at, _): &(usize, &(&str, _))| chosen & (1 << at) != 0;
            let set = facts.iter().enumerate().filter(is_in);
            let set: Vec<&str> = set.map(|(_, (name, _))| *name).collect();
            let fewer = set.len() < asked.len();
            assert!(
                !fewer || !settle(&ruleset, &facts, &set),
                "seed {seed}: {set:?} rather than {asked:?}"
            );
        }
    }
    assert!(checked > 20, "{checked}");
}
