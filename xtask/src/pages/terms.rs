//! What a condition refers to by name, in words: definitions, parameters, groups.

use std::fmt::Write as _;

use catchall_engine::condition::{Observed, Reference};

use super::whole::Page;

impl Page<'_> {
    /// A list of the names in a condition with what they mean; nothing if it has none.
    pub(super) fn terms(&self, out: &mut String, observed: &Observed) {
        let references = observed.references.iter();
        let meanings: Vec<String> = references
            .filter_map(|(kind, name)| self.meaning(*kind, name))
            .collect();
        if meanings.is_empty() {
            return;
        }
        out.push_str("Where:\n\n");
        for meaning in meanings {
            let _ = writeln!(out, "- {meaning}");
        }
        out.push('\n');
    }

    fn meaning(&self, kind: Reference, name: &str) -> Option<String> {
        match kind {
            Reference::Definition => Some(format!("`{name}`: {}", self.term(name)?)),
            Reference::Group => Some(format!("`{name}`, a group: {}", self.group(name)?)),
            Reference::Parameter => {
                let parameter = self.ruleset.parameters.get(name)?;
                Some(format!("`{name}`: [{}](#parameters)", parameter.title))
            }
            Reference::Indicator | Reference::Column | Reference::List => None,
        }
    }

    /// A definition's title, linked to its place on the page.
    pub(super) fn term(&self, name: &str) -> Option<String> {
        let definition = self.ruleset.definition(name)?;
        Some(format!("[{}](#{name})", definition.title))
    }

    /// What a group of destinations is, with its source.
    pub(super) fn group(&self, name: &str) -> Option<String> {
        let group = self.library.reference.groups.get(name)?;
        Some(format!(
            "{} ([{}]({}))",
            group.title, group.citation, group.url
        ))
    }
}
