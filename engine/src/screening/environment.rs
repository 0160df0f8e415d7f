//! What a ruleset's conditions read for one item on one day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::condition::{Environment, Known, NodeId, Problem, ProblemSet, Trace};
use crate::facts::{
    Application, Catalogue, CodeSet, FactId, ItemFacts, PartSet, Record, Scope, Truth, Type, Value,
};
use crate::reference::{ENTRY_SETS, Listing, Reference, entry_facts, entry_list};
use crate::ruleset::{Ruleset, chart_group};
use crate::time::Dates;

/// The facts of one item with the law and the data of one day.
#[derive(Debug)]
pub struct ItemEnvironment<'a> {
    pub(super) ruleset: &'a Ruleset,
    pub(super) reference: &'a Reference,
    pub(super) application: &'a Application,
    pub(super) item: &'a ItemFacts,
    pub(super) dates: Dates,
    entries: Vec<(FactId, Value)>,
    above: Arc<Above>,
    changed: Vec<(FactId, Value)>,
    above_changed: Above,
    known: Known,
}

/// Control entries with all that they stand under, themselves too.
type Above = BTreeMap<Arc<str>, Vec<Arc<str>>>;

impl<'a> ItemEnvironment<'a> {
    /// An item of an application, on a day.
    pub fn new(
        ruleset: &'a Ruleset,
        reference: &'a Reference,
        application: &'a Application,
        item: &'a ItemFacts,
        dates: Dates,
    ) -> Self {
        let entries = effective_entries(&ruleset.catalogue, reference, item, dates);
        Self {
            ruleset,
            reference,
            application,
            item,
            dates,
            above: Arc::new(above(&ruleset.catalogue, &entries)),
            entries,
            changed: Vec::new(),
            above_changed: Above::new(),
            known: Known::new(&ruleset.reading.graph),
        }
    }

    /// What is known of the item whatever value one fact has.
    pub(super) fn known_without(&self, id: FactId) -> Known {
        self.known.without(&self.ruleset.reading.graph, id)
    }

    /// The same item if one fact had another value, with what is known of it whatever the value is.
    pub(super) fn changed(&self, id: FactId, value: Value, known: Known) -> Self {
        self.with([(id, value)], known)
    }

    /// The same item if facts had other values, with what is known of it whatever these are.
    pub(super) fn with(
        &self,
        values: impl IntoIterator<Item = (FactId, Value)>,
        known: Known,
    ) -> Self {
        let values = values.into_iter();
        let changed: Vec<(FactId, Value)> = values
            .map(|(id, value)| (id, self.effective(id, value)))
            .collect();
        let is_entries = |(id, _): &&(FactId, Value)| self.entries.iter().any(|(one, _)| one == id);
        let entries: Vec<(FactId, Value)> = changed.iter().filter(is_entries).cloned().collect();
        Self {
            ruleset: self.ruleset,
            reference: self.reference,
            application: self.application,
            item: self.item,
            dates: self.dates,
            entries: self.entries.clone(),
            above: Arc::clone(&self.above),
            above_changed: above(&self.ruleset.catalogue, &entries),
            changed,
            known,
        }
    }

    /// Whether a rule is in force on the day.
    pub(super) fn is_in_force(&self, rule: usize) -> bool {
        let rule = self.ruleset.rules.get(rule);
        rule.is_some_and(|rule| rule.is_in_force(self.dates.as_of))
    }

    /// Whether the ruleset governs the export.
    pub(super) fn applies(&self) -> Truth {
        self.truth(self.ruleset.reading.applies)
    }

    /// Whether the condition of a rule holds.
    pub(super) fn holds(&self, rule: usize) -> Truth {
        let id = self.ruleset.reading.rules.get(rule);
        id.map_or(Truth::Unknown, |id| self.truth(*id))
    }

    /// The truth of a condition, or of a part of one.
    pub(super) fn truth(&self, id: NodeId) -> Truth {
        self.ruleset.reading.graph.truth(id, self, &self.known)
    }

    /// How it came about that the ruleset governs the export, or does not.
    pub(super) fn trace_of_applies(&self) -> Arc<Trace> {
        self.trace(self.ruleset.reading.applies)
    }

    /// How the value of a rule's condition came about.
    pub(super) fn trace_of_rule(&self, rule: usize) -> Arc<Trace> {
        match self.ruleset.reading.rules.get(rule) {
            Some(id) => self.trace(*id),
            None => Arc::new(Trace::leaf("", Value::Unknown)),
        }
    }

    /// The parts of conditions that the truth of one rests on; of those that were seen before, none.
    pub(super) fn rests_on(&self, id: NodeId, seen: &mut BTreeSet<NodeId>) -> Vec<NodeId> {
        let graph = &self.ruleset.reading.graph;
        graph.rests_on(id, self, &self.known, seen)
    }

    /// How the truth of a part of a condition came about.
    pub(super) fn trace(&self, id: NodeId) -> Arc<Trace> {
        self.ruleset.reading.graph.trace(id, self, &self.known)
    }

    /// The problems in the data that kept a rule's condition from having a value.
    pub(super) fn problems(&self, rule: usize) -> ProblemSet {
        let reading = &self.ruleset.reading;
        let id = reading.rules.get(rule);
        id.map(|id| reading.graph.problems(*id, &self.known))
            .unwrap_or_default()
    }

    /// One of the item's entries with all that it stands under.
    fn line(&self, code: &str) -> Option<&Vec<Arc<str>>> {
        let changed = self.above_changed.get(code);
        changed.or_else(|| self.above.get(code))
    }

    /// The value as a condition reads it once it is stated: of control entries only those in force.
    fn effective(&self, id: FactId, value: Value) -> Value {
        let fact = self.ruleset.catalogue.fact(id);
        let list = fact.and_then(|fact| match &fact.field.ty {
            Type::Set(set) => entry_list(set),
            _ => None,
        });
        match (list, value) {
            (Some(list), Value::Set(set)) => {
                Value::Set(Arc::new(in_force(&set, list, self.reference, self.dates)))
            }
            (_, value) => value,
        }
    }

    /// Whether a code of a set may be stated on the day: a control entry that was in no list may not.
    pub(super) fn may_state(&self, set: &str, code: &str) -> bool {
        entry_list(set).is_none_or(|list| {
            let entries = &self.reference.entries;
            entries.in_force(list, code, self.dates.as_of).possibly()
        })
    }

    /// The destination's code, if it is known.
    pub(super) fn destination(&self) -> Option<Arc<str>> {
        let id = self.ruleset.catalogue.by_path("destination")?;
        match self.fact(id) {
            Value::Text(code) => Some(code),
            _ => None,
        }
    }

    /// The listing in the reference data by which a party is matched to a list.
    pub(super) fn listing_of(&self, index: usize, list: &str) -> Option<&'a Listing> {
        let id = self.ruleset.catalogue.by_path("parties")?;
        let Value::List(parties) = self.fact(id) else {
            return None;
        };
        let Some(Value::Record(party)) = parties.get(index) else {
            return None;
        };
        let (name, country) = (party.field("name"), party.field("country"));
        self.reference
            .listings
            .find(list, name.as_text()?, country.as_text(), self.dates.as_of)
            .1
    }
}

impl Environment for ItemEnvironment<'_> {
    fn fact(&self, id: FactId) -> Value {
        let mut told = self.changed.iter().chain(&self.entries);
        if let Some((_, value)) = told.find(|(known, _)| *known == id) {
            return value.clone();
        }
        match self.ruleset.catalogue.fact(id).map(|fact| fact.scope) {
            Some(Scope::Item) => self.item.fact(id).clone(),
            _ => self.application.fact(id).clone(),
        }
    }

    fn group(&self, country: &str, group: &str) -> Truth {
        let group = self.reference.groups.get(group);
        group.map_or(Truth::Unknown, |group| {
            group.membership(country, self.dates).0
        })
    }

    fn indicator(&self, name: &str, country: Option<&str>) -> Value {
        let country = country.map(Arc::from).or_else(|| self.destination());
        let figure = country
            .zip(self.reference.indicators.get(name))
            .and_then(|(country, series)| series.latest(&country, self.dates));
        figure.map_or(Value::Unknown, |figure| Value::Number(figure.value.clone()))
    }

    fn parameter(&self, name: &str) -> Value {
        self.ruleset
            .parameters
            .get(name)
            .map_or(Value::Unknown, |parameter| parameter.on(self.dates.as_of))
    }

    fn definition(&self, name: &str) -> Value {
        let graph = &self.ruleset.reading.graph;
        graph.definition(name, self, &self.known)
    }

    fn definition_trace(&self, name: &str) -> Trace {
        let graph = &self.ruleset.reading.graph;
        graph.definition_trace(name, self, &self.known)
    }

    fn charted(&self, column: &str) -> Truth {
        self.destination().map_or(Truth::Unknown, |code| {
            self.group(&code, &chart_group(column))
        })
    }

    fn listed(&self, party: &Record, list: &str) -> Truth {
        let stated = match party.field("listed_on") {
            Value::Set(lists) => lists.any(|code| code == list),
            _ => Truth::Unknown,
        };
        let country = party.field("country");
        let found = party
            .field("name")
            .as_text()
            .map_or(Truth::Unknown, |name| {
                self.reference
                    .listings
                    .find(list, name, country.as_text(), self.dates.as_of)
                    .0
            });
        match (stated, found) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, _) => Truth::False,
            (Truth::Unknown, found) => found,
        }
    }

    fn is_under(&self, code: &str, ancestor: &str) -> bool {
        match self.line(code) {
            Some(line) => line.iter().any(|above| above.as_ref() == ancestor),
            None => stands_under(&self.ruleset.catalogue, code, ancestor),
        }
    }

    fn is_under_any(&self, code: &str, ancestors: &[Value]) -> bool {
        let mut ancestors = ancestors.iter().filter_map(Value::as_text);
        match self.line(code) {
            Some(line) => ancestors.any(|one| line.iter().any(|above| above.as_ref() == one)),
            None => ancestors.any(|one| stands_under(&self.ruleset.catalogue, code, one)),
        }
    }

    fn problem(&self, problem: Problem) {
        self.known.note(problem.into());
    }
}

fn entry_sets(catalogue: &Catalogue) -> impl Iterator<Item = &CodeSet> {
    let sets = ENTRY_SETS.iter();
    sets.filter_map(|(set, _)| catalogue.code_set(set))
}

/// The entries of an item with all that they stand under: conditions ask for it again and again.
fn above(catalogue: &Catalogue, entries: &[(FactId, Value)]) -> Above {
    let sets = entries.iter().filter_map(|(_, value)| match value {
        Value::Set(set) => Some(set),
        _ => None,
    });
    let codes = sets.flat_map(|set| set.members().map(|(code, _)| code));
    codes
        .map(|code| {
            let lines = entry_sets(catalogue).flat_map(|set| set.line(code));
            let above: BTreeSet<&str> = lines.collect();
            (Arc::clone(code), above.into_iter().map(Arc::from).collect())
        })
        .collect()
}

/// Whether a code that is not the item's own is another, or stands under it.
fn stands_under(catalogue: &Catalogue, code: &str, ancestor: &str) -> bool {
    entry_sets(catalogue).any(|set| set.is_under(code, ancestor))
}

/// The control entries of an item on a day: those that were not in force are dropped; where none is
/// stated, those that its customs code may cover are possible.
fn effective_entries(
    catalogue: &Catalogue,
    reference: &Reference,
    item: &ItemFacts,
    dates: Dates,
) -> Vec<(FactId, Value)> {
    let hs = catalogue.by_path("item.hs").map(|id| item.fact(id).clone());
    let hs = hs.as_ref().and_then(Value::as_text);
    let mut found = Vec::new();
    for (id, list) in entry_facts(catalogue) {
        let value = match item.fact(id) {
            Value::Set(stated) => Value::Set(Arc::new(in_force(stated, list, reference, dates))),
            _ => hs
                .and_then(|hs| may_cover(hs, list, reference))
                .map_or(Value::Unknown, |set| {
                    Value::Set(Arc::new(in_force(&set, list, reference, dates)))
                }),
        };
        found.push((id, value));
    }
    found
}

fn in_force(set: &PartSet, list: &str, reference: &Reference, dates: Dates) -> PartSet {
    let mut effective = PartSet {
        open: set.open,
        ..PartSet::default()
    };
    for (code, certain) in set.members() {
        let members = match reference
            .entries
            .in_force(list, code, dates.as_of)
            .and(if certain { Truth::True } else { Truth::Unknown })
        {
            Truth::True => &mut effective.certain,
            Truth::Unknown => &mut effective.possible,
            Truth::False => continue,
        };
        members.insert(Arc::clone(code));
    }
    effective
}

/// The entries that a customs code may cover. Unless an official correlation names them all, there may be others.
fn may_cover(hs: &str, list: &str, reference: &Reference) -> Option<PartSet> {
    let covers = reference.correlation.entries(hs, list)?;
    Some(PartSet {
        possible: covers.iter().map(|cover| Arc::clone(&cover.code)).collect(),
        open: covers.is_empty() || covers.iter().any(|cover| !cover.verified),
        ..PartSet::default()
    })
}
