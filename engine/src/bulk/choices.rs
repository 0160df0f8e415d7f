//! What a profile says about single values of a column, or about all that begin alike.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Values of a column, each with what a profile says about it.
///
/// `?` stands for any one character, and `*` at the end for all that follow: `ML*` is every value that
/// begins with `ML`. A value that is written in full goes first, then the longest key that fits.
#[derive(Clone, Debug)]
pub(super) struct Choices<T> {
    exact: BTreeMap<Arc<str>, T>,
    patterns: BTreeMap<Arc<str>, T>,
}

impl<T> Choices<T> {
    /// The choices of a profile's object, key by key.
    pub(super) fn new(entries: impl IntoIterator<Item = (Arc<str>, T)>) -> Self {
        let (patterns, exact) = entries
            .into_iter()
            .partition(|(key, _)| key.ends_with('*') || key.contains('?'));
        Self { exact, patterns }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.exact.len().saturating_add(self.patterns.len())
    }

    /// Whether nothing is said about any value.
    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.patterns.is_empty()
    }

    /// All keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = self.exact.keys().chain(self.patterns.keys());
        keys.map(AsRef::as_ref)
    }

    /// What is said about a value, and the key that says it.
    pub(super) fn get(&self, value: &str) -> Option<(&Arc<str>, &T)> {
        self.exact
            .get_key_value(value)
            .or_else(|| self.longest_pattern(value))
    }

    fn longest_pattern(&self, value: &str) -> Option<(&Arc<str>, &T)> {
        self.patterns
            .iter()
            .filter(|(key, _)| fits(key, value))
            .max_by_key(|(key, _)| key.len())
    }
}

fn fits(key: &str, value: &str) -> bool {
    let (body, open) = match key.strip_suffix('*') {
        Some(body) => (body, true),
        None => (key, false),
    };
    let mut rest = value.chars();
    let same = |wanted: char| {
        rest.next()
            .is_some_and(|found| wanted == '?' || wanted == found)
    };
    body.chars().all(same) && (open || rest.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::Choices;

    #[test]
    fn the_exact_value_goes_first_and_then_the_longest_key_that_fits() {
        let keys = ["PL*", "PL50*", "PL5001", "?A???", "*"];
        let choices = Choices::new(keys.map(|key| (key.into(), key)));
        let said = |value| choices.get(value).map(|(_, said)| *said);
        assert_eq!(said("PL5001"), Some("PL5001"));
        assert_eq!(said("PL5017"), Some("PL50*"));
        assert_eq!(said("PL9009"), Some("PL*"));
        assert_eq!(said("5A002"), Some("?A???"));
        assert_eq!(said("5A0022"), Some("*"));
        assert_eq!(said("5A"), Some("*"));
    }
}
