//! Sixteen bytes as one number, the first byte lowest.

/// Bytes in a number.
pub(super) const BYTES: usize = 16;

/// A mask of the first bytes, as many as are asked for; none if there are not so many.
#[inline]
pub(super) fn first(bytes: usize) -> Option<u128> {
    FIRST.get(bytes).copied()
}

#[expect(
    clippy::indexing_slicing,
    reason = "the compiler makes this, and would say where it goes wrong"
)]
const FIRST: [u128; BYTES + 1] = {
    let mut masks = [0; BYTES + 1];
    let mut at = 1;
    while at <= BYTES {
        masks[at] = (masks[at - 1] << 8) | 0xff;
        at += 1;
    }
    masks
};

/// A text as the first bytes, with noughts behind; none if it is longer.
pub(super) fn padded(text: &[u8]) -> Option<u128> {
    let mut bytes = [0; BYTES];
    bytes.get_mut(..text.len())?.copy_from_slice(text);
    Some(u128::from_le_bytes(bytes))
}

/// The first eight bytes, and the last.
#[inline]
pub(super) fn halves(bytes: u128) -> [u64; 2] {
    let low = |bytes: u128| u64::try_from(bytes & u128::from(u64::MAX)).unwrap_or(0);
    [low(bytes), low(bytes >> 64)]
}

#[cfg(test)]
mod tests {
    use super::{first, halves};

    #[test]
    fn the_first_byte_is_the_lowest() {
        let bytes = u128::from_le_bytes(*b"abcdefghijklmnop");
        let three = first(3).map(|mask| (bytes & mask).to_le_bytes());
        assert_eq!(three.as_ref().map(|bytes| &bytes[..4]), Some(&b"abc\0"[..]));
        assert_eq!(
            (first(0), first(16), first(17)),
            (Some(0), Some(u128::MAX), None)
        );
        assert_eq!(
            halves(bytes).map(u64::to_le_bytes),
            [*b"abcdefgh", *b"ijklmnop"]
        );
    }
}
