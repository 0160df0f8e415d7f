//! `catchall screen FILE.csv --profile …`: every record of a table, in constant memory.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use catchall_engine::bulk::{Added, Against, Profile, Selection, Stated, Summary};
use catchall_engine::ruleset::{Library, Ruleset};
use catchall_engine::screening::shifted;
use catchall_engine::shipped;
use catchall_engine::source::Document;
use catchall_tables::{Ending, Job, Targets, Wanted, screen};
use clap::Args;

use crate::commands::profile::named;
use crate::commands::sensitivity::of_table;
use crate::commands::table_page::TablePage;
use crate::commands::table_report::text;
use crate::exit::{Exit, Failure, Outcome};
use crate::output::{print, say};
use crate::progress::Progress;

/// Most workers at the same time: each takes memory.
const THREADS: usize = 64;

/// Endings of tables.
const ENDINGS: [&str; 9] = [
    "csv", "tsv", "ndjson", "jsonl", "parquet", "arrow", "feather", "gz", "zst",
];

/// Options of tables.
#[derive(Debug, Args)]
pub(crate) struct Table {
    /// How a table is read: the name of a shipped profile, or a profile's JSON file. Makes FILE a table.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// Where to write the table with the columns that screening adds: a file whose name ends in .csv, .tsv,
    /// .ndjson or .parquet, compressed if .gz or .zst stands behind; `-` is standard output.
    #[arg(short, long, value_name = "OUT.csv")]
    output: Option<PathBuf>,
    /// Where to write the records that could not be read, each with its cause.
    #[arg(long, value_name = "REJECTS.csv")]
    rejects: Option<PathBuf>,
    /// Where to write the counts, as JSON.
    #[arg(long, value_name = "SUMMARY.json")]
    summary: Option<PathBuf>,
    /// Where to write the different answers, one a line, with the number of their records. The table then
    /// gets the short columns of --columns, of which `answer_id` names the answer.
    #[arg(long, value_name = "ANSWERS.csv")]
    answers: Option<PathBuf>,
    /// The columns to add, with commas between them; all but `answer_id` if not given.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = column)]
    columns: Vec<Added>,
    /// Write only records at a level of requirement or review: `licence_required` where it is settled there,
    /// `licence_required+` where it is that or more for certain, `licence_required?` where it may be; or
    /// `determined`, `undetermined`, `stands:RULE`, `may_stand:RULE`. Repeat for several; one must fit. All
    /// are counted.
    #[arg(long, value_name = "WHICH")]
    only: Vec<String>,
    /// Where to write a page for people: what was screened, plots and a map of what is required, and what is
    /// missing. It needs no network.
    #[arg(long, value_name = "REPORT.html")]
    report: Option<PathBuf>,
    /// Where to write full determinations of the first records of each answer, as NDJSON.
    #[arg(long, value_name = "EXPLAINED.ndjson")]
    explanations: Option<PathBuf>,
    /// How many records of each answer to explain.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "explanations",
          value_parser = clap::value_parser!(u32).range(1..))]
    explain: u32,
    /// Write over files that exist.
    #[arg(long)]
    force: bool,
    /// Go on where an interrupted run stopped, if there was one; give the same options again.
    #[arg(long)]
    resume: bool,
    /// How many records are screened at the same time; as many as there are processors if not given. The
    /// result is the same.
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,
    /// Keep every so many seconds how far the run has come, for --resume; 0 does so all the time.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    checkpoint: u32,
}

fn named_once(columns: &[Added]) -> Result<Vec<Added>, Failure> {
    let repeated = |at: usize, column: &Added| columns.iter().take(at).any(|known| known == column);
    match columns
        .iter()
        .enumerate()
        .find(|(at, column)| repeated(*at, column))
    {
        Some((_, column)) => {
            let text = format!("--columns names {} twice", column.name());
            Err(Failure::Usage(text))
        }
        None => Ok(columns.to_vec()),
    }
}

pub(crate) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number: Option<NonZeroUsize> = text.parse().ok();
    number
        .filter(|number| number.get() <= THREADS)
        .ok_or_else(|| format!("expected a number from 1 to {THREADS}"))
}

fn column(name: &str) -> Result<Added, String> {
    let known = || format!("expected one of {}", Added::plain().join(", "));
    Added::parse(name.trim()).ok_or_else(known)
}

impl Table {
    /// Whether the files are a table: by their endings, or because an option of tables is given.
    pub(crate) fn is_meant(&self, files: &[PathBuf]) -> bool {
        let table = |path: &PathBuf| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|found| {
                ENDINGS
                    .iter()
                    .any(|known| found.eq_ignore_ascii_case(known))
            })
        };
        let targets = [
            &self.output,
            &self.rejects,
            &self.summary,
            &self.answers,
            &self.report,
            &self.explanations,
        ];
        self.profile.is_some()
            || targets.iter().any(|path| path.is_some())
            || !self.only.is_empty()
            || files.iter().any(table)
    }

    /// Screens tables, and says what became of their records.
    pub(crate) fn run(
        &self,
        files: &[PathBuf],
        library: &Library,
        rulesets: &[&Ruleset],
        stated: Stated,
        sensitivity: bool,
    ) -> Outcome {
        let profile = Profile::compile(&self.profile_document()?, library)?;
        let inputs = tables(files)?;
        let targets = Targets {
            output: self.output.clone(),
            rejects: self.rejects.clone(),
            summary: self.summary.clone(),
            answers: self.answers.clone(),
            report: self.report.clone(),
            explanations: self.explanations.clone(),
        };
        let mut wanted = self.wanted(rulesets)?;
        let figures = if sensitivity {
            wanted.columns.push(Added::HangsOn);
            shifted(rulesets, &library.reference)
        } else {
            Vec::new()
        };
        let page = TablePage::new(library, &inputs);
        let (progress, stop) = (Progress::of(&inputs), interruption()?);
        let ending = screen(&Job {
            profile: &profile,
            library,
            rulesets,
            against: sensitivity.then_some(Against::Figures(&figures)),
            stated,
            inputs: &inputs,
            targets: &targets,
            wanted: &wanted,
            reporter: Some(&page),
            force: self.force,
            resume: self.resume,
            threads: self.threads.unwrap_or_else(all_processors),
            pace: Duration::from_secs(u64::from(self.checkpoint)),
            stop: &stop,
            watch: &progress,
        });
        progress.clear();
        match ending? {
            Ending::Complete(summary) => self.complete(&summary, &inputs),
            Ending::Stopped { read, resumable } => Ok(stopped(read, resumable)),
        }
    }

    fn wanted(&self, rulesets: &[&Ruleset]) -> Result<Wanted, Failure> {
        let mut only = Selection::default();
        for which in &self.only {
            let added = only.add(which, rulesets);
            added.map_err(|wrong| Failure::Usage(format!("--only {which}: {wrong}")))?;
        }
        let columns = match (self.columns.as_slice(), &self.answers) {
            ([], None) => Added::WHOLE.to_vec(),
            ([], Some(_)) => Added::SHORT.to_vec(),
            (named, _) => named_once(named)?,
        };
        Ok(Wanted {
            columns,
            only,
            explained: self.explain,
        })
    }

    fn complete(&self, summary: &Summary, inputs: &[PathBuf]) -> Outcome {
        let name = match inputs {
            [one] => one.display().to_string(),
            several => format!("{} tables", several.len()),
        };
        let mut report = text(summary, &name, self.rejects.is_some());
        if let Some(found) = &summary.hangs_on {
            report.push_str(&of_table(found));
        }
        let standard = self
            .output
            .as_ref()
            .is_some_and(|path| path.as_os_str() == "-");
        if standard {
            say(&report);
        } else {
            print(&report)?;
        }
        Ok(if summary.rejected > 0 {
            Exit::BadInput
        } else {
            Exit::Done
        })
    }

    fn profile_document(&self) -> Result<Document, Failure> {
        let Some(name) = &self.profile else {
            let text = format!(
                "a table needs --profile, which says what its columns mean: one of {}, or a JSON file; \
                 `catchall profile guess FILE` proposes one",
                shipped::profile_ids().join(", ")
            );
            return Err(Failure::Usage(text));
        };
        named(name, "--profile")
    }
}

/// The files that are meant: a pattern with `*`, `?` or `[` that names no file itself is all that fit it,
/// in the order of their names.
pub(crate) fn tables(files: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for file in files {
        let pattern = file.to_str().filter(|text| text.contains(['*', '?', '[']));
        match pattern.filter(|_| !file.exists()) {
            Some(pattern) => found.extend(fitting(pattern)?),
            None => found.push(file.clone()),
        }
    }
    Ok(found)
}

fn fitting(pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let wrong = |what: String| Failure::Usage(format!("`{pattern}`: {what}"));
    let paths = glob::glob(pattern).map_err(|error| wrong(error.to_string()))?;
    let paths: Result<Vec<PathBuf>, _> = paths.collect();
    let paths = paths.map_err(|error| wrong(error.to_string()))?;
    if paths.is_empty() {
        return Err(wrong("no file fits this pattern".to_owned()));
    }
    Ok(paths)
}

pub(crate) fn all_processors() -> NonZeroUsize {
    let most = NonZeroUsize::new(THREADS).unwrap_or(NonZeroUsize::MIN);
    thread::available_parallelism().map_or(NonZeroUsize::MIN, |number| number.min(most))
}

/// Set when the user presses Ctrl-C, or the program is asked to end. A second time it ends at once.
pub(crate) fn interruption() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let set = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    });
    set.map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(stop)
}

pub(crate) fn stopped(read: u64, resumable: bool) -> Exit {
    let how = if resumable {
        "go on with the same command and --resume"
    } else {
        "nothing is kept, because no output file was named (-o FILE)"
    };
    say(&format!("interrupted after {read} records; {how}\n"));
    Exit::Interrupted
}
