//! `catchall screen`: what the law says about applications.

use std::path::PathBuf;

use catchall_engine::bulk::Stated;
use catchall_engine::explanation::{self, Length};
use catchall_engine::facts::{Application, Value};
use catchall_engine::ruleset::Library;
use catchall_engine::screening::{Determination, screen, sensitivity};
use catchall_engine::time::{Date, Dates};
use clap::{Args, ValueEnum};

use crate::commands::sensitivity::of_one;
use crate::commands::table::Table;
use crate::exit::{Exit, Failure, Outcome};
use crate::input::document;
use crate::output::{print, print_json};
use crate::sources::{Sources, chosen};

/// Screen applications, or a table of trade or licence records: what is required, why, and what is still unknown.
///
/// Exit code: 0 nothing required, 10 licence, notification or general authorisation, 20 undetermined, 30
/// prohibited or must be refused; of several applications the highest. 3 bad input. For tables 0, or 3 if
/// records were rejected, or 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct Screen {
    /// Applications, as JSON, or tables with the same columns, as CSV or NDJSON, also compressed, Parquet or
    /// Arrow IPC; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The day whose law and facts apply, instead of the application's own.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// The day up to which data had been published; else the same as --as-of.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    known_at: Option<Date>,
    /// Ruleset to screen with: an id, a folder or a file. Repeat for several; all shipped law if none.
    #[arg(long, value_name = "RULESET")]
    ruleset: Vec<String>,
    /// Show everything: all that may stand, all facts, all questions.
    #[arg(long)]
    full: bool,
    /// Say what would move if an indicator lay elsewhere within its published interval; for tables, how many records hang
    /// on that, in the counts and in the column `hangs_on`.
    #[arg(long)]
    sensitivity: bool,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten, next_help_heading = "Tables")]
    table: Table,
}

/// How answers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading.
    Text,
    /// For programs: the whole determination.
    Json,
    /// A page of its own.
    Html,
}

pub(crate) fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a day that exists, written YYYY-MM-DD".to_owned())
}

impl Screen {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let library = sources.library(&self.ruleset)?;
        if self.table.is_meant(&self.files) {
            let rulesets = chosen(&library, &self.ruleset);
            return self.table.run(
                &self.files,
                &library,
                &rulesets,
                self.stated(),
                self.sensitivity,
            );
        }
        let mut worst = Exit::Done;
        for path in &self.files {
            let read = document(path)?;
            let application = Application::read(&read, &library.catalogue)?;
            let dates = application.dates(self.as_of, self.known_at, &read, HOW)?;
            let determination = screen(
                &application,
                &chosen(&library, &self.ruleset),
                &library.reference,
                dates,
            );
            worst = worst.max(Exit::of(&determination.bounds));
            self.show(&application, &determination, &library)?;
            if self.sensitivity {
                self.sensed(&application, &library, dates)?;
            }
        }
        Ok(worst)
    }

    /// Tells what the figures of the destination are worth to the answer.
    fn sensed(
        &self,
        application: &Application,
        library: &Library,
        dates: Dates,
    ) -> Result<(), Failure> {
        let Some(destination) = destination(application, library) else {
            let text = "--sensitivity needs a destination: figures are those of a destination";
            return Err(Failure::Usage(text.to_owned()));
        };
        let (rulesets, reference) = (chosen(library, &self.ruleset), &library.reference);
        let found = sensitivity(application, &destination, &rulesets, reference, dates);
        match self.format {
            Format::Json => print_json(&serde_json::json!(found)),
            Format::Text => print(&of_one(&found)),
            Format::Html => Err(Failure::Usage(
                "--sensitivity is shown as text or JSON".to_owned(),
            )),
        }
    }

    fn stated(&self) -> Stated {
        Stated {
            as_of: self.as_of,
            known_at: self.known_at,
        }
    }

    fn show(
        &self,
        application: &Application,
        determination: &Determination,
        library: &Library,
    ) -> Result<(), Failure> {
        let destination = destination(application, library);
        let length = if self.full {
            Length::Full
        } else {
            Length::Brief
        };
        match self.format {
            Format::Json => print(&explanation::json(determination)),
            Format::Text => print(&explanation::text(
                determination,
                &library.reference,
                destination.as_deref(),
                length,
            )),
            Format::Html => print(&explanation::html(
                determination,
                &library.reference,
                destination.as_deref(),
            )),
        }
    }
}

/// How a person states the day whose law applies.
pub(crate) const HOW: &str = "give --as-of YYYY-MM-DD";

/// The code of an application's destination, if it is stated.
pub(crate) fn destination(application: &Application, library: &Library) -> Option<String> {
    match application.fact(library.catalogue.by_path("destination")?) {
        Value::Text(code) => Some(code.to_string()),
        _ => None,
    }
}
