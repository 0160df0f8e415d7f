//! What an authority decides, and the two guards before it is recorded.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::Record;
use crate::problem::{Answer, INVALID, Problem, UNASSESSED, UNREASONED};

/// What an authority decided. It is recorded, never computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A licence is granted.
    Granted,
    /// A licence is granted on conditions.
    GrantedWithConditions,
    /// A licence is refused.
    Refused,
    /// The application, or what was granted, is withdrawn.
    Withdrawn,
    /// The authority holds that no licence is required.
    NoLicenceRequired,
    /// The application goes back without an answer.
    Returned,
}

impl Kind {
    /// All kinds, with their codes.
    pub(crate) const ALL: [(&'static str, Self); 6] = [
        ("granted", Self::Granted),
        ("granted_with_conditions", Self::GrantedWithConditions),
        ("refused", Self::Refused),
        ("withdrawn", Self::Withdrawn),
        ("no_licence_required", Self::NoLicenceRequired),
        ("returned", Self::Returned),
    ];

    /// The code in documents.
    pub(crate) fn code(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(code, _)| code)
    }

    /// Whether the export may leave by it.
    fn frees(self) -> bool {
        matches!(
            self,
            Self::Granted | Self::GrantedWithConditions | Self::NoLicenceRequired
        )
    }
}

/// How the authority assessed one criterion for this application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assessment {
    /// The rule that states the criterion.
    #[schema(examples("eu.2021-821.art-15-1-c"))]
    pub criterion: String,
    /// What was found, in words.
    pub assessment: String,
}

/// A decision as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stated {
    /// What is decided.
    pub decision: Kind,
    /// Why.
    #[serde(default)]
    pub reasons: String,
    /// On what conditions.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// How each criterion was assessed.
    #[serde(default)]
    pub assessments: Vec<Assessment>,
}

/// A decision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Decision {
    /// Its place among the decisions on this determination, from 1; the last is the one that counts.
    pub sequence: i64,
    /// What was decided.
    #[serde(rename = "decision")]
    pub kind: Kind,
    /// Why.
    pub reasons: String,
    /// On what conditions.
    pub conditions: Vec<String>,
    /// How each criterion was assessed.
    pub assessments: Vec<Assessment>,
    /// Whether it goes against the determination.
    pub against: bool,
    /// Who recorded it.
    pub decided_by: String,
    /// When.
    pub decided_at: String,
}

/// Whether a decision goes against what the determination says, or may turn out to say.
pub(crate) fn is_against(kind: Kind, record: &Record) -> bool {
    let strict = ["presumption_of_denial", "must_refuse"];
    let may_be_barred = record.bounds.requirement.at_most == "prohibited"
        || record
            .bounds
            .review
            .at_most
            .as_deref()
            .is_some_and(|level| strict.contains(&level));
    let needs_nothing = ["out_of_scope", "not_required"];
    let may_need_a_licence = !needs_nothing.contains(&record.bounds.requirement.at_most.as_str());
    let mild = record.bounds.review.at_most.as_deref() == Some("favourable");
    match kind {
        Kind::Granted | Kind::GrantedWithConditions => may_be_barred,
        Kind::NoLicenceRequired => may_need_a_licence,
        Kind::Refused => !may_need_a_licence || mild,
        Kind::Withdrawn | Kind::Returned => false,
    }
}

/// Whether a decision may be recorded.
pub(crate) fn guard(stated: &Stated, record: &Record) -> Answer<()> {
    complete(stated, record)?;
    assessed(stated, record)?;
    if is_against(stated.decision, record) && stated.reasons.trim().is_empty() {
        let found = "no reasons for a decision against the determination";
        return Err(Problem::mistake(
            &UNREASONED,
            "/reasons",
            found,
            "why the authority decides otherwise, in words",
        ));
    }
    Ok(())
}

/// What a decision states fits together.
fn complete(stated: &Stated, record: &Record) -> Answer<()> {
    let conditional = stated.decision == Kind::GrantedWithConditions;
    if conditional == stated.conditions.is_empty() {
        let found = if conditional {
            "no conditions"
        } else {
            "conditions"
        };
        let expected = "conditions for `granted_with_conditions`, and for nothing else";
        return Err(Problem::mistake(&INVALID, "/conditions", found, expected));
    }
    if stated.conditions.iter().any(|text| text.trim().is_empty()) {
        return Err(Problem::mistake(
            &INVALID,
            "/conditions",
            "an empty condition",
            "words",
        ));
    }
    for (at, assessment) in stated.assessments.iter().enumerate() {
        let pointer = format!("/assessments/{at}");
        if assessment.assessment.trim().is_empty() {
            let pointer = format!("{pointer}/assessment");
            return Err(Problem::mistake(
                &INVALID,
                &pointer,
                "an empty assessment",
                "words",
            ));
        }
        if !record.criteria.contains(&assessment.criterion) {
            let found = format!("`{}`", assessment.criterion);
            let expected = "a criterion of this determination; see its `criteria`";
            let pointer = format!("{pointer}/criterion");
            return Err(Problem::mistake(&INVALID, &pointer, &found, expected));
        }
    }
    Ok(())
}

/// Nothing is freed while a criterion that applies, or may apply, was not assessed.
fn assessed(stated: &Stated, record: &Record) -> Answer<()> {
    if !stated.decision.frees() {
        return Ok(());
    }
    let done: BTreeSet<&str> = stated
        .assessments
        .iter()
        .map(|one| one.criterion.as_str())
        .collect();
    let open: Vec<&str> = record
        .criteria
        .iter()
        .map(String::as_str)
        .filter(|criterion| !done.contains(criterion))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let found = format!("no assessment of {}", open.join(", "));
    Err(Problem::mistake(
        &UNASSESSED,
        "/assessments",
        &found,
        "an assessment of every criterion that applies or may apply",
    ))
}
