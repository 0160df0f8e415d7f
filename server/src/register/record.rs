//! A determination as the register keeps it.

use std::collections::{BTreeMap, BTreeSet};

use catchall_engine::ruleset::Review;
use catchall_engine::screening::{self, Determination, Finding, FindingEffect, Stands};
use serde::Serialize;
use utoipa::ToSchema;

use super::decision::Decision;

/// At least, and at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Range<T> {
    /// What certainly holds.
    pub at_least: T,
    /// What may hold.
    pub at_most: T,
}

/// Requirement and review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Bounds {
    /// What is required.
    pub requirement: Range<String>,
    /// How strictly an application is reviewed; null where no licence is needed.
    pub review: Range<Option<String>>,
}

impl From<screening::Bounds> for Bounds {
    fn from(bounds: screening::Bounds) -> Self {
        let review = |level: Option<Review>| level.map(|level| level.code().to_owned());
        Self {
            requirement: Range {
                at_least: bounds.requirement.at_least.code().to_owned(),
                at_most: bounds.requirement.at_most.code().to_owned(),
            },
            review: Range {
                at_least: review(bounds.review.at_least),
                at_most: review(bounds.review.at_most),
            },
        }
    }
}

/// A kept determination, without its long texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Record {
    /// Its number in the register; later ones sort after earlier ones.
    pub id: String,
    /// When it was kept.
    pub kept_at: String,
    /// Who asked.
    pub kept_by: String,
    /// The application's own number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_id: String,
    /// The code of the destination, if it is stated.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination: String,
    /// The day whose law and facts apply.
    pub as_of: String,
    /// The day up to which data had been published.
    pub known_at: String,
    /// The rulesets with their SHA-256.
    pub rulesets: BTreeMap<String, String>,
    /// SHA-256 of the state of law and data.
    pub edition: String,
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 of the application's canonical JSON.
    pub input: String,
    /// Requirement and review.
    #[serde(flatten)]
    pub bounds: Bounds,
    /// The rules that state a criterion which applies or may apply: what a grant must have assessed.
    pub criteria: BTreeSet<String>,
    /// The rules that certainly stand.
    pub stands: BTreeSet<String>,
    /// SHA-256 of the determination's bytes.
    pub determination_sha256: String,
    /// `open`, or the last decision.
    pub status: String,
    /// What was decided, first decision first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// The state of a determination on which nothing was decided.
pub(crate) const OPEN: &str = "open";

fn findings(determination: &Determination) -> impl Iterator<Item = &Finding> {
    let items = determination.rulesets.iter().flat_map(|one| &one.items);
    items.flat_map(|item| &item.findings)
}

/// The rules that state a criterion which applies or may apply.
pub(crate) fn criteria(determination: &Determination) -> BTreeSet<String> {
    findings(determination)
        .filter(|finding| finding.stands != Stands::Lifted)
        .filter(|finding| matches!(finding.effect, FindingEffect::Review(_)))
        .map(|finding| finding.rule.to_string())
        .collect()
}

/// The rules that certainly stand.
pub(crate) fn stands(determination: &Determination) -> BTreeSet<String> {
    findings(determination)
        .filter(|finding| finding.stands == Stands::Yes)
        .map(|finding| finding.rule.to_string())
        .collect()
}
