//! `catchall register`: takes a register out as a file, and puts it back.

use std::path::PathBuf;

use catchall_server::{Counts, Layer, backup, register_url, restore};
use clap::{Args, Subcommand};

use crate::exit::{Exit, Failure, Outcome};
use crate::output::print;

/// Take the service's register out as a file, or put it into a new register, of SQLite or PostgreSQL.
///
/// A backup is text, one JSON object a line, and ends with its SHA-256.
#[derive(Debug, Args)]
pub(crate) struct Register {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write all that a register holds into a new file. The service may run meanwhile.
    Backup(Place),
    /// Put a backup into a new register, whole or not at all.
    Restore(Place),
}

#[derive(Debug, Args)]
struct Place {
    /// The backup; compressed with zstd where its name ends in `.zst`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The register: a file (SQLite), or a URL such as `postgres://user@host/name`; `catchall.db` if none is set.
    #[arg(long, value_name = "FILE|URL")]
    register: Option<String>,
}

impl Register {
    pub(crate) fn run(&self) -> Outcome {
        match &self.what {
            What::Backup(place) => told("backed up", &backup(&place.url()?, &place.file)?),
            What::Restore(place) => told("restored", &restore(&place.url()?, &place.file)?),
        }
    }
}

impl Place {
    fn url(&self) -> Result<String, Failure> {
        let environment = Layer::of_environment(std::env::vars()).map_err(Failure::Usage)?;
        let named = self.register.clone().or(environment.register);
        Ok(register_url(named.as_deref().unwrap_or("catchall.db")))
    }
}

fn told(done: &str, counts: &Counts) -> Outcome {
    let counts: Vec<String> = counts
        .iter()
        .map(|(table, count)| format!("{count} {table}"))
        .collect();
    print(&format!("{done}: {}\n", counts.join(", ")))?;
    Ok(Exit::Done)
}
