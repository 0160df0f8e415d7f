//! A case in one line: what it shows, what it states, what comes of it.

use std::collections::BTreeMap;

use catchall_engine::condition::Reference;
use catchall_engine::facts::{Fact, FactId};
use catchall_engine::ruleset::{Case, Rule};
use serde_json::Value;

use super::whole::Page;

/// A title that says no more than that a case is one in which its rule stands.
const AS_THE_RULE_SAYS: &str = "As the rule says";

impl Page<'_> {
    pub(super) fn case(&self, rule: Option<&Rule>, case: &Case) -> String {
        let mut shows = Vec::new();
        if case.title.as_ref() != AS_THE_RULE_SAYS {
            shows.push(case.title.to_string());
        }
        if case.kind.as_ref() == "stands" {
            shows.extend(rule.and_then(|rule| self.stated(rule, case)));
        }
        let day = day(case).map_or(String::new(), |day| format!(", {day}"));
        format!(
            "`{}` ({}{day}): {} → {}",
            case.id,
            case.kind,
            shows.join(" — "),
            outcome(rule, case)
        )
    }

    /// What the application says of the facts that the rule reads, and last what it denies.
    fn stated(&self, rule: &Rule, case: &Case) -> Option<String> {
        let mut fields: BTreeMap<FactId, Vec<&str>> = BTreeMap::new();
        for key in rule.observed.facts.keys() {
            let fields = fields.entry(key.fact).or_default();
            fields.extend(key.field.as_deref());
        }
        if reads_destination(rule) {
            let destination = self.ruleset.catalogue.by_path("destination");
            fields.extend(destination.map(|fact| (fact, Vec::new())));
        }
        let (mut stated, mut denied) = (Vec::new(), Vec::new());
        for (fact, fields) in &fields {
            let fact = self.ruleset.catalogue.fact(*fact)?;
            match self.statement(fact, fields, &case.application) {
                Some(text) if text.is_empty() => denied.push(fact.field.label.to_string()),
                Some(text) => stated.push(format!("{}: {text}", fact.field.label)),
                None => {}
            }
        }
        if !denied.is_empty() {
            stated.push(format!("not: {}", denied.join(", ")));
        }
        joined(stated.into_iter(), "; ")
    }

    /// What the application says of a fact: nothing if it is silent, an empty text if it denies it.
    fn statement(&self, fact: &Fact, fields: &[&str], application: &Value) -> Option<String> {
        let fields = self.in_order(&fact.field.notation, fields);
        let mut found = Vec::new();
        at(application, &fact.pointer, &mut found);
        found.retain(|value| !value.is_null());
        let texts = found.iter().filter_map(|value| self.value(value, &fields));
        let texts: Vec<String> = texts.collect();
        (!found.is_empty()).then(|| texts.join(", "))
    }

    /// Fields of a record in the order in which the catalogue has them.
    fn in_order<'f>(&self, notation: &str, fields: &[&'f str]) -> Vec<&'f str> {
        let record = self.ruleset.catalogue.record_of(notation);
        let order = |name: &str| {
            record?
                .fields
                .iter()
                .position(|one| one.name.as_ref() == name)
        };
        let mut fields = fields.to_vec();
        fields.sort_by_key(|field| order(field));
        fields
    }

    fn value(&self, value: &Value, fields: &[&str]) -> Option<String> {
        match value {
            Value::Bool(true) => Some("yes".to_owned()),
            Value::String(text) if text == "none" => None,
            Value::String(code) => Some(self.code(code)),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(members) => {
                let members = members.iter();
                joined(
                    members.filter_map(|member| self.value(member, fields)),
                    ", ",
                )
            }
            Value::Object(object) => {
                let values = fields.iter().filter_map(|field| object.get(*field));
                member(values.filter_map(|value| self.value(value, &[])))
            }
            Value::Null | Value::Bool(false) => None,
        }
    }

    /// A destination by its name, any other code by its words.
    fn code(&self, code: &str) -> String {
        let destination = self.library.reference.destinations.get(code);
        destination.map_or_else(
            || code.replace('_', " "),
            |destination| destination.name.to_string(),
        )
    }
}

/// Whether a figure about the destination, or its cell in a chart, plays a part.
fn reads_destination(rule: &Rule) -> bool {
    let mut kinds = rule.observed.references.iter().map(|(kind, _)| kind);
    kinds.any(|kind| matches!(kind, Reference::Indicator | Reference::Column))
}

/// A member of a list: `end user (Sudan, police)`.
fn member(mut values: impl Iterator<Item = String>) -> Option<String> {
    let first = values.next()?;
    Some(match joined(values, ", ") {
        Some(others) => format!("{first} ({others})"),
        None => first,
    })
}

fn joined(texts: impl Iterator<Item = String>, between: &str) -> Option<String> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(between))
}

/// The values at a pointer, whose `*` stands for every member of a list.
fn at<'v>(value: &'v Value, pointer: &str, found: &mut Vec<&'v Value>) {
    let Some(rest) = pointer.strip_prefix('/') else {
        found.push(value);
        return;
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (key, rest) = rest.split_at(end);
    match value {
        Value::Array(members) if key == "*" => {
            members.iter().for_each(|member| at(member, rest, found));
        }
        _ => value
            .get(key)
            .into_iter()
            .for_each(|inner| at(inner, rest, found)),
    }
}

fn day(case: &Case) -> Option<String> {
    let stated = case.application.get("as_of").and_then(Value::as_str);
    let day = case.as_of.map(|day| day.to_string());
    day.or_else(|| stated.map(str::to_owned))
}

fn outcome(rule: Option<&Rule>, case: &Case) -> String {
    let expect = &case.expect;
    let finding = [
        (&expect.stands, "the rule stands"),
        (&expect.may, "the rule may stand"),
        (&expect.lifted, "the rule is lifted"),
        (&expect.not, "the rule does not stand"),
    ];
    let mut parts: Vec<String> = finding
        .into_iter()
        .filter(|(rules, _)| rule.is_some_and(|rule| rules.contains(&rule.id)))
        .map(|(_, words)| words.to_owned())
        .collect();
    if let Some((least, most)) = expect.requirement {
        parts.push(between(least.short(), most.short()));
    }
    if let Some((Some(least), Some(most))) = expect.review {
        parts.push(format!("review: {}", between(least.label(), most.label())));
    }
    parts.join("; ")
}

fn between(least: &str, most: &str) -> String {
    if least == most {
        least.to_owned()
    } else {
        format!("{least} to {most}")
    }
}
