//! The free wires of a circuit: which class each variable's value is in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::circuit::{Circuit, Wire};
use super::classes::Classes;
use super::domain::{Domain, Space, Var};
use super::solver::Solver;
use crate::facts::{PartSet, Value};
use crate::reference::entry_facts;

/// A variable, and which member of its list it is of.
pub(super) type Instance = (Var, usize);

/// The wires of one variable.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// One wire for each class: exactly one is on.
    Values(Vec<Wire>),
    /// Whether the set is known, and open; for each class whether it holds one of its codes, and certainly.
    Set {
        known: Wire,
        open: Wire,
        codes: Vec<[Wire; 2]>,
    },
}

/// The wires of all variables.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    inputs: BTreeMap<Instance, Input>,
    /// Of each of these lists of wires one must be on.
    demands: Vec<Vec<Wire>>,
}

impl Inputs {
    /// The wires of a variable, made when they are asked for first.
    pub(super) fn of(
        &mut self,
        instance: &Instance,
        space: &mut Space<'_>,
        classes: &Classes,
        circuit: &mut Circuit,
    ) -> Input {
        if let Some(known) = self.inputs.get(instance) {
            return known.clone();
        }
        let count = classes.of(&instance.0).len();
        let input = match space.domain(&instance.0) {
            Domain::Values(_) => {
                let wires: Vec<Wire> = (0..count).map(|_| circuit.input()).collect();
                self.exactly_one(&wires);
                Input::Values(wires)
            }
            Domain::Set(_) => Input::Set {
                known: circuit.input(),
                open: circuit.input(),
                codes: (0..count)
                    .map(|_| [circuit.input(), circuit.input()])
                    .collect(),
            },
        };
        self.inputs.insert(instance.clone(), input.clone());
        input
    }

    fn exactly_one(&mut self, wires: &[Wire]) {
        self.demands.push(wires.to_vec());
        for (at, one) in wires.iter().enumerate() {
            let later = wires.iter().skip(at.saturating_add(1));
            self.demands.extend(later.map(|other| vec![!*one, !*other]));
        }
    }

    /// What an application can state at once: of each of these lists of wires one must be on.
    pub(super) fn demands(&self, space: &Space<'_>, classes: Option<&Classes>) -> Vec<Vec<Wire>> {
        let mut demands = self.demands.clone();
        demands.extend(self.shared_places(space));
        demands.extend(
            classes
                .map(|classes| self.customs_codes(space, classes))
                .unwrap_or_default(),
        );
        demands
    }

    /// Facts that an application states in one place, such as a value in one of several currencies, are not known
    /// together.
    fn shared_places(&self, space: &Space<'_>) -> Vec<Vec<Wire>> {
        let known = |(instance, input): (&Instance, &Input)| match (instance, input) {
            ((Var::Fact(id), _), Input::Values(wires)) => {
                let pointer = space.catalogue.fact(*id)?.pointer.clone();
                Some((pointer, !*wires.first()?))
            }
            _ => None,
        };
        let known: Vec<(String, Wire)> = self.inputs.iter().filter_map(known).collect();
        let mut found = Vec::new();
        for (at, (pointer, one)) in known.iter().enumerate() {
            let later = known.iter().skip(at.saturating_add(1));
            let same = later.filter(|(other, _)| other == pointer);
            found.extend(same.map(|(_, other)| vec![!*one, !*other]));
        }
        found
    }

    /// Where a customs code is known that tells of a list's entries, these are not quite unknown.
    fn customs_codes(&self, space: &Space<'_>, classes: &Classes) -> Vec<Vec<Wire>> {
        let catalogue = space.catalogue;
        let Some(hs) = catalogue.by_path("item.hs").map(Var::Fact) else {
            return Vec::new();
        };
        let codes = (self.inputs.get(&(hs.clone(), 0)), space.known(&hs));
        let (Some(Input::Values(wires)), Some(Domain::Values(values))) = codes else {
            return Vec::new();
        };
        let firsts = classes
            .of(&hs)
            .iter()
            .map(|class| class.first().and_then(|at| values.get(*at)));
        let mut found = Vec::new();
        for (wire, value) in wires.iter().zip(firsts) {
            let Some(code) = value.and_then(Value::as_text) else {
                continue;
            };
            for (id, list) in entry_facts(catalogue) {
                let tells = space.reference.correlation.entries(code, list).is_some();
                if let Some(Input::Set { known, .. }) =
                    self.inputs.get(&(Var::Fact(id), 0)).filter(|_| tells)
                {
                    found.push(vec![!*wire, *known]);
                }
            }
        }
        found
    }

    /// The wires that were asked for.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Instance, &Input)> {
        self.inputs.iter()
    }

    /// What the solver found for each variable.
    pub(super) fn found(
        &self,
        space: &mut Space<'_>,
        classes: &Classes,
        solver: &Solver,
    ) -> BTreeMap<Instance, Value> {
        let found = self.inputs.iter().map(|(instance, input)| {
            let firsts: Vec<usize> = classes
                .of(&instance.0)
                .iter()
                .filter_map(|class| class.first().copied())
                .collect();
            let value = match (input, space.domain(&instance.0)) {
                (Input::Values(wires), Domain::Values(values)) => {
                    let on = wires
                        .iter()
                        .zip(firsts)
                        .find(|(wire, _)| solver.is_on(**wire));
                    on.and_then(|(_, at)| values.get(at))
                        .cloned()
                        .unwrap_or(Value::Unknown)
                }
                (Input::Set { known, open, codes }, Domain::Set(all)) if solver.is_on(*known) => {
                    let mut set = PartSet {
                        open: solver.is_on(*open),
                        ..PartSet::default()
                    };
                    for ([holds, certain], at) in codes.iter().zip(firsts) {
                        let Some(code) = all.get(at).filter(|_| solver.is_on(*holds)) else {
                            continue;
                        };
                        let members = if solver.is_on(*certain) {
                            &mut set.certain
                        } else {
                            &mut set.possible
                        };
                        members.insert(Arc::clone(code));
                    }
                    Value::Set(Arc::new(set))
                }
                _ => Value::Unknown,
            };
            (instance.clone(), value)
        });
        found.collect()
    }
}
