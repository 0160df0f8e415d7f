//! What is written about records, and about which.

use catchall_engine::bulk::{Added, Answer, Selection};

/// What is written about records, and about which.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The columns that are added, in this order.
    pub columns: Vec<Added>,
    /// The records that are written.
    pub only: Selection,
    /// How many records of each answer are explained in full, where a file for that is named.
    pub explained: u32,
}

impl Default for Wanted {
    /// All records, with all that an answer says.
    fn default() -> Self {
        Self {
            columns: Added::WHOLE.to_vec(),
            only: Selection::default(),
            explained: 1,
        }
    }
}

impl Wanted {
    /// The cells that are added to a record, with their columns.
    pub(crate) fn cells<'c>(
        &'c self,
        answer: &'c Answer,
    ) -> impl Iterator<Item = (Added, &'c str)> {
        let columns = self.columns.iter();
        columns.map(|column| (*column, answer.cell(*column)))
    }
}
