//! A number and how far to trust it. Estimates never travel without their deviation.

use serde::{Deserialize, Serialize};

/// A value with its standard deviation, both in the unit of `T`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate<T> {
    /// Best estimate.
    pub value: T,
    /// One standard deviation.
    pub std: T,
}
