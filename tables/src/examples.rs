//! Records that are explained in full: the first of each answer.

use std::collections::BTreeMap;

use catchall_engine::bulk::{Added, Class, Rejection, Rows, TableScreener, Worker};
use catchall_engine::screening::screen;
use serde_json::json;

use crate::failure::Failure;
use crate::job::Job;
use crate::part::Part;
use crate::tray::Tray;

/// A record that may be explained, on its way to the writer.
#[derive(Debug)]
pub(crate) struct Example {
    /// Its number in the block, from 1.
    record: u64,
    class: Class,
    /// The cells that the screener reads.
    cells: Vec<Vec<u8>>,
}

/// Screens records, and hands on those that may be explained.
///
/// Those are the first that it sees of each class. So whoever else screens the rest of the table, the first
/// of all are among those that are handed on.
pub(crate) struct Screening<'s> {
    worker: Worker<'s>,
    most: u32,
    seen: Vec<u32>,
}

impl<'s> Screening<'s> {
    /// One that hands on at most so many records of a class.
    pub(crate) fn new(screener: &'s TableScreener<'s>, most: u32) -> Self {
        Self {
            worker: screener.worker(),
            most,
            seen: Vec::new(),
        }
    }

    /// The worker, which has counted.
    pub(crate) fn worker(&mut self) -> &mut Worker<'s> {
        &mut self.worker
    }

    /// Screens a record of a block.
    pub(crate) fn row(
        &mut self,
        cells: &[&[u8]],
        record: u64,
        examples: &mut Vec<Example>,
    ) -> Result<Class, Rejection> {
        let class = self.worker.row(cells)?;
        self.met(class, || cells.to_vec(), record, examples);
        Ok(class)
    }

    /// The classes of records of a block, as [`Worker::rows`] tells them.
    pub(crate) fn rows(&mut self, rows: &Rows<'_>, classes: &mut Vec<Option<Class>>) {
        self.worker.rows(rows, classes);
    }

    /// Hands on a record of a class, if it may be explained.
    pub(crate) fn met<'c>(
        &mut self,
        class: Class,
        cells: impl FnOnce() -> Vec<&'c [u8]>,
        record: u64,
        examples: &mut Vec<Example>,
    ) {
        if self.most > 0 && self.is_new(class) {
            examples.push(Example {
                record,
                class,
                cells: cells().into_iter().map(<[u8]>::to_vec).collect(),
            });
        }
    }

    fn is_new(&mut self, class: Class) -> bool {
        let at = class.number();
        if self.seen.len() <= at {
            self.seen.resize(at.saturating_add(1), 0);
        }
        let Some(seen) = self.seen.get_mut(at) else {
            return false;
        };
        *seen = seen.saturating_add(1);
        *seen <= self.most
    }
}

/// Explains records, in the order of the input.
pub(crate) struct Examples<'r> {
    job: &'r Job<'r>,
    screener: &'r TableScreener<'r>,
    pub(crate) part: Part,
    /// How many records of each answer were explained, by its id.
    pub(crate) explained: BTreeMap<String, u32>,
}

impl<'r> Examples<'r> {
    /// Writes to a part, of which some may be there already.
    pub(crate) fn new(
        job: &'r Job<'r>,
        screener: &'r TableScreener<'r>,
        part: Part,
        explained: BTreeMap<String, u32>,
    ) -> Self {
        Self {
            job,
            screener,
            part,
            explained,
        }
    }

    /// Explains the records of a block that are the first of their answers; `before` were read before it.
    pub(crate) fn take(&mut self, tray: &Tray, input: &str, before: u64) -> Result<(), Failure> {
        for example in &tray.examples {
            let answer = self.screener.answer(example.class);
            let id = answer.cell(Added::AnswerId);
            let wanted = self.job.wanted.only.takes(&answer);
            if !wanted || self.count(id) > self.job.wanted.explained {
                continue;
            }
            let line = self.line(example, id, input, before)?;
            self.part.pack(&line)?;
        }
        Ok(())
    }

    fn count(&mut self, id: &str) -> u32 {
        let count = self.explained.entry(id.to_owned()).or_default();
        *count = count.saturating_add(1);
        *count
    }

    /// One record: where it stands, the application that it is screened as, and the determination.
    fn line(
        &self,
        example: &Example,
        id: &str,
        input: &str,
        before: u64,
    ) -> Result<Vec<u8>, Failure> {
        let failed =
            |what: String| Failure::Output(format!("a record cannot be explained: {what}"));
        let cells: Vec<&[u8]> = example.cells.iter().map(Vec::as_slice).collect();
        let record = self.screener.record(&cells);
        let record = record.map_err(|rejection| failed(rejection.cause))?;
        let (job, application) = (self.job, &record.application);
        let reference = &job.library.reference;
        let determination = screen(application, job.rulesets, reference, record.dates);
        let explained = json!({
            "input": input,
            "record": before.saturating_add(example.record),
            "answer_id": id,
            "application": application.json().value(),
            "determination": determination,
        });
        let mut line = serde_json::to_vec(&explained).map_err(|error| failed(error.to_string()))?;
        line.push(b'\n');
        Ok(line)
    }
}
