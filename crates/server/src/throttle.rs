//! Guessing passwords takes long: after some failures an account's name waits.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures that are forgiven.
const FORGIVEN: u32 = 10;
/// How long it takes until they are forgotten.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Names remembered at a time; guessing names does not fill the memory.
const NAMES: usize = 10_000;

/// Failures by the name that was tried.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, (u32, Instant)>>);

impl Throttle {
    /// How long this name still waits.
    pub(crate) fn wait(&self, name: &str, now: Instant) -> Option<Duration> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (failures, since) = names.get(name)?;
        let left = WINDOW.checked_sub(now.saturating_duration_since(*since))?;
        (*failures >= FORGIVEN && !left.is_zero()).then_some(left)
    }

    /// Remembers a failure.
    pub(crate) fn failed(&self, name: &str, now: Instant) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= NAMES {
            names.retain(|_, (_, since)| now.saturating_duration_since(*since) < WINDOW);
        }
        if names.len() >= NAMES {
            names.clear();
        }
        let entry = names.entry(name.to_owned()).or_insert((0, now));
        if now.saturating_duration_since(entry.1) >= WINDOW {
            *entry = (0, now);
        }
        entry.0 += 1;
    }

    /// Forgets the failures of a name that got in.
    pub(crate) fn passed(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests;
