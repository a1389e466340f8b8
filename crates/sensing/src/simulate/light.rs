//! Sunlight through clear air on a fine wavelength grid of the simulator's own.
//!
//! ```text
//! E(λ) = sun(λ) cosθ exp(−Σ_g σ_g(λ) N_g (1/cosθ + f_g/cosφ) − τ(λ) (1/cosθ + f/cosφ)) / π
//! ```
//!
//! is the radiance a white ground shows at the sensor: `N_g` vertical columns of the gases, `f_g`
//! the share of each below the sensor, `τ` scattering out of the beam, `θ` sun and `φ` view zenith.
//! Water, CO₂, N₂O and CO are tabulated at 2 cm⁻¹, coarser than their lines, so their depth `u` is
//! bent by Malkmus' narrow-band model,
//!
//! ```text
//! τ(u) = (πβ/2) (√(1 + 4u/πβ) − 1),
//! ```
//!
//! with `β` 0.04 for water and 0.1 for the others, fitted to the libRadtran transmittances that
//! come with isofit (1,000 to 2,500 nm, 9 nm means, deviation 0.055). Methane is tabulated line
//! by line. Below 1,000 nm the depths of all gases are tabulated at 1 nm. One temperature and
//! pressure stand for the whole air; light scattered twice is left out.
//!
//! Malkmus (1967), J. Opt. Soc. Am. 57, 323.

use cathartes_core::{
    gas::CrossSection,
    scenery::Scenery,
    units::{Nanometres, PerCm},
};

use super::recipe::{Air, View};

/// Wavelength below which the air is tabulated, nm.
const TABLE_END_NM: f64 = 1000.0;
/// Grid steps, nm: below and above `FINE_FROM_NM`. 0.04 nm is 0.08 cm⁻¹ at 2,300 nm.
const COARSE_NM: f64 = 0.1;
const FINE_NM: f64 = 0.04;
const FINE_FROM_NM: f64 = 1590.0;
/// Molecules cm⁻² of 1 cm of precipitable water.
const WATER_PER_CM: f64 = 3.343e22;
/// Molecules cm⁻² of all air over sea level.
const AIR_COLUMN: f64 = 2.154e25;
/// Mean width over spacing of unresolved lines, fitted.
const BETA_WATER: f64 = 0.04;
const BETA_MIXED: f64 = 0.1;
/// Scale heights of water and of well-mixed gases, m.
const WATER_SCALE_M: f64 = 2000.0;
const AIR_SCALE_M: f64 = 8000.0;

/// Light on the fine grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Light {
    /// Wavelengths, nm, rising.
    pub(super) nm: Vec<f64>,
    /// Radiance of a white ground, uW cm⁻² nm⁻¹ sr⁻¹.
    pub(super) white: Vec<f64>,
    /// The same with a tenth less and a tenth more water.
    pub(super) drier: Vec<f64>,
    pub(super) wetter: Vec<f64>,
    /// The same with five hundredths more of every other gas.
    pub(super) denser: Vec<f64>,
    /// Radiance scattered into the sensor without touching the ground.
    pub(super) path: Vec<f64>,
}

/// The fine grid over a range.
fn grid(low: f64, high: f64) -> Vec<f64> {
    let coarse = (0..).map(|i| low + COARSE_NM * f64::from(i)).take_while(|&l| l < FINE_FROM_NM);
    let start = low.max(FINE_FROM_NM);
    let fine = (0..).map(|i| start + FINE_NM * f64::from(i));
    coarse.take_while(|&l| l <= high).chain(fine.take_while(|&l| l <= high)).collect()
}

/// Cross-section on the grid; gaps in the tabulation count as no absorption, which the caller has
/// to allow.
pub(super) fn on_grid(gas: &CrossSection, nm: &[f64]) -> Vec<f64> {
    nm.iter().map(|&l| gas.at(PerCm(1e7 / l)).unwrap_or(0.0).max(0.0)).collect()
}

/// What stands in the beam: depths along the whole way at each wavelength. `banded` are means over
/// unresolved lines.
struct Depths {
    water: Vec<f64>,
    banded: Vec<f64>,
    lines: Vec<f64>,
    scatter: Vec<f64>,
}

/// Depth of a mean over unresolved lines.
fn malkmus(u: f64, beta: f64) -> f64 {
    let b = std::f64::consts::PI * beta;
    0.5 * b * ((1.0 + 4.0 * u / b).sqrt() - 1.0)
}

impl Light {
    pub(super) fn new(
        scenery: &Scenery,
        gases: &[CrossSection],
        (air, view): (&Air, &View),
        altitude_m: f64,
        range_nm: [f64; 2],
    ) -> Self {
        let nm = grid(range_nm[0], range_nm[1]);
        let cos = view.sun_zenith_deg.to_radians().cos();
        let depths = Depths::new(scenery, gases, (air, view), altitude_m, &nm);
        let sun: Vec<f64> = nm
            .iter()
            .map(|&l| scenery.sun.at(Nanometres(l)) * cos / std::f64::consts::PI)
            .collect();
        let lit = |water: f64, mixed: f64| -> Vec<f64> {
            (0..nm.len())
                .map(|i| {
                    let tabulated = nm[i] < TABLE_END_NM;
                    let w = water * depths.water[i];
                    let w = if tabulated { w } else { malkmus(w, BETA_WATER) };
                    let m = malkmus(mixed * depths.banded[i], BETA_MIXED);
                    sun[i] * (-w - m - mixed * depths.lines[i] - depths.scatter[i]).exp()
                })
                .collect()
        };
        // The table holds for 2 km of air below the sensor and an aerosol depth of 0.1.
        let below = (1.0 - (-altitude_m / AIR_SCALE_M).exp()) / 0.221;
        let haze = 0.5 + 5.0 * air.aerosol_depth;
        let path = nm
            .iter()
            .zip(&sun)
            .map(|(&l, s)| s * scenery.path_reflectance.at(Nanometres(l)) * below * haze)
            .collect();
        Self {
            white: lit(1.0, 1.0),
            drier: lit(0.9, 1.0),
            wetter: lit(1.1, 1.0),
            denser: lit(1.0, 1.05),
            path,
            nm,
        }
    }
}

impl Depths {
    fn new(
        scenery: &Scenery,
        gases: &[CrossSection],
        (air, view): (&Air, &View),
        altitude_m: f64,
        nm: &[f64],
    ) -> Self {
        let (down, up) = (
            1.0 / view.sun_zenith_deg.to_radians().cos(),
            1.0 / view.view_zenith_deg.to_radians().cos(),
        );
        let way = |scale_m: f64| down + up * (1.0 - (-altitude_m / scale_m).exp());
        let sigma = |slug: &str| {
            let gas = gases.iter().find(|g| g.gas.slug == slug);
            gas.map_or_else(|| vec![0.0; nm.len()], |g| on_grid(g, nm))
        };
        let column = |slug: &str, ppm: f64| {
            let n = ppm * 1e-6 * AIR_COLUMN * way(AIR_SCALE_M);
            sigma(slug).into_iter().map(move |s| s * n).collect::<Vec<f64>>()
        };
        let lines = column("ch4", air.ch4_ppm);
        let banded =
            [column("co2", air.co2_ppm), column("n2o", air.n2o_ppm), column("co", air.co_ppm)];
        let water = sigma("h2o");
        let dry_end = scenery.dry_depth.at(Nanometres(TABLE_END_NM));
        let mut depths = Self { water: vec![], banded: vec![], lines: vec![], scatter: vec![] };
        for (i, &l) in nm.iter().enumerate() {
            if l < TABLE_END_NM {
                let w = scenery.water_depth_per_cm.at(Nanometres(l)) * air.water_cm;
                depths.water.push(w * way(WATER_SCALE_M));
                depths.banded.push(0.0);
                depths.lines.push(0.0);
                depths.scatter.push(scenery.dry_depth.at(Nanometres(l)) * way(AIR_SCALE_M));
            } else {
                let w = water[i] * air.water_cm * WATER_PER_CM;
                depths.water.push(w * way(WATER_SCALE_M));
                depths.banded.push(banded.iter().map(|m| m[i]).sum());
                depths.lines.push(lines[i]);
                let thin = (l / TABLE_END_NM).powf(-1.6) * (0.5 + 5.0 * air.aerosol_depth);
                depths.scatter.push(dry_end * thin * way(AIR_SCALE_M));
            }
        }
        depths
    }
}
