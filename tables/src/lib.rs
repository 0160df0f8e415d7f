//! Screens whole tables: it opens the files, keeps all processors busy, and writes results in order.
//!
//! The engine says what each record means and what becomes of it, and neither opens a file nor starts a
//! thread. Here is the rest: [`screen`] runs a [`Job`]. A reader cuts the inputs into blocks of whole
//! records, workers screen them, and a writer writes them in the order of the input; memory stays the
//! same however long the table is. A run that was interrupted goes on where it was, and ends with the
//! bytes that an uninterrupted one gives.

mod answers;
#[cfg(feature = "arrow")]
mod batch;
mod checkpoint;
mod compression;
mod csv;
mod examples;
mod failure;
mod feed;
mod format;
mod head;
mod header;
mod identity;
mod job;
mod lane;
mod members;
mod ndjson;
mod part;
mod pipeline;
mod reporter;
mod run;
mod sink;
mod source;
mod tray;
mod wanted;
mod watch;
mod writing;

#[cfg(feature = "arrow")]
pub use batch::{ScreenedBatch, screen_batch};
pub use compression::Compression;
pub use failure::{Failure, unreadable};
pub use head::Head;
pub use job::{Ending, Job, Targets, screen};
pub use reporter::Reporter;
pub use source::RECORD_BYTES;
pub use wanted::Wanted;
pub use watch::{Quiet, Watch};
