//! Which classes of facts a ruleset's cases exercise.
//!
//! A ruleset observes a fact only through constants. Each constant is a class of values, and a class
//! that no case has is a place where a mistake in a rule would go unseen.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::environment::ItemEnvironment;
use crate::condition::{Comparison, Constant, Environment, Observable, Observed, holds};
use crate::facts::{Application, Type, Value};
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::time::Dates;

/// Values of a fact that the rules can tell from others.
#[derive(Clone, Debug, PartialEq)]
enum Class {
    Is(Value),
    Below(Value),
    Above(Value),
    Under(Arc<str>),
    Within(Arc<str>),
}

/// The classes of every fact that a ruleset observes, and those that were met.
#[derive(Debug)]
pub struct Exercise<'r> {
    ruleset: &'r Ruleset,
    reference: &'r Reference,
    classes: BTreeMap<Observable, Vec<(Class, bool)>>,
}

impl<'r> Exercise<'r> {
    /// All classes of a ruleset, none met yet.
    pub fn new(ruleset: &'r Ruleset, reference: &'r Reference) -> Self {
        let mut observed = ruleset.applies.observed();
        ruleset
            .rules
            .iter()
            .for_each(|rule| observed.merge(&rule.observed));
        let classes = classes(ruleset, &observed);
        Self {
            ruleset,
            reference,
            classes,
        }
    }

    /// Takes note of the classes that an application's facts fall into.
    pub fn meet(&mut self, application: &Application, dates: Dates) {
        for item in &application.items {
            let environment =
                ItemEnvironment::new(self.ruleset, self.reference, application, item, dates);
            for (key, classes) in &mut self.classes {
                let values = values(&environment, key);
                for (class, met) in classes.iter_mut().filter(|(_, met)| !met) {
                    *met = values.iter().any(|value| class.holds(value, &environment));
                }
            }
        }
    }

    /// For each fact the classes that nothing met, in words.
    pub fn unmet(&self) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        for (key, classes) in &self.classes {
            let words: Vec<String> = classes
                .iter()
                .filter(|(_, met)| !met)
                .map(|(class, _)| class.words())
                .collect();
            if !words.is_empty() {
                found.insert(self.name(key), words);
            }
        }
        found
    }

    /// How many classes there are, and how many were met.
    pub fn counts(&self) -> (usize, usize) {
        let all = self.classes.values().flatten();
        (all.clone().count(), all.filter(|(_, met)| *met).count())
    }

    fn name(&self, key: &Observable) -> String {
        let path = self
            .ruleset
            .catalogue
            .fact(key.fact)
            .map_or("", |fact| &fact.field.name);
        match &key.field {
            Some(field) => format!("{path}[].{field}"),
            None => path.to_owned(),
        }
    }
}

fn classes(ruleset: &Ruleset, observed: &Observed) -> BTreeMap<Observable, Vec<(Class, bool)>> {
    let mut found = BTreeMap::new();
    for (key, constants) in &observed.facts {
        let Some(fact) = ruleset.catalogue.fact(key.fact) else {
            continue;
        };
        let ty = match (&key.field, fact.field.ty.member()) {
            (Some(name), Some(member)) => member.field(name).cloned().unwrap_or(Type::Any),
            _ => fact.field.ty.clone(),
        };
        let mut classes: Vec<Class> = Vec::new();
        if ty == Type::Boolean {
            classes.extend([true, false].map(|value| Class::Is(Value::Boolean(value))));
        }
        classes.extend(
            constants
                .iter()
                .flat_map(|constant| of_constant(ruleset, &ty, constant)),
        );
        let distinct = classes
            .iter()
            .enumerate()
            .filter(|(at, class)| !classes.iter().take(*at).any(|other| other == *class));
        found.insert(
            key.clone(),
            distinct.map(|(_, class)| (class.clone(), false)).collect(),
        );
    }
    found
}

fn of_constant(ruleset: &Ruleset, ty: &Type, constant: &Constant) -> Vec<Class> {
    let of_value = |value: &Value| match ty {
        Type::Number(_) | Type::Date => {
            vec![
                Class::Below(value.clone()),
                Class::Is(value.clone()),
                Class::Above(value.clone()),
            ]
        }
        _ => vec![Class::Is(value.clone())],
    };
    match constant {
        Constant::Value(value) => of_value(value),
        Constant::Ancestor(code) => vec![Class::Under(Arc::clone(code))],
        Constant::Group(group) => vec![Class::Within(Arc::clone(group))],
        Constant::Parameter(name) => {
            let values = ruleset
                .parameters
                .get(name)
                .map(|parameter| parameter.values.as_slice())
                .unwrap_or_default();
            values
                .iter()
                .flat_map(|(_, value, _)| match value {
                    Value::List(items) => items.iter().flat_map(of_value).collect(),
                    value => of_value(value),
                })
                .collect()
        }
        Constant::Computed => Vec::new(),
    }
}

/// The values that a fact, or a field of its members, has in a case.
fn values(environment: &ItemEnvironment<'_>, key: &Observable) -> Vec<Value> {
    match (&key.field, environment.fact(key.fact)) {
        (Some(field), Value::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::Record(record) => Some(record.field(field)),
                _ => None,
            })
            .collect(),
        (_, value) => vec![value],
    }
}

impl Class {
    fn holds(&self, value: &Value, environment: &ItemEnvironment<'_>) -> bool {
        match (self, value) {
            (Self::Is(Value::Text(wanted)), Value::Set(set)) => {
                set.any(|code| code == wanted.as_ref()).certainly()
            }
            (Self::Is(wanted), value) => holds(Comparison::Equal, value, wanted).certainly(),
            (Self::Below(bound), value) => holds(Comparison::Less, value, bound).certainly(),
            (Self::Above(bound), value) => holds(Comparison::Greater, value, bound).certainly(),
            (Self::Under(entry), Value::Set(set)) => set
                .any(|code| environment.is_under(code, entry))
                .certainly(),
            (Self::Under(entry), Value::Text(code)) => environment.is_under(code, entry),
            (Self::Within(group), Value::Text(code)) => environment.group(code, group).certainly(),
            _ => false,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Is(value) => value.to_string(),
            Self::Below(value) => format!("below {value}"),
            Self::Above(value) => format!("above {value}"),
            Self::Under(entry) => format!("under {entry}"),
            Self::Within(group) => format!("in group {group}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn words_of_classes_differ() {
        use super::{Class, Value};
        let one = Value::Number(crate::facts::Decimal::from(1_i64));
        let classes = [
            Class::Is(one.clone()),
            Class::Below(one.clone()),
            Class::Above(one),
            Class::Under("5A001".into()),
        ];
        let words: BTreeSet<String> = classes.iter().map(Class::words).collect();
        assert_eq!(words.len(), classes.len());
    }
}
