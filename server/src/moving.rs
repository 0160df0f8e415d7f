//! Backups as files: a register is taken out into one, and put back from one.

use std::fs::{self, File};
use std::future::Future;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use crate::register::{self, Counts};
use crate::running::{Failure, internal};

/// How hard a backup is compressed whose name says that it is.
const LEVEL: i32 = 3;
/// How a file that is compressed with zstd begins.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Writes all that a register holds into a new file, compressed with zstd where its name ends in `.zst`.
/// The service may run meanwhile.
pub fn backup(url: &str, path: &Path) -> Result<Counts, Failure> {
    if path.exists() {
        let text = format!("{} is there already; name a new file", path.display());
        return Err(Failure::Setting(text));
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let (part, packed) = (
        Path::new(&part),
        path.extension().is_some_and(|e| e == "zst"),
    );
    let unwritten = |error: io::Error| Failure::Output(format!("{}: {error}", path.display()));
    let mut file = File::create(part).map_err(unwritten)?;
    let written = written(url, &mut file, packed);
    let done = written.and_then(|counts| {
        file.sync_all().map_err(unwritten)?;
        fs::rename(part, path).map_err(unwritten)?;
        Ok(counts)
    });
    if done.is_err() {
        // It is of no use to anybody.
        let _ = fs::remove_file(part);
    }
    done
}

fn written(url: &str, file: &mut File, packed: bool) -> Result<Counts, Failure> {
    let mut to = BufWriter::new(file);
    if !packed {
        return wait(register::backup(url, &mut to));
    }
    let unwritten = |error: io::Error| Failure::Output(error.to_string());
    let mut to = zstd::Encoder::new(to, LEVEL).map_err(unwritten)?;
    let counts = wait(register::backup(url, &mut to))?;
    to.finish()
        .and_then(|mut to| to.flush())
        .map_err(unwritten)?;
    Ok(counts)
}

/// Puts a backup into a new register, whole or not at all. It may be of the other database.
pub fn restore(url: &str, path: &Path) -> Result<Counts, Failure> {
    let unread = |error: io::Error| Failure::Setting(format!("{}: {error}", path.display()));
    let mut file = File::open(path).map_err(unread)?;
    let mut first = Vec::new();
    (&mut file)
        .take(4)
        .read_to_end(&mut first)
        .map_err(unread)?;
    let whole = Read::chain(io::Cursor::new(first.clone()), file);
    if first != ZSTD {
        return wait(register::restore(url, BufReader::new(whole)));
    }
    let unpacked = zstd::Decoder::new(whole).map_err(unread)?;
    wait(register::restore(url, BufReader::new(unpacked)))
}

fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| internal(&error))?
        .block_on(work)
}
