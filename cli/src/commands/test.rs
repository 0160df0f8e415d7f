//! `catchall test`: a ruleset's cases, expected against found.

use catchall_engine::explanation::{self, Length};
use catchall_engine::ruleset::{Case, Library, Ruleset, read_cases};
use catchall_engine::screening::{CaseResult, run_case};
use catchall_engine::shipped;
use catchall_engine::source::Problems;
use clap::Args;

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print;
use crate::sources::{Sources, case_documents};

/// Run the cases of rulesets: show what differs, and which rules no case exercises.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Rulesets: ids or folders; all that are shipped if none.
    #[arg(value_name = "RULESET")]
    rulesets: Vec<String>,
    /// Only cases whose id holds this text.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// Show the whole answer of each case that differs.
    #[arg(long)]
    explain: bool,
}

impl Test {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let ids = shipped::ruleset_ids();
        let named = if self.rulesets.is_empty() {
            &ids
        } else {
            &self.rulesets
        };
        let mut failed = 0_usize;
        for name in named {
            let library = sources.library(std::slice::from_ref(name))?;
            for ruleset in &library.rulesets {
                failed = failed.saturating_add(self.one(name, &library, ruleset)?);
            }
        }
        Ok(if failed == 0 {
            Exit::Done
        } else {
            Exit::BadInput
        })
    }

    fn one(&self, name: &str, library: &Library, ruleset: &Ruleset) -> Result<usize, Failure> {
        let cases = self.cases(name)?;
        let mut failed = 0_usize;
        let mut seen: Vec<String> = Vec::new();
        for case in &cases {
            let result = run_case(case, library, ruleset)?;
            seen.extend(touched(&result));
            if !result.differences.is_empty() {
                failed = failed.saturating_add(1);
                self.report(case, &result, library)?;
            }
        }
        let untested: Vec<&str> = ruleset
            .rules
            .iter()
            .map(|rule| rule.id.as_ref())
            .filter(|id| !seen.iter().any(|rule| rule == id))
            .collect();
        if self.case.is_none() && !untested.is_empty() {
            print(&format!(
                "no case has a finding of: {}\n",
                untested.join(", ")
            ))?;
        }
        print(&format!(
            "{}: {} cases, {} passed, {failed} failed\n",
            ruleset.id,
            cases.len(),
            cases.len().saturating_sub(failed)
        ))?;
        Ok(failed)
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
            print(&format!(
                "    {}: expected {}, found {}\n",
                difference.about, difference.expected, difference.found
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
