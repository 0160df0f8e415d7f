//! Rulesets: the norms of one instrument or jurisdiction, as data.
//!
//! A ruleset is a folder of JSON documents, assembled into one whose hash is its identity. Loading it
//! checks everything and reports every problem at once; a ruleset that loads can always be evaluated.

mod cases;
mod compile;
mod definitions;
mod levels;
mod library;
mod lints;
mod members;
mod names;
mod order;
mod parameters;
mod read;
mod reading;
mod rule;
mod sources;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use cases::merge;
pub use cases::{Case, Expectation, read_cases};
pub use definitions::{Definition, Meaning, Parameter};
pub use levels::{Requirement, Review};
pub use library::Library;
pub use members::{MemberClass, Members};
pub use names::RulesetNames;
pub(crate) use names::chart_group;
pub use reading::Reading;
pub use rule::{Citation, Effect, Rule};
pub use sources::RulesetFiles;

use crate::condition::Condition;
use crate::facts::Catalogue;
use crate::reference::Reference;
use crate::source::{Diagnostic, Problems};
use crate::time::Date;

/// An instrument that rules cite.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its title.
    pub title: Arc<str>,
    /// The name by which lawyers call it; else its title.
    pub short: Arc<str>,
    /// Where it can be read.
    pub url: Arc<str>,
    /// Whether its text was read.
    pub verified: bool,
}

/// How far a provision of an instrument is modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Modelled {
    /// In rules, in full.
    Modelled,
    /// In rules, in part.
    Partial,
    /// Named only.
    PointerOnly,
}

impl Modelled {
    /// The code in documents.
    pub fn code(self) -> &'static str {
        match self {
            Self::Modelled => "modelled",
            Self::Partial => "partial",
            Self::PointerOnly => "pointer_only",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Modelled, Self::Partial, Self::PointerOnly]
            .into_iter()
            .find(|status| status.code() == code)
    }
}

/// Whether a ruleset is law in force, or what somebody holds that law should ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Law, or the published policy of an authority.
    Law,
    /// A standard or an opinion: shown only where it is asked for, never mixed with law.
    Advisory,
}

/// One provision of an instrument, and how far it is modelled.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The instrument's key among the sources.
    pub source: Arc<str>,
    /// The provision.
    pub provision: Arc<str>,
    /// How far.
    pub status: Modelled,
    /// The rules that model it.
    pub rules: Vec<Arc<str>>,
    /// Why not in full.
    pub reason: Option<Arc<str>>,
}

/// A ruleset that has passed every check.
#[derive(Clone, Debug)]
pub struct Ruleset {
    /// Its id, such as `eu-dual-use`.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Whose law it is.
    pub jurisdiction: Arc<str>,
    /// Whether it is law.
    pub standing: Standing,
    /// The day of its latest text.
    pub edition: Date,
    /// The first day whose law is modelled; before it, nothing is certain.
    pub models_from: Date,
    /// Which exports it governs.
    pub applies: Condition,
    /// The instruments that it cites.
    pub sources: BTreeMap<Arc<str>, Source>,
    /// Named constants with dated values.
    pub parameters: BTreeMap<Arc<str>, Parameter>,
    /// Named conditions and decision tables; each after those that it rests on.
    pub definitions: Vec<Definition>,
    /// The rules in the order of their ids.
    pub rules: Vec<Rule>,
    /// Positions of the rules, each after those that lift it.
    pub order: Vec<usize>,
    /// Its conditions as one graph.
    pub reading: Reading,
    /// Every provision of its instruments.
    pub coverage: Vec<Coverage>,
    /// The facts that its conditions read: the catalogue and its own additions.
    pub catalogue: Arc<Catalogue>,
    /// SHA-256 of its canonical JSON.
    pub hash: String,
    /// What is allowed but should be looked at.
    pub warnings: Vec<Diagnostic>,
}

impl Ruleset {
    /// Reads, compiles and checks a ruleset.
    pub fn load(
        files: &RulesetFiles,
        catalogue: &Catalogue,
        reference: &Reference,
    ) -> Result<Self, Problems> {
        compile::load(files, catalogue, reference)
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.as_ref() == id)
    }

    /// A definition by its name.
    pub fn definition(&self, name: &str) -> Option<&Definition> {
        self.definitions
            .iter()
            .find(|definition| definition.name.as_ref() == name)
    }

    /// The rules of a provision that nobody has checked against the text.
    pub fn unverified<'r>(&'r self, provision: &'r Coverage) -> impl Iterator<Item = &'r Rule> {
        let rules = provision.rules.iter().filter_map(|id| self.rule(id));
        rules.filter(|rule| !rule.citation.verified)
    }

    /// Every day on which a rule or a parameter begins or ends, and the first day that is modelled.
    pub fn changes(&self) -> BTreeSet<Date> {
        let rules = self
            .rules
            .iter()
            .flat_map(|rule| rule.in_force.iter().copied());
        let values = self
            .parameters
            .values()
            .flat_map(|parameter| &parameter.values);
        let periods = rules.chain(values.map(|(period, ..)| *period));
        periods
            .flat_map(|period| [period.from, period.until])
            .flatten()
            .chain([self.models_from])
            .collect()
    }

    /// The names that its conditions may use.
    pub fn names<'r>(&'r self, reference: &'r Reference) -> RulesetNames<'r> {
        RulesetNames::new(&self.catalogue, reference, self)
    }
}
