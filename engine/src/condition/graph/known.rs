//! What was found of a graph's parts for one item.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Graph, NodeId};
use crate::condition::environment::ProblemSet;
use crate::condition::trace::Trace;
use crate::facts::{FactId, Truth, Value};

/// What was found of a graph's parts for one item, so that each is asked once.
#[derive(Debug)]
pub struct Known {
    pub(super) truths: Vec<Cell<Option<Truth>>>,
    values: RefCell<Vec<Option<Computed>>>,
    pub(super) traces: RefCell<BTreeMap<NodeId, Arc<Trace>>>,
    pub(super) problems: RefCell<BTreeMap<NodeId, ProblemSet>>,
    noted: Cell<ProblemSet>,
}

/// A definition's value, with the problems that were met on the way.
type Computed = (Value, ProblemSet);

impl Known {
    /// Nothing found yet.
    pub fn new(graph: &Graph) -> Self {
        Self {
            truths: vec![Cell::new(None); graph.nodes.len()],
            values: RefCell::new(vec![None; graph.definitions.len()]),
            traces: RefCell::default(),
            problems: RefCell::default(),
            noted: Cell::default(),
        }
    }

    /// What stays known when a fact gets another value.
    #[must_use]
    pub fn without(&self, graph: &Graph, fact: FactId) -> Self {
        let known = self.again();
        let Some(readers) = graph.readers.get(&fact) else {
            return known;
        };
        let slots = readers.nodes.iter().filter_map(|id| known.truths.get(id.0));
        slots.for_each(|slot| slot.set(None));
        for at in &readers.definitions {
            if let Some(slot) = known.values.borrow_mut().get_mut(*at) {
                *slot = None;
            }
        }
        known
    }

    /// The same values again, without how they came about.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            truths: self.truths.clone(),
            values: RefCell::new(self.values.borrow().clone()),
            traces: RefCell::default(),
            problems: RefCell::default(),
            noted: Cell::default(),
        }
    }

    /// Takes note of problems in the data, met by the part that is being asked.
    pub fn note(&self, problems: ProblemSet) {
        self.noted.set(self.noted.get().and(problems));
    }

    pub(super) fn truth(&self, id: NodeId) -> Option<Truth> {
        self.truths.get(id.0).and_then(Cell::get)
    }

    /// Asks a part, and keeps the problems that it met as its own.
    pub(super) fn asking<T>(&self, id: NodeId, ask: impl FnOnce() -> T) -> T {
        let (answer, met) = self.watching(ask);
        if !met.is_empty() {
            self.problems.borrow_mut().insert(id, met);
        }
        answer
    }

    /// The value of a definition, computed once.
    pub(super) fn value(&self, at: usize, compute: impl FnOnce() -> Value) -> Value {
        if let Some((value, problems)) = self.values.borrow().get(at).and_then(Option::as_ref) {
            self.note(*problems);
            return value.clone();
        }
        let (value, met) = self.watching(compute);
        if let Some(slot) = self.values.borrow_mut().get_mut(at) {
            *slot = Some((value.clone(), met));
        }
        value
    }

    /// Does something, and tells the problems that were noted meanwhile; they stay noted.
    fn watching<T>(&self, act: impl FnOnce() -> T) -> (T, ProblemSet) {
        let before = self.noted.take();
        let result = act();
        let met = self.noted.get();
        self.note(before);
        (result, met)
    }
}
