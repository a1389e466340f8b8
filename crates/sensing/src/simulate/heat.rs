//! Thermal light of one scene: what each detector column sees of warm ground, air, sky and plume.
//!
//! ```text
//! L_b = Σ_i s_i ε_i,b B_b(T_i) X_b t_b + Σ_i s_i (1 − ε_i,b) Y_b u_b + B_b(T_p) X_b (1 − t_b) + P_b
//! ```
//!
//! `s_i`, `ε_i`, `T_i` share, emissivity and temperature of the parts of a pixel, `X` transmittance
//! and `P` emission of the path, `Y` sky radiance as it arrives at the sensor, `t` and `u`
//! transmittance of the plume for either light, `T_p` its temperature, all integrated over the
//! response of the band on the grid of `layers`: `X t` is the mean of path times plume, not the
//! product of two means. Water moves `X`, `Y` and `P` linearly. Left out: the plume's own
//! reflection in the ground, light bounced between roofs and walls, clouds.
//!
//! Grid, Planck sums, responses and air are the simulator's own and stay apart from
//! [`crate::thermal`] and [`crate::signature`].

use cathartes_core::{
    gas::CrossSection,
    scenery::{Instrument, Surface},
    spectrum::Band,
};

use super::{
    columns::Columns,
    ground::{MODES, Mixture},
    optics::MOLECULES_PER_PPMM,
    recipe::Recipe,
};
use emissivity::Emissivities;
use layers::{Layers, planck};
use warmth::Warmth;

mod emissivity;
mod layers;
mod warmth;

/// Half width of the response that is integrated, in FWHM.
const REACH: f64 = 1.8;
/// Smiles the tables are made for.
const NODES: usize = 3;
/// Columns of the plume tables: zero, then from 2 ppm m by this ratio, up to 200,000 ppm m.
const COLUMNS: Columns = Columns { first_ppmm: 2.0, ratio: 1.3, count: 45 };
/// Temperatures of the Planck tables, K: from, step, how many.
const COLDEST: f64 = 200.0;
const STEP: f64 = 0.5;
const TEMPERATURES: usize = 501;

/// Tables by band at one smile.
#[derive(Debug, Clone)]
struct Node {
    /// Transmittance, arriving sky, emission of the path.
    clear: [Vec<f32>; 3],
    /// Their change with a relative change of water.
    water: [Vec<f32>; 3],
    /// By gas: `ln` of the plume's transmittance for ground light and for sky light, by column.
    plumes: Vec<[Vec<f32>; 2]>,
}

/// All tables of a thermal scene.
#[derive(Debug, Clone)]
pub(super) struct Heat {
    bands: usize,
    samples: usize,
    smile_nm: f64,
    nodes: Vec<Node>,
    /// Planck's radiance by temperature and band.
    planck: Vec<f32>,
    emissivities: Emissivities,
    warmth: Warmth,
    plume_k: f64,
    /// The band closest to 10.1 µm, where the air is clearest: contrast is told there.
    clear_band: usize,
}

/// Weights of one response on the grid: first index and weight by index.
type Response = (usize, Vec<f64>);

fn response(per_cm: &[f64], band: &Band, shift: f64) -> Response {
    let (centre, width) = (band.center.0 + shift, band.fwhm.0);
    let (low, high) = (1e7 / (centre + REACH * width), 1e7 / (centre - REACH * width));
    let from = per_cm.partition_point(|&nu| nu < low);
    let to = per_cm.partition_point(|&nu| nu <= high);
    let k = 4.0 * std::f64::consts::LN_2 / (width * width);
    // Equal steps of wavenumber are steps of λ² of wavelength.
    let one = |nu: &f64| (-k * (1e7 / nu - centre).powi(2)).exp() / (nu * nu);
    let mut weights: Vec<f64> = per_cm[from..to].iter().map(one).collect();
    let sum: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= sum;
    }
    (from, weights)
}

fn dot(values: &[f64], response: &Response) -> f64 {
    response.1.iter().zip(&values[response.0..]).map(|(r, v)| r * v).sum()
}

impl Heat {
    pub(super) fn new(
        recipe: &Recipe,
        instrument: &Instrument,
        surfaces: &[Surface],
        library: &[CrossSection],
        plume_gases: &[&CrossSection],
    ) -> Self {
        let thermal = recipe.thermal.clone().unwrap_or_default();
        let bands = &instrument.bands;
        let ends = |sign: f64| {
            bands.iter().map(move |b| 1e7 / (b.center.0 + sign * (2.0 * b.fwhm.0 + 3.0)))
        };
        let (low, high) = (ends(1.0).fold(f64::MAX, f64::min), ends(-1.0).fold(0.0, f64::max));
        let air = |water: f64| Layers::new(recipe, &thermal, library, (low, high), water);
        let (dry, wet) = (air(1.0), air(1.1));
        let smile_nm = recipe.instrument.smile_nm;
        let nodes = (0..NODES).map(|k| {
            let shift = smile_nm * (k as f64 / (NODES - 1) as f64 - 0.5);
            let responses: Vec<Response> =
                bands.iter().map(|b| response(&dry.per_cm, b, shift)).collect();
            Node::new((&dry, &wet), &responses, plume_gases, recipe.view.view_zenith_deg)
        });
        let distance = |b: &Band| (b.center.0 - 10_100.0).abs();
        let clear_band =
            (0..bands.len()).min_by(|&a, &b| distance(&bands[a]).total_cmp(&distance(&bands[b])));
        Self {
            bands: bands.len(),
            samples: recipe.scene.samples,
            smile_nm,
            nodes: nodes.collect(),
            planck: planck_table(bands, &dry.per_cm),
            emissivities: Emissivities::new(bands, surfaces, recipe.seed),
            warmth: Warmth::new(&thermal, surfaces, recipe.seed),
            plume_k: thermal.air_k + thermal.plume_excess_k,
            clear_band: clear_band.unwrap_or(0),
        }
    }

    /// Lower node of a detector column, and the share of the next.
    fn node(&self, sample: usize) -> (usize, f32) {
        if self.smile_nm == 0.0 {
            return (NODES / 2 - 1, 1.0);
        }
        let x = (sample as f64 + 0.5) / self.samples as f64 * 2.0 - 1.0;
        let at = x * x * (NODES - 1) as f64;
        let node = (at as usize).min(NODES - 2);
        (node, (at - node as f64) as f32)
    }

    /// Emission and reflectance of a mixed pixel, by band.
    fn ground(&self, mixture: &Mixture, place_m: [f64; 2], out: &mut [[f32; 2]]) {
        out.fill([0.0; 2]);
        for &(surface, share) in &mixture.parts {
            let kelvin = self.warmth.of(surface, mixture, place_m);
            let emissivity = self.emissivities.of(surface);
            let (low, between) = self.planck_at(kelvin);
            let high = &low[self.bands..];
            for (b, o) in out.iter_mut().enumerate() {
                let body = low[b] + between * (high[b] - low[b]);
                o[0] += share * emissivity[b] * body;
                o[1] += share * (1.0 - emissivity[b]);
            }
        }
        for (o, modes) in out.iter_mut().zip(self.emissivities.modes()) {
            let own: f32 = (0..MODES).map(|k| modes[k] * mixture.modes[k]).sum();
            let emissivity = 1.0 - o[1];
            let own = own * emissivity.min(o[1]).max(0.0);
            o[0] *= 1.0 + own / emissivity.max(0.1);
            o[1] -= own;
        }
    }

    /// Rows of the Planck table from a temperature on, and the share of the second.
    fn planck_at(&self, kelvin: f64) -> (&[f32], f32) {
        let x = ((kelvin - COLDEST) / STEP).clamp(0.0, (TEMPERATURES - 2) as f64);
        let row = x as usize;
        (&self.planck[row * self.bands..], (x - row as f64) as f32)
    }

    /// Radiance of a pixel, W m⁻² sr⁻¹ µm⁻¹, under a relative departure of water; `ppmm` by gas.
    pub(super) fn light(
        &self,
        mixture: &Mixture,
        (sample, place_m): (usize, [f64; 2]),
        (water, ppmm): (f32, &[f32]),
        pixel: &mut [f32],
    ) {
        let mut ground = vec![[0.0; 2]; self.bands];
        self.ground(mixture, place_m, &mut ground);
        let (node, between) = self.node(sample);
        let (one, two) = (&self.nodes[node], &self.nodes[node + 1]);
        let (low, share) = self.planck_at(self.plume_k);
        for (b, x) in pixel.iter_mut().enumerate() {
            let mix = |a: f32, o: f32| a + between * (o - a);
            let [through, sky, path] = std::array::from_fn(|k| {
                mix(one.clear[k][b], two.clear[k][b])
                    + water * mix(one.water[k][b], two.water[k][b])
            });
            let [t, u] = std::array::from_fn(|k| {
                let sum = |node: &Node| node.plume(k, ppmm, (b, self.bands));
                if ppmm.iter().all(|&c| c <= 0.0) { 1.0 } else { mix(sum(one), sum(two)).exp() }
            });
            let plume = low[b] + share * (low[self.bands + b] - low[b]);
            let [emitted, reflected] = ground[b];
            let through = through.max(0.0);
            *x = emitted * through * t + reflected * sky * u + plume * through * (1.0 - t) + path;
        }
    }

    /// Brightness temperature of the ground over the plume's temperature at the clearest band, K.
    pub(super) fn contrast(&self, mixture: &Mixture, (sample, place_m): (usize, [f64; 2])) -> f32 {
        let mut ground = vec![[0.0; 2]; self.bands];
        self.ground(mixture, place_m, &mut ground);
        let (node, _) = self.node(sample);
        let b = self.clear_band;
        let clear = &self.nodes[node].clear;
        let [emitted, reflected] = ground[b];
        let leaving = emitted + reflected * clear[1][b] / clear[0][b].max(1e-6);
        let column = |row: usize| self.planck[row * self.bands + b];
        let mut rows = (0, TEMPERATURES - 1);
        while rows.1 - rows.0 > 1 {
            let middle = usize::midpoint(rows.0, rows.1);
            if column(middle) <= leaving { rows.0 = middle } else { rows.1 = middle }
        }
        let within = (leaving - column(rows.0)) / (column(rows.1) - column(rows.0));
        let kelvin = COLDEST + STEP * (rows.0 as f64 + f64::from(within));
        (kelvin - self.plume_k) as f32
    }

    /// Temperature of every plume, K.
    pub(super) fn plume_k(&self) -> f64 {
        self.plume_k
    }

    /// Strongest change of log transmittance of a gas at 1,000 ppm m.
    pub(super) fn strongest(&self, gas: usize) -> f32 {
        let (k, _) = COLUMNS.bracket(1000.0);
        let table = &self.nodes[NODES / 2].plumes[gas][0];
        table[k * self.bands..][..self.bands].iter().fold(0.0, |m: f32, v| m.max(v.abs()))
    }
}

impl Node {
    fn new(
        (dry, wet): (&Layers, &Layers),
        responses: &[Response],
        gases: &[&CrossSection],
        view_zenith_deg: f64,
    ) -> Self {
        let all = |v: &[f64]| responses.iter().map(|r| dot(v, r)).collect::<Vec<f64>>();
        let three = |l: &Layers| [all(&l.through), all(&l.sky_through), all(&l.path)];
        let (clear, wetter) = (three(dry), three(wet));
        let narrow = |v: &[f64]| v.iter().map(|&v| v as f32).collect::<Vec<f32>>();
        let change = |k: usize| {
            clear[k].iter().zip(&wetter[k]).map(|(c, w)| ((w - c) / 0.1) as f32).collect()
        };
        let way = view_zenith_deg.to_radians().cos().recip();
        let plumes = gases.iter().map(|gas| {
            let sigma: Vec<f64> = super::light::on_grid(gas, &dry.wavelengths_nm());
            let light = |v: &[f64]| plume_table((v, &sigma), way, responses);
            [light(&dry.through), light(&dry.sky_through)]
        });
        Self {
            water: std::array::from_fn(change),
            clear: [narrow(&clear[0]), narrow(&clear[1]), narrow(&clear[2])],
            plumes: plumes.collect(),
        }
    }

    /// `ln` of the transmittance of all gases in a band, for one of the two lights.
    fn plume(&self, light: usize, ppmm: &[f32], (band, bands): (usize, usize)) -> f32 {
        let one = |(tables, &c): (&[Vec<f32>; 2], &f32)| {
            if c <= 0.0 {
                return 0.0;
            }
            let (k, w) = COLUMNS.bracket(f64::from(c));
            let (a, o) = (tables[light][k * bands + band], tables[light][(k + 1) * bands + band]);
            a + w * (o - a)
        };
        self.plumes.iter().zip(ppmm).map(one).sum()
    }
}

/// `ln` of the share of a light that passes a plume, by column and band.
fn plume_table((light, sigma): (&[f64], &[f64]), way: f64, responses: &[Response]) -> Vec<f32> {
    let clear: Vec<f64> = responses.iter().map(|r| dot(light, r)).collect();
    let row = |k: usize| {
        let depth = COLUMNS.at(k) * MOLECULES_PER_PPMM * way;
        let left: Vec<f64> = light.iter().zip(sigma).map(|(l, s)| l * (-s * depth).exp()).collect();
        let share =
            |(r, c): (&Response, &f64)| (dot(&left, r) / c.max(1e-300)).max(1e-12).ln() as f32;
        responses.iter().zip(&clear).map(share).collect::<Vec<f32>>()
    };
    (0..COLUMNS.count).flat_map(row).collect()
}

fn planck_table(bands: &[Band], per_cm: &[f64]) -> Vec<f32> {
    let responses: Vec<Response> = bands.iter().map(|b| response(per_cm, b, 0.0)).collect();
    // B is smooth: every eighth point of the grid is fine enough, with the weights between them.
    let coarse = |(from, weights): &Response, kelvin: f64| -> f64 {
        weights
            .chunks(8)
            .enumerate()
            .map(|(i, chunk)| {
                let middle = from + 8 * i + chunk.len() / 2;
                chunk.iter().sum::<f64>() * planck(per_cm[middle.min(per_cm.len() - 1)], kelvin)
            })
            .sum()
    };
    let kelvin = |row: usize| COLDEST + STEP * row as f64;
    (0..TEMPERATURES)
        .flat_map(|row| responses.iter().map(move |r| (r, row)))
        .map(|(r, row)| coarse(r, kelvin(row)) as f32)
        .collect()
}

#[cfg(test)]
mod tests;
