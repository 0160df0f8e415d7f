//! Runs another program, and says how long it took and how much memory it had at most.

use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use wait4::Wait4;

/// One run of a program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// From start to end, or what the program itself says that it took.
    pub(crate) seconds: f64,
    /// Of all its threads together.
    pub(crate) processor_seconds: f64,
    /// Most memory that was resident at once, in bytes, as the kernel counts it.
    pub(crate) peak: u64,
}

/// Runs a program to its end. It may print `seconds=…` to leave out what it did before and after.
pub(crate) fn run(command: &mut Command) -> Result<Measured> {
    let name = command.get_program().display().to_string();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name} does not start"))?;
    let mut said = child.stdout.take().context("no standard output")?;
    let mut warned = child.stderr.take().context("no standard error")?;
    let complaints = thread::spawn(move || {
        let mut text = String::new();
        warned.read_to_string(&mut text).map(|_| text)
    });
    let mut output = String::new();
    said.read_to_string(&mut output)?;
    let used = child.wait4()?;
    let wall = start.elapsed();
    let complaints = complaints
        .join()
        .map_err(|_| anyhow!("standard error was not read"))??;
    if !used.status.success() {
        bail!("{name} failed ({}):\n{output}{complaints}", used.status);
    }
    let usage = used.rusage;
    Ok(Measured {
        seconds: stated(&output).unwrap_or(wall.as_secs_f64()),
        processor_seconds: whole(usage.utime + usage.stime),
        peak: usage.maxrss,
    })
}

/// The seconds of a duration.
pub(crate) fn whole(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

fn stated(output: &str) -> Option<f64> {
    let line = output
        .lines()
        .find_map(|line| line.strip_prefix("seconds="))?;
    line.trim().parse().ok()
}

/// The middle of some figures, the least and the greatest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of no figures there is none.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (
            sorted.get((sorted.len().max(1) - 1) / 2)?,
            sorted.get(sorted.len() / 2)?,
        );
        Some(Self {
            median: f64::midpoint(*low, *high),
            least: *sorted.first()?,
            most: *sorted.last()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn takes_the_middle() {
        let middle =
            |figures: &[f64]| Spread::of(figures.iter().copied()).map(|spread| spread.median);
        assert_eq!(middle(&[]), None);
        assert_eq!(middle(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(middle(&[4.0, 1.0]), Some(2.5));
    }
}
