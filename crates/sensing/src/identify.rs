//! Which gases a plume holds, and how sure that is.
//!
//! The mean spectrum of the plume over its ground, in units in which ground has unit covariance
//! (`seen`), is explained by subsets S of the library, at most [`Beliefs::most_gases`] at once:
//!
//! ```text
//! z = Σ_{g∈S} ( a_g h_g + misfit_g ) + surface + noise,     noise ~ N(0, τ I)
//! ```
//!
//! `h_g` is what 1 ppm m K of gas g does to z. Everything on the right is normal given a few scales,
//! so the evidence of each subset is analytic (`look_alike::evidence`); over the scales it is summed:
//!
//! | part | prior |
//! |---|---|
//! | strength `a_g` | normal, deviation r over the length of `h_g`; r, a signal-to-noise ratio, one of 4, 8 … 512, equally likely as long as it takes less than 30,000 ppm m K (water vapour, carbon dioxide and ozone, of which all air has more, any); all gases of a plume have one sign, that of the contrast |
//! | misfit of g | r times 5 % of `h_g` band by band, independent, and 7 % over cosines no narrower than a fifth of the spectrum: tabulated shapes and the air in between are never exact |
//! | surface | ten cosines of relative radiance, absent with 0.6, else of deviation 0.1, 0.3, 1 or 3 % |
//! | a gas unlisted | as rough as the library's shapes are in the mean, anywhere: cosines with their mean power, of any r; there with 0.05 beside listed gases, with 0.5 without any |
//! | τ | 0.8 to 4: the ground under the plume is not quite the ground that was learnt |
//! | S | nothing listed with [`Beliefs::none_probability`], else 1, 2, … gases with 0.45, 0.25, 0.15, 0.1, 0.05; subsets of one size equally likely |
//!
//! The rival that nobody listed is what keeps a name from being given for want of another: its explanation
//! is poorer than that of a gas tabulated, so it wins only where the tables fit badly.
//!
//! Misfit is tied to r and not to `a_g`: r follows it within a factor of two, and so everything stays
//! linear. Bands beyond a gas's ten strongest share their misfit evenly. The sum over scales is taken
//! around the best ones, one scale at a time (`model`). Subsets are searched by beam: all single gases,
//! then the best few grown by what their residual asks for (`beam`).
//!
//! The probability of a gas is the sum over the subsets that hold it, evidence raised to
//! [`Beliefs::tempering_exponent`] first: ground is not normal, and this is how sure one may be of
//! it, measured on simulated plumes of developing seeds (docs/validation/identify.md). Gases whose
//! exchange the instrument would not notice at the strength found are grouped (`alike`).
//!
//! Where it stops being true: thick plumes, whose shape bends; gases of one plume at different
//! temperatures; gases that show only at the edge of the range, where any wing resembles another. A gas
//! that is not in the library is still given the name of another in more than one plume of four.
//!
//! `MacKay` (1992), Neural Comput. 4, 415 (evidence); Raftery, Madigan & Hoeting (1997), J. Am. Stat. Assoc.
//! 92, 179 (averaging over models); Burr & Hengartner (2006), Sensors 6, 1721 (gas libraries).

mod alike;
mod beam;
mod dictionary;
mod model;
mod report;
mod seen;
mod shown;
mod smallest;

use cathartes_core::identification::Identification;

use crate::bank::{Bank, Target};
use dictionary::Dictionary;
pub use seen::{Lens, PlumePixels, look};
pub use shown::shown;

/// What is believed before anything is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beliefs {
    /// Probability that a plume is nothing of the library.
    pub none_probability: f64,
    /// Most gases of one plume.
    pub most_gases: usize,
    /// To what power evidence counts.
    pub tempering_exponent: f64,
}

impl Default for Beliefs {
    fn default() -> Self {
        Self { none_probability: 0.1, most_gases: 5, tempering_exponent: 0.8 }
    }
}

/// Why a plume cannot be identified.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IdentifyError {
    /// A target without effect in whitened units, or of other bands.
    #[error(
        "the target of `{gas}` does not fit the {bands} bands of the plume's spectrum: make it for them, or leave the gas out"
    )]
    BadTarget {
        /// The gas.
        gas: String,
        /// Bands of the spectrum.
        bands: usize,
    },
    /// No gas.
    #[error("no target was given: name at least one gas")]
    NoTarget,
    /// Too little ground without plume.
    #[error(
        "the plume leaves {places} free places of its shape in the scene, {needed} are needed to know what ground does: give a larger scene"
    )]
    NoGround {
        /// Places found.
        places: usize,
        /// Places needed.
        needed: usize,
    },
    /// A plume without usable pixels.
    #[error("no pixel of the plume is usable: look at the masks of the scene")]
    NoPixel,
}

/// A library as seen through one lens.
#[derive(Debug, Clone)]
pub struct Identifier {
    dictionary: Dictionary,
    beliefs: Beliefs,
}

impl Identifier {
    /// Prepares a library.
    ///
    /// # Errors
    ///
    /// [`IdentifyError`] when a target does not fit.
    pub fn new(lens: &Lens, targets: &[Target], beliefs: Beliefs) -> Result<Self, IdentifyError> {
        Ok(Self { dictionary: Dictionary::new(lens, targets)?, beliefs })
    }

    /// Slugs of the gases that are told apart.
    pub fn gases(&self) -> impl Iterator<Item = String> + '_ {
        self.dictionary.gases.iter().map(|gas| gas.slug.clone())
    }

    /// Explains one whitened spectrum, as [`Lens::whitened`] makes it.
    #[must_use]
    pub fn identify(&self, whitened_z: &[f64]) -> Identification {
        self.explain(&self.dictionary.data(whitened_z))
    }

    fn explain(&self, data: &dictionary::Data) -> Identification {
        let models = beam::search(&self.dictionary, data, &self.beliefs);
        report::report(&self.dictionary, &self.beliefs, &models)
    }
}

/// Identifies the gases of one plume of a searched scene.
///
/// # Errors
///
/// [`IdentifyError`] when the plume or its ground cannot be read.
pub fn identify(
    bank: &Bank,
    plume: &PlumePixels,
    beliefs: Beliefs,
    seed: u64,
) -> Result<Identification, IdentifyError> {
    let (lens, whitened) = look(bank, plume, seed)?;
    Ok(Identifier::new(&lens, bank.targets(), beliefs)?.identify(&whitened))
}

#[cfg(test)]
mod tests;
