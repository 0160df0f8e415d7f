//! Runs a ruleset's cases: expected against found.

use std::sync::Arc;

use super::bounds::Bounds;
use super::determination::{Determination, RulesetDetermination, screen};
use super::finding::{Finding, Stands};
use crate::facts::Application;
use crate::ruleset::{Case, Library, Ruleset};
use crate::source::{Document, Json, Problems};
use crate::time::Dates;

/// A case with what the engine found.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// What differs from what the case expects; nothing if it passes.
    pub differences: Vec<Difference>,
    /// The determination.
    pub determination: Determination,
    /// The application that was screened.
    pub application: Application,
    /// On which days.
    pub dates: Dates,
}

/// One thing that a case expects and the engine did not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is about: `requirement`, `review`, a rule, a citation.
    pub about: String,
    /// What the case expects.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// Screens a case's application with its ruleset, and compares.
pub fn run_case(case: &Case, library: &Library, ruleset: &Ruleset) -> Result<CaseResult, Problems> {
    let text = serde_json::to_string_pretty(&case.application).unwrap_or_default();
    let document = Document::new(format!("case {}", case.id), text);
    let application = Application::from_json(
        Json::from(case.application.clone()),
        &document,
        &library.catalogue,
    )?;
    let as_of = case.as_of.or(application.as_of);
    let Some(as_of) = as_of else {
        return Err(no_date(&document));
    };
    let known_at = case.known_at.or(application.known_at).unwrap_or(as_of);
    let dates = Dates { as_of, known_at };
    let determination = screen(&application, &[ruleset], &library.reference, dates);
    Ok(CaseResult {
        differences: differences(case, &determination),
        determination,
        application,
        dates,
    })
}

fn no_date(document: &Document) -> Problems {
    use crate::source::Diagnostic;
    Diagnostic::error("A104", "no `as_of`", "the day whose law applies")
        .at(document.place(""))
        .into()
}

fn differences(case: &Case, determination: &Determination) -> Vec<Difference> {
    let mut found = levels(case, &determination.bounds);
    if let Some(ruleset) = determination.rulesets.first() {
        let expect = &case.expect;
        let sets = [
            (&expect.stands, Some(Stands::Yes)),
            (&expect.may, Some(Stands::May)),
            (&expect.lifted, Some(Stands::Lifted)),
            (&expect.not, None),
        ];
        for (rules, wanted) in sets {
            found.extend(
                rules
                    .iter()
                    .filter_map(|rule| status_differs(rule, wanted, ruleset)),
            );
        }
        found.extend(
            expect
                .citations
                .iter()
                .filter_map(|citation| uncited(citation, ruleset)),
        );
    }
    found
}

fn levels(case: &Case, bounds: &Bounds) -> Vec<Difference> {
    let requirement = case.expect.requirement.filter(|(least, most)| {
        (*least, *most) != (bounds.requirement.at_least, bounds.requirement.at_most)
    });
    let review = case
        .expect
        .review
        .filter(|(least, most)| (*least, *most) != (bounds.review.at_least, bounds.review.at_most));
    let named = |review: Option<crate::ruleset::Review>| {
        review.map_or("none", crate::ruleset::Review::code)
    };
    let requirement = requirement.map(|(least, most)| Difference {
        about: "requirement".to_owned(),
        expected: format!("{least} to {most}"),
        found: format!(
            "{} to {}",
            bounds.requirement.at_least, bounds.requirement.at_most
        ),
    });
    let review = review.map(|(least, most)| Difference {
        about: "review".to_owned(),
        expected: format!("{} to {}", named(least), named(most)),
        found: format!(
            "{} to {}",
            named(bounds.review.at_least),
            named(bounds.review.at_most)
        ),
    });
    requirement.into_iter().chain(review).collect()
}

fn findings(ruleset: &RulesetDetermination) -> impl Iterator<Item = &Finding> {
    ruleset.items.iter().flat_map(|item| &item.findings)
}

fn status_differs(
    rule: &Arc<str>,
    wanted: Option<Stands>,
    ruleset: &RulesetDetermination,
) -> Option<Difference> {
    let statuses: Vec<Stands> = findings(ruleset)
        .filter(|finding| finding.rule == *rule)
        .map(|finding| finding.stands)
        .collect();
    let agrees = match wanted {
        Some(wanted) => statuses.contains(&wanted),
        None => statuses.iter().all(|stands| *stands == Stands::Lifted),
    };
    let word = |stands: Option<Stands>| match stands {
        Some(Stands::Yes) => "stands",
        Some(Stands::May) => "may stand",
        Some(Stands::Lifted) => "is lifted",
        None => "is no finding",
    };
    (!agrees).then(|| Difference {
        about: rule.to_string(),
        expected: word(wanted).to_owned(),
        found: word(statuses.first().copied()).to_owned(),
    })
}

fn uncited(citation: &Arc<str>, ruleset: &RulesetDetermination) -> Option<Difference> {
    let cited: Vec<&Arc<str>> = findings(ruleset)
        .filter(|finding| finding.stands == Stands::Yes)
        .map(|finding| &finding.citation.provision)
        .collect();
    (!cited.contains(&citation)).then(|| Difference {
        about: "citations".to_owned(),
        expected: citation.to_string(),
        found: cited
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<&str>>()
            .join(", "),
    })
}
