//! `catchall check`: everything that is wrong with a ruleset, at once.

use catchall_engine::ruleset::Library;
use catchall_engine::shipped;
use catchall_engine::source::Problems;
use clap::Args;

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print;
use crate::sources::{Sources, ruleset_files};

/// Check rulesets: report every problem at once, with its place and what to write instead.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Rulesets: ids, folders or files; all that are shipped if none.
    #[arg(value_name = "RULESET")]
    rulesets: Vec<String>,
    /// Treat warnings as errors.
    #[arg(long)]
    strict: bool,
}

impl Check {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let mut library = sources.bare()?;
        let ids = shipped::ruleset_ids();
        let named = if self.rulesets.is_empty() {
            &ids
        } else {
            &self.rulesets
        };
        let mut errors = Problems::new();
        let mut warnings = 0_usize;
        for name in named {
            match one(name, &mut library)? {
                Ok(count) => warnings = warnings.saturating_add(count),
                Err(problems) => errors.extend(problems),
            }
        }
        if errors.has_errors() {
            return Err(Failure::Input(errors));
        }
        Ok(if self.strict && warnings > 0 {
            Exit::BadInput
        } else {
            Exit::Done
        })
    }
}

fn one(name: &str, library: &mut Library) -> Result<Result<usize, Problems>, Failure> {
    let files = match ruleset_files(name) {
        Err(Failure::Input(problems)) => return Ok(Err(problems)),
        other => other?,
    };
    if let Err(problems) = library.add(&files) {
        return Ok(Err(problems));
    }
    let Some(ruleset) = library
        .rulesets
        .iter()
        .find(|ruleset| files.is_of(&ruleset.id))
    else {
        return Ok(Ok(0));
    };
    for warning in &ruleset.warnings {
        print(&format!("{warning}\n\n"))?;
    }
    let counts = format!(
        "{}: {} rules, {} definitions, {} parameters, {} provisions; {} warnings\n",
        ruleset.id,
        ruleset.rules.len(),
        ruleset.definitions.len(),
        ruleset.parameters.len(),
        ruleset.coverage.len(),
        ruleset.warnings.len()
    );
    print(&counts)?;
    Ok(Ok(ruleset.warnings.len()))
}
