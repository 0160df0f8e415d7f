//! The repository's chores, run as `cargo xtask <chore>`.

mod data;
mod licences;
mod pages;
mod tidy;

use std::io::{self, Write};
use std::path::Path;
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
    /// Make the pages of rules under `docs/rules/`.
    Pages(pages::Args),
    /// Check what must hold of the tree: arrows, purity of the engine, plain files.
    Tidy,
    /// Check the licences of all dependencies.
    Licences,
}

/// The root of the project.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Data(args) => data::run(&args),
        Chore::Pages(args) => pages::run(&args, root()),
        Chore::Tidy => tidy::run(root()),
        Chore::Licences => licences::run(root()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
