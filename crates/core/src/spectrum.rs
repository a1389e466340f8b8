//! What an instrument sees of the light: bands and their responses.

use serde::{Deserialize, Serialize};

use crate::units::Nanometres;

/// One channel: a Gaussian response around its centre.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Centre of the response.
    pub center: Nanometres,
    /// Full width at half maximum of the response.
    pub fwhm: Nanometres,
}
