//! `catchall rules`: what is modelled, rule by rule.

use std::fmt::Write as _;

use catchall_engine::ruleset::{Effect, Library, Rule, Ruleset};
use catchall_engine::shipped;
use clap::Args;

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print;
use crate::sources::Sources;

/// List rulesets; of one ruleset its rules and coverage; of one rule everything.
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// A ruleset's id, folder or file, or a rule's id.
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Rules {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        match &self.id {
            None => list(&sources.library(&[])?)?,
            Some(id) => show(id, sources)?,
        }
        Ok(Exit::Done)
    }
}

fn show(id: &str, sources: &Sources) -> Result<(), Failure> {
    let known = shipped::ruleset_ids();
    if known.iter().any(|ruleset| ruleset == id) || std::path::Path::new(id).exists() {
        let library = sources.library(&[id.to_owned()])?;
        return library
            .rulesets
            .iter()
            .try_for_each(|ruleset| print(&summary(ruleset)));
    }
    let library = sources.library(&[])?;
    let found = library
        .rulesets
        .iter()
        .find_map(|ruleset| Some((ruleset, ruleset.rule(id)?)));
    match found {
        Some((ruleset, rule)) => print(&whole(ruleset, rule)),
        None => Err(unknown(id, &library)),
    }
}

fn unknown(id: &str, library: &Library) -> Failure {
    use catchall_engine::source::{Diagnostic, nearest};
    let rules = library
        .rulesets
        .iter()
        .flat_map(|ruleset| &ruleset.rules)
        .map(|rule| rule.id.as_ref());
    let rulesets = library.rulesets.iter().map(|ruleset| ruleset.id.as_ref());
    let help = nearest(id, rules.chain(rulesets)).map(|near| format!("did you mean `{near}`?"));
    Diagnostic::error(
        "R114",
        format!("the unknown id `{id}`"),
        "the id of a ruleset or of a rule",
    )
    .maybe_help(help)
    .into()
}

fn list(library: &Library) -> Result<(), Failure> {
    for ruleset in &library.rulesets {
        let line = format!(
            "{}  {} ({}), text of {}, law from {}: {} rules\n    sha256 {}\n",
            ruleset.id,
            ruleset.title,
            ruleset.jurisdiction,
            ruleset.edition,
            ruleset.models_from,
            ruleset.rules.len(),
            ruleset.hash
        );
        print(&line)?;
    }
    Ok(())
}

fn summary(ruleset: &Ruleset) -> String {
    let mut out = format!(
        "{}\n{} · text of {} · law from {}\n\nRules\n",
        ruleset.title, ruleset.jurisdiction, ruleset.edition, ruleset.models_from
    );
    for rule in &ruleset.rules {
        let unverified = if rule.citation.verified {
            ""
        } else {
            " (not checked against the text)"
        };
        let _ = writeln!(
            out,
            "  {}\n      {}, {}{unverified}: {}; {}",
            rule.id,
            rule.citation.provision,
            rule.citation.instrument,
            rule.title,
            periods(rule)
        );
    }
    out.push_str("\nCoverage\n");
    for provision in &ruleset.coverage {
        let source = ruleset.sources.get(&provision.source);
        let title = source.map_or(provision.source.as_ref(), |source| &source.short);
        let reason = provision
            .reason
            .as_ref()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "  {:<12} {}, {title}{reason}",
            provision.status.code(),
            provision.provision
        );
        let unread: Vec<&str> = ruleset
            .unverified(provision)
            .map(|rule| rule.id.as_ref())
            .collect();
        if !unread.is_empty() {
            let _ = writeln!(
                out,
                "               not checked against the text: {}",
                unread.join(", ")
            );
        }
    }
    out
}

fn periods(rule: &Rule) -> String {
    rule.in_force
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

fn whole(ruleset: &Ruleset, rule: &Rule) -> String {
    let mut out = format!("{}  {}\n\n", rule.id, rule.title);
    let citation = &rule.citation;
    let checked = if citation.verified {
        "checked against the text"
    } else {
        "NOT checked against the text"
    };
    let _ = writeln!(
        out,
        "  {}, {} ({checked})\n  {}",
        citation.provision, citation.instrument, citation.url
    );
    if let Some(note) = &citation.note {
        let _ = writeln!(out, "  note: {note}");
    }
    let _ = writeln!(
        out,
        "  in force {}\n\n  when    {}\n  effect  {}",
        periods(rule),
        rule.when.source(),
        effect(ruleset, rule)
    );
    let _ = writeln!(out, "  because {}", rule.because);
    for (name, values) in [("rights ", &rule.rights), ("affects", &rule.affects)] {
        if !values.is_empty() {
            let _ = writeln!(out, "  {name} {}", values.join(", "));
        }
    }
    let lifted: Vec<&str> = rule
        .lifted_by
        .iter()
        .filter_map(|at| ruleset.rules.get(*at))
        .map(|rule| rule.id.as_ref())
        .collect();
    if !lifted.is_empty() {
        let _ = writeln!(out, "  lifted by {}", lifted.join(", "));
    }
    out
}

fn effect(ruleset: &Ruleset, rule: &Rule) -> String {
    match &rule.effect {
        Effect::Requires(level) => format!("requires {level}"),
        Effect::Review(level) => format!("review {level}, where a licence is required"),
        Effect::Flags(text) => format!("red flag: {text}"),
        Effect::Duty(text) => format!("duty: {text}"),
        Effect::Lifts(lifted, leaves) => {
            let ids: Vec<&str> = lifted
                .iter()
                .filter_map(|at| ruleset.rules.get(*at))
                .map(|rule| rule.id.as_ref())
                .collect();
            format!("lifts {}; leaves {leaves}", ids.join(", "))
        }
    }
}
