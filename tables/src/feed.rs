//! All inputs of a run, one after the other, in blocks of whole records.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use catchall_engine::source::Diagnostic;

use crate::checkpoint::Position;
use crate::failure::{Failure, place};
use crate::format::Shape;
use crate::header::Header;
use crate::source::Source;
use crate::tray::{Fault, Tray};
use crate::watch::Watch;

/// Inputs, in blocks of whole records.
pub(crate) trait Feed: Send {
    /// Fills a tray with records, or with what is wrong; false when all inputs are behind.
    fn fill(&mut self, tray: &mut Tray) -> bool;

    /// How far the inputs were read.
    fn position(&self, complete: bool) -> Position;

    /// Goes to where an earlier run was, and makes sure that all before it is the same; false if it was
    /// stopped on the way.
    fn go_to(&mut self, position: &Position, stop: &AtomicBool) -> Result<bool, Failure>;
}

/// The error for an input that is not what an interrupted run read.
pub(crate) fn changed(inputs: &[PathBuf], input: usize) -> Failure {
    let name = inputs.get(input).map(|path| path.display().to_string());
    let expected = "the bytes that the interrupted run read";
    Diagnostic::error("T142", "a table that was changed since", expected)
        .help("give the table as it was, or start anew with --force")
        .at(place(&name.unwrap_or_default()))
        .into()
}

/// Tables that are text, one after the other.
pub(crate) struct TextFeed<'j> {
    inputs: &'j [PathBuf],
    watch: &'j dyn Watch,
    header: &'j Header,
    open: Option<Source<'j>>,
    finished: Vec<String>,
}

impl<'j> TextFeed<'j> {
    /// The inputs, of which the first is open already.
    pub(crate) fn new(
        inputs: &'j [PathBuf],
        first: Source<'j>,
        header: &'j Header,
        watch: &'j dyn Watch,
    ) -> Self {
        Self {
            inputs,
            watch,
            header,
            open: Some(first),
            finished: Vec::new(),
        }
    }

    /// The input that is read next.
    fn source(&mut self) -> Result<Option<&mut Source<'j>>, Failure> {
        if self.open.is_none() {
            let Some(path) = self.inputs.get(self.finished.len()) else {
                return Ok(None);
            };
            let delimiter = Some(self.header.delimiter());
            let (source, header) = Source::open(path, delimiter, self.watch)?;
            // Records of NDJSON name their columns themselves.
            let named = header.cells == self.header.cells || header.shape == Some(Shape::Ndjson);
            if header.shape != self.header.shape || !named {
                return Err(self.other_header(path, &header));
            }
            self.open = Some(source);
        }
        Ok(self.open.as_mut())
    }

    fn other_header(&self, path: &Path, header: &Header) -> Failure {
        let text =
            |header: &Header| String::from_utf8_lossy(&header.names().join(&b' ')).into_owned();
        let found = format!("the columns `{}`", text(header));
        let expected = format!("those of the first table, `{}`", text(self.header));
        Diagnostic::error("T143", found, expected)
            .help("screen tables with other columns in a run of their own")
            .at(place(&path.display().to_string()))
            .into()
    }

    fn close(&mut self) {
        if let Some(source) = self.open.take() {
            self.finished.push(source.sha256());
        }
    }

    /// Whether the input that is read next has so many bytes; they are behind then.
    fn passed(&mut self, bytes: u64) -> Result<bool, Failure> {
        match self.source()? {
            Some(source) => source.skip_to(bytes),
            None => Ok(false),
        }
    }
}

impl Feed for TextFeed<'_> {
    fn fill(&mut self, tray: &mut Tray) -> bool {
        loop {
            tray.source = self.finished.len();
            match self.source() {
                Ok(None) => return false,
                Ok(Some(source)) => {
                    if source.fill(tray) {
                        return true;
                    }
                }
                Err(failure) => {
                    tray.fault = Some(Fault::Other(failure));
                    return true;
                }
            }
            self.close();
        }
    }

    fn position(&self, complete: bool) -> Position {
        Position {
            finished: self.finished.clone(),
            bytes: self.open.as_ref().map_or(0, Source::bytes),
            sha256: self.open.as_ref().map_or_else(String::new, Source::sha256),
            complete,
        }
    }

    fn go_to(&mut self, position: &Position, stop: &AtomicBool) -> Result<bool, Failure> {
        for known in &position.finished {
            let mut length = 0_u64;
            while self.passed(length)? {
                if stop.load(Ordering::Relaxed) {
                    return Ok(false);
                }
                length = length.saturating_add(STEP);
            }
            self.close();
            if self.finished.last() != Some(known) {
                return Err(changed(self.inputs, self.finished.len().saturating_sub(1)));
            }
        }
        if position.bytes == 0 {
            return Ok(true);
        }
        let mut length = 0_u64;
        while length < position.bytes {
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            length = length.saturating_add(STEP).min(position.bytes);
            self.passed(length)?;
        }
        if self.position(false)
            == (Position {
                complete: false,
                ..position.clone()
            })
        {
            Ok(true)
        } else {
            Err(changed(self.inputs, self.finished.len()))
        }
    }
}

/// Bytes that are passed at once while going to a place.
const STEP: u64 = 16 * 1024 * 1024;
