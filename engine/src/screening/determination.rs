//! What the engine says about an application: advice, never a decision.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::bounds::Bounds;
use super::definitions::{Definitions, definitions};
use super::environment::ItemEnvironment;
use super::evaluation::Evaluation;
use super::finding::{Duty, Finding, FindingEffect, findings};
use super::missing::{Missing, Search};
use crate::facts::{Application, ItemFacts};
use crate::reference::Reference;
use crate::ruleset::Ruleset;
use crate::source::canonical_hash;
use crate::time::{Date, Dates};

/// What a determination is not: said wherever one is shown.
pub const NOTICE: &str =
    "This is advice from stated facts, not a decision. \"Not required\" is never \"approved\".";

/// What rulesets say about an application on a day, why, and what is still unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Determination {
    /// The application's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Arc<str>>,
    /// The day whose law and facts apply.
    pub as_of: Date,
    /// The day up to which data had been published.
    pub known_at: Date,
    /// The worst of all rulesets and items.
    #[serde(flatten)]
    pub bounds: Bounds,
    /// Each ruleset's own.
    pub rulesets: Vec<RulesetDetermination>,
    /// Identity of the reference data.
    pub data: DataIdentity,
    /// Version of the engine.
    pub engine: EngineIdentity,
    /// SHA-256 of the application's canonical JSON.
    pub input: String,
    /// What this is not.
    pub notice: &'static str,
}

/// The reference data that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataIdentity {
    /// SHA-256 over all tables.
    pub sha256: String,
    /// SHA-256 of each table.
    pub tables: BTreeMap<Arc<str>, String>,
}

/// The engine that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineIdentity {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// What one ruleset says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RulesetDetermination {
    /// The ruleset's id.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// The day of its latest text.
    pub edition: Date,
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// The worst of its items.
    #[serde(flatten)]
    pub bounds: Bounds,
    /// Why nothing is certain, where the law of the day is not modelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_modelled: Option<String>,
    /// Each item's own.
    pub items: Vec<ItemDetermination>,
    /// Every provision of its instruments, and how far it is modelled.
    pub coverage: Vec<ProvisionCovered>,
}

/// What one ruleset says about one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemDetermination {
    /// The number of the line.
    pub line: i64,
    /// Requirement and review.
    #[serde(flatten)]
    pub bounds: Bounds,
    /// Rules that stand, may stand, or were lifted.
    pub findings: Vec<Finding>,
    /// The definitions that their traces name, each told once.
    #[serde(skip_serializing_if = "Definitions::is_empty")]
    pub definitions: Definitions,
    /// Facts that would settle it, most decisive first.
    pub missing: Vec<Missing>,
    /// Obligations.
    pub duties: Vec<Duty>,
}

/// One provision, and how far it is modelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionCovered {
    /// The instrument.
    pub instrument: Arc<str>,
    /// The provision.
    pub provision: Arc<str>,
    /// `modelled`, `partial` or `pointer_only`.
    pub status: &'static str,
    /// Why not in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Arc<str>>,
    /// Its rules that nobody has checked against the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<Arc<str>>,
}

/// Screens an application with rulesets, on the law and the data of a day. It cannot fail.
pub fn screen(
    application: &Application,
    rulesets: &[&Ruleset],
    reference: &Reference,
    dates: Dates,
) -> Determination {
    let each: Vec<RulesetDetermination> = rulesets
        .iter()
        .map(|ruleset| by_ruleset(application, ruleset, reference, dates))
        .collect();
    let tables = reference
        .tables
        .iter()
        .map(|(name, table)| (Arc::clone(name), table.sha256.clone()));
    Determination {
        application: application.id.clone(),
        as_of: dates.as_of,
        known_at: dates.known_at,
        bounds: worst(each.iter().map(|ruleset| ruleset.bounds)),
        rulesets: each,
        data: DataIdentity {
            sha256: reference.hash.clone(),
            tables: tables.collect(),
        },
        engine: EngineIdentity {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        input: canonical_hash(application.json().value()),
        notice: NOTICE,
    }
}

fn worst(bounds: impl Iterator<Item = Bounds>) -> Bounds {
    bounds.reduce(Bounds::worst).unwrap_or(Bounds::OUT_OF_SCOPE)
}

fn by_ruleset(
    application: &Application,
    ruleset: &Ruleset,
    reference: &Reference,
    dates: Dates,
) -> RulesetDetermination {
    let modelled = ruleset.models_from <= dates.as_of;
    let items: Vec<ItemDetermination> = if modelled {
        application
            .items
            .iter()
            .map(|item| by_item(application, item, ruleset, reference, dates))
            .collect()
    } else {
        Vec::new()
    };
    RulesetDetermination {
        id: Arc::clone(&ruleset.id),
        title: Arc::clone(&ruleset.title),
        edition: ruleset.edition,
        sha256: ruleset.hash.clone(),
        bounds: if modelled {
            worst(items.iter().map(|item| item.bounds))
        } else {
            Bounds::OPEN
        },
        not_modelled: (!modelled).then(|| {
            format!(
                "The law of {} is not modelled; this ruleset begins on {}.",
                dates.as_of, ruleset.models_from
            )
        }),
        items,
        coverage: coverage(ruleset),
    }
}

fn by_item(
    application: &Application,
    item: &ItemFacts,
    ruleset: &Ruleset,
    reference: &Reference,
    dates: Dates,
) -> ItemDetermination {
    let environment = ItemEnvironment::new(ruleset, reference, application, item, dates);
    let evaluation = Evaluation::new(&environment);
    let bounds = Bounds::of(ruleset, &evaluation);
    let findings = findings(&environment, &evaluation, &bounds);
    let missing = Search {
        environment: &environment,
        evaluation: &evaluation,
        bounds,
    }
    .missing(&findings);
    ItemDetermination {
        line: item.line,
        bounds,
        duties: duties(&findings),
        definitions: definitions(&findings),
        findings,
        missing,
    }
}

fn duties(findings: &[Finding]) -> Vec<Duty> {
    let duties = findings.iter().filter_map(|finding| match &finding.effect {
        FindingEffect::Duty(text) => Some(Duty {
            rule: Arc::clone(&finding.rule),
            text: Arc::clone(text),
            provision: Arc::clone(&finding.citation.provision),
            stands: finding.stands,
        }),
        _ => None,
    });
    duties.collect()
}

fn coverage(ruleset: &Ruleset) -> Vec<ProvisionCovered> {
    let instrument = |key: &Arc<str>| {
        ruleset
            .sources
            .get(key)
            .map_or_else(|| Arc::clone(key), |source| Arc::clone(&source.short))
    };
    let covered = ruleset.coverage.iter().map(|provision| ProvisionCovered {
        instrument: instrument(&provision.source),
        provision: Arc::clone(&provision.provision),
        status: provision.status.code(),
        reason: provision.reason.clone(),
        unverified: ruleset
            .unverified(provision)
            .map(|rule| Arc::clone(&rule.id))
            .collect(),
    });
    covered.collect()
}
