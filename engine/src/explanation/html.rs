//! A determination as one page of HTML: the outcome first, everything behind it folded below.
//!
//! The page needs no script, no network and no other file, and is the same bytes for the same
//! determination. All that comes from an application or a ruleset is escaped by the template, and an
//! address becomes a link only if it is one of the web.

mod finding;
mod item;
mod outcome;
mod trace;

use std::cmp::Reverse;

use askama::Template;

use self::item::Line;
use self::outcome::{OPEN, Outcome};
use super::words;
use crate::reference::Reference;
use crate::screening::{
    Bounds, Determination, Finding, FindingEffect, ProvisionCovered, RulesetDetermination, Stands,
};

/// A determination as a page of its own, for a person to read, print and keep.
pub fn html(
    determination: &Determination,
    reference: &Reference,
    destination: Option<&str>,
) -> String {
    let page = Page::new(determination, reference, destination);
    // Writing to a String cannot fail.
    page.render().unwrap_or_default()
}

/// All that the page shows, in its order.
#[derive(Template)]
#[template(path = "determination.html", whitespace = "minimize")]
struct Page<'d> {
    all: &'d Determination,
    id: &'d str,
    to: Option<&'d str>,
    outcome: Outcome,
    certain: Vec<Reason>,
    possible: Vec<Reason>,
    ask_first: Vec<AskFirst>,
    rulesets: Vec<Section<'d>>,
}

/// What one ruleset says, as a section of the page.
struct Section<'d> {
    ruleset: &'d RulesetDetermination,
    anchor: String,
    outcome: Outcome,
    lines: Vec<Line<'d>>,
    coverage: Coverage<'d>,
}

/// A finding named beside the outcome that it leads to, with a link to where it is explained.
struct Reason {
    anchor: String,
    provision: String,
    instrument: String,
    effect: String,
    because: String,
}

/// The question that settles most under one ruleset, with a link to its answers.
struct AskFirst {
    anchor: String,
    question: String,
}

/// How much of the law a ruleset models: counts, and each provision under its instrument.
struct Coverage<'d> {
    modelled: usize,
    partial: usize,
    named: usize,
    instruments: Vec<(&'d str, Vec<&'d ProvisionCovered>)>,
}

/// At most so many reasons, or questions, stand beside the outcome; all stand in the sections below.
const REASONS: usize = 3;

impl<'d> Page<'d> {
    fn new(
        all: &'d Determination,
        reference: &'d Reference,
        destination: Option<&'d str>,
    ) -> Page<'d> {
        let rulesets: Vec<Section<'d>> = all
            .rulesets
            .iter()
            .map(|ruleset| Section::new(ruleset, reference))
            .collect();
        let certain = reasons(&rulesets, &|finding| finding.stands == Stands::Yes);
        let mut possible = possible(&rulesets, &all.bounds);
        possible.retain(|reason| certain.iter().all(|known| known.because != reason.because));
        Self {
            all,
            id: all.application.as_deref().unwrap_or("without a number"),
            to: destination.map(|code| reference.destinations.name(code)),
            outcome: Outcome::of(&all.bounds),
            certain,
            possible,
            ask_first: ask_first(&rulesets),
            rulesets,
        }
    }

    /// Whether all that is certain is how an application would be reviewed.
    fn is_only_review(&self) -> bool {
        !self.outcome.settled && self.outcome.tone == OPEN && !self.certain.is_empty()
    }

    fn several_lines(&self) -> bool {
        self.rulesets.iter().any(|section| section.lines.len() > 1)
    }
}

/// The weightiest findings that pass a test and bear on a level.
fn reasons(rulesets: &[Section<'_>], test: &dyn Fn(&Finding) -> bool) -> Vec<Reason> {
    let lines = rulesets.iter().flat_map(|section| &section.lines);
    let mut found: Vec<_> = lines
        .flat_map(Line::levels)
        .filter(|shown| test(shown.finding))
        .collect();
    found.sort_by_key(|shown| Reverse(words::weight(shown.finding)));
    let mut reasons: Vec<Reason> = Vec::new();
    for shown in found {
        let citation = &shown.finding.citation;
        let known = |reason: &Reason| reason.because == *shown.finding.because;
        if reasons.len() < REASONS && !reasons.iter().any(known) {
            reasons.push(Reason {
                anchor: shown.anchor.clone(),
                provision: citation.provision.to_string(),
                instrument: citation.instrument.to_string(),
                effect: shown.effect.clone(),
                because: shown.finding.because.to_string(),
            });
        }
    }
    reasons
}

/// The findings that would lead to the most that is possible, of the requirement and of the review.
fn possible(rulesets: &[Section<'_>], bounds: &Bounds) -> Vec<Reason> {
    let requirement = |finding: &Finding| {
        finding.stands == Stands::May
            && !bounds.requirement.is_settled()
            && finding.effect == FindingEffect::Requires(bounds.requirement.at_most)
    };
    let review = |finding: &Finding| {
        let most = bounds.review.at_most.map(FindingEffect::Review);
        finding.stands == Stands::May
            && !bounds.review.is_settled()
            && most.as_ref() == Some(&finding.effect)
    };
    let mut found = reasons(rulesets, &review);
    found.truncate(REASONS.saturating_sub(1));
    let mut first = reasons(rulesets, &requirement);
    first.truncate(REASONS.saturating_sub(found.len()));
    first.extend(found);
    first
}

/// The most decisive question of each ruleset.
fn ask_first(rulesets: &[Section<'_>]) -> Vec<AskFirst> {
    let lines = rulesets.iter().filter_map(|section| section.lines.first());
    let asked = lines.filter_map(|line| {
        let question = line.questions.first()?;
        Some(AskFirst {
            anchor: format!("{}-ask", line.anchor),
            question: question.missing.question.clone(),
        })
    });
    asked.take(REASONS).collect()
}

impl<'d> Section<'d> {
    fn new(ruleset: &'d RulesetDetermination, reference: &'d Reference) -> Self {
        let anchor = anchor(&[&ruleset.id]);
        let lines = (1..).zip(&ruleset.items);
        Self {
            lines: lines
                .map(|(number, item)| Line::new(item, &anchor, number, reference))
                .collect(),
            outcome: Outcome::of(&ruleset.bounds),
            coverage: Coverage::new(&ruleset.coverage),
            anchor,
            ruleset,
        }
    }
}

impl<'d> Coverage<'d> {
    fn new(provisions: &'d [ProvisionCovered]) -> Self {
        let count = |status: &str| {
            provisions
                .iter()
                .filter(|provision| provision.status == status)
                .count()
        };
        let mut instruments: Vec<(&str, Vec<&ProvisionCovered>)> = Vec::new();
        for provision in provisions {
            let known = instruments
                .iter_mut()
                .find(|(instrument, _)| *instrument == provision.instrument.as_ref());
            match known {
                Some((_, listed)) => listed.push(provision),
                None => instruments.push((&provision.instrument, vec![provision])),
            }
        }
        Self {
            modelled: count("modelled"),
            partial: count("partial"),
            named: count("pointer_only"),
            instruments,
        }
    }
}

/// How far a provision is modelled, in words.
fn status(provision: &ProvisionCovered) -> &'static str {
    match provision.status {
        "modelled" => "modelled",
        "partial" => "in part",
        _ => "only named",
    }
}

/// A name for a place of the page, of letters, digits, full stops and hyphens only.
fn anchor(parts: &[&str]) -> String {
    let joined = parts.join("-");
    joined
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' => character,
            _ => '-',
        })
        .collect()
}

/// An address if it is one of the web; a ruleset may hold any text in its place.
fn web(url: &str) -> Option<&str> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web.then_some(url)
}
