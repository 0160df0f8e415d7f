//! What a run depends on: it goes on after an interruption only if all of this is the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use catchall_engine::bulk::Against;

use crate::header::Header;
use crate::job::Job;
use crate::source::{hexadecimal, is_standard};
use sha2::{Digest, Sha256};

/// What a run depends on, by names that people understand.
pub(crate) fn identity(job: &Job<'_>, header: &Header) -> BTreeMap<String, String> {
    let rulesets = job.rulesets.iter().map(|ruleset| ruleset.hash.as_str());
    let day = |day: Option<catchall_engine::time::Date>| format!("{day:?}");
    let columns: Vec<&str> = job
        .wanted
        .columns
        .iter()
        .map(|column| column.name())
        .collect();
    let parts = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("profile", job.profile.hash.clone()),
        ("rulesets", rulesets.collect::<Vec<_>>().join(" ")),
        ("rulesets or figures to compare with", against(job)),
        ("reference data", job.library.reference.hash.clone()),
        ("--as-of", day(job.stated.as_of)),
        ("--known-at", day(job.stated.known_at)),
        (
            "inputs",
            job.inputs.iter().map(|path| input(path)).collect(),
        ),
        (
            "header",
            hexadecimal(&Sha256::digest(header.names().join(&b'\n'))),
        ),
        ("delimiter", header.delimiter().to_string()),
        ("--columns", columns.join(",")),
        (
            "--only",
            job.wanted.only.texts().collect::<Vec<_>>().join(" "),
        ),
        ("--explain", job.wanted.explained.to_string()),
    ];
    let targets = job.targets.named().into_iter();
    let targets = targets.map(|(name, path)| (name, target(path)));
    let parts = parts.into_iter().chain(targets);
    parts
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn against(job: &Job<'_>) -> String {
    match job.against {
        None => String::new(),
        Some(Against::Base(base)) => base.hash.clone(),
        Some(Against::Figures(all)) => all.iter().map(|one| one.indicator.as_ref()).collect(),
    }
}

/// An input's name and size; its bytes are compared when the run goes on.
fn input(path: &Path) -> String {
    let size = fs::metadata(path).ok().filter(|_| !is_standard(path));
    let size = size.map_or_else(String::new, |size| size.len().to_string());
    format!("{} {size}\n", path.display())
}

fn target(path: Option<&PathBuf>) -> String {
    path.map_or_else(String::new, |path| path.display().to_string())
}
