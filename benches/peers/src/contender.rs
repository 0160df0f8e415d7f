//! Who is compared: each with the command that screens a table.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use csv::ByteRecord;

use crate::answer::COLUMNS;
use crate::loops::Loop;
use crate::places::KNOWN_AT;
use crate::setup::{Setup, here};

/// A way to screen a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contender {
    pub(crate) kind: Kind,
    pub(crate) threads: usize,
}

/// The kinds of contender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The `csv` crate copies records and answers nothing: the floor.
    Copy,
    /// Catchall's binary.
    Catchall,
    /// A script over a whole table, in one of its variants.
    Script(&'static str, String),
    /// An engine that answers row by row, on the sample.
    Row(Loop),
}

/// How the scripts read columns: as they stand, or parsed.
pub(crate) const VARIANTS: [&str; 2] = ["text", "typed"];

impl Contender {
    /// What it is called.
    pub(crate) fn name(&self) -> String {
        match &self.kind {
            Kind::Copy => "csv".to_owned(),
            Kind::Catchall => "catchall".to_owned(),
            Kind::Script(name, variant) => format!("{name} {variant}"),
            Kind::Row(engine) => {
                let value = engine.to_possible_value();
                value.map_or_else(String::new, |value| value.get_name().to_owned())
            }
        }
    }

    /// Whether it screens the sample instead of the whole table.
    pub(crate) fn is_by_row(&self) -> bool {
        matches!(self.kind, Kind::Row(_))
    }

    /// The command that screens a table into the output.
    pub(crate) fn command(&self, setup: &Setup, table: &Path) -> Result<Command> {
        let threads = self.threads.to_string();
        let mut command = match &self.kind {
            Kind::Copy => {
                let mut command = itself()?;
                command.arg("copy").arg(table).arg(&setup.output);
                command
            }
            Kind::Catchall => screening(setup, table, &threads),
            Kind::Script(name, variant) => {
                let mut command = Command::new(&setup.python);
                command.arg(here().join(format!("peers/screen_{name}.py")));
                command.args([table, &setup.output, &setup.places, &setup.codes]);
                command.args([&threads, variant]);
                command
            }
            Kind::Row(_) => {
                let mut command = itself()?;
                command
                    .args(["loop", &self.name()])
                    .arg(table)
                    .arg(&setup.output);
                command
            }
        };
        command.current_dir(here());
        Ok(command)
    }
}

fn itself() -> Result<Command> {
    Ok(Command::new(
        std::env::current_exe().context("the path of this program")?,
    ))
}

fn screening(setup: &Setup, table: &Path, threads: &str) -> Command {
    let mut command = Command::new(&setup.catchall);
    command
        .arg("screen")
        .arg(table)
        .args(["--force", "-o"])
        .arg(&setup.output);
    command.args(["--profile", "profile.json", "--ruleset", "ruleset"]);
    command.args(["--known-at", KNOWN_AT, "--threads", threads]);
    command.args(["--columns", &COLUMNS.join(",")]);
    command
}

/// Bytes that are read or written at once.
pub(crate) const BUFFER: usize = 1 << 17;

/// Copies a table record by record, and returns the seconds that it took.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<f64> {
    let start = Instant::now();
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .has_headers(false)
        .buffer_capacity(BUFFER)
        .from_path(from)?;
    let mut writer = csv::WriterBuilder::new()
        .buffer_capacity(BUFFER)
        .from_path(to)?;
    let mut row = ByteRecord::new();
    while reader.read_byte_record(&mut row)? {
        writer.write_byte_record(&row)?;
    }
    writer.flush()?;
    Ok(start.elapsed().as_secs_f64())
}
