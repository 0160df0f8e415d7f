//! Asks single parts of conditions what they say of values that nobody has stated.

use super::environment::ItemEnvironment;
use crate::condition::{Graph, Known, NodeId, Term};
use crate::facts::{Application, FactId, Truth, Value};
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::time::Dates;

/// An item of which nothing is known but the values that are tried.
///
/// What it answers is what screening would find in an application that states these values.
#[derive(Debug)]
pub struct Probe<'a> {
    environment: ItemEnvironment<'a>,
}

impl<'a> Probe<'a> {
    /// For the first item of an application that states nothing; none if it has no item.
    pub fn new(
        ruleset: &'a Ruleset,
        reference: &'a Reference,
        blank: &'a Application,
        dates: Dates,
    ) -> Option<Self> {
        let item = blank.items.first()?;
        Some(Self {
            environment: ItemEnvironment::new(ruleset, reference, blank, item, dates),
        })
    }

    /// What a part says where facts, and the variables of quantifiers around it, have these values.
    pub fn truth(&self, term: Term<'_>, facts: &[(FactId, Value)], locals: &[Value]) -> Truth {
        self.value(term, facts, locals).truth()
    }

    /// The value of a part where facts, and the variables of quantifiers around it, have these values.
    pub fn value(&self, term: Term<'_>, facts: &[(FactId, Value)], locals: &[Value]) -> Value {
        let known = Known::new(&self.environment.ruleset.reading.graph);
        let tried = self.environment.with(facts.iter().cloned(), known);
        term.value(&tried, locals)
    }

    /// Whether a condition of another graph, over the same facts, holds of the item as it is stated.
    pub fn joined(&self, graph: &Graph, condition: NodeId) -> Truth {
        graph.truth(condition, &self.environment, &Known::new(graph))
    }

    /// The value of a parameter on the day.
    pub fn parameter(&self, name: &str) -> Value {
        use crate::condition::Environment;
        self.environment.parameter(name)
    }

    /// Whether a rule is in force on the day.
    pub fn is_in_force(&self, rule: usize) -> bool {
        self.environment.is_in_force(rule)
    }

    /// Whether a code of a set may be stated on the day: a control entry that was in no list may not.
    pub fn may_state(&self, set: &str, code: &str) -> bool {
        self.environment.may_state(set, code)
    }
}
