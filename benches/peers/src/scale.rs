//! `scale`: Catchall alone with the full ruleset of the EU. Memory over rows, time over rules, speed beside a copy.

use std::fs;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use sha2::{Digest, Sha256};
use wait4::Wait4;

use crate::contender::{Contender, Kind};
use crate::facts::Lookup;
use crate::generate::Generator;
use crate::measure::{self, Measured, Spread};
use crate::setup::{self, Setup};
use crate::twice;

/// The ruleset that is measured.
const RULESET: &str = "eu-dual-use";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Scale {
    /// Rows that are made on the fly and piped in, once for each number; their output is thrown away.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "3000000,30000000,300000000"
    )]
    streams: Vec<u64>,
    /// Rows of the table that is screened from file to file; 32 million are about 1 GB.
    #[arg(long, default_value_t = 32_000_000)]
    rows: u64,
    /// Workers.
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    threads: Vec<usize>,
    /// How often each run from file to file is made; the median counts.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
    /// More arguments for `catchall screen`, such as `--columns=requirement_at_least`.
    #[arg(long, value_delimiter = ' ', allow_hyphen_values = true)]
    with: Vec<String>,
    /// Folder for the tables, best in memory; the table and twice its result must fit.
    #[arg(long, default_value = "/dev/shm/catchall-scale")]
    dir: PathBuf,
    /// What the rows are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A binary of Catchall to measure, instead of this checkout's, which is built.
    #[arg(long)]
    catchall: Option<PathBuf>,
}

impl Scale {
    /// Measures everything, and prints it.
    pub(crate) fn run(&self) -> Result<()> {
        let catchall = setup::catchall(self.catchall.as_deref())?;
        let lookup = setup::lookup()?;
        self.streams(&catchall, &lookup)?;
        if self.rows > 0 {
            let made = Setup::make(&self.dir, self.rows, 1, self.seed)?;
            let setup = Setup { catchall, ..made };
            let doubled = self.dir.join("twice");
            let rules = twice::write(&setup::root().join("rulesets").join(RULESET), &doubled)?;
            self.files(&setup, &doubled, rules)?;
            setup.remove();
            fs::remove_dir_all(&doubled)?;
        }
        Ok(())
    }

    fn generator(&self, lookup: &Lookup) -> Generator {
        Generator::new(self.seed, &lookup.places, &lookup.codes)
    }

    /// Tables of several lengths that no file holds.
    fn streams(&self, catchall: &Path, lookup: &Lookup) -> Result<()> {
        if self.streams.is_empty() {
            return Ok(());
        }
        let (rows, start) = (3_000_000, Instant::now());
        self.generator(lookup).write(rows, &mut std::io::sink())?;
        let alone = rows as f64 / start.elapsed().as_secs_f64();
        println!("{RULESET}, rows made on the fly (alone {alone:.0} rows/s) and piped in\n");
        println!("| rows | threads | seconds | rows/s | peak MB |\n|--:|--:|--:|--:|--:|");
        for rows in &self.streams {
            for threads in &self.threads {
                let ran = self.stream(catchall, lookup, *rows, *threads)?;
                let (rate, peak) = (*rows as f64 / ran.seconds, ran.peak as f64 / 1e6);
                println!(
                    "| {rows} | {threads} | {:.2} | {rate:.0} | {peak:.0} |",
                    ran.seconds
                );
            }
        }
        println!();
        Ok(())
    }

    fn stream(
        &self,
        catchall: &Path,
        lookup: &Lookup,
        rows: u64,
        threads: usize,
    ) -> Result<Measured> {
        let start = Instant::now();
        let mut child = self
            .screening(catchall, RULESET.as_ref(), threads)
            .args(["-", "-o", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| catchall.display().to_string())?;
        let mut warned = child.stderr.take().context("no standard error")?;
        let complaints = thread::spawn(move || {
            let mut text = String::new();
            warned.read_to_string(&mut text).map(|_| text)
        });
        let mut pipe = BufWriter::new(child.stdin.take().context("no standard input")?);
        let written = self
            .generator(lookup)
            .write(rows, &mut pipe)
            .and_then(|()| Ok(pipe.flush()?));
        drop(pipe);
        let used = child.wait4()?;
        let seconds = start.elapsed().as_secs_f64();
        let complaints = complaints
            .join()
            .map_err(|_| anyhow!("standard error was not read"))??;
        if !used.status.success() || !complaints.contains(&format!("{rows} records")) {
            bail!(
                "catchall did not screen {rows} records ({}):\n{complaints}",
                used.status
            );
        }
        written?;
        let usage = used.rusage;
        let processor_seconds = measure::whole(usage.utime + usage.stime);
        Ok(Measured {
            seconds,
            processor_seconds,
            peak: usage.maxrss,
        })
    }

    fn screening(&self, catchall: &Path, ruleset: &Path, threads: usize) -> Command {
        let mut command = Command::new(catchall);
        command
            .args(["screen", "--profile", "baci", "--ruleset"])
            .arg(ruleset);
        command
            .args(["--threads", &threads.to_string()])
            .args(&self.with);
        command
    }

    /// From file to file: beside a copy, with one worker and several, and with twice the rules.
    fn files(&self, setup: &Setup, doubled: &Path, rules: usize) -> Result<()> {
        let mut all = self.commands(setup, doubled)?;
        let mut runs: Vec<Vec<f64>> = vec![Vec::new(); all.len()];
        let mut hashes: Vec<Option<String>> = vec![None; all.len()];
        for turn in 0..self.repeat.max(1) {
            for ((command, seconds), hash) in all.iter_mut().zip(&mut runs).zip(&mut hashes) {
                drop(fs::remove_file(&setup.output));
                seconds.push(measure::run(&mut command.command)?.seconds);
                if turn == 0 && command.hashed {
                    *hash = Some(sha256(&setup.output)?);
                }
            }
        }
        let bytes = fs::metadata(&setup.table)?.len();
        println!(
            "{RULESET}, {} rows, {:.1} MB, file to file; {} runs each, in turn\n",
            self.rows,
            bytes as f64 / 1e6,
            self.repeat.max(1)
        );
        println!(
            "| who | s, median (least–most) | rows/s | MB/s | × csv copy |\n|---|--:|--:|--:|--:|"
        );
        let spreads: Vec<Spread> = runs.into_iter().filter_map(Spread::of).collect();
        let floor = spreads.first().map_or(f64::NAN, |floor| floor.median);
        for (command, spread) in all.iter().zip(&spreads) {
            let Spread {
                median,
                least,
                most,
            } = *spread;
            let (rate, speed) = (self.rows as f64 / median, bytes as f64 / 1e6 / median);
            println!(
                "| {} | {median:.2} ({least:.2}–{most:.2}) | {rate:.0} | {speed:.1} | {:.2} |",
                command.name,
                floor / median
            );
        }
        println!(
            "\nTwice the rules ({rules} more) with one worker: {:.2} times the time",
            ratio(&spreads)
        );
        let mut hashes = hashes.into_iter().flatten();
        let first = hashes.next();
        if hashes.any(|hash| Some(hash) != first) {
            bail!("one worker and several give different bytes");
        }
        println!(
            "One worker and several give the same bytes: {}",
            first.unwrap_or_default()
        );
        Ok(())
    }

    fn commands(&self, setup: &Setup, doubled: &Path) -> Result<Vec<Named>> {
        let copy = Contender {
            kind: Kind::Copy,
            threads: 1,
        }
        .command(setup, &setup.table)?;
        let mut all = vec![Named {
            name: "csv copy".to_owned(),
            command: copy,
            hashed: false,
        }];
        let screening = |ruleset: &Path, threads: usize| {
            let mut command = self.screening(&setup.catchall, ruleset, threads);
            command
                .arg(&setup.table)
                .args(["--force", "-o"])
                .arg(&setup.output);
            command
        };
        let twice = Named {
            name: "catchall, rules twice, 1".to_owned(),
            command: screening(doubled, 1),
            hashed: false,
        };
        all.push(Named {
            name: "catchall, 1".to_owned(),
            command: screening(RULESET.as_ref(), 1),
            hashed: true,
        });
        all.push(twice);
        for threads in self.threads.iter().filter(|threads| **threads != 1) {
            let name = format!("catchall, {threads}");
            all.push(Named {
                name,
                command: screening(RULESET.as_ref(), *threads),
                hashed: true,
            });
        }
        Ok(all)
    }
}

/// A command under a name; of hashed ones the results must be equal.
struct Named {
    name: String,
    command: Command,
    hashed: bool,
}

/// The third over the second: rules twice over rules once.
fn ratio(spreads: &[Spread]) -> f64 {
    match spreads {
        [_, once, twice, ..] => twice.median / once.median,
        _ => f64::NAN,
    }
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = fs::File::open(path)?;
    let (mut hash, mut block) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut block)? {
            0 => break,
            count => hash.update(block.get(..count).unwrap_or_default()),
        }
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
