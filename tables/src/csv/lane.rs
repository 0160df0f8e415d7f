//! Screens blocks of a CSV table.

use std::borrow::Cow;

use catchall_engine::bulk::{Class, Rejection, TableScreener, Worker};

use super::fields::{Record, line_ends};
use super::write;
use crate::source::{RECORD_BYTES, too_long};
use crate::tray::{Fault, Reject, Tray};

/// One of several that screen the blocks of a table.
pub(crate) struct CsvLane<'s> {
    screener: &'s TableScreener<'s>,
    worker: Worker<'s>,
    delimiter: u8,
    /// Whether there is an output.
    written: bool,
    /// What is added to the records of each class.
    suffixes: Vec<Option<Box<[u8]>>>,
    record: Record,
}

impl<'s> CsvLane<'s> {
    /// One for a screener.
    pub(crate) fn new(screener: &'s TableScreener<'s>, delimiter: u8, written: bool) -> Self {
        Self {
            worker: screener.worker(),
            screener,
            delimiter,
            written,
            suffixes: Vec::new(),
            record: Record::default(),
        }
    }

    /// The worker, which has counted.
    pub(crate) fn worker(&mut self) -> &mut Worker<'s> {
        &mut self.worker
    }

    /// Screens the records of a tray.
    pub(crate) fn screen(&mut self, tray: &mut Tray) {
        let block = std::mem::take(&mut tray.input);
        let mut at = 0;
        let mut counted = (0, 0);
        while let Some(next) = self.record.find(&block, at, self.delimiter) {
            at = next;
            tray.records = tray.records.saturating_add(1);
            if self.record.bytes(&block).len() > RECORD_BYTES {
                let lines = lines_before(&block, self.record.start, &mut counted);
                let found = too_long();
                tray.fault = Some(Fault::Here { lines, found });
                break;
            }
            if let Err(rejection) = self.row(&block, &mut tray.output) {
                tray.rejects.push(Reject {
                    record: tray.records,
                    lines: lines_before(&block, self.record.start, &mut counted),
                    rejection,
                });
            }
        }
        tray.lines = lines_before(&block, block.len(), &mut counted);
        tray.input = block;
    }

    /// Screens the record that was found, and adds it to the output.
    fn row(&mut self, block: &[u8], output: &mut Vec<u8>) -> Result<(), Rejection> {
        self.whole(block)
            .inspect_err(|rejection| self.worker.reject(rejection))?;
        let (record, needed) = (&self.record, self.screener.needed());
        let cells: Vec<Cow<'_, [u8]>> = needed.iter().map(|at| record.cell(block, *at)).collect();
        let cells: Vec<&[u8]> = cells.iter().map(AsRef::as_ref).collect();
        let class = self.worker.row(&cells)?;
        if self.written {
            output.extend_from_slice(self.record.bytes(block));
            output.extend_from_slice(self.suffix(class));
        }
        Ok(())
    }

    /// Whether the record can be taken apart into as many cells as the header.
    fn whole(&self, block: &[u8]) -> Result<(), Rejection> {
        if self.record.open {
            let last = self.record.len().saturating_sub(1);
            return Err(cut_short(&self.record.cell(block, last)));
        }
        let (found, width) = (self.record.len(), self.screener.width());
        if found != width {
            return Err(Rejection {
                column: "".into(),
                found: format!("{found} cells"),
                cause: format!("expected {width} cells, as in the header"),
            });
        }
        Ok(())
    }

    fn suffix(&mut self, class: Class) -> &[u8] {
        let at = class.number();
        if self.suffixes.len() <= at {
            self.suffixes.resize_with(at.saturating_add(1), || None);
        }
        let (screener, delimiter) = (self.screener, self.delimiter);
        let Some(place) = self.suffixes.get_mut(at) else {
            return &[];
        };
        place.get_or_insert_with(|| {
            let answer = screener.answer(class);
            let mut suffix = Vec::new();
            let cells = answer.cells().iter().map(String::as_bytes);
            write::further(&mut suffix, cells, delimiter);
            suffix.into()
        })
    }
}

/// Lines of a block before a place; `counted` holds a place and the lines before it.
fn lines_before(block: &[u8], place: usize, counted: &mut (usize, u64)) -> u64 {
    let further = block.get(counted.0..place).unwrap_or_default();
    *counted = (place, counted.1.saturating_add(line_ends(further)));
    counted.1
}

fn cut_short(last: &[u8]) -> Rejection {
    Rejection {
        column: "".into(),
        found: String::from_utf8_lossy(last).chars().take(80).collect(),
        cause: "expected a quote at the end of the last cell: the file was cut short, or a quote is stray"
            .to_owned(),
    }
}
