//! The names that a ruleset's conditions may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Ruleset;
use crate::condition::{Names, Reference as Kind, Resolved};
use crate::facts::{Catalogue, CodeSet, Type};
use crate::reference::Reference;

/// Facts of the catalogue, names of the reference tables, and the ruleset's own parameters and definitions.
#[derive(Debug)]
pub struct RulesetNames<'r> {
    catalogue: &'r Catalogue,
    reference: &'r Reference,
    pub(super) parameters: BTreeMap<Arc<str>, Type>,
    pub(super) definitions: BTreeMap<Arc<str>, Type>,
    pub(super) allows_known: bool,
}

impl<'r> RulesetNames<'r> {
    /// The names of a ruleset that has been loaded.
    pub fn new(catalogue: &'r Catalogue, reference: &'r Reference, ruleset: &Ruleset) -> Self {
        let parameters = ruleset
            .parameters
            .iter()
            .map(|(name, parameter)| (Arc::clone(name), parameter.ty.clone()));
        let definitions = ruleset
            .definitions
            .iter()
            .map(|definition| (Arc::clone(&definition.name), definition.ty().clone()));
        Self {
            parameters: parameters.collect(),
            definitions: definitions.collect(),
            allows_known: true,
            ..Self::bare(catalogue, reference)
        }
    }

    /// The names outside any ruleset.
    pub fn bare(catalogue: &'r Catalogue, reference: &'r Reference) -> Self {
        Self {
            catalogue,
            reference,
            parameters: BTreeMap::new(),
            definitions: BTreeMap::new(),
            allows_known: false,
        }
    }
}

/// The group of the reference data that holds a column of the country chart: `CC1` is `us.chart.cc1`.
pub(crate) fn chart_group(column: &str) -> String {
    format!("us.chart.{}", column.to_lowercase())
}

impl Names for RulesetNames<'_> {
    fn fact(&self, path: &[&str]) -> Option<Resolved> {
        (1..=path.len()).rev().find_map(|names| {
            let fact = self.catalogue.by_path(&path.get(..names)?.join("."))?;
            let field = &self.catalogue.fact(fact)?.field;
            Some(Resolved {
                fact,
                ty: field.ty.clone(),
                names,
                readable: field.readable,
            })
        })
    }

    fn fact_paths(&self) -> Vec<String> {
        self.catalogue.paths().map(str::to_owned).collect()
    }

    fn code_set(&self, name: &str) -> Option<&CodeSet> {
        self.catalogue.code_set(name)
    }

    fn reference(&self, kind: Kind, name: &str) -> Option<Type> {
        match kind {
            Kind::Group => self
                .reference
                .groups
                .get(name)
                .map(|_| Type::Set("country".into())),
            Kind::Indicator => self.reference.indicators.get(name).map(|_| Type::NUMBER),
            Kind::Parameter => self.parameters.get(name).cloned(),
            Kind::Definition => self.definitions.get(name).cloned(),
            Kind::Column => self
                .reference
                .groups
                .get(&chart_group(name))
                .map(|_| Type::Boolean),
            Kind::List => self
                .catalogue
                .code_set("list")?
                .values
                .get(name)
                .map(|_| Type::Boolean),
        }
    }

    fn references(&self, kind: Kind) -> Vec<String> {
        match kind {
            Kind::Group => self
                .reference
                .groups
                .iter()
                .map(|(id, _)| id.to_string())
                .collect(),
            Kind::Indicator => self
                .reference
                .indicators
                .iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            Kind::Parameter => self.parameters.keys().map(ToString::to_string).collect(),
            Kind::Definition => self.definitions.keys().map(ToString::to_string).collect(),
            Kind::Column => self
                .reference
                .groups
                .iter()
                .filter_map(|(id, _)| id.strip_prefix("us.chart.").map(str::to_uppercase))
                .collect(),
            Kind::List => self
                .catalogue
                .code_set("list")
                .map(|set| set.values.keys().map(ToString::to_string).collect())
                .unwrap_or_default(),
        }
    }

    fn allows_known(&self) -> bool {
        self.allows_known
    }
}
