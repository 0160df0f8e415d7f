//! A page for people, made when a run ends.

use catchall_engine::bulk::Summary;

/// Makes a page of the counts of a run; how it looks is its own affair.
pub trait Reporter: std::fmt::Debug + Sync {
    /// The page.
    fn page(&self, summary: &Summary) -> String;
}
