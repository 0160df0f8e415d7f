//! The files that a run writes: the table with its further columns, the rejects, and the summary.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use catchall_engine::bulk::{Added, Counts, Rejection};

use crate::checkpoint::{Checkpoint, Passed, Position};
use crate::compression::Compression;
use crate::csv::write;
use crate::examples::Examples;
use crate::failure::{Failure, broken, unwritable};
use crate::format::{Form, Shape};
use crate::header::Header;
use crate::job::{EXPLANATIONS, OUTPUT, REJECTS};
use crate::part::Part;
use crate::tray::{Fault, Reject, Tray};

/// Where the output goes.
pub(crate) enum Output {
    /// To a file.
    File(Part),
    /// To standard output.
    Standard,
    /// To a Parquet file.
    #[cfg(feature = "arrow")]
    Parquet(Box<parquet::arrow::ArrowWriter<Part>>),
}

impl Output {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::File(part) => part.put(bytes),
            // It takes batches.
            #[cfg(feature = "arrow")]
            Self::Parquet(_) => Ok(()),
            Self::Standard => io::stdout()
                .write_all(bytes)
                .map_err(|error| unwritable(Path::new("standard output"), &error)),
        }
    }

    /// Writes what became of a block.
    fn take(&mut self, tray: &Tray) -> Result<(), Failure> {
        #[cfg(feature = "arrow")]
        if let Self::Parquet(writer) = self {
            let Some(batch) = &tray.screened else {
                return Ok(());
            };
            let written = writer.write(batch);
            return written.map_err(|error| {
                let error = io::Error::other(error);
                unwritable(writer.inner().temporary(), &error)
            });
        }
        self.write(&tray.output)
    }

    /// Ends the file, where its form has an end.
    #[cfg(feature = "arrow")]
    fn end(self) -> Result<Self, Failure> {
        if let Self::Parquet(writer) = self {
            let path = writer.inner().temporary().to_path_buf();
            let part = writer.into_inner();
            return part
                .map(Self::File)
                .map_err(|error| unwritable(&path, &io::Error::other(error)));
        }
        Ok(self)
    }

    /// How its bytes are packed.
    pub(crate) fn compression(&self) -> Compression {
        match self {
            Self::File(part) => part.compression(),
            Self::Standard => Compression::None,
            // It packs its own pages.
            #[cfg(feature = "arrow")]
            Self::Parquet(_) => Compression::None,
        }
    }

    fn part(&self) -> Option<&Part> {
        match self {
            Self::File(part) => Some(part),
            Self::Standard => None,
            #[cfg(feature = "arrow")]
            Self::Parquet(writer) => Some(writer.inner()),
        }
    }
}

/// The files in the making, and what has gone into them.
pub(crate) struct Sink<'r> {
    pub(crate) output: Option<Output>,
    pub(crate) rejects: Option<Part>,
    pub(crate) summary: Option<Part>,
    pub(crate) answers: Option<Part>,
    pub(crate) report: Option<Part>,
    pub(crate) explanations: Option<Examples<'r>>,
    /// Names of the inputs.
    pub(crate) inputs: Vec<String>,
    /// Records and lines behind.
    pub(crate) passed: Passed,
    /// What became of them.
    pub(crate) counts: Counts,
}

/// The header of the file of rejects; with several inputs, `file` stands before.
const REJECT_COLUMNS: [&str; 5] = ["record", "line", "column", "found", "cause"];

impl Sink<'_> {
    /// One into which nothing has gone, and that nothing is written from.
    pub(crate) fn new(inputs: &[PathBuf]) -> Self {
        let names = inputs.iter().map(|path| path.display().to_string());
        Self {
            output: None,
            rejects: None,
            summary: None,
            answers: None,
            report: None,
            explanations: None,
            inputs: names.collect(),
            passed: Passed::default(),
            counts: Counts::default(),
        }
    }

    /// Writes the headers.
    pub(crate) fn start(
        &mut self,
        header: &Header,
        form: Form,
        columns: &[Added],
    ) -> Result<(), Failure> {
        if let (Some(output), Form::Csv(delimiter)) = (&mut self.output, form) {
            let line = output_header(header, delimiter, columns);
            let mut packed = Vec::new();
            output
                .compression()
                .pack(&line, &mut packed)
                .map_err(|error| unwritable(Path::new("the output"), &error))?;
            output.write(&packed)?;
        }
        if let Some(rejects) = &mut self.rejects {
            let file = (self.inputs.len() > 1).then_some("file");
            let names = file.into_iter().chain(REJECT_COLUMNS);
            let mut line = Vec::new();
            write::record(&mut line, names.map(str::as_bytes), b',');
            rejects.pack(&line)?;
        }
        Ok(())
    }

    /// Writes what became of a block.
    pub(crate) fn take(&mut self, tray: &mut Tray) -> Result<(), Failure> {
        if self.passed.source != Some(tray.source) {
            self.passed = Passed {
                source: Some(tray.source),
                records: 0,
                lines: tray.head_lines,
            };
        }
        if let Some(fault) = tray.fault.take() {
            return Err(self.failure(fault, tray.source));
        }
        if let Some(output) = &mut self.output {
            output.take(tray)?;
        }
        self.reject(&tray.rejects)?;
        if let Some(examples) = &mut self.explanations {
            let input = self.inputs.get(tray.source).map_or("", String::as_str);
            examples.take(tray, input, self.passed.records)?;
        }
        self.passed.records = self.passed.records.saturating_add(tray.records);
        self.passed.lines = self.passed.lines.saturating_add(tray.lines);
        Ok(())
    }

    fn failure(&self, fault: Fault, source: usize) -> Failure {
        match fault {
            Fault::Other(failure) => failure,
            Fault::Here { lines, found } => broken(self.input(source), &found, self.line(lines)),
        }
    }

    fn input(&self, source: usize) -> &str {
        self.inputs.get(source).map_or("", String::as_str)
    }

    fn line(&self, lines: u64) -> u64 {
        self.passed.lines.saturating_add(lines).saturating_add(1)
    }

    fn reject(&mut self, found: &[Reject]) -> Result<(), Failure> {
        let mut lines = Vec::new();
        for reject in found {
            let record = self.passed.records.saturating_add(reject.record);
            let Rejection {
                column,
                found,
                cause,
            } = &reject.rejection;
            let numbers = [record.to_string(), self.line(reject.lines).to_string()];
            let source = self.passed.source.unwrap_or_default();
            let file = (self.inputs.len() > 1).then(|| self.input(source));
            let cells = file.into_iter();
            let cells = cells.chain(numbers.iter().map(String::as_str));
            let cells = cells.chain([column.as_ref(), found, cause]);
            write::record(&mut lines, cells.map(str::as_bytes), b',');
        }
        match &mut self.rejects {
            Some(rejects) => rejects.pack(&lines),
            None => Ok(()),
        }
    }

    /// How far the run has come, with all that belongs to it on the disk.
    pub(crate) fn checkpoint(&self, position: Position) -> Result<Checkpoint, Failure> {
        let growing = [
            (OUTPUT, self.output.as_ref().and_then(Output::part)),
            (REJECTS, self.rejects.as_ref()),
            (EXPLANATIONS, self.examples()),
        ];
        let growing = growing
            .into_iter()
            .filter_map(|(name, part)| Some((name, part?)));
        let lengths = growing.map(|(name, part)| {
            part.sync()?;
            Ok((name.to_owned(), part.length()))
        });
        let explained = self.explanations.as_ref();
        Ok(Checkpoint {
            identity: BTreeMap::new(),
            position,
            passed: self.passed,
            lengths: lengths.collect::<Result<_, Failure>>()?,
            explained: explained.map_or_else(BTreeMap::new, |all| all.explained.clone()),
            counts: self.counts.clone(),
        })
    }

    fn examples(&self) -> Option<&Part> {
        self.explanations.as_ref().map(|examples| &examples.part)
    }

    /// Ends the output, so that it can be given its name.
    #[cfg(feature = "arrow")]
    pub(crate) fn end(&mut self) -> Result<(), Failure> {
        if let Some(output) = self.output.take() {
            self.output = Some(output.end()?);
        }
        Ok(())
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let output = self.output.as_ref().and_then(Output::part);
        let (rejects, summary) = (self.rejects.as_ref(), self.summary.as_ref());
        let all = [
            output,
            rejects,
            summary,
            self.answers.as_ref(),
            self.report.as_ref(),
            self.examples(),
        ];
        all.into_iter().flatten()
    }

    /// Gives the files their names, now that all are complete.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        self.parts().try_for_each(Part::sync)?;
        self.parts().try_for_each(Part::keep)
    }

    /// Leaves nothing behind.
    pub(crate) fn discard(&self) {
        self.parts().for_each(Part::discard);
    }
}

/// The columns of the input as they stand there, if they can, and those that are added.
fn output_header(header: &Header, delimiter: u8, columns: &[Added]) -> Vec<u8> {
    let mut line = header.bytes.clone();
    let added = columns.iter().map(|column| column.name().as_bytes());
    if header.shape == Some(Shape::Csv(delimiter)) {
        write::further(&mut line, added, delimiter);
    } else {
        line.clear();
        let names = header.names().into_iter();
        write::record(&mut line, names.chain(added), delimiter);
    }
    line
}
