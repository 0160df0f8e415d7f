//! All conditions of a ruleset as one graph, in which a part that several conditions share is one node.
//!
//! A ruleset asks the same things again and again. In the graph each is asked once for an item: [`Known`]
//! keeps what was found, and when one fact changes, only what reads that fact is forgotten.

mod build;
mod evaluate;
mod known;
mod term;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use build::GraphBuilder;
pub use known::Known;
pub use term::{Range, Reads, Shape, Term};

use super::ast::Expr;
use super::membership::is_membership;
use super::observe::{Observed, observe};
use super::table::Table;
use crate::facts::FactId;

/// The place of a condition, or of a part of one, in a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// The conditions of a ruleset with the definitions that they share.
///
/// The values are those that [`Condition::evaluate`](super::Condition::evaluate) and
/// [`Condition::trace`](super::Condition::trace) give: `and`, `or`, `not` and definitions are joined
/// here, everything below them is evaluated there.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    by_text: BTreeMap<Arc<str>, NodeId>,
    definitions: Vec<Defined>,
    names: BTreeMap<Arc<str>, usize>,
    reads: Vec<BTreeSet<FactId>>,
    readers: BTreeMap<FactId, Readers>,
    /// The fact whose country figures and chart marks are looked up for.
    destination: Option<FactId>,
}

/// A part of a condition, as it is written.
#[derive(Clone, Debug)]
struct Node {
    text: Arc<str>,
    part: Part,
}

/// What a part is made of; what it is made of always stands before it.
#[derive(Clone, Debug)]
enum Part {
    /// Anything but a connective, with the text that its places refer to.
    Leaf(Arc<str>, Expr),
    Not(NodeId),
    Both(NodeId, NodeId),
    Either(NodeId, NodeId),
    Definition(usize),
}

/// A definition, in words and in meaning.
#[derive(Clone, Debug)]
struct Defined {
    name: Arc<str>,
    title: Arc<str>,
    meaning: Meaning,
}

#[derive(Clone, Debug)]
enum Meaning {
    When(NodeId),
    Table(Table),
}

/// All that has to be asked again when a fact changes.
#[derive(Clone, Debug, Default)]
struct Readers {
    nodes: Vec<NodeId>,
    definitions: Vec<usize>,
}

/// What one part of a graph observes, apart from all others.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The facts, and the constants that they are compared with.
    pub observed: Observed,
    /// Whether it asks a set only whether it has a member among, or under, the constants: then it cannot
    /// tell one such member from another.
    pub is_membership: bool,
}

impl Graph {
    /// What each part observes that is no connective.
    pub fn observations(&self) -> impl Iterator<Item = Observation> {
        let leaves = self.nodes.iter().filter_map(|node| match &node.part {
            Part::Leaf(_, expr) => Some(Observation {
                observed: observe(expr),
                is_membership: is_membership(expr),
            }),
            _ => None,
        });
        let tables = self
            .definitions
            .iter()
            .filter_map(|defined| match &defined.meaning {
                Meaning::Table(table) => Some(Observation {
                    observed: table.observed(),
                    is_membership: false,
                }),
                Meaning::When(_) => None,
            });
        leaves.chain(tables)
    }

    /// The parts that look at facts, each with the facts that it reads; all else joins their truths.
    pub fn atoms(&self) -> impl Iterator<Item = (NodeId, &BTreeSet<FactId>)> {
        let nodes = self.nodes.iter().zip(&self.reads).enumerate();
        nodes.filter_map(|(at, (node, reads))| self.is_atom(node).then_some((NodeId(at), reads)))
    }

    fn is_atom(&self, node: &Node) -> bool {
        match node.part {
            Part::Leaf(..) => true,
            Part::Definition(at) => {
                let meaning = self.definitions.get(at).map(|defined| &defined.meaning);
                matches!(meaning, Some(Meaning::Table(_)))
            }
            Part::Not(_) | Part::Both(..) | Part::Either(..) => false,
        }
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// Whether a condition reads a fact, itself or through definitions.
    pub fn reads(&self, id: NodeId, fact: FactId) -> bool {
        let readers = self.readers.get(&fact);
        readers.is_some_and(|readers| readers.nodes.binary_search(&id).is_ok())
    }
}
