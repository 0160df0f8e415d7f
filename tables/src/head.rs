//! The beginning of a table, for those who ask what it is.

use std::path::Path;

use crate::csv;
use crate::failure::{Failure, broken};
use crate::format::Shape;
use crate::header::Header;
use crate::ndjson;
use crate::source::Source;
use crate::tray::{Fault, Tray};
use crate::watch::Quiet;

/// The header and the first records of a table, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The byte between cells; a comma where there is none.
    pub delimiter: u8,
    /// The header.
    pub header: Vec<String>,
    /// The first records.
    pub records: Vec<Vec<String>>,
}

impl Head {
    /// Reads the beginning of a file or of standard input, packed or not; `most` records of its first block.
    pub fn read(path: &Path, most: usize) -> Result<Self, Failure> {
        #[cfg(feature = "arrow")]
        if crate::batch::is_columnar(path) {
            let mut source = crate::batch::BatchSource::open(path)?;
            let records = source.first(most);
            return Ok(Self::new(&source.header(), records?));
        }
        let (mut source, header) = Source::open(path, None, &Quiet)?;
        let mut tray = Tray::default();
        source.fill(&mut tray);
        if let Some(Fault::Here { found, lines }) = &tray.fault {
            let line = tray.head_lines.saturating_add(*lines).saturating_add(1);
            return Err(broken(&path.display().to_string(), found, line));
        }
        let records = match header.shape {
            Some(Shape::Ndjson) => ndjson::rows(&tray.input, &header, most),
            _ => csv::rows(&tray.input, header.delimiter(), most, text),
        };
        Ok(Self::new(&header, records))
    }

    fn new(header: &Header, records: Vec<Vec<String>>) -> Self {
        Self {
            delimiter: header.delimiter(),
            header: header.cells.iter().map(|cell| text(cell)).collect(),
            records,
        }
    }
}

fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).into_owned()
}
