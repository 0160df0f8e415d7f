//! Files that are written under another name first, and get their own only when they are complete.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::checkpoint::suffixed;
use crate::compression::Compression;
use crate::failure::{Failure, unwritable};

/// A file in the making.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    temporary: PathBuf,
    file: File,
    length: u64,
    force: bool,
    compression: Compression,
}

/// Where a file in the making is written until it is complete.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    suffixed(path, ".part")
}

impl Part {
    /// Starts a file. One that exists is written over only by force; what an interrupted run left behind,
    /// by force or if it is `left`.
    pub(crate) fn start(path: &Path, force: bool, left: bool) -> Result<Self, Failure> {
        refuse_existing(path, force)?;
        let temporary = temporary(path);
        let mut options = OpenOptions::new();
        options.write(true);
        if force || left {
            options.create(true);
        } else {
            options.create_new(true);
        }
        let opened = options.open(&temporary);
        let part = Self::locked(path, temporary, opened, force)?;
        part.truncate(0)?;
        Ok(part)
    }

    /// Goes on with a file behind its first `length` bytes.
    pub(crate) fn go_on(path: &Path, length: u64, force: bool) -> Result<Self, Failure> {
        refuse_existing(path, force)?;
        let temporary = temporary(path);
        let opened = OpenOptions::new().write(true).open(&temporary);
        let mut part = Self::locked(path, temporary, opened, force)?;
        part.truncate(length)?;
        part.length = length;
        Ok(part)
    }

    fn locked(
        path: &Path,
        temporary: PathBuf,
        opened: io::Result<File>,
        force: bool,
    ) -> Result<Self, Failure> {
        let file = opened.map_err(|error| cannot(&temporary, &error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let text = format!("{} is being written by another run", temporary.display());
                return Err(Failure::Usage(text));
            }
            // Where files cannot be locked, two runs at once are not noticed.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        Ok(Self {
            compression: Compression::of_name(path),
            path: path.to_path_buf(),
            temporary,
            file,
            length: 0,
            force,
        })
    }

    fn truncate(&self, length: u64) -> Result<(), Failure> {
        let found = self.file.metadata().map(|metadata| metadata.len());
        let cut = found.and_then(|found| {
            if found < length {
                let text = "it is shorter than its checkpoint says";
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            }
            self.file.set_len(length)?;
            (&self.file).seek(SeekFrom::Start(length))
        });
        cut.map(|_| ())
            .map_err(|error| unwritable(&self.temporary, &error))
    }

    /// Where it is written until it is complete.
    #[cfg(feature = "arrow")]
    pub(crate) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// How its bytes are packed.
    pub(crate) fn compression(&self) -> Compression {
        self.compression
    }

    /// Bytes written so far.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Writes bytes that are packed already.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.write_all(bytes)
            .map_err(|error| unwritable(&self.temporary, &error))
    }

    /// Packs bytes and writes them.
    pub(crate) fn pack(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut packed = Vec::new();
        self.compression
            .pack(bytes, &mut packed)
            .map_err(|error| unwritable(&self.temporary, &error))?;
        self.put(&packed)
    }

    /// Waits until all that was written is on the disk.
    pub(crate) fn sync(&self) -> Result<(), Failure> {
        self.file
            .sync_all()
            .map_err(|error| unwritable(&self.temporary, &error))
    }

    /// Gives the file its name.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        refuse_existing(&self.path, self.force)?;
        self.sync()?;
        fs::rename(&self.temporary, &self.path).map_err(|error| unwritable(&self.path, &error))
    }

    /// Leaves nothing behind.
    pub(crate) fn discard(&self) {
        // If it cannot be removed, the next run says that it is there.
        let _ = fs::remove_file(&self.temporary);
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.length = self.length.saturating_add(length as u64);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
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
        ": a run was interrupted; go on with --resume, or start anew with --force"
    } else {
        ""
    };
    Failure::Usage(format!(
        "{} cannot be written: {error}{hint}",
        path.display()
    ))
}
