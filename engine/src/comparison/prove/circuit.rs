//! Wires that are on or off, and gates that join them; equal gates are one.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// The value of a gate, or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Wire {
    pub(super) gate: u32,
    pub(super) opposite: bool,
}

impl Wire {
    /// Never on.
    pub(super) const OFF: Self = Self {
        gate: 0,
        opposite: false,
    };
    /// Always on.
    pub(super) const ON: Self = Self {
        gate: 0,
        opposite: true,
    };

    /// Always on, or never.
    pub(super) fn fixed(on: bool) -> Self {
        if on { Self::ON } else { Self::OFF }
    }

    fn is_opposite_of(self, other: Self) -> bool {
        self == !other
    }
}

impl std::ops::Not for Wire {
    type Output = Self;
    fn not(self) -> Self {
        Self {
            opposite: !self.opposite,
            ..self
        }
    }
}

/// What a gate's value comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gate {
    /// Nothing: it is never on.
    Off,
    /// It is free.
    Input,
    /// On where both wires are.
    Both(Wire, Wire),
}

/// All gates, each after those that it joins.
#[derive(Debug)]
pub(super) struct Circuit {
    gates: Vec<Gate>,
    known: FxHashMap<(Wire, Wire), Wire>,
}

impl Circuit {
    pub(super) fn new() -> Self {
        Self {
            gates: vec![Gate::Off],
            known: FxHashMap::default(),
        }
    }

    /// How many gates there are.
    pub(super) fn len(&self) -> usize {
        self.gates.len()
    }

    pub(super) fn gate(&self, at: u32) -> Gate {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        self.gates.get(at).copied().unwrap_or(Gate::Off)
    }

    /// A wire that is free.
    pub(super) fn input(&mut self) -> Wire {
        self.add(Gate::Input)
    }

    fn add(&mut self, gate: Gate) -> Wire {
        let at = u32::try_from(self.gates.len()).unwrap_or(u32::MAX);
        self.gates.push(gate);
        Wire {
            gate: at,
            opposite: false,
        }
    }

    /// On where both are.
    pub(super) fn both(&mut self, one: Wire, other: Wire) -> Wire {
        let (one, other) = (one.min(other), one.max(other));
        if one == Wire::OFF || one.is_opposite_of(other) {
            return Wire::OFF;
        }
        if one == Wire::ON || one == other {
            return other;
        }
        if let Some(known) = self.known.get(&(one, other)) {
            return *known;
        }
        let wire = self.add(Gate::Both(one, other));
        self.known.insert((one, other), wire);
        wire
    }

    /// On where either is.
    pub(super) fn either(&mut self, one: Wire, other: Wire) -> Wire {
        !self.both(!one, !other)
    }

    /// On where one is and the other is not.
    pub(super) fn differ(&mut self, one: Wire, other: Wire) -> Wire {
        let only = [self.both(one, !other), self.both(!one, other)];
        self.either(only[0], only[1])
    }

    /// On where all are.
    pub(super) fn all(&mut self, wires: impl IntoIterator<Item = Wire>) -> Wire {
        let mut wires: Vec<Wire> = wires.into_iter().collect();
        wires.sort_unstable();
        wires.dedup();
        while wires.len() > 1 {
            let pairs = wires.chunks(2).map(|pair| match pair {
                [one, other] => self.both(*one, *other),
                rest => rest.first().copied().unwrap_or(Wire::ON),
            });
            wires = pairs.collect();
        }
        wires.first().copied().unwrap_or(Wire::ON)
    }

    /// The wires once some inputs are fixed.
    pub(super) fn fixed(&mut self, wires: &[Wire], inputs: &BTreeMap<u32, bool>) -> Vec<Wire> {
        let mut now: Vec<Wire> = Vec::with_capacity(self.gates.len());
        for gate in 0_u32.. {
            let at = usize::try_from(gate).unwrap_or(usize::MAX);
            let Some(kind) = self
                .gates
                .get(at)
                .copied()
                .filter(|_| wires_reach(wires, gate))
            else {
                break;
            };
            let same = Wire {
                gate,
                opposite: false,
            };
            now.push(match kind {
                Gate::Off => Wire::OFF,
                Gate::Input => inputs.get(&gate).map_or(same, |on| Wire::fixed(*on)),
                Gate::Both(one, other) => self.both(of(&now, one), of(&now, other)),
            });
        }
        wires.iter().map(|wire| of(&now, *wire)).collect()
    }

    /// On where more than so many of the wires are.
    pub(super) fn more_than(&mut self, wires: &[Wire], count: usize) -> Wire {
        // At each place: on where at least that many of the wires looked at so far are on.
        let mut reached = vec![Wire::OFF; count.saturating_add(2)];
        if let Some(first) = reached.first_mut() {
            *first = Wire::ON;
        }
        for wire in wires {
            let mut next = vec![Wire::ON];
            for (fewer, same) in reached.iter().zip(reached.iter().skip(1)) {
                let now = self.both(*fewer, *wire);
                next.push(self.either(*same, now));
            }
            reached = next;
        }
        reached.last().copied().unwrap_or(Wire::OFF)
    }

    /// On where any is.
    pub(super) fn any(&mut self, wires: impl IntoIterator<Item = Wire>) -> Wire {
        !self.all(wires.into_iter().map(|wire| !wire))
    }
}

/// What a wire became.
fn of(now: &[Wire], wire: Wire) -> Wire {
    let at = usize::try_from(wire.gate).unwrap_or(usize::MAX);
    let became = now.get(at).copied().unwrap_or(wire);
    if wire.opposite { !became } else { became }
}

/// Whether some wire rests on a gate, or on a later one.
fn wires_reach(wires: &[Wire], gate: u32) -> bool {
    wires.iter().any(|wire| wire.gate >= gate)
}

#[cfg(test)]
mod tests {
    use super::{Circuit, Wire};

    #[test]
    fn more_than_counts() {
        let mut circuit = Circuit::new();
        let three = [Wire::ON, Wire::OFF, Wire::ON];
        assert_eq!(circuit.more_than(&three, 1), Wire::ON);
        assert_eq!(circuit.more_than(&three, 2), Wire::OFF);
    }

    #[test]
    fn equal_gates_are_one_and_constants_fall_away() {
        let mut circuit = Circuit::new();
        let (one, other) = (circuit.input(), circuit.input());
        let both = circuit.both(one, other);
        assert_eq!(circuit.both(other, one), both);
        assert_eq!(circuit.both(one, Wire::ON), one);
        assert_eq!(circuit.both(one, !one), Wire::OFF);
        assert_eq!(circuit.any([one, Wire::ON]), Wire::ON);
        assert_eq!(circuit.all([]), Wire::ON);
        assert_eq!(circuit.any([]), Wire::OFF);
    }
}
