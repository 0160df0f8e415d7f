//! Requirement and review as the page shows them: what is certain apart from what is possible.

use crate::ruleset::{Requirement, Review};
use crate::screening::{Bounds, Interval};

/// The name of the colour of an outcome of which no requirement is certain.
pub(super) const OPEN: &str = "open";

/// An outcome in words, and where it lies on the two scales.
pub(super) struct Outcome {
    /// The name of its colour: the level that is certain, or `open`.
    pub(super) tone: &'static str,
    /// Whether nothing is left open.
    pub(super) settled: bool,
    /// The outcome in one sentence.
    pub(super) headline: String,
    /// What certainly holds.
    pub(super) certain: String,
    /// What may hold at most.
    pub(super) possible: String,
    /// The levels of the requirement, mild first.
    pub(super) requirement: Vec<Step>,
    /// The levels of the review, mild first; none where no licence can be needed.
    pub(super) review: Vec<Step>,
}

/// One level of a scale.
pub(super) struct Step {
    /// Its words.
    pub(super) label: &'static str,
    /// `least`, `open`, or nothing where the outcome does not reach it.
    pub(super) state: &'static str,
}

impl Outcome {
    pub(super) fn of(bounds: &Bounds) -> Self {
        let settled = bounds.is_settled();
        let least = bounds.requirement.at_least;
        Self {
            tone: if settled || least > Requirement::NotRequired {
                least.code()
            } else {
                OPEN
            },
            settled,
            headline: sentence(&headline(bounds)),
            certain: sentence(&certain(bounds)),
            possible: sentence(&level(bounds.requirement.at_most, bounds.review.at_most)),
            requirement: requirement_steps(bounds.requirement),
            review: review_steps(bounds.review),
        }
    }

    /// The scales for those who do not see them.
    pub(super) fn spoken(steps: &[Step]) -> String {
        let reached: Vec<&str> = steps
            .iter()
            .filter(|step| !step.state.is_empty())
            .map(|step| step.label)
            .collect();
        match reached.as_slice() {
            [] => "none".to_owned(),
            [only] => (*only).to_owned(),
            [first, .., last] => format!("from {first} to {last}"),
        }
    }
}

fn headline(bounds: &Bounds) -> String {
    let most = level(bounds.requirement.at_most, bounds.review.at_most);
    if bounds.is_settled() {
        return most;
    }
    let least = bounds.requirement.at_least;
    match (bounds.review.at_least, bounds.review.at_most) {
        (Some(mild), Some(strict)) if bounds.requirement.is_settled() => format!(
            "{} (review: from {} to {})",
            least.label(),
            mild.label(),
            strict.label()
        ),
        _ if least > Requirement::NotRequired => format!("{}; at most {most}", least.label()),
        _ => format!("not settled: at most {most}"),
    }
}

/// What certainly holds; the mildest levels of an open outcome are no finding, and are not called one.
fn certain(bounds: &Bounds) -> String {
    let least = bounds.requirement.at_least;
    match least {
        Requirement::OutOfScope if !bounds.is_settled() => {
            "nothing yet: not even whether these rules govern the export".to_owned()
        }
        Requirement::NotRequired if !bounds.is_settled() => {
            "nothing yet: the rules govern the export, and no requirement is certain".to_owned()
        }
        _ => level(least, bounds.review.at_least),
    }
}

fn level(requirement: Requirement, review: Option<Review>) -> String {
    match review {
        Some(review) => format!("{} (review: {})", requirement.label(), review.label()),
        None => requirement.label().to_owned(),
    }
}

fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

fn requirement_steps(bounds: Interval<Requirement>) -> Vec<Step> {
    let step = |level: Requirement| Step {
        label: level.short(),
        state: state(level, bounds),
    };
    Requirement::ALL.into_iter().map(step).collect()
}

fn review_steps(bounds: Interval<Option<Review>>) -> Vec<Step> {
    if bounds.at_most.is_none() {
        return Vec::new();
    }
    let step = |level: Review| Step {
        label: level.label(),
        state: state(Some(level), bounds),
    };
    Review::ALL.into_iter().map(step).collect()
}

fn state<T: Ord + Copy>(level: T, bounds: Interval<T>) -> &'static str {
    if level == bounds.at_least {
        "least"
    } else if bounds.at_least < level && level <= bounds.at_most {
        "open"
    } else {
        ""
    }
}
