//! The facts that would settle an answer, most decisive first.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::answers::{Asked, Candidate, Classes, candidates, columns, constants};
use super::bounds::Bounds;
use super::environment::ItemEnvironment;
use super::evaluation::Evaluation;
use super::finding::{Finding, Stands};
use super::waiting::{Key, Waiting};
use crate::condition::Environment;
use crate::facts::{Field, Record, Truth, Type, Value};
use crate::ruleset::{Effect, MemberClass, Review};

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

/// One item's evaluation, asked again and again.
pub(super) struct Search<'s> {
    pub(super) environment: &'s ItemEnvironment<'s>,
    pub(super) evaluation: &'s Evaluation,
    pub(super) bounds: Bounds,
}

impl Search<'_> {
    /// All that is missing, most decisive first.
    pub(super) fn missing(&self, findings: &[Finding]) -> Vec<Missing> {
        let waiting = findings
            .iter()
            .filter(|finding| finding.stands == Stands::May);
        let waiting = waiting.map(|finding| (&finding.rule, &finding.trace));
        let open = Waiting(self.environment).open(waiting);
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

    fn ask(&self, key: &Key, rules: &[Arc<str>]) -> Option<(u64, Missing)> {
        let field = self.field(key)?;
        let tried = self.try_all(key, &field.ty);
        let decisive = tried.iter().any(|(_, bounds)| *bounds != self.bounds);
        let score = score(&tried);
        let missing = Missing {
            fact: Waiting(self.environment).name(key),
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

    fn try_all(&self, key: &Key, ty: &Type) -> Vec<(String, Bounds)> {
        let reading = &self.environment.ruleset.reading;
        let asked = Asked {
            key: key.observable(),
            ty,
            current: self.current(key),
            constants: constants(self.environment, &key.observable()),
            columns: if self.is_destination(key) {
                columns(self.environment)
            } else {
                Vec::new()
            },
        };
        let applies = reading.graph.reads(reading.applies, key.fact);
        let affected: Vec<usize> = if applies {
            (0..reading.rules.len()).collect()
        } else {
            reading.readers(key.fact).collect()
        };
        let candidates = candidates(self.environment, &asked);
        if !applies && self.is_as_open(self.environment, |rule| !affected.contains(&rule)) {
            let words = candidates.into_iter().map(|candidate| candidate.words);
            return words.map(|words| (words, self.bounds)).collect();
        }
        let known = self.environment.known_without(key.fact);
        let lead = |value| {
            let value = self.replaced(key, value);
            let environment = self.environment.changed(key.fact, value, known.again());
            if self.is_as_open(&environment, |_| true) {
                return self.bounds;
            }
            let evaluation = self.evaluation.changed(&environment, &affected, applies);
            if evaluation == *self.evaluation {
                self.bounds
            } else {
                Bounds::of(self.environment.ruleset, &evaluation)
            }
        };
        once_a_class(
            candidates,
            Classes::new(self.environment, &asked).as_ref(),
            lead,
        )
    }

    /// Whether as much is open as before: it is open whether the ruleset governs at all, so that nothing is
    /// certain, and some rule that is asked, and that asks for as much as any did, may still hold.
    fn is_as_open(
        &self,
        environment: &ItemEnvironment<'_>,
        is_asked: impl Fn(usize) -> bool,
    ) -> bool {
        let open = self.evaluation.applies == Truth::Unknown;
        if !open || environment.applies() != Truth::Unknown {
            return false;
        }
        let Bounds {
            requirement,
            review,
        } = self.bounds;
        let reached = |effect: Effect| {
            let rules = environment.ruleset.rules.iter().enumerate();
            let mut rules = rules.filter(|(at, rule)| {
                rule.effect == effect && self.evaluation.holds_at(*at).possibly() && is_asked(*at)
            });
            rules.any(|(at, _)| environment.holds(at).possibly())
        };
        reached(Effect::Requires(requirement.at_most))
            && match review.at_most {
                None | Some(Review::CaseByCase) => true,
                Some(level) => reached(Effect::Review(level)),
            }
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
}

/// Where each candidate leads; of candidates that the rules cannot tell apart one is tried.
fn once_a_class(
    candidates: Vec<Candidate>,
    classes: Option<&Classes<'_>>,
    lead: impl Fn(Value) -> Bounds,
) -> Vec<(String, Bounds)> {
    let mut tried: HashMap<MemberClass, Bounds> = HashMap::new();
    let each = candidates.into_iter().map(|candidate| {
        let class = classes.zip(candidate.member.as_deref());
        let leads_to = match class.map(|(classes, code)| classes.of(code)) {
            Some(class) => *tried.entry(class).or_insert_with(|| lead(candidate.value)),
            None => lead(candidate.value),
        };
        (candidate.words, leads_to)
    });
    each.collect()
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
