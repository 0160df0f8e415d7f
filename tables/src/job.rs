//! One run: what is asked for, and how it ends.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use catchall_engine::bulk::{Against, Profile, Stated, Summary, TableScreener};
use catchall_engine::ruleset::{Library, Ruleset};

use crate::answers;
#[cfg(feature = "arrow")]
use crate::batch::{BatchFeed, BatchSource, is_columnar};
use crate::failure::Failure;
use crate::feed::{Feed, TextFeed};
use crate::header::Header;
use crate::reporter::Reporter;
use crate::run::Run;
use crate::source::{Source, is_standard};
use crate::wanted::Wanted;
use crate::watch::Watch;

/// Where results go.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// The table with the columns that screening adds; `-` is standard output.
    pub output: Option<PathBuf>,
    /// Records that could not be read, each with its cause.
    pub rejects: Option<PathBuf>,
    /// The counts, as JSON.
    pub summary: Option<PathBuf>,
    /// The different answers, each once, with the records that it is given to.
    pub answers: Option<PathBuf>,
    /// The page for people that the job's reporter makes of the counts.
    pub report: Option<PathBuf>,
    /// Records that are explained in full, as NDJSON.
    pub explanations: Option<PathBuf>,
}

/// What targets are called.
pub(crate) const OUTPUT: &str = "output";
pub(crate) const REJECTS: &str = "rejects";
pub(crate) const EXPLANATIONS: &str = "explanations";

impl Targets {
    /// The targets by what they are called.
    pub(crate) fn named(&self) -> [(&'static str, Option<&PathBuf>); 6] {
        [
            (OUTPUT, self.output.as_ref()),
            (REJECTS, self.rejects.as_ref()),
            ("summary", self.summary.as_ref()),
            ("answers", self.answers.as_ref()),
            ("report", self.report.as_ref()),
            (EXPLANATIONS, self.explanations.as_ref()),
        ]
    }
}

/// What one run is to do.
#[derive(Clone, Copy, Debug)]
pub struct Job<'j> {
    /// What the columns mean.
    pub profile: &'j Profile,
    /// Facts, rulesets and reference data.
    pub library: &'j Library,
    /// The rulesets to screen with.
    pub rulesets: &'j [&'j Ruleset],
    /// What records are also screened with, to see which answers that moves.
    pub against: Option<Against<'j>>,
    /// Days that are stated for all records.
    pub stated: Stated,
    /// The tables, in this order; `-` is standard input.
    pub inputs: &'j [PathBuf],
    /// Where results go.
    pub targets: &'j Targets,
    /// What is written about records, and about which.
    pub wanted: &'j Wanted,
    /// Who makes the page for people; needed where the targets name one.
    pub reporter: Option<&'j dyn Reporter>,
    /// Whether files that exist are written over.
    pub force: bool,
    /// Whether to go on where an interrupted run stopped, if there was one.
    pub resume: bool,
    /// How many workers screen at the same time.
    pub threads: NonZeroUsize,
    /// How often it is kept how far the run has come.
    pub pace: Duration,
    /// Set by whoever wants the run to stop where it can go on later.
    pub stop: &'j AtomicBool,
    /// Who is told how far it has come.
    pub watch: &'j dyn Watch,
}

/// How a run ends that did not fail.
#[derive(Clone, Debug)]
pub enum Ending {
    /// All records were read, and the files are complete.
    Complete(Box<Summary>),
    /// It was stopped; it can go on if there is an output file.
    Stopped {
        /// Records that were read until then.
        read: u64,
        /// Whether it can go on.
        resumable: bool,
    },
}

/// Screens tables as a job says.
pub fn screen(job: &Job<'_>) -> Result<Ending, Failure> {
    let Some(path) = job.inputs.first() else {
        return Err(Failure::Usage("no table is named".to_owned()));
    };
    named_once(job)?;
    if job.targets.report.is_some() && job.reporter.is_none() {
        let text = "a report is named, but nobody who makes it".to_owned();
        return Err(Failure::Usage(text));
    }
    if let Some(answers) = &job.targets.answers {
        answers::form(answers)?;
    }
    #[cfg(feature = "arrow")]
    if is_columnar(path) {
        let source = BatchSource::open(path)?;
        let (header, schema) = (source.header(), source.schema());
        let feed = BatchFeed::new(job.inputs, source, &header, job.watch);
        return screen_feed(job, &header, feed, |run| run.of_columns(&schema));
    }
    let (source, header) = Source::open(path, job.profile.delimiter, job.watch)?;
    let feed = TextFeed::new(job.inputs, source, &header, job.watch);
    screen_feed(job, &header, feed, |run| run)
}

fn screen_feed(
    job: &Job<'_>,
    header: &Header,
    mut feed: impl Feed,
    with: impl FnOnce(Run<'_>) -> Run<'_>,
) -> Result<Ending, Failure> {
    let table = job.inputs.first().map(|path| path.display().to_string());
    let (table, names) = (table.unwrap_or_default(), header.names());
    let (library, rulesets) = (job.library, job.rulesets.to_vec());
    let profile = job.profile.for_header(library, &table, &names)?;
    let (against, stated) = (job.against, job.stated);
    let screener =
        TableScreener::against(&profile, library, rulesets, against, stated, &table, &names)?;
    with(Run::new(job, &screener, header)).run(&mut feed)
}

/// No file is read and written, or written twice.
fn named_once(job: &Job<'_>) -> Result<(), Failure> {
    let targets = job.targets;
    let named = targets.named().into_iter();
    let mut taken: Vec<&PathBuf> = job.inputs.iter().collect();
    for path in named.filter_map(|(_, path)| path) {
        let standard = is_standard(path);
        if standard && targets.output.as_ref() != Some(path) {
            let text = "only the table itself can go to standard output".to_owned();
            return Err(Failure::Usage(text));
        }
        if !standard && taken.iter().any(|known| same(known, path)) {
            return Err(Failure::Usage(format!("{} is named twice", path.display())));
        }
        taken.push(path);
    }
    Ok(())
}

/// Whether two paths name one file, as far as that can be told before both exist.
fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    real(one) == real(other)
}
