//! How many requests each caller may make: a bucket of permits that fills with time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::role::Limits;

/// Callers that are remembered at most; past it, those whose buckets are full are forgotten.
const CALLERS: usize = 100_000;
/// Parts of a permit, so that no floating point is needed.
const PARTS: u64 = 1_000_000;

/// The buckets of all callers.
#[derive(Debug)]
pub(crate) struct Buckets<K>(Mutex<HashMap<K, Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    parts: u64,
    filled: Instant,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// Takes one permit of a caller, or says how long to wait for one.
    pub(crate) fn take(&self, caller: &K, limits: &Limits, now: Instant) -> Result<(), Duration> {
        let Ok(mut buckets) = self.0.lock() else {
            return Err(Duration::from_secs(1));
        };
        if buckets.len() >= CALLERS && !buckets.contains_key(caller) {
            buckets.retain(|_, bucket| bucket.level(limits, now) < full(limits));
            if buckets.len() >= CALLERS {
                return Err(Duration::from_secs(1));
            }
        }
        let start = Bucket {
            parts: full(limits),
            filled: now,
        };
        buckets
            .entry(caller.clone())
            .or_insert(start)
            .take(limits, now)
    }
}

fn full(limits: &Limits) -> u64 {
    u64::from(limits.burst.max(1)).saturating_mul(PARTS)
}

impl Bucket {
    fn level(&self, limits: &Limits, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(self.filled).as_micros();
        let gained = passed.saturating_mul(u128::from(limits.requests_per_second));
        self.parts
            .saturating_add(u64::try_from(gained).unwrap_or(u64::MAX))
            .min(full(limits))
    }

    fn take(&mut self, limits: &Limits, now: Instant) -> Result<(), Duration> {
        self.parts = self.level(limits, now);
        self.filled = now;
        if let Some(left) = self.parts.checked_sub(PARTS) {
            self.parts = left;
            return Ok(());
        }
        let lacking = PARTS.saturating_sub(self.parts);
        let rate = u64::from(limits.requests_per_second.max(1));
        Err(Duration::from_micros(lacking.div_ceil(rate)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, Duration, Instant, Limits};
    use crate::access::Role;

    #[test]
    fn a_caller_waits_once_the_burst_is_spent_and_others_do_not() {
        let limits = Limits {
            requests_per_second: 2,
            burst: 3,
            ..Limits::of(Role::Public)
        };
        let (buckets, now) = (Buckets::default(), Instant::now());
        assert!((0..3).all(|_| buckets.take(&"one", &limits, now).is_ok()));
        assert_eq!(
            buckets.take(&"one", &limits, now),
            Err(Duration::from_millis(500))
        );
        assert!(buckets.take(&"other", &limits, now).is_ok());
        let later = now + Duration::from_millis(500);
        assert!(buckets.take(&"one", &limits, later).is_ok());
        assert!(buckets.take(&"one", &limits, later).is_err());
    }
}
