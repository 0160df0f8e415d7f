//! Files that are written under another name first, and get their own only when they are complete.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::exit::Failure;

/// A file in the making. Unless it is kept it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Written {
    path: PathBuf,
    temporary: PathBuf,
    file: BufWriter<File>,
    force: bool,
}

impl Written {
    /// Starts a file; one that exists is written over only by force, and only at the end.
    pub(crate) fn new(path: &Path, force: bool) -> Result<Self, Failure> {
        refuse_existing(path, force)?;
        let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
        name.push(".part");
        let temporary = path.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)
            .map_err(|error| cannot(&temporary, &error))?;
        Ok(Self {
            path: path.to_path_buf(),
            temporary,
            file: BufWriter::new(file),
            force,
        })
    }

    /// Writes text.
    pub(crate) fn put(&mut self, text: &str) -> Result<(), Failure> {
        let written = self.write_all(text.as_bytes()).and_then(|()| self.flush());
        written.map_err(|error| cannot(&self.temporary, &error))
    }

    /// Gives the file its name. What was written must have been flushed.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        refuse_existing(&self.path, self.force)?;
        let synced = self.file.get_ref().sync_all();
        synced
            .and_then(|()| fs::rename(&self.temporary, &self.path))
            .map_err(|error| cannot(&self.path, &error))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // Once kept, there is no such file any more.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn refuse_existing(path: &Path, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        let text = format!("{} exists; give --force to write over it", path.display());
        return Err(Failure::Usage(text));
    }
    Ok(())
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    let hint = if error.kind() == io::ErrorKind::AlreadyExists {
        ": another run writes it, or one was interrupted; remove it if none runs"
    } else {
        ""
    };
    Failure::Usage(format!(
        "{} cannot be written: {error}{hint}",
        path.display()
    ))
}

/// A value as JSON with a line for each key.
pub(crate) fn json_text(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(format!("{text}\n"))
}
