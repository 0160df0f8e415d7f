//! One input: a file or standard input, unpacked, in blocks of whole records.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use catchall_engine::source::Diagnostic;
use sha2::{Digest, Sha256};

use crate::compression::unpacked;
use crate::csv;
use crate::failure::{Failure, broken, place, unreadable};
use crate::format::Shape;
use crate::header::Header;
use crate::tray::{Fault, Tray};
use crate::watch::Watch;

/// Longest record that is read, in bytes: beyond it a quote was opened and never closed.
pub const RECORD_BYTES: usize = 16 * 1024 * 1024;

/// Bytes that are read before a block is cut. It is the same whatever the number of threads, so that
/// compressed outputs are too.
const BLOCK_BYTES: usize = 128 * 1024;

/// The mark that some programs write before UTF-8 text.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Whether a path means standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// An input that is being read.
pub(crate) struct Source<'j> {
    name: String,
    reader: Box<dyn Read + Send + 'j>,
    hash: Sha256,
    pending: Vec<u8>,
    ended: bool,
    /// Bytes that were handed out.
    bytes: u64,
    /// Lines before the first record.
    head_lines: u64,
    shape: Shape,
}

/// A file's bytes, which the user is told of as they are read.
struct Watched<'j, R> {
    inner: R,
    watch: &'j dyn Watch,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.watch.read(length as u64);
        Ok(length)
    }
}

/// Opens a file or standard input, and unpacks it.
fn open<'j>(path: &Path, watch: &'j dyn Watch) -> Result<Box<dyn Read + Send + 'j>, Failure> {
    let inner: Box<dyn Read + Send> = if is_standard(path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(path, &error))?)
    };
    let packed = BufReader::with_capacity(BLOCK_BYTES, Watched { inner, watch });
    unpacked(packed).map_err(|error| unreadable(path, &error).into())
}

impl<'j> Source<'j> {
    /// Opens an input and reads its header.
    pub(crate) fn open(
        path: &Path,
        delimiter: Option<u8>,
        watch: &'j dyn Watch,
    ) -> Result<(Self, Header), Failure> {
        let mut source = Self {
            name: path.display().to_string(),
            reader: open(path, watch)?,
            hash: Sha256::new(),
            pending: Vec::new(),
            ended: false,
            bytes: 0,
            head_lines: 0,
            shape: Shape::Ndjson,
        };
        source
            .read_to(BLOCK_BYTES)
            .map_err(|found| source.broken(&found))?;
        if source.pending.starts_with(MARK) {
            source.pass(MARK.len());
        }
        source.shape = Shape::sniffed(&source.pending, delimiter);
        let header = source.header()?;
        Ok((source, header))
    }

    fn header(&mut self) -> Result<Header, Failure> {
        while let Some(length) = self.cut().map_err(|found| self.broken(&found))? {
            let whole = self.pending.get(..length).unwrap_or_default();
            let (header, length) = Header::find(whole, self.shape);
            let passed = whole.get(..length).unwrap_or_default();
            self.head_lines = self.head_lines.saturating_add(csv::line_ends(passed));
            self.pass(length);
            if let Some(header) = header {
                return Ok(header);
            }
        }
        let error = Diagnostic::error("T119", "an empty table", "a header and records");
        Err(error.at(place(&self.name)).into())
    }

    fn broken(&self, found: &str) -> Failure {
        broken(&self.name, found, self.head_lines.saturating_add(1))
    }

    /// Reads until so many bytes are pending, or the input ends.
    fn read_to(&mut self, length: usize) -> Result<(), String> {
        while self.pending.len() < length && !self.ended {
            let wanted = length.saturating_sub(self.pending.len()) as u64;
            let mut part = self.reader.by_ref().take(wanted);
            let read = part.read_to_end(&mut self.pending);
            self.ended = read.map_err(|error| told(&error))? == 0;
        }
        Ok(())
    }

    /// The length of the whole records that are pending; none at the end of the input.
    fn cut(&mut self) -> Result<Option<usize>, String> {
        let mut least = BLOCK_BYTES;
        loop {
            self.read_to(least)?;
            let found = self.shape.whole_records(&self.pending, self.ended);
            if found.is_some() || self.ended {
                return Ok(found);
            }
            if self.pending.len() > RECORD_BYTES {
                return Err(too_long(self.shape));
            }
            least = self.pending.len().saturating_add(BLOCK_BYTES);
        }
    }

    /// Hands out bytes without looking at them.
    fn pass(&mut self, length: usize) {
        let passed = self.pending.get(..length).unwrap_or_default();
        self.hash.update(passed);
        self.bytes = self.bytes.saturating_add(passed.len() as u64);
        self.pending.drain(..length.min(self.pending.len()));
    }

    /// Fills a tray with whole records; false at the end of the input.
    pub(crate) fn fill(&mut self, tray: &mut Tray) -> bool {
        match self.cut() {
            Ok(None) => false,
            Ok(Some(length)) => {
                self.hand_out(length, tray);
                true
            }
            Err(found) => {
                tray.head_lines = self.head_lines;
                tray.fault = Some(Fault::Here { lines: 0, found });
                true
            }
        }
    }

    fn hand_out(&mut self, length: usize, tray: &mut Tray) {
        std::mem::swap(&mut tray.input, &mut self.pending);
        self.pending.clear();
        let rest = tray.input.get(length..).unwrap_or_default();
        self.pending.extend_from_slice(rest);
        tray.input.truncate(length);
        tray.head_lines = self.head_lines;
        self.hash.update(&tray.input);
        self.bytes = self.bytes.saturating_add(length as u64);
    }

    /// Goes to a place, unless it is behind already; false if the input has fewer bytes.
    pub(crate) fn skip_to(&mut self, bytes: u64) -> Result<bool, Failure> {
        while self.bytes < bytes {
            let more = bytes.saturating_sub(self.bytes);
            let more = usize::try_from(more)
                .unwrap_or(BLOCK_BYTES)
                .min(BLOCK_BYTES);
            self.read_to(more).map_err(|found| self.broken(&found))?;
            if self.pending.is_empty() {
                return Ok(false);
            }
            self.pass(more.min(self.pending.len()));
        }
        Ok(true)
    }

    /// Bytes that were handed out.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// SHA-256 of the bytes that were handed out, in hexadecimal digits.
    pub(crate) fn sha256(&self) -> String {
        hexadecimal(&self.hash.clone().finalize())
    }
}

/// What is wrong with a record that is longer than any may be.
pub(crate) fn too_long(shape: Shape) -> String {
    let why = match shape {
        Shape::Csv(_) => ": a quote was opened and never closed",
        Shape::Ndjson => " on one line",
    };
    format!("a record of more than {RECORD_BYTES} bytes{why}")
}

/// An error of reading, in words.
fn told(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        "a compressed file that was cut short".to_owned()
    } else {
        error.to_string()
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
