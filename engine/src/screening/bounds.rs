//! What certainly holds, and what may hold.

use serde::Serialize;

use super::evaluation::Evaluation;
use crate::facts::Truth;
use crate::ruleset::{Effect, Requirement, Review, Ruleset};

/// At least, and at most. Learning a fact narrows it and never moves it outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Interval<T> {
    /// What certainly holds.
    pub at_least: T,
    /// What may hold.
    pub at_most: T,
}

impl<T: Ord + Copy> Interval<T> {
    /// The worst of two.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        Self {
            at_least: self.at_least.max(other.at_least),
            at_most: self.at_most.max(other.at_most),
        }
    }

    /// Whether nothing is left open.
    pub fn is_settled(&self) -> bool {
        self.at_least == self.at_most
    }

    /// Whether another lies within.
    pub fn contains(&self, other: &Self) -> bool {
        self.at_least <= other.at_least && other.at_most <= self.at_most
    }
}

/// Requirement and review of one item under one ruleset, or of several together.
///
/// The review is none where no licence is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Bounds {
    /// What is required.
    pub requirement: Interval<Requirement>,
    /// How strictly an application is reviewed.
    pub review: Interval<Option<Review>>,
}

impl Bounds {
    /// Nothing known at all: the law of the day is not modelled.
    pub const OPEN: Self = Self {
        requirement: Interval {
            at_least: Requirement::OutOfScope,
            at_most: Requirement::Prohibited,
        },
        review: Interval {
            at_least: None,
            at_most: Some(Review::MustRefuse),
        },
    };

    /// No ruleset governs the export.
    pub const OUT_OF_SCOPE: Self = Self {
        requirement: Interval {
            at_least: Requirement::OutOfScope,
            at_most: Requirement::OutOfScope,
        },
        review: Interval {
            at_least: None,
            at_most: None,
        },
    };

    /// The worst of two.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        Self {
            requirement: self.requirement.worst(other.requirement),
            review: self.review.worst(other.review),
        }
    }

    /// Whether nothing is left open.
    pub fn is_settled(&self) -> bool {
        self.requirement.is_settled() && self.review.is_settled()
    }

    /// Whether another lies within.
    pub fn contains(&self, other: &Self) -> bool {
        self.requirement.contains(&other.requirement) && self.review.contains(&other.review)
    }

    /// The bounds that rules give, from which of them hold and stand.
    pub(super) fn of(ruleset: &Ruleset, evaluation: &Evaluation) -> Self {
        let requirement = requirement(ruleset, evaluation);
        Self {
            requirement,
            review: review(ruleset, evaluation, requirement),
        }
    }
}

fn requirement(ruleset: &Ruleset, evaluation: &Evaluation) -> Interval<Requirement> {
    let base = |governs: bool| {
        if governs {
            Requirement::NotRequired
        } else {
            Requirement::OutOfScope
        }
    };
    let mut bounds = Interval {
        at_least: base(evaluation.applies.certainly()),
        at_most: base(evaluation.applies.possibly()),
    };
    for (at, rule) in ruleset.rules.iter().enumerate() {
        let stands = evaluation.stands_at(at);
        let (level, truth) = match &rule.effect {
            Effect::Requires(level) => (*level, stands),
            Effect::Lifts(lifted, leaves) => (*leaves, stands.and(evaluation.any_holds(lifted))),
            _ => continue,
        };
        if truth.possibly() {
            bounds.at_most = bounds.at_most.max(level);
        }
        let certain = if truth.certainly() {
            Some(level)
        } else {
            floor(ruleset, evaluation, at, level)
        };
        bounds.at_least = certain.map_or(bounds.at_least, |level| bounds.at_least.max(level));
    }
    bounds
}

/// What a rule leaves for certain whose condition holds, but which an exception may lift: either the rule
/// stands, or one of the exceptions does and leaves its own level.
fn floor(
    ruleset: &Ruleset,
    evaluation: &Evaluation,
    at: usize,
    level: Requirement,
) -> Option<Requirement> {
    let rule = ruleset.rules.get(at)?;
    let certain = evaluation.applies.and(evaluation.holds_at(at)).certainly();
    if !certain || !matches!(rule.effect, Effect::Requires(_)) {
        return None;
    }
    let lifters = rule
        .lifted_by
        .iter()
        .filter(|by| evaluation.stands_at(**by).possibly());
    let left = lifters.filter_map(|by| match ruleset.rules.get(*by)?.effect {
        Effect::Lifts(_, leaves) => Some(leaves),
        _ => None,
    });
    left.chain([level]).min()
}

/// The highest review among the rules that stand; case by case where no rule says anything.
fn review(
    ruleset: &Ruleset,
    evaluation: &Evaluation,
    requirement: Interval<Requirement>,
) -> Interval<Option<Review>> {
    let (mut certain, mut possible) = (None, None);
    let mut may_be_favourable = false;
    for (rule, stands) in ruleset.rules.iter().zip(&evaluation.stands) {
        let Effect::Review(level) = rule.effect else {
            continue;
        };
        match stands {
            Truth::True => certain = certain.max(Some(level)),
            Truth::Unknown => {
                possible = possible.max(Some(level));
                may_be_favourable |= level == Review::Favourable;
            }
            Truth::False => {}
        }
    }
    let silent = Some(Review::CaseByCase);
    let least = certain.or(if may_be_favourable {
        Some(Review::Favourable)
    } else {
        silent
    });
    let most = certain.or(silent).max(possible);
    let needed = |level: Requirement, review| {
        if level >= Requirement::LicenceRequired {
            review
        } else {
            None
        }
    };
    Interval {
        at_least: needed(requirement.at_least, least),
        at_most: needed(requirement.at_most, most),
    }
}
