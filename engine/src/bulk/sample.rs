//! The beginning of a table, column by column.

use crate::time::Date;

/// The beginning of a table.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The byte between cells.
    pub delimiter: u8,
    /// The header.
    pub header: Vec<String>,
    /// Some records.
    pub records: Vec<Vec<String>>,
    /// The day on which names of destinations are looked up, if no column tells a day.
    pub day: Date,
}

impl Sample {
    /// Its columns, one after the other.
    pub(super) fn columns(&self) -> Vec<Column<'_>> {
        let columns = self.header.iter().enumerate().map(|(at, name)| Column {
            name: name.trim(),
            words: words(name),
            cells: self
                .records
                .iter()
                .filter_map(|record| record.get(at).map(|cell| cell.trim()))
                .filter(|cell| !cell.is_empty())
                .collect(),
        });
        columns.collect()
    }
}

/// Of ten cells, so many must be what a column is taken for.
pub(super) const OF_TEN: usize = 8;

/// A column's name and the cells of the sample in which something is written.
pub(super) struct Column<'g> {
    pub(super) name: &'g str,
    pub(super) words: Vec<String>,
    pub(super) cells: Vec<&'g str>,
}

impl Column<'_> {
    /// Whether its name holds one of the words.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.as_str()))
    }

    /// Whether most cells are something.
    pub(super) fn mostly(&self, is: impl Fn(&str) -> bool) -> bool {
        let count = self.cells.iter().filter(|cell| is(cell)).count();
        let (count, needed) = (
            count.saturating_mul(10),
            self.cells.len().saturating_mul(OF_TEN),
        );
        !self.cells.is_empty() && count >= needed
    }

    /// Whether every cell is something.
    pub(super) fn all(&self, is: impl Fn(&str) -> bool) -> bool {
        !self.cells.is_empty() && self.cells.iter().all(|cell| is(cell))
    }
}

/// A name in its words: `exporterCountry`, `Exporter country` and `exporter_country` are alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (small && letter.is_uppercase()) {
            words.push(String::new());
        }
        small = letter.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_into_words_however_they_are_written() {
        for name in [
            "exporterCountry",
            "Exporter country",
            "EXPORTER_COUNTRY",
            "exporter-country",
        ] {
            assert_eq!(words(name), ["exporter", "country"], "{name}");
        }
        assert_eq!(words("Value (USD)"), ["value", "usd"]);
    }
}
