//! From the fine grid to the bands: what each detector column sees.
//!
//! The response of band `b` in column `s` is a Gaussian of its FWHM at its centre moved by the
//! smile `δ(s) = δ₀ (2x² − 1)/2`, `x` from −1 to 1 across track. Radiance, the light's change with
//! water and air, and the plume's transmittance
//!
//! ```text
//! T_b(c) = ∫ R_b(λ) E(λ) exp(−σ(λ) n c a) dλ / ∫ R_b(λ) E(λ) dλ
//! ```
//!
//! are integrated at nine smiles and interpolated in between (`n` molecules cm⁻² per ppm m, `a`
//! the path through the plume over its height). Under the light's own lines a plume absorbs less
//! than in vacuum: what the sun or the air took cannot be taken again. In a pixel with two gases
//! the band transmittances multiply, which neglects lines they share.

use cathartes_core::{
    gas::CrossSection,
    scenery::{Sampled, Surface},
    spectrum::Band,
    units::Nanometres,
};

use super::{
    columns::Columns,
    ground::{MODES, Mixture},
    light::{Light, on_grid},
};

/// Molecules cm⁻² in 1 ppm m at 296 K and 1 atm.
pub(super) const MOLECULES_PER_PPMM: f64 = 2.4794e15;
/// Half width of the response that is integrated, in FWHM: beyond it 3e-4 of the peak is left.
const REACH: f64 = 1.7;
/// Smiles the tables are made for.
const NODES: usize = 9;
/// Columns of the plume table: zero, then from 50 ppm m by this ratio.
const COLUMNS: Columns = Columns { first_ppmm: 50.0, ratio: 1.18, count: 48 };

/// Tables of one gas: `ln T` by smile, column and band.
#[derive(Debug, Clone)]
struct PlumeTable {
    ln_t: Vec<f32>,
}

/// What one detector column sees, band by band.
#[derive(Debug, Clone)]
pub(super) struct ColumnView {
    /// Radiance of a white ground.
    pub(super) white: Vec<f32>,
    /// Relative change with a relative change of water: linear and quadratic.
    pub(super) water: [Vec<f32>; 2],
    /// Relative change with a relative change of all other air.
    pub(super) air: Vec<f32>,
    /// Path radiance.
    pub(super) path: Vec<f32>,
    /// Lower node of the tables, and the share of the next.
    node: usize,
    between: f32,
}

/// All tables of a scene.
#[derive(Debug, Clone)]
pub(super) struct Optics {
    bands: usize,
    /// Reflectance by smile, surface and band.
    reflectance: Vec<f32>,
    surfaces: usize,
    /// Smooth spectral modes by band.
    modes: Vec<[f32; MODES]>,
    views: Vec<ColumnView>,
    plumes: Vec<PlumeTable>,
}

/// Values of the light in every band at one smile.
struct Node {
    white: Vec<f64>,
    drier: Vec<f64>,
    wetter: Vec<f64>,
    denser: Vec<f64>,
    path: Vec<f64>,
}

/// Weights of a response on the fine grid: first index and weight by index.
fn response(nm: &[f64], band: &Band, shift: f64) -> (usize, Vec<f64>) {
    let (c, w) = (band.center.0 + shift, band.fwhm.0);
    let from = nm.partition_point(|&l| l < c - REACH * w);
    let to = nm.partition_point(|&l| l <= c + REACH * w);
    let k = 4.0 * std::f64::consts::LN_2 / (w * w);
    let step = |i: usize| nm[(i + 1).min(nm.len() - 1)] - nm[i.saturating_sub(1)];
    let mut r: Vec<f64> = (from..to).map(|i| (-k * (nm[i] - c).powi(2)).exp() * step(i)).collect();
    let sum: f64 = r.iter().sum();
    for v in &mut r {
        *v /= sum;
    }
    (from, r)
}

fn dot(values: &[f64], response: &(usize, Vec<f64>)) -> f64 {
    response.1.iter().zip(&values[response.0..]).map(|(r, v)| r * v).sum()
}

/// Smile of a detector column, nm.
fn smile(sample: usize, samples: usize, edge_nm: f64) -> f64 {
    let x = (sample as f64 + 0.5) / samples as f64 * 2.0 - 1.0;
    edge_nm * (2.0 * x * x - 1.0) / 2.0
}

impl Optics {
    pub(super) fn new(
        light: &Light,
        bands: &[Band],
        surfaces: &[Surface],
        plume_gases: &[&CrossSection],
        (samples, smile_nm, mass_factor): (usize, f64, f64),
    ) -> Self {
        let shift = |k: usize| smile_nm * (k as f64 / (NODES - 1) as f64 - 0.5);
        let responses: Vec<Vec<(usize, Vec<f64>)>> = (0..NODES)
            .map(|k| bands.iter().map(|b| response(&light.nm, b, shift(k))).collect())
            .collect();
        let nodes: Vec<Node> = responses.iter().map(|r| Node::new(light, r)).collect();
        let views = (0..samples)
            .map(|s| ColumnView::new(&nodes, smile(s, samples, smile_nm), smile_nm))
            .collect();
        let plumes = plume_gases
            .iter()
            .map(|g| PlumeTable::new(light, &on_grid(g, &light.nm), mass_factor, &responses))
            .collect();
        Self {
            bands: bands.len(),
            reflectance: reflectances(bands, surfaces, shift),
            surfaces: surfaces.len(),
            modes: modes(bands),
            views,
            plumes,
        }
    }

    pub(super) fn view(&self, sample: usize) -> &ColumnView {
        &self.views[sample]
    }

    /// Reflectance of a mixture in every band of a column.
    pub(super) fn reflect(&self, view: &ColumnView, mixture: &Mixture, out: &mut [f32]) {
        out.fill(0.0);
        let node = view.node + usize::from(view.between > 0.5);
        let mut left = 1.0;
        // `cover` keeps the shares of earlier parts up to date, so they add up to one.
        for &(surface, share) in &mixture.parts {
            let at = (node * self.surfaces + surface as usize) * self.bands;
            let row = &self.reflectance[at..at + self.bands];
            out.iter_mut().zip(row).for_each(|(o, r)| *o += share * r);
            left -= share;
        }
        debug_assert!(left.abs() < 1e-3);
        for (o, mode) in out.iter_mut().zip(&self.modes) {
            let own: f32 = mode.iter().zip(&mixture.modes).map(|(a, b)| a * b).sum();
            *o *= mixture.brightness * (1.0 + own);
        }
    }

    /// Multiplies a spectrum with the transmittance of a gas column.
    pub(super) fn absorb(&self, gas: usize, view: &ColumnView, ppmm: f32, spectrum: &mut [f32]) {
        let c = f64::from(ppmm);
        let (k, w) = COLUMNS.bracket(c);
        let table = &self.plumes[gas].ln_t;
        let row = |node: usize, k: usize| {
            let at = (node * COLUMNS.count + k) * self.bands;
            &table[at..at + self.bands]
        };
        let next = (view.node + 1).min(NODES - 1);
        let (a0, a1) = (row(view.node, k), row(view.node, k + 1));
        let (b0, b1) = (row(next, k), row(next, k + 1));
        for (b, x) in spectrum.iter_mut().enumerate() {
            let a = a0[b] + w * (a1[b] - a0[b]);
            let o = b0[b] + w * (b1[b] - b0[b]);
            *x *= (a + view.between * (o - a)).exp();
        }
    }

    /// Whether any band feels a gas: strongest change of log radiance at 1,000 ppm m.
    pub(super) fn strongest(&self, gas: usize) -> f32 {
        let (k, _) = COLUMNS.bracket(1000.0);
        let at = ((NODES / 2) * COLUMNS.count + k) * self.bands;
        self.plumes[gas].ln_t[at..at + self.bands].iter().fold(0.0, |m: f32, v| m.max(v.abs()))
    }
}

impl Node {
    fn new(light: &Light, responses: &[(usize, Vec<f64>)]) -> Self {
        let all = |v: &[f64]| responses.iter().map(|r| dot(v, r)).collect();
        Self {
            white: all(&light.white),
            drier: all(&light.drier),
            wetter: all(&light.wetter),
            denser: all(&light.denser),
            path: all(&light.path),
        }
    }
}

impl ColumnView {
    fn new(nodes: &[Node], shift: f64, smile_nm: f64) -> Self {
        let x = if smile_nm == 0.0 { 0.5 } else { shift / smile_nm + 0.5 } * (NODES - 1) as f64;
        let node = (x as usize).min(NODES - 2);
        let between = (x - node as f64) as f32;
        let mix = |part: fn(&Node) -> &Vec<f64>| -> Vec<f64> {
            let (a, b) = (part(&nodes[node]), part(&nodes[node + 1]));
            a.iter().zip(b).map(|(a, b)| a + f64::from(between) * (b - a)).collect()
        };
        let white = mix(|n| &n.white);
        let relative = |v: Vec<f64>| -> Vec<f64> {
            v.iter().zip(&white).map(|(v, w)| v / w.max(1e-12) - 1.0).collect()
        };
        let (drier, wetter) = (relative(mix(|n| &n.drier)), relative(mix(|n| &n.wetter)));
        let denser = relative(mix(|n| &n.denser));
        // 1 + a d + b d² through the light at −10 %, 0 and +10 % of water.
        let pair = |f: fn(f64, f64) -> f64| {
            drier.iter().zip(&wetter).map(|(&m, &p)| f(m, p) as f32).collect::<Vec<f32>>()
        };
        Self {
            water: [pair(|m, p| (p - m) / 0.2), pair(|m, p| (p + m) / 0.02)],
            air: denser.iter().map(|v| (v / 0.05) as f32).collect(),
            path: mix(|n| &n.path).into_iter().map(|v| v as f32).collect(),
            white: white.into_iter().map(|v| v as f32).collect(),
            node,
            between,
        }
    }
}

impl PlumeTable {
    fn new(
        light: &Light,
        sigma: &[f64],
        mass_factor: f64,
        responses: &[Vec<(usize, Vec<f64>)>],
    ) -> Self {
        let mut rows = vec![Vec::new(); NODES];
        for ppmm in (0..COLUMNS.count).map(|k| COLUMNS.at(k)) {
            let per = ppmm * MOLECULES_PER_PPMM * mass_factor;
            let through: Vec<f64> =
                light.white.iter().zip(sigma).map(|(e, s)| e * (-s * per).exp()).collect();
            for (rows, r) in rows.iter_mut().zip(responses) {
                rows.push(r.iter().map(|r| dot(&through, r)).collect::<Vec<f64>>());
            }
        }
        let mut ln_t = Vec::new();
        for by_column in rows {
            let clear = by_column[0].clone();
            for row in by_column {
                ln_t.extend(
                    row.iter()
                        .zip(&clear)
                        .map(|(t, c): (&f64, &f64)| (t / c.max(1e-300)).max(1e-30).ln() as f32),
                );
            }
        }
        Self { ln_t }
    }
}

fn reflectances(bands: &[Band], surfaces: &[Surface], shift: impl Fn(usize) -> f64) -> Vec<f32> {
    let mut out = Vec::with_capacity(NODES * surfaces.len() * bands.len());
    for k in 0..NODES {
        for surface in surfaces {
            out.extend(bands.iter().map(|b| band_mean(&surface.reflectance, b, shift(k))));
        }
    }
    out
}

/// Mean of a smooth curve under a Gaussian by five points (Gauss–Hermite).
fn band_mean(curve: &Sampled, band: &Band, shift: f64) -> f32 {
    let std = band.fwhm.0 / 2.354_82;
    let points = [(0.0, 8.0 / 15.0), (1.355_626_2, 0.222_075_9), (2.856_970_0, 0.011_257_4)];
    let at = |x: f64| curve.at(Nanometres(band.center.0 + shift + x * std));
    points
        .iter()
        .map(|&(x, w)| if x == 0.0 { w * at(0.0) } else { w * (at(x) + at(-x)) })
        .sum::<f64>() as f32
}

/// Smooth relative changes of reflectance: waves of 700 to 60 nm, weaker as they shorten.
fn modes(bands: &[Band]) -> Vec<[f32; MODES]> {
    let waves = [
        (700.0, 0.006, 0.3),
        (340.0, 0.003, 1.9),
        (190.0, 0.0014, 4.0),
        (120.0, 0.0008, 2.6),
        (85.0, 0.0005, 5.1),
        (60.0, 0.0003, 0.9),
    ];
    bands
        .iter()
        .map(|b| {
            waves.map(|(period, strength, phase): (f64, f64, f64)| {
                let turn = std::f64::consts::TAU * b.center.0 / period + phase;
                (strength * turn.sin()) as f32
            })
        })
        .collect()
}
