//! The wind that carries a plume.

use serde::{Deserialize, Serialize};

use crate::{
    estimate::Estimate,
    units::{Degrees, MetresPerSecond},
};

/// Wind at plume height over the time of an overflight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wind {
    /// Speed with its deviation.
    pub speed: Estimate<MetresPerSecond>,
    /// Where it blows *from*, clockwise from true north.
    pub from: Degrees,
}
