//! The shortest set of facts that settles an answer, and the smallest changes that would make it milder.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Unconfirmed;
use super::circuit::Wire;
use super::deep::{Looked, Subjected};
use super::domain::{Domain, Var};
use super::hitting::smallest;
use super::inputs::{Input, Instance};
use super::search::blank;
use super::stated::{Stated, Topic};
use crate::facts::{Application, ItemFacts, Value};
use crate::ruleset::Requirement;
use crate::screening::{Bounds, bounds};

/// What to ask about one item under one ruleset.
#[derive(Clone, Debug, Serialize)]
pub struct Questions {
    /// The number of the item's line.
    pub line: i64,
    /// What is known so far.
    pub now: Bounds,
    /// What the answers together settle.
    pub settles: Settles,
    /// The facts to ask for: answering all settles it, whatever the answers are, and no fact can be left out.
    pub ask: Vec<Ask>,
    /// Whether no shorter list does.
    pub shortest: bool,
    /// What would make the answer milder.
    pub instead: Vec<Instead>,
    /// What the search was bounded to.
    pub bounds: BTreeSet<String>,
}

/// What a set of answers settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Settles {
    /// It is settled already.
    Already,
    /// Requirement and review.
    All,
    /// The requirement; how it is reviewed stays open for some answers.
    Requirement,
    /// For some answers nothing settles it: a figure is missing that no table holds.
    Nothing,
}

/// A fact to ask for.
#[derive(Clone, Debug, Serialize)]
pub struct Ask {
    /// Its path, such as `parties[0].type`.
    pub fact: String,
    /// How to ask a person for it.
    pub question: String,
    /// For the first fact: what each answer leads to, and what is left to ask then.
    pub answers: Vec<Answered>,
}

/// Answers with one effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The answers.
    pub answers: Vec<String>,
    /// What is known then.
    pub leads_to: Bounds,
    /// What is left to ask then.
    pub then: Vec<String>,
}

/// Changes of facts that a party controls, after which less is required or the review is milder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Instead {
    /// The facts that would be otherwise, and what they would be.
    pub changes: BTreeMap<String, String>,
    /// What is found then.
    pub leads_to: Bounds,
}

/// The facts that a party controls, by how their names begin.
const CONTROLLED: [&str; 6] = [
    "safeguards",
    "parties",
    "transit",
    "item.",
    "end_use.",
    "assessment.",
];

/// At most so many facts are changed at once, and so many ways are told.
const CHANGES: usize = 3;
const WAYS: usize = 5;

/// For each item of an application what to ask, in what order, and what would be milder.
pub fn ask(
    subject: &Subjected<'_>,
    application: &Application,
) -> Result<Vec<Questions>, Unconfirmed> {
    let blank = blank(subject.catalogue)?;
    let items = application.items.iter().map(|item| {
        let mut alone = application.clone();
        alone.items = vec![item.clone()];
        Asking::new(subject, &blank, &alone, item)?.questions()
    });
    items.collect()
}

struct Asking<'s> {
    subject: &'s Subjected<'s>,
    application: &'s Application,
    item: &'s ItemFacts,
    looked: Looked<'s>,
    topics: Vec<Topic>,
    now: Bounds,
}

impl<'s> Asking<'s> {
    fn new(
        subject: &'s Subjected<'s>,
        blank: &'s Application,
        application: &'s Application,
        item: &'s ItemFacts,
    ) -> Result<Self, Unconfirmed> {
        let mut looked = Looked::new(subject, blank, Some(application))?;
        let instances: Vec<(Instance, Input)> = looked
            .encoder
            .inputs
            .iter()
            .map(|(one, input)| (one.clone(), input.clone()))
            .collect();
        let stated = Stated {
            subject,
            application,
            item,
        };
        let mut topics: Vec<Topic> = Vec::new();
        for (instance, input) in instances {
            if let Some(found) = stated.topic(&instance, &input, &mut looked) {
                match topics.iter_mut().find(|known| known.name == found.name) {
                    Some(known) => {
                        known.as_is = looked.encoder.circuit.both(known.as_is, found.as_is);
                        known.told = looked.encoder.circuit.both(known.told, found.told);
                        known.open |= found.open;
                        known.stated = false;
                    }
                    None => topics.push(found),
                }
            }
        }
        let now = bounds(
            application,
            subject.ruleset,
            subject.reference,
            subject.dates,
        );
        Ok(Self {
            subject,
            application,
            item,
            looked,
            topics,
            now,
        })
    }

    fn questions(mut self) -> Result<Questions, Unconfirmed> {
        let instead = self.instead()?;
        let (settles, chosen, shortest) = self.settle();
        let order = self.ranked();
        let mut chosen: Vec<usize> = chosen.into_iter().collect();
        let place = |asking: &Self, at: &usize| {
            let name = asking
                .topics
                .get(*at)
                .map(|subject| subject.name.as_str())
                .unwrap_or_default();
            order
                .iter()
                .position(|known| known == name)
                .unwrap_or(usize::MAX)
        };
        chosen.sort_by_cached_key(|at| place(&self, at));
        let answers = match chosen.first() {
            Some(first) if settles != Settles::Nothing => self.answers(*first, &chosen, settles),
            _ => Vec::new(),
        };
        let ask = chosen.iter().enumerate().filter_map(|(at, subject)| {
            let subject = self.topics.get(*subject)?;
            Some(Ask {
                fact: subject.name.clone(),
                question: subject.question.clone(),
                answers: if at == 0 { answers.clone() } else { Vec::new() },
            })
        });
        Ok(Questions {
            line: self.item.line,
            now: self.now,
            settles,
            ask: ask.collect(),
            shortest,
            instead,
            bounds: self.looked.encoder.space.bounds.clone(),
        })
    }

    /// The names of missing facts as screening ranks them.
    fn ranked(&self) -> Vec<String> {
        let found = crate::screening::screen(
            self.application,
            &[self.subject.ruleset],
            self.subject.reference,
            self.subject.dates,
        );
        let items = found.rulesets.iter().flat_map(|ruleset| &ruleset.items);
        items
            .flat_map(|item| &item.missing)
            .map(|missing| missing.fact.clone())
            .collect()
    }

    /// What can be settled, and the shortest set of facts that does.
    fn settle(&mut self) -> (Settles, BTreeSet<usize>, bool) {
        if self.now.is_settled() {
            return (Settles::Already, BTreeSet::new(), true);
        }
        let open: BTreeSet<usize> = (0..self.topics.len())
            .filter(|at| self.is_open(*at))
            .collect();
        for settles in [Settles::All, Settles::Requirement] {
            let target = self.target(settles);
            if self.suffices(&open, &[], target) {
                let (chosen, shortest) = self.shortest(&open, target);
                return (settles, chosen, shortest);
            }
        }
        (Settles::Nothing, open, false)
    }

    fn is_open(&self, at: usize) -> bool {
        self.topics.get(at).is_some_and(|subject| subject.open)
    }

    /// On where something stays open.
    fn target(&mut self, settles: Settles) -> Wire {
        let circuit = &mut self.looked.encoder.circuit;
        match settles {
            Settles::Requirement => {
                let levels = &self.looked.levels;
                let pairs = levels
                    .requirement_least
                    .iter()
                    .zip(&levels.requirement_most);
                let equal: Vec<Wire> = pairs
                    .map(|(least, most)| circuit.either(*least, !*most))
                    .collect();
                !circuit.all(equal)
            }
            _ => !self.looked.levels.settled(circuit),
        }
    }

    /// Whether telling these facts settles it, whatever the answers are and while all else stays as it is.
    fn suffices(&mut self, told: &BTreeSet<usize>, also: &[Wire], unsettled: Wire) -> bool {
        let wires = self.topics.iter().enumerate();
        let wires = wires.map(|(at, subject)| {
            if told.contains(&at) {
                subject.told
            } else {
                subject.as_is
            }
        });
        let wires: Vec<Wire> = wires
            .chain(also.iter().copied())
            .chain([unsettled])
            .collect();
        !self.looked.can(&wires)
    }

    /// The shortest set that suffices: every set that does not leaves something that must be asked beside it.
    fn shortest(&mut self, open: &BTreeSet<usize>, unsettled: Wire) -> (BTreeSet<usize>, bool) {
        let mut beside: Vec<BTreeSet<usize>> = Vec::new();
        loop {
            let (chosen, is_smallest) = smallest(&beside);
            if self.suffices(&chosen, &[], unsettled) {
                return if is_smallest {
                    (chosen, true)
                } else {
                    (self.pruned(&chosen, &[], unsettled), false)
                };
            }
            let mut grown = chosen;
            for at in open {
                if grown.insert(*at) && self.suffices(&grown, &[], unsettled) {
                    grown.remove(at);
                }
            }
            beside.push(open.difference(&grown).copied().collect());
        }
    }

    /// The same set without what is not needed.
    fn pruned(
        &mut self,
        chosen: &BTreeSet<usize>,
        also: &[Wire],
        unsettled: Wire,
    ) -> BTreeSet<usize> {
        let mut left = chosen.clone();
        for at in chosen.iter().rev() {
            left.remove(at);
            if !self.suffices(&left, also, unsettled) {
                left.insert(*at);
            }
        }
        left
    }

    /// What each answer to a question leads to, and what is left to ask then.
    fn answers(&mut self, first: usize, chosen: &[usize], settles: Settles) -> Vec<Answered> {
        let unsettled = self.target(settles);
        let rest: BTreeSet<usize> = chosen.iter().copied().filter(|at| *at != first).collect();
        let mut found: Vec<Answered> = Vec::new();
        for (words, value, wire) in self.values(first) {
            let Some(subject) = self.topics.get(first).cloned() else {
                continue;
            };
            let told = Stated {
                subject: self.subject,
                application: self.application,
                item: self.item,
            }
            .with(&subject.instance, &value);
            let leads_to = bounds(
                &told,
                self.subject.ruleset,
                self.subject.reference,
                self.subject.dates,
            );
            let mut asked = rest.clone();
            asked.insert(first);
            let left = self.pruned_but(&asked, first, &[wire], unsettled);
            let then: Vec<String> = chosen
                .iter()
                .filter(|at| left.contains(at))
                .filter_map(|at| self.topics.get(*at))
                .map(|one| one.name.clone())
                .collect();
            match found
                .iter_mut()
                .find(|known| known.leads_to == leads_to && known.then == then)
            {
                Some(known) => known.answers.push(words),
                None => found.push(Answered {
                    answers: vec![words],
                    leads_to,
                    then,
                }),
            }
        }
        found
    }

    fn pruned_but(
        &mut self,
        asked: &BTreeSet<usize>,
        keep: usize,
        also: &[Wire],
        unsettled: Wire,
    ) -> BTreeSet<usize> {
        let mut left = asked.clone();
        for at in asked.iter().rev().filter(|at| **at != keep) {
            left.remove(at);
            if !self.suffices(&left, also, unsettled) {
                left.insert(*at);
            }
        }
        left.remove(&keep);
        left
    }

    /// One answer of each class to a question, in words, with its wire.
    fn values(&mut self, at: usize) -> Vec<(String, Value, Wire)> {
        let Some(subject) = self.topics.get(at).cloned() else {
            return Vec::new();
        };
        let instance = &subject.instance;
        if !matches!(instance.0, Var::Fact(_)) && !subject.name.contains('[') {
            return Vec::new();
        }
        let input = self
            .looked
            .encoder
            .inputs
            .iter()
            .find(|(known, _)| *known == instance)
            .map(|(_, input)| input.clone());
        let (Some(Input::Values(wires)), Some(classes)) = (input, self.looked.encoder.classes())
        else {
            return Vec::new();
        };
        let Some(Domain::Values(values)) = self.looked.encoder.space.known(&instance.0) else {
            return Vec::new();
        };
        let each = classes
            .of(&instance.0)
            .iter()
            .zip(wires)
            .filter_map(|(class, wire)| {
                let value = class
                    .first()
                    .and_then(|at| values.get(*at))
                    .filter(|value| !value.is_unknown())?;
                let others = class.len().saturating_sub(1);
                let words = if others > 0 {
                    format!("{value} and {others} alike")
                } else {
                    value.to_string()
                };
                Some((words, value.clone(), wire))
            });
        each.collect()
    }

    /// The smallest changes of what a party controls that make the answer milder.
    fn instead(&mut self) -> Result<Vec<Instead>, Unconfirmed> {
        let milder = self.milder();
        let controlled: Vec<usize> = (0..self.topics.len())
            .filter(|at| self.is_controlled(*at))
            .collect();
        let mut fixed = vec![milder];
        let mut changed: Vec<Wire> = Vec::new();
        for at in 0..self.topics.len() {
            let Some(subject) = self.topics.get(at).cloned() else {
                continue;
            };
            if controlled.contains(&at) {
                fixed.push(
                    self.looked
                        .encoder
                        .circuit
                        .either(subject.as_is, subject.known),
                );
                changed.push(!subject.as_is);
            } else {
                fixed.push(subject.as_is);
            }
        }
        let mut found: Vec<Instead> = Vec::new();
        let mut blocks: Vec<Wire> = Vec::new();
        for count in 1..=CHANGES {
            let few = !self.looked.encoder.circuit.more_than(&changed, count);
            loop {
                let wires: Vec<Wire> = fixed.iter().chain(&blocks).copied().chain([few]).collect();
                if found.len() >= WAYS || !self.looked.can(&wires) {
                    break;
                }
                let own: Vec<usize> = controlled
                    .iter()
                    .zip(&changed)
                    .filter(|(_, wire)| self.looked.solver.is_on(**wire))
                    .map(|(at, _)| *at)
                    .collect();
                found.push(self.way(&own)?);
                let again: Vec<Wire> = controlled
                    .iter()
                    .zip(&changed)
                    .filter(|(at, _)| own.contains(at))
                    .map(|(_, wire)| *wire)
                    .collect();
                blocks.push(!self.looked.encoder.circuit.all(again));
            }
        }
        Ok(found)
    }

    fn is_controlled(&self, at: usize) -> bool {
        let name = self
            .topics
            .get(at)
            .map(|subject| subject.name.as_str())
            .unwrap_or_default();
        let stated = self.topics.get(at).is_some_and(|subject| subject.stated);
        stated && CONTROLLED.iter().any(|prefix| name.starts_with(prefix))
    }

    /// On where less may be required than now, or the review may be milder and no more may be required.
    fn milder(&mut self) -> Wire {
        let circuit = &mut self.looked.encoder.circuit;
        let levels = &self.looked.levels;
        let reaches = |level: usize| match level.checked_sub(1) {
            Some(at) => levels
                .requirement_most
                .get(at)
                .copied()
                .unwrap_or(Wire::OFF),
            None => Wire::ON,
        };
        let now = Requirement::ALL
            .iter()
            .position(|level| *level == self.now.requirement.at_most)
            .unwrap_or(0);
        let less = !reaches(now);
        let review = self
            .now
            .review
            .at_most
            .and_then(|review| levels.review_most.get(review as usize).copied());
        let milder = circuit.both(
            !reaches(now.saturating_add(1)),
            review.map_or(Wire::OFF, |wire| !wire),
        );
        circuit.either(less, milder)
    }

    /// What the solver changed, confirmed by screening.
    fn way(&mut self, changed: &[usize]) -> Result<Instead, Unconfirmed> {
        let Some(classes) = self.looked.encoder.classes.as_ref() else {
            return Err(Unconfirmed("no classes".to_owned()));
        };
        let found = self.looked.encoder.inputs.found(
            &mut self.looked.encoder.space,
            classes,
            &self.looked.solver,
        );
        let mut application = self.application.clone();
        let mut new = BTreeMap::new();
        for at in changed {
            let Some(subject) = self.topics.get(*at) else {
                continue;
            };
            let value = found
                .get(&subject.instance)
                .cloned()
                .unwrap_or(Value::Unknown);
            let item = application.items.first().cloned();
            let Some(item) = item else { continue };
            let stated = Stated {
                subject: self.subject,
                application: &application,
                item: &item,
            };
            let next = stated.with(&subject.instance, &value);
            new.insert(subject.name.clone(), value.to_string());
            application = next;
        }
        let leads_to = bounds(
            &application,
            self.subject.ruleset,
            self.subject.reference,
            self.subject.dates,
        );
        let milder = leads_to.requirement.at_most < self.now.requirement.at_most
            || (leads_to.requirement.at_most == self.now.requirement.at_most
                && leads_to.review.at_most < self.now.review.at_most);
        if !milder {
            return Err(Unconfirmed(format!(
                "changes that screening does not find milder: {new:?}"
            )));
        }
        Ok(Instead {
            changes: new,
            leads_to,
        })
    }
}
