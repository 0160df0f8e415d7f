//! `catchall compare`: what a change to a ruleset would do.

mod cases;
mod page;
mod proof;
mod table;
mod words;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use catchall_engine::ruleset::Ruleset;
use catchall_engine::time::{Date, Dates};
use clap::{Args, ValueEnum};

use crate::commands::screen::parse_date;
use crate::commands::table::threads;
use crate::exit::{Failure, Outcome};
use crate::sources::{Sources, compared};

/// Show what a change to a ruleset would do: on cases, or, with --prove, on all possible applications.
///
/// Exit code: 0 done, or what must never happen never does; 1 it happens to the application that is shown;
/// 3 bad input.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The ruleset as it is: an id, a folder or a file.
    base: String,
    /// The change: proposals by their ids or files, which are combined; or the ruleset as it would be.
    #[arg(required = true)]
    proposals: Vec<String>,
    /// Screen these cases with both: applications or case files, their folder, or the id of a shipped ruleset, for
    /// its cases; with --profile, tables. Repeat for several.
    #[arg(long, value_name = "PATH")]
    cases: Vec<PathBuf>,
    /// How tables are read: the name of a shipped profile, or a profile's JSON file. Makes --cases tables.
    #[arg(
        long,
        value_name = "PROFILE",
        requires = "cases",
        conflicts_with = "prove"
    )]
    profile: Option<String>,
    /// How many records of tables are screened at the same time; as many as there are processors if not given.
    #[arg(long, value_name = "N", requires = "profile", value_parser = threads)]
    threads: Option<NonZeroUsize>,
    /// Search all possible applications.
    #[arg(long)]
    prove: bool,
    /// What must never happen to any application; both directions are looked at if this is not given.
    #[arg(long, value_enum, requires = "prove")]
    never: Option<proof::Must>,
    /// A condition that is taken for certain of every application, in the words of the changed ruleset.
    #[arg(long, value_name = "EXPR", requires = "prove")]
    assume: Option<String>,
    /// The most parties, and transit points, that an application of the search has.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=8))]
    parties: u8,
    /// The day whose law applies. Else each case's own, and for the search the day of the latest text of the rulesets.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// The day up to which data had been published; else the same as --as-of.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    known_at: Option<Date>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    Text,
    /// For programs.
    Json,
    /// The cases that move, one a line.
    Csv,
    /// One page that needs no network.
    Html,
}

impl Compare {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        if !self.prove && self.cases.is_empty() {
            let text = "say what to look at: --cases PATH for cases or tables, --prove for all possible applications";
            return Err(Failure::Usage(text.to_owned()));
        }
        let (library, base, amended) = compared(sources, &self.base, &self.proposals)?;
        if let Some(profile) = &self.profile {
            return self.tables(profile, &library, &base, &amended);
        }
        if self.format == Format::Csv && self.cases.is_empty() {
            return Err(Failure::Usage(
                "--format csv shows cases: add --cases PATH".to_owned(),
            ));
        }
        let dates = self.dates(&base, &amended);
        let proofs = if self.prove {
            self.proofs(&library, &base, &amended, dates)?
        } else {
            Vec::new()
        };
        let impact = if self.cases.is_empty() {
            None
        } else {
            Some(self.impact(&library, &base, &amended)?)
        };
        let shown = words::Shown {
            base: &base,
            amended: &amended,
            library: &library,
            dates,
            proofs: &proofs,
            impact: impact.as_ref(),
        };
        self.print(&shown)?;
        Ok(self.exit(&proofs))
    }

    /// The days of the search.
    fn dates(&self, base: &Ruleset, amended: &Ruleset) -> Dates {
        let as_of = self.as_of.unwrap_or(base.edition.max(amended.edition));
        Dates {
            as_of,
            known_at: self.known_at.unwrap_or(as_of),
        }
    }

    fn print(&self, shown: &words::Shown<'_>) -> Result<(), Failure> {
        use crate::output::{print, print_json};
        match self.format {
            Format::Text => print(&shown.text()),
            Format::Json => print_json(&shown.json()),
            Format::Csv => print(&shown.csv()),
            Format::Html => print(&page::page(shown).html()),
        }
    }
}
