//! The forms that tables have, as they are read and as they are written.

use std::path::Path;

use crate::compression::Compression;
use crate::csv;

/// How text is taken apart into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// CSV, with the byte between cells.
    Csv(u8),
    /// NDJSON: a JSON object on each line.
    Ndjson,
}

impl Shape {
    /// The shape of a table that begins so. A header that begins with `{` is none.
    pub(crate) fn sniffed(start: &[u8], delimiter: Option<u8>) -> Self {
        let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') {
            Self::Ndjson
        } else {
            Self::Csv(delimiter.unwrap_or_else(|| csv::sniffed(start)))
        }
    }

    /// The length of the whole records at the start of a piece; none if no record ends in it.
    pub(crate) fn whole_records(self, piece: &[u8], whole: bool) -> Option<usize> {
        match self {
            Self::Csv(delimiter) => csv::whole_records(piece, delimiter, whole),
            Self::Ndjson if whole => Some(piece.len()).filter(|length| *length > 0),
            Self::Ndjson => memchr::memrchr(b'\n', piece).map(|end| end.saturating_add(1)),
        }
    }
}

/// How an output is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// CSV, with the byte between cells.
    Csv(u8),
    /// NDJSON: a JSON object on each line.
    Ndjson,
    /// Parquet.
    #[cfg(feature = "arrow")]
    Parquet,
}

impl Form {
    /// What the ending of a file's name says; nothing if it says nothing that is known.
    pub(crate) fn of_name(path: &Path, delimiter: u8) -> Option<Self> {
        let packed = Compression::of_name(path) != Compression::None;
        let inner = if packed {
            path.file_stem().map(Path::new)
        } else {
            Some(path)
        };
        let ending = inner
            .and_then(Path::extension)
            .and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("ndjson" | "jsonl") => Some(Self::Ndjson),
            Some("csv") => Some(Self::Csv(delimiter)),
            Some("tsv") => Some(Self::Csv(b'\t')),
            #[cfg(feature = "arrow")]
            Some("parquet") if !packed => Some(Self::Parquet),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Shape};
    use std::path::Path;

    #[test]
    fn a_name_says_how_an_output_is_written() {
        for (name, form) in [
            ("out.csv", Some(Form::Csv(b';'))),
            ("out.CSV.gz", Some(Form::Csv(b';'))),
            ("out.tsv", Some(Form::Csv(b'\t'))),
            ("out.jsonl.zst", Some(Form::Ndjson)),
            ("out.txt", None),
            ("-", None),
        ] {
            assert_eq!(Form::of_name(Path::new(name), b';'), form, "{name}");
        }
    }

    #[test]
    fn ndjson_begins_with_an_object() {
        assert_eq!(Shape::sniffed(b"\n {\"a\":1}\n", None), Shape::Ndjson);
        assert_eq!(Shape::sniffed(b"a;b\n", None), Shape::Csv(b';'));
        assert_eq!(Shape::sniffed(b"a;b\n", Some(b',')), Shape::Csv(b','));
        assert_eq!(Shape::Ndjson.whole_records(b"{}\n{", false), Some(3));
        assert_eq!(Shape::Ndjson.whole_records(b"{", false), None);
    }
}
