//! Rules that stand, may stand, or were lifted, each with its reasons.

use std::sync::Arc;

use serde::Serialize;

use super::bounds::Bounds;
use super::environment::ItemEnvironment;
use super::evaluation::Evaluation;
use super::used::{Sources, Used};
use crate::condition::{Problem, Read, Trace};
use crate::facts::{Truth, Value};
use crate::ruleset::{Citation, Effect, Requirement, Review, Rule};

/// Whether a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// Its condition holds, and no exception lifts it.
    Yes,
    /// It stands or not, by facts that are not known.
    May,
    /// Its condition holds or may hold, and an exception lifts it.
    Lifted,
}

/// What a finding's rule does, as in the ruleset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingEffect {
    /// Raises the requirement.
    Requires(Requirement),
    /// Lifts rules and leaves a level.
    Lifts {
        /// The rules.
        rules: Vec<Arc<str>>,
        /// The level.
        leaves: Requirement,
        /// Whether the rules that it lifts are themselves exceptions, so that it bars them.
        bars: bool,
    },
    /// Raises the review.
    Review(Review),
    /// A red flag.
    Flags(Arc<str>),
    /// An obligation.
    Duty(Arc<str>),
}

/// A citation, as findings carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// The instrument.
    pub instrument: Arc<str>,
    /// The provision.
    pub provision: Arc<str>,
    /// Where it can be read.
    pub url: Arc<str>,
    /// Whether it was checked against the text.
    pub verified: bool,
    /// What is unverified, or read in one of several ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Arc<str>>,
}

impl From<&Citation> for Cited {
    fn from(citation: &Citation) -> Self {
        Self {
            instrument: Arc::clone(&citation.instrument),
            provision: Arc::clone(&citation.provision),
            url: Arc::clone(&citation.url),
            verified: citation.verified,
            note: citation.note.clone(),
        }
    }
}

/// A rule that applies, may apply, or was lifted, for one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The rule's title.
    pub title: Arc<str>,
    /// Whether it stands.
    pub stands: Stands,
    /// What it does.
    pub effect: FindingEffect,
    /// The number of the line that it is about.
    pub subject: i64,
    /// Where the norm stands.
    pub citation: Cited,
    /// Why, for a person who is no lawyer.
    pub because: Arc<str>,
    /// The rights at stake.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Arc<str>>,
    /// Whose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub affects: Vec<Arc<str>>,
    /// The rules that lift it, or may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifted_by: Vec<Arc<str>>,
    /// The facts and figures that it rests on.
    pub facts: Vec<Arc<Used>>,
    /// What kept it from having a value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<&'static str>,
    /// How its condition came about.
    pub trace: Arc<Trace>,
}

/// An obligation that follows, or may follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// The rule.
    pub rule: Arc<str>,
    /// What to do.
    pub text: Arc<str>,
    /// Where it stands.
    pub provision: Arc<str>,
    /// Whether it certainly follows.
    pub stands: Stands,
}

/// The findings of one item, in the order of the rules' ids.
pub(super) fn findings(
    environment: &ItemEnvironment<'_>,
    evaluation: &Evaluation,
    bounds: &Bounds,
) -> Vec<Finding> {
    let rules = environment.ruleset.rules.iter().enumerate();
    let mut sources = Sources::new(environment);
    rules
        .filter_map(|(at, rule)| {
            let stands = status(evaluation, at, rule, bounds)?;
            Some(finding(&mut sources, evaluation, at, rule, stands))
        })
        .collect()
}

/// Whether a rule is a finding, and of which kind.
pub(super) fn status(
    evaluation: &Evaluation,
    at: usize,
    rule: &Rule,
    bounds: &Bounds,
) -> Option<Stands> {
    let holds = evaluation.holds.get(at).copied().unwrap_or_default();
    let stands = evaluation.stands.get(at).copied().unwrap_or_default();
    let idle = match &rule.effect {
        Effect::Lifts(lifted, _) => !evaluation.any_holds(lifted).possibly(),
        Effect::Review(_) => bounds.review.at_most.is_none(),
        _ => false,
    };
    match (stands, holds) {
        _ if idle => None,
        (Truth::True, _) => Some(Stands::Yes),
        (Truth::Unknown, _) => Some(Stands::May),
        (Truth::False, Truth::True | Truth::Unknown) if evaluation.applies.possibly() => {
            Some(Stands::Lifted)
        }
        (Truth::False, _) => None,
    }
}

fn finding(
    sources: &mut Sources<'_>,
    evaluation: &Evaluation,
    at: usize,
    rule: &Rule,
    stands: Stands,
) -> Finding {
    let environment = sources.environment;
    let trace = environment.trace_of_rule(at);
    let problems = environment.problems(at);
    Finding {
        rule: Arc::clone(&rule.id),
        title: Arc::clone(&rule.title),
        stands,
        effect: effect(environment, &rule.effect),
        subject: environment.item.line,
        citation: Cited::from(&rule.citation),
        because: Arc::clone(&rule.because),
        rights: rule.rights.clone(),
        affects: rule.affects.clone(),
        lifted_by: lifters(environment, evaluation, rule),
        facts: sources.of(&told(&trace)),
        problems: problems.iter().map(Problem::text).collect(),
        trace,
    }
}

fn effect(environment: &ItemEnvironment<'_>, effect: &Effect) -> FindingEffect {
    match effect {
        Effect::Requires(level) => FindingEffect::Requires(*level),
        Effect::Lifts(lifted, leaves) => FindingEffect::Lifts {
            rules: ids(environment, lifted.iter().copied()),
            leaves: *leaves,
            bars: are_exceptions(environment, lifted),
        },
        Effect::Review(level) => FindingEffect::Review(*level),
        Effect::Flags(text) => FindingEffect::Flags(Arc::clone(text)),
        Effect::Duty(text) => FindingEffect::Duty(Arc::clone(text)),
    }
}

fn are_exceptions(environment: &ItemEnvironment<'_>, rules: &[usize]) -> bool {
    let mut found = rules
        .iter()
        .filter_map(|at| environment.ruleset.rules.get(*at));
    found.all(|rule| matches!(rule.effect, Effect::Lifts(..)))
}

fn ids(environment: &ItemEnvironment<'_>, at: impl Iterator<Item = usize>) -> Vec<Arc<str>> {
    at.filter_map(|at| environment.ruleset.rules.get(at))
        .map(|rule| Arc::clone(&rule.id))
        .collect()
}

fn lifters(
    environment: &ItemEnvironment<'_>,
    evaluation: &Evaluation,
    rule: &Rule,
) -> Vec<Arc<str>> {
    let possible = |at: &usize| {
        evaluation
            .stands
            .get(*at)
            .is_some_and(|stands| stands.possibly())
    };
    ids(environment, rule.lifted_by.iter().copied().filter(possible))
}

/// The reads that the value of a trace rests on: of a part that is true or false, those below it that
/// made it so; of an unknown part, those that are unknown.
pub(super) fn told(trace: &Trace) -> Vec<&Read> {
    let mut reads = Vec::new();
    tell(trace, &mut reads);
    reads
}

fn tell<'t>(trace: &'t Trace, reads: &mut Vec<&'t Read>) {
    reads.extend(&trace.reads);
    for child in &trace.children {
        if trace.children.len() == 1 || child.value == trace.value || !is_truth(trace) {
            tell(child, reads);
        }
    }
}

fn is_truth(trace: &Trace) -> bool {
    matches!(trace.value, Value::Boolean(_) | Value::Unknown)
}
