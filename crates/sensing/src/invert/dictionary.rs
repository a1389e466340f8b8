//! Candidate places over the whole room, and which of them a residual asks for.
//!
//! ```text
//! score_g = max(u_gᵀ e, 0)² / d_g,     u_g = W̃ a_g,  d_g = a_gᵀ W̃ a_g
//! ```
//!
//! a is what 1 kg/h in the middle of cell g adds to the readings, W̃ the weights of the readings
//! with the background taken out: the score is by how much χ² falls for a source there.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::model::{Model, Room};
use crate::linear::{dot32, dots32};

/// Most cells, and most numbers in all of them.
const MOST_CELLS: f64 = 512.0;
const MOST_NUMBERS: f64 = 4e5;
/// Share of proposals that ask no residual.
const BLIND: f64 = 0.3;

/// The cells with what a source in each would do.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    room: Room,
    counts: [usize; 3],
    /// W̃ a, cell after cell.
    rows: Vec<f32>,
    /// d, per (kg/h)².
    information: Vec<f64>,
}

/// Where the next source may be, given a residual.
#[derive(Debug)]
pub(super) struct Hints<'a> {
    dictionary: &'a Dictionary,
    /// Running sum of the chances of the cells.
    sums: Vec<f64>,
}

impl Dictionary {
    pub(super) fn new(model: &Model, scales: &[f64]) -> Self {
        let room = model.prior.room;
        let counts = counts(&room, model.readings.len());
        let cells = counts.iter().product::<usize>();
        let made: Vec<(Vec<f32>, f64)> = (0..cells)
            .into_par_iter()
            .map(|g| {
                let place = middle(&room, counts, g);
                let signal = model.column(place, scales).mean;
                let cleaned = model.cleaned(&signal);
                let row: Vec<f64> =
                    cleaned.iter().zip(&model.pilot.weights).map(|(c, w)| c * w).collect();
                let information = crate::linear::dot(&row, &signal);
                (row.iter().map(|&x| x as f32).collect(), information)
            })
            .collect();
        let (rows, information): (Vec<Vec<f32>>, Vec<f64>) = made.into_iter().unzip();
        Self { room, counts, rows: rows.concat(), information }
    }

    pub(super) fn middle(&self, cell: usize) -> [f64; 3] {
        middle(&self.room, self.counts, cell)
    }

    /// Score and best rate of every cell.
    pub(super) fn scores(&self, residual: &[f64]) -> Vec<(f64, f64)> {
        let residual: Vec<f32> = residual.iter().map(|&e| e as f32).collect();
        let n = residual.len();
        let mut along = Vec::with_capacity(self.information.len());
        let fours = self.rows.chunks_exact(4 * n);
        let rest = fours.remainder();
        for four in fours {
            along.extend(dots32([0, 1, 2, 3].map(|k| &four[k * n..(k + 1) * n]), &residual));
        }
        along.extend(rest.chunks_exact(n).map(|row| dot32(row, &residual)));
        let each = |(along, &d): (f32, &f64)| {
            let along = f64::from(along).max(0.0);
            if d > 1e-12 && along > 0.0 { (along * along / d, along / d) } else { (0.0, 0.0) }
        };
        along.into_iter().zip(&self.information).map(each).collect()
    }

    /// The best cells that lie apart, with their rates; none that is worth nothing.
    pub(super) fn best(&self, residual: &[f64], count: usize) -> Vec<(usize, f64)> {
        let scores = self.scores(residual);
        let mut order: Vec<usize> = (0..scores.len()).filter(|&g| scores[g].0 > 0.0).collect();
        order.sort_by(|&a, &b| scores[b].0.total_cmp(&scores[a].0));
        let mut best: Vec<(usize, f64)> = Vec::new();
        for g in order {
            if best.len() < count && best.iter().all(|b| self.apart(b.0, g)) {
                best.push((g, scores[g].1));
            }
        }
        best
    }

    /// Whether two cells do not touch.
    fn apart(&self, a: usize, b: usize) -> bool {
        let (a, b) = (index(self.counts, a), index(self.counts, b));
        (0..3).any(|k| a[k].abs_diff(b[k]) > 1)
    }

    /// How strong a source must be to be noticed where the sensors look best, kg/h.
    pub(super) fn noticeable(&self) -> f64 {
        let mut sorted = self.information.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        5.0 / sorted[sorted.len() / 10].max(1e-12).sqrt()
    }

    /// Whether any place can be seen at all.
    pub(super) fn sees_nothing(&self) -> bool {
        self.information.iter().all(|&d| d <= 1e-12)
    }

    pub(super) fn hints(&self, residual: &[f64]) -> Hints<'_> {
        let mut sum = 0.0;
        let sums = self.scores(residual).into_iter().map(|(score, _)| {
            sum += (1.0 + score) * (1.0 + score).sqrt();
            sum
        });
        Hints { dictionary: self, sums: sums.collect() }
    }

    fn cell_volume(&self) -> f64 {
        self.room.volume() / self.information.len() as f64
    }

    fn cell_of(&self, place: [f64; 3]) -> usize {
        let index = |k: usize| {
            let share = (place[k] - self.room.low[k]) / self.room.size[k];
            ((share * self.counts[k] as f64) as usize).min(self.counts[k] - 1)
        };
        (index(2) * self.counts[1] + index(1)) * self.counts[0] + index(0)
    }

    fn within(&self, cell: usize, rng: &mut Xoshiro256PlusPlus) -> [f64; 3] {
        let middle = self.middle(cell);
        std::array::from_fn(|k| {
            middle[k] + (rng.random::<f64>() - 0.5) * self.room.size[k] / self.counts[k] as f64
        })
    }
}

impl Hints<'_> {
    pub(super) fn draw(&self, rng: &mut Xoshiro256PlusPlus) -> [f64; 3] {
        let cells = self.sums.len();
        let cell = if rng.random::<f64>() < BLIND {
            rng.random_range(0..cells)
        } else {
            let at = rng.random::<f64>() * self.sums[cells - 1];
            self.sums.partition_point(|&s| s <= at).min(cells - 1)
        };
        self.dictionary.within(cell, rng)
    }

    /// ln of the density that [`Self::draw`] has at a place, m⁻³.
    pub(super) fn ln_density(&self, place: [f64; 3]) -> f64 {
        let cell = self.dictionary.cell_of(place);
        let before = if cell == 0 { 0.0 } else { self.sums[cell - 1] };
        let chance = (self.sums[cell] - before) / self.sums[self.sums.len() - 1];
        let blind = BLIND / self.sums.len() as f64;
        ((blind + (1.0 - BLIND) * chance) / self.dictionary.cell_volume()).ln()
    }
}

/// Cells along each axis: nearly square on the ground, two layers when there is height.
fn counts(room: &Room, readings: usize) -> [usize; 3] {
    let layers = if room.size[2] > 1.0 { 2 } else { 1 };
    let cells = MOST_CELLS.min(MOST_NUMBERS / readings as f64).max(32.0) / layers as f64;
    let side = (room.size[0] * room.size[1] / cells).sqrt();
    let along = |k: usize| ((room.size[k] / side).round() as usize).clamp(1, cells as usize);
    [along(0), along(1), layers]
}

fn middle(room: &Room, counts: [usize; 3], cell: usize) -> [f64; 3] {
    let index = index(counts, cell);
    std::array::from_fn(|k| room.low[k] + (index[k] as f64 + 0.5) / counts[k] as f64 * room.size[k])
}

fn index(counts: [usize; 3], cell: usize) -> [usize; 3] {
    [cell % counts[0], cell / counts[0] % counts[1], cell / counts[0] / counts[1]]
}
