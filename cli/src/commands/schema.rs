//! `catchall schema`: JSON Schemas, for editors and for those who build on this.

use catchall_engine::bulk::profile_schema;
use catchall_engine::explanation::determination_schema;
use catchall_engine::facts::application_schema;
use catchall_engine::shipped;
use clap::{Args, ValueEnum};

use crate::exit::{Exit, Outcome};
use crate::output::{print, print_json};
use crate::sources::Sources;

/// Print a JSON Schema (2020-12).
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of which document.
    #[arg(value_enum)]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// The facts of one proposed export.
    Application,
    /// Rules, definitions, parameters, coverage.
    Ruleset,
    /// How a table is read.
    Profile,
    /// What the engine says.
    Determination,
}

impl Schema {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        match self.of {
            Of::Application => print_json(&application_schema(&sources.library(&[])?.catalogue))?,
            Of::Ruleset => print(shipped::ruleset_schema()?.text())?,
            Of::Profile => print_json(&profile_schema(&sources.bare()?.catalogue))?,
            Of::Determination => print_json(&determination_schema())?,
        }
        Ok(Exit::Done)
    }
}
