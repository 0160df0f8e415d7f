//! How two answers to one application differ: which way the bounds move, and which rules stand no longer alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::bounds::Bounds;
use super::brief::Brief;

/// Which way bounds move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// No bound is lower, and some bound is higher.
    Stricter,
    /// No bound is higher, and some bound is lower.
    Milder,
    /// Some bound is lower and some is higher.
    Both,
}

impl Direction {
    /// All directions.
    pub const ALL: [Self; 3] = [Self::Stricter, Self::Milder, Self::Both];

    /// The direction from one answer to another; none where they are the same.
    pub fn of(base: &Bounds, amended: &Bounds) -> Option<Self> {
        match (amended.is_lower(base), base.is_lower(amended)) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Milder),
            (false, true) => Some(Self::Stricter),
            (false, false) => None,
        }
    }

    /// The code in documents and tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Stricter => "stricter",
            Self::Milder => "milder",
            Self::Both => "both",
        }
    }

    /// The direction of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Both => "both ways",
            other => other.code(),
        }
    }
}

impl Bounds {
    /// Whether some bound of requirement or review is lower than another's.
    pub fn is_lower(&self, other: &Self) -> bool {
        self.requirement.at_least < other.requirement.at_least
            || self.requirement.at_most < other.requirement.at_most
            || self.review.at_least < other.review.at_least
            || self.review.at_most < other.review.at_most
    }
}

impl Brief {
    /// Whether another has other bounds, or other rules stand, or may.
    pub fn differs(&self, other: &Self) -> bool {
        (self.bounds, &self.stands, &self.may) != (other.bounds, &other.stands, &other.may)
    }
}

/// A rule that does not stand alike under both rulesets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Found {
    /// Its id.
    pub rule: Arc<str>,
    /// Whether it stands as the ruleset is.
    pub base: Status,
    /// Whether it would stand.
    pub amended: Status,
}

/// Whether a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It does not stand, or there is no such rule.
    No,
    /// It may stand.
    May,
    /// It stands.
    Yes,
}

impl Status {
    /// Words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::No => "does not stand",
            Self::May => "may stand",
            Self::Yes => "stands",
        }
    }

    fn of(brief: &Brief, rule: &Arc<str>) -> Self {
        if brief.stands.contains(rule) {
            Self::Yes
        } else if brief.may.contains(rule) {
            Self::May
        } else {
            Self::No
        }
    }
}

/// The rules that do not stand alike in two answers.
pub fn differing(base: &Brief, amended: &Brief) -> Vec<Found> {
    let all = [base, amended]
        .into_iter()
        .flat_map(|brief| brief.stands.iter().chain(&brief.may));
    let all: BTreeSet<&Arc<str>> = all.collect();
    let found = all.into_iter().map(|rule| Found {
        rule: Arc::clone(rule),
        base: Status::of(base, rule),
        amended: Status::of(amended, rule),
    });
    found.filter(|found| found.base != found.amended).collect()
}
