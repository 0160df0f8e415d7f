//! Reads the parts of a ruleset that are not conditions: citations, periods, effects, coverage.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::levels::{Requirement, Review};
use super::rule::Citation;
use super::{Coverage, Modelled, Source, Standing};
use crate::source::{Collector, Diagnostic, Node, Object, nearest};
use crate::time::Period;

/// An effect as it is written, before rules are found by their ids.
pub(super) enum WrittenEffect {
    Requires(Requirement),
    Lifts(Vec<String>, Requirement),
    Review(Review),
    Flags(String),
    Duty(String),
}

pub(super) const EFFECTS: [&str; 5] = ["requires", "lifts", "review", "flags", "duty"];

pub(super) fn sources(
    collector: &mut Collector<'_>,
    head: &Object<'_>,
) -> BTreeMap<Arc<str>, Source> {
    let mut sources = BTreeMap::new();
    for (key, node) in collector.entries(head, "sources") {
        let Some(object) = collector.object(&node, &["title", "short", "url", "verified"]) else {
            continue;
        };
        let title: Arc<str> = collector.text(&object, "title").unwrap_or_default().into();
        let short = collector
            .optional_text(&object, "short")
            .map_or_else(|| Arc::clone(&title), Arc::from);
        let url = collector.text(&object, "url").unwrap_or_default().into();
        let verified = collector.flag(&object, "verified");
        sources.insert(
            key.into(),
            Source {
                title,
                short,
                url,
                verified,
            },
        );
    }
    sources
}

/// Whether a ruleset is law (as where it does not say) or advisory.
pub(super) fn standing(collector: &mut Collector<'_>, head: &Object<'_>) -> Option<Standing> {
    match collector.optional_text(head, "standing").as_deref() {
        None | Some("law") => Some(Standing::Law),
        Some("advisory") => Some(Standing::Advisory),
        Some(other) => {
            let error = Diagnostic::error(
                "R108",
                format!("the standing \"{other}\""),
                "law or advisory",
            );
            collector.report_object(head, error);
            None
        }
    }
}

/// The citation under `citation`; a missing one is an error, and so is one of an unknown source.
pub(super) fn citation(
    collector: &mut Collector<'_>,
    object: &Object<'_>,
    sources: &BTreeMap<Arc<str>, Source>,
) -> Option<Citation> {
    let Some(node) = object.get("citation") else {
        let error = Diagnostic::error(
            "R109",
            "no citation",
            "a citation: source, provision, verified",
        );
        let help = "a legal statement without a source cannot be made; write where the norm stands";
        collector.report_object(object, error.help(help));
        return None;
    };
    let cited = collector.object(&node, &["source", "provision", "url", "verified", "note"])?;
    let key = collector.text(&cited, "source")?;
    let provision = collector.text(&cited, "provision")?;
    if provision.trim().is_empty() {
        collector.report(
            &node,
            Diagnostic::error("R109", "an empty provision", "the provision that is cited"),
        );
    }
    let Some(source) = sources.get(key.as_str()) else {
        let help = nearest(&key, sources.keys().map(AsRef::as_ref))
            .map(|near| format!("did you mean \"{near}\"?"));
        let error = Diagnostic::error(
            "R110",
            format!("the unknown source \"{key}\""),
            "a key of the ruleset's `sources`",
        );
        collector.report(&node, error.maybe_help(help));
        return None;
    };
    Some(Citation {
        source: key.into(),
        instrument: Arc::clone(&source.short),
        provision: provision.into(),
        url: collector
            .optional_text(&cited, "url")
            .map_or_else(|| Arc::clone(&source.url), Arc::from),
        verified: collector.flag(&cited, "verified"),
        note: collector.optional_text(&cited, "note").map(Arc::from),
    })
}

/// The periods under `in_force`: at least one, none overlapping another.
pub(super) fn periods(collector: &mut Collector<'_>, object: &Object<'_>) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    for node in collector.items(object, "in_force") {
        let Some(entry) = collector.object(&node, &["from", "until"]) else {
            continue;
        };
        let period = collector.period(&entry);
        if let Some(other) = periods.iter().find(|other| other.overlaps(&period)) {
            let expected = format!("a period apart from {other}");
            collector.report(
                &node,
                Diagnostic::error("R111", format!("a period {period}"), expected),
            );
        }
        periods.push(period);
    }
    if periods.is_empty() {
        let error = Diagnostic::error(
            "R111",
            "no period in which it is in force",
            "a list of {\"from\", \"until\"}",
        );
        collector.report_object(
            object,
            error.help("write \"in_force\": [{\"from\": \"2021-09-09\"}]"),
        );
    }
    periods
}

/// The one effect of a rule.
pub(super) fn effect(collector: &mut Collector<'_>, object: &Object<'_>) -> Option<WrittenEffect> {
    let present: Vec<&str> = EFFECTS
        .into_iter()
        .filter(|key| object.get(key).is_some())
        .collect();
    let [key] = present.as_slice() else {
        let found = if present.is_empty() {
            "no effect".to_owned()
        } else {
            format!("the effects {}", present.join(", "))
        };
        let error = Diagnostic::error(
            "R112",
            found,
            format!("exactly one of {}", EFFECTS.join(", ")),
        );
        collector.report_object(
            object,
            error.help("split a norm with two effects into two rules"),
        );
        return None;
    };
    let node = object.get(key)?;
    Some(match *key {
        "requires" => WrittenEffect::Requires(requirement(collector, &node)?),
        "review" => WrittenEffect::Review(review(collector, &node)?),
        "lifts" => {
            let leaves = collector.required(object, "leaves")?;
            WrittenEffect::Lifts(
                collector.texts(object, "lifts"),
                requirement(collector, &leaves)?,
            )
        }
        "flags" => WrittenEffect::Flags(collector.text(object, "flags")?),
        _ => WrittenEffect::Duty(collector.text(object, "duty")?),
    })
}

fn requirement(collector: &mut Collector<'_>, node: &Node<'_>) -> Option<Requirement> {
    let codes = Requirement::ALL.map(Requirement::code);
    let level = node
        .value()
        .as_str()
        .and_then(Requirement::parse)
        .filter(|level| *level != Requirement::OutOfScope);
    if level.is_none() {
        unknown_level(
            collector,
            node,
            codes.split_first().map_or(&[], |(_, rest)| rest),
        );
    }
    level
}

fn review(collector: &mut Collector<'_>, node: &Node<'_>) -> Option<Review> {
    let level = node.value().as_str().and_then(Review::parse);
    if level.is_none() {
        unknown_level(collector, node, &Review::ALL.map(Review::code));
    }
    level
}

fn unknown_level(collector: &mut Collector<'_>, node: &Node<'_>, codes: &[&str]) {
    let written = node.value().as_str().unwrap_or_default();
    let help =
        nearest(written, codes.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
    let error = Diagnostic::error("R108", node.kind(), format!("one of {}", codes.join(", ")));
    collector.report(node, error.maybe_help(help));
}

pub(super) fn coverage(
    collector: &mut Collector<'_>,
    head: &Object<'_>,
    sources: &BTreeMap<Arc<str>, Source>,
) -> Vec<Coverage> {
    let mut coverage = Vec::new();
    for node in collector.items(head, "coverage") {
        let Some(object) =
            collector.object(&node, &["source", "provision", "status", "rules", "reason"])
        else {
            continue;
        };
        coverage.extend(provision(collector, &node, &object, sources));
    }
    coverage
}

fn provision(
    collector: &mut Collector<'_>,
    node: &Node<'_>,
    object: &Object<'_>,
    sources: &BTreeMap<Arc<str>, Source>,
) -> Option<Coverage> {
    let source = collector.text(object, "source")?;
    if !sources.contains_key(source.as_str()) {
        let found = format!("the unknown source \"{source}\"");
        collector.report(
            node,
            Diagnostic::error("R110", found, "a key of the ruleset's `sources`"),
        );
    }
    let written = collector.text(object, "status")?;
    let Some(status) = Modelled::parse(&written) else {
        collector.report(
            node,
            Diagnostic::error(
                "R108",
                format!("\"{written}\""),
                "modelled, partial or pointer_only",
            ),
        );
        return None;
    };
    let reason = collector.optional_text(object, "reason").map(Arc::from);
    if reason.is_none() && status != Modelled::Modelled {
        collector.report(
            node,
            Diagnostic::error("R119", format!("{written} without a reason"), "a `reason`"),
        );
    }
    Some(Coverage {
        source: source.into(),
        provision: collector.text(object, "provision")?.into(),
        status,
        rules: collector
            .texts(object, "rules")
            .into_iter()
            .map(Arc::from)
            .collect(),
        reason,
    })
}
