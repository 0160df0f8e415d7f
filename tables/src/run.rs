//! How a run goes: it starts or goes on, screens, and gives its files their names at the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use catchall_engine::bulk::{Counts, Summary, TableScreener};
use sha2::{Digest, Sha256};

use crate::answers;
#[cfg(feature = "arrow")]
use crate::batch::BatchLane;
use crate::checkpoint::{Checkpoint, Position, beside};
use crate::compression::Compression;
use crate::csv::CsvLane;
use crate::examples::{Examples, Screening};
use crate::failure::{Failure, unwritable};
use crate::feed::Feed;
use crate::format::{Form, Shape};
use crate::header::Header;
use crate::identity::identity;
use crate::job::{Ending, Job};
use crate::lane::{Lane, Screens};
use crate::ndjson::NdjsonLane;
use crate::part::{Part, temporary};
use crate::pipeline::{self, Steering};
use crate::sink::{Output, Sink};
use crate::source::{hexadecimal, is_standard};
use crate::writing::Writing;

/// A run that has a header and a screener.
pub(crate) struct Run<'r> {
    job: &'r Job<'r>,
    screener: &'r TableScreener<'r>,
    header: &'r Header,
    form: Form,
    /// The columns of the input, where it is in columns.
    #[cfg(feature = "arrow")]
    schema: Option<arrow_schema::SchemaRef>,
    checkpoint: Option<PathBuf>,
    identity: BTreeMap<String, String>,
}

/// Opens a part; none where the file is complete already.
type Opening<'o> = &'o mut dyn FnMut(&Path) -> Result<Option<Part>, Failure>;

impl<'r> Run<'r> {
    /// A run of a job.
    pub(crate) fn new(
        job: &'r Job<'r>,
        screener: &'r TableScreener<'r>,
        header: &'r Header,
    ) -> Self {
        let form = form(job, header);
        Self {
            checkpoint: checkpoint_path(job, form),
            identity: identity(job, header),
            form,
            #[cfg(feature = "arrow")]
            schema: None,
            job,
            screener,
            header,
        }
    }

    /// The same run, on a table in columns.
    #[cfg(feature = "arrow")]
    pub(crate) fn of_columns(mut self, schema: &arrow_schema::SchemaRef) -> Self {
        self.schema = Some(std::sync::Arc::clone(schema));
        self
    }

    /// Screens all records, or as many as there is time for.
    pub(crate) fn run(&self, feed: &mut dyn Feed) -> Result<Ending, Failure> {
        let known = self.known()?;
        let mut sink = match &known {
            Some(known) => self.go_on(known)?,
            None => self.start()?,
        };
        if let Some(known) = &known {
            if !feed.go_to(&known.position, self.job.stop)? {
                return Ok(self.stopped(&known.counts));
            }
            self.job.watch.records(known.counts.read());
        }
        let position = self.screen(feed, &mut sink);
        let position = position.map_err(|failure| self.failed(&sink, failure))?;
        if !position.complete {
            return Ok(self.stopped(&sink.counts));
        }
        self.finish(sink, &position)
    }

    /// The checkpoint of the run that is to go on, if there is one.
    fn known(&self) -> Result<Option<Checkpoint>, Failure> {
        if !self.job.resume {
            return Ok(None);
        }
        let Some(path) = &self.checkpoint else {
            let text = "--resume needs the output file of the run that was interrupted (-o FILE); Parquet \
                        is written in one go";
            return Err(Failure::Usage(text.to_owned()));
        };
        let known = Checkpoint::load(path)?;
        if let Some(known) = &known {
            known.fits(&self.identity, path)?;
        }
        Ok(known)
    }

    fn start(&self) -> Result<Sink<'_>, Failure> {
        let (force, left) = (self.job.force, self.job.resume);
        let mut sink = Sink::new(self.job.inputs);
        let mut open = |path: &Path| Part::start(path, force, left).map(Some);
        if let Err(failure) = self.open(&mut sink, &mut open, &BTreeMap::new()) {
            sink.discard();
            return Err(failure);
        }
        if let Some(path) = &self.checkpoint {
            // An older one is of no use any more.
            let _ = fs::remove_file(path);
        }
        if let Err(failure) = sink.start(self.header, self.form, &self.job.wanted.columns) {
            return Err(self.failed(&sink, failure));
        }
        #[cfg(feature = "arrow")]
        let sink = self.in_columns(sink)?;
        Ok(sink)
    }

    #[cfg(feature = "arrow")]
    fn in_columns<'s>(&self, mut sink: Sink<'s>) -> Result<Sink<'s>, Failure> {
        sink.output = match (sink.output.take(), self.output_schema()) {
            (Some(Output::File(part)), Some(schema)) => {
                let path = part.temporary().to_path_buf();
                let writer = crate::batch::writer(part, schema, &path)?;
                Some(Output::Parquet(Box::new(writer)))
            }
            (output, _) => output,
        };
        Ok(sink)
    }

    /// The columns of the output, where it is in columns.
    #[cfg(feature = "arrow")]
    fn output_schema(&self) -> Option<arrow_schema::SchemaRef> {
        let text = || std::sync::Arc::new(crate::batch::text_schema(self.header));
        let input = self.schema.clone().unwrap_or_else(text);
        let schema = || crate::batch::schema_of(&input, self.job.wanted);
        (self.form == Form::Parquet).then(schema)
    }

    fn lane(&self, compression: Compression, written: bool) -> Lane<'_> {
        let lane = Lane::new(self.screens(written), compression);
        #[cfg(feature = "arrow")]
        let lane = match &self.schema {
            None if written => lane.into_columns(self.output_schema()),
            _ => lane,
        };
        lane
    }

    /// The files of an interrupted run, as they were at its last checkpoint.
    fn go_on(&self, known: &Checkpoint) -> Result<Sink<'_>, Failure> {
        let (job, targets) = (self.job, self.job.targets);
        let mut open = |path: &Path| {
            // The run was interrupted while it gave the files their names.
            if known.position.complete && path.exists() && !temporary(path).exists() {
                return Ok(None);
            }
            let mut named = targets.named().into_iter();
            let name = named.find(|(_, target)| target.is_some_and(|target| target == path));
            match name.and_then(|(name, _)| known.lengths.get(name)) {
                Some(length) => Part::go_on(path, *length, job.force).map(Some),
                None => Part::start(path, job.force, true).map(Some),
            }
        };
        let mut sink = Sink::new(job.inputs);
        self.open(&mut sink, &mut open, &known.explained)?;
        sink.passed = known.passed;
        sink.counts = known.counts.clone();
        Ok(sink)
    }

    fn open<'s>(
        &'s self,
        sink: &mut Sink<'s>,
        open: Opening<'_>,
        explained: &BTreeMap<String, u32>,
    ) -> Result<(), Failure> {
        let targets = self.job.targets;
        if let Some(path) = &targets.output {
            sink.output = if is_standard(path) {
                Some(Output::Standard)
            } else {
                open(path)?.map(Output::File)
            };
        }
        for (part, path) in [
            (&mut sink.rejects, &targets.rejects),
            (&mut sink.summary, &targets.summary),
            (&mut sink.answers, &targets.answers),
            (&mut sink.report, &targets.report),
        ] {
            if let Some(path) = path {
                *part = open(path)?;
            }
        }
        if let Some(path) = &targets.explanations {
            let part = open(path)?;
            let examples = |part| Examples::new(self.job, self.screener, part, explained.clone());
            sink.explanations = part.map(examples);
        }
        Ok(())
    }

    fn screen(&self, feed: &mut dyn Feed, sink: &mut Sink<'_>) -> Result<Position, Failure> {
        let compression = sink
            .output
            .as_ref()
            .map_or(Compression::None, Output::compression);
        let written = sink.output.is_some();
        let lanes = 0..self.job.threads.get();
        let lanes = lanes.map(|_| self.lane(compression, written)).collect();
        let steering = Steering {
            stop: self.job.stop,
            pace: self.checkpoint.is_some().then_some(self.job.pace),
            watch: self.job.watch,
        };
        let mut keep = |sink: &Sink<'_>, position: Position| {
            if position.complete {
                Ok(())
            } else {
                self.save(sink, position)
            }
        };
        pipeline::run(feed, lanes, sink, &steering, &mut keep)
    }

    /// What one worker does, and writes if there is an output.
    fn screens(&self, written: bool) -> Screens<'_> {
        let wanted = self.job.wanted;
        let writing = || Writing::new(self.screener, wanted, self.header, self.form);
        let writing = written.then(writing);
        let most = self.job.targets.explanations.as_ref();
        let most = most.map_or(0, |_| wanted.explained);
        let screening = Screening::new(self.screener, most);
        #[cfg(feature = "arrow")]
        if self.schema.is_some() {
            let writing = writing.filter(|_| self.form != Form::Parquet);
            let lane = BatchLane::new(self.screener, screening, wanted, writing);
            return Screens::Batches(lane);
        }
        match self.header.shape {
            Some(Shape::Csv(delimiter)) => {
                Screens::Csv(CsvLane::new(self.screener, screening, delimiter, writing))
            }
            _ => Screens::Ndjson(NdjsonLane::new(
                self.screener,
                screening,
                self.header,
                writing,
            )),
        }
    }

    fn save(&self, sink: &Sink<'_>, position: Position) -> Result<(), Failure> {
        let Some(path) = &self.checkpoint else {
            return Ok(());
        };
        let checkpoint = Checkpoint {
            identity: self.identity.clone(),
            ..sink.checkpoint(position)?
        };
        checkpoint
            .save(path)
            .map_err(|error| unwritable(path, &error))
    }

    /// Leaves what can be gone on with, and nothing else.
    fn failed(&self, sink: &Sink<'_>, failure: Failure) -> Failure {
        let saved = self.checkpoint.as_ref().filter(|path| path.exists());
        match failure {
            Failure::Output(text) if saved.is_some() => Failure::Output(format!(
                "{text}\nWhat was written is kept: mend this, and go on with --resume."
            )),
            other => {
                sink.discard();
                // There is nothing left that it could be of use for.
                saved.map(fs::remove_file);
                other
            }
        }
    }

    fn stopped(&self, counts: &Counts) -> Ending {
        Ending::Stopped {
            read: counts.read(),
            resumable: self.checkpoint.is_some(),
        }
    }

    fn finish(&self, mut sink: Sink<'_>, position: &Position) -> Result<Ending, Failure> {
        let counts = std::mem::take(&mut sink.counts);
        let (counts_of, hash, only) = (counts.clone(), input_hash(position), &self.job.wanted.only);
        let summary = self.screener.summary(counts_of, hash, only);
        let written = self.write(&mut sink, counts, &summary, position);
        written.map_err(|failure| self.failed(&sink, failure))?;
        if let Some(path) = &self.checkpoint {
            // It is of no use any more; the next run with --force replaces it.
            let _ = fs::remove_file(path);
        }
        Ok(Ending::Complete(Box::new(summary)))
    }

    fn write(
        &self,
        sink: &mut Sink<'_>,
        counts: Counts,
        summary: &Summary,
        position: &Position,
    ) -> Result<(), Failure> {
        if let Some(part) = &mut sink.summary {
            let text = serde_json::to_string_pretty(summary);
            let text = text.map_err(|error| Failure::Output(error.to_string()))?;
            part.pack(format!("{text}\n").as_bytes())?;
        }
        if let (Some(part), Some(path)) = (&mut sink.answers, &self.job.targets.answers) {
            part.pack(&answers::answers(&counts, answers::form(path)?))?;
        }
        if let (Some(part), Some(reporter)) = (&mut sink.report, self.job.reporter) {
            part.pack(reporter.page(summary).as_bytes())?;
        }
        #[cfg(feature = "arrow")]
        sink.end()?;
        sink.counts = counts;
        self.save(sink, position.clone())?;
        sink.keep()
    }
}

/// Where the checkpoint of a run is; none if it cannot go on after an interruption. A Parquet file cannot:
/// what says where its parts are stands at its end.
fn checkpoint_path(job: &Job<'_>, form: Form) -> Option<PathBuf> {
    let output = job.targets.output.as_deref();
    let file = output.filter(|path| !is_standard(path))?;
    matches!(form, Form::Csv(_) | Form::Ndjson).then(|| beside(file))
}

/// How the output is written: as its name says, else as the input is.
fn form(job: &Job<'_>, header: &Header) -> Form {
    let delimiter = header.delimiter();
    let output = job.targets.output.as_deref();
    let named = output.and_then(|path| Form::of_name(path, delimiter));
    named.unwrap_or(match header.shape {
        Some(Shape::Ndjson) => Form::Ndjson,
        _ => Form::Csv(delimiter),
    })
}

/// SHA-256 of the input's bytes; of several inputs, that of their hashes, one a line.
fn input_hash(position: &Position) -> String {
    match position.finished.as_slice() {
        [one] => one.clone(),
        several => {
            let lines: String = several.iter().map(|hash| format!("{hash}\n")).collect();
            hexadecimal(&Sha256::digest(lines.as_bytes()))
        }
    }
}
