//! Where a piece of a CSV file may be cut: at the end of a record.

use memchr::{memchr, memrchr2};

/// The length of the whole records at the start of a piece, which begins with a record; none if no
/// record ends in it.
///
/// A line feed inside quotes ends no record. `whole` says that nothing follows the piece.
pub(crate) fn whole_records(piece: &[u8], delimiter: u8, whole: bool) -> Option<usize> {
    if whole {
        return Some(piece.len()).filter(|length| *length > 0);
    }
    // Whether a line feed belongs to the carriage return before it shows only with the next byte.
    let seen = match piece.split_last() {
        Some((b'\r', seen)) => seen,
        _ => piece,
    };
    let mut last = None;
    let mut at = 0_usize;
    while let Some(rest) = seen.get(at..) {
        let quote = opening_quote(seen, at, delimiter);
        let outside = rest.get(..quote.unwrap_or(seen.len()).saturating_sub(at));
        if let Some(end) = memrchr2(b'\n', b'\r', outside.unwrap_or_default()) {
            last = Some(at.saturating_add(end).saturating_add(1));
        }
        let Some(quote) = quote else { break };
        let Some(closing) = closing_quote(seen, quote.saturating_add(1)) else {
            break;
        };
        at = closing.saturating_add(1);
    }
    last.map(|end| with_line_feed(seen, end))
}

/// Carriage return and line feed are not torn apart.
fn with_line_feed(piece: &[u8], end: usize) -> usize {
    let returned = piece.get(end.saturating_sub(1)) == Some(&b'\r');
    if returned && piece.get(end) == Some(&b'\n') {
        end.saturating_add(1)
    } else {
        end
    }
}

/// The next quote that opens a cell. A quote within a cell that began without one is a plain character.
fn opening_quote(piece: &[u8], from: usize, delimiter: u8) -> Option<usize> {
    let mut at = from;
    loop {
        let quote = at.saturating_add(memchr(b'"', piece.get(at..)?)?);
        let before = quote.checked_sub(1).and_then(|at| piece.get(at));
        if before.is_none_or(|byte| [delimiter, b'\n', b'\r'].contains(byte)) {
            return Some(quote);
        }
        at = quote.saturating_add(1);
    }
}

/// The quote that closes a quoted cell, whose content begins at `from`. Two quotes in a row are one of
/// the content.
pub(super) fn closing_quote(piece: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let quote = at.saturating_add(memchr(b'"', piece.get(at..)?)?);
        if piece.get(quote.saturating_add(1)) != Some(&b'"') {
            return Some(quote);
        }
        at = quote.saturating_add(2);
    }
}

#[cfg(test)]
mod tests {
    use super::whole_records;

    #[test]
    fn cuts_at_the_end_of_a_record_and_not_inside_quotes() {
        for (piece, length) in [
            ("a,b\nc", Some(4)),
            ("a,b", None),
            ("a,\"b\nc\"", None),
            ("a\r\nb\r\nc", Some(6)),
            ("a\r\nb\r", Some(3)),
            ("a\rb\rc", Some(4)),
            ("a,\"b\"\n\"c\nd\"\ne", Some(12)),
            ("x\n5\" pipe\n3\" nail", Some(10)),
            ("x\n\"a\"\"\n", Some(2)),
            ("x\n\"a\"b\"c\nd", Some(9)),
            ("\n\n", Some(2)),
        ] {
            assert_eq!(
                whole_records(piece.as_bytes(), b',', false),
                length,
                "{piece:?}"
            );
        }
        assert_eq!(whole_records(b"a,\"b\nc", b',', true), Some(6));
    }
}
