//! Air in layers: how it dims the ground's heat, what it sends up to the sensor and down to the
//! ground.
//!
//! ```text
//! τ(ν) = exp(−Σ_i k_i a),   P = Σ_i B(T_i) (1 − e^(−k_i a)) Π_above e^(−k_j a),
//! S = Σ_i B(T_i) (1 − e^(−1.66 k_i)) Π_below e^(−1.66 k_j)
//! ```
//!
//! `k_i` vertical depth of a layer, `a` = 1/cos(view zenith), 1.66 the slant that stands for the
//! hemisphere (Elsasser). Water falls off with 2 km, carbon dioxide, methane and nitrous oxide with
//! 8 km, ozone lies in a bell around 22 km (deviation 4.5 km) over 40 ppb at the ground. The air is
//! 6.5 K per km colder with height down to 217 K. Between the lines water absorbs by
//!
//! ```text
//! k = (4.18 + 5578 e^(−0.00787 ν)) (p_w + 0.002 (p − p_w)) e^(1800 (1/T − 1/296))
//! ```
//!
//! per g cm⁻², pressures in atm (Roberts, Selby and Biberman 1976, Appl. Opt. 15, 2085). Lines are
//! those of the library at one temperature and pressure, in cells wider than themselves; so the depth
//! `u` of water, of ozone and of the mixed gases over a whole path is bent by Malkmus' narrow-band
//! model, `(πβ/2)(√(1 + 4u/πβ) − 1)` with `β = 0.3`, and the sums above are over its differences.
//! Against MODTRAN channel tables from space (7.5 to 12 µm, 30 nm, 1 and 2 g cm⁻² of water) the
//! transmittance then is within 0.045 and 0.040 (one deviation), 0.09 and 0.08 without; `β` was fitted
//! there.

use cathartes_core::gas::CrossSection;

use crate::simulate::{
    light::on_grid,
    recipe::{Recipe, ThermalChoice},
};

/// Spacing of the grid, cm⁻¹; the library has 0.1 to 0.4.
const GRID_PER_CM: f64 = 0.1;
const WATER_SCALE_M: f64 = 2000.0;
const AIR_SCALE_M: f64 = 8000.0;
/// Molecules cm⁻² of all air over sea level, of 1 cm of water, of 1 Dobson unit.
const AIR_COLUMN: f64 = 2.154e25;
const WATER_PER_CM: f64 = 3.343e22;
const OZONE_PER_DU: f64 = 2.687e16;
const SKY_SLANT: f64 = 1.66;
/// Mean width over spacing of unresolved lines.
const BETA: f64 = 0.3;
/// Layers below the sensor, and above it up to 60 km.
const BELOW: usize = 12;
const ABOVE: usize = 24;
const TOP_M: f64 = 60_000.0;

/// Planck's radiance, W m⁻² sr⁻¹ µm⁻¹, at a wavenumber in cm⁻¹.
pub(super) fn planck(per_cm: f64, kelvin: f64) -> f64 {
    // 2hc² in W m⁻² sr⁻¹ (cm⁻¹)⁻⁴ and hc/k in cm K; a cm⁻¹ is 10⁴/ν² µm.
    1.191_042_972e-8 * per_cm.powi(5) / 1e4 / ((1.438_776_877 * per_cm / kelvin).exp() - 1.0)
}

/// Light on the grid.
#[derive(Debug, Clone)]
pub(super) struct Layers {
    /// Rising, cm⁻¹.
    pub(super) per_cm: Vec<f64>,
    /// Transmittance from the ground to the sensor.
    pub(super) through: Vec<f64>,
    /// Radiance of the sky, as much as arrives at the sensor from ground that reflects all of it.
    pub(super) sky_through: Vec<f64>,
    /// Emission of the path.
    pub(super) path: Vec<f64>,
}

/// One layer: temperature, and what stands in it.
struct Layer {
    kelvin: f64,
    /// Molecules cm⁻² of water, ozone, carbon dioxide, methane and nitrous oxide.
    molecules: [f64; 5],
    /// Depth of the continuum over its spectral shape.
    continuum: f64,
}

impl Layer {
    fn between(
        from_m: f64,
        to_m: f64,
        water: f64,
        (recipe, thermal): (&Recipe, &ThermalChoice),
    ) -> Self {
        let share = |scale_m: f64| (-from_m / scale_m).exp() - (-to_m / scale_m).exp();
        let middle = f64::midpoint(from_m, to_m);
        let kelvin = (thermal.air_k - 0.0065 * middle).max(217.0);
        let water_cm = recipe.air.water_cm * water * share(WATER_SCALE_M);
        let mixed = AIR_COLUMN * share(AIR_SCALE_M) * 1e-6;
        let pressure = (-middle / AIR_SCALE_M).exp();
        // g m⁻³, and by the gas law of water 4.555e-6 atm for each of them and each K.
        let density = water_cm / (to_m - from_m) * 1e4;
        let vapour = density * kelvin * 4.555e-6;
        let effective = vapour + 0.002 * (pressure - vapour);
        let bell = |m: f64| logistic((m - 22_000.0) / 2_480.0);
        let ozone = thermal.ozone_du * OZONE_PER_DU * (bell(to_m) - bell(from_m)) + 0.04 * mixed;
        let air = &recipe.air;
        Self {
            kelvin,
            molecules: [
                water_cm * WATER_PER_CM,
                ozone,
                air.co2_ppm * mixed,
                air.ch4_ppm * mixed,
                air.n2o_ppm * mixed,
            ],
            continuum: water_cm * effective * (1800.0 * (1.0 / kelvin - 1.0 / 296.0)).exp(),
        }
    }

    /// What the layer is at a point of the grid.
    fn slab(&self, nu: f64, sigma: &[f64; 5]) -> Slab {
        let [water, ozone, co2, ch4, n2o] = std::array::from_fn(|g| self.molecules[g] * sigma[g]);
        Slab {
            lines: [water, ozone, co2 + ch4 + n2o],
            smooth: self.continuum * (4.18 + 5578.0 * (-0.00787 * nu).exp()),
            body: planck(nu, self.kelvin),
        }
    }
}

/// A layer at one point of the grid: vertical depths, and the radiance of a black body as warm.
struct Slab {
    /// Of water, ozone and mixed gases, where the lines are not resolved.
    lines: [f64; 3],
    smooth: f64,
    body: f64,
}

/// Depth of a mean over unresolved lines.
fn malkmus(u: f64) -> f64 {
    let b = std::f64::consts::PI * BETA;
    0.5 * b * ((1.0 + 4.0 * u / b).sqrt() - 1.0)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

impl Layers {
    /// The air over a range of wavenumbers, with its water times a factor.
    pub(super) fn new(
        recipe: &Recipe,
        thermal: &ThermalChoice,
        library: &[CrossSection],
        (low, high): (f64, f64),
        water: f64,
    ) -> Self {
        let count = ((high - low) / GRID_PER_CM).ceil() as usize + 1;
        let per_cm: Vec<f64> = (0..count).map(|i| low + GRID_PER_CM * i as f64).collect();
        let nm: Vec<f64> = per_cm.iter().map(|nu| 1e7 / nu).collect();
        let sigma = ["h2o", "o3", "co2", "ch4", "n2o"].map(|slug| {
            let gas = library.iter().find(|g| g.gas.slug == slug);
            gas.map_or_else(|| vec![0.0; nm.len()], |g| on_grid(g, &nm))
        });
        let altitude = recipe.instrument.altitude_m.min(TOP_M);
        let layer = |from, to| Layer::between(from, to, water, (recipe, thermal));
        let below: Vec<Layer> = stack(0.0, altitude, BELOW).map(|(a, b)| layer(a, b)).collect();
        let above: Vec<Layer> =
            stack(altitude, TOP_M.max(altitude + 1.0), ABOVE).map(|(a, b)| layer(a, b)).collect();
        let slant = recipe.view.view_zenith_deg.to_radians().cos().recip();
        let mut air = Self {
            through: Vec::with_capacity(count),
            sky_through: Vec::with_capacity(count),
            path: Vec::with_capacity(count),
            per_cm,
        };
        for i in 0..count {
            let nu = air.per_cm[i];
            let sigma = [0, 1, 2, 3, 4].map(|g| sigma[g][i]);
            let slabs = |layers: &[Layer]| -> Vec<Slab> {
                layers.iter().map(|l| l.slab(nu, &sigma)).collect()
            };
            let (low, high) = (slabs(&below), slabs(&above));
            let (path, through) = seen(low.iter().rev(), slant);
            let (sky, _) = seen(low.iter().chain(&high), SKY_SLANT);
            air.path.push(path);
            air.through.push(through);
            air.sky_through.push(sky * through);
        }
        air
    }

    pub(super) fn wavelengths_nm(&self) -> Vec<f64> {
        self.per_cm.iter().map(|nu| 1e7 / nu).collect()
    }
}

/// Emission and transmittance of layers as seen by an eye before the first of them.
fn seen<'l>(slabs: impl Iterator<Item = &'l Slab>, slant: f64) -> (f64, f64) {
    let (mut light, mut through) = (0.0, 1.0);
    let (mut lines, mut smooth) = ([0.0; 3], 0.0);
    for slab in slabs {
        for (sum, depth) in lines.iter_mut().zip(&slab.lines) {
            *sum += slant * depth;
        }
        smooth += slant * slab.smooth;
        let left = (-lines.iter().map(|&u| malkmus(u)).sum::<f64>() - smooth).exp();
        light += slab.body * (through - left);
        through = left;
    }
    (light, through)
}

/// Cuts a height into layers that thicken upwards.
fn stack(from_m: f64, to_m: f64, count: usize) -> impl Iterator<Item = (f64, f64)> {
    let edge = move |k: usize| from_m + (to_m - from_m) * (k as f64 / count as f64).powf(1.6);
    (0..count).map(move |k| (edge(k), edge(k + 1)))
}
