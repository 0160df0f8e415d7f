//! Reads Parquet and Arrow IPC, batch by batch.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, SchemaRef};
use catchall_engine::source::Diagnostic;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest, Sha256};

use super::texts::Texts;
use crate::checkpoint::Position;
use crate::failure::{Failure, broken, place, unreadable};
use crate::feed::{Feed, changed};
use crate::header::Header;
use crate::source::hexadecimal;
use crate::tray::{Fault, Tray};
use crate::watch::Watch;

/// Records that are screened together. It is the same whatever the number of threads.
const BATCH_RECORDS: usize = 8 * 1024;

/// The forms of tables in columns.
#[derive(Clone, Copy, Debug)]
enum Columnar {
    Parquet,
    File,
    Stream,
}

fn columnar(path: &Path) -> Option<Columnar> {
    let mut start = [0; 8];
    let mut file = File::open(path)
        .ok()
        .filter(|file| file.metadata().is_ok_and(|metadata| metadata.is_file()))?;
    let length = file.read(&mut start).ok()?;
    match start.get(..length)? {
        start if start.starts_with(b"PAR1") => Some(Columnar::Parquet),
        start if start.starts_with(b"ARROW1") => Some(Columnar::File),
        start if start.starts_with(&[0xff; 4]) => Some(Columnar::Stream),
        _ => None,
    }
}

/// Whether a file is a table in columns, by its first bytes.
pub(crate) fn is_columnar(path: &Path) -> bool {
    columnar(path).is_some()
}

/// One table in columns.
pub(crate) struct BatchSource {
    name: String,
    reader: Box<dyn RecordBatchReader + Send>,
    /// SHA-256 of the file.
    sha256: String,
    /// What was read and not yet handed out.
    pending: Option<RecordBatch>,
    /// Records that were handed out.
    records: u64,
}

impl BatchSource {
    /// Opens a file and reads its schema.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::from(unreadable(path, &error));
        let name = path.display().to_string();
        let mut file = File::open(path).map_err(cannot)?;
        let sha256 = sha256(&mut file).map_err(cannot)?;
        let reader = guarded(|| reader(path, file)).map_err(|found| broken(&name, &found, 1))?;
        Ok(Self {
            name,
            reader,
            sha256,
            pending: None,
            records: 0,
        })
    }

    /// The columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> Header {
        let schema = self.schema();
        let names = schema.fields().iter().map(|field| field.name().clone());
        Header::of_names(names.collect(), None)
    }

    /// The first records, as text: for a look at a table, not for screening.
    pub(crate) fn first(&mut self, most: usize) -> Result<Vec<Vec<String>>, Failure> {
        let batch = self.next();
        let batch = batch.map_err(|found| broken(&self.name, &found, 1))?;
        let Some(batch) = batch else {
            return Ok(Vec::new());
        };
        let columns: Result<Vec<Texts<'_>>, ArrowError> =
            batch.columns().iter().map(Texts::new).collect();
        let columns = columns.map_err(|error| broken(&self.name, &error.to_string(), 1))?;
        let row = |row| {
            let cells = columns.iter().map(|column| column.at(row));
            cells
                .map(|cell| cell.unwrap_or_default().into_owned())
                .collect()
        };
        Ok((0..batch.num_rows().min(most)).map(row).collect())
    }

    /// The next records; none at the end.
    fn next(&mut self) -> Result<Option<RecordBatch>, String> {
        while self
            .pending
            .as_ref()
            .is_none_or(|batch| batch.num_rows() == 0)
        {
            let Some(batch) = guarded(|| self.reader.next().transpose())? else {
                return Ok(None);
            };
            self.pending = Some(batch);
        }
        let Some(batch) = self.pending.take() else {
            return Ok(None);
        };
        let length = batch.num_rows().min(BATCH_RECORDS);
        let rest = batch.num_rows().saturating_sub(length);
        self.pending = Some(batch.slice(length, rest));
        self.records = self.records.saturating_add(length as u64);
        Ok(Some(batch.slice(0, length)))
    }
}

fn sha256(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        hash.update(buffer.get(..length).unwrap_or_default());
    }
    file.rewind()?;
    Ok(hexadecimal(&hash.finalize()))
}

type Reader = Box<dyn RecordBatchReader + Send>;

fn reader(path: &Path, file: File) -> Result<Reader, ArrowError> {
    Ok(match columnar(path) {
        Some(Columnar::Parquet) => {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
            Box::new(builder.with_batch_size(BATCH_RECORDS).build()?)
        }
        Some(Columnar::File) => Box::new(FileReader::try_new(BufReader::new(file), None)?),
        _ => Box::new(StreamReader::try_new(BufReader::new(file), None)?),
    })
}

/// Reads, and tells what is wrong. Readers of damaged files may panic; that is an error like any other.
fn guarded<T>(read: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("a damaged file".to_owned()),
    }
}

/// Tables in columns, one after the other.
pub(crate) struct BatchFeed<'j> {
    inputs: &'j [PathBuf],
    header: &'j Header,
    watch: &'j dyn Watch,
    open: Option<BatchSource>,
    finished: Vec<String>,
}

impl<'j> BatchFeed<'j> {
    /// The inputs, of which the first is open already.
    pub(crate) fn new(
        inputs: &'j [PathBuf],
        first: BatchSource,
        header: &'j Header,
        watch: &'j dyn Watch,
    ) -> Self {
        Self {
            inputs,
            header,
            watch,
            open: Some(first),
            finished: Vec::new(),
        }
    }

    fn source(&mut self) -> Result<Option<&mut BatchSource>, Failure> {
        if self.open.is_none() {
            let Some(path) = self.inputs.get(self.finished.len()) else {
                return Ok(None);
            };
            let source = BatchSource::open(path)?;
            if source.header() != *self.header {
                let expected = "the columns of the first table";
                let error = Diagnostic::error("T143", "other columns", expected);
                let help = "screen tables with other columns in a run of their own";
                return Err(error.help(help).at(place(&source.name)).into());
            }
            self.open = Some(source);
        }
        Ok(self.open.as_mut())
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, Fault> {
        loop {
            let source = self.source().map_err(Fault::Other)?;
            let Some(source) = source else {
                return Ok(None);
            };
            let batch = source.next();
            if let Some(batch) = batch.map_err(|found| Fault::Here { lines: 0, found })? {
                return Ok(Some(batch));
            }
            if let Some(source) = self.open.take() {
                let path = Path::new(&source.name);
                self.watch
                    .read(path.metadata().map_or(0, |metadata| metadata.len()));
                self.finished.push(source.sha256);
            }
        }
    }
}

impl Feed for BatchFeed<'_> {
    fn fill(&mut self, tray: &mut Tray) -> bool {
        let next = self.next();
        tray.source = self.finished.len();
        match next {
            Ok(batch) => tray.batch = batch,
            Err(fault) => tray.fault = Some(fault),
        }
        tray.batch.is_some() || tray.fault.is_some()
    }

    fn position(&self, complete: bool) -> Position {
        let open = self.open.as_ref();
        Position {
            finished: self.finished.clone(),
            bytes: open.map_or(0, |source| source.records),
            sha256: open.map_or_else(String::new, |source| source.sha256.clone()),
            complete,
        }
    }

    fn go_to(&mut self, position: &Position, stop: &AtomicBool) -> Result<bool, Failure> {
        let target = (position.finished.len(), position.bytes);
        loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let reached = self.open.as_ref().map_or(0, |source| source.records);
            if (self.finished.len(), reached) >= target {
                break;
            }
            match self.next() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(Fault::Other(failure)) => return Err(failure),
                Err(Fault::Here { found, .. }) => return Err(broken("the table", &found, 1)),
            }
        }
        let found = self.position(position.complete);
        if found.finished == position.finished
            && found.bytes == position.bytes
            && (position.bytes == 0 || found.sha256 == position.sha256)
        {
            return Ok(true);
        }
        Err(changed(self.inputs, position.finished.len()))
    }
}
