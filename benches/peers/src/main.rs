//! Catchall beside other ways to screen the same table: one file, ten rules, one answer.
//!
//! README.md says how to run it, and what is and is not comparable.

use std::io::{BufWriter, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod agree;
mod answer;
mod codes;
mod contender;
mod facts;
mod generate;
mod loops;
mod measure;
mod places;
mod random;
mod report;
mod run;
mod scale;
mod setup;
mod skew;
mod twice;

/// Catchall beside other ways to screen the same table.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare: everyone screens one made-up table with the same ten rules, and must agree.
    Run(run::Run),
    /// Measure Catchall alone with the full ruleset of the EU: rows, rules, threads and memory.
    Scale(scale::Scale),
    /// Write made-up rows to standard output.
    Generate {
        /// How many.
        rows: u64,
        /// What they are drawn from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Copy a table record by record; one of the contenders.
    #[command(hide = true)]
    Copy { from: PathBuf, to: PathBuf },
    /// Screen a table row by row; one of the contenders.
    #[command(hide = true)]
    Loop {
        engine: loops::Loop,
        from: PathBuf,
        to: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Run(run) => run.run(),
        Command::Scale(scale) => scale.run(),
        Command::Generate { rows, seed } => {
            let lookup = setup::lookup()?;
            let mut generator = generate::Generator::new(seed, &lookup.places, &lookup.codes);
            generator.write(rows, &mut BufWriter::new(stdout().lock()))
        }
        Command::Copy { from, to } => {
            println!("seconds={}", contender::copy(&from, &to)?);
            Ok(())
        }
        Command::Loop { engine, from, to } => {
            let policies = setup::here().join("policies");
            let seconds = engine.run(&setup::lookup()?, &policies, &from, &to)?;
            println!("seconds={seconds}");
            Ok(())
        }
    }
}
