//! `catchall test`: a ruleset's cases, expected against found.

use std::fmt::Write as _;
use std::path::PathBuf;

use catchall_engine::explanation::{self, Length};
use catchall_engine::ruleset::{Case, Library, Ruleset, read_cases};
use catchall_engine::screening::{CaseResult, Exercise, run_case};
use catchall_engine::shipped;
use catchall_engine::source::Problems;
use clap::Args;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print;
use crate::sources::{Sources, case_documents};

/// Run the cases of rulesets: show what differs, and which rules and classes of facts no case exercises.
///
/// Exit code: 0 all cases pass, 3 some differ.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Rulesets: ids or folders; all that are shipped if none.
    #[arg(value_name = "RULESET")]
    rulesets: Vec<String>,
    /// Only cases whose id holds this text.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// Show the whole answer, with facts and reasons, of each case that differs.
    #[arg(long)]
    explain: bool,
    /// Name every class of facts that no case exercises.
    #[arg(long)]
    classes: bool,
    /// Write a report that continuous integration reads (`JUnit` XML).
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Test {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let ids = shipped::ruleset_ids();
        let named = if self.rulesets.is_empty() {
            &ids
        } else {
            &self.rulesets
        };
        let mut report = Report::new("catchall test");
        for name in named {
            let library = sources.library(std::slice::from_ref(name))?;
            for ruleset in &library.rulesets {
                report.add_test_suite(self.one(name, &library, ruleset)?);
            }
        }
        if let Some(path) = &self.junit {
            let text = report
                .to_string()
                .map_err(|error| Failure::Internal(error.to_string()))?;
            std::fs::write(path, text)
                .map_err(|error| Failure::Internal(format!("{}: {error}", path.display())))?;
        }
        Ok(if report.failures == 0 {
            Exit::Done
        } else {
            Exit::BadInput
        })
    }

    fn one(&self, name: &str, library: &Library, ruleset: &Ruleset) -> Result<TestSuite, Failure> {
        let mut suite = TestSuite::new(ruleset.id.to_string());
        let mut exercise = Exercise::new(ruleset, &library.reference);
        let mut seen: Vec<String> = Vec::new();
        for case in self.cases(name)? {
            let result = run_case(&case, library, ruleset)?;
            seen.extend(touched(&result));
            exercise.meet(&result.application, result.dates);
            suite.add_test_case(as_junit(&case, &result));
            if !result.differences.is_empty() {
                self.report(&case, &result, library)?;
            }
        }
        if self.case.is_none() {
            print(&self.unexercised(ruleset, &seen, &exercise))?;
        }
        let passed = suite.tests.saturating_sub(suite.failures);
        print(&format!(
            "{}: {} cases, {passed} passed, {} failed\n",
            ruleset.id, suite.tests, suite.failures
        ))?;
        Ok(suite)
    }

    fn cases(&self, name: &str) -> Result<Vec<Case>, Failure> {
        let mut problems = Problems::new();
        let mut cases = Vec::new();
        for document in case_documents(name)? {
            match read_cases(&document) {
                Ok(read) => cases.extend(read),
                Err(found) => problems.extend(found),
            }
        }
        let text = self.case.as_deref().unwrap_or_default();
        cases.retain(|case| case.id.contains(text));
        Ok(problems.or(cases)?)
    }

    fn report(&self, case: &Case, result: &CaseResult, library: &Library) -> Result<(), Failure> {
        print(&format!("{} ({}): {}\n", case.id, case.kind, case.title))?;
        for difference in &result.differences {
            let (about, expected, found) =
                (&difference.about, &difference.expected, &difference.found);
            print(&format!(
                "    {about}: expected {expected}, found {found}\n"
            ))?;
        }
        if self.explain {
            print(&explanation::text(
                &result.determination,
                &library.reference,
                None,
                Length::Full,
            ))?;
        }
        Ok(())
    }

    fn unexercised(&self, ruleset: &Ruleset, seen: &[String], exercise: &Exercise<'_>) -> String {
        let mut out = String::new();
        let ids = ruleset.rules.iter().map(|rule| rule.id.as_ref());
        let untested: Vec<&str> = ids
            .filter(|id| !seen.iter().any(|rule| rule == id))
            .collect();
        if !untested.is_empty() {
            let _ = writeln!(out, "no case has a finding of: {}", untested.join(", "));
        }
        let (all, met) = exercise.counts();
        let hint = if self.classes || met == all {
            ""
        } else {
            " (--classes names the others)"
        };
        let _ = writeln!(
            out,
            "{}: {met} of {all} classes of facts exercised{hint}",
            ruleset.id
        );
        if self.classes {
            for (fact, classes) in exercise.unmet() {
                let _ = writeln!(out, "    {fact}: {}", classes.join(", "));
            }
        }
        out
    }
}

/// The rules that a case has a finding of.
fn touched(result: &CaseResult) -> Vec<String> {
    let items = result
        .determination
        .rulesets
        .iter()
        .flat_map(|ruleset| &ruleset.items);
    items
        .flat_map(|item| &item.findings)
        .map(|finding| finding.rule.to_string())
        .collect()
}

fn as_junit(case: &Case, result: &CaseResult) -> TestCase {
    if result.differences.is_empty() {
        return TestCase::new(case.id.to_string(), TestCaseStatus::success());
    }
    let differences = result.differences.iter();
    let told: Vec<String> = differences
        .map(|difference| {
            format!(
                "{}: expected {}, found {}",
                difference.about, difference.expected, difference.found
            )
        })
        .collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(told.join("; "));
    TestCase::new(case.id.to_string(), status)
}
