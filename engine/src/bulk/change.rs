//! What a change does to the records of a table, added up from counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::added::Added;
use super::answer::cell;
use super::counts::{BETWEEN, Counted, Counts, cells_of};
use crate::ruleset::{Requirement, Review, Ruleset};
use crate::screening::{Bounds, Direction, Found, Interval, Status};

/// Records that move, by direction.
pub type Moved = BTreeMap<Direction, Counted>;

/// What a change of law does to the records of a table.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Change {
    /// The id of the ruleset as it is.
    pub base: Arc<str>,
    /// SHA-256 of it.
    pub base_sha256: String,
    /// The id of the ruleset as it would be.
    pub amended: Arc<str>,
    /// Records of which some bound of requirement or review moves.
    pub rows: u64,
    /// The same, by direction.
    pub directions: Moved,
    /// The same, by what is asked as it is and as it would be; most frequent first.
    pub pairs: Vec<PairMoved>,
    /// The same, by what they are counted under.
    pub by: BTreeMap<&'static str, BTreeMap<Arc<str>, Moved>>,
    /// The rules that stand no longer alike in records that move; most frequent first.
    pub rules: Vec<RuleMoved>,
    /// Records that move and stay open.
    pub open: u64,
    /// The facts that would settle those, with the records that wait for each.
    pub settled_by: BTreeMap<Arc<str>, u64>,
}

/// Records that move from one pair of bounds to another.
#[derive(Clone, Debug, Serialize)]
pub struct PairMoved {
    /// What the ruleset says as it is.
    pub base: Bounds,
    /// What it would say.
    pub amended: Bounds,
    /// Which way that is.
    pub direction: Direction,
    /// Records.
    #[serde(flatten)]
    pub counted: Counted,
}

/// Records that move, in which a rule stands no longer alike.
#[derive(Clone, Debug, Serialize)]
pub struct RuleMoved {
    /// Whether it stands under each.
    #[serde(flatten)]
    pub found: Found,
    /// What it is.
    pub title: Arc<str>,
    /// When it applies; of a rule that is changed, as it would be.
    pub when: Arc<str>,
    /// Records.
    #[serde(flatten)]
    pub counted: Counted,
}

/// Records whose answer is another within the published interval of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hanging {
    /// All of them.
    #[serde(flatten)]
    pub all: Counted,
    /// By destination.
    pub destinations: BTreeMap<Arc<str>, Counted>,
}

/// The sums on the way.
#[derive(Default)]
struct Sums {
    change: Change,
    pairs: BTreeMap<(Bounds, Bounds), Counted>,
    rules: BTreeMap<Found, Counted>,
}

impl Change {
    /// What a change from one ruleset to another does.
    pub(super) fn of(counts: &Counts, base: &Ruleset, amended: &Ruleset) -> Self {
        let mut sums = Sums::default();
        for (key, counted) in counts.all_answers() {
            sums.answered(key, counted);
        }
        for (key, counted) in counts.all_moved() {
            sums.moved(key, counted);
        }
        // What no record states is nothing to count by.
        let says = |names: &BTreeMap<Arc<str>, Moved>| {
            names.keys().any(|name| name.as_ref() != NOT_STATED)
        };
        sums.change.by.retain(|_, names| says(names));
        let rules = sums.rules.into_iter().map(|(found, counted)| {
            let rule = amended.rule(&found.rule).or_else(|| base.rule(&found.rule));
            let text = |text: Option<&Arc<str>>| text.map_or_else(|| "".into(), Arc::clone);
            RuleMoved {
                title: text(rule.map(|rule| &rule.title)),
                when: text(rule.map(|rule| rule.when.source())),
                found,
                counted,
            }
        });
        let mut rules: Vec<RuleMoved> = rules.collect();
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.counted.rows));
        Self {
            base: Arc::clone(&base.id),
            base_sha256: base.hash.clone(),
            amended: Arc::clone(&amended.id),
            pairs: pairs(sums.pairs),
            rules,
            ..sums.change
        }
    }
}

fn pairs(pairs: BTreeMap<(Bounds, Bounds), Counted>) -> Vec<PairMoved> {
    let pairs = pairs.into_iter().filter_map(|((base, amended), counted)| {
        Some(PairMoved {
            direction: Direction::of(&base, &amended)?,
            base,
            amended,
            counted,
        })
    });
    let mut pairs: Vec<PairMoved> = pairs.collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.counted.rows));
    pairs
}

impl Sums {
    /// Adds records with one destination, year and answer.
    fn answered(&mut self, key: &str, counted: &Counted) {
        let cells = cells_of(key);
        let read = |column| cell(&cells, "", column);
        let Some(direction) = Direction::parse(read(Added::Moves)) else {
            return;
        };
        let (Some(base), Some(amended)) = (bounds(&BASE.map(read)), bounds(&AMENDED.map(read)))
        else {
            return;
        };
        let change = &mut self.change;
        change.rows = change.rows.saturating_add(counted.rows);
        change.directions.entry(direction).or_default().add(counted);
        let mut parts = key.split(BETWEEN);
        for kind in ["destination", "year"] {
            let name = parts.next().unwrap_or_default();
            add(change, kind, name, direction, counted);
        }
        if !amended.is_settled() {
            change.open = change.open.saturating_add(counted.rows);
            for fact in listed(read(Added::Missing)) {
                let rows = change.settled_by.entry(fact.into()).or_default();
                *rows = rows.saturating_add(counted.rows);
            }
        }
        self.pairs.entry((base, amended)).or_default().add(counted);
        for found in differing(
            [read(Added::BaseStands), read(Added::BaseMayStand)],
            [read(Added::Stands), read(Added::MayStand)],
        ) {
            add(&mut self.change, "rule", &found.rule, direction, counted);
            self.rules.entry(found).or_default().add(counted);
        }
    }

    /// Adds records of one kind, name and direction.
    fn moved(&mut self, key: &str, counted: &Counted) {
        let mut parts = key.split(BETWEEN);
        let (Some(kind), Some(name), Some(direction)) = (
            parts.next(),
            parts.next(),
            parts.next().and_then(Direction::parse),
        ) else {
            return;
        };
        for known in KINDS.into_iter().filter(|known| *known == kind) {
            add(&mut self.change, known, name, direction, counted);
        }
    }
}

/// How records are counted that do not tell what others are counted by.
pub(super) const NOT_STATED: &str = "not stated";

/// What only records that move are counted by.
const KINDS: [&str; 3] = ["hs", "item", "end user"];

const BASE: [Added; 4] = [
    Added::BaseRequirementAtLeast,
    Added::BaseRequirementAtMost,
    Added::BaseReviewAtLeast,
    Added::BaseReviewAtMost,
];

const AMENDED: [Added; 4] = [
    Added::RequirementAtLeast,
    Added::RequirementAtMost,
    Added::ReviewAtLeast,
    Added::ReviewAtMost,
];

fn bounds([least, most, mild, strict]: &[&str; 4]) -> Option<Bounds> {
    Some(Bounds {
        requirement: Interval {
            at_least: Requirement::parse(least)?,
            at_most: Requirement::parse(most)?,
        },
        review: Interval {
            at_least: Review::parse(mild),
            at_most: Review::parse(strict),
        },
    })
}

fn add(change: &mut Change, kind: &'static str, name: &str, way: Direction, counted: &Counted) {
    let names = change.by.entry(kind).or_default();
    let moved = names.entry(name.into()).or_default();
    moved.entry(way).or_default().add(counted);
}

fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').filter(|part| !part.is_empty())
}

/// The rules that stand otherwise, by the cells of those that stand and of those that may.
fn differing(base: [&str; 2], amended: [&str; 2]) -> Vec<Found> {
    let status = |[stands, may]: [&str; 2], rule: &str| {
        if listed(stands).any(|known| known == rule) {
            Status::Yes
        } else if listed(may).any(|known| known == rule) {
            Status::May
        } else {
            Status::No
        }
    };
    let all: BTreeSet<&str> = [base, amended]
        .into_iter()
        .flatten()
        .flat_map(listed)
        .collect();
    let found = all.into_iter().map(|rule| Found {
        rule: rule.into(),
        base: status(base, rule),
        amended: status(amended, rule),
    });
    found.filter(|found| found.base != found.amended).collect()
}

/// The records whose answer is another within the published interval of an indicator, by indicator.
pub(super) fn hanging(counts: &Counts) -> BTreeMap<Arc<str>, Hanging> {
    let mut all: BTreeMap<Arc<str>, Hanging> = BTreeMap::new();
    for (key, counted) in counts.all_answers() {
        let destination = key.split(BETWEEN).next().unwrap_or_default();
        for indicator in listed(cell(&cells_of(key), "", Added::HangsOn)) {
            let hanging = all.entry(indicator.into()).or_default();
            hanging.all.add(counted);
            let destinations = &mut hanging.destinations;
            destinations
                .entry(destination.into())
                .or_default()
                .add(counted);
        }
    }
    all
}
