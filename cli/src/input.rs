//! Reads what the user names: files, standard input, folders.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use catchall_engine::limits;
use catchall_engine::source::Document;
use catchall_tables::unreadable;

use crate::exit::Failure;

/// Reads a document: a file, or standard input for `-`. A larger one than the limit is not read to its end.
pub(crate) fn document(path: &Path) -> Result<Document, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Document::from_bytes(
            "<standard input>",
            &bytes(io::stdin().lock(), path)?,
        )?);
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let read = bytes(file, path)?;
    Ok(Document::from_bytes(&path.display().to_string(), &read)?)
}

fn bytes(reader: impl Read, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut read = Vec::new();
    let limit = u64::try_from(limits::DOCUMENT_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    reader
        .take(limit)
        .read_to_end(&mut read)
        .map_err(|error| unreadable(path, &error))?;
    Ok(read)
}

/// The JSON files of a folder in the order of their names; none if there is no such folder.
pub(crate) fn json_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
