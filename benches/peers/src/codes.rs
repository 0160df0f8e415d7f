//! Customs codes: which there are, and what the made-up correlation of the profile says of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// One more than the greatest customs code of six digits.
const ALL: usize = 1_000_000;

/// The entries that make an item surveillance, as in the ruleset's definition.
const SURVEILLANCE: [&str; 4] = ["4A005", "5A001.f", "5A001.j", "5A004"];

/// What the ten rules ask of a customs code.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Code {
    pub(crate) listed: bool,
    pub(crate) surveillance: bool,
    pub(crate) interception: bool,
    pub(crate) computer: bool,
}

/// The codes that stand under some entry.
#[derive(Debug)]
pub(crate) struct Codes {
    named: BTreeMap<u32, Code>,
    all: Vec<Code>,
    /// Codes that Catchall's own correlation holds, for the full rulesets.
    correlated: Vec<u32>,
}

impl Codes {
    /// Reads the made-up correlation from the profile, and which codes Catchall's own holds.
    pub(crate) fn read(profile: &Path, correlation: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(profile).with_context(|| profile.display().to_string())?;
        let profile: Value = serde_json::from_str(&text)?;
        let fields = profile.get("fields").and_then(Value::as_array);
        let mut maps = fields
            .into_iter()
            .flatten()
            .filter_map(|field| field.get("map"));
        let map = maps.find_map(Value::as_object);
        let map = map.context("a profile without a map of customs codes")?;
        let (mut named, mut all) = (BTreeMap::new(), vec![Code::default(); ALL]);
        for (code, entries) in map.iter().filter(|(code, _)| code.as_str() != "*") {
            let (number, code): (u32, Code) = (code.parse()?, under(entries));
            named.insert(number, code);
            if let Some(slot) = all.get_mut(number as usize) {
                *slot = code;
            }
        }
        Ok(Self {
            named,
            all,
            correlated: correlated(correlation)?,
        })
    }

    /// What is said of a code.
    pub(crate) fn get(&self, code: u32) -> Code {
        self.all.get(code as usize).copied().unwrap_or_default()
    }

    /// Writes those under some entry as a table, for peers that join.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let mut file = File::create(path)?;
        writeln!(file, "k,listed,surveillance,interception,computer")?;
        for (number, it) in &self.named {
            let (one, two) = ([it.listed, it.surveillance], [it.interception, it.computer]);
            writeln!(file, "{number},{},{},{},{}", one[0], one[1], two[0], two[1])?;
        }
        Ok(())
    }

    /// All codes that occur in the rows: those of both correlations, and made-up ones in all chapters.
    pub(crate) fn universe(&self) -> Vec<u32> {
        let chapters = (1..=97).filter(|chapter| *chapter != 77);
        let made_up = chapters.flat_map(|chapter| {
            let headings = (1..=9).flat_map(|heading| (1..=6).map(move |part| (heading, part)));
            headings.map(move |(heading, part)| chapter * 10_000 + heading * 100 + part * 10 + 9)
        });
        let mut all: Vec<u32> = made_up.chain(self.named.keys().copied()).collect();
        all.extend(&self.correlated);
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn under(entries: &Value) -> Code {
    let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
    let any = |names: &[&str]| {
        entries
            .iter()
            .filter_map(Value::as_str)
            .any(|one| names.contains(&one))
    };
    Code {
        listed: !entries.is_empty(),
        surveillance: any(&SURVEILLANCE),
        interception: any(&["5A001.f", "5A001.j"]),
        computer: any(&["4A003"]),
    }
}

fn correlated(path: &Path) -> Result<Vec<u32>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record?;
        if let Some(code) = record.get(0).filter(|code| code.len() == 6) {
            found.push(code.parse()?);
        }
    }
    Ok(found)
}
