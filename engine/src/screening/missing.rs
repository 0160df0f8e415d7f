//! The facts that would settle an answer, most decisive first.

use std::sync::Arc;

use serde::Serialize;

use super::answers::{Asked, Candidate, candidates, columns, constants};
use super::bounds::Bounds;
use super::environment::ItemEnvironment;
use super::evaluation::Evaluation;
use super::finding::{Stands, Traced};
use super::used::Provenance;
use crate::condition::{Environment, Observable, Observed, Read, Reference as Kind, Trace};
use crate::facts::{FactId, Field, Record, Type, Value};
use crate::ruleset::{Review, Ruleset};

/// A fact that is not known and could change the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Its path, such as `exporter.informed_of` or `parties[0].type`; for a figure its name.
    pub fact: String,
    /// What it is.
    pub label: String,
    /// How to ask a person for it; what to look up for a figure.
    pub question: String,
    /// Whether an answer to this alone changes what is required or how it is reviewed.
    pub decisive: bool,
    /// The rules that wait for it.
    pub rules: Vec<Arc<str>>,
    /// What its answers lead to. Empty where it cannot be answered by a person.
    pub answers: Vec<Answer>,
}

/// Answers that lead to one and the same result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The answers, in words.
    pub answers: Vec<String>,
    /// Where they lead.
    pub leads_to: Bounds,
}

/// What one missing fact is: a fact, or a field of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    fact: FactId,
    member: Option<(usize, Arc<str>)>,
}

impl Key {
    fn observable(&self) -> Observable {
        Observable {
            fact: self.fact,
            field: self.member.as_ref().map(|(_, field)| Arc::clone(field)),
        }
    }
}

/// One item's evaluation, asked again and again.
pub(super) struct Search<'s> {
    pub(super) environment: &'s ItemEnvironment<'s>,
    pub(super) evaluation: &'s Evaluation,
    pub(super) bounds: Bounds,
}

impl Search<'_> {
    /// All that is missing, most decisive first.
    pub(super) fn missing(&self, findings: &[Traced]) -> Vec<Missing> {
        let open = self.open(findings);
        let mut ranked: Vec<(u64, Missing)> = Vec::new();
        for (key, rules) in &open.keys {
            ranked.extend(self.ask(key, rules));
        }
        ranked.sort_by(|(one, a), (other, b)| {
            b.decisive
                .cmp(&a.decisive)
                .then(one.cmp(other))
                .then(b.rules.len().cmp(&a.rules.len()))
        });
        ranked
            .into_iter()
            .map(|(_, missing)| missing)
            .chain(open.figures)
            .collect()
    }

    /// The names of all that is missing, without asking what would follow.
    pub(super) fn names(&self, findings: &[Traced]) -> Vec<String> {
        let open = self.open(findings);
        let asked = open.keys.iter().map(|(key, _)| self.name(key));
        asked
            .chain(open.figures.into_iter().map(|missing| missing.fact))
            .collect()
    }

    fn open(&self, findings: &[Traced]) -> Open {
        let mut open = Open::default();
        let applies = self.environment.ruleset.applies.trace(self.environment);
        if applies.value.is_unknown() {
            self.collect(&applies, &"applies".into(), &mut open);
        }
        for traced in findings
            .iter()
            .filter(|traced| traced.finding.stands == Stands::May)
        {
            self.collect(&traced.trace, &traced.finding.rule, &mut open);
            self.figures(traced, &mut open);
        }
        open
    }

    /// The reads that left a trace open: those of unknown parts below unknown parts.
    fn collect(&self, trace: &Trace, rule: &Arc<str>, open: &mut Open) {
        if !trace.value.is_unknown() {
            return;
        }
        for read in &trace.reads {
            match read {
                Read::Fact(fact, value) if !value.is_settled() => {
                    open.add_fact(*fact, value, rule);
                }
                Read::Member(Some(list), index, field, value) if !value.is_settled() => {
                    open.add(
                        Key {
                            fact: *list,
                            member: Some((*index, Arc::clone(field))),
                        },
                        rule,
                    );
                }
                Read::Listed(index, _, truth) if !truth.certainly() => {
                    if let Some(fact) = self.environment.ruleset.catalogue.by_path("parties") {
                        open.add(
                            Key {
                                fact,
                                member: Some((*index, "listed_on".into())),
                            },
                            rule,
                        );
                    }
                }
                Read::Indicator(_, None, _) | Read::Charted(..)
                    if self.environment.destination().is_none() =>
                {
                    if let Some(fact) = self.environment.ruleset.catalogue.by_path("destination") {
                        open.add(Key { fact, member: None }, rule);
                    }
                }
                _ => {}
            }
        }
        trace
            .children
            .iter()
            .for_each(|child| self.collect(child, rule, open));
    }

    /// Figures and memberships that no table holds for the day: nobody can be asked, but they are told.
    fn figures(&self, traced: &Traced, open: &mut Open) {
        for used in traced.finding.facts.iter().filter(|used| !used.known) {
            let Provenance::Table { table, .. } = &used.provenance else {
                continue;
            };
            if table == "hs_correlation"
                || open.figures.iter().any(|missing| missing.fact == used.name)
            {
                continue;
            }
            let dates = self.environment.dates;
            let day = if table == "groups" {
                dates.as_of
            } else {
                dates.known_at
            };
            open.figures.push(Missing {
                fact: used.name.clone(),
                label: used.label.clone(),
                question: format!(
                    "The table {table} does not tell this for {day}: look it up with its publisher."
                ),
                decisive: false,
                rules: vec![Arc::clone(&traced.finding.rule)],
                answers: Vec::new(),
            });
        }
    }

    fn ask(&self, key: &Key, rules: &[Arc<str>]) -> Option<(u64, Missing)> {
        let field = self.field(key)?;
        let tried = self.try_all(key, &field.ty);
        let decisive = tried.iter().any(|(_, bounds)| *bounds != self.bounds);
        let score = score(&tried);
        let missing = Missing {
            fact: self.name(key),
            label: field.label.to_string(),
            question: field.question.to_string(),
            decisive,
            rules: rules.to_vec(),
            answers: grouped(tried),
        };
        Some((score, missing))
    }

    fn field(&self, key: &Key) -> Option<&Field> {
        let catalogue = &self.environment.ruleset.catalogue;
        let fact = catalogue.fact(key.fact)?;
        match &key.member {
            None => Some(&fact.field),
            Some((_, name)) => catalogue
                .record_of(&fact.field.notation)?
                .fields
                .iter()
                .find(|field| field.name == *name),
        }
    }

    fn name(&self, key: &Key) -> String {
        let fact = self.environment.ruleset.catalogue.fact(key.fact);
        let path = fact.map_or("", |fact| &fact.field.name);
        match &key.member {
            None => path.to_owned(),
            Some((index, field)) => format!("{path}[{index}].{field}"),
        }
    }

    fn try_all(&self, key: &Key, ty: &Type) -> Vec<(String, Bounds)> {
        let asked = Asked {
            ty,
            current: self.current(key),
            constants: constants(self.environment, &key.observable()),
            columns: if self.is_destination(key) {
                columns(self.environment)
            } else {
                Vec::new()
            },
        };
        let (affected, applies) = self.affected(key);
        let by_destination = self.is_destination(key);
        let defined = self
            .environment
            .defined(|definition| !observes(&definition.observed, key, by_destination));
        let tried =
            candidates(self.environment, &asked)
                .into_iter()
                .map(|Candidate { words, value }| {
                    let value = self.replaced(key, value);
                    let environment = self.environment.changed(key.fact, value, defined.clone());
                    let evaluation = self.evaluation.changed(&environment, &affected, applies);
                    (words, Bounds::of(self.environment.ruleset, &evaluation))
                });
        tried.collect()
    }

    fn current(&self, key: &Key) -> Value {
        let value = self.environment.fact(key.fact);
        match (&key.member, &value) {
            (Some((index, field)), Value::List(items)) => match items.get(*index) {
                Some(Value::Record(record)) => record.field(field),
                _ => Value::Unknown,
            },
            _ => value,
        }
    }

    /// The value of the whole fact once the part that is asked for is known.
    fn replaced(&self, key: &Key, value: Value) -> Value {
        let (Some((index, name)), Value::List(items)) =
            (&key.member, self.environment.fact(key.fact))
        else {
            return value;
        };
        let changed = items.iter().enumerate().map(|(at, item)| match item {
            Value::Record(record) if at == *index => {
                let fields = record.fields.iter().map(|(known, old)| {
                    (
                        Arc::clone(known),
                        if known == name {
                            value.clone()
                        } else {
                            old.clone()
                        },
                    )
                });
                Value::Record(Arc::new(Record {
                    index: record.index,
                    fields: fields.collect(),
                }))
            }
            item => item.clone(),
        });
        Value::List(changed.collect())
    }

    fn is_destination(&self, key: &Key) -> bool {
        self.environment.ruleset.catalogue.by_path("destination") == Some(key.fact)
    }

    fn affected(&self, key: &Key) -> (Vec<usize>, bool) {
        let ruleset = self.environment.ruleset;
        let by_destination = self.is_destination(key);
        let reads = |observed: &Observed| observes(observed, key, by_destination);
        let applies = reads(&ruleset.applies.observed()) || applies_through(ruleset, reads);
        let rules = ruleset
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| applies || reads(&rule.observed));
        (rules.map(|(at, _)| at).collect(), applies)
    }
}

fn observes(observed: &Observed, key: &Key, by_destination: bool) -> bool {
    let through_destination = |(kind, _): &(Kind, Arc<str>)| {
        by_destination && matches!(kind, Kind::Indicator | Kind::Column)
    };
    observed.facts.keys().any(|known| known.fact == key.fact)
        || observed.references.iter().any(through_destination)
}

/// Whether the condition of application reads a fact through a definition.
fn applies_through(ruleset: &Ruleset, reads: impl Fn(&Observed) -> bool) -> bool {
    let observed = ruleset.applies.observed();
    let defined = observed
        .references
        .iter()
        .filter(|(kind, _)| *kind == Kind::Definition);
    defined
        .filter_map(|(_, name)| ruleset.definition(name))
        .any(|definition| reads(&definition.observed))
}

#[derive(Default)]
struct Open {
    keys: Vec<(Key, Vec<Arc<str>>)>,
    figures: Vec<Missing>,
}

impl Open {
    /// Adds a fact; a list of parties is asked for by the fields of each.
    fn add_fact(&mut self, fact: FactId, value: &Value, rule: &Arc<str>) {
        let is_record = |item: &Value| matches!(item, Value::Record(_));
        if !matches!(value, Value::List(items) if items.iter().any(is_record)) {
            self.add(Key { fact, member: None }, rule);
        }
    }

    fn add(&mut self, key: Key, rule: &Arc<str>) {
        match self.keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, rules)) if rules.contains(rule) => {}
            Some((_, rules)) => rules.push(Arc::clone(rule)),
            None => self.keys.push((key, vec![Arc::clone(rule)])),
        }
    }
}

/// How open the answers leave the result, on average; the fewer the better.
fn score(tried: &[(String, Bounds)]) -> u64 {
    let open: u64 = tried.iter().map(|(_, bounds)| openness(bounds)).sum();
    let count = u64::try_from(tried.len()).unwrap_or(u64::MAX);
    open.saturating_mul(1_000)
        .checked_div(count)
        .unwrap_or(u64::MAX)
}

fn openness(bounds: &Bounds) -> u64 {
    let span = |least: u64, most: u64| most.saturating_sub(least);
    let requirement = span(
        bounds.requirement.at_least as u64,
        bounds.requirement.at_most as u64,
    );
    let level =
        |review: Option<Review>| review.map_or(0, |review| (review as u64).saturating_add(1));
    let review = span(level(bounds.review.at_least), level(bounds.review.at_most));
    requirement.saturating_mul(6).saturating_add(review)
}

/// Answers that lead to the same bounds, together.
fn grouped(tried: Vec<(String, Bounds)>) -> Vec<Answer> {
    let mut found: Vec<Answer> = Vec::new();
    for (words, leads_to) in tried {
        match found.iter_mut().find(|answer| answer.leads_to == leads_to) {
            Some(answer) => answer.answers.push(words),
            None => found.push(Answer {
                answers: vec![words],
                leads_to,
            }),
        }
    }
    found
}
