//! Asks the satisfiability solver about a circuit.

use batsat::{BasicSolver, Lit, SolverInterface, Var, lbool};

use super::circuit::{Circuit, Gate, Wire};

/// A solver that learns a circuit's gates as they are asked about, and keeps what it has learned.
#[derive(Default)]
pub(super) struct Solver {
    inner: BasicSolver,
    variables: Vec<Option<Var>>,
    /// Gates that have a variable and no clauses yet.
    fresh: Vec<u32>,
}

impl std::fmt::Debug for Solver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Solver").finish_non_exhaustive()
    }
}

impl Solver {
    /// Demands that one of the wires is on.
    pub(super) fn demand(&mut self, circuit: &Circuit, wires: &[Wire]) {
        let mut clause = wires
            .iter()
            .map(|wire| self.literal(circuit, *wire))
            .collect();
        self.inner.add_clause_reuse(&mut clause);
    }

    /// Whether all wires can be on at once; then [`Solver::is_on`] tells how.
    pub(super) fn can(&mut self, circuit: &Circuit, wires: &[Wire]) -> bool {
        let literals: Vec<Lit> = wires
            .iter()
            .map(|wire| self.literal(circuit, *wire))
            .collect();
        self.inner.solve_limited(&literals) == lbool::TRUE
    }

    /// Whether a wire was on in the answer found last; off where nothing depends on it.
    pub(super) fn is_on(&self, wire: Wire) -> bool {
        let value = match self.variable(wire.gate) {
            Some(variable) => self.inner.value_lit(Lit::new(variable, true)) == lbool::TRUE,
            None => false,
        };
        value != wire.opposite
    }

    fn variable(&self, gate: u32) -> Option<Var> {
        let at = usize::try_from(gate).ok()?;
        self.variables.get(at).copied().flatten()
    }

    fn literal(&mut self, circuit: &Circuit, wire: Wire) -> Lit {
        self.learn(circuit, wire.gate);
        let variable = self.variable(wire.gate);
        let variable = variable.unwrap_or_else(|| self.inner.new_var_default());
        Lit::new(variable, !wire.opposite)
    }

    /// Tells the solver a gate and all that it rests on.
    fn learn(&mut self, circuit: &Circuit, gate: u32) {
        self.variables.resize(circuit.len(), None);
        let mut open = vec![gate];
        while let Some(gate) = open.pop() {
            if self.variable(gate).is_some() {
                continue;
            }
            let variable = self.inner.new_var_default();
            let at = usize::try_from(gate).unwrap_or(usize::MAX);
            if let Some(slot) = self.variables.get_mut(at) {
                *slot = Some(variable);
            }
            if let Gate::Both(one, other) = circuit.gate(gate) {
                open.extend([one.gate, other.gate]);
            }
            self.fresh.push(gate);
        }
        let fresh = std::mem::take(&mut self.fresh);
        fresh.iter().for_each(|gate| self.define(circuit, *gate));
    }

    fn define(&mut self, circuit: &Circuit, gate: u32) {
        let of = |solver: &Self, wire: Wire| {
            let variable = solver.variable(wire.gate)?;
            Some(Lit::new(variable, !wire.opposite))
        };
        let Some(variable) = self.variable(gate) else {
            return;
        };
        let own = Lit::new(variable, true);
        match circuit.gate(gate) {
            Gate::Off => _ = self.inner.add_clause_reuse(&mut vec![!own]),
            Gate::Input => {}
            Gate::Both(one, other) => {
                if let (Some(one), Some(other)) = (of(self, one), of(self, other)) {
                    for mut clause in [vec![!own, one], vec![!own, other], vec![own, !one, !other]]
                    {
                        self.inner.add_clause_reuse(&mut clause);
                    }
                }
            }
        }
    }
}
