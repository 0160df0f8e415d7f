//! What a profile says about single values of a column, or about all that begin alike.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Values of a column, each with what a profile says about it; `ML*` means all that begin with `ML`.
///
/// A value that is written in full goes before beginnings, and of those the longest.
#[derive(Clone, Debug)]
pub(super) struct Choices<T> {
    exact: BTreeMap<Arc<str>, T>,
    beginnings: BTreeMap<Arc<str>, T>,
}

impl<T> Choices<T> {
    /// The choices of a profile's object, key by key.
    pub(super) fn new(entries: impl IntoIterator<Item = (Arc<str>, T)>) -> Self {
        let (beginnings, exact) = entries.into_iter().partition(|(key, _)| key.ends_with('*'));
        Self { exact, beginnings }
    }

    /// What is said about a value, and the key that says it.
    pub(super) fn get(&self, value: &str) -> Option<(&Arc<str>, &T)> {
        self.exact
            .get_key_value(value)
            .or_else(|| self.longest_beginning(value))
    }

    fn longest_beginning(&self, value: &str) -> Option<(&Arc<str>, &T)> {
        self.beginnings
            .iter()
            .filter(|(key, _)| value.starts_with(key.trim_end_matches('*')))
            .max_by_key(|(key, _)| key.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Choices;

    #[test]
    fn the_exact_value_goes_first_and_then_the_longest_beginning() {
        let keys = ["PL*", "PL50*", "PL5001", "*"];
        let choices = Choices::new(keys.map(|key| (key.into(), key)));
        let said = |value| choices.get(value).map(|(_, said)| *said);
        assert_eq!(said("PL5001"), Some("PL5001"));
        assert_eq!(said("PL5017"), Some("PL50*"));
        assert_eq!(said("PL9009"), Some("PL*"));
        assert_eq!(said("ML1"), Some("*"));
    }
}
