//! Which bands a search reads: the gas's window, and around it the wider neighbourhood that knows
//! the ground.

use std::ops::RangeInclusive;

use anyhow::ensure;
use cathartes_core::{cube::CubeInfo, gas::CrossSection, spectrum::Band, units::Nanometres};
use cathartes_sensing::signature;

/// Where the ground shows between the water bands, nm.
const WIDE_NM: [RangeInclusive<f64>; 2] = [1500.0..=1790.0, 1950.0..=2488.0];
/// Neighbours averaged into one wide band: the ground is smooth over 20 nm, the gas need not be.
const BINNED: usize = 4;
/// Pixels a band below which a scene is too small for passes without the plume.
const LITTLE_GROUND: usize = 60;
/// Pixels a band that a covariance needs at least.
const FEWEST_PIXELS: usize = 4;
/// Where water vapour leaves no light to search in, nm.
const OPAQUE_NM: [RangeInclusive<f64>; 2] = [1340.0..=1450.0, 1790.0..=1950.0];

/// Bands of the cube to be made, each the mean of some bands of the image.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BandPlan {
    /// Indices into the image's bands; the window first, by rising wavelength.
    pub(crate) groups: Vec<Vec<usize>>,
    /// How many of them are the window.
    pub(crate) window: usize,
    /// What was chosen, in words.
    pub(crate) notes: Vec<String>,
}

impl BandPlan {
    /// Chooses the good, tabulated bands of a window, and of its wider neighbourhood if `wide`.
    pub(crate) fn choose(
        info: &CubeInfo,
        gas: &CrossSection,
        window: Option<&RangeInclusive<f64>>,
        wide: bool,
    ) -> anyhow::Result<Self> {
        let usable = usable(info, gas)?;
        let window = window.cloned().or_else(|| usual_window(&gas.gas.slug));
        let window = match window {
            Some(window) => window,
            None => strongest(info, gas, &usable)?,
        };
        let center = |&i: &usize| info.bands[i].center.0;
        let inside: Vec<usize> =
            usable.iter().copied().filter(|i| window.contains(&center(i))).collect();
        let (low, high) = (window.start(), window.end());
        ensure!(
            inside.len() >= 4,
            "the window {low:.0}-{high:.0} nm holds {} good bands in which {} is tabulated, too few \
             to tell it from ground; choose another by --window LOW:HIGH",
            inside.len(),
            gas.gas.slug
        );
        let mut plan = Self {
            notes: vec![format!("window {low:.0}-{high:.0} nm, {} bands", inside.len())],
            window: inside.len(),
            groups: inside.into_iter().map(|i| vec![i]).collect(),
        };
        let pixels = info.lines * info.samples;
        if info.lines > 0 {
            plan.coarsen(pixels);
        }
        if plan.is_little_ground(pixels) {
            plan.notes
                .push(format!("{pixels} pixels are little ground: one covariance for all of them"));
        } else if wide {
            plan.widen(info, &usable, &window);
        }
        Ok(plan)
    }

    fn widen(&mut self, info: &CubeInfo, usable: &[usize], window: &RangeInclusive<f64>) {
        for range in &WIDE_NM {
            let outside: Vec<usize> = usable
                .iter()
                .copied()
                .filter(|&i| range.contains(&info.bands[i].center.0))
                .filter(|&i| !window.contains(&info.bands[i].center.0))
                .collect();
            self.groups.extend(outside.chunks_exact(BINNED).map(<[usize]>::to_vec));
        }
        let added = self.groups.len() - self.window;
        if added > 0 {
            self.notes.push(format!(
                "{added} wider bands, each the mean of {BINNED} neighbours, know the ground"
            ));
        }
    }

    /// Whether a scene is too small to know its ground in so many bands apart from what it takes
    /// for plume: then nothing is left out of the statistics, and no wider bands join.
    pub(crate) fn is_little_ground(&self, pixels: usize) -> bool {
        pixels < LITTLE_GROUND * self.window
    }

    /// Averages neighbours of the window until there are enough pixels for each of its bands.
    fn coarsen(&mut self, pixels: usize) {
        let bins = (FEWEST_PIXELS * self.window).div_ceil(pixels.max(1));
        if bins < 2 || self.window < 8 {
            return;
        }
        let bins = bins.min(self.window / 8).max(2);
        self.groups = self.groups[..self.window].chunks(bins).map(<[Vec<usize>]>::concat).collect();
        self.window = self.groups.len();
        self.notes.push(format!(
            "{pixels} pixels are few: {bins} neighbouring bands averaged into one, {} left",
            self.window
        ));
    }

    /// The bands of the cube.
    pub(crate) fn bands(&self, info: &CubeInfo) -> Vec<Band> {
        self.groups.iter().map(|group| mean_band(info, group)).collect()
    }

    /// Every band of the image that is read, in the order of the groups.
    pub(crate) fn read(&self) -> Vec<usize> {
        self.groups.concat()
    }
}

/// A group as one band: the spread of its centres widens the response.
fn mean_band(info: &CubeInfo, group: &[usize]) -> Band {
    let n = group.len() as f64;
    let of = |value: &dyn Fn(&Band) -> f64| {
        group.iter().map(|&i| value(&info.bands[i])).sum::<f64>() / n
    };
    let center = of(&|band| band.center.0);
    // Variance of a Gaussian of fwhm w: w² / (8 ln 2); variances add.
    let variance = of(&|band| (band.center.0 - center).powi(2)) * 8.0 * std::f64::consts::LN_2;
    let fwhm = (of(&|band| band.fwhm.0.powi(2)) + variance).sqrt();
    Band { center: Nanometres(center), fwhm: Nanometres(fwhm) }
}

/// Good bands in which the gas is tabulated, by rising wavelength.
fn usable(info: &CubeInfo, gas: &CrossSection) -> anyhow::Result<Vec<usize>> {
    let covered = signature::covered(gas, &info.bands)?;
    let mut usable: Vec<usize> =
        (0..info.bands.len()).filter(|&i| info.good[i] && covered[i]).collect();
    usable.sort_by(|&a, &b| info.bands[a].center.0.total_cmp(&info.bands[b].center.0));
    Ok(usable)
}

/// Windows in use for the gases people search most.
fn usual_window(gas: &str) -> Option<RangeInclusive<f64>> {
    match gas {
        "ch4" => Some(2122.0..=2488.0),
        "co2" => Some(1960.0..=2140.0),
        "nh3" => Some(1960.0..=2400.0),
        "n2o" => Some(2080.0..=2330.0),
        "co" => Some(2270.0..=2420.0),
        _ => None,
    }
}

/// For other gases: 100 nm either side of the band that absorbs most, where there is light.
fn strongest(
    info: &CubeInfo,
    gas: &CrossSection,
    usable: &[usize],
) -> anyhow::Result<RangeInclusive<f64>> {
    let lit: Vec<Band> = usable
        .iter()
        .map(|&i| info.bands[i])
        .filter(|band| !OPAQUE_NM.iter().any(|dark| dark.contains(&band.center.0)))
        .collect();
    let zero = cathartes_core::units::Degrees(0.0);
    let slant = signature::Slant { sun_zenith: zero, view_zenith: zero };
    let absorbs = signature::signature(gas, &lit, slant)?.unit_per_ppmm;
    let best = lit.iter().zip(&absorbs).min_by(|a, b| a.1.total_cmp(b.1));
    let (band, _) = best.ok_or_else(|| {
        anyhow::anyhow!("{} is tabulated in none of the image's good bands", gas.gas.slug)
    })?;
    Ok(band.center.0 - 100.0..=band.center.0 + 100.0)
}

#[cfg(test)]
mod tests;
