//! Makes worlds, and worlds in which more is known.

use std::collections::BTreeSet;
use std::sync::Arc;

use catchall_engine::condition::Reference;
use catchall_engine::facts::{Decimal, Duration, PartSet, Record, Type, Value};
use catchall_engine::time::Date;

use super::Choices;
use crate::world::World;

const NUMBERS: [&str; 10] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "0.5",
    "10000",
    "-2.25",
    "1234567890123456789012345678901234",
    "1e-30",
];
const TEXTS: [&str; 8] = ["", "a", "ab", "FR", "end use", "2026-01-31", "É", "P1Y"];
const DAYS: [&str; 7] = [
    "2026-01-01",
    "2026-01-31",
    "2024-02-29",
    "2026-02-28",
    "2025-12-31",
    "0001-01-01",
    "9999-12-31",
];
const SPANS: [&str; 6] = ["P1Y", "P3M", "-P1M", "P10D", "PT36H", "-P1D"];

/// A world in which some facts are known, some partly, some not at all.
pub fn world(choices: &mut Choices) -> World {
    let mut world = World::new();
    let facts: Vec<_> = world
        .catalogue()
        .facts()
        .map(|(id, fact)| (id, fact.field.ty.clone()))
        .collect();
    for (id, ty) in facts {
        let value = value(choices, &ty, &world);
        world.set(id, value);
    }
    for (kind, name, ty) in references() {
        let value = value(choices, &ty, &world);
        world.references.insert((kind, name.to_owned()), value);
    }
    world
}

fn references() -> Vec<(Reference, &'static str, Type)> {
    let eur = Type::Number(Some("EUR".into()));
    vec![
        (Reference::Parameter, "floor", Type::NUMBER),
        (Reference::Parameter, "start", Type::Date),
        (Reference::Parameter, "threshold", eur),
        (
            Reference::Parameter,
            "stems",
            Type::Code("entry".into()).list(),
        ),
        (Reference::Definition, "risky", Type::Boolean),
        (Reference::Definition, "score", Type::NUMBER),
        (Reference::Indicator, "rule_of_law", Type::NUMBER),
        (Reference::Indicator, "rule_of_law, FR", Type::NUMBER),
        (Reference::Indicator, "rule_of_law, KZ", Type::NUMBER),
        (Reference::Column, "CC1", Type::Boolean),
    ]
}

/// A value of a type: unknown once in three.
fn value(choices: &mut Choices, ty: &Type, world: &World) -> Value {
    if choices.below(3) == 0 {
        Value::Unknown
    } else {
        stated(choices, ty, world)
    }
}

/// A value of a type of which at least something is known.
fn stated(choices: &mut Choices, ty: &Type, world: &World) -> Value {
    match ty {
        Type::Boolean => Value::Boolean(choices.below(2) == 0),
        Type::Number(_) => {
            Decimal::parse(choices.of(&NUMBERS)).map_or(Value::Unknown, Value::Number)
        }
        Type::Text => Value::text(choices.of(&TEXTS)),
        Type::Date => Date::parse(choices.of(&DAYS)).map_or(Value::Unknown, Value::Date),
        Type::Duration => {
            Duration::parse(choices.of(&SPANS)).map_or(Value::Unknown, Value::Duration)
        }
        Type::Code(set) => Value::Text(choices.of(&codes(world, set))),
        Type::Set(set) => set_of(choices, &codes(world, set)),
        Type::List(member) => {
            let members =
                (0..choices.below(4)).map(|index| member_of(choices, member, world, index));
            Value::List(members.collect())
        }
        _ => Value::Unknown,
    }
}

fn codes(world: &World, set: &str) -> Vec<Arc<str>> {
    let set = world.catalogue().code_set(set);
    set.map(|set| set.values.keys().cloned().collect())
        .unwrap_or_default()
}

fn set_of(choices: &mut Choices, codes: &[Arc<str>]) -> Value {
    let mut set = PartSet {
        open: choices.once_in(5),
        ..PartSet::default()
    };
    for code in codes {
        match choices.below(4) {
            0 | 1 => {}
            2 => {
                set.certain.insert(Arc::clone(code));
            }
            _ => {
                set.possible.insert(Arc::clone(code));
            }
        }
    }
    Value::Set(Arc::new(set))
}

fn member_of(choices: &mut Choices, ty: &Type, world: &World, index: usize) -> Value {
    let Type::Record(fields) = ty else {
        return value(choices, ty, world);
    };
    let fields = fields
        .iter()
        .map(|(name, ty)| (Arc::clone(name), value(choices, ty, world)));
    Value::Record(Arc::new(Record {
        index,
        fields: fields.collect(),
    }))
}

/// The same world in which some of what was unknown has become known.
pub fn informed(choices: &mut Choices, before: &World) -> World {
    let mut world = before.clone();
    let facts: Vec<_> = world
        .catalogue()
        .facts()
        .map(|(id, fact)| (id, fact.field.ty.clone()))
        .collect();
    for (id, ty) in facts {
        let known = before.facts.get(id.index()).unwrap_or(&Value::Unknown);
        let value = learned(choices, known, &ty, before);
        world.set(id, value);
    }
    for (kind, name, ty) in references() {
        let key = (kind, name.to_owned());
        let known = before.references.get(&key).unwrap_or(&Value::Unknown);
        let value = learned(choices, known, &ty, before);
        world.references.insert(key, value);
    }
    world
}

fn learned(choices: &mut Choices, known: &Value, ty: &Type, world: &World) -> Value {
    match (known, ty) {
        (Value::Unknown, Type::Record(_)) => Value::Unknown,
        (Value::Unknown, ty) if choices.below(2) == 0 => stated(choices, ty, world),
        (Value::Set(set), Type::Set(name)) => {
            Value::Set(Arc::new(settled(choices, set, &codes(world, name))))
        }
        (Value::List(items), Type::List(member)) => Value::List(
            items
                .iter()
                .map(|item| learned(choices, item, member, world))
                .collect(),
        ),
        (Value::Record(record), Type::Record(types)) => {
            let fields = record.fields.iter().zip(types.iter());
            let fields = fields.map(|((name, value), (_, ty))| {
                (Arc::clone(name), learned(choices, value, ty, world))
            });
            Value::Record(Arc::new(Record {
                index: record.index,
                fields: fields.collect(),
            }))
        }
        (known, _) => known.clone(),
    }
}

/// A set of which each possible member is found to be one, found not to be, or left possible; and
/// an open one in which a member appears, and which is then closed or left open.
fn settled(choices: &mut Choices, set: &PartSet, codes: &[Arc<str>]) -> PartSet {
    let mut certain = set.certain.clone();
    let open = set.open && choices.below(2) == 0;
    if set.open && choices.below(2) == 0 {
        certain.insert(choices.of(codes));
    }
    let mut possible = BTreeSet::new();
    for code in &set.possible {
        if certain.contains(code) {
            continue;
        }
        match choices.below(3) {
            0 => {
                certain.insert(Arc::clone(code));
            }
            1 => {}
            _ => {
                possible.insert(Arc::clone(code));
            }
        }
    }
    PartSet {
        certain,
        possible,
        open,
    }
}
