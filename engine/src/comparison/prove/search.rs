//! Puts the question to the solver.

use super::circuit::{Circuit, Wire};
use super::domain::Space;
use super::draft::Draft;
use super::encode::{Encoder, Side};
use super::kleene::Three;
use super::levels::Levels;
use super::solver::Solver;
use super::witness::Confirm;
use super::{Never, Proof, Question, Unconfirmed, Verdict};
use crate::condition::{Graph, NodeId};
use crate::facts::{Application, Catalogue};
use crate::ruleset::{Reading, Ruleset};
use crate::screening::Probe;
use crate::source::{Document, Json};

/// Whether something never happens to any application, or else an application to which it does.
pub fn prove(question: &Question<'_>) -> Result<Proof, Unconfirmed> {
    let blank = blank(question.catalogue)?;
    let assumed = question
        .assume
        .map(|condition| Reading::of_condition(question.amended, condition));
    let mut search = Search::new(question, &blank, assumed.as_ref())?;
    let mut proof = Proof {
        never: question.never,
        assume: question.assume.map(|condition| condition.source().clone()),
        verdict: Verdict::Proved,
        variables: 0,
        classes: 0,
        bounds: search.encoder.space.bounds.clone(),
    };
    if let Some(classes) = search.encoder.classes() {
        (proof.variables, proof.classes) = classes.count();
    }
    if let Some((draft, settled)) = search.find() {
        let confirm = Confirm {
            question,
            blank: &blank,
            assumed: assumed.as_ref(),
            settled,
        };
        proof.verdict =
            Verdict::Refuted(Box::new(confirm.witness(draft, &mut search.encoder.space)?));
    }
    Ok(proof)
}

/// An application with one item that states nothing.
pub(super) fn blank(catalogue: &Catalogue) -> Result<Application, Unconfirmed> {
    let json = serde_json::json!({"items": [{}]});
    let document = Document::new("<blank>", json.to_string());
    Application::from_json(Json::from(json), &document, catalogue)
        .map_err(|problems| Unconfirmed(problems.to_string()))
}

struct Search<'q> {
    encoder: Encoder<'q>,
    /// What must hold of every application.
    demands: Vec<Wire>,
    /// What is looked for.
    happens: Wire,
    /// Both answers leave nothing open.
    settled: Wire,
    /// Nothing is prohibited, so that the review counts.
    allowed: Wire,
}

impl<'q> Search<'q> {
    fn new(
        question: &'q Question<'q>,
        blank: &'q Application,
        assumed: Option<&(Graph, NodeId)>,
    ) -> Result<Self, Unconfirmed> {
        let probe = |ruleset| {
            Probe::new(ruleset, question.reference, blank, question.dates)
                .ok_or_else(|| Unconfirmed("an application without items".to_owned()))
        };
        let probes = [probe(question.base)?, probe(question.amended)?];
        let rulesets = [question.base, question.amended];
        let mut space = Space::new(
            question.catalogue,
            question.reference,
            question.dates,
            question.members,
        );
        for (ruleset, probe) in rulesets.into_iter().zip(&probes) {
            space.observe_ruleset(ruleset, &conditions(ruleset, probe), probe);
        }
        if let Some(condition) = question.assume {
            space.observe(&condition.observed(), &probes[1]);
        }
        let mut encoder = Encoder::new(space);
        let walk = |encoder: &mut Encoder<'q>| {
            let sides: Vec<(Three, Vec<Three>)> = (0..)
                .zip(rulesets.into_iter().zip(&probes))
                .map(|(graph, (ruleset, probe))| truths(encoder, ruleset, Side { probe, graph }))
                .collect();
            let assumed = assumed.map(|(graph, id)| {
                let side = Side {
                    probe: &probes[1],
                    graph: 2,
                };
                encoder.truth(graph.term(*id), side, &mut Vec::new()).is
            });
            (sides, assumed.unwrap_or(Wire::ON))
        };
        walk(&mut encoder);
        encoder.classify();
        let (sides, assumed) = walk(&mut encoder);
        let circuit = &mut encoder.circuit;
        let mut levels = rulesets
            .into_iter()
            .zip(sides)
            .map(|(ruleset, (applies, holds))| {
                if question.dates.as_of < ruleset.models_from {
                    return Levels::open();
                }
                let standing = circuit.standing(ruleset, applies, holds);
                circuit.levels(ruleset, &standing)
            });
        let (Some(base), Some(amended)) = (levels.next(), levels.next()) else {
            return Err(Unconfirmed("no two rulesets".to_owned()));
        };
        drop(levels);
        let happens = happens(question.never, &base, &amended, circuit);
        let settled = [base.settled(circuit), amended.settled(circuit)];
        let settled = circuit.all(settled);
        let prohibited = [&base, &amended].map(|levels| levels.requirement_most.last().copied());
        let allowed = circuit.all(prohibited.into_iter().flatten().map(|wire| !wire));
        Ok(Self {
            encoder,
            demands: vec![assumed],
            happens,
            settled,
            allowed,
        })
    }

    /// An application to which it happens; rather one of which both answers leave nothing open.
    fn find(&mut self) -> Option<(Draft, bool)> {
        let circuit = &self.encoder.circuit;
        let mut solver = Solver::default();
        for demand in self
            .encoder
            .inputs
            .demands(&self.encoder.space, self.encoder.classes())
        {
            solver.demand(circuit, &demand);
        }
        for demand in self.demands.iter().chain([&self.happens]) {
            solver.demand(circuit, &[*demand]);
        }
        let settled = solver.can(circuit, &[self.settled, self.allowed])
            || solver.can(circuit, &[self.settled]);
        if !settled && !solver.can(circuit, &[]) {
            return None;
        }
        let classes = self.encoder.classes.as_ref()?;
        let found = self
            .encoder
            .inputs
            .found(&mut self.encoder.space, classes, &solver);
        Some((Draft::new(&found, self.encoder.space.catalogue), settled))
    }
}

/// The conditions that decide levels on the day.
pub(super) fn conditions(ruleset: &Ruleset, probe: &Probe<'_>) -> Vec<NodeId> {
    let rules = ruleset.rules.iter().zip(&ruleset.reading.rules).enumerate();
    rules
        .filter(|(at, (rule, _))| rule.effect.decides() && probe.is_in_force(*at))
        .map(|(_, (_, id))| *id)
        .collect()
}

/// Whether the ruleset governs, and which of its rules hold that decide levels.
pub(super) fn truths<'q>(
    encoder: &mut Encoder<'q>,
    ruleset: &Ruleset,
    side: Side<'_, 'q>,
) -> (Three, Vec<Three>) {
    let graph = &ruleset.reading.graph;
    let applies = encoder.truth(graph.term(ruleset.reading.applies), side, &mut Vec::new());
    let rules = ruleset.rules.iter().zip(&ruleset.reading.rules).enumerate();
    let holds = rules.map(|(at, (rule, id))| {
        if rule.effect.decides() && side.probe.is_in_force(at) {
            encoder.truth(graph.term(*id), side, &mut Vec::new())
        } else {
            Three::from(Wire::OFF)
        }
    });
    (applies, holds.collect())
}

fn happens(never: Never, base: &Levels, amended: &Levels, circuit: &mut Circuit) -> Wire {
    match never {
        Never::MoreLenient => amended.lower_than(base, circuit),
        Never::MoreStrict => base.lower_than(amended, circuit),
        Never::Different => {
            let either = [
                amended.lower_than(base, circuit),
                base.lower_than(amended, circuit),
            ];
            circuit.any(either)
        }
    }
}
