//! The search and brute force agree.

use catchall_engine::comparison::{Never, Verdict};
use catchall_engine::facts::Application;
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::{Bounds, bounds};
use catchall_engine::source::{Document, Json};
use catchall_tests::generate::Choices;
use catchall_tests::generate_rulesets::load;
use catchall_tests::library;
use serde_json::Value;

use crate::families::{FAMILIES, Family, merged};
use crate::generated::{amended, choices, dates, ruleset, verdict};

/// The bounds of both for each combination of the families' values.
fn all(families: &[&Family], rulesets: [&Ruleset; 2]) -> Vec<[Bounds; 2]> {
    let mut found = Vec::new();
    let values: Vec<Vec<Value>> = families.iter().map(|family| (family.values)()).collect();
    let total: usize = values.iter().map(Vec::len).product();
    for mut at in 0..total {
        let mut parts = Vec::new();
        for values in &values {
            parts.push(&values[at % values.len()]);
            at /= values.len();
        }
        let json = merged(&parts);
        let document = Document::new("generated", "");
        let application =
            Application::from_json(Json::from(json), &document, &library().catalogue).unwrap();
        found.push(
            rulesets.map(|ruleset| bounds(&application, ruleset, &library().reference, dates())),
        );
    }
    found
}

/// Families that together have at most so many combinations.
fn families(choices: &mut Choices, most: usize) -> Vec<&'static Family> {
    let mut found: Vec<&Family> = Vec::new();
    let mut total = 1;
    for _ in 0..8 {
        let family = &FAMILIES[choices.below(FAMILIES.len())];
        let count = (family.values)().len();
        let shares = |one: &&Family| std::ptr::eq(*one, family) || overlap(one, family);
        if total * count <= most && !found.iter().any(shares) {
            total *= count;
            found.push(family);
        }
    }
    found
}

/// Whether two families state the same fact, so that their values cannot be combined.
fn overlap(one: &Family, other: &Family) -> bool {
    let mentions =
        |family: &Family, piece: &str| family.atoms.iter().any(|atom| atom.contains(piece));
    ["item.value_eur", "exporter.us_person"]
        .iter()
        .any(|piece| mentions(one, piece) && mentions(other, piece))
}

/// Compares search and brute force; how many of the answers were proofs.
fn agree(seeds: std::ops::Range<u64>, most: usize) -> usize {
    let mut proved = 0;
    for seed in seeds {
        let mut choices = choices(seed);
        let families = families(&mut choices, most);
        let atoms: Vec<&str> = families
            .iter()
            .flat_map(|family| family.atoms.iter().copied())
            .collect();
        let base = ruleset(&mut choices, &atoms);
        let amended = amended(&mut choices, &base, &atoms);
        let (one, other) = (load(&base, library()), load(&amended, library()));
        let all = all(&families, [&one, &other]);
        for never in [Never::MoreLenient, Never::MoreStrict, Never::Different] {
            let happens = all.iter().any(|[one, other]| never.happens(one, other));
            let refuted = matches!(verdict(&one, &other, never, 2), Verdict::Refuted(_));
            assert_eq!(
                refuted, happens,
                "seed {seed}, {never:?}\n{base:#}\n{amended:#}"
            );
            proved += usize::from(!refuted);
        }
    }
    proved
}

#[test]
fn the_search_agrees_with_brute_force() {
    let proved = agree(0..25, 600);
    assert!(proved > 5, "{proved}");
}

#[test]
#[ignore = "minutes: 500 rulesets, each with all its classes"]
fn the_search_agrees_with_brute_force_on_500_rulesets() {
    let proved = agree(1_000..1_500, 12_000);
    assert!(proved > 150, "{proved}");
}
