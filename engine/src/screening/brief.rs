//! What a determination says in a few columns, for tables.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bounds::Bounds;
use super::environment::ItemEnvironment;
use super::evaluation::Evaluation;
use super::finding::{Stands, status};
use super::waiting::Waiting;
use crate::condition::NodeId;
use crate::facts::{Application, Truth};
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::time::Dates;

/// The bounds of a determination, the rules that stand or may stand, and the facts that are missing.
///
/// The same as in the determination of [`super::screen`]; only traces, answers and coverage are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The worst of all rulesets and items.
    pub bounds: Bounds,
    /// Rules that stand, in the order of their ids.
    pub stands: BTreeSet<Arc<str>>,
    /// Rules that may stand.
    pub may: BTreeSet<Arc<str>>,
    /// Facts that are not known and could change the answer.
    pub missing: BTreeSet<String>,
}

/// Screens an application as [`super::screen`] does, and keeps only what fits into a table's columns.
pub fn brief(
    application: &Application,
    rulesets: &[&Ruleset],
    reference: &Reference,
    dates: Dates,
) -> Brief {
    let mut whole: Option<Bounds> = None;
    let mut brief = Brief {
        bounds: Bounds::OUT_OF_SCOPE,
        stands: BTreeSet::new(),
        may: BTreeSet::new(),
        missing: BTreeSet::new(),
    };
    for ruleset in rulesets {
        let bounds = of_items(application, ruleset, reference, dates, |environment| {
            brief.item(environment)
        });
        whole = Some(whole.map_or(bounds, |whole| whole.worst(bounds)));
    }
    Brief {
        bounds: whole.unwrap_or(Bounds::OUT_OF_SCOPE),
        ..brief
    }
}

/// The bounds of what one ruleset says, and nothing else.
pub fn bounds(
    application: &Application,
    ruleset: &Ruleset,
    reference: &Reference,
    dates: Dates,
) -> Bounds {
    of_items(application, ruleset, reference, dates, |environment| {
        Bounds::of(ruleset, &Evaluation::new(environment))
    })
}

/// The worst of the items' bounds; open before the first day whose law is modelled.
fn of_items(
    application: &Application,
    ruleset: &Ruleset,
    reference: &Reference,
    dates: Dates,
    mut of: impl FnMut(&ItemEnvironment<'_>) -> Bounds,
) -> Bounds {
    if dates.as_of < ruleset.models_from {
        return Bounds::OPEN;
    }
    let items = application.items.iter().map(|item| {
        of(&ItemEnvironment::new(
            ruleset,
            reference,
            application,
            item,
            dates,
        ))
    });
    items.reduce(Bounds::worst).unwrap_or(Bounds::OUT_OF_SCOPE)
}

impl Brief {
    fn item(&mut self, environment: &ItemEnvironment<'_>) -> Bounds {
        let evaluation = Evaluation::new(environment);
        let bounds = Bounds::of(environment.ruleset, &evaluation);
        self.wait_for_applies(environment);
        let mut seen = BTreeSet::new();
        for (at, rule) in environment.ruleset.rules.iter().enumerate() {
            match status(&evaluation, at, rule, &bounds) {
                Some(Stands::Yes) => _ = self.stands.insert(Arc::clone(&rule.id)),
                Some(Stands::May) => {
                    self.may.insert(Arc::clone(&rule.id));
                    self.wait_for(environment, at, &mut seen);
                }
                Some(Stands::Lifted) | None => {}
            }
        }
        bounds
    }

    /// Adds what leaves open whether the ruleset governs at all.
    fn wait_for_applies(&mut self, environment: &ItemEnvironment<'_>) {
        if environment.applies() != Truth::Unknown {
            return;
        }
        let applies = environment.ruleset.reading.applies;
        for part in environment.rests_on(applies, &mut BTreeSet::new()) {
            let facts = Waiting(environment).facts(&environment.trace(part));
            self.missing.extend(facts);
        }
    }

    /// Adds what a rule waits for that may stand.
    fn wait_for(
        &mut self,
        environment: &ItemEnvironment<'_>,
        rule: usize,
        seen: &mut BTreeSet<NodeId>,
    ) {
        let Some(id) = environment.ruleset.reading.rules.get(rule) else {
            return;
        };
        for part in environment.rests_on(*id, seen) {
            let trace = environment.trace(part);
            self.missing.extend(Waiting(environment).facts(&trace));
            self.missing.extend(Waiting(environment).figures(&trace));
        }
    }
}
