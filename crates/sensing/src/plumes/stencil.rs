//! The scatter of background under a shape, measured where there is no plume.
//!
//! Sums over a plume depend on how background hangs together over its whole area, which the sigma
//! of single pixels does not tell. So the same shape is laid over plume-free places of the same
//! scene, shifted and mirrored at random, and the sum taken there. With S the sum under the shape
//! and B the sum expected from the mean around it, the corrected sum is
//!
//! ```text
//! S − λB − c,    λ = cov(S, B)/var(B) in 0..1,    c = mean(S − λB),
//! ```
//!
//! λ and c from those places: where background drifts slowly, λ is near 1 and the surroundings are
//! taken off; where it is white, near 0, and they would only add noise. Each place counts in units
//! of its own pixel noise, so that a dark place does not speak for a bright one.

use cathartes_core::raster::Raster;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Places tried.
const TRIES: usize = 400;
/// Places enough.
const PLACES: usize = 200;
/// Fewer than this say nothing; the noise of single pixels is used instead.
const FEWEST: usize = 30;
/// Share of a shape that must lie on free pixels.
const FREE: f64 = 0.85;

/// The quantity map and where it may be used as background.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) value: &'a Raster,
    pub(crate) sigma: &'a Raster,
    /// Finite and far from every plume.
    pub(crate) free: &'a [bool],
}

impl Ground<'_> {
    pub(crate) fn is_free(&self, line: i32, sample: i32) -> bool {
        self.free[line as usize * self.value.samples + sample as usize]
    }
}

/// A shape to sum over, with its surroundings, as (line, sample) of a scene.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Stencil {
    /// Pixels summed, with their weights.
    pub(crate) inner: Vec<(i32, i32, f64)>,
    /// Pixels around.
    pub(crate) ring: Vec<(i32, i32)>,
}

/// A sum above background.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sum {
    /// In units of the map times the weights.
    pub(crate) value: f64,
    /// Its deviation from background and noise.
    pub(crate) std: f64,
    /// What was taken off every pixel of unit weight.
    pub(crate) background: f64,
}

/// S, B and the sum's deviation for independent pixels.
#[derive(Debug, Clone, Copy)]
struct Laid {
    sum: f64,
    around: f64,
    noise: f64,
}

impl Stencil {
    /// The sum where the shape was drawn, its surroundings taken off as the scene advises.
    pub(crate) fn sum(&self, ground: &Ground, seed: u64) -> Sum {
        let here = self
            .lay(ground, |l, s| Some((l, s)), |_, _| true)
            .map_or(Laid { sum: 0.0, around: 0.0, noise: 0.0 }, |(laid, _)| laid);
        let places = self.elsewhere(ground, seed);
        if places.len() < FEWEST {
            return Sum { value: here.sum, std: here.noise, background: 0.0 };
        }
        let n = places.len() as f64;
        let mean = |f: &dyn Fn(&Laid) -> f64| places.iter().map(f).sum::<f64>() / n;
        let (s, b) = (|p: &Laid| p.sum / p.noise, |p: &Laid| p.around / p.noise);
        let (ms, mb) = (mean(&s), mean(&b));
        let sb = mean(&|p| (s(p) - ms) * (b(p) - mb));
        let bb = mean(&|p| (b(p) - mb).powi(2));
        let lambda = if bb > 0.0 { (sb / bb).clamp(0.0, 1.0) } else { 0.0 };
        let offset = ms - lambda * mb;
        let scatter = mean(&|p| (s(p) - lambda * b(p) - offset).powi(2)) * n / (n - 2.0);
        let taken = lambda * here.around + offset * here.noise;
        let weight: f64 = self.inner.iter().map(|cell| cell.2).sum();
        Sum {
            value: here.sum - taken,
            std: scatter.sqrt() * here.noise,
            background: taken / weight,
        }
    }

    /// The shape over random free places.
    fn elsewhere(&self, ground: &Ground, seed: u64) -> Vec<Laid> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let (lines, samples) = (ground.value.lines as i32, ground.value.samples as i32);
        let (top, left, bottom, right) = self.bounds();
        let (high, wide) = (bottom - top, right - left);
        let mut found = Vec::new();
        for _ in 0..TRIES {
            let dl = random.random_range(-high / 2..(lines - high / 2).max(1 - high / 2));
            let ds = random.random_range(-wide / 2..(samples - wide / 2).max(1 - wide / 2));
            let (up, back): (bool, bool) = (random.random(), random.random());
            let place = |l: i32, s: i32| {
                let l = if up { bottom - l } else { l - top } + dl;
                let s = if back { right - s } else { s - left } + ds;
                ((0..lines).contains(&l) && (0..samples).contains(&s)).then_some((l, s))
            };
            let free = |l: i32, s: i32| ground.is_free(l, s);
            found.extend(self.lay(ground, place, free).filter(|x| x.1 >= FREE).map(|x| x.0));
            if found.len() == PLACES {
                break;
            }
        }
        found
    }

    /// Sums over the cells that are there, scaled up to the whole shape; the share of it covered.
    fn lay(
        &self,
        ground: &Ground,
        place: impl Fn(i32, i32) -> Option<(i32, i32)>,
        free: impl Fn(i32, i32) -> bool,
    ) -> Option<(Laid, f64)> {
        let at = |l: i32, s: i32| {
            let (l, s) = place(l, s).filter(|&(l, s)| free(l, s))?;
            let value = f64::from(ground.value.at(l as usize, s as usize));
            let sigma = f64::from(ground.sigma.at(l as usize, s as usize));
            (value.is_finite() && sigma.is_finite()).then_some((value, sigma))
        };
        let (mut sum, mut noise, mut seen, mut total) = (0.0, 0.0, 0.0, 0.0);
        for &(l, s, w) in &self.inner {
            total += w;
            if let Some((value, sigma)) = at(l, s) {
                seen += w;
                sum += w * value;
                noise += (w * sigma).powi(2);
            }
        }
        let (mut around, mut n) = (0.0, 0.0);
        for (value, _) in self.ring.iter().filter_map(|&(l, s)| at(l, s)) {
            around += value;
            n += 1.0;
        }
        let full = total / seen;
        let mean = if n > 0.0 { around / n } else { 0.0 };
        (seen > 0.0 && noise > 0.0).then(|| {
            (
                Laid { sum: sum * full, around: mean * total, noise: noise.sqrt() * full },
                seen / total,
            )
        })
    }

    fn bounds(&self) -> (i32, i32, i32, i32) {
        let start = (i32::MAX, i32::MAX, i32::MIN, i32::MIN);
        let bounds = self
            .inner
            .iter()
            .fold(start, |b, &(l, s, _)| (b.0.min(l), b.1.min(s), b.2.max(l), b.3.max(s)));
        if self.inner.is_empty() { (0, 0, 0, 0) } else { bounds }
    }
}
