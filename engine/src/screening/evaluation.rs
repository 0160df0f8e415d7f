//! Which rules hold, and which of them stand.

use super::environment::ItemEnvironment;
use crate::facts::Truth;
use crate::ruleset::Ruleset;

/// The truth of every rule of a ruleset for one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Whether the ruleset governs the export.
    pub applies: Truth,
    /// Whether each rule is in force and its condition holds.
    pub holds: Vec<Truth>,
    /// Whether each rule holds and no standing rule lifts it.
    pub stands: Vec<Truth>,
}

impl Evaluation {
    /// Evaluates every rule that is in force.
    pub fn new(environment: &ItemEnvironment<'_>) -> Self {
        let ruleset = environment.ruleset;
        let applies = environment.applies();
        let mut evaluation = Self {
            applies,
            holds: vec![Truth::False; ruleset.rules.len()],
            stands: Vec::new(),
        };
        if applies.possibly() {
            (0..ruleset.rules.len()).for_each(|at| evaluation.hold(environment, at));
        }
        evaluation.stand(ruleset);
        evaluation
    }

    /// The evaluation after one fact changed: only the rules that can observe it are evaluated again.
    pub(super) fn changed(
        &self,
        environment: &ItemEnvironment<'_>,
        affected: &[usize],
        applies: bool,
    ) -> Self {
        let mut evaluation = self.clone();
        if applies {
            evaluation.applies = environment.applies();
        }
        affected
            .iter()
            .for_each(|at| evaluation.hold(environment, *at));
        if evaluation != *self {
            evaluation.stand(environment.ruleset);
        }
        evaluation
    }

    fn hold(&mut self, environment: &ItemEnvironment<'_>, at: usize) {
        if let Some(holds) = self
            .holds
            .get_mut(at)
            .filter(|_| environment.is_in_force(at))
        {
            *holds = environment.holds(at);
        }
    }

    /// A rule stands when its condition holds, the ruleset governs, and no rule that lifts it stands.
    fn stand(&mut self, ruleset: &Ruleset) {
        let mut stands = vec![Truth::False; ruleset.rules.len()];
        for at in &ruleset.order {
            let (Some(rule), Some(holds)) = (ruleset.rules.get(*at), self.holds.get(*at)) else {
                continue;
            };
            let lifted = Truth::any(
                rule.lifted_by
                    .iter()
                    .filter_map(|by| stands.get(*by).copied()),
            );
            if let Some(slot) = stands.get_mut(*at) {
                *slot = self.applies.and(*holds).and(!lifted);
            }
        }
        self.stands = stands;
    }

    /// Whether the condition of a rule holds.
    pub(super) fn holds_at(&self, at: usize) -> Truth {
        self.holds.get(at).copied().unwrap_or(Truth::False)
    }

    /// Whether a rule stands.
    pub(super) fn stands_at(&self, at: usize) -> Truth {
        self.stands.get(at).copied().unwrap_or(Truth::False)
    }

    /// Whether the condition of any of these rules holds.
    pub(super) fn any_holds(&self, rules: &[usize]) -> Truth {
        Truth::any(rules.iter().filter_map(|at| self.holds.get(*at).copied()))
    }
}
