//! The repository's chores, run as `cargo xtask <chore>`.

mod data;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The repository's chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Make the reference tables under `data/` from the publishers' files.
    Data(data::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Data(args) => data::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
