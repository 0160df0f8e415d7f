//! What an application states, as wires: how each thing is now, and how it is once it is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::circuit::Wire;
use super::deep::{Looked, Subjected};
use super::domain::{Domain, Var};
use super::inputs::{Input, Instance};
use crate::facts::{Application, FactId, ItemFacts, PartSet, Scope, Value};

/// One thing that can be asked: the instances that its answer tells, and wires for the two ways it can be.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    pub(super) name: String,
    pub(super) question: String,
    /// On where it is as it was stated.
    pub(super) as_is: Wire,
    /// On where it is known in full, and goes with what was stated.
    pub(super) told: Wire,
    /// On where it is known in full, whatever was stated.
    pub(super) known: Wire,
    pub(super) instance: Instance,
    /// Whether something of it is not known.
    pub(super) open: bool,
    /// Whether it is stated in full.
    pub(super) stated: bool,
}

/// What an application states of one item.
pub(super) struct Stated<'s> {
    pub(super) subject: &'s Subjected<'s>,
    pub(super) application: &'s Application,
    pub(super) item: &'s ItemFacts,
}

impl Stated<'_> {
    fn value(&self, var: &Var, at: usize) -> Value {
        let fact = |id| match self.subject.catalogue.fact(id).map(|fact| fact.scope) {
            Some(Scope::Item) => self.item.fact(id).clone(),
            _ => self.application.fact(id).clone(),
        };
        match var {
            Var::Fact(id) => fact(*id),
            Var::Length(id) => match fact(*id) {
                Value::List(items) => i64::try_from(items.len())
                    .map_or(Value::Unknown, |count| Value::Number(count.into())),
                _ => Value::Unknown,
            },
            Var::Field(id, name) => match fact(*id) {
                Value::List(items) => match items.get(at) {
                    Some(Value::Record(record)) => record.field(name),
                    _ => Value::Unknown,
                },
                _ => Value::Unknown,
            },
        }
    }

    /// The same application with another value in one place.
    pub(super) fn with(&self, (var, at): &Instance, value: &Value) -> Application {
        match var {
            Var::Fact(id) => self.put(*id, value.clone()),
            Var::Length(_) => self.application.clone(),
            Var::Field(id, name) => match self.value(&Var::Fact(*id), 0) {
                Value::List(items) => {
                    let changed = items.iter().enumerate().map(|(other, item)| match item {
                        Value::Record(record) if other == *at => {
                            Value::Record(Arc::new(record.with(name, value)))
                        }
                        item => item.clone(),
                    });
                    self.put(*id, Value::List(changed.collect()))
                }
                _ => self.application.clone(),
            },
        }
    }

    fn put(&self, id: FactId, value: Value) -> Application {
        if self
            .subject
            .catalogue
            .fact(id)
            .is_some_and(|fact| fact.scope == Scope::Item)
        {
            let mut changed = self.application.clone();
            for item in &mut changed.items {
                *item = item.with_fact(id, value.clone());
            }
            changed
        } else {
            self.application.with_fact(id, value)
        }
    }

    /// An instance as something that can be asked.
    pub(super) fn topic(
        &self,
        instance: &Instance,
        input: &Input,
        looked: &mut Looked<'_>,
    ) -> Option<Topic> {
        let (var, at) = instance;
        let value = self.value(var, *at);
        let (as_is, told, known) = match (input, looked.encoder.space.known(var)?.clone()) {
            (Input::Values(wires), Domain::Values(values)) => {
                of_value(var, &value, wires, &values, looked)
            }
            (Input::Set { known, open, codes }, Domain::Set(all)) => {
                of_set(var, &value, (*known, *open, codes), &all, looked)
            }
            _ => return None,
        };
        let (name, question) = self.words(var, *at);
        let open = match var {
            Var::Field(list, _) => match self.value(&Var::Length(*list), 0) {
                Value::Unknown => true,
                _ => !value.is_settled() && self.is_member(*list, *at),
            },
            _ => !value.is_settled(),
        };
        let stated = value.is_settled() && !matches!(var, Var::Length(_));
        Some(Topic {
            name,
            question,
            as_is,
            told,
            known,
            instance: instance.clone(),
            open,
            stated,
        })
    }

    fn is_member(&self, list: FactId, at: usize) -> bool {
        matches!(self.value(&Var::Fact(list), 0), Value::List(items) if at < items.len())
    }

    /// The name of an instance and how to ask for it; all of a list that is unknown is asked for at once.
    fn words(&self, var: &Var, at: usize) -> (String, String) {
        let catalogue = self.subject.catalogue;
        let (id, field) = match var {
            Var::Fact(id) | Var::Length(id) => (*id, None),
            Var::Field(id, name) => (*id, Some(name)),
        };
        let Some(fact) = catalogue.fact(id) else {
            return (String::new(), String::new());
        };
        let listed = !self.value(&Var::Length(id), 0).is_unknown();
        match field.filter(|_| listed) {
            Some(name) => {
                let record = catalogue.record_of(&fact.field.notation);
                let field = record
                    .and_then(|record| record.fields.iter().find(|field| field.name == *name));
                let question = field.map_or("", |field| &field.question);
                (
                    format!("{}[{at}].{name}", fact.field.name),
                    question.to_owned(),
                )
            }
            None => (fact.field.name.to_string(), fact.field.question.to_string()),
        }
    }
}

/// The wires of a set as it was stated, and once it is known in full.
fn of_set(
    var: &Var,
    value: &Value,
    (known, open, codes): (Wire, Wire, &[[Wire; 2]]),
    all: &[Arc<str>],
    looked: &mut Looked<'_>,
) -> (Wire, Wire, Wire) {
    let classes = looked.classes_of(var);
    let circuit = &mut looked.encoder.circuit;
    let stated = match value {
        Value::Set(set) => Some(set.as_ref().clone()),
        _ => None,
    };
    let free = PartSet {
        open: true,
        ..PartSet::default()
    };
    let set = stated.clone().unwrap_or(free);
    let mut as_is = match &stated {
        Some(set) => vec![known, if set.open { open } else { !open }],
        None => vec![!known],
    };
    let mut told = vec![known, !open];
    let mut free = vec![known, !open];
    for (class, [holds, certain]) in classes.iter().zip(codes) {
        let members: BTreeSet<&Arc<str>> = class.iter().filter_map(|at| all.get(*at)).collect();
        let is = members.iter().any(|code| set.certain.contains(*code));
        let perhaps = members.iter().any(|code| set.possible.contains(*code));
        let surely = circuit.both(*holds, *certain);
        if stated.is_some() {
            as_is.push(match (is, perhaps) {
                (true, _) => surely,
                (false, true) => circuit.both(*holds, !*certain),
                (false, false) => !*holds,
            });
        }
        let either = circuit.either(!*holds, *certain);
        free.push(either);
        told.push(match (is, perhaps || set.open) {
            (true, _) => surely,
            (false, true) => either,
            (false, false) => !*holds,
        });
    }
    (circuit.all(as_is), circuit.all(told), circuit.all(free))
}

/// The wires of a plain value as it was stated, and once it is known.
fn of_value(
    var: &Var,
    value: &Value,
    wires: &[Wire],
    values: &[Value],
    looked: &Looked<'_>,
) -> (Wire, Wire, Wire) {
    let classes = looked.classes_of(var);
    let position = values.iter().position(|known| known == value);
    let class = position.and_then(|at| classes.iter().position(|class| class.contains(&at)));
    let as_is = class
        .and_then(|at| wires.get(at))
        .copied()
        .unwrap_or(Wire::OFF);
    // A class that holds unknown beside other values is also an answer.
    let unknown = classes
        .iter()
        .zip(wires)
        .find(|(class, _)| class.contains(&0));
    let told = match unknown {
        Some((class, wire)) if class.len() == 1 => !*wire,
        _ => Wire::ON,
    };
    (as_is, told, told)
}
