//! Units of spectral radiance, and what one is in another.
//!
//! ```text
//! 1 uW cm⁻² sr⁻¹ nm⁻¹ = 10 W m⁻² sr⁻¹ µm⁻¹
//! L_λ = L_ν ν²/10⁴,   ν = 10⁷/λ    (L_λ per µm, L_ν per cm⁻¹, ν in cm⁻¹, λ in nm)
//! ```
//!
//! because the same light lies in dλ = 10⁴ dν/ν² µm. Files name the unit in many spellings;
//! [`RadianceUnit::read`] knows those of imagers of reflected and of thermal light, and nothing is
//! guessed from the numbers.

use serde::{Deserialize, Serialize};

use crate::units::Nanometres;

/// What a number of spectral radiance is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RadianceUnit {
    /// W m⁻² sr⁻¹ µm⁻¹: the one thermal work is done in.
    WattPerUm,
    /// uW cm⁻² sr⁻¹ nm⁻¹: imagers of reflected light.
    MicroWattPerNm,
    /// W cm⁻² sr⁻¹ µm⁻¹.
    WattPerCm2Um,
    /// mW m⁻² sr⁻¹ (cm⁻¹)⁻¹: sounders of the sky.
    MilliWattPerWavenumber,
    /// W m⁻² sr⁻¹ (cm⁻¹)⁻¹.
    WattPerWavenumber,
    /// W cm⁻² sr⁻¹ (cm⁻¹)⁻¹: Fourier transform imagers.
    WattPerCm2Wavenumber,
}

/// Words of units and what they are shortened to, longer words first.
const SPELLINGS: [(&str, &str); 15] = [
    ("micrometers", "um"),
    ("micrometres", "um"),
    ("micrometer", "um"),
    ("micrometre", "um"),
    ("microns", "um"),
    ("micron", "um"),
    ("micro", "u"),
    ("nanometers", "nm"),
    ("nanometer", "nm"),
    ("watts", "w"),
    ("watt", "w"),
    ("µ", "u"),
    ("μ", "u"),
    ("¹", "1"),
    ("²", "2"),
];

impl RadianceUnit {
    /// The unit a text names, or none. Case, blanks, brackets and the order of the parts do not
    /// matter; powers may be written `m-2`, `m^-2` or `/m2`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut text = text.to_lowercase();
        for (long, short) in SPELLINGS {
            text = text.replace(long, short);
        }
        let flat: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let power = &flat[..flat.find('w')?];
        let (area_cm, wavenumber) = (flat.contains("cm2"), flat.contains("cm1"));
        let per = |name: &str| flat.contains(name);
        match (power, area_cm, wavenumber) {
            ("", false, false) if per("um") => Some(Self::WattPerUm),
            ("", true, false) if per("um") => Some(Self::WattPerCm2Um),
            ("u", true, false) if per("nm") => Some(Self::MicroWattPerNm),
            ("m", false, true) => Some(Self::MilliWattPerWavenumber),
            ("", false, true) => Some(Self::WattPerWavenumber),
            ("", true, true) => Some(Self::WattPerCm2Wavenumber),
            _ => None,
        }
    }

    /// How the unit is written in files of ours.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::WattPerUm => "W m-2 sr-1 um-1",
            Self::MicroWattPerNm => "uW cm-2 nm-1 sr-1",
            Self::WattPerCm2Um => "W cm-2 sr-1 um-1",
            Self::MilliWattPerWavenumber => "mW m-2 sr-1 (cm-1)-1",
            Self::WattPerWavenumber => "W m-2 sr-1 (cm-1)-1",
            Self::WattPerCm2Wavenumber => "W cm-2 sr-1 (cm-1)-1",
        }
    }

    /// Factor from this unit to W m⁻² sr⁻¹ µm⁻¹ at a wavelength.
    #[must_use]
    pub fn per_um_factor(self, at: Nanometres) -> f64 {
        let per_cm = at.to_per_cm().0;
        let wavenumber = per_cm * per_cm / 1e4;
        match self {
            Self::WattPerUm => 1.0,
            Self::MicroWattPerNm => 10.0,
            Self::WattPerCm2Um => 1e4,
            Self::MilliWattPerWavenumber => 1e-3 * wavenumber,
            Self::WattPerWavenumber => wavenumber,
            Self::WattPerCm2Wavenumber => 1e4 * wavenumber,
        }
    }
}

#[cfg(test)]
mod tests;
