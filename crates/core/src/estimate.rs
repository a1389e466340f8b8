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

/// A range that holds the truth with nine chances in ten, both ends in the unit of `T`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval90<T> {
    /// The truth is below this with probability 5 %.
    pub low: T,
    /// The truth is above this with probability 5 %.
    pub high: T,
}
