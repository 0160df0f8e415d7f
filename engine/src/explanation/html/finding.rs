//! One finding: the norm and its reason, the facts that it rests on, the rights at stake.

use std::sync::Arc;

use super::trace::Trace;
use super::{anchor, web};
use crate::explanation::words;
use crate::reference::Reference;
use crate::screening::{Finding, FindingEffect, ItemDetermination, Provenance, Used};

/// A finding as the page shows it.
pub(super) struct Shown<'d> {
    pub(super) finding: &'d Finding,
    /// The name of its place in the page.
    pub(super) anchor: String,
    /// Where the norm can be read, if that is an address of the web.
    pub(super) url: Option<&'d str>,
    /// What it does, in a few words.
    pub(super) effect: String,
    /// The name of its colour.
    pub(super) tone: &'static str,
    /// What it tells: its reason, or the text of a flag or duty.
    pub(super) says: &'d str,
    /// The reason, where what it tells is something else.
    pub(super) why: Option<&'d str>,
    /// What is not known of it.
    pub(super) waits_for: Vec<&'d str>,
    pub(super) facts: Vec<Fact<'d>>,
    /// Whether any of the facts is more than a name of what nobody stated.
    pub(super) sourced: bool,
    /// The rules that it lifts.
    pub(super) lifts: Vec<Link<'d>>,
    /// The rules that lift it, or may.
    pub(super) lifted_by: Vec<Link<'d>>,
    pub(super) trace: Trace<'d>,
}

/// A rule that another names, with its place in the page if it is a finding.
pub(super) struct Link<'d> {
    pub(super) text: &'d str,
    pub(super) anchor: Option<String>,
}

/// A fact with its value and where that comes from.
pub(super) struct Fact<'d> {
    pub(super) used: &'d Used,
    pub(super) value: String,
    /// The standard error of a figure.
    pub(super) error: Option<&'d str>,
    pub(super) source: Vec<String>,
    /// The table of the reference data that holds it.
    pub(super) table: Option<&'d str>,
    pub(super) unverified: bool,
}

impl<'d> Shown<'d> {
    pub(super) fn new(
        finding: &'d Finding,
        item: &'d ItemDetermination,
        line: &str,
        reference: &Reference,
    ) -> Self {
        let links = |rules: &'d [_]| link_all(rules, item, line);
        let (says, why) = match &finding.effect {
            FindingEffect::Flags(text) | FindingEffect::Duty(text) => {
                (text.as_ref(), Some(finding.because.as_ref()))
            }
            _ => (finding.because.as_ref(), None),
        };
        let unknown = finding.facts.iter().filter(|fact| !fact.known);
        Self {
            finding,
            anchor: anchor(&[line, &finding.rule]),
            url: web(&finding.citation.url),
            effect: words::effect(finding),
            tone: tone(&finding.effect),
            says,
            why: why.filter(|why| *why != says),
            waits_for: unknown.map(|fact| fact.label.as_str()).collect(),
            facts: finding
                .facts
                .iter()
                .map(|used| Fact::of(used, reference))
                .collect(),
            sourced: finding
                .facts
                .iter()
                .any(|fact| fact.provenance != Provenance::NotStated),
            lifts: match &finding.effect {
                FindingEffect::Lifts { rules, .. } => links(rules),
                _ => Vec::new(),
            },
            lifted_by: links(&finding.lifted_by),
            trace: Trace::of(&finding.trace),
        }
    }
}

fn link_all<'d>(rules: &'d [Arc<str>], item: &'d ItemDetermination, line: &str) -> Vec<Link<'d>> {
    let named = |rule: &'d Arc<str>| {
        let found = item.findings.iter().find(|finding| finding.rule == *rule);
        Link {
            text: found.map_or(rule, |finding| &finding.citation.provision),
            anchor: found.map(|finding| anchor(&[line, &finding.rule])),
        }
    };
    rules.iter().map(named).collect()
}

fn tone(effect: &FindingEffect) -> &'static str {
    match effect {
        FindingEffect::Requires(level) | FindingEffect::Lifts { leaves: level, .. } => level.code(),
        FindingEffect::Review(level) => level.code(),
        FindingEffect::Flags(_) => "flag",
        FindingEffect::Duty(_) => "duty",
    }
}

impl<'d> Fact<'d> {
    fn of(used: &'d Used, reference: &Reference) -> Self {
        let mut fact = Self {
            used,
            value: shown(used, reference),
            error: None,
            source: Vec::new(),
            table: None,
            unverified: false,
        };
        match &used.provenance {
            Provenance::Stated => fact.source.push("stated in the application".to_owned()),
            Provenance::NotStated => fact.source.push("not stated".to_owned()),
            Provenance::Parameter { citation, verified } => {
                fact.source.push(citation.clone());
                fact.unverified = !verified;
            }
            table @ Provenance::Table { .. } => fact.read_table(table),
        }
        fact
    }

    fn read_table(&mut self, provenance: &'d Provenance) {
        let Provenance::Table {
            table,
            publisher,
            year,
            period,
            published,
            standard_error,
            basis,
            verified,
        } = provenance
        else {
            return;
        };
        let parts = [
            year.map(|year| format!("for {year}")),
            period.map(|period| period.to_string()),
            published.map(|day| format!("published by {day}")),
            Some(basis.as_ref().unwrap_or(publisher).clone()),
        ];
        self.source.extend(parts.into_iter().flatten());
        self.error = standard_error.as_deref();
        self.table = Some(table);
        self.unverified = !verified;
    }
}

/// A value for people; a country with its name beside its code.
fn shown(used: &Used, reference: &Reference) -> String {
    if !used.known && used.value == "unknown" {
        return "not known".to_owned();
    }
    let country = ["country", "headquarters", "destination"]
        .iter()
        .any(|field| used.name.ends_with(field));
    match reference.destinations.get(&used.shown).filter(|_| country) {
        Some(destination) => format!("{} ({})", destination.name, used.shown),
        None => used.shown.clone(),
    }
}
