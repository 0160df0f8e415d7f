//! Watches the bytes of a table as they pass: their hash, the lines of records, and quotes left open.

use std::collections::VecDeque;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Longest record that is read, in bytes: beyond it a quote was opened and never closed.
pub const RECORD_BYTES: u64 = 16 * 1024 * 1024;

/// The bytes of a table that passed so far.
///
/// It follows quotes as RFC 4180 has them, so that a file that was cut short inside a quoted cell is
/// noticed, and so that one stray quote does not draw the rest of a file into one record.
#[derive(Clone, Debug)]
pub struct Intake {
    hash: Sha256,
    delimiter: u8,
    at: Within,
    last: u8,
    line: u64,
    starts: VecDeque<u64>,
    bytes: u64,
    record: u64,
    longest: u64,
}

/// The mark that some programs write before UTF-8 text.
const MARK: [u8; 3] = *b"\xEF\xBB\xBF";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    RecordStart,
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl Intake {
    /// Nothing has passed yet.
    pub fn new(delimiter: u8) -> Self {
        Self {
            hash: Sha256::new(),
            delimiter,
            at: Within::RecordStart,
            last: 0,
            line: 1,
            starts: VecDeque::new(),
            bytes: 0,
            record: 0,
            longest: 0,
        }
    }

    /// Takes the next bytes.
    pub fn see(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        for byte in bytes {
            self.step(*byte);
        }
    }

    fn step(&mut self, byte: u8) {
        let at = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        self.bytes = self.bytes.saturating_add(1);
        if MARK.get(at) == Some(&byte) {
            return;
        }
        let ends = matches!(byte, b'\n' | b'\r');
        if self.at == Within::RecordStart && !ends {
            self.starts.push_back(self.line);
            self.record = 0;
        }
        if byte == b'\r' || (byte == b'\n' && self.last != b'\r') {
            self.line = self.line.saturating_add(1);
        }
        self.record = self.record.saturating_add(1);
        self.longest = self.longest.max(self.record);
        self.last = byte;
        self.at = self.after(byte, ends);
    }

    fn after(&self, byte: u8, ends: bool) -> Within {
        match (self.at, byte) {
            (Within::Quoted, b'"') => Within::QuoteInQuoted,
            (Within::Quoted, _) => Within::Quoted,
            (Within::RecordStart | Within::CellStart | Within::QuoteInQuoted, b'"') => {
                Within::Quoted
            }
            _ if ends => Within::RecordStart,
            _ if byte == self.delimiter => Within::CellStart,
            _ => Within::Plain,
        }
    }

    /// The line on which the next record begins, counted from 1; one call for each record, the header
    /// too.
    pub fn next_line(&mut self) -> u64 {
        self.starts.pop_front().unwrap_or(self.line)
    }

    /// Whether a record is longer than [`RECORD_BYTES`].
    pub fn is_too_long(&self) -> bool {
        self.longest > RECORD_BYTES
    }

    /// Whether the bytes so far end inside a quoted cell.
    pub fn ends_within_quotes(&self) -> bool {
        self.at == Within::Quoted
    }

    /// SHA-256 of the bytes so far, in lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        let digest = self.hash.clone().finalize();
        digest.iter().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Intake;
    use crate::source::sha256;

    fn after(text: &str) -> Intake {
        let mut intake = Intake::new(b',');
        text.as_bytes().chunks(3).for_each(|part| intake.see(part));
        intake
    }

    #[test]
    fn an_open_quote_is_noticed_and_a_quote_inside_a_plain_cell_is_not_one() {
        for (text, open) in [
            ("a,b\n", false),
            ("a,\"b", true),
            ("a,\"b\"\"", true),
            ("a,\"b\"\"c\"\n", false),
            ("a,5\" pipe\n", false),
            ("\"a\n", true),
        ] {
            assert_eq!(after(text).ends_within_quotes(), open, "{text}");
        }
    }

    #[test]
    fn the_line_of_a_record_is_that_of_its_first_cell() {
        let mut intake = after("\u{feff}\"a\"\r\n\r\n\"b\nb\",1\r\nc\n\nd");
        let lines: Vec<u64> = (0..4).map(|_| intake.next_line()).collect();
        assert_eq!(lines, [1, 3, 5, 7]);
    }

    #[test]
    fn the_hash_is_that_of_the_whole() {
        assert_eq!(
            after("month,hs\n202501,01\n").sha256(),
            sha256(b"month,hs\n202501,01\n")
        );
    }
}
