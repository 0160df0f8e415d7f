//! `run`: every contender screens the same table, in turn and again; all must agree.

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::agree::Answers;
use crate::contender::{Contender, Kind, VARIANTS};
use crate::loops::Loop;
use crate::measure::{self, Measured};
use crate::report;
use crate::setup::{self, Setup};

/// What to compare, and how.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Rows of the table; 32 million are about 1 GB.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Rows of the sample that engines answer one by one: the first of the table.
    #[arg(long, default_value_t = 200_000)]
    sample: u64,
    /// Threads of those that can have several.
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    threads: Vec<usize>,
    /// How often each is run; the median counts.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// How `DuckDB` and Polars read columns: as they stand, or parsed.
    #[arg(long, value_delimiter = ',', default_value = "text,typed")]
    variants: Vec<String>,
    /// Only these: csv, catchall, duckdb, polars, plain, zen, regorus, cel, cedar.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Folder for the tables, best in memory; four times the table's size must fit.
    #[arg(long, default_value = "/dev/shm/catchall-peers")]
    dir: PathBuf,
    /// What the rows are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A binary of Catchall to measure, instead of this checkout's, which is built.
    #[arg(long)]
    catchall: Option<PathBuf>,
    /// A Python that finds the packages of requirements.txt, instead of `.venv` here.
    #[arg(long)]
    python: Option<PathBuf>,
    /// Keep the tables.
    #[arg(long)]
    keep: bool,
}

/// A contender with what was measured.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) contender: Contender,
    pub(crate) runs: Vec<Measured>,
}

impl Run {
    /// Runs everything, and prints one table.
    pub(crate) fn run(&self) -> Result<()> {
        let mut entries: Vec<Entry> = self
            .contenders()?
            .into_iter()
            .map(|contender| Entry {
                contender,
                runs: Vec::new(),
            })
            .collect();
        let catchall = setup::catchall(self.catchall.as_deref())?;
        let made = Setup::make(&self.dir, self.rows, self.sample, self.seed)?;
        let setup = Setup {
            catchall,
            python: setup::python(self.python.as_deref()),
            ..made
        };
        let answers = self.measure(&mut entries, &setup)?;
        self.print(&entries, &answers, &setup)?;
        if !self.keep {
            setup.remove();
        }
        Ok(())
    }

    fn contenders(&self) -> Result<Vec<Contender>> {
        let mut all = vec![Contender {
            kind: Kind::Copy,
            threads: 1,
        }];
        let several = |kind: &Kind| {
            let kind = kind.clone();
            self.threads.iter().map(move |threads| Contender {
                kind: kind.clone(),
                threads: *threads,
            })
        };
        all.extend(several(&Kind::Catchall));
        for name in ["duckdb", "polars"] {
            for variant in self.variants()? {
                all.extend(several(&Kind::Script(name, variant)));
            }
        }
        let engines = Loop::value_variants().iter();
        all.extend(engines.map(|engine| Contender {
            kind: Kind::Row(*engine),
            threads: 1,
        }));
        let first = |contender: &Contender| {
            contender
                .name()
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let mut known: Vec<String> = all.iter().map(first).collect();
        known.dedup();
        if let Some(name) = self.only.iter().find(|name| !known.contains(name)) {
            bail!(
                "--only: there is no `{name}`; expected some of {}",
                known.join(", ")
            );
        }
        all.retain(|contender| self.only.is_empty() || self.only.contains(&first(contender)));
        Ok(all)
    }

    fn variants(&self) -> Result<Vec<String>> {
        if let Some(name) = self
            .variants
            .iter()
            .find(|name| !VARIANTS.contains(&name.as_str()))
        {
            bail!(
                "--variants: there is no `{name}`; expected some of {}",
                VARIANTS.join(", ")
            );
        }
        Ok(self.variants.clone())
    }

    /// Everyone in turn, and again; whoever answers otherwise than Catchall ends it.
    fn measure(&self, entries: &mut [Entry], setup: &Setup) -> Result<BTreeMap<bool, Answers>> {
        let mut agreed = reference(setup)?;
        for turn in 0..self.repeat.max(1) {
            for entry in entries.iter_mut() {
                let contender = &entry.contender;
                let by_row = contender.is_by_row();
                let table = if by_row { &setup.sample } else { &setup.table };
                drop(fs::remove_file(&setup.output));
                progress(&format!(
                    "turn {}: {}, {}",
                    turn + 1,
                    contender.name(),
                    contender.threads
                ));
                let measured = measure::run(&mut contender.command(setup, table)?)?;
                if turn == 0 && contender.kind != Kind::Copy {
                    compare(contender, &setup.output, by_row, &mut agreed)?;
                }
                entry.runs.push(measured);
            }
        }
        progress("");
        Ok(agreed)
    }

    fn print(
        &self,
        entries: &[Entry],
        answers: &BTreeMap<bool, Answers>,
        setup: &Setup,
    ) -> Result<()> {
        let bytes = |path: &Path| Ok::<u64, anyhow::Error>(fs::metadata(path)?.len());
        let whole = report::Size {
            rows: self.rows,
            bytes: bytes(&setup.table)?,
        };
        let sample = report::Size {
            rows: self.sample.min(self.rows),
            bytes: bytes(&setup.sample)?,
        };
        print!(
            "{}",
            report::table(entries, whole, sample, self.repeat.max(1))
        );
        print!("{}", report::agreement(answers));
        Ok(())
    }
}

/// Says on a terminal, on one line, what goes on.
fn progress(what: &str) {
    if stderr().is_terminal() {
        eprint!("\r\u{1b}[K{what}");
    }
}

/// What Catchall says of the sample, with nothing left open and nothing rejected.
fn reference(setup: &Setup) -> Result<BTreeMap<bool, Answers>> {
    let contender = Contender {
        kind: Kind::Catchall,
        threads: 1,
    };
    let summary = setup.output.with_extension("json");
    let mut command = contender.command(setup, &setup.sample)?;
    measure::run(command.arg("--summary").arg(&summary))?;
    let read: serde_json::Value = serde_json::from_str(&fs::read_to_string(&summary)?)?;
    drop(fs::remove_file(&summary));
    let count = |name: &str| {
        read.get(name)
            .and_then(serde_json::Value::as_u64)
            .unwrap_or_default()
    };
    if count("read") == 0 || count("read") != count("determined") {
        let counts = ["read", "determined", "undetermined", "rejected"];
        let counts = counts
            .map(|name| format!("{name} {}", count(name)))
            .join(", ");
        bail!("the ten rules leave rows open, which others cannot tell: {counts}");
    }
    Ok(BTreeMap::from([(true, Answers::read(&setup.output)?)]))
}

fn compare(
    contender: &Contender,
    output: &Path,
    by_row: bool,
    agreed: &mut BTreeMap<bool, Answers>,
) -> Result<()> {
    let (name, found) = (contender.name(), Answers::read(output)?);
    let expected = agreed.entry(by_row).or_insert_with(|| found.clone());
    if *expected != found {
        let (ours, theirs) = (
            report::counts(&expected.counts),
            report::counts(&found.counts),
        );
        return Err(anyhow::anyhow!("expected\n{ours}found\n{theirs}")).with_context(|| {
            format!(
                "{name} with {} threads answers otherwise",
                contender.threads
            )
        });
    }
    Ok(())
}
