//! Makes applications, better informed applications, days and small rulesets from runs of choices.
//!
//! Facts get the values that rulesets can tell apart: those that conditions compare them with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catchall_engine::condition::{Constant, Observable, Observed, representatives};
use catchall_engine::facts::{
    Application, Catalogue, Decimal, FactId, Field, PartSet, Record, Scope, Type, Value,
};
use catchall_engine::ruleset::{Library, Ruleset, RulesetFiles};
use catchall_engine::source::{Document, Json};
use catchall_engine::time::{Date, Dates};
use serde_json::{Value as JsonValue, json};

use crate::generate::Choices;

/// Countries that groups, embargoes and the country chart tell apart.
const COUNTRIES: [&str; 26] = [
    "DE", "FR", "KE", "EG", "CN", "RU", "IR", "SY", "US", "CA", "GB", "HK", "UA", "MG", "KP", "CU",
    "BY", "VE", "MM", "AU", "CH", "TR", "IN", "IL", "SA", "IQ",
];

/// The facts that rulesets read, each with the values that they compare it with.
#[derive(Clone, Debug)]
pub struct Pool {
    catalogue: Arc<Catalogue>,
    constants: BTreeMap<Observable, Vec<Value>>,
    facts: Vec<FactId>,
    hs: Vec<Arc<str>>,
    names: Vec<(Arc<str>, Option<Arc<str>>)>,
    days: Vec<Date>,
}

impl Pool {
    /// The pool of some rulesets of a library.
    pub fn new(library: &Library, rulesets: &[&Ruleset]) -> Self {
        let mut pool = Self {
            catalogue: Arc::clone(&library.catalogue),
            constants: BTreeMap::new(),
            facts: Vec::new(),
            hs: library
                .reference
                .correlation
                .iter()
                .map(|(hs, _)| Arc::clone(hs))
                .collect(),
            names: Vec::new(),
            days: Vec::new(),
        };
        let listings = library.reference.listings.iter();
        pool.names
            .extend(listings.map(|listing| (Arc::clone(&listing.name), listing.country.clone())));
        let mut days = BTreeSet::new();
        for ruleset in rulesets {
            pool.observe(&ruleset.applies.observed(), ruleset);
            for rule in &ruleset.rules {
                pool.observe(&rule.observed, ruleset);
                let ends = rule
                    .in_force
                    .iter()
                    .flat_map(|period| [period.from, period.until]);
                days.extend(ends.flatten());
            }
            days.insert(ruleset.models_from);
            days.insert(ruleset.edition);
        }
        pool.days.extend(days);
        let read: BTreeSet<FactId> = pool.constants.keys().map(|key| key.fact).collect();
        pool.facts.extend(read);
        pool.facts.extend(pool.catalogue.by_path("item.hs"));
        pool
    }

    fn observe(&mut self, observed: &Observed, ruleset: &Ruleset) {
        for (key, constants) in &observed.facts {
            let known = self.constants.entry(key.clone()).or_default();
            for constant in constants {
                let values = match constant {
                    Constant::Value(value) => vec![value.clone()],
                    Constant::Ancestor(code) => vec![Value::Text(Arc::clone(code))],
                    Constant::Parameter(name) => parameter(ruleset, name),
                    Constant::Group(_) | Constant::Computed => Vec::new(),
                };
                for value in values {
                    if !known.contains(&value) {
                        known.push(value);
                    }
                }
            }
        }
    }

    /// The days on which rules begin or end, and the days beside them.
    pub fn dates(&self, choices: &mut Choices) -> Dates {
        let day = choices.of(&self.days);
        let as_of = match choices.below(3) {
            0 => day,
            1 => day.yesterday().unwrap_or(day),
            _ => Date::new(2026, 3, 2).unwrap_or(day),
        };
        let earlier = Date::new(as_of.year().saturating_sub(2), 6, 30).unwrap_or(as_of);
        let known_at = if choices.once_in(6) { earlier } else { as_of };
        Dates { as_of, known_at }
    }

    /// An application of which a part is known: each fact unknown once in `once`.
    pub fn application(&self, choices: &mut Choices, once: usize) -> Application {
        let items = if choices.once_in(5) { 2 } else { 1 };
        let mut application = blank(items, &self.catalogue);
        for id in &self.facts {
            let Some(fact) = self.catalogue.fact(*id) else {
                continue;
            };
            let values: Vec<Value> = (0..items)
                .map(|_| {
                    if choices.below(once) == 0 {
                        Value::Unknown
                    } else {
                        self.value(choices, *id)
                    }
                })
                .collect();
            if fact.scope == Scope::Item {
                for (item, value) in application.items.iter_mut().zip(values) {
                    *item = item.with_fact(*id, value);
                }
            } else if let Some(value) = values.into_iter().next() {
                application = application.with_fact(*id, value);
            }
        }
        application
    }

    /// The same application with more known: unknown facts and fields told, possible members settled.
    /// Every gap is filled once in `once`; with 1 all of them are.
    pub fn informed(
        &self,
        choices: &mut Choices,
        application: &Application,
        once: usize,
    ) -> Application {
        let mut told = application.clone();
        for id in &self.facts {
            let Some(fact) = self.catalogue.fact(*id) else {
                continue;
            };
            if fact.scope != Scope::Item {
                let value = self.told(choices, *id, told.fact(*id), once);
                told = told.with_fact(*id, value);
                continue;
            }
            let hs = self.catalogue.by_path("item.hs");
            for item in &mut told.items {
                // What a customs code may cover is an assumption, which a statement may contradict.
                let assumed = hs.is_some_and(|hs| !item.fact(hs).is_unknown())
                    && matches!(&fact.field.ty, Type::Set(set) if set.ends_with("_entry"));
                if assumed && item.fact(*id).is_unknown() {
                    continue;
                }
                let value = self.told(choices, *id, item.fact(*id), once);
                *item = item.with_fact(*id, value);
            }
        }
        told
    }

    fn told(&self, choices: &mut Choices, id: FactId, known: &Value, once: usize) -> Value {
        match known {
            Value::Unknown if choices.once_in(once) => self.value(choices, id),
            Value::Set(set) if choices.once_in(once) => {
                Value::Set(Arc::new(settled(choices, set, &self.of(id, None))))
            }
            Value::List(items) => {
                let told = items.iter().map(|item| match item {
                    Value::Record(record) => self.record_told(choices, id, record, once),
                    other => other.clone(),
                });
                Value::List(told.collect())
            }
            other => other.clone(),
        }
    }

    fn record_told(
        &self,
        choices: &mut Choices,
        id: FactId,
        record: &Record,
        once: usize,
    ) -> Value {
        let fields = self.record_fields(id);
        let told = record.fields.iter().map(|(name, value)| {
            let field = fields.iter().find(|field| field.name == *name);
            let value = match (value, field) {
                // A name that is learned may be found on a list, against what was stated of lists.
                (Value::Unknown, Some(field))
                    if name.as_ref() != "name" && choices.once_in(once) =>
                {
                    self.plain(choices, &field.ty, &self.of(id, Some(name)))
                }
                (Value::Set(set), _) if choices.once_in(once) => {
                    Value::Set(Arc::new(settled(choices, set, &self.of(id, Some(name)))))
                }
                (value, _) => value.clone(),
            };
            (Arc::clone(name), value)
        });
        Value::Record(Arc::new(Record {
            index: record.index,
            fields: told.collect(),
        }))
    }

    fn record_fields(&self, id: FactId) -> Vec<Field> {
        let fact = self.catalogue.fact(id);
        let record = fact.and_then(|fact| self.catalogue.record_of(&fact.field.notation));
        record
            .map(|record| record.fields.clone())
            .unwrap_or_default()
    }

    fn of(&self, fact: FactId, field: Option<&Arc<str>>) -> Vec<Value> {
        let key = Observable {
            fact,
            field: field.cloned(),
        };
        self.constants.get(&key).cloned().unwrap_or_default()
    }

    /// A value of a fact, known or (a set) partly known.
    pub fn value(&self, choices: &mut Choices, id: FactId) -> Value {
        let Some(fact) = self.catalogue.fact(id) else {
            return Value::Unknown;
        };
        match &fact.field.ty {
            Type::List(_) if !self.record_fields(id).is_empty() => {
                let count = choices.below(4).min(2);
                Value::List(
                    (0..count)
                        .map(|index| self.record(choices, id, index))
                        .collect(),
                )
            }
            _ if fact.field.name.as_ref() == "item.hs" => Value::Text(choices.of(&self.hs)),
            ty => self.plain(choices, ty, &self.of(id, None)),
        }
    }

    fn record(&self, choices: &mut Choices, id: FactId, index: usize) -> Value {
        let named = choices.once_in(4).then(|| choices.of(&self.names));
        let fields = self.record_fields(id).into_iter().map(|field| {
            let value = match (field.name.as_ref(), &named) {
                ("name", Some((name, _))) => Value::Text(Arc::clone(name)),
                ("name", None) => Value::Unknown,
                ("country", Some((_, Some(country)))) => Value::Text(Arc::clone(country)),
                _ if choices.below(3) == 0 => Value::Unknown,
                _ => self.plain(choices, &field.ty, &self.of(id, Some(&field.name))),
            };
            (field.name, value)
        });
        Value::Record(Arc::new(Record {
            index,
            fields: fields.collect(),
        }))
    }

    fn plain(&self, choices: &mut Choices, ty: &Type, constants: &[Value]) -> Value {
        match ty {
            Type::Code(set) if set.as_ref() == "country" => Value::text(choices.of(&COUNTRIES)),
            Type::Set(set) => self.set(choices, set, constants),
            ty => {
                let codes = match ty {
                    Type::Code(set) => self.catalogue.code_set(set),
                    _ => None,
                };
                let values = representatives(ty, constants, codes);
                if values.is_empty() {
                    Value::Unknown
                } else {
                    choices.of(&values)
                }
            }
        }
    }

    fn set(&self, choices: &mut Choices, set: &str, constants: &[Value]) -> Value {
        let codes = self.catalogue.code_set(set);
        let mut members: Vec<Arc<str>> = constants
            .iter()
            .filter_map(|one| one.as_text().map(Arc::from))
            .collect();
        members.extend(codes.and_then(|codes| codes.values.keys().next().cloned()));
        let mut drawn = PartSet::default();
        for _ in 0..choices.below(4) {
            if members.is_empty() {
                break;
            }
            let mut code = choices.of(&members);
            if choices.once_in(3) {
                // One below, where there is one.
                let below = codes
                    .and_then(|codes| codes.parents.iter().find(|(_, parent)| **parent == code));
                code = below.map_or(code, |(child, _)| Arc::clone(child));
            }
            if choices.once_in(3) && !drawn.certain.contains(&code) {
                drawn.possible.insert(code);
            } else {
                drawn.possible.remove(&code);
                drawn.certain.insert(code);
            }
        }
        drawn.open = choices.once_in(5);
        Value::Set(Arc::new(drawn))
    }
}

fn parameter(ruleset: &Ruleset, name: &Arc<str>) -> Vec<Value> {
    let values = ruleset
        .parameters
        .get(name)
        .map(|parameter| &parameter.values);
    let values = values.into_iter().flatten().map(|(_, value, _)| value);
    let all = values.flat_map(|value| match value {
        Value::List(items) => items.to_vec(),
        value => vec![value.clone()],
    });
    all.collect()
}

/// Each possible member certain, absent or still possible; beside them another only in an open set.
fn settled(choices: &mut Choices, set: &PartSet, others: &[Value]) -> PartSet {
    let mut told = set.clone();
    for code in &set.possible {
        match choices.below(3) {
            0 => {}
            1 => {
                told.possible.remove(code);
            }
            _ => {
                told.possible.remove(code);
                told.certain.insert(Arc::clone(code));
            }
        }
    }
    if set.open && !others.is_empty() && choices.once_in(2) {
        let other = choices.of(others);
        if let Some(code) = other.as_text() {
            told.possible.remove(code);
            told.certain.insert(Arc::from(code));
        }
    }
    told.open = set.open && choices.once_in(2);
    told
}

/// An application of which nothing is known but how many items it has.
///
/// # Panics
///
/// If the catalogue cannot read it.
#[expect(
    clippy::expect_used,
    reason = "an application that states nothing can be read"
)]
pub fn blank(items: usize, catalogue: &Catalogue) -> Application {
    let json = json!({ "items": vec![json!({}); items] });
    let document = Document::new("generated", json.to_string());
    Application::from_json(Json::from(json), &document, catalogue).expect("a good application")
}

/// Conditions over a few facts, from which generated rules are put together.
const ATOMS: [&str; 16] = [
    "exporter.us_person",
    "item.military_listed",
    "activity = \"export\"",
    "activity in (\"brokering\", \"transit\")",
    "destination in group(\"eu.customs\")",
    "not(destination in group(\"eu.arms_embargo\"))",
    "under(item.entries, \"5A001\")",
    "under(item.entries, \"4D004\")",
    "\"wmd\" in exporter.informed_of",
    "(some use in exporter.suspects satisfies use in (\"torture\", \"internal_repression\"))",
    "(some party in parties satisfies (party.role = \"end_user\" and party.type = \"police\"))",
    "(every party in parties satisfies party.country in group(\"eu.customs\"))",
    "item.value_eur >= 10000",
    "indicator(\"wgi.rule_of_law\") < -0.5",
    "risk.internal_repression_clear_risk",
    "define(\"covert\")",
];

const LEVELS: [&str; 5] = [
    "not_required",
    "general_authorisation",
    "notify",
    "licence_required",
    "prohibited",
];
const REVIEWS: [&str; 5] = [
    "favourable",
    "case_by_case",
    "special_caution",
    "presumption_of_denial",
    "must_refuse",
];

/// A condition of up to three atoms, of which one in so many is turned round.
pub fn condition(choices: &mut Choices, atoms: &[&str], turned: usize) -> String {
    let atom = |choices: &mut Choices| {
        let atom = choices.of(atoms);
        if choices.once_in(turned) {
            format!("not({atom})")
        } else {
            (*atom).to_owned()
        }
    };
    let first = atom(choices);
    match choices.below(4) {
        0 => first,
        1 => format!("{first} and {}", atom(choices)),
        2 => format!("{first} or {}", atom(choices)),
        _ => format!("{first} and ({} or {})", atom(choices), atom(choices)),
    }
}

/// The documents of a small ruleset: rules that require, review, flag, and exceptions to them. A rule
/// lifts only rules before it, so there is no cycle.
pub fn ruleset(choices: &mut Choices) -> JsonValue {
    let count = choices.below(6).saturating_add(2);
    let mut rules = serde_json::Map::new();
    let mut ids: Vec<String> = Vec::new();
    for at in 0..count {
        let id = format!("r{at}");
        let mut rule = json!({
            "id": id, "title": "A rule", "because": "It says so.",
            "citation": {"source": "act", "provision": format!("Article {at}"), "verified": true},
            "in_force": [{"from": choices.of(&["2015-01-01", "2021-09-09"])}],
            "when": condition(choices, &ATOMS, 4),
        });
        effect(choices, &mut rule, &ids);
        rules.insert(id.clone(), rule);
        ids.push(id);
    }
    json!({
        "id": "generated", "title": "Generated", "jurisdiction": "None", "standing": "law",
        "edition": "2026-01-01", "models_from": "2015-01-01",
        "applies": choices.of(&["not(item.military_listed)", "activity != \"transit\"", "true"]),
        "sources": {"act": {"title": "The Act", "url": "https://example.org/act", "verified": true}},
        "definitions": {"covert": {"title": "made for covert surveillance", "when": choices.of(&[
            "item.specially_designed_for_covert_surveillance",
            "item.specially_designed_for_covert_surveillance and \"intrusion\" in item.capabilities",
        ])}},
        "coverage": [{"source": "act", "provision": "Article 1", "status": "modelled", "rules": ids}],
        "rules": rules,
    })
}

fn effect(choices: &mut Choices, rule: &mut JsonValue, earlier: &[String]) {
    let Some(object) = rule.as_object_mut() else {
        return;
    };
    match choices.below(6) {
        3 | 4 if !earlier.is_empty() => {
            let first = choices.of(earlier);
            let second = choices.of(earlier);
            let lifted: BTreeSet<String> = [first, second].into_iter().collect();
            object.insert("lifts".to_owned(), json!(lifted));
            object.insert("leaves".to_owned(), json!(choices.of(&LEVELS[..3])));
        }
        5 => {
            object.insert("review".to_owned(), json!(choices.of(&REVIEWS)));
        }
        2 => {
            object.insert("flags".to_owned(), json!("Look closely."));
        }
        _ => {
            object.insert("requires".to_owned(), json!(choices.of(&LEVELS[1..])));
        }
    }
}

/// A ruleset from its one document.
///
/// # Panics
///
/// If it has a mistake.
#[expect(clippy::panic, reason = "what is generated is without mistakes")]
pub fn load(json: &JsonValue, library: &Library) -> Ruleset {
    let document = Document::new("generated", json.to_string());
    let files = RulesetFiles::from_assembled(&document);
    let loaded =
        files.and_then(|files| Ruleset::load(&files, &library.catalogue, &library.reference));
    loaded.unwrap_or_else(|problems| panic!("{problems}"))
}

/// A number from its text.
pub fn number(text: &str) -> Option<Value> {
    Decimal::parse(text).map(Value::Number)
}
