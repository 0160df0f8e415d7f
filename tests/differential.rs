//! Screening agrees with a naive oracle that works everything out anew, on thousands of applications,
//! and with the days on which its figures were published.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::facts::Application;
use catchall_engine::reference::Membership;
use catchall_engine::ruleset::Ruleset;
use catchall_engine::screening::{Bounds, Stands, brief, screen};
use catchall_engine::time::{Date, Dates};
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

/// The days on which something was published, and the days before.
fn around(published: Option<Date>) -> Option<(Date, Date)> {
    published.and_then(|day| Some((day.yesterday()?, day)))
}

#[test]
fn nothing_counts_before_it_was_published() {
    let reference = &library().reference;
    let mut count = 0;
    for (id, group) in reference.groups.iter() {
        for (country, rows) in group.members() {
            for row in rows {
                let Some((before, day)) = around(row.published) else {
                    continue;
                };
                count += 1;
                let as_of = row.period.from.unwrap_or(day);
                let found = |known_at| group.membership(country, Dates { as_of, known_at }).1;
                let counts =
                    |found: Option<&Membership>| found.is_some_and(|one| std::ptr::eq(one, row));
                assert!(!counts(found(before)), "{country} in {id} before {day}");
                assert!(counts(found(day)), "{country} in {id} from {day}");
            }
        }
    }
    for (name, series) in reference.indicators.iter() {
        for place in reference.destinations.iter() {
            for figure in series.all(&place.code) {
                let Some((before, day)) = around(figure.published) else {
                    continue;
                };
                count += 1;
                let as_of = Date::new(figure.year, 12, 31).unwrap();
                let found = series.latest(
                    &place.code,
                    Dates {
                        as_of,
                        known_at: before,
                    },
                );
                let year = found.map(|one| one.year);
                assert_ne!(
                    year,
                    Some(figure.year),
                    "{name} of {} before {day}",
                    place.code
                );
                let found = series.latest(
                    &place.code,
                    Dates {
                        as_of,
                        known_at: day,
                    },
                );
                let year = found.map(|one| one.year);
                assert_eq!(
                    year,
                    Some(figure.year),
                    "{name} of {} from {day}",
                    place.code
                );
            }
        }
    }
    assert!(count > 10_000, "only {count} were published on a day");
}
