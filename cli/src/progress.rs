//! A bar that shows how far a run has come: on a terminal only, and nowhere else.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use catchall_tables::Watch;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

/// Shows how much of the inputs was read, how fast, and how long it will take.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    records: AtomicU64,
}

/// Where the size of the inputs is known.
const MEASURED: &str = "{wide_bar} {percent} % · {msg} · {bytes_per_sec} · {eta} left";

/// Where it is not: standard input.
const OPEN: &str = "{spinner} {bytes} · {msg} · {bytes_per_sec} · {elapsed}";

impl Progress {
    /// A bar for inputs.
    pub(crate) fn of(inputs: &[PathBuf]) -> Self {
        let sizes = inputs.iter().map(std::fs::metadata);
        let sizes = sizes.map(|found| found.ok().filter(std::fs::Metadata::is_file));
        let total: Option<u64> = sizes.map(|found| found.map(|found| found.len())).sum();
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total), MEASURED),
            None => (ProgressBar::new_spinner(), OPEN),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            records: AtomicU64::new(0),
        }
    }

    /// Removes it.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn records(&self, records: u64) {
        let before = self.records.fetch_add(records, Ordering::Relaxed);
        if !self.bar.is_hidden() {
            let records = HumanCount(before.saturating_add(records));
            self.bar.set_message(format!("{records} records"));
        }
    }
}
