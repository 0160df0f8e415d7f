//! Turns conditions into circuits.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::circuit::{Circuit, Wire};
use super::classes::Classes;
use super::domain::{Space, Var};
use super::inputs::{Input, Inputs, Instance};
use super::kleene::Three;
use super::table::{At, Place, Spread, Table, TableId, Tables};
use super::tabulate::{Bound, Tabulation};
use crate::condition::{NodeId, Quantifier, Range, Shape, Term};
use crate::facts::{FactId, Truth, Value};
use crate::screening::Probe;

/// Tabulates conditions, and once that is done turns them into circuits.
///
/// Conditions are walked twice: what their parts say must be known of all before values can be put into classes.
pub(super) struct Encoder<'a> {
    pub(super) space: Space<'a>,
    tables: Tables,
    pub(super) circuit: Circuit,
    pub(super) inputs: Inputs,
    known: FxHashMap<Key, TableId>,
    nodes: FxHashMap<(usize, NodeId), Three>,
    parts: FxHashMap<(TableId, Vec<usize>), Three>,
    /// None while conditions are only tabulated.
    pub(super) classes: Option<Classes>,
}

/// What makes two parts of conditions say the same: their text, what it means, and what variables stand for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    text: Arc<str>,
    /// The ruleset whose parameters and definitions are meant, and a decision table of its own.
    of: Option<(usize, Option<NodeId>)>,
    bound: Vec<Result<FactId, Value>>,
}

/// Where a condition is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Side<'s, 'a> {
    pub(super) probe: &'s Probe<'a>,
    /// A number of its own for each graph.
    pub(super) graph: usize,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(space: Space<'a>) -> Self {
        Self {
            space,
            tables: Tables::default(),
            circuit: Circuit::new(),
            inputs: Inputs::default(),
            known: FxHashMap::default(),
            nodes: FxHashMap::default(),
            parts: FxHashMap::default(),
            classes: None,
        }
    }

    /// Ends the first walk: from now on conditions become circuits.
    pub(super) fn classify(&mut self) {
        self.classes = Some(Classes::new(&self.space, &self.tables));
        self.nodes.clear();
    }

    pub(super) fn classes(&self) -> Option<&Classes> {
        self.classes.as_ref()
    }

    /// The truth of a term.
    pub(super) fn truth(
        &mut self,
        term: Term<'_>,
        side: Side<'_, 'a>,
        bound: &mut Vec<Bound>,
    ) -> Three {
        let node = term.node().map(|id| (side.graph, id));
        if let Some(known) = node.and_then(|node| self.nodes.get(&node)) {
            return *known;
        }
        let Some(node) = node else {
            return self.shape(term, side, bound);
        };
        // A whole condition knows nothing of the variables of quantifiers around it.
        let truth = self.shape(term, side, &mut Vec::new());
        self.nodes.insert(node, truth);
        truth
    }

    fn shape(&mut self, term: Term<'_>, side: Side<'_, 'a>, bound: &mut Vec<Bound>) -> Three {
        match term.shape() {
            Shape::Not(part) => !self.truth(part, side, bound),
            Shape::All(parts) => {
                let parts = self.truths(&parts, side, bound);
                self.circuit.every(&parts)
            }
            Shape::Any(parts) => {
                let parts = self.truths(&parts, side, bound);
                self.circuit.some(&parts)
            }
            Shape::Choice(parts) => {
                let parts = parts.map(|part| self.truth(part, side, bound));
                self.circuit.choice(parts)
            }
            Shape::Over(quantifier, Range::Fact(list), body) if self.space.is_list(list) => {
                self.over_list(quantifier, list, body, side, bound)
            }
            Shape::Over(quantifier, Range::Fixed(domain), body) => {
                match side.probe.value(domain, &[], &[]) {
                    Value::List(items) => self.over_values(quantifier, &items, body, side, bound),
                    _ => self.atom(term, side, bound),
                }
            }
            Shape::Over(..) | Shape::Atom => self.atom(term, side, bound),
        }
    }

    fn truths(
        &mut self,
        terms: &[Term<'_>],
        side: Side<'_, 'a>,
        bound: &mut Vec<Bound>,
    ) -> Vec<Three> {
        terms
            .iter()
            .map(|term| self.truth(*term, side, bound))
            .collect()
    }

    fn over_values(
        &mut self,
        quantifier: Quantifier,
        values: &[Value],
        body: Term<'_>,
        side: Side<'_, 'a>,
        bound: &mut Vec<Bound>,
    ) -> Three {
        let mut parts = Vec::new();
        for value in values {
            bound.push(Bound::Value(value.clone()));
            parts.push(self.truth(body, side, bound));
            bound.pop();
        }
        match quantifier {
            Quantifier::Some => self.circuit.some(&parts),
            Quantifier::Every => self.circuit.every(&parts),
        }
    }

    fn over_list(
        &mut self,
        quantifier: Quantifier,
        list: FactId,
        body: Term<'_>,
        side: Side<'_, 'a>,
        bound: &mut Vec<Bound>,
    ) -> Three {
        let mut parts = Vec::new();
        for at in 0..self.space.members {
            bound.push(Bound::Member(list, at));
            let holds = self.truth(body, side, bound);
            bound.pop();
            let there = Three::from(self.is_longer(list, at));
            parts.push(match quantifier {
                Quantifier::Some => self.circuit.every(&[there, holds]),
                Quantifier::Every => self.circuit.some(&[!there, holds]),
            });
        }
        let joined = match quantifier {
            Quantifier::Some => self.circuit.some(&parts),
            Quantifier::Every => self.circuit.every(&parts),
        };
        let unknown = self.length(list).first().copied().unwrap_or(Wire::OFF);
        self.circuit.if_known(!unknown, joined)
    }

    /// On where a list has more members than so many.
    fn is_longer(&mut self, list: FactId, than: usize) -> Wire {
        let lengths = self.length(list);
        let longer = lengths.iter().skip(than.saturating_add(2)).copied();
        self.circuit.any(longer.collect::<Vec<Wire>>())
    }

    /// One wire for each length of a list; the first where it is unknown.
    fn length(&mut self, list: FactId) -> Vec<Wire> {
        match self.input(&(Var::Length(list), 0)) {
            Some(Input::Values(wires)) => wires,
            _ => Vec::new(),
        }
    }

    fn input(&mut self, instance: &Instance) -> Option<Input> {
        self.space.domain(&instance.0);
        let classes = self.classes.as_ref()?;
        Some(
            self.inputs
                .of(instance, &mut self.space, classes, &mut self.circuit),
        )
    }

    fn atom(&mut self, term: Term<'_>, side: Side<'_, 'a>, bound: &[Bound]) -> Three {
        let table = self.table(term, side, bound);
        if self.classes.is_none() {
            return Truth::Unknown.into();
        }
        let scope: Vec<usize> = bound
            .iter()
            .map(|bound| match bound {
                Bound::Member(_, at) => *at,
                Bound::Value(_) => 0,
            })
            .collect();
        self.part(table, &scope)
    }

    fn table(&mut self, term: Term<'_>, side: Side<'_, 'a>, bound: &[Bound]) -> TableId {
        let of = term.is_of_its_ruleset();
        let key = Key {
            text: term.text().into(),
            of: of.then(|| (side.graph, term.node())),
            bound: bound
                .iter()
                .map(|bound| match bound {
                    Bound::Member(list, _) => Ok(*list),
                    Bound::Value(value) => Err(value.clone()),
                })
                .collect(),
        };
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let tabulation = Tabulation {
            space: &mut self.space,
            tables: &mut self.tables,
            probe: side.probe,
            term,
            bound,
        };
        let table = tabulation.run();
        self.known.insert(key, table);
        table
    }

    fn part(&mut self, id: TableId, scope: &[usize]) -> Three {
        let key = (id, scope.to_vec());
        if let Some(known) = self.parts.get(&key) {
            return *known;
        }
        let truth = match self.tables.get(id).cloned() {
            Some(table) => self.of_table(&table, scope),
            None => Truth::Unknown.into(),
        };
        self.parts.insert(key, truth);
        truth
    }

    fn of_table(&mut self, table: &Table, scope: &[usize]) -> Three {
        match table {
            Table::Is(truth) => (*truth).into(),
            Table::Value(place, branches) => self.of_value(place, branches, scope),
            Table::Known(place, branches) => {
                let (known, ..) = self.set(place, scope);
                self.branch(known, *branches, scope)
            }
            Table::Open(place, branches) => {
                let (_, open, _) = self.set(place, scope);
                self.branch(open, *branches, scope)
            }
            Table::Holds(place, code, [absent, possible, certain]) => {
                let [holds, is_certain] = self.code(place, *code, scope);
                let present = self.branch(is_certain, [*possible, *certain], scope);
                let absent = self.part(*absent, scope);
                self.circuit.choice([holds.into(), present, absent])
            }
            Table::Spread(place, spread) => self.of_spread(place, spread, scope),
        }
    }

    fn branch(&mut self, wire: Wire, [no, yes]: [TableId; 2], scope: &[usize]) -> Three {
        let (no, yes) = (self.part(no, scope), self.part(yes, scope));
        self.circuit.choice([wire.into(), yes, no])
    }

    fn instance(place: &Place, scope: &[usize]) -> Instance {
        let at = match place.at {
            At::Whole => 0,
            At::Depth(depth) => scope.get(depth).copied().unwrap_or(0),
            At::Member(at) => at,
        };
        (place.var.clone(), at)
    }

    fn of_value(&mut self, place: &Place, branches: &[TableId], scope: &[usize]) -> Three {
        let Some(Input::Values(wires)) = self.input(&Self::instance(place, scope)) else {
            return Truth::Unknown.into();
        };
        let classes = self
            .classes
            .as_ref()
            .map(|classes| classes.of(&place.var).to_vec());
        let mut by_branch: Vec<(TableId, Vec<Wire>)> = Vec::new();
        for (class, wire) in classes.into_iter().flatten().zip(wires) {
            let Some(branch) = class.first().and_then(|at| branches.get(*at)) else {
                continue;
            };
            match by_branch.iter_mut().find(|(known, _)| known == branch) {
                Some((_, wires)) => wires.push(wire),
                None => by_branch.push((*branch, vec![wire])),
            }
        }
        let mut parts = Vec::new();
        for (branch, wires) in by_branch {
            let branch = self.part(branch, scope);
            let here = Three::from(self.circuit.any(wires));
            parts.push(self.circuit.every(&[here, branch]));
        }
        self.circuit.some(&parts)
    }

    fn set(&mut self, place: &Place, scope: &[usize]) -> (Wire, Wire, Vec<[Wire; 2]>) {
        match self.input(&Self::instance(place, scope)) {
            Some(Input::Set { known, open, codes }) => (known, open, codes),
            _ => (Wire::OFF, Wire::OFF, Vec::new()),
        }
    }

    /// Whether a set holds a code, and certainly.
    fn code(&mut self, place: &Place, code: usize, scope: &[usize]) -> [Wire; 2] {
        let (_, _, codes) = self.set(place, scope);
        let classes = self
            .classes
            .as_ref()
            .map(|classes| classes.of(&place.var))
            .unwrap_or_default();
        let at = classes.iter().position(|class| class.contains(&code));
        at.and_then(|at| codes.get(at))
            .copied()
            .unwrap_or([Wire::OFF; 2])
    }

    fn of_spread(&mut self, place: &Place, spread: &Spread, scope: &[usize]) -> Three {
        let (known, open, codes) = self.set(place, scope);
        let classes = self
            .classes
            .as_ref()
            .map(|classes| classes.of(&place.var).to_vec());
        let mut weighed = vec![(Wire::ON, spread.empty), (open, spread.open)];
        for (class, [holds, certain]) in classes.into_iter().flatten().zip(codes) {
            let Some(first) = class.first() else { continue };
            let truth = |truths: &[Truth]| truths.get(*first).copied().unwrap_or(spread.empty);
            let is = self.circuit.both(holds, certain);
            let perhaps = self.circuit.both(holds, !certain);
            weighed.push((is, truth(&spread.certain)));
            weighed.push((perhaps, truth(&spread.possible)));
        }
        let mut parts = Vec::new();
        for (wire, truth) in weighed {
            let (here, truth) = (Three::from(wire), Three::from(truth));
            parts.push(if spread.every {
                self.circuit.some(&[!here, truth])
            } else {
                self.circuit.every(&[here, truth])
            });
        }
        let joined = if spread.every {
            self.circuit.every(&parts)
        } else {
            self.circuit.some(&parts)
        };
        self.circuit
            .choice([known.into(), joined, spread.unknown.into()])
    }
}
