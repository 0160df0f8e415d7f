//! The repository's chores, run as `cargo xtask <chore>`.

mod data;

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

fn main() -> anyhow::Result<()> {
    match Cli::parse().chore {
        Chore::Data(args) => data::run(&args),
    }
}
