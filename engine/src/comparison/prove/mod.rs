//! Proof: whether two rulesets can treat any application differently, over all classes of all facts.
//!
//! Conditions become circuits of three-valued truths. What single parts say of each value of the facts
//! that they read is asked of the evaluator and put into tables (`tabulate`, `table`); values that no
//! table tells apart are one class (`classes`), and each class of each fact, unknown too, is a free
//! wire (`inputs`). Rules, lifts and bounds are gates on top (`levels`). A solver looks for inputs that
//! make a bound of one ruleset lower than that of the other. What it finds is written as an
//! application, shortened, and screened with both before anybody sees it (`witness`).
//!
//! An application here has one item. The bounds of several are the worst of each, so what holds of one
//! holds of several.

mod ask;
mod circuit;
mod classes;
mod deep;
mod domain;
mod draft;
mod encode;
mod hitting;
mod inputs;
mod kleene;
mod levels;
mod search;
mod solver;
mod stated;
mod table;
mod tabulate;
mod witness;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use crate::condition::Condition;
use crate::facts::Catalogue;
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::screening::{Bounds, Found};
use crate::time::Dates;

pub use ask::{Answered, Ask, Instead, Questions, Settles, ask};
pub use deep::{Deep, Oddity, OddityKind, Subjected, deep, members};
pub use search::prove;

/// What must never happen to an application when the ruleset is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Never {
    /// Some bound of the requirement or of the review is lower under the change.
    MoreLenient,
    /// Some bound is higher under the change.
    MoreStrict,
    /// Some bound differs.
    Different,
}

impl Never {
    /// Words for people: what the proof shows that there is not, or what was found.
    pub fn words(self) -> &'static str {
        match self {
            Self::MoreLenient => "treated more leniently",
            Self::MoreStrict => "treated more strictly",
            Self::Different => "treated differently",
        }
    }

    /// Whether it happens between two bounds.
    pub fn happens(self, base: &Bounds, amended: &Bounds) -> bool {
        match self {
            Self::MoreLenient => amended.is_lower(base),
            Self::MoreStrict => base.is_lower(amended),
            Self::Different => base != amended,
        }
    }
}

/// Two rulesets and what is asked about them.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The ruleset as it is.
    pub base: &'a Ruleset,
    /// The ruleset as it would be.
    pub amended: &'a Ruleset,
    /// All facts of both.
    pub catalogue: &'a Catalogue,
    /// The reference data.
    pub reference: &'a Reference,
    /// The days whose law and data apply.
    pub dates: Dates,
    /// What must never happen.
    pub never: Never,
    /// What is taken for certain of every application; it may use the amended ruleset's definitions.
    pub assume: Option<&'a Condition>,
    /// How many members a list of parties or of transit points has at most.
    pub members: usize,
}

/// The answer to a question, with what it covers.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// What must never happen.
    pub never: Never,
    /// What was taken for certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assume: Option<Arc<str>>,
    /// Whether it never happens.
    pub verdict: Verdict,
    /// What the search was bounded to. Beyond these bounds nothing is proved.
    pub bounds: BTreeSet<String>,
    /// How many variables there are: facts, fields of members, lengths of lists.
    pub variables: usize,
    /// How many classes their values fall into.
    pub classes: usize,
}

/// Whether something never happens.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It happens to no application, whatever its facts are.
    Proved,
    /// It happens to this one.
    Refuted(Box<Witness>),
}

/// An application to which something happens that should never, as both rulesets screen it.
#[derive(Clone, Debug, Serialize)]
pub struct Witness {
    /// The application: no fact can be left out of it.
    pub application: Json,
    /// What the ruleset says as it is.
    pub base: Bounds,
    /// What it would say.
    pub amended: Bounds,
    /// Whether both answers leave nothing open.
    pub settled: bool,
    /// The rules that differ in whether they stand.
    pub rules: Vec<Found>,
}

/// The solver found an application that screening does not bear out: a mistake in this program.
#[derive(Clone, Debug)]
pub struct Unconfirmed(pub String);
