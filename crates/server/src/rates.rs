//! No program takes the server from everybody else: how much one account asks for is limited.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    state::keyed::HashMapStateStore,
};
use uuid::Uuid;

/// Requests a second that an account may send for as long as it likes: many times what anybody's screen asks for.
const A_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();
/// Requests it may send at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// What each account has left.
#[derive(Debug)]
pub(crate) struct Rates(RateLimiter<Uuid, HashMapStateStore<Uuid>, MonotonicClock>);

impl Rates {
    pub(crate) fn new() -> Self {
        let quota = Quota::per_second(A_SECOND).allow_burst(AT_ONCE);
        Self(RateLimiter::new(quota, HashMapStateStore::default(), MonotonicClock))
    }

    /// Counts a request; how long its account waits when it has sent too many.
    pub(crate) fn wait(&self, account: Uuid) -> Option<Duration> {
        let until = self.0.check_key(&account).err()?;
        Some(until.wait_time_from(MonotonicClock.now()))
    }
}

#[cfg(test)]
mod tests;
