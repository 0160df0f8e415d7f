//! Tabulates a part of a condition: asks the evaluator for each combination of the values that it reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::domain::{Domain, Space, Var};
use super::table::{At, Place, Spread, Table, TableId, Tables};
use crate::condition::{Quantifier, Reads, Term};
use crate::facts::{FactId, PartSet, Record, Truth, Type, Value};
use crate::screening::Probe;

/// What a quantifier's variable stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bound {
    /// A member of a list, by its position.
    Member(FactId, usize),
    /// A value that no fact decides.
    Value(Value),
}

/// At most so many combinations are asked for one part.
const MOST: usize = 400_000;

/// Of a set whose members are weighed together at most so many are told apart.
const WEIGHED: usize = 5;

/// One part of a condition, to be tabulated.
pub(super) struct Tabulation<'t, 'a> {
    pub(super) space: &'t mut Space<'a>,
    pub(super) tables: &'t mut Tables,
    pub(super) probe: &'t Probe<'a>,
    pub(super) term: Term<'t>,
    pub(super) bound: &'t [Bound],
}

/// Values tried for what a part reads.
type Tried = BTreeMap<Place, Value>;

impl Tabulation<'_, '_> {
    pub(super) fn run(mut self) -> TableId {
        let places = self.places();
        let (mut plain, mut sets): (Vec<Place>, Vec<Place>) = (Vec::new(), Vec::new());
        for place in places {
            match self.space.domain(&place.var) {
                Domain::Values(_) => plain.push(place),
                Domain::Set(_) => sets.push(place),
            }
        }
        let spread = self.spread(&sets);
        sets.retain(|place| spread.as_ref().is_none_or(|(one, _)| one != place));
        self.fit(&plain, &sets);
        let order: Vec<Place> = plain.into_iter().chain(sets).collect();
        self.decide(&order, spread.as_ref(), &mut Tried::new())
    }

    /// Every place that the part reads.
    fn places(&self) -> Vec<Place> {
        let whole = |var| Place { var, at: At::Whole };
        let mut found = std::collections::BTreeSet::new();
        for read in self.term.reads() {
            match read {
                Reads::Fact(id, None) if self.space.is_list(id) => {
                    _ = found.insert(whole(Var::Length(id)));
                }
                Reads::Fact(id, None) => _ = found.insert(whole(Var::Fact(id))),
                Reads::Fact(id, Some(field)) => {
                    found.insert(whole(Var::Length(id)));
                    let members = (0..self.space.members).map(At::Member);
                    found.extend(members.map(|at| Place {
                        var: Var::Field(id, Arc::clone(&field)),
                        at,
                    }));
                }
                Reads::Local(depth, field) => found.extend(self.local(depth, field)),
            }
        }
        found.into_iter().collect()
    }

    fn local(&self, depth: usize, field: Option<Arc<str>>) -> Vec<Place> {
        let Some(Bound::Member(list, _)) = self.bound.get(depth) else {
            return Vec::new();
        };
        let fields = match field {
            Some(field) => vec![field],
            None => self
                .fields(*list)
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
        };
        let places = fields.into_iter().map(|field| Place {
            var: Var::Field(*list, field),
            at: At::Depth(depth),
        });
        places.collect()
    }

    /// The set of which each member decides by itself.
    fn spread(&self, sets: &[Place]) -> Option<(Place, Quantifier)> {
        sets.iter().find_map(|place| {
            let read = match (&place.var, place.at) {
                (Var::Fact(id), _) => Reads::Fact(*id, None),
                (Var::Field(_, field), At::Depth(depth)) => {
                    Reads::Local(depth, Some(Arc::clone(field)))
                }
                _ => return None,
            };
            Some((place.clone(), self.term.spreads(&read)?))
        })
    }

    /// Bounds what is tried where there would be too many combinations.
    fn fit(&mut self, plain: &[Place], sets: &[Place]) {
        for place in sets {
            if self.space.domain(&place.var).len() > WEIGHED {
                self.space.keep(&place.var, WEIGHED, self.term.text());
            }
        }
        loop {
            let mut combinations = 1_usize;
            let mut largest: Option<(usize, &Place)> = None;
            for place in plain {
                let count = self.space.domain(&place.var).len();
                combinations = combinations.saturating_mul(count);
                largest = largest.max(Some((count, place)));
            }
            for place in sets {
                let codes = u32::try_from(self.space.domain(&place.var).len()).unwrap_or(u32::MAX);
                combinations =
                    combinations.saturating_mul(3_usize.saturating_pow(codes).saturating_mul(2));
            }
            match largest {
                Some((count, place)) if combinations > MOST && count > 2 => {
                    self.space
                        .keep(&place.var, count.div_euclid(2).max(2), self.term.text());
                }
                _ => return,
            }
        }
    }

    /// The table that decides the places in their order.
    fn decide(
        &mut self,
        order: &[Place],
        spread: Option<&(Place, Quantifier)>,
        tried: &mut Tried,
    ) -> TableId {
        let Some((place, rest)) = order.split_first() else {
            let table = match spread {
                Some((place, quantifier)) => self.spread_of(place, *quantifier, tried),
                None => Table::Is(self.ask(tried)),
            };
            return self.tables.add(table);
        };
        match self.space.domain(&place.var).clone() {
            Domain::Values(values) => {
                let branches = values.into_iter().map(|value| {
                    tried.insert(place.clone(), value);
                    self.decide(rest, spread, tried)
                });
                let branches = branches.collect();
                self.tables.add(Table::Value(place.clone(), branches))
            }
            Domain::Set(codes) => self.decide_set(place, &codes, rest, spread, tried),
        }
    }

    fn decide_set(
        &mut self,
        place: &Place,
        codes: &[Arc<str>],
        rest: &[Place],
        spread: Option<&(Place, Quantifier)>,
        tried: &mut Tried,
    ) -> TableId {
        tried.insert(place.clone(), Value::Unknown);
        let unknown = self.decide(rest, spread, tried);
        let open = [false, true].map(|open| {
            let set = PartSet {
                open,
                ..PartSet::default()
            };
            self.decide_code(place, 0, codes, &set, (rest, spread), tried)
        });
        let known = self.tables.add(Table::Open(place.clone(), open));
        self.tables
            .add(Table::Known(place.clone(), [unknown, known]))
    }

    fn decide_code(
        &mut self,
        place: &Place,
        at: usize,
        codes: &[Arc<str>],
        set: &PartSet,
        then: (&[Place], Option<&(Place, Quantifier)>),
        tried: &mut Tried,
    ) -> TableId {
        let Some((code, others)) = codes.split_first() else {
            tried.insert(place.clone(), Value::Set(Arc::new(set.clone())));
            return self.decide(then.0, then.1, tried);
        };
        let mut possible = set.clone();
        possible.possible.insert(Arc::clone(code));
        let mut certain = set.clone();
        certain.certain.insert(Arc::clone(code));
        let branches = [set.clone(), possible, certain]
            .map(|set| self.decide_code(place, at.saturating_add(1), others, &set, then, tried));
        self.tables.add(Table::Holds(place.clone(), at, branches))
    }

    fn spread_of(&mut self, place: &Place, quantifier: Quantifier, tried: &mut Tried) -> Table {
        let codes = match self.space.domain(&place.var).clone() {
            Domain::Set(codes) => codes,
            Domain::Values(_) => Vec::new(),
        };
        let mut ask = |value: Value| {
            tried.insert(place.clone(), value);
            self.ask(tried)
        };
        let mut part = |set: PartSet| ask(Value::Set(Arc::new(set)));
        let one = |code: &Arc<str>| [Arc::clone(code)].into_iter().collect();
        let certain = |code| PartSet::known(one(code));
        let possible = |code| PartSet {
            possible: one(code),
            ..PartSet::default()
        };
        let spread = Spread {
            every: quantifier == Quantifier::Every,
            empty: part(PartSet::default()),
            open: part(PartSet {
                open: true,
                ..PartSet::default()
            }),
            certain: codes.iter().map(|code| part(certain(code))).collect(),
            possible: codes.iter().map(|code| part(possible(code))).collect(),
            unknown: ask(Value::Unknown),
        };
        Table::Spread(place.clone(), spread)
    }

    /// What the evaluator says of the values tried.
    fn ask(&self, tried: &Tried) -> Truth {
        let mut facts: Vec<(FactId, Value)> = Vec::new();
        for (place, value) in tried {
            match &place.var {
                Var::Fact(id) => facts.push((*id, value.clone())),
                Var::Length(id) => facts.push((*id, self.list(*id, value, tried))),
                Var::Field(..) => {}
            }
        }
        let locals = self
            .bound
            .iter()
            .enumerate()
            .map(|(depth, bound)| match bound {
                Bound::Value(value) => value.clone(),
                Bound::Member(list, at) => self.record(*list, *at, At::Depth(depth), tried),
            });
        let locals: Vec<Value> = locals.collect();
        self.probe.truth(self.term, &facts, &locals)
    }

    fn list(&self, id: FactId, length: &Value, tried: &Tried) -> Value {
        let counts = (0..=self.space.members).find(|count| {
            i64::try_from(*count).is_ok_and(|count| *length == Value::Number(count.into()))
        });
        match counts {
            Some(count) => {
                let members = (0..count).map(|at| self.record(id, at, At::Member(at), tried));
                Value::List(members.collect())
            }
            None => Value::Unknown,
        }
    }

    fn record(&self, list: FactId, index: usize, at: At, tried: &Tried) -> Value {
        let fields = self.fields(list).into_iter().map(|(name, _)| {
            let place = Place {
                var: Var::Field(list, Arc::clone(&name)),
                at,
            };
            let value = tried.get(&place).cloned().unwrap_or(Value::Unknown);
            (name, value)
        });
        Value::Record(Arc::new(Record {
            index,
            fields: fields.collect(),
        }))
    }

    fn fields(&self, list: FactId) -> Vec<(Arc<str>, Type)> {
        self.space.fields(list)
    }
}
