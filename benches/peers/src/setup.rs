//! The files that a comparison works with.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::codes::Codes;
use crate::facts::Lookup;
use crate::generate::Generator;
use crate::places::Places;

/// This crate's own folder.
pub(crate) fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    here().join("../..")
}

/// Destinations and codes, from Catchall's tables and the profile.
pub(crate) fn lookup() -> Result<Lookup> {
    let data = root().join("data");
    let correlation = data.join("hs_correlation/hs_correlation.csv");
    Ok(Lookup {
        places: Places::read(&data)?,
        codes: Codes::read(&here().join("profile.json"), &correlation)?,
    })
}

/// Everything in one folder, which is best held in memory.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The whole table.
    pub(crate) table: PathBuf,
    /// Its first rows.
    pub(crate) sample: PathBuf,
    /// Facts of destinations, for peers that join.
    pub(crate) places: PathBuf,
    /// Facts of customs codes, likewise.
    pub(crate) codes: PathBuf,
    /// Where a contender writes.
    pub(crate) output: PathBuf,
    /// The binary to measure.
    pub(crate) catchall: PathBuf,
    /// An interpreter that finds `DuckDB` and Polars.
    pub(crate) python: PathBuf,
}

impl Setup {
    /// Makes the tables.
    pub(crate) fn make(dir: &Path, rows: u64, sample: u64, seed: u64) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
        let setup = Self {
            table: dir.join("trade.csv"),
            sample: dir.join("sample.csv"),
            places: dir.join("places.csv"),
            codes: dir.join("codes.csv"),
            output: dir.join("screened.csv"),
            catchall: PathBuf::new(),
            python: PathBuf::new(),
        };
        let lookup = lookup()?;
        lookup.places.write(&setup.places)?;
        lookup.codes.write(&setup.codes)?;
        for (path, rows) in [(&setup.table, rows), (&setup.sample, sample.min(rows))] {
            let mut generator = Generator::new(seed, &lookup.places, &lookup.codes);
            generator.write(rows, &mut File::create(path)?)?;
        }
        Ok(setup)
    }

    /// Removes the tables.
    pub(crate) fn remove(&self) {
        for path in [
            &self.table,
            &self.sample,
            &self.places,
            &self.codes,
            &self.output,
        ] {
            drop(fs::remove_file(path));
        }
    }
}

/// The named binary, or else the release binary of this checkout, built now.
pub(crate) fn catchall(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.to_path_buf());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--locked", "--package", "catchall"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo")?;
    if !built.status.success() {
        bail!("catchall does not build");
    }
    let lines = String::from_utf8(built.stdout)?;
    let messages = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut binaries =
        messages.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
    binaries.next().context("cargo names no binary")
}

/// The named interpreter, or else that of the virtual environment in this crate's folder.
pub(crate) fn python(named: Option<&Path>) -> PathBuf {
    let own = here().join(".venv/bin/python");
    match named {
        Some(path) => path.to_path_buf(),
        None if own.exists() => own,
        None => PathBuf::from("python3"),
    }
}
