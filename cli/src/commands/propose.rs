//! `catchall propose`: a proposal to begin from.

use catchall_engine::comparison::template;
use catchall_engine::source::{Diagnostic, Place, nearest};
use clap::Args;

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print_json;
use crate::sources::{Sources, ruleset_files};

/// Write a proposal to begin from: it repeats the condition of a rule, which you then edit.
#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The ruleset that it would amend: an id, a folder or a file.
    ruleset: String,
    /// The rule whose condition it repeats; else the first that decides something.
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
}

impl Propose {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let mut library = sources.bare()?;
        library.add(&ruleset_files(&self.ruleset)?)?;
        let Some(ruleset) = library.rulesets.first() else {
            return Err(Failure::Internal("no ruleset was loaded".to_owned()));
        };
        let rule = match &self.rule {
            None => None,
            Some(id) => Some(ruleset.rule(id).ok_or_else(|| {
                let near = nearest(id, ruleset.rules.iter().map(|rule| rule.id.as_ref()));
                let error = Diagnostic::error(
                    "R114",
                    format!("the unknown rule \"{id}\""),
                    format!("a rule of {}", ruleset.id),
                );
                let help = near.map_or_else(
                    || "`catchall rules` lists them".to_owned(),
                    |near| format!("did you mean \"{near}\"?"),
                );
                let place = Place {
                    document: "--rule".to_owned(),
                    ..Place::default()
                };
                Failure::from(error.help(help).at(place))
            })?),
        };
        print_json(&template(ruleset, rule))?;
        Ok(Exit::Done)
    }
}
