//! One norm.

use std::sync::Arc;

use super::levels::{Requirement, Review};
use crate::condition::{Condition, Observed};
use crate::time::{Date, Period};

/// Where a norm stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The instrument's key among the ruleset's sources.
    pub source: Arc<str>,
    /// The instrument's short name.
    pub instrument: Arc<str>,
    /// The provision, such as `Article 5(1)`.
    pub provision: Arc<str>,
    /// Where it can be read.
    pub url: Arc<str>,
    /// Whether it was checked against the text.
    pub verified: bool,
    /// What is unverified, or read in one of several ways.
    pub note: Option<Arc<str>>,
}

/// What a rule does when it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Raises the requirement to a level.
    Requires(Requirement),
    /// An exception: cancels rules for this item, and leaves a level in their place.
    Lifts(Vec<usize>, Requirement),
    /// Raises the review, where a licence is required.
    Review(Review),
    /// A red flag: shown, changing no level.
    Flags(Arc<str>),
    /// An obligation.
    Duty(Arc<str>),
}

impl Effect {
    /// The key in documents.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Requires(_) => "requires",
            Self::Lifts(..) => "lifts",
            Self::Review(_) => "review",
            Self::Flags(_) => "flags",
            Self::Duty(_) => "duty",
        }
    }

    /// Whether a level depends on it.
    pub fn decides(&self) -> bool {
        !matches!(self, Self::Flags(_) | Self::Duty(_))
    }
}

/// A norm: a cited provision, the dates it is in force, a condition, and an effect.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, such as `eu.2021-821.art-5-1`.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Where it stands.
    pub citation: Citation,
    /// When it is in force.
    pub in_force: Vec<Period>,
    /// When it applies.
    pub when: Condition,
    /// What it does.
    pub effect: Effect,
    /// Why, for a person who is no lawyer.
    pub because: Arc<str>,
    /// The rights at stake.
    pub rights: Vec<Arc<str>>,
    /// Whose.
    pub affects: Vec<Arc<str>>,
    /// Positions of the rules that lift it.
    pub lifted_by: Vec<usize>,
    /// All that it can observe, through its definitions too.
    pub observed: Observed,
}

impl Rule {
    /// Whether it is in force on a day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.in_force.iter().any(|period| period.contains(day))
    }
}
