//! What goes from the reader over the workers to the writer, and back again.

use catchall_engine::bulk::{Counts, Rejection};

use crate::checkpoint::Position;
use crate::examples::Example;
use crate::failure::Failure;

/// A block of whole records on its way, and what has become of them so far.
///
/// Trays go round: their number bounds the memory that is used.
#[derive(Debug, Default)]
pub(crate) struct Tray {
    /// Which of the inputs the records are from.
    pub(crate) source: usize,
    /// Lines of the input before its first record.
    pub(crate) head_lines: u64,
    /// The records as they stand in the input.
    pub(crate) input: Vec<u8>,
    /// Records in it.
    pub(crate) records: u64,
    /// Lines that end in it.
    pub(crate) lines: u64,
    /// The records with what screening adds, as they will stand in the output.
    pub(crate) output: Vec<u8>,
    /// The records, where the input is in columns.
    #[cfg(feature = "arrow")]
    pub(crate) batch: Option<arrow_array::RecordBatch>,
    /// The records with what screening adds, where the output is in columns.
    #[cfg(feature = "arrow")]
    pub(crate) screened: Option<arrow_array::RecordBatch>,
    /// Records that could not be read.
    pub(crate) rejects: Vec<Reject>,
    /// Records that may be explained.
    pub(crate) examples: Vec<Example>,
    /// What ends the work here.
    pub(crate) fault: Option<Fault>,
}

impl Tray {
    /// Largest buffer that is kept for the next block, in bytes.
    const KEPT: usize = 16 * 1024 * 1024;

    /// Makes it ready for another block.
    pub(crate) fn clear(&mut self) {
        for buffer in [&mut self.input, &mut self.output] {
            buffer.clear();
            buffer.shrink_to(Self::KEPT);
        }
        #[cfg(feature = "arrow")]
        {
            self.batch = None;
            self.screened = None;
        }
        self.rejects.clear();
        self.examples.clear();
        self.records = 0;
        self.lines = 0;
        self.fault = None;
    }
}

/// A record that could not be read.
#[derive(Debug)]
pub(crate) struct Reject {
    /// Its number in the block, from 1.
    pub(crate) record: u64,
    /// Lines in the block before it.
    pub(crate) lines: u64,
    /// Why.
    pub(crate) rejection: Rejection,
}

/// Why a table cannot be read further.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Something is wrong with its bytes, so many lines into the block.
    Here {
        /// Lines in the block before the place.
        lines: u64,
        /// What was found there.
        found: String,
    },
    /// Something else.
    Other(Failure),
}

/// What the reader hands to a worker.
#[derive(Debug)]
pub(crate) enum Task {
    /// Records to screen.
    Screen(Box<Tray>),
    /// All before this place has been handed out.
    Mark(Box<Position>),
}

/// What a worker hands to the writer, in the order of its tasks.
#[derive(Debug)]
pub(crate) enum Done {
    /// Records that were screened.
    Screened(Box<Tray>),
    /// What the worker counted since the last such place.
    Mark(Box<Position>, Box<Counts>),
}
