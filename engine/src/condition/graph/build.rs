//! Builds the graph of a ruleset's conditions.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Defined, Graph, Meaning, Node, NodeId, Part};
use crate::condition::Condition;
use crate::condition::ast::{Expr, Kind, Operator};
use crate::condition::functions::Function;
use crate::condition::names::Reference;
use crate::condition::observe::{Observed, observe};
use crate::condition::table::Table;
use crate::facts::FactId;

/// Adds conditions to a graph.
#[derive(Debug)]
pub struct GraphBuilder {
    graph: Graph,
    /// What each node reads, and each definition.
    reads: Vec<BTreeSet<FactId>>,
    defined: Vec<BTreeSet<FactId>>,
}

impl GraphBuilder {
    /// An empty graph; figures are looked up for the country of `destination`.
    pub fn new(destination: Option<FactId>) -> Self {
        Self {
            graph: Graph {
                destination,
                ..Graph::default()
            },
            reads: Vec::new(),
            defined: Vec::new(),
        }
    }

    /// Adds a definition; those that it rests on were added before.
    pub fn define(&mut self, name: &Arc<str>, title: &Arc<str>, condition: &Condition) {
        let id = self.add(condition);
        let reads = self.reads.get(id.0).cloned().unwrap_or_default();
        self.defined(name, title, Meaning::When(id), reads);
    }

    /// Adds a definition by a decision table, with all that it observes.
    pub fn define_table(&mut self, name: &Arc<str>, title: &Arc<str>, table: &Table) {
        let reads = self.facts(&table.observed());
        self.defined(name, title, Meaning::Table(table.clone()), reads);
    }

    fn defined(
        &mut self,
        name: &Arc<str>,
        title: &Arc<str>,
        meaning: Meaning,
        reads: BTreeSet<FactId>,
    ) {
        let at = self.graph.definitions.len();
        self.graph.names.insert(Arc::clone(name), at);
        self.defined.push(reads);
        self.graph.definitions.push(Defined {
            name: Arc::clone(name),
            title: Arc::clone(title),
            meaning,
        });
    }

    /// Adds a condition that is true, false or unknown.
    pub fn add(&mut self, condition: &Condition) -> NodeId {
        self.part(condition.source(), condition.expr())
    }

    /// The graph, once all is added.
    pub fn finish(self) -> Graph {
        let mut graph = self.graph;
        for (at, facts) in self.reads.iter().enumerate() {
            for fact in facts {
                graph
                    .readers
                    .entry(*fact)
                    .or_default()
                    .nodes
                    .push(NodeId(at));
            }
        }
        for (at, facts) in self.defined.iter().enumerate() {
            for fact in facts {
                graph.readers.entry(*fact).or_default().definitions.push(at);
            }
        }
        graph.reads = self.reads;
        graph
    }

    fn part(&mut self, source: &Arc<str>, expr: &Expr) -> NodeId {
        let text = source.get(expr.span.clone()).unwrap_or_default();
        if let Some(known) = self.graph.by_text.get(text) {
            return *known;
        }
        let text: Arc<str> = text.into();
        let (part, reads) = self.split(source, expr);
        let id = NodeId(self.graph.nodes.len());
        self.graph.by_text.insert(Arc::clone(&text), id);
        self.graph.nodes.push(Node { text, part });
        self.reads.push(reads);
        id
    }

    fn split(&mut self, source: &Arc<str>, expr: &Expr) -> (Part, BTreeSet<FactId>) {
        match &expr.kind {
            Kind::Binary(Operator::And, left, right) => {
                let (left, right) = (self.part(source, left), self.part(source, right));
                (Part::Both(left, right), self.of(&[left, right]))
            }
            Kind::Binary(Operator::Or, left, right) => {
                let (left, right) = (self.part(source, left), self.part(source, right));
                (Part::Either(left, right), self.of(&[left, right]))
            }
            Kind::Call(Function::Not, arguments, _) => match arguments.as_slice() {
                [argument] => {
                    let part = self.part(source, argument);
                    (Part::Not(part), self.of(&[part]))
                }
                _ => self.leaf(source, expr),
            },
            Kind::Call(Function::Define, arguments, _) => match self.definition(arguments) {
                Some(at) => (
                    Part::Definition(at),
                    self.defined.get(at).cloned().unwrap_or_default(),
                ),
                None => self.leaf(source, expr),
            },
            _ => self.leaf(source, expr),
        }
    }

    fn definition(&self, arguments: &[Expr]) -> Option<usize> {
        let name = arguments.first()?.constant_text()?;
        self.graph.names.get(name).copied()
    }

    fn leaf(&self, source: &Arc<str>, expr: &Expr) -> (Part, BTreeSet<FactId>) {
        let reads = self.facts(&observe(expr));
        (Part::Leaf(Arc::clone(source), expr.clone()), reads)
    }

    fn of(&self, parts: &[NodeId]) -> BTreeSet<FactId> {
        let reads = parts.iter().filter_map(|id| self.reads.get(id.0));
        reads.flatten().copied().collect()
    }

    /// The facts behind what is observed: through definitions, and the destination behind its figures.
    fn facts(&self, observed: &Observed) -> BTreeSet<FactId> {
        let mut facts: BTreeSet<FactId> = observed.facts.keys().map(|key| key.fact).collect();
        for (kind, name) in &observed.references {
            match kind {
                Reference::Definition => {
                    let at = self.graph.names.get(name).copied();
                    let reads = at.and_then(|at| self.defined.get(at));
                    facts.extend(reads.into_iter().flatten());
                }
                Reference::Indicator | Reference::Column => facts.extend(self.graph.destination),
                _ => {}
            }
        }
        facts
    }
}
