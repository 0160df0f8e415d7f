//! Whether two screened tables give every row, in order, the same answer.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use csv::ByteRecord;
use sha2::{Digest, Sha256};

use crate::answer::COLUMNS;

/// The columns by which a row is told; values may be written in another way than in the input.
const KEY: [&str; 4] = ["t", "i", "j", "k"];

/// What a screened table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers {
    /// Rows with each answer.
    pub(crate) counts: BTreeMap<String, u64>,
    /// A hash over all rows in order: whose they are, and their answers.
    digest: [u8; 32],
}

impl Answers {
    /// Reads a screened table.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let mut reader =
            csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
        let header = reader.headers()?.clone();
        let place = |name: &&str| {
            let at = header.iter().position(|column| column == *name);
            at.with_context(|| format!("{}: no column `{name}`", path.display()))
        };
        let key: Vec<usize> = KEY.iter().map(place).collect::<Result<_>>()?;
        let answer: Vec<usize> = COLUMNS.iter().map(place).collect::<Result<_>>()?;
        let (mut counts, mut hash) = (BTreeMap::<Vec<u8>, u64>::new(), Sha256::new());
        let (mut row, mut line) = (ByteRecord::new(), Vec::new());
        while reader.read_byte_record(&mut row)? {
            joined(&row, &answer, &mut line);
            hash.update(&line);
            match counts.get_mut(&line) {
                Some(count) => *count += 1,
                None => drop(counts.insert(line.clone(), 1)),
            }
            joined(&row, &key, &mut line);
            hash.update(&line);
        }
        let counts = counts.into_iter().map(|(answer, count)| {
            (
                String::from_utf8_lossy(&answer)
                    .replace('\n', " ")
                    .trim()
                    .to_owned(),
                count,
            )
        });
        Ok(Self {
            counts: counts.collect(),
            digest: hash.finalize().into(),
        })
    }

    /// The first bytes of the hash, to show.
    pub(crate) fn short(&self) -> String {
        self.digest
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn joined(row: &ByteRecord, columns: &[usize], line: &mut Vec<u8>) {
    line.clear();
    for at in columns {
        line.extend_from_slice(row.get(*at).unwrap_or_default());
        line.push(b'\n');
    }
}
