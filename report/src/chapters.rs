//! Chapters of customs codes in a few words, compiled in.

/// The table of chapters; `cargo xtask data` makes it.
const TABLE: &str = include_str!("../../data/hs_chapters/hs_chapters.csv");

/// What a chapter of two digits holds.
pub(crate) fn chapter(number: &str) -> Option<&'static str> {
    let rows = TABLE
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','));
    let mut titles = rows.filter(|(known, _)| *known == number);
    titles.next().map(|(_, title)| title.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::{TABLE, chapter};

    #[test]
    fn every_chapter_has_its_words() {
        assert_eq!(chapter("10"), Some("cereals"));
        assert_eq!(chapter("84"), Some("machinery, computers"));
        assert_eq!(chapter("77"), None);
        // No title holds a quotation mark, so that none is doubled.
        assert!(!TABLE.contains("\"\""));
    }
}
