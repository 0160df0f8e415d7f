//! What a ruleset's conditions read, so that only what a fact can change is asked again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Ruleset;
use super::definitions::{Definition, Meaning};
use super::members::Members;
use super::rule::Rule;
use crate::condition::{
    Condition, Constant, Graph, GraphBuilder, NodeId, Observable, Observed, Reference as Kind,
};
use crate::facts::{Catalogue, FactId};

/// The conditions of a ruleset as one graph, and which of them read a fact.
#[derive(Clone, Debug)]
pub struct Reading {
    /// All conditions.
    pub graph: Graph,
    /// The condition that says which exports the ruleset governs.
    pub applies: NodeId,
    /// The condition of each rule, in the order of the rules.
    pub rules: Vec<NodeId>,
    constants: BTreeMap<Observable, Vec<Compared>>,
    columns: BTreeMap<Arc<str>, Vec<usize>>,
    members: BTreeMap<Observable, Members>,
}

/// A constant that a fact is compared with, and by whom.
#[derive(Clone, Debug)]
struct Compared {
    constant: Constant,
    by_applies: bool,
    by_rules: Vec<usize>,
}

impl Reading {
    pub(super) fn new(
        catalogue: &Catalogue,
        applies: &Condition,
        definitions: &[Definition],
        rules: &[Rule],
    ) -> Self {
        let mut builder = defined(catalogue, definitions);
        let mut reading = Self {
            applies: builder.add(applies),
            rules: rules.iter().map(|rule| builder.add(&rule.when)).collect(),
            graph: builder.finish(),
            constants: BTreeMap::new(),
            columns: BTreeMap::new(),
            members: BTreeMap::new(),
        };
        reading.members = Members::all(&reading.graph);
        for (at, rule) in rules.iter().enumerate() {
            reading.observe(&rule.observed, Some(at));
        }
        reading.observe(&applies.observed(), None);
        reading
    }

    /// A condition of nobody's, that uses a ruleset's definitions.
    pub fn of_condition(ruleset: &Ruleset, condition: &Condition) -> (Graph, NodeId) {
        let mut builder = defined(&ruleset.catalogue, &ruleset.definitions);
        let id = builder.add(condition);
        (builder.finish(), id)
    }

    /// Takes note of what a rule observes, or else the ruleset's `applies`.
    fn observe(&mut self, observed: &Observed, rule: Option<usize>) {
        for (key, constants) in &observed.facts {
            let known = self.constants.entry(key.clone()).or_default();
            for constant in constants {
                compared(known, constant, rule);
            }
        }
        let columns = observed.references.iter();
        for (_, name) in columns.filter(|(kind, _)| *kind == Kind::Column) {
            self.columns
                .entry(Arc::clone(name))
                .or_default()
                .extend(rule);
        }
    }

    /// What the conditions can tell of the members of a set; none where no constants tell all.
    pub fn members(&self, key: &Observable) -> Option<&Members> {
        self.members.get(key)
    }

    /// The rules whose conditions read a fact.
    pub fn readers(&self, fact: FactId) -> impl Iterator<Item = usize> {
        let rules = self.rules.iter().enumerate();
        rules
            .filter(move |(_, id)| self.graph.reads(**id, fact))
            .map(|(at, _)| at)
    }

    /// The constants that `applies`, or a rule that passes the test, compares something with.
    pub fn constants<'r>(
        &'r self,
        key: &Observable,
        passes: impl Fn(usize) -> bool + 'r,
    ) -> impl Iterator<Item = &'r Constant> {
        let known = self.constants.get(key).into_iter().flatten();
        known
            .filter(move |known| known.by_applies || known.by_rules.iter().any(|at| passes(*at)))
            .map(|known| &known.constant)
    }

    /// The columns of the country chart in which a rule that passes the test looks the destination up.
    pub fn columns(&self, passes: impl Fn(usize) -> bool) -> BTreeSet<Arc<str>> {
        let columns = self.columns.iter();
        columns
            .filter(|(_, rules)| rules.iter().any(|at| passes(*at)))
            .map(|(name, _)| Arc::clone(name))
            .collect()
    }
}

/// A graph that holds the definitions and no condition yet.
fn defined(catalogue: &Catalogue, definitions: &[Definition]) -> GraphBuilder {
    let mut builder = GraphBuilder::new(catalogue.by_path("destination"));
    for Definition {
        name,
        title,
        meaning,
        ..
    } in definitions
    {
        match meaning {
            Meaning::When(condition) => builder.define(name, title, condition),
            Meaning::Table(table) => builder.define_table(name, title, table),
        }
    }
    builder
}

fn compared(known: &mut Vec<Compared>, constant: &Constant, rule: Option<usize>) {
    let at = known.iter().position(|known| known.constant == *constant);
    let at = at.unwrap_or_else(|| {
        known.push(Compared {
            constant: constant.clone(),
            by_applies: false,
            by_rules: Vec::new(),
        });
        known.len().saturating_sub(1)
    });
    if let Some(slot) = known.get_mut(at) {
        slot.by_applies |= rule.is_none();
        slot.by_rules.extend(rule);
    }
}
