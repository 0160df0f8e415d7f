//! The keys of an application's objects.

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, FactId, Field};

/// The keys of an object, down to the facts that each leaf feeds.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) children: BTreeMap<Box<str>, Tree>,
    pub(super) facts: Vec<FactId>,
}

impl Tree {
    /// Adds a fact where its pointer leads.
    pub(super) fn add(&mut self, pointer: &str, fact: FactId) {
        let keys = pointer.split('/').skip(1);
        let leaf = keys.fold(self, |tree, key| {
            tree.children.entry(key.into()).or_default()
        });
        leaf.facts.push(fact);
    }

    /// The fields of the facts that it feeds.
    pub(super) fn fields<'c>(&self, catalogue: &'c Catalogue) -> Vec<&'c Field> {
        let facts = self.facts.iter().filter_map(|id| catalogue.fact(*id));
        facts.map(|fact| &fact.field).collect()
    }
}
