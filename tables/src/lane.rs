//! What one worker does with a block.

use catchall_engine::bulk::Counts;

use crate::compression::Compression;
use crate::csv::CsvLane;
use crate::ndjson::NdjsonLane;
use crate::tray::{Fault, Tray};

/// Screens blocks of one shape.
pub(crate) enum Screens<'s> {
    /// Of CSV.
    Csv(CsvLane<'s>),
    /// Of NDJSON.
    Ndjson(NdjsonLane<'s>),
    /// Of record batches.
    #[cfg(feature = "arrow")]
    Batches(crate::batch::BatchLane<'s>),
}

/// Screens blocks, and packs what will be written.
pub(crate) struct Lane<'s> {
    screens: Screens<'s>,
    compression: Compression,
    packed: Vec<u8>,
    /// The columns of the output, where it is in columns and the input is text.
    #[cfg(feature = "arrow")]
    schema: Option<arrow_schema::SchemaRef>,
}

impl<'s> Lane<'s> {
    /// One that screens and packs as is told.
    pub(crate) fn new(screens: Screens<'s>, compression: Compression) -> Self {
        Self {
            screens,
            compression,
            packed: Vec::new(),
            #[cfg(feature = "arrow")]
            schema: None,
        }
    }

    /// One whose text becomes record batches.
    #[cfg(feature = "arrow")]
    pub(crate) fn into_columns(self, schema: Option<arrow_schema::SchemaRef>) -> Self {
        Self { schema, ..self }
    }

    /// Screens a block.
    pub(crate) fn screen(&mut self, tray: &mut Tray) {
        if tray.fault.is_some() {
            return;
        }
        match &mut self.screens {
            Screens::Csv(lane) => lane.screen(tray),
            Screens::Ndjson(lane) => lane.screen(tray),
            #[cfg(feature = "arrow")]
            Screens::Batches(lane) => lane.screen(tray),
        }
        #[cfg(feature = "arrow")]
        if let Some(schema) = &self.schema {
            match crate::batch::batch_of(&tray.output, schema) {
                Ok(batch) => tray.screened = Some(batch),
                Err(error) => {
                    let found = error.to_string();
                    tray.fault.get_or_insert(Fault::Here { lines: 0, found });
                }
            }
            return;
        }
        if self.compression != Compression::None && !tray.output.is_empty() {
            self.pack(tray);
        }
    }

    fn pack(&mut self, tray: &mut Tray) {
        self.packed.clear();
        match self.compression.pack(&tray.output, &mut self.packed) {
            Ok(()) => std::mem::swap(&mut self.packed, &mut tray.output),
            Err(error) => {
                let found = format!("what cannot be packed: {error}");
                tray.fault.get_or_insert(Fault::Here { lines: 0, found });
            }
        }
    }

    /// What was counted since this was last asked.
    pub(crate) fn take_counts(&mut self) -> Counts {
        let screening = match &mut self.screens {
            Screens::Csv(lane) => lane.screening(),
            Screens::Ndjson(lane) => lane.screening(),
            #[cfg(feature = "arrow")]
            Screens::Batches(lane) => lane.screening(),
        };
        screening.worker().take_counts()
    }
}
