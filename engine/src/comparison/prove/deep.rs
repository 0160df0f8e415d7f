//! What a ruleset can never say: rules that never stand, conditions that never vary, facts that decide nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use super::Unconfirmed;
use super::circuit::Wire;
use super::domain::{Space, Var};
use super::draft::Draft;
use super::encode::{Encoder, Side};
use super::inputs::Input;
use super::levels::{Levels, Standing};
use super::search::{blank, truths};
use super::solver::Solver;
use crate::condition::Reference as Kind;
use crate::facts::{Application, Catalogue, Value};
use crate::reference::Reference;
use crate::ruleset::{Effect, Requirement, Ruleset};
use crate::screening::{Brief, Probe, brief};
use crate::time::Dates;

/// All that a search over all possible applications finds odd about one ruleset.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Deep {
    /// What was found.
    pub oddities: Vec<Oddity>,
    /// What the search was bounded to.
    pub bounds: BTreeSet<String>,
}

/// Something that may be meant, and may be a mistake.
#[derive(Clone, Debug, Serialize)]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// The rule, rules, definition or fact.
    pub about: Vec<Arc<str>>,
    /// An application that shows it, where one can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Json>,
}

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OddityKind {
    /// The rule's condition holds for no application that the ruleset governs.
    NeverHolds,
    /// The rule's condition holds for every application that the ruleset governs.
    AlwaysHolds,
    /// The rule holds for some applications, and another lifts it for each.
    AlwaysLifted,
    /// No condition uses the definition.
    Unused,
    /// One application is prohibited and yet covered by a general authorisation.
    Contradiction,
    /// Whatever the fact is, requirement and review are the same.
    DecidesNothing,
    /// The ruleset governs an application about which all is known, and no rule speaks.
    Gap,
}

impl OddityKind {
    /// Words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::NeverHolds => "no application that is governed can meet the condition",
            Self::AlwaysHolds => "every application that is governed meets the condition",
            Self::AlwaysLifted => "wherever the rule holds, another lifts it",
            Self::Unused => "no condition uses the definition",
            Self::Contradiction => {
                "one application is prohibited and covered by a general authorisation"
            }
            Self::DecidesNothing => "the fact decides no requirement and no review",
            Self::Gap => "an application is governed, and no rule speaks of it",
        }
    }
}

/// A ruleset with the data that it is searched with.
#[derive(Clone, Copy, Debug)]
pub struct Subjected<'a> {
    /// The ruleset.
    pub ruleset: &'a Ruleset,
    /// All facts.
    pub catalogue: &'a Catalogue,
    /// The reference data.
    pub reference: &'a Reference,
    /// The days whose law and data apply.
    pub dates: Dates,
    /// How many members a list has at most.
    pub members: usize,
}

/// How many members of a list are searched for one application: as many as its parties or its places of transit are,
/// and at least two.
pub fn members(application: &Application, catalogue: &Catalogue) -> usize {
    let lists = ["parties", "transit"].map(|path| catalogue.by_path(path));
    let lists = lists.into_iter().flatten();
    let lengths = lists.map(|id| match application.fact(id) {
        Value::List(members) => members.len(),
        _ => 0,
    });
    lengths.max().unwrap_or(0).max(2)
}

/// Searches all possible applications for what is odd about a ruleset.
pub fn deep(subject: &Subjected<'_>) -> Result<Deep, Unconfirmed> {
    let blank = blank(subject.catalogue)?;
    let mut looked = Looked::new(subject, &blank, None)?;
    let mut found = Deep {
        oddities: unused(subject.ruleset),
        bounds: looked.encoder.space.bounds.clone(),
    };
    looked.rules(&mut found)?;
    looked.contradictions(&mut found)?;
    looked.gap(&mut found)?;
    looked.idle(&mut found);
    Ok(found)
}

/// Definitions that nothing uses.
fn unused(ruleset: &Ruleset) -> Vec<Oddity> {
    let mut used: BTreeSet<&Arc<str>> = BTreeSet::new();
    let applies = ruleset.applies.observed();
    let own = ruleset.rules.iter().map(|rule| rule.when.observed());
    let observed: Vec<_> = own.chain([applies]).collect();
    let mut open: Vec<Arc<str>> = Vec::new();
    for observed in &observed {
        let names = observed
            .references
            .iter()
            .filter(|(kind, _)| *kind == Kind::Definition);
        open.extend(names.map(|(_, name)| Arc::clone(name)));
    }
    while let Some(name) = open.pop() {
        let Some(definition) = ruleset.definition(&name) else {
            continue;
        };
        if used.insert(&definition.name) {
            let names = definition.observed.references.iter();
            let names = names.filter(|(kind, _)| *kind == Kind::Definition);
            open.extend(names.map(|(_, name)| Arc::clone(name)));
        }
    }
    let unused = ruleset
        .definitions
        .iter()
        .filter(|one| !used.contains(&one.name));
    unused
        .map(|definition| Oddity {
            kind: OddityKind::Unused,
            about: vec![Arc::clone(&definition.name)],
            witness: None,
        })
        .collect()
}

/// A ruleset as a circuit.
pub(super) struct Looked<'s> {
    subject: &'s Subjected<'s>,
    blank: &'s Application,
    pub(super) encoder: Encoder<'s>,
    standing: Standing,
    pub(super) levels: Levels,
    pub(super) solver: Solver,
}

impl<'s> Looked<'s> {
    /// The classes of a variable's values.
    pub(super) fn classes_of(&self, var: &Var) -> Vec<Vec<usize>> {
        let classes = self.encoder.classes();
        classes.map_or_else(Vec::new, |classes| classes.of(var).to_vec())
    }

    /// With the values that an application states told apart from others, if one is given.
    pub(super) fn new(
        subject: &'s Subjected<'s>,
        blank: &'s Application,
        stated: Option<&Application>,
    ) -> Result<Self, Unconfirmed> {
        let probe = Probe::new(subject.ruleset, subject.reference, blank, subject.dates);
        let probe = probe.ok_or_else(|| Unconfirmed("an application without items".to_owned()))?;
        let mut space = Space::new(
            subject.catalogue,
            subject.reference,
            subject.dates,
            subject.members,
        );
        let conditions = super::search::conditions(subject.ruleset, &probe);
        space.observe_ruleset(subject.ruleset, &conditions, &probe);
        stated
            .into_iter()
            .for_each(|application| space.state(application));
        let mut encoder = Encoder::new(space);
        let side = Side {
            probe: &probe,
            graph: 0,
        };
        truths(&mut encoder, subject.ruleset, side);
        encoder.classify();
        let (applies, holds) = truths(&mut encoder, subject.ruleset, side);
        let standing = encoder.circuit.standing(subject.ruleset, applies, holds);
        let levels = if subject.dates.as_of < subject.ruleset.models_from {
            Levels::open()
        } else {
            encoder.circuit.levels(subject.ruleset, &standing)
        };
        let mut solver = Solver::default();
        for demand in encoder.inputs.demands(&encoder.space, encoder.classes()) {
            solver.demand(&encoder.circuit, &demand);
        }
        Ok(Self {
            subject,
            blank,
            encoder,
            standing,
            levels,
            solver,
        })
    }

    pub(super) fn can(&mut self, wires: &[Wire]) -> bool {
        self.solver.can(&self.encoder.circuit, wires)
    }

    /// What the solver found last, shortened for as long as it shows the same.
    fn witness(&mut self, shows: impl Fn(&Brief) -> bool) -> Result<Json, Unconfirmed> {
        let Some(classes) = self.encoder.classes.as_ref() else {
            return Err(Unconfirmed("no classes".to_owned()));
        };
        let found = self
            .encoder
            .inputs
            .found(&mut self.encoder.space, classes, &self.solver);
        let mut draft = Draft::new(&found, self.subject.catalogue);
        let Subjected {
            ruleset,
            catalogue,
            reference,
            dates,
            ..
        } = self.subject;
        let holds = |draft: &Draft| {
            let application = draft.application(self.blank, catalogue);
            shows(&brief(&application, &[*ruleset], reference, *dates))
        };
        if !holds(&draft) {
            let json = draft.json(catalogue);
            return Err(Unconfirmed(format!(
                "the search found an application that screening does not bear out: {json}"
            )));
        }
        while let Some(shorter) = draft.shorter().into_iter().find(|shorter| holds(shorter)) {
            draft = shorter;
        }
        Ok(draft.json(catalogue))
    }

    /// Rules that can never hold, always hold, or are always lifted.
    fn rules(&mut self, found: &mut Deep) -> Result<(), Unconfirmed> {
        let rules = self.subject.ruleset.rules.iter().enumerate();
        for (at, rule) in rules
            .filter(|(_, rule)| rule.effect.decides() && rule.is_in_force(self.subject.dates.as_of))
        {
            let (Some(holds), Some(stands)) = (
                self.standing.holds.get(at).copied(),
                self.standing.stands.get(at).copied(),
            ) else {
                continue;
            };
            let governs = self.standing.applies.is;
            let kind = if !self.can(&[governs, holds.is]) {
                OddityKind::NeverHolds
            } else if !self.can(&[governs, !holds.is]) {
                OddityKind::AlwaysHolds
            } else if !self.can(&[stands.is]) {
                OddityKind::AlwaysLifted
            } else {
                continue;
            };
            let witness = match kind {
                OddityKind::AlwaysLifted => {
                    self.can(&[governs, holds.is]);
                    let id = Arc::clone(&rule.id);
                    Some(self.witness(|brief| !brief.stands.contains(&id))?)
                }
                _ => None,
            };
            found.oddities.push(Oddity {
                kind,
                about: vec![Arc::clone(&rule.id)],
                witness,
            });
        }
        Ok(())
    }

    /// A prohibition and a general authorisation that stand at once.
    fn contradictions(&mut self, found: &mut Deep) -> Result<(), Unconfirmed> {
        let rules: Vec<(usize, Arc<str>, Option<bool>)> = self
            .subject
            .ruleset
            .rules
            .iter()
            .enumerate()
            .map(|(at, rule)| (at, Arc::clone(&rule.id), prohibits(&rule.effect)))
            .collect();
        let banned: Vec<_> = rules
            .iter()
            .filter(|(_, _, kind)| *kind == Some(true))
            .collect();
        let free: Vec<_> = rules
            .iter()
            .filter(|(_, _, kind)| *kind == Some(false))
            .collect();
        for (one, ban, _) in &banned {
            for (other, freedom, _) in &free {
                let wires: Vec<Wire> = [one, other]
                    .iter()
                    .filter_map(|at| self.standing.stands.get(**at))
                    .map(|stands| stands.is)
                    .collect();
                let lifts = self.lifts_something(*other);
                let wires: Vec<Wire> = wires.into_iter().chain([lifts]).collect();
                if !self.can(&wires) {
                    continue;
                }
                let witness = self.witness(|brief| {
                    brief.stands.contains(ban) && brief.stands.contains(freedom)
                })?;
                found.oddities.push(Oddity {
                    kind: OddityKind::Contradiction,
                    about: vec![Arc::clone(ban), Arc::clone(freedom)],
                    witness: Some(witness),
                });
            }
        }
        Ok(())
    }

    /// On where some rule that an exception lifts certainly holds.
    fn lifts_something(&mut self, at: usize) -> Wire {
        let lifted = match self.subject.ruleset.rules.get(at).map(|rule| &rule.effect) {
            Some(Effect::Lifts(lifted, _)) => lifted.as_slice(),
            _ => return Wire::ON,
        };
        let holds: Vec<Wire> = lifted
            .iter()
            .filter_map(|at| self.standing.holds.get(*at))
            .map(|holds| holds.is)
            .collect();
        self.encoder.circuit.any(holds)
    }

    /// An application of which all is known that decides, which is governed, and of which no rule speaks.
    fn gap(&mut self, found: &mut Deep) -> Result<(), Unconfirmed> {
        let least = self
            .levels
            .requirement_least
            .first()
            .copied()
            .unwrap_or(Wire::OFF);
        let more = self
            .levels
            .requirement_most
            .get(1)
            .copied()
            .unwrap_or(Wire::ON);
        let holds: Vec<Wire> = self.standing.holds.iter().map(|holds| !holds.may).collect();
        let silent = self
            .encoder
            .circuit
            .all(holds.into_iter().chain([least, !more]));
        if self.can(&[silent]) {
            let witness = self.witness(|brief| {
                brief.bounds.requirement.at_least == Requirement::NotRequired
                    && brief.bounds.requirement.at_most == Requirement::NotRequired
            })?;
            found.oddities.push(Oddity {
                kind: OddityKind::Gap,
                about: Vec::new(),
                witness: Some(witness),
            });
        }
        Ok(())
    }

    /// Facts that change no level, whatever they are: every level is the same where they are unknown.
    fn idle(&mut self, found: &mut Deep) {
        let mut facts: BTreeMap<Var, Vec<Input>> = BTreeMap::new();
        for ((var, _), input) in self.encoder.inputs.iter() {
            facts.entry(var.clone()).or_default().push(input.clone());
        }
        let levels: Vec<Wire> = self
            .levels
            .scales()
            .into_iter()
            .flatten()
            .copied()
            .collect();
        for (var, inputs) in facts {
            let unknown: BTreeMap<u32, bool> = inputs.iter().flat_map(unknown).collect();
            let circuit = &mut self.encoder.circuit;
            let without = circuit.fixed(&levels, &unknown);
            let pairs = levels.iter().zip(without);
            let differs: Vec<Wire> = pairs
                .map(|(one, other)| circuit.differ(*one, other))
                .collect();
            let differs = circuit.any(differs);
            if !self.can(&[differs]) {
                found.oddities.push(Oddity {
                    kind: OddityKind::DecidesNothing,
                    about: vec![self.encoder.space.name(&var).into()],
                    witness: None,
                });
            }
        }
    }
}

/// Whether a rule prohibits, or is a general authorisation; neither, or something else.
fn prohibits(effect: &Effect) -> Option<bool> {
    match effect {
        Effect::Requires(Requirement::Prohibited) => Some(true),
        Effect::Requires(Requirement::GeneralAuthorisation)
        | Effect::Lifts(_, Requirement::GeneralAuthorisation) => Some(false),
        _ => None,
    }
}

/// The inputs of a variable that is unknown.
fn unknown(input: &Input) -> Vec<(u32, bool)> {
    match input {
        Input::Values(wires) => {
            let at = wires.iter().enumerate();
            at.map(|(at, wire)| (wire.gate, at == 0)).collect()
        }
        Input::Set { known, .. } => vec![(known.gate, false)],
    }
}
