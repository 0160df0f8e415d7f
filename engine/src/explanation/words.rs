//! Words that text and HTML share.

use crate::ruleset::{Requirement, Review};
use crate::screening::{Bounds, Finding, FindingEffect, Interval, Provenance, Stands, Used};

/// The outcome in one line: what certainly holds, and what may.
pub(super) fn outcome(bounds: &Bounds) -> String {
    let least = level(bounds.requirement.at_least, bounds.review.at_least);
    if bounds.is_settled() {
        return least;
    }
    let most = level(bounds.requirement.at_most, bounds.review.at_most);
    match bounds.requirement.at_least {
        Requirement::OutOfScope => {
            format!("open: not even known whether these rules govern     at most: {most}")
        }
        Requirement::NotRequired => {
            format!("open: nothing certain is required yet     at most: {most}")
        }
        _ => format!("{least}     at most: {most}"),
    }
}

fn level(requirement: Requirement, review: Option<Review>) -> String {
    match review {
        Some(review) if requirement < Requirement::Prohibited => {
            format!("{}, {}", requirement.label(), review.label())
        }
        _ => requirement.label().to_owned(),
    }
}

/// The outcome in a few words, for answers to questions.
pub(super) fn short(bounds: &Bounds) -> String {
    let Interval { at_least, at_most } = bounds.requirement;
    let (least, most) = (bounds.review.at_least, bounds.review.at_most);
    let strict = |review: Option<Review>| review.filter(|review| *review > Review::CaseByCase);
    let with = |level: Requirement, review: Option<Review>| match strict(review) {
        Some(review) => format!("{}, {}", level.short(), review.label()),
        None => level.short().to_owned(),
    };
    if at_least != at_most {
        return format!("{} … {}", with(at_least, least), with(at_most, most));
    }
    match (least == most, most) {
        (false, Some(most)) => format!("{}, at most {}", with(at_least, least), most.label()),
        _ => with(at_least, least),
    }
}

/// What a finding does, in a few words.
pub(super) fn effect(finding: &Finding) -> String {
    match &finding.effect {
        FindingEffect::Requires(level) => level.short().to_owned(),
        FindingEffect::Lifts { bars: true, .. } => "bars an exception".to_owned(),
        FindingEffect::Lifts { leaves, .. } => format!("exception: leaves {}", leaves.short()),
        FindingEffect::Review(level) => {
            format!("review: {}, where a licence is required", level.label())
        }
        FindingEffect::Flags(_) => "red flag".to_owned(),
        FindingEffect::Duty(_) => "duty".to_owned(),
    }
}

/// One fact with its value and where it comes from.
pub(super) fn used(used: &Used) -> String {
    let source = match &used.provenance {
        Provenance::Stated => "stated".to_owned(),
        Provenance::NotStated => return format!("{}: not stated", used.label),
        Provenance::Parameter { citation, verified } => {
            format!("{citation}{}", unverified(*verified))
        }
        Provenance::Table {
            publisher,
            year,
            period,
            published,
            standard_error,
            basis,
            verified,
            ..
        } => {
            let error = standard_error.as_ref().map(|error| format!("± {error}"));
            let year = year.map(|year| format!("for {year}"));
            let published = published.map(|day| format!("published by {day}"));
            let period = period.map(|period| period.to_string());
            let basis = basis.clone().unwrap_or_else(|| publisher.clone());
            let parts: Vec<String> = [error, year, published, period, Some(basis)]
                .into_iter()
                .flatten()
                .collect();
            format!("{}{}", parts.join(", "), unverified(*verified))
        }
    };
    let shown = if used.known || used.shown != "not stated" {
        used.shown.as_str()
    } else {
        "not known"
    };
    format!("{}: {shown} ({source})", used.label)
}

/// Whether it is a figure of an indicator.
pub(super) fn is_figure(used: &Used) -> bool {
    matches!(used.provenance, Provenance::Table { year: Some(_), .. })
}

pub(super) fn unverified(verified: bool) -> &'static str {
    if verified {
        ""
    } else {
        "; not checked against the text"
    }
}

/// How much a finding matters to the answer: what requires most comes first.
pub(super) fn weight(finding: &Finding) -> usize {
    let count = |known: bool| {
        finding
            .facts
            .iter()
            .filter(|fact| fact.known == known)
            .count()
            .min(40)
    };
    let (known, unknown) = (count(true), count(false));
    let effect = match &finding.effect {
        FindingEffect::Requires(level) => 20_usize.saturating_add(*level as usize),
        FindingEffect::Review(level) => 10_usize.saturating_add(*level as usize),
        FindingEffect::Lifts { bars: false, .. } => 8,
        FindingEffect::Lifts { bars: true, .. } => 6,
        FindingEffect::Flags(_) => 4,
        FindingEffect::Duty(_) => 2,
    };
    // What rests on stated facts and waits for few is nearer to standing.
    effect
        .saturating_mul(100)
        .saturating_add(known)
        .saturating_sub(unknown)
}

/// The heading under which findings of a kind stand.
pub(super) fn heading(stands: Stands) -> &'static str {
    match stands {
        Stands::Yes => "Stands",
        Stands::May => "May stand",
        Stands::Lifted => "Lifted by an exception",
    }
}
