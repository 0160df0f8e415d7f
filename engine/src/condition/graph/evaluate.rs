//! Asks the parts of a graph, each once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Defined, Graph, Known, Meaning, NodeId, Part};
use crate::condition::environment::{Environment, ProblemSet};
use crate::condition::evaluate::Evaluator;
use crate::condition::trace::{Trace, trace_known};
use crate::facts::{Truth, Value};

impl Graph {
    /// The truth of a condition in an environment.
    pub fn truth(&self, id: NodeId, environment: &dyn Environment, known: &Known) -> Truth {
        if let Some(truth) = known.truth(id) {
            return truth;
        }
        let truth = self.ask(id, environment, known);
        if let Some(slot) = known.truths.get(id.0) {
            slot.set(Some(truth));
        }
        truth
    }

    fn ask(&self, id: NodeId, environment: &dyn Environment, known: &Known) -> Truth {
        let truth = |id: &NodeId| self.truth(*id, environment, known);
        match self.node(id).map(|node| &node.part) {
            Some(Part::Leaf(_, expr)) => {
                known.asking(id, || Evaluator::new(environment).truth(expr))
            }
            Some(Part::Not(part)) => !truth(part),
            // What is known already may decide without asking the rest.
            Some(Part::Both(_, right)) if known.truth(*right) == Some(Truth::False) => Truth::False,
            Some(Part::Both(left, right)) => match truth(left) {
                Truth::False => Truth::False,
                left => left.and(truth(right)),
            },
            Some(Part::Either(_, right)) if known.truth(*right) == Some(Truth::True) => Truth::True,
            Some(Part::Either(left, right)) => match truth(left) {
                Truth::True => Truth::True,
                left => left.or(truth(right)),
            },
            Some(Part::Definition(at)) => {
                known.asking(id, || self.value(*at, environment, known).truth())
            }
            None => Truth::Unknown,
        }
    }

    /// The value of a definition by its name; unknown if there is none.
    pub fn definition(&self, name: &str, environment: &dyn Environment, known: &Known) -> Value {
        let at = self.names.get(name);
        at.map_or(Value::Unknown, |at| self.value(*at, environment, known))
    }

    /// The value of a definition. Its problems are noted again wherever it is used.
    fn value(&self, at: usize, environment: &dyn Environment, known: &Known) -> Value {
        match self.definitions.get(at).map(|defined| &defined.meaning) {
            Some(Meaning::When(id)) => {
                let truth = self.truth(*id, environment, known);
                known.note(self.problems(*id, known));
                truth.into()
            }
            Some(Meaning::Table(table)) => known.value(at, || table.evaluate(environment)),
            None => Value::Unknown,
        }
    }

    /// How a condition's truth came about.
    pub fn trace(&self, id: NodeId, environment: &dyn Environment, known: &Known) -> Arc<Trace> {
        if let Some(trace) = known.traces.borrow().get(&id) {
            return Arc::clone(trace);
        }
        let trace = Arc::new(self.tell(id, environment, known));
        known.traces.borrow_mut().insert(id, Arc::clone(&trace));
        trace
    }

    fn tell(&self, id: NodeId, environment: &dyn Environment, known: &Known) -> Trace {
        let Some(node) = self.node(id) else {
            return Trace::leaf("", Value::Unknown);
        };
        let parts = match &node.part {
            Part::Leaf(source, expr) => {
                let truth = self.truth(id, environment, known);
                return trace_known(source, expr, truth.into(), environment);
            }
            Part::Definition(at) => return self.tell_definition(*at, environment, known),
            Part::Not(part) => vec![*part],
            Part::Both(left, right) | Part::Either(left, right) => vec![*left, *right],
        };
        let children = parts.into_iter();
        Trace {
            text: Arc::clone(&node.text),
            value: self.truth(id, environment, known).into(),
            reads: Vec::new(),
            children: children
                .map(|part| self.trace(part, environment, known))
                .collect(),
            definition: None,
        }
    }

    /// How the value of a definition came about, by its name.
    pub fn definition_trace(
        &self,
        name: &str,
        environment: &dyn Environment,
        known: &Known,
    ) -> Trace {
        match self.names.get(name) {
            Some(at) => self.tell_definition(*at, environment, known),
            None => Trace::leaf(name, Value::Unknown),
        }
    }

    fn tell_definition(&self, at: usize, environment: &dyn Environment, known: &Known) -> Trace {
        let Some(Defined {
            name,
            title,
            meaning,
        }) = self.definitions.get(at)
        else {
            return Trace::leaf("", Value::Unknown);
        };
        let children = match meaning {
            Meaning::When(id) => vec![self.trace(*id, environment, known)],
            Meaning::Table(table) => {
                let inputs = table.inputs.iter();
                inputs
                    .map(|input| Arc::new(input.trace(environment)))
                    .collect()
            }
        };
        Trace {
            text: Arc::clone(title),
            value: self.value(at, environment, known),
            reads: Vec::new(),
            children,
            definition: Some(Arc::clone(name)),
        }
    }

    /// The parts that look at facts and that the truth of a condition rests on: of a condition that is
    /// true or false, those that made it so; of an unknown one, those that are unknown.
    pub fn rests_on(
        &self,
        id: NodeId,
        environment: &dyn Environment,
        known: &Known,
        seen: &mut BTreeSet<NodeId>,
    ) -> Vec<NodeId> {
        let mut atoms = Vec::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(node) = self.node(id).filter(|_| seen.insert(id)) else {
                continue;
            };
            let truth = self.truth(id, environment, known);
            let decides = |part: &&NodeId| self.truth(**part, environment, known) == truth;
            match &node.part {
                Part::Both(left, right) | Part::Either(left, right) => {
                    open.extend([left, right].into_iter().filter(decides));
                }
                Part::Not(part) => open.push(*part),
                Part::Definition(at) => match self.definitions.get(*at).map(|one| &one.meaning) {
                    Some(Meaning::When(meaning)) => open.push(*meaning),
                    _ => atoms.push(id),
                },
                Part::Leaf(..) => atoms.push(id),
            }
        }
        atoms
    }

    /// The problems in the data that kept a condition from having a value.
    pub fn problems(&self, id: NodeId, known: &Known) -> ProblemSet {
        if known.problems.borrow().is_empty() {
            return ProblemSet::default();
        }
        self.met(id, known)
    }

    /// The problems of the parts that were asked; those that could not matter were not.
    fn met(&self, id: NodeId, known: &Known) -> ProblemSet {
        let own = known
            .problems
            .borrow()
            .get(&id)
            .copied()
            .unwrap_or_default();
        let joined = |left: NodeId, right: NodeId, decides: Truth| {
            let first = self.met(left, known);
            if known.truth(left) == Some(decides) {
                first
            } else {
                first.and(self.met(right, known))
            }
        };
        let below = match self.node(id).map(|node| &node.part) {
            Some(Part::Not(part)) => self.met(*part, known),
            Some(Part::Both(left, right)) => joined(*left, *right, Truth::False),
            Some(Part::Either(left, right)) => joined(*left, *right, Truth::True),
            Some(Part::Leaf(..) | Part::Definition(_)) | None => ProblemSet::default(),
        };
        own.and(below)
    }
}
