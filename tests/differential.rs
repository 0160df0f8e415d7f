//! Screening agrees with a naive oracle that works everything out anew, on thousands of applications.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::facts::Application;
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::{Bounds, Stands, brief, screen};
use catchall_engine::time::Dates;
use catchall_tests::generate::Choices;
use catchall_tests::generate_rulesets::{Pool, load, ruleset};
use catchall_tests::library;
use catchall_tests::oracle_screening::{self, Said};

/// A run of choices for a number, always the same.
fn choices(seed: u64, length: usize) -> Choices {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    let bytes = (0..length).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    });
    Choices::new(bytes.collect())
}

fn said(bounds: Bounds, findings: [BTreeSet<Arc<str>>; 3]) -> Said {
    let [stands, may, lifted] = findings;
    Said {
        requirement: (bounds.requirement.at_least, bounds.requirement.at_most),
        review: (bounds.review.at_least, bounds.review.at_most),
        stands,
        may,
        lifted,
    }
}

fn by_engine(application: &Application, ruleset: &Ruleset, dates: Dates) -> Said {
    let determination = screen(application, &[ruleset], &library().reference, dates);
    let mut findings = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    let items = determination.rulesets.iter().flat_map(|one| &one.items);
    for finding in items.flat_map(|item| &item.findings) {
        let at = match finding.stands {
            Stands::Yes => 0,
            Stands::May => 1,
            Stands::Lifted => 2,
        };
        findings[at].insert(Arc::clone(&finding.rule));
    }
    said(determination.bounds, findings)
}

/// Compares the engine's two ways with the oracle; with whole determinations once in `whole`.
fn agree(ruleset: &Ruleset, pool: &Pool, seeds: std::ops::Range<u64>, whole: u64) {
    for seed in seeds {
        let mut choices = choices(seed, 4_000);
        let once = 1 + usize::try_from(seed % 9).unwrap();
        let application = pool.application(&mut choices, once);
        let dates = pool.dates(&mut choices);
        let expected = oracle_screening::screen(&application, ruleset, &library().reference, dates);
        let short = brief(&application, &[ruleset], &library().reference, dates);
        let lifted = expected.lifted.clone();
        let found = said(short.bounds, [short.stands, short.may, lifted]);
        assert_eq!(found, expected, "brief, {}, {seed}, {dates:?}", ruleset.id);
        if seed % whole == 0 {
            let found = by_engine(&application, ruleset, dates);
            assert_eq!(found, expected, "screen, {}, {seed}, {dates:?}", ruleset.id);
        }
    }
}

#[test]
fn shipped_rulesets_screen_as_the_oracle_does() {
    for ruleset in &library().rulesets {
        let pool = Pool::new(library(), &[ruleset]);
        agree(ruleset, &pool, 0..PAIRS, 10);
    }
}

/// Applications for each shipped ruleset.
const PAIRS: u64 = 300;

#[test]
fn generated_rulesets_screen_as_the_oracle_does() {
    for seed in 0..100 {
        let json = ruleset(&mut choices(seed, 400));
        let ruleset = load(&json, library());
        let pool = Pool::new(library(), &[&ruleset]);
        let first = seed * 1_000;
        agree(&ruleset, &pool, first..first + 20, 1);
    }
}
