//! A run of choices, from which the generators make everything.

/// Numbers that stand for choices. Once they are used up every choice is the first, so a shorter or
/// smaller run gives a simpler thing: that is how a failing case is made small.
#[derive(Clone, Debug)]
pub struct Choices {
    left: std::vec::IntoIter<u8>,
}

impl Choices {
    /// The run of choices that the bytes stand for.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            left: bytes.into_iter(),
        }
    }

    /// One of `0..count`.
    pub fn below(&mut self, count: usize) -> usize {
        let next = usize::from(self.left.next().unwrap_or_default());
        next.checked_rem(count).unwrap_or_default()
    }

    /// Whether the first of `count` was not chosen `count - 1` times over: true once in `count`.
    pub fn once_in(&mut self, count: usize) -> bool {
        count > 0 && self.below(count) == count.saturating_sub(1)
    }

    /// One of several things.
    ///
    /// # Panics
    ///
    /// If there is nothing to choose from.
    #[expect(clippy::indexing_slicing, reason = "the choice lies below the length")]
    pub fn of<T: Clone>(&mut self, things: &[T]) -> T {
        let at = self.below(things.len());
        things[at].clone()
    }
}
