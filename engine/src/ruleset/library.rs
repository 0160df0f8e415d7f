//! All that screening needs, loaded once: the catalogue, the reference data, the rulesets.

use std::sync::Arc;

use super::{Ruleset, RulesetFiles};
use crate::facts::Catalogue;
use crate::reference::Reference;
use crate::source::{Document, Problems};

/// The catalogue of facts, the reference data, and the rulesets that screen with them.
#[derive(Clone, Debug)]
pub struct Library {
    /// All facts: the catalogue's and those that the rulesets add.
    pub catalogue: Arc<Catalogue>,
    /// The reference data.
    pub reference: Reference,
    /// The rulesets in the order of their ids.
    pub rulesets: Vec<Ruleset>,
}

impl Library {
    /// Reads the catalogue, and loads each ruleset with it. All problems of all documents come at once.
    pub fn load(
        facts: &Document,
        reference: Reference,
        rulesets: Vec<RulesetFiles>,
    ) -> Result<Self, Problems> {
        let mut catalogue = Catalogue::parse(facts)?;
        reference.fill(&mut catalogue);
        let mut library = Self {
            catalogue: Arc::new(catalogue),
            reference,
            rulesets: Vec::new(),
        };
        let mut problems = Problems::new();
        for files in rulesets {
            if let Err(found) = library.add(&files) {
                problems.extend(found);
            }
        }
        problems.or(library)
    }

    /// Loads one more ruleset; its additional facts become part of the catalogue.
    pub fn add(&mut self, files: &RulesetFiles) -> Result<(), Problems> {
        let ruleset = Ruleset::load(files, &self.catalogue, &self.reference)?;
        self.catalogue = Arc::clone(&ruleset.catalogue);
        self.rulesets.push(ruleset);
        self.rulesets.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(())
    }

    /// A ruleset by its id.
    pub fn ruleset(&self, id: &str) -> Option<&Ruleset> {
        self.rulesets
            .iter()
            .find(|ruleset| ruleset.id.as_ref() == id)
    }
}
