//! The smallest set that has something in common with each of several sets.

use std::collections::BTreeSet;

/// At most so many branches are looked at.
const MOST: usize = 200_000;

/// A smallest set of numbers that meets every set, and whether it was shown to be smallest.
pub(super) fn smallest(sets: &[BTreeSet<usize>]) -> (BTreeSet<usize>, bool) {
    let mut search = Hitting {
        sets,
        best: greedy(sets),
        left: MOST,
    };
    search.go(&mut BTreeSet::new());
    (search.best, search.left > 0)
}

struct Hitting<'s> {
    sets: &'s [BTreeSet<usize>],
    best: BTreeSet<usize>,
    left: usize,
}

impl Hitting<'_> {
    fn go(&mut self, chosen: &mut BTreeSet<usize>) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return;
        }
        let open = self.sets.iter().filter(|set| set.is_disjoint(chosen));
        let Some(open) = open.min_by_key(|set| set.len()) else {
            if chosen.len() < self.best.len() {
                self.best.clone_from(chosen);
            }
            return;
        };
        if chosen.len().saturating_add(1) >= self.best.len() {
            return;
        }
        for element in open.clone() {
            chosen.insert(element);
            self.go(chosen);
            chosen.remove(&element);
        }
    }
}

/// A set that meets all, not always a smallest.
fn greedy(sets: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::new();
    for set in sets {
        if set.is_disjoint(&chosen) {
            chosen.extend(set.first());
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::smallest;

    #[test]
    fn one_number_is_enough_where_all_sets_share_it() {
        let sets = [[1, 2], [2, 3], [2, 4]].map(|set| set.into_iter().collect());
        let (found, is_smallest) = smallest(&sets);
        assert_eq!((found, is_smallest), ([2].into_iter().collect(), true));
        let apart = [vec![1], vec![2, 3], vec![]].map(|set| set.into_iter().collect());
        assert_eq!(smallest(&apart[..2]).0.len(), 2);
    }
}
