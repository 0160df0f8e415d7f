//! The bounds that a ruleset gives, as wires: one for each level that a bound reaches.

use super::circuit::{Circuit, Wire};
use super::kleene::Three;
use crate::ruleset::{Effect, Requirement, Review, Ruleset};

/// The truth of a ruleset's `applies` and of its rules, as in [`crate::screening::Evaluation`].
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) applies: Three,
    pub(super) holds: Vec<Three>,
    pub(super) stands: Vec<Three>,
}

/// Which levels each bound reaches, from the second level of its scale on.
#[derive(Clone, Debug)]
pub(super) struct Levels {
    /// What is certainly required.
    pub(super) requirement_least: Vec<Wire>,
    /// What may be required.
    pub(super) requirement_most: Vec<Wire>,
    /// The certain review; its first level is that there is one at all.
    pub(super) review_least: Vec<Wire>,
    /// The review that may be.
    pub(super) review_most: Vec<Wire>,
}

impl Levels {
    /// The law of the day is not modelled: nothing is certain.
    pub(super) fn open() -> Self {
        let requirements = Requirement::ALL.len().saturating_sub(1);
        Self {
            requirement_least: vec![Wire::OFF; requirements],
            requirement_most: vec![Wire::ON; requirements],
            review_least: vec![Wire::OFF; Review::ALL.len()],
            review_most: vec![Wire::ON; Review::ALL.len()],
        }
    }

    pub(super) fn scales(&self) -> [&Vec<Wire>; 4] {
        [
            &self.requirement_least,
            &self.requirement_most,
            &self.review_least,
            &self.review_most,
        ]
    }

    /// On where some bound is lower than another's.
    pub(super) fn lower_than(&self, other: &Self, circuit: &mut Circuit) -> Wire {
        let scales = self.scales().into_iter().zip(other.scales());
        let pairs = scales.flat_map(|(own, other)| own.iter().zip(other));
        let lower: Vec<Wire> = pairs
            .map(|(own, other)| circuit.both(!*own, *other))
            .collect();
        circuit.any(lower)
    }

    /// On where nothing is left open.
    pub(super) fn settled(&self, circuit: &mut Circuit) -> Wire {
        let [least, most, review_least, review_most] = self.scales();
        let pairs = least
            .iter()
            .chain(review_least)
            .zip(most.iter().chain(review_most));
        let equal: Vec<Wire> = pairs
            .map(|(least, most)| circuit.either(*least, !*most))
            .collect();
        circuit.all(equal)
    }
}

impl Circuit {
    /// Which rules stand: each after those that lift it.
    pub(super) fn standing(
        &mut self,
        ruleset: &Ruleset,
        applies: Three,
        holds: Vec<Three>,
    ) -> Standing {
        let mut stands = vec![Three::from(Wire::OFF); holds.len()];
        for at in &ruleset.order {
            let (Some(rule), Some(holds)) = (ruleset.rules.get(*at), holds.get(*at)) else {
                continue;
            };
            let lifted: Vec<Three> = rule
                .lifted_by
                .iter()
                .filter_map(|by| stands.get(*by).copied())
                .collect();
            let lifted = self.some(&lifted);
            let value = self.every(&[applies, *holds, !lifted]);
            if let Some(slot) = stands.get_mut(*at) {
                *slot = value;
            }
        }
        Standing {
            applies,
            holds,
            stands,
        }
    }

    /// The bounds that rules give, as [`crate::screening::Bounds`] has them.
    pub(super) fn levels(&mut self, ruleset: &Ruleset, standing: &Standing) -> Levels {
        let requirements: Vec<(Requirement, Three, Wire)> = self.requirements(ruleset, standing);
        let mut levels = Levels::open();
        for (at, level) in Requirement::ALL.into_iter().skip(1).enumerate() {
            let base = if level == Requirement::NotRequired {
                standing.applies
            } else {
                Three::from(Wire::OFF)
            };
            let most = requirements
                .iter()
                .filter(|(own, ..)| *own >= level)
                .map(|(_, three, _)| three.may);
            let most = self.any(most.chain([base.may]));
            let mut least = vec![base.is];
            for (rule, (own, three, certain)) in requirements.iter().enumerate() {
                if *own >= level {
                    least.push(three.is);
                    least.push(self.floor(ruleset, standing, rule, level, *certain));
                }
            }
            let least = self.any(least);
            put(&mut levels.requirement_least, at, least);
            put(&mut levels.requirement_most, at, most);
        }
        self.reviews(ruleset, standing, &mut levels);
        levels
    }

    /// For each rule the level that it raises to, whether it does, and whether it certainly holds.
    fn requirements(
        &mut self,
        ruleset: &Ruleset,
        standing: &Standing,
    ) -> Vec<(Requirement, Three, Wire)> {
        let rules = ruleset
            .rules
            .iter()
            .zip(&standing.stands)
            .zip(&standing.holds);
        let mut found = Vec::new();
        for ((rule, stands), holds) in rules {
            found.push(match &rule.effect {
                Effect::Requires(level) => {
                    (*level, *stands, self.both(standing.applies.is, holds.is))
                }
                Effect::Lifts(lifted, leaves) => {
                    let lifted: Vec<Three> = lifted
                        .iter()
                        .filter_map(|at| standing.holds.get(*at).copied())
                        .collect();
                    let lifted = self.some(&lifted);
                    (*leaves, self.every(&[*stands, lifted]), Wire::OFF)
                }
                _ => (Requirement::OutOfScope, Three::from(Wire::OFF), Wire::OFF),
            });
        }
        found
    }

    /// What a rule leaves for certain whose condition holds: where every exception that may stand leaves the
    /// level, or none may.
    fn floor(
        &mut self,
        ruleset: &Ruleset,
        standing: &Standing,
        rule: usize,
        level: Requirement,
        certain: Wire,
    ) -> Wire {
        let by = ruleset
            .rules
            .get(rule)
            .map(|rule| rule.lifted_by.as_slice())
            .unwrap_or_default();
        let lower = by.iter().filter(
            |by| match ruleset.rules.get(**by).map(|rule| &rule.effect) {
                Some(Effect::Lifts(_, leaves)) => *leaves < level,
                _ => false,
            },
        );
        let none: Vec<Wire> = lower
            .filter_map(|by| standing.stands.get(*by))
            .map(|stands| !stands.may)
            .collect();
        self.all(none.into_iter().chain([certain]))
    }

    fn reviews(&mut self, ruleset: &Ruleset, standing: &Standing, levels: &mut Levels) {
        let rules = ruleset.rules.iter().zip(&standing.stands);
        let reviews: Vec<(Review, Three)> = rules
            .filter_map(|(rule, stands)| match rule.effect {
                Effect::Review(level) => Some((level, *stands)),
                _ => None,
            })
            .collect();
        let certain = self.any(reviews.iter().map(|(_, stands)| stands.is));
        let favourable = reviews
            .iter()
            .filter(|(level, _)| *level == Review::Favourable);
        let favourable = self.any(favourable.map(|(_, stands)| stands.may));
        let licence = Requirement::ALL
            .iter()
            .skip(1)
            .position(|level| *level == Requirement::LicenceRequired);
        let needed = |scale: &[Wire]| {
            licence
                .and_then(|at| scale.get(at))
                .copied()
                .unwrap_or(Wire::OFF)
        };
        let (needed_least, needed_most) = (
            needed(&levels.requirement_least),
            needed(&levels.requirement_most),
        );
        for (at, level) in Review::ALL.into_iter().enumerate() {
            let reached = reviews.iter().filter(|(own, _)| *own >= level);
            let is = self.any(reached.clone().map(|(_, stands)| stands.is));
            let may = self.any(reached.map(|(_, stands)| stands.may));
            let silent = match level {
                Review::Favourable => !certain,
                Review::CaseByCase => self.both(!certain, !favourable),
                _ => Wire::OFF,
            };
            let least = self.either(is, silent);
            let silent = if level <= Review::CaseByCase {
                !certain
            } else {
                Wire::OFF
            };
            let most = self.any([is, silent, may]);
            put(&mut levels.review_least, at, self.both(needed_least, least));
            put(&mut levels.review_most, at, self.both(needed_most, most));
        }
    }
}

fn put(scale: &mut [Wire], at: usize, wire: Wire) {
    if let Some(slot) = scale.get_mut(at) {
        *slot = wire;
    }
}
