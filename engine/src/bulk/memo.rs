//! What of a record an answer can depend on, and the answers that were given.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::answer::{Answer, Class, Record};
use crate::facts::{FactId, ItemFacts, Scope, Value};
use crate::reference::entry_facts;
use crate::ruleset::{Library, Ruleset};
use crate::time::Dates;

/// Tells everything that a determination can depend on, and keeps each answer once.
///
/// Two records with one key have one answer, exactly. With rulesets and reference data fixed, screening
/// reads of a record: the two dates; the facts that stand in conditions of rules, definitions and
/// `applies`; the destination, for figures and the country chart; the parties whole, for lists of
/// parties; the stated control entries; and of a customs code only its first six digits, and those
/// only where the correlation knows them. The key holds all of these. Numbers, descriptions, quantities
/// and values that no condition reads are left out, as is the line's number: the columns of a table
/// show none of them.
#[derive(Debug)]
pub(super) struct Memo {
    application: Vec<FactId>,
    item: Vec<FactId>,
    hs: Option<FactId>,
    correlated: BTreeSet<Arc<str>>,
    answers: Vec<Arc<Answer>>,
    classes: HashMap<Vec<String>, Class>,
}

/// Everything that an answer can depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    dates: Dates,
    application: Vec<Value>,
    items: Vec<Vec<Value>>,
}

impl Memo {
    /// One for rulesets, without an answer yet.
    pub(super) fn new(library: &Library, rulesets: &[&Ruleset]) -> Self {
        let catalogue = &library.catalogue;
        let parts = rulesets.iter().flat_map(|set| set.reading.graph.atoms());
        let mut read: BTreeSet<FactId> = parts.flat_map(|(_, reads)| reads).copied().collect();
        read.extend(
            ["destination", "parties"]
                .map(|path| catalogue.by_path(path))
                .into_iter()
                .flatten(),
        );
        read.extend(entry_facts(catalogue).map(|(id, _)| id));
        let is_item = |id: &FactId| {
            catalogue
                .fact(*id)
                .is_some_and(|fact| fact.scope == Scope::Item)
        };
        let (item, application) = read.into_iter().partition(is_item);
        let correlation = library.reference.correlation.iter();
        Self {
            application,
            item,
            hs: catalogue.by_path("item.hs"),
            correlated: correlation.map(|(hs, _)| Arc::clone(hs)).collect(),
            answers: Vec::new(),
            classes: HashMap::new(),
        }
    }

    /// The key of a record.
    pub(super) fn key(&self, record: &Record) -> Key {
        let application = &record.application;
        let facts = self.application.iter();
        Key {
            dates: record.dates,
            application: facts.map(|id| application.fact(*id).clone()).collect(),
            items: application
                .items
                .iter()
                .map(|item| self.item(item))
                .collect(),
        }
    }

    fn item(&self, item: &ItemFacts) -> Vec<Value> {
        let facts = self.item.iter().map(|id| item.fact(*id).clone());
        facts.chain([self.heading(item)]).collect()
    }

    /// The first six digits of the customs code, where the correlation knows them.
    fn heading(&self, item: &ItemFacts) -> Value {
        let hs = self.hs.map(|id| item.fact(id));
        let six = hs.and_then(Value::as_text).and_then(|hs| hs.get(..6));
        let known = six.and_then(|six| self.correlated.get(six));
        known.map_or(Value::Unknown, |six| Value::Text(Arc::clone(six)))
    }

    /// The class of an answer.
    pub(super) fn class_of(&mut self, answer: Answer) -> Class {
        let next = Class(u32::try_from(self.answers.len()).unwrap_or(u32::MAX));
        let class = *self.classes.entry(answer.cells.clone()).or_insert(next);
        if class == next {
            self.answers.push(Arc::new(answer));
        }
        class
    }

    /// The answer of a class; that all is open, if there is no such class.
    pub(super) fn answer(&self, class: Class) -> Arc<Answer> {
        let known = self.answers.get(class.number());
        known.map_or_else(|| Arc::new(Answer::open()), Arc::clone)
    }
}
