//! The rulesets, the reference data and the profiles that are compiled into the program, so that it runs anywhere.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rust_embed::Embed;

use crate::reference::{Files, Reference};
use crate::ruleset::{Library, RulesetFiles};
use crate::source::{Document, Problems};

#[derive(Embed)]
#[folder = "../data"]
#[include = "*/*.csv"]
#[include = "*/*.json"]
#[exclude = "samples/*"]
#[exclude = "map_shapes/*"]
#[exclude = "hs_chapters/*"]
struct Data;

#[derive(Embed)]
#[folder = "../rulesets"]
#[include = "*.json"]
struct Rulesets;

#[derive(Embed)]
#[folder = "../profiles"]
#[include = "*.json"]
struct Profiles;

/// The reference data that is compiled in.
pub fn reference() -> Result<Reference, Problems> {
    let files = data_files();
    let files: Files<'_> = files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    Reference::read(&files)
}

/// The files of the reference data that are compiled in: path from the data folder, and bytes.
pub fn data_files() -> BTreeMap<String, Vec<u8>> {
    let file = |path: Cow<'_, str>| Some((path.to_string(), Data::get(&path)?.data.into_owned()));
    Data::iter().filter_map(file).collect()
}

/// The catalogue of facts that is compiled in.
pub fn facts() -> Result<Document, Problems> {
    document("facts.json")
}

/// The ids of the rulesets that are compiled in, law and advisory.
pub fn ruleset_ids() -> Vec<String> {
    let heads =
        Rulesets::iter().filter_map(|path| path.strip_suffix("/ruleset.json").map(str::to_owned));
    let mut ids: Vec<String> = heads.collect();
    ids.sort();
    ids
}

/// The documents of a ruleset that is compiled in.
pub fn ruleset(id: &str) -> Result<RulesetFiles, Problems> {
    let head = document(&format!("{id}/ruleset.json"))?;
    RulesetFiles::read(head, documents(&format!("{id}/rules/"))?)
}

/// The cases of a ruleset that is compiled in.
pub fn cases(id: &str) -> Result<Vec<Document>, Problems> {
    documents(&format!("{id}/cases/"))
}

/// The ids of the proposals that are compiled in.
pub fn proposal_ids() -> Vec<String> {
    let paths = Rulesets::iter().filter_map(|path| {
        Some(
            path.strip_prefix("proposals/")?
                .strip_suffix(".json")?
                .to_owned(),
        )
    });
    let mut ids: Vec<String> = paths.collect();
    ids.sort();
    ids
}

/// A proposal that is compiled in.
pub fn proposal(id: &str) -> Result<Document, Problems> {
    document(&format!("proposals/{id}.json"))
}

/// The JSON Schema of a ruleset.
pub fn ruleset_schema() -> Result<Document, Problems> {
    document("ruleset.schema.json")
}

/// The names of the profiles that are compiled in.
pub fn profile_ids() -> Vec<String> {
    let names = Profiles::iter().filter_map(|path| path.strip_suffix(".json").map(str::to_owned));
    let mut ids: Vec<String> = names.collect();
    ids.sort();
    ids
}

/// A profile that is compiled in.
pub fn profile(id: &str) -> Result<Document, Problems> {
    let file = Profiles::get(&format!("{id}.json"));
    let bytes = file.as_ref().map_or(&[][..], |file| file.data.as_ref());
    Document::from_bytes(&format!("profiles/{id}.json"), bytes)
}

/// Everything that is compiled in, loaded.
pub fn library() -> Result<Library, Problems> {
    let rulesets: Result<Vec<RulesetFiles>, Problems> =
        ruleset_ids().iter().map(|id| ruleset(id)).collect();
    Library::load(&facts()?, reference()?, rulesets?)
}

fn documents(folder: &str) -> Result<Vec<Document>, Problems> {
    let paths: BTreeSet<String> = Rulesets::iter()
        .filter(|path| path.starts_with(folder))
        .map(Cow::into_owned)
        .collect();
    paths.iter().map(|path| document(path)).collect()
}

fn document(path: &str) -> Result<Document, Problems> {
    let file = Rulesets::get(path);
    let bytes = file.as_ref().map_or(&[][..], |file| file.data.as_ref());
    Document::from_bytes(&format!("rulesets/{path}"), bytes)
}
