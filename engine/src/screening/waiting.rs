//! What rules that may stand wait for.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::environment::ItemEnvironment;
use super::finding::told;
use super::missing::Missing;
use super::used::{Provenance, one};
use crate::condition::{Observable, Read, Trace};
use crate::facts::{FactId, Truth, Value};

/// What one missing fact is: a fact, or a field of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) fact: FactId,
    pub(super) member: Option<(usize, Arc<str>)>,
}

impl Key {
    pub(super) fn observable(&self) -> Observable {
        Observable {
            fact: self.fact,
            field: self.member.as_ref().map(|(_, field)| Arc::clone(field)),
        }
    }
}

/// Finds what left conditions of one item open.
pub(super) struct Waiting<'w>(pub(super) &'w ItemEnvironment<'w>);

/// What left conditions open: facts, and figures that nobody can be asked for.
#[derive(Default)]
pub(super) struct Open {
    pub(super) keys: Vec<(Key, Vec<Arc<str>>)>,
    pub(super) figures: Vec<Missing>,
}

impl Waiting<'_> {
    /// The names of the facts that left a part of a condition open.
    pub(super) fn facts(&self, part: &Trace) -> BTreeSet<String> {
        let mut open = Open::default();
        self.collect(part, &"".into(), &mut open);
        open.keys.iter().map(|(key, _)| self.name(key)).collect()
    }

    /// The names of the figures that a part of a condition rests on and that no table holds.
    pub(super) fn figures(&self, part: &Trace) -> BTreeSet<String> {
        let mut open = Open::default();
        let rule = "".into();
        for read in told(part).into_iter().filter(|read| is_open(read)) {
            self.figure(read, &rule, &mut open);
        }
        open.figures.into_iter().map(|figure| figure.fact).collect()
    }

    /// What left rules open, given with their traces.
    pub(super) fn open<'w>(
        &self,
        waiting: impl Iterator<Item = (&'w Arc<str>, &'w Arc<Trace>)>,
    ) -> Open {
        let mut open = Open::default();
        let applies = self.0.trace_of_applies();
        self.collect(&applies, &"applies".into(), &mut open);
        let mut seen = HashSet::new();
        for (rule, trace) in waiting {
            self.collect(trace, rule, &mut open);
            let unknown = told(trace).into_iter().filter(|read| is_open(read));
            for read in unknown.filter(|read| seen.insert(*read)) {
                self.figure(read, rule, &mut open);
            }
        }
        open
    }

    /// The reads that left a trace open: those of unknown parts below unknown parts.
    fn collect(&self, trace: &Trace, rule: &Arc<str>, open: &mut Open) {
        if !trace.value.is_unknown() {
            return;
        }
        for key in trace.reads.iter().filter_map(|read| self.key(read)) {
            open.add(key, rule);
        }
        trace
            .children
            .iter()
            .for_each(|child| self.collect(child, rule, open));
    }

    /// What to ask for where a read left something open.
    fn key(&self, read: &Read) -> Option<Key> {
        let fact = |path| self.0.ruleset.catalogue.by_path(path);
        let member = |fact, index, field| Key {
            fact,
            member: Some((index, field)),
        };
        let whole = |fact| Key { fact, member: None };
        match read {
            Read::Fact(fact, value) if !value.is_settled() && !has_records(value) => {
                Some(whole(*fact))
            }
            Read::Member(Some(list), index, field, value) if !value.is_settled() => {
                Some(member(*list, *index, Arc::clone(field)))
            }
            Read::Listed(index, _, truth) if !truth.certainly() => {
                Some(member(fact("parties")?, *index, "listed_on".into()))
            }
            Read::Indicator(_, None, _) | Read::Charted(..) if self.0.destination().is_none() => {
                Some(whole(fact("destination")?))
            }
            _ => None,
        }
    }

    /// A figure or membership that no table holds for the day: nobody can be asked, but it is told.
    fn figure(&self, read: &Read, rule: &Arc<str>, open: &mut Open) {
        let Some(used) = one(read, self.0).filter(|used| !used.known) else {
            return;
        };
        let Provenance::Table { table, .. } = &used.provenance else {
            return;
        };
        let known = open.figures.iter().any(|missing| missing.fact == used.name);
        if table == "hs_correlation" || known {
            return;
        }
        let dates = self.0.dates;
        let day = if table == "groups" {
            dates.as_of
        } else {
            dates.known_at
        };
        open.figures.push(Missing {
            question: format!(
                "The table {table} does not tell this for {day}: look it up with its publisher."
            ),
            fact: used.name,
            label: used.label,
            decisive: false,
            rules: vec![Arc::clone(rule)],
            answers: Vec::new(),
        });
    }

    pub(super) fn name(&self, key: &Key) -> String {
        let fact = self.0.ruleset.catalogue.fact(key.fact);
        let path = fact.map_or("", |fact| &fact.field.name);
        match &key.member {
            None => path.to_owned(),
            Some((index, field)) => format!("{path}[{index}].{field}"),
        }
    }
}

/// Whether a read found something that is not known.
fn is_open(read: &Read) -> bool {
    match read {
        Read::Group(_, _, truth) | Read::Charted(_, truth) | Read::Listed(_, _, truth) => {
            *truth == Truth::Unknown
        }
        Read::Indicator(_, _, value) => value.is_unknown(),
        Read::Fact(..) | Read::Member(..) | Read::Parameter(..) => false,
    }
}

/// Whether a list holds parties or the like: they are asked for by the fields of each.
fn has_records(value: &Value) -> bool {
    let is_record = |item: &Value| matches!(item, Value::Record(_));
    matches!(value, Value::List(items) if items.iter().any(is_record))
}

impl Open {
    fn add(&mut self, key: Key, rule: &Arc<str>) {
        match self.keys.iter_mut().find(|(known, _)| *known == key) {
            // A rule's reads come one after the other.
            Some((_, rules)) if rules.last() == Some(rule) => {}
            Some((_, rules)) => rules.push(Arc::clone(rule)),
            None => self.keys.push((key, vec![Arc::clone(rule)])),
        }
    }
}
