//! What a search is asked to do, and why it may refuse.

use std::{fmt, str::FromStr};

/// Which filter answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// The best chain: plume masked out of pooled, shrunk statistics, wider bands, albedo.
    #[default]
    Auto,
    /// Column-wise matched filter on radiance.
    Classic,
    /// Column-wise matched filter on log radiance.
    Lognormal,
    /// Reweighted sparse filter with albedo correction (MAG1C).
    Sparse,
    /// Adaptive cosine estimator for the decision, classic filter for the quantity.
    Ace,
}

impl Filter {
    /// Every filter and its name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Auto, "auto"),
        (Self::Classic, "classic"),
        (Self::Lognormal, "lognormal"),
        (Self::Sparse, "sparse"),
        (Self::Ace, "ace"),
    ];
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            Self::ALL.iter().find(|(filter, _)| filter == self).map_or("", |(_, name)| name),
        )
    }
}

impl FromStr for Filter {
    type Err = SearchError;

    fn from_str(name: &str) -> Result<Self, SearchError> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(filter, _)| *filter).ok_or_else(|| SearchError::UnknownFilter(name.to_owned()))
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOptions {
    /// Which filter.
    pub filter: Filter,
    /// Leading bands of the cube that make the gas's window; `None` when all do.
    pub window_bands: Option<usize>,
    /// Rounds of the window's filter, the plume found so far taken out between them (`auto` only).
    pub passes: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { filter: Filter::Auto, window_bands: None, passes: 4 }
    }
}

/// Why a cube cannot be searched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SearchError {
    /// Cube and signature are not of the same bands.
    #[error(
        "the cube has {cube} bands and the signature {signature}: make the signature for the cube's bands"
    )]
    BandMismatch {
        /// Bands of the cube.
        cube: usize,
        /// Bands of the signature.
        signature: usize,
    },
    /// The cube holds fewer or more numbers than its shape says.
    #[error("the cube holds {found} values where lines × samples × bands makes {expected}")]
    ShapeMismatch {
        /// Values it should hold.
        expected: usize,
        /// Values it holds.
        found: usize,
    },
    /// Not enough bands to tell gas from ground.
    #[error("{0} bands in the window are too few to tell gas from ground: widen the window")]
    TooFewBands(usize),
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
    /// No filter of that name.
    #[error("no filter is called `{0}`: use auto, classic, lognormal, sparse or ace")]
    UnknownFilter(String),
}
