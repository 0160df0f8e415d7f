//! How far a run has come, so that it can go on after an interruption.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use catchall_engine::bulk::Counts;
use catchall_engine::source::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, place, unreadable};

/// A place in the inputs: all before it has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// SHA-256 of each input that was read to its end.
    pub(crate) finished: Vec<String>,
    /// Bytes that were read of the next one, unpacked.
    pub(crate) bytes: u64,
    /// SHA-256 of those bytes.
    pub(crate) sha256: String,
    /// Whether all inputs were read to their end.
    pub(crate) complete: bool,
}

/// Records and lines of an input that are behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passed {
    /// Which input; none before the first record.
    pub(crate) source: Option<usize>,
    /// Records of it.
    pub(crate) records: u64,
    /// Lines of it, with those of its header.
    pub(crate) lines: u64,
}

/// All that is needed to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checkpoint {
    /// What was asked for and with what: a run goes on only if all of it is the same.
    pub(crate) identity: BTreeMap<String, String>,
    /// How far the inputs were read.
    pub(crate) position: Position,
    /// Records and lines that are behind.
    pub(crate) passed: Passed,
    /// Bytes that belong to them of each file that grows with them.
    pub(crate) lengths: BTreeMap<String, u64>,
    /// How many records of each answer were explained, by its id.
    pub(crate) explained: BTreeMap<String, u32>,
    /// What became of them.
    pub(crate) counts: Counts,
}

/// The name of the checkpoint of an output.
pub(crate) fn beside(output: &Path) -> PathBuf {
    suffixed(output, ".checkpoint")
}

/// A path with something added to its last name.
pub(crate) fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

impl Checkpoint {
    /// Replaces the checkpoint at a path, whole or not at all.
    pub(crate) fn save(&self, path: &Path) -> io::Result<()> {
        let fresh = suffixed(path, ".new");
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    }

    /// The checkpoint at a path, if there is one.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, Failure> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| unreadable(path, &error))?,
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            let expected = "a checkpoint that this version wrote";
            Diagnostic::error("T140", error.to_string().to_lowercase(), expected)
                .help("start anew with --force")
                .at(place(&path.display().to_string()))
                .into()
        })
    }

    /// Whether a run that is asked for is the one that was interrupted; an error that says what differs.
    pub(crate) fn fits(
        &self,
        identity: &BTreeMap<String, String>,
        path: &Path,
    ) -> Result<(), Failure> {
        let keys = self.identity.keys().chain(identity.keys());
        let mut differing: Vec<&str> = keys
            .filter(|key| self.identity.get(*key) != identity.get(*key))
            .map(String::as_str)
            .collect();
        differing.dedup();
        differing.sort_unstable();
        differing.dedup();
        if differing.is_empty() {
            return Ok(());
        }
        let found = format!("an interrupted run with other {}", differing.join(", "));
        let help = "give the same options and inputs as before, or start anew with --force";
        let error = Diagnostic::error("T141", found, "the run that was interrupted").help(help);
        Err(error.at(place(&path.display().to_string())).into())
    }
}
