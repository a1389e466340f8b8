//! The air of one path for the bands of an instrument, from a table made for other bands.
//!
//! A table gives means over channels of width `w`. A band of width `W` wider than that sees the mean of
//! channels under a Gaussian of width `√(W² − w²)`, because Gaussians add their widths in squares;
//! a band that is narrower, or no wider than a third of the channels' spacing, gets the value between
//! the two channels next to it. Means of transmittance and of radiance are taken one by one, so
//! `<τ S>` is not resampled as such; the error is that of the table's own channels.
//!
//! Where it stops being true: bands much narrower than the channels show lines the table has lost.

use cathartes_core::{air::Air, spectrum::Band};

/// Bands may reach past the ends of a table by this many of its channels.
const BEYOND: f64 = 1.0;

/// Why a table does not serve an instrument.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AirError {
    /// Fewer than two channels, or channels that do not rise.
    #[error("the table of air has {channels} channels in rising order; two at least are needed")]
    Short {
        /// How many rise.
        channels: usize,
    },
    /// A band the table does not reach.
    #[error(
        "band {band} (from 0) at {center_nm:.1} nm lies outside the table of air, which goes from \
         {low_nm:.1} to {high_nm:.1} nm; choose other bands or another table"
    )]
    Outside {
        /// Its place in the list.
        band: usize,
        /// Its centre.
        center_nm: f64,
        /// First centre of the table.
        low_nm: f64,
        /// Last centre.
        high_nm: f64,
    },
}

/// The air in other bands.
///
/// # Errors
///
/// [`AirError`] when the table is none or does not reach a band.
pub fn resample(air: &Air, bands: &[Band]) -> Result<Air, AirError> {
    let centres: Vec<f64> = air.bands.iter().map(|b| b.center.0).collect();
    let rising = centres.windows(2).take_while(|pair| pair[1] > pair[0]).count() + 1;
    if rising < centres.len() || centres.len() < 2 {
        return Err(AirError::Short { channels: rising.min(centres.len()) });
    }
    let weights: Vec<Weights> = bands
        .iter()
        .enumerate()
        .map(|(at, band)| Weights::new(at, band, &air.bands, &centres))
        .collect::<Result<_, _>>()?;
    let all = |values: &[f64]| weights.iter().map(|w| w.mean(values)).collect::<Vec<f64>>();
    Ok(Air {
        bands: bands.to_vec(),
        transmittance: all(&air.transmittance),
        path_radiance: all(&air.path_radiance),
        sky_radiance: air.sky_radiance.as_deref().map(all),
        provenance: air.provenance.clone(),
    })
}

/// The air of some of the bands, by their places in the list.
#[must_use]
pub fn select(air: &Air, kept: &[usize]) -> Air {
    let some = |values: &[f64]| kept.iter().map(|&i| values[i]).collect::<Vec<f64>>();
    Air {
        bands: kept.iter().map(|&i| air.bands[i]).collect(),
        transmittance: some(&air.transmittance),
        path_radiance: some(&air.path_radiance),
        sky_radiance: air.sky_radiance.as_deref().map(some),
        provenance: air.provenance.clone(),
    }
}

/// First channel and the weights from it on, which add up to one.
struct Weights(usize, Vec<f64>);

impl Weights {
    fn new(at: usize, band: &Band, table: &[Band], centres: &[f64]) -> Result<Self, AirError> {
        let (last, center) = (centres.len() - 1, band.center.0);
        let beyond = BEYOND * (centres[1] - centres[0]).max(centres[last] - centres[last - 1]);
        if !(centres[0] - beyond..=centres[last] + beyond).contains(&center) {
            let (low_nm, high_nm) = (centres[0], centres[last]);
            return Err(AirError::Outside { band: at, center_nm: center, low_nm, high_nm });
        }
        let above = centres.partition_point(|&c| c < center).clamp(1, last);
        let spacing = centres[above] - centres[above - 1];
        let own = table[above - 1].fwhm.0;
        let width = (band.fwhm.0.powi(2) - own.powi(2)).max(0.0).sqrt();
        if width < spacing / 3.0 {
            let between = ((center - centres[above - 1]) / spacing).clamp(0.0, 1.0);
            return Ok(Self(above - 1, vec![1.0 - between, between]));
        }
        let reach = 2.0 * width + spacing;
        let first = centres.partition_point(|&c| c < center - reach);
        let end = centres.partition_point(|&c| c <= center + reach);
        let gap = |i: usize| centres[(i + 1).min(last)] - centres[i.saturating_sub(1)];
        let k = 4.0 * std::f64::consts::LN_2 / (width * width);
        let mut weights: Vec<f64> =
            (first..end).map(|i| (-k * (centres[i] - center).powi(2)).exp() * gap(i)).collect();
        let sum: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= sum;
        }
        Ok(Self(first, weights))
    }

    fn mean(&self, values: &[f64]) -> f64 {
        self.1.iter().zip(&values[self.0..]).map(|(w, v)| w * v).sum()
    }
}

#[cfg(test)]
pub(crate) mod tests;
