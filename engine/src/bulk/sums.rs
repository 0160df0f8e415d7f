//! Adds counts up by what answers say.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counts::{BETWEEN, Counted};
use super::summary::{Outcomes, RuleCount, Summary, Tally};
use super::worth::{self, Values};
use crate::ruleset::{Requirement, Review};
use crate::screening::Interval;

/// Counts by what answers say.
#[derive(Default)]
pub(super) struct Sums {
    all: Split,
    review: Bounded<Option<Review>>,
    destinations: BTreeMap<Arc<str>, Split>,
    years: BTreeMap<Arc<str>, Split>,
    codes: BTreeMap<Arc<str>, Split>,
    rules: BTreeMap<Arc<str>, RuleCount>,
    missing: BTreeMap<Arc<str>, u64>,
    values: Values,
}

type Bounded<T> = BTreeMap<Interval<T>, Counted>;

/// Records, such as those of one destination, year or customs code.
#[derive(Default)]
struct Split {
    determined: u64,
    undetermined: u64,
    requirement: Bounded<Requirement>,
}

impl Split {
    fn add(&mut self, bounds: Interval<Requirement>, counted: &Counted) {
        if bounds.is_settled() {
            add(&mut self.determined, counted.rows);
        } else {
            add(&mut self.undetermined, counted.rows);
        }
        self.requirement.entry(bounds).or_default().add(counted);
    }
}

fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

impl Sums {
    /// Adds records with one answer; the key is that of [`super::Counts`].
    pub(super) fn answered(&mut self, key: &str, counted: &Counted) {
        let parts: Vec<&str> = key.split(BETWEEN).collect();
        let [
            destination,
            year,
            least,
            most,
            mild,
            strict,
            stands,
            may,
            missing,
            ..,
        ] = parts.as_slice()
        else {
            return;
        };
        let Some(bounds) = requirement(least, most) else {
            return;
        };
        self.all.add(bounds, counted);
        for (splits, name) in [
            (&mut self.destinations, destination),
            (&mut self.years, year),
        ] {
            splits
                .entry((*name).into())
                .or_default()
                .add(bounds, counted);
        }
        let review = Interval {
            at_least: Review::parse(mild),
            at_most: Review::parse(strict),
        };
        self.review.entry(review).or_default().add(counted);
        self.named(stands, may, missing, counted.rows);
        worth::add(&mut self.values, &counted.values);
    }

    /// Adds rules and missing facts, which answers list.
    fn named(&mut self, stands: &str, may: &str, missing: &str, rows: u64) {
        for rule in listed(stands) {
            add(&mut self.rules.entry(rule.into()).or_default().stands, rows);
        }
        for rule in listed(may) {
            let count = self.rules.entry(rule.into()).or_default();
            add(&mut count.may_stand, rows);
        }
        for fact in listed(missing) {
            add(self.missing.entry(fact.into()).or_default(), rows);
        }
    }

    /// Adds records with one customs code.
    pub(super) fn coded(&mut self, key: &str, counted: &Counted) {
        let mut parts = key.split(BETWEEN);
        if let [Some(code), Some(least), Some(most)] = [parts.next(), parts.next(), parts.next()]
            && let Some(bounds) = requirement(least, most)
        {
            let split = self.codes.entry(code.into()).or_default();
            split.add(bounds, counted);
        }
    }

    /// The sums, beside what the table was screened with.
    pub(super) fn summary(self, with: Summary) -> Summary {
        Summary {
            determined: self.all.determined,
            undetermined: self.all.undetermined,
            requirement: outcomes(self.all.requirement),
            review: outcomes(self.review),
            destinations: tallies(self.destinations),
            years: tallies(self.years),
            hs: tallies(self.codes),
            rules: self.rules,
            missing: self.missing,
            values: self.values,
            ..with
        }
    }
}

fn requirement(least: &str, most: &str) -> Option<Interval<Requirement>> {
    Some(Interval {
        at_least: Requirement::parse(least)?,
        at_most: Requirement::parse(most)?,
    })
}

fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').filter(|part| !part.is_empty())
}

fn tallies(splits: BTreeMap<Arc<str>, Split>) -> BTreeMap<Arc<str>, Tally> {
    let splits = splits.into_iter();
    let tallies = splits.map(|(name, split)| {
        let tally = Tally {
            determined: split.determined,
            undetermined: split.undetermined,
            requirement: outcomes(split.requirement),
        };
        (name, tally)
    });
    tallies.collect()
}

/// The pairs of bounds, most frequent first.
fn outcomes<T>(counts: Bounded<T>) -> Vec<Outcomes<T>> {
    let counts = counts.into_iter();
    let outcomes = counts.map(|(bounds, counted)| Outcomes {
        bounds,
        rows: counted.rows,
        values: counted.values,
    });
    let mut found: Vec<Outcomes<T>> = outcomes.collect();
    found.sort_by_key(|outcome| std::cmp::Reverse(outcome.rows));
    found
}
