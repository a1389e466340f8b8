//! What a bank is asked, and why it cannot answer.

/// How to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankOptions {
    /// Most kinds of ground told apart. Six: roofs, roads, bare soil, plants, water and shade; more
    /// split the brightness of one kind and leave too few pixels for each covariance.
    pub kinds: usize,
    /// Where the kinds begin.
    pub seed: u64,
}

impl Default for BankOptions {
    fn default() -> Self {
        Self { kinds: 6, seed: 1 }
    }
}

/// Why a cube cannot be searched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BankError {
    /// No gas.
    #[error("no target was given: name at least one gas")]
    NoTarget,
    /// A target of other bands.
    #[error(
        "the target of `{gas}` has {found} bands and the cube {bands}: make it for the cube's bands"
    )]
    BandMismatch {
        /// The gas.
        gas: String,
        /// Bands of the target.
        found: usize,
        /// Bands of the cube.
        bands: usize,
    },
    /// A target without effect.
    #[error("the target of `{gas}` is zero or not a number: leave the gas out for this instrument")]
    NoMark {
        /// The gas.
        gas: String,
    },
    /// The cube holds fewer or more numbers than its shape says.
    #[error("the cube holds {found} values where lines × samples × bands makes {expected}")]
    ShapeMismatch {
        /// Values it should hold.
        expected: usize,
        /// Values it holds.
        found: usize,
    },
    /// Not enough usable pixels to know the ground.
    #[error("{usable} of {pixels} pixels are usable, too few to know the ground in {bands} bands")]
    TooFewPixels {
        /// Pixels in use.
        usable: usize,
        /// Pixels in the cube.
        pixels: usize,
        /// Bands.
        bands: usize,
    },
    /// The covariance has no inverse.
    #[error("the ground does not scatter in all {bands} bands: leave out bands without signal")]
    Flat {
        /// Bands.
        bands: usize,
    },
}
