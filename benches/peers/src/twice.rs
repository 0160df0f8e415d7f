//! A ruleset with each rule a second time, under another id.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// What stands behind the id of a rule's second copy.
const AGAIN: &str = ".again";

/// Writes it into a folder, and returns how many rules were added.
pub(crate) fn write(from: &Path, to: &Path) -> Result<usize> {
    let rules = to.join("rules");
    fs::create_dir_all(&rules)?;
    let mut head = read(&from.join("ruleset.json"))?;
    if let Some(Value::String(id)) = head.get_mut("id") {
        id.push_str("-twice");
    }
    for line in members(&mut head, "coverage") {
        if let Some(ids) = line.get_mut("rules") {
            with_copies(ids);
        }
    }
    fs::write(to.join("ruleset.json"), head.to_string())?;
    let mut added = 0;
    for entry in fs::read_dir(from.join("rules"))? {
        let path = entry?.path();
        let mut rule = read(&path)?;
        let name = path.file_name().context("a rule without a name")?;
        fs::write(rules.join(name), rule.to_string())?;
        rule.get_mut("id").into_iter().for_each(again);
        members(&mut rule, "lifts").for_each(again);
        let name = format!("again-{}", name.display());
        fs::write(rules.join(name), rule.to_string())?;
        added += 1;
    }
    Ok(added)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// The members of a list, if it is there.
fn members<'v>(json: &'v mut Value, key: &str) -> impl Iterator<Item = &'v mut Value> {
    json.get_mut(key)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

fn again(id: &mut Value) {
    if let Some(text) = id.as_str() {
        *id = json!(format!("{text}{AGAIN}"));
    }
}

fn with_copies(ids: &mut Value) {
    if let Some(ids) = ids.as_array_mut() {
        let mut copies = ids.clone();
        copies.iter_mut().for_each(again);
        ids.append(&mut copies);
    }
}
