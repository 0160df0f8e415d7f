//! The answers that a missing fact can have: one for each class of values that the rules can tell apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::environment::ItemEnvironment;
use crate::condition::{Constant, Observable, representatives};
use crate::facts::{CodeSet, PartSet, Type, Value};
use crate::ruleset::{MemberClass, Members, chart_group};

/// At most so many answers are tried for one fact.
const MOST: usize = 96;

/// A value that a fact may turn out to have, with words for it.
pub(super) struct Candidate {
    pub(super) words: String,
    pub(super) value: Value,
    /// The code that a set would hold beside what is certain.
    pub(super) member: Option<Arc<str>>,
}

/// What is asked for: its type, what is known of it, and what rules compare it with.
pub(super) struct Asked<'a> {
    pub(super) key: Observable,
    pub(super) ty: &'a Type,
    pub(super) current: Value,
    pub(super) constants: Vec<Constant>,
    /// Columns of the country chart in which it is looked up: those of the destination.
    pub(super) columns: Vec<Arc<str>>,
}

/// The candidates for a fact.
pub(super) fn candidates(environment: &ItemEnvironment<'_>, asked: &Asked<'_>) -> Vec<Candidate> {
    let mut found = match asked.ty {
        Type::Set(set) => sets(environment, set, asked),
        Type::Code(set) if set.as_ref() == "country" => countries(environment, asked),
        Type::List(_) => vec![Candidate {
            words: "none".to_owned(),
            value: Value::List(Arc::from([])),
            member: None,
        }],
        ty => plain(environment, ty, asked),
    };
    found.truncate(MOST);
    found
}

/// The constants that any rule in force compares an observable with.
pub(super) fn constants(environment: &ItemEnvironment<'_>, key: &Observable) -> Vec<Constant> {
    let reading = &environment.ruleset.reading;
    let constants = reading.constants(key, |rule| environment.is_in_force(rule));
    constants.cloned().collect()
}

/// The chart columns that rules in force look the destination up in.
pub(super) fn columns(environment: &ItemEnvironment<'_>) -> Vec<Arc<str>> {
    let reading = &environment.ruleset.reading;
    let columns = reading.columns(|rule| environment.is_in_force(rule));
    columns.into_iter().collect()
}

fn values(environment: &ItemEnvironment<'_>, constants: &[Constant]) -> Vec<Value> {
    use crate::condition::Environment;
    constants
        .iter()
        .flat_map(|constant| match constant {
            Constant::Value(value) => vec![value.clone()],
            Constant::Parameter(name) => match environment.parameter(name) {
                Value::List(items) => items.to_vec(),
                value => vec![value],
            },
            _ => Vec::new(),
        })
        .collect()
}

fn plain(environment: &ItemEnvironment<'_>, ty: &Type, asked: &Asked<'_>) -> Vec<Candidate> {
    let codes = match ty {
        Type::Code(set) => environment.ruleset.catalogue.code_set(set),
        _ => None,
    };
    let constants = values(environment, &asked.constants);
    let known = |value: &Value| constants.contains(value);
    representatives(ty, &constants, codes)
        .into_iter()
        .map(|value| {
            let words = match (&value, codes) {
                (Value::Text(code), Some(codes)) if known(&value) => codes
                    .values
                    .get(code)
                    .map_or_else(|| code.to_string(), ToString::to_string),
                (Value::Text(_), _) if !known(&value) => "another".to_owned(),
                (value, _) => value.to_string(),
            };
            Candidate {
                words,
                value,
                member: None,
            }
        })
        .collect()
}

/// For a set: each member that some rule asks about, alone beside what is certain; and none of them.
fn sets(environment: &ItemEnvironment<'_>, set: &Arc<str>, asked: &Asked<'_>) -> Vec<Candidate> {
    let known = match &asked.current {
        Value::Set(known) => known.as_ref().clone(),
        _ => PartSet {
            open: true,
            ..PartSet::default()
        },
    };
    let with = |member: Option<&Arc<str>>| {
        let certain = known.certain.iter().chain(member).cloned().collect();
        Value::Set(Arc::new(PartSet::known(certain)))
    };
    let mut members = members(environment, &known, asked);
    members.retain(|code| environment.may_state(set, code));
    let named = members.iter().map(|code| Candidate {
        words: named(environment, set, code),
        value: with(Some(code)),
        member: Some(Arc::clone(code)),
    });
    let words = if known.certain.is_empty() {
        "none"
    } else {
        "nothing more"
    };
    named
        .chain([Candidate {
            words: words.to_owned(),
            value: with(None),
            member: None,
        }])
        .collect()
}

/// Tells which members of a set are one to the rules; none where it is no set, or no constants tell all.
pub(super) struct Classes<'c> {
    members: Members,
    codes: &'c CodeSet,
}

impl<'c> Classes<'c> {
    pub(super) fn new(environment: &'c ItemEnvironment<'_>, asked: &Asked<'_>) -> Option<Self> {
        use crate::condition::Environment;
        let Type::Set(set) = asked.ty else {
            return None;
        };
        let ruleset = environment.ruleset;
        let members = ruleset.reading.members(&asked.key)?;
        let members = members.with_parameters(|name| match environment.parameter(name) {
            Value::List(items) => texts(&items),
            value => texts(&[value]),
        });
        let codes = ruleset.catalogue.code_set(set)?;
        Some(Self { members, codes })
    }

    pub(super) fn of(&self, code: &str) -> MemberClass {
        self.members.class(code, self.codes.line(code))
    }
}

fn texts(values: &[Value]) -> Vec<Arc<str>> {
    let texts = values.iter().filter_map(Value::as_text);
    texts.map(Arc::from).collect()
}

/// The members that a set may turn out to have: those that are possible, and in an open set those that
/// some rule asks about.
fn members(
    environment: &ItemEnvironment<'_>,
    known: &PartSet,
    asked: &Asked<'_>,
) -> BTreeSet<Arc<str>> {
    let mut members = known.possible.clone();
    if known.open {
        let ancestors = asked
            .constants
            .iter()
            .filter_map(|constant| match constant {
                Constant::Ancestor(code) => Some(Arc::clone(code)),
                _ => None,
            });
        members.extend(ancestors);
        let values = values(environment, &asked.constants);
        members.extend(
            values
                .iter()
                .filter_map(|value| value.as_text().map(Arc::from)),
        );
    }
    members
}

/// A code as a person reads it: control entries by their numbers, other codes by their labels.
fn named(environment: &ItemEnvironment<'_>, set: &str, code: &Arc<str>) -> String {
    let codes = environment.ruleset.catalogue.code_set(set);
    match codes.and_then(|codes| codes.values.get(code)) {
        Some(label) if !set.ends_with("_entry") => label.to_string(),
        _ => code.to_string(),
    }
}

/// For a country: one of each class that groups and chart columns which rules ask about can tell apart.
///
/// Figures differ from country to country, so what follows is said of the one that is named.
fn countries(environment: &ItemEnvironment<'_>, asked: &Asked<'_>) -> Vec<Candidate> {
    use crate::condition::Environment;
    let groups = asked
        .constants
        .iter()
        .filter_map(|constant| match constant {
            Constant::Group(group) => Some(group.to_string()),
            _ => None,
        });
    let columns = asked.columns.iter().map(|column| chart_group(column));
    let groups: Vec<String> = groups.chain(columns).collect();
    let mut seen = BTreeSet::new();
    let destinations = environment.reference.destinations.iter();
    let present = destinations.filter(|place| place.period.contains(environment.dates.as_of));
    let first = present.filter(|place| {
        let class: Vec<_> = groups
            .iter()
            .map(|group| environment.group(&place.code, group))
            .collect();
        seen.insert(class)
    });
    first
        .map(|place| Candidate {
            words: format!("a country such as {}", place.name),
            value: Value::Text(Arc::clone(&place.code)),
            member: None,
        })
        .collect()
}
