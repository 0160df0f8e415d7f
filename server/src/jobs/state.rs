//! What a job is and how far it has come, as documents in its folder.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{END, Job, SPEC};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Output {
    /// A table with commas.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Parquet; a job that was interrupted begins again.
    Parquet,
}

impl Output {
    /// The words for each.
    pub(crate) const ALL: [(&'static str, Self); 3] = [
        ("csv", Self::Csv),
        ("ndjson", Self::Ndjson),
        ("parquet", Self::Parquet),
    ];

    /// The file that holds the result.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Csv => "output.csv",
            Self::Ndjson => "output.ndjson",
            Self::Parquet => "output.parquet",
        }
    }
}

/// What a job is to do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Its number.
    pub(crate) id: String,
    /// Who asked.
    pub(crate) made_by: String,
    /// When.
    pub(crate) made_at: String,
    /// What the columns mean: the name of a profile.
    pub(crate) profile: String,
    /// The rulesets; all law if none.
    pub(crate) rulesets: Vec<String>,
    /// The day whose law and facts apply, for all records.
    pub(crate) as_of: Option<String>,
    /// The day up to which data had been published.
    pub(crate) known_at: Option<String>,
    /// How results are written.
    pub(crate) output: Output,
    /// Bytes of the table that was sent.
    pub(crate) bytes: u64,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// Others go first.
    Waiting,
    /// It is being screened.
    Running,
    /// All records were read, and the results are complete.
    Done,
    /// It cannot be done; `why` says why.
    Failed,
    /// It was cancelled, and is thrown away.
    Cancelled,
}

impl Phase {
    /// Whether nothing follows.
    pub(crate) fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How far a job has come.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    /// Where it is.
    pub(crate) phase: Phase,
    /// Bytes of the table that were read.
    pub(crate) read: u64,
    /// Bytes of the table.
    pub(crate) bytes: u64,
    /// Records that were written, also before a restart.
    pub(crate) records: u64,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

impl Progress {
    /// Nothing was done yet.
    pub(crate) fn new(spec: &Spec) -> Self {
        Self {
            phase: Phase::Waiting,
            read: 0,
            bytes: spec.bytes,
            records: 0,
            why: None,
        }
    }
}

/// Writes a document so that it is there whole or not at all.
pub(super) fn write(folder: &Path, name: &str, value: &impl Serialize) -> io::Result<()> {
    let part = folder.join(format!("{name}.part"));
    std::fs::write(&part, serde_json::to_vec(value)?)?;
    std::fs::File::open(&part)?.sync_all()?;
    std::fs::rename(part, folder.join(name))
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Option<T> {
    let bytes = std::fs::read(folder.join(name)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The jobs of a folder, in the order of their numbers. One whose table never came whole is thrown away.
pub(super) fn found(folder: &Path) -> io::Result<Vec<Job>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut folders: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        folders.push(entry?.path());
    }
    folders.sort();
    let mut jobs = Vec::new();
    for folder in folders.into_iter().filter(|path| path.is_dir()) {
        let Some(spec) = read::<Spec>(&folder, SPEC) else {
            std::fs::remove_dir_all(&folder)?;
            continue;
        };
        let progress = read(&folder, END).unwrap_or_else(|| Progress::new(&spec));
        jobs.push(Job::new(spec, folder, progress));
    }
    Ok(jobs)
}
