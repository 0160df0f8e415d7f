//! The rules that stand or may stand, with what they say and where.

use std::cmp::Reverse;

use catchall_engine::bulk::RuleCount;
use catchall_engine::ruleset::{Effect, Rule, Ruleset};

use super::{Screened, TOP};
use crate::page::{Part, Section};
use crate::plot::{Bar, Bars, Series};
use crate::tone::Tone;

pub(super) fn section(screened: &Screened<'_>) -> Option<Section> {
    let counts = screened.summary.rules.iter();
    let counted = counts.map(|(id, count)| Counted {
        id,
        rule: rule(screened, id),
        count: *count,
    });
    let (requiring, others): (Vec<_>, Vec<_>) = counted.partition(Counted::requires);
    let mut parts = vec![Part::Text(
        "A rule stands where its condition holds and no exception does; where facts are missing it may stand. Many \
         rules can stand for one record."
            .to_owned(),
    )];
    let heading = "Rules that require something, and their exceptions";
    parts.extend(listed(heading, requiring, Tone::Licence));
    let heading = "How an application would be reviewed, flags and duties";
    parts.extend(listed(heading, others, Tone::Plain));
    (parts.len() > 1).then(|| super::section("rules", "Which rules", parts))
}

/// A rule with its records.
struct Counted<'c> {
    id: &'c str,
    rule: Option<(&'c Ruleset, &'c Rule)>,
    count: RuleCount,
}

impl Counted<'_> {
    /// Whether what is required depends on it.
    fn requires(&self) -> bool {
        let effect = self.rule.map(|(_, rule)| &rule.effect);
        matches!(effect, Some(Effect::Requires(_) | Effect::Lifts(..)))
    }

    fn bar(&self) -> Bar {
        let numbers = vec![self.count.stands.into(), self.count.may_stand.into()];
        match self.rule {
            Some((ruleset, rule)) => Bar {
                name: rule.title.to_string(),
                note: note(rule),
                link: Some((provision(ruleset, rule), rule.citation.url.to_string())),
                numbers,
            },
            None => Bar::new(self.id, numbers),
        }
    }
}

fn listed(heading: &str, mut rules: Vec<Counted<'_>>, tone: Tone) -> Vec<Part> {
    rules.sort_by_key(|rule| Reverse((rule.count.stands, rule.count.may_stand)));
    let bars = |rules: &[Counted<'_>], folded| Bars {
        rows_are: "rule".to_owned(),
        counted: "records".to_owned(),
        series: vec![
            Series::new("stands", tone),
            Series::new("may stand", Tone::Open),
        ],
        rows: rules.iter().map(Counted::bar).collect(),
        each: true,
        whole: None,
        folded,
    };
    let (top, rest) = rules.split_at(rules.len().min(TOP));
    let all = format!("All {} rules", rules.len());
    let mut parts = Vec::new();
    if !top.is_empty() {
        parts.push(Part::Heading(heading.to_owned()));
        parts.push(Part::Bars(bars(top, None)));
    }
    if !rest.is_empty() {
        parts.push(Part::Bars(bars(&rules, Some(all))));
    }
    parts
}

fn rule<'s>(screened: &Screened<'s>, id: &str) -> Option<(&'s Ruleset, &'s Rule)> {
    let used = |ruleset: &&Ruleset| screened.summary.rulesets.contains_key(&ruleset.id);
    let rulesets = screened.library.rulesets.iter().filter(used);
    let mut rules =
        rulesets.flat_map(|ruleset| ruleset.rules.iter().map(move |rule| (ruleset, rule)));
    rules.find(|(_, rule)| rule.id.as_ref() == id)
}

/// What a rule does.
fn note(rule: &Rule) -> String {
    let checked = if rule.citation.verified {
        ""
    } else {
        " · not checked against the text"
    };
    format!("{}{checked}", effect(&rule.effect))
}

/// Where it is written.
fn provision(ruleset: &Ruleset, rule: &Rule) -> String {
    let citation = &rule.citation;
    let source = ruleset.sources.get(&citation.source);
    let instrument = source.map_or(&citation.instrument, |source| &source.short);
    format!("{}, {instrument}", citation.provision)
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Requires(level) => level.short().to_owned(),
        Effect::Lifts(_, level) => format!("exception: leaves {}", level.short()),
        Effect::Review(level) => format!("review: {}", level.label()),
        Effect::Flags(_) => "red flag".to_owned(),
        Effect::Duty(_) => "duty".to_owned(),
    }
}
