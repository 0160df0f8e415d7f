//! What single parts of conditions find in an application, for whoever sorts applications into classes.

use std::collections::BTreeSet;

use super::environment::ItemEnvironment;
use super::waiting::Waiting;
use crate::condition::NodeId;
use crate::facts::{Application, Truth};
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::time::Dates;

/// All that the rest of a ruleset can learn from one part of its conditions.
///
/// Two applications for which every part that looks at facts has equal outcomes have equal bounds, rules and
/// missing facts: all else only joins the parts' truths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// Whether it holds.
    pub truth: Truth,
    /// The facts that left it open.
    pub facts: BTreeSet<String>,
    /// The figures that it rests on and that no table holds.
    pub figures: BTreeSet<String>,
}

/// The outcomes of parts of a ruleset's conditions, for each item of an application in turn.
pub fn outcomes(
    application: &Application,
    ruleset: &Ruleset,
    reference: &Reference,
    dates: Dates,
    parts: &[NodeId],
) -> Vec<Outcome> {
    let items = application.items.iter().flat_map(|item| {
        let environment = ItemEnvironment::new(ruleset, reference, application, item, dates);
        let outcomes = parts.iter().map(|part| outcome(&environment, *part));
        outcomes.collect::<Vec<Outcome>>()
    });
    items.collect()
}

fn outcome(environment: &ItemEnvironment<'_>, part: NodeId) -> Outcome {
    let trace = environment.trace(part);
    Outcome {
        truth: environment.truth(part),
        facts: Waiting(environment).facts(&trace),
        figures: Waiting(environment).figures(&trace),
    }
}
