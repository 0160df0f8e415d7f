//! Chapters of the Harmonized System in a few words, for those who do not know them by number.

use anyhow::Result;

use super::source::Source;
use super::table::Rows;

/// The rows of `hs_chapters`.
pub(super) fn rows(source: &Source) -> Result<Rows> {
    let mut rows = Rows::new();
    for row in source.facts("hs_chapters.csv")? {
        let chapter = row.get("chapter")?;
        if chapter.len() != 2 || !chapter.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(row.wrong("chapter", chapter, "two digits"));
        }
        rows.push(row.pick(&["chapter", "title"])?);
    }
    Ok(rows)
}
