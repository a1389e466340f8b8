//! Wind at the plume is not the wind at the mast: its direction strays, and strays together for a while.
//!
//! ```text
//! direction at block j = measured + turn + φ_j,     φ_{j+1} | φ_j ~ N(ρ φ_j, (1 − ρ²) σφ²)
//! ```
//!
//! Blocks of time share one φ, for all sensors: beams that look at the same minute see one plume.

use super::readings::Readings;

/// ρ, from block to block.
const RHO: f64 = 0.5;
/// Most blocks.
const MOST: f64 = 256.0;
/// Shortest block, s: eddies that carry a whole plume aside last as long.
const SHORTEST: f64 = 10.0;

/// Which readings share a φ.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    /// Of each reading.
    pub(super) of: Vec<usize>,
    /// Readings of each.
    pub(super) members: Vec<Vec<usize>>,
    /// Where gas was met in each block, on the ground; absent when none was.
    pub(super) met: Vec<Option<[f64; 2]>>,
}

impl Blocks {
    pub(super) fn new(readings: &Readings) -> Self {
        let (start, _) = readings.ends();
        let length = (readings.duration() / MOST).max(SHORTEST);
        let of: Vec<usize> =
            readings.times.iter().map(|t| ((t - start) / length) as usize).collect();
        let count = of.iter().max().map_or(0, |m| m + 1);
        let mut members = vec![Vec::new(); count];
        of.iter().enumerate().for_each(|(i, &j)| members[j].push(i));
        Self { of, members, met: vec![None; count] }
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Learns where gas was met from what each reading has above the background, in deviations.
    pub(super) fn meet(&mut self, readings: &Readings, above: &[f64]) {
        for (met, members) in self.met.iter_mut().zip(&self.members) {
            let (mut sum, mut place) = (0.0, [0.0; 2]);
            for &i in members.iter().filter(|&&i| above[i] > 3.0) {
                let centre = readings.sights[i].centre();
                sum += above[i];
                (0..2).for_each(|k| place[k] += above[i] * centre[k]);
            }
            *met = (sum > 0.0).then(|| place.map(|p| p / sum));
        }
    }

    /// By how much φ changes in each block so that a source elsewhere still points to the gas.
    pub(super) fn follow(&self, from: [f64; 3], to: [f64; 3]) -> Vec<f64> {
        let angle = |place: [f64; 3], met: [f64; 2]| (met[1] - place[1]).atan2(met[0] - place[0]);
        let shift = |met: &Option<[f64; 2]>| {
            let turn = met.map_or(0.0, |met| angle(to, met) - angle(from, met));
            turn - std::f64::consts::TAU * (turn / std::f64::consts::TAU).round()
        };
        self.met.iter().map(shift).collect()
    }
}

/// ln of the density of all φ.
pub(super) fn ln_prior(phi: &[f64], ln_sigma: f64) -> f64 {
    let Some(first) = phi.first() else { return 0.0 };
    let own = 1.0 - RHO * RHO;
    let steps: f64 = phi.windows(2).map(|w| (w[1] - RHO * w[0]).powi(2)).sum();
    let square = first * first + steps / own;
    -0.5 * square * (-2.0 * ln_sigma).exp() - phi.len() as f64 * ln_sigma
}

/// Mean and deviation of one φ given its neighbours.
pub(super) fn given_neighbours(phi: &[f64], j: usize, ln_sigma: f64) -> (f64, f64) {
    let own = 1.0 - RHO * RHO;
    let (mut precision, mut pull) = (1.0, 0.0);
    if j > 0 {
        precision = 1.0 / own;
        pull += RHO * phi[j - 1] / own;
    }
    if let Some(next) = phi.get(j + 1) {
        precision += RHO * RHO / own;
        pull += RHO * next / own;
    }
    (pull / precision, ln_sigma.exp() / precision.sqrt())
}
