//! What a run tells while it goes on.

/// Is told how far a run has come. All of it may be ignored.
pub trait Watch: std::fmt::Debug + Sync {
    /// So many more bytes were read of the inputs, as they stand on the disk.
    fn read(&self, _bytes: u64) {}

    /// So many more records were written.
    fn records(&self, _records: u64) {}
}

/// Tells nobody.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Watch for Quiet {}
