//! `catchall check`: everything that is wrong with a ruleset, at once.

use std::fmt::Write;

use catchall_engine::comparison::{Subjected, Unconfirmed, deep};
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::shipped;
use catchall_engine::source::Problems;
use catchall_engine::time::{Date, Dates};
use clap::Args;

use crate::commands::screen::parse_date;
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
    /// Search all possible applications for what is odd: rules that never stand, contradictions, facts that decide
    /// nothing.
    #[arg(long)]
    deep: bool,
    /// The day whose law the deep search looks at; the day of each ruleset's latest text if this is not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date, requires = "deep")]
    as_of: Option<Date>,
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
            match self.one(name, &mut library)? {
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

    fn one(&self, name: &str, library: &mut Library) -> Result<Result<usize, Problems>, Failure> {
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
        if self.deep {
            self.look(ruleset, library)?;
        }
        Ok(Ok(ruleset.warnings.len()))
    }

    /// Tells what is odd about a ruleset.
    fn look(&self, ruleset: &Ruleset, library: &Library) -> Result<(), Failure> {
        let as_of = self.as_of.unwrap_or(ruleset.edition);
        let subject = Subjected {
            ruleset,
            catalogue: &library.catalogue,
            reference: &library.reference,
            dates: Dates {
                as_of,
                known_at: as_of,
            },
            members: 2,
        };
        let found = deep(&subject).map_err(|Unconfirmed(text)| Failure::Internal(text))?;
        let mut text = format!(
            "  on the law of {as_of}, over all possible applications: {} odd things\n",
            found.oddities.len()
        );
        for odd in &found.oddities {
            let about: Vec<&str> = odd.about.iter().map(AsRef::as_ref).collect();
            let about = about.join(" and ");
            let about = if about.is_empty() {
                about
            } else {
                format!("{about}: ")
            };
            _ = writeln!(text, "  {about}{}", odd.kind.words());
            if let Some(witness) = &odd.witness {
                _ = writeln!(text, "    {witness}");
            }
        }
        for bound in &found.bounds {
            _ = writeln!(text, "  bounded: {bound}");
        }
        print(&text)
    }
}
