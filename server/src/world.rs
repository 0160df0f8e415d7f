//! Law and data as the service uses them: loaded whole, checked whole, replaced whole.

use std::collections::BTreeMap;

use catchall_engine::reference::Reference;
use catchall_engine::ruleset::{Library, Ruleset, RulesetFiles, Standing};
use catchall_engine::shipped;
use catchall_engine::source::{Document, Problems, canonical, nearest, sha256};
use catchall_engine::time::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// All documents that screening is made from.
#[derive(Clone, Debug)]
pub struct Material {
    /// The catalogue of facts.
    pub facts: Document,
    /// The files of the reference data: path from the data folder, and bytes.
    pub data: BTreeMap<String, Vec<u8>>,
    /// The documents of each ruleset.
    pub rulesets: Vec<RulesetFiles>,
}

impl Material {
    /// What is compiled into the program.
    pub fn shipped() -> Result<Self, Problems> {
        let rulesets: Result<Vec<RulesetFiles>, Problems> = shipped::ruleset_ids()
            .iter()
            .map(|id| shipped::ruleset(id))
            .collect();
        Ok(Self {
            facts: shipped::facts()?,
            data: shipped::data_files(),
            rulesets: rulesets?,
        })
    }

    fn reference(&self) -> Result<Reference, Problems> {
        let files = self
            .data
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        Reference::read(&files.collect())
    }
}

/// What an edition is made of, by SHA-256: enough to build it again from kept documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The catalogue of facts.
    pub facts: String,
    /// The files of the reference data.
    pub data: BTreeMap<String, String>,
    /// The rulesets by their ids; each hash is that of its canonical JSON.
    pub rulesets: BTreeMap<String, String>,
}

/// One state of law and data, with everything that was made from it.
#[derive(Debug)]
pub struct World {
    /// The documents.
    pub material: Material,
    /// The catalogue, the data and the rulesets, ready to screen.
    pub library: Library,
    /// What it is made of.
    pub manifest: Manifest,
    /// SHA-256 of the manifest: the identity of this state.
    pub edition: String,
    /// Each ruleset as one document, by its id.
    pub assembled: BTreeMap<String, Value>,
}

impl World {
    /// Loads and checks everything; all mistakes come at once.
    pub fn load(material: Material) -> Result<Self, Problems> {
        let library = Library::load(
            &material.facts,
            material.reference()?,
            material.rulesets.clone(),
        )?;
        let mut assembled = BTreeMap::new();
        for files in &material.rulesets {
            let whole = files.assembled()?;
            let id = whole.get("id").and_then(Value::as_str).unwrap_or_default();
            assembled.insert(id.to_owned(), whole);
        }
        let manifest = manifest(&material, &library);
        let edition = sha256(
            serde_json::to_string(&manifest)
                .unwrap_or_default()
                .as_bytes(),
        );
        Ok(Self {
            material,
            library,
            manifest,
            edition,
            assembled,
        })
    }

    /// What to write instead of a name that no ruleset has.
    pub(crate) fn rulesets_like(&self, name: &str) -> String {
        let known = self.library.rulesets.iter().map(|one| one.id.as_ref());
        match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", known.collect::<Vec<_>>().join(", ")),
        }
    }

    /// The rulesets that are named, or all that are law; the first name that is unknown is the error.
    pub(crate) fn chosen<'w>(&'w self, named: &[String]) -> Result<Vec<&'w Ruleset>, String> {
        let rulesets = self.library.rulesets.iter();
        if named.is_empty() {
            return Ok(rulesets
                .filter(|one| one.standing == Standing::Law)
                .collect());
        }
        if let Some(unknown) = named
            .iter()
            .find(|name| self.library.ruleset(name).is_none())
        {
            return Err((*unknown).clone());
        }
        Ok(rulesets
            .filter(|one| named.iter().any(|name| **name == *one.id))
            .collect())
    }

    /// Every document by its SHA-256, for keeping.
    pub(crate) fn documents(&self) -> BTreeMap<String, Vec<u8>> {
        let mut documents = BTreeMap::new();
        documents.insert(
            self.manifest.facts.clone(),
            self.material.facts.text().as_bytes().to_vec(),
        );
        for bytes in self.material.data.values() {
            documents.insert(sha256(bytes), bytes.clone());
        }
        for whole in self.assembled.values() {
            let text = canonical(whole);
            documents.insert(sha256(text.as_bytes()), text.into_bytes());
        }
        documents
    }

    /// The day on which the newest of its tables was taken, as its description says.
    pub(crate) fn retrieved(&self) -> Option<Date> {
        let tables = self.library.reference.tables.values();
        tables
            .filter_map(|table| Date::parse(table.retrieved.get(..10)?))
            .max()
    }
}

fn manifest(material: &Material, library: &Library) -> Manifest {
    let data = material
        .data
        .iter()
        .map(|(path, bytes)| (path.clone(), sha256(bytes)));
    let rulesets = library
        .rulesets
        .iter()
        .map(|ruleset| (ruleset.id.to_string(), ruleset.hash.clone()));
    Manifest {
        facts: sha256(material.facts.text().as_bytes()),
        data: data.collect(),
        rulesets: rulesets.collect(),
    }
}
