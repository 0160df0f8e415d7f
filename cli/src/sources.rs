//! Where rulesets and data come from: compiled in, or from the user's own folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catchall_engine::comparison::Proposal;
use catchall_engine::reference::Reference;
use catchall_engine::ruleset::{Library, Ruleset, RulesetFiles, Standing};
use catchall_engine::shipped;
use catchall_engine::source::{Diagnostic, Document, Place, Problems, nearest};
use catchall_server::Material;
use catchall_tables::unreadable;
use clap::Args;

use crate::exit::Failure;
use crate::input::{document, json_files};

/// Options that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// Folder of reference data to use instead of what is compiled in.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Sources {
    /// The reference data.
    pub(crate) fn reference(&self) -> Result<Reference, Failure> {
        match &self.data {
            None => Ok(shipped::reference()?),
            Some(folder) => from_folder(folder),
        }
    }

    /// The folder of reference data that is named.
    pub(crate) fn data_folder(&self) -> Option<PathBuf> {
        self.data.clone()
    }

    /// The catalogue and the data, without a ruleset.
    pub(crate) fn bare(&self) -> Result<Library, Failure> {
        Ok(Library::load(
            &shipped::facts()?,
            self.reference()?,
            Vec::new(),
        )?)
    }

    /// The library with the rulesets that are named, each by its id or by its folder or file; with all
    /// that are compiled in where none is named.
    pub(crate) fn library(&self, named: &[String]) -> Result<Library, Failure> {
        let ids = shipped::ruleset_ids();
        let wanted = if named.is_empty() { &ids } else { named };
        let files: Result<Vec<RulesetFiles>, Failure> =
            wanted.iter().map(|name| ruleset_files(name)).collect();
        Ok(Library::load(
            &shipped::facts()?,
            self.reference()?,
            files?,
        )?)
    }
}

/// The rulesets to screen with: those that were named, else all that are law.
pub(crate) fn chosen<'l>(library: &'l Library, named: &[String]) -> Vec<&'l Ruleset> {
    let wanted = |ruleset: &&Ruleset| !named.is_empty() || ruleset.standing == Standing::Law;
    library.rulesets.iter().filter(wanted).collect()
}

/// The documents of a ruleset: compiled in, a folder with `ruleset.json`, one assembled file, or a
/// proposal, which is applied to the ruleset that it amends.
pub(crate) fn ruleset_files(name: &str) -> Result<RulesetFiles, Failure> {
    let path = Path::new(name);
    if path.is_dir() {
        let head = document(&path.join("ruleset.json"))?;
        let rules: Result<Vec<Document>, Failure> = json_files(&path.join("rules"))?
            .iter()
            .map(|file| document(file))
            .collect();
        return Ok(RulesetFiles::read(head, rules?)?);
    }
    if path.is_file() {
        let read = document(path)?;
        if Proposal::is_one(read.json()?.value()) {
            return amended(&read);
        }
        return Ok(RulesetFiles::from_assembled(&read)?);
    }
    if shipped::proposal_ids().iter().any(|id| id == name) {
        return amended(&shipped::proposal(name)?);
    }
    let ids = shipped::ruleset_ids();
    if ids.iter().any(|id| id == name) {
        return Ok(shipped::ruleset(name)?);
    }
    let help = match nearest(name, ids.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: {}", ids.join(", ")),
    };
    let expected = "the id of a ruleset, its folder, or its file";
    let place = Place {
        document: "--ruleset".to_owned(),
        ..Place::default()
    };
    Err(
        Diagnostic::error("R100", format!("the unknown ruleset `{name}`"), expected)
            .help(help)
            .at(place)
            .into(),
    )
}

fn amended(read: &Document) -> Result<RulesetFiles, Failure> {
    let proposal = Proposal::read(read)?;
    Ok(proposal.apply(&ruleset_files(&proposal.base)?)?)
}

/// All documents that screening is made from: what is compiled in, with the user's own in its place.
pub(crate) fn material(data: Option<&Path>, rulesets: &[String]) -> Result<Material, Failure> {
    let mut material = Material::shipped()?;
    if let Some(folder) = data {
        material.data = data_files(folder)?;
    }
    for name in rulesets {
        let files = ruleset_files(name)?;
        let id = files.assembled()?;
        let id = id.get("id").and_then(|id| id.as_str()).unwrap_or_default();
        material.rulesets.retain(|known| !known.is_of(id));
        material.rulesets.push(files);
    }
    Ok(material)
}

/// A proposal by its id or file; none if the name is that of a ruleset.
fn proposal(name: &str) -> Result<Option<Proposal>, Failure> {
    let path = Path::new(name);
    let read = if path.is_file() {
        document(path)?
    } else if shipped::proposal_ids().iter().any(|id| id == name) {
        shipped::proposal(name)?
    } else {
        return Ok(None);
    };
    if Proposal::is_one(read.json()?.value()) {
        return Ok(Some(Proposal::read(&read)?));
    }
    Ok(None)
}

/// A ruleset as it is and as it would be: with all proposals, or another ruleset in its place.
pub(crate) fn compared(
    sources: &Sources,
    base: &str,
    changes: &[String],
) -> Result<(Library, Ruleset, Ruleset), Failure> {
    let files = ruleset_files(base)?;
    let mut proposals = Vec::new();
    let mut others = Vec::new();
    for change in changes {
        match proposal(change)? {
            Some(proposal) => proposals.push(proposal),
            None => others.push(ruleset_files(change)?),
        }
    }
    let amended = match (proposals.as_slice(), others.pop()) {
        (proposals, None) => Proposal::apply_all(proposals, &files)?,
        ([], Some(other)) if others.is_empty() => other,
        _ => {
            let text = "give proposals, or one ruleset to compare with";
            return Err(Failure::Usage(text.to_owned()));
        }
    };
    let mut library = sources.bare()?;
    let base = added(&mut library, &files)?;
    let amended = added(&mut library, &amended)?;
    Ok((library, base, amended))
}

/// Loads one more ruleset.
fn added(library: &mut Library, files: &RulesetFiles) -> Result<Ruleset, Failure> {
    let ruleset = Ruleset::load(files, &library.catalogue, &library.reference)?;
    library.catalogue = Arc::clone(&ruleset.catalogue);
    Ok(ruleset)
}

/// The documents of a ruleset's cases.
pub(crate) fn case_documents(name: &str) -> Result<Vec<Document>, Failure> {
    let path = Path::new(name);
    if path.is_dir() {
        return json_files(&path.join("cases"))?
            .iter()
            .map(|file| document(file))
            .collect();
    }
    Ok(shipped::cases(name)?)
}

fn from_folder(folder: &Path) -> Result<Reference, Failure> {
    let contents = data_files(folder)?;
    let files = contents
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    Reference::read(&files).map_err(|problems: Problems| problems.into())
}

fn data_files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut contents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let tables = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    for table in tables {
        let path = table.map_err(|error| unreadable(folder, &error))?.path();
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|_| path.is_dir())
        else {
            continue;
        };
        for extension in ["csv", "json"] {
            let file = path.join(format!("{name}.{extension}"));
            if file.is_file() {
                let bytes = fs::read(&file).map_err(|error| unreadable(&file, &error))?;
                contents.insert(format!("{name}/{name}.{extension}"), bytes);
            }
        }
    }
    Ok(contents)
}
