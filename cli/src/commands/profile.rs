//! `catchall profile`: how tables are read: what is shipped, what is wrong with one, and a proposal for a table.

use std::fs;
use std::ops::Add as _;
use std::path::{Path, PathBuf};

use catchall_engine::bulk::{Guess, Profile, Sample, guess};
use catchall_engine::ruleset::Library;
use catchall_engine::shipped;
use catchall_engine::source::{Diagnostic, Document, Place, Problems, nearest};
use catchall_tables::Head;
use clap::{Args, Subcommand};
use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use crate::commands::data::last_day;
use crate::exit::{Exit, Failure, Outcome};
use crate::input::document;
use crate::output::{print, say};
use crate::sources::Sources;

/// Profiles, which say how a table is read: list those that are shipped, check one, or propose one for a table.
#[derive(Debug, Args)]
pub(crate) struct Profiles {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Debug, Subcommand)]
enum ProfileCommand {
    /// The profiles that are shipped, and what table each reads.
    List,
    /// Everything that is wrong with profiles, at once; and in words what each does.
    Check {
        /// Names of shipped profiles, or JSON files.
        #[arg(value_name = "PROFILE", required = true)]
        profiles: Vec<String>,
    },
    /// Propose a profile for a table, from its header and its first records; what a person must still state is said.
    Guess {
        /// The table.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// Where to write the profile, instead of standard output.
        #[arg(short, long, value_name = "PROFILE.json")]
        output: Option<PathBuf>,
        /// Write over a file that exists.
        #[arg(long)]
        force: bool,
    },
}

/// Records that are looked at to propose a profile.
const RECORDS: usize = 1_000;

impl Profiles {
    pub(crate) fn run(&self, sources: &Sources) -> Outcome {
        let library = sources.library(&[])?;
        match &self.command {
            ProfileCommand::List => print(&list(&library)?)?,
            ProfileCommand::Check { profiles } => check(profiles, &library)?,
            ProfileCommand::Guess {
                file,
                output,
                force,
            } => propose(file, output.as_deref(), *force, &library)?,
        }
        Ok(Exit::Done)
    }
}

/// A profile's document, by the name of a shipped one or by its path; `place` is where it was named.
pub(crate) fn named(name: &str, place: &str) -> Result<Document, Failure> {
    let ids = shipped::profile_ids();
    if ids.iter().any(|id| id == name) {
        return Ok(shipped::profile(name)?);
    }
    let path = Path::new(name);
    if path.is_file() {
        return document(path);
    }
    let help = nearest(name, ids.iter().map(String::as_str)).map_or_else(
        || format!("shipped: {}; a file must exist", ids.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    let expected = "the name of a shipped profile, or a profile's JSON file";
    let found = format!("the unknown profile `{name}`");
    Err(Diagnostic::error("T100", found, expected)
        .help(help)
        .at(Place {
            document: place.to_owned(),
            ..Place::default()
        })
        .into())
}

fn compiled(library: &Library) -> Result<Vec<Profile>, Failure> {
    let ids = shipped::profile_ids();
    let profiles = ids
        .iter()
        .map(|id| Ok(Profile::compile(&shipped::profile(id)?, library)?));
    profiles.collect()
}

fn list(library: &Library) -> Result<String, Failure> {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["profile", "table", "publisher"]);
    for profile in compiled(library)? {
        let cells = [&profile.id, &profile.title, &profile.publisher];
        table.add_row(cells.map(ToString::to_string));
    }
    Ok(format!("{table}\n"))
}

fn check(names: &[String], library: &Library) -> Result<(), Failure> {
    let mut wrong = Problems::new();
    for name in names {
        let document = match named(name, "PROFILE") {
            Err(Failure::Input(problems)) => {
                wrong.extend(problems);
                continue;
            }
            other => other?,
        };
        match Profile::compile(&document, library) {
            Ok(profile) => print(&told(&profile, library))?,
            Err(problems) => wrong.extend(problems),
        }
    }
    if wrong.has_errors() {
        return Err(Failure::Input(wrong));
    }
    Ok(())
}

/// What a profile does, in words.
fn told(profile: &Profile, library: &Library) -> String {
    let lines = profile.lines(&library.catalogue).into_iter();
    let lines: String = lines
        .map(|line| format!("  {} → {}\n      {}\n", line.from, line.to, line.how))
        .collect();
    let notes = profile.notes.iter().map(|note| format!("  - {note}\n"));
    let notes: String = notes.collect();
    format!("{}: {}\n\n{lines}\n{notes}\n", profile.id, profile.title)
}

fn propose(
    file: &Path,
    output: Option<&Path>,
    force: bool,
    library: &Library,
) -> Result<(), Failure> {
    let sample = sample(file, library)?;
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let found = guess(
        &sample,
        stem.unwrap_or("my-profile"),
        library,
        &compiled(library)?,
    );
    let text = match &found.shipped {
        Some(id) => shipped::profile(id)?.text().to_string(),
        None => serde_json::to_string_pretty(&found.profile)
            .map_err(|error| Failure::Internal(error.to_string()))?
            .add("\n"),
    };
    if let Some(path) = output {
        write(path, &text, force)?;
    } else {
        print(&text)?;
    }
    say(&advice(&found));
    Ok(())
}

/// What to state or to check, which is said beside the profile.
fn advice(found: &Guess) -> String {
    let first = match &found.shipped {
        Some(id) => format!("This table has the header of the shipped profile: --profile {id}\n"),
        None => {
            "A proposal: read it through. `catchall profile check` tells what it does.\n".to_owned()
        }
    };
    let notes = found.notes.iter().map(|note| format!("- {note}\n"));
    std::iter::once(first).chain(notes).collect()
}

/// The header and the first records of a table.
fn sample(file: &Path, library: &Library) -> Result<Sample, Failure> {
    let head = Head::read(file, RECORDS)?;
    let day = last_day(&library.reference);
    Ok(Sample {
        delimiter: head.delimiter,
        header: head.header,
        records: head.records,
        day: day.ok_or_else(|| Failure::Internal("the data tell no day".to_owned()))?,
    })
}

/// Writes a file; one that exists is written over only by force.
fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        let text = format!("{} exists; give --force to write over it", path.display());
        return Err(Failure::Usage(text));
    }
    fs::write(path, text).map_err(|error| {
        let text = format!("{} cannot be written: {error}", path.display());
        Failure::Output(text)
    })
}
