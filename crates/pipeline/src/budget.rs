//! Memory shared by scenes that are searched side by side.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes to hand out.
#[derive(Debug)]
pub(crate) struct Budget {
    all: u64,
    free: Mutex<u64>,
    returned: Condvar,
}

/// Bytes taken, given back when dropped.
#[derive(Debug)]
pub(crate) struct Share<'b> {
    budget: &'b Budget,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        Self { all: bytes, free: Mutex::new(bytes), returned: Condvar::new() }
    }

    /// Waits until so many bytes are free; who asks for more than there are gets all of them.
    pub(crate) fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(self.all);
        let mut free = self.lock();
        while *free < bytes {
            free = self.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Share { budget: self, bytes }
    }

    /// A number stays right whoever stopped while holding it.
    fn lock(&self) -> MutexGuard<'_, u64> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.lock() += self.bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests;
