//! The files a run makes: written, or compared with what is there.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// One file under `data/`.
#[derive(Debug)]
pub(super) struct Output {
    /// Path inside `data/`.
    pub(super) path: String,
    /// Its content.
    pub(super) bytes: Vec<u8>,
}

/// Writes every file and says how many there are.
pub(super) fn write(data: &Path, outputs: &[Output]) -> Result<()> {
    for output in outputs {
        let path = data.join(&output.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        fs::write(&path, &output.bytes).with_context(|| path.display().to_string())?;
    }
    writeln!(io::stdout(), "data: {} files written", outputs.len())?;
    Ok(())
}

/// Fails, naming each file whose content differs from what a run would write.
pub(super) fn check(data: &Path, outputs: &[Output]) -> Result<()> {
    let stale: Vec<String> = outputs
        .iter()
        .filter_map(|output| difference(data, output))
        .collect();
    if !stale.is_empty() {
        bail!(
            "{} files would change; run cargo xtask data:\n{}",
            stale.len(),
            stale.join("\n")
        );
    }
    writeln!(io::stdout(), "data: {} files up to date", outputs.len())?;
    Ok(())
}

/// What differs, in one line.
fn difference(data: &Path, output: &Output) -> Option<String> {
    let shown = format!("  data/{}", output.path);
    let Ok(found) = fs::read(data.join(&output.path)) else {
        return Some(format!("{shown}: missing"));
    };
    if found == output.bytes {
        return None;
    }
    let line = first_difference(&found, &output.bytes);
    Some(format!("{shown}: differs from line {line} on"))
}

fn first_difference(found: &[u8], made: &[u8]) -> usize {
    let same = found.iter().zip(made).take_while(|(a, b)| a == b);
    same.filter(|(a, _)| **a == b'\n').count().saturating_add(1)
}
