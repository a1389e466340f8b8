//! The model as numbers: what it predicts, and how probable that makes readings and beliefs.

use std::{ops::Range, sync::Arc};

use super::{
    background::{Basis, Looseness},
    column::Column,
    plume::{LANES, Pack, Shape, share},
    readings::{Readings, fours},
    seen::Seen,
    wander::Wander,
};

use wide::f64x4;

use crate::linear::dot;

/// Degrees of freedom of the errors.
pub(super) const NU: f64 = 5.0;

/// r₀: no plume follows the model more closely than this, however well a record seems to.
const LEAST_DISCREPANCY: f64 = 0.05;

/// Scales that all sources share, by their place in [`State::scales`]; from [`NOISE`] on ln of the
/// noise of each sensor, ppm, and then the knots of the wander, rad.
pub(super) const TURN: usize = 0;
/// ln a.
pub(super) const ACROSS: usize = 1;
/// ln b.
pub(super) const UP: usize = 2;
/// ln r.
pub(super) const DISCREPANCY: usize = 3;
/// ln D, ppm.
pub(super) const DRIFT: usize = 4;
/// ln O, ppm.
pub(super) const OFFSET: usize = 5;
/// ln E, ppm.
pub(super) const OWN_DRIFT: usize = 6;
/// ln s of the first sensor, ppm.
pub(super) const NOISE: usize = 7;

/// Box that holds the sources, m.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) low: [f64; 3],
    pub(super) size: [f64; 3],
}

impl Room {
    pub(super) fn holds(&self, place: [f64; 3]) -> bool {
        (0..3).all(|k| (0.0..=self.size[k]).contains(&(place[k] - self.low[k])))
    }

    /// m³; a flat box counts as one of 1 m there, a density being needed all the same.
    pub(super) fn volume(&self) -> f64 {
        self.size.iter().product()
    }
}

/// What is believed of sources and scales before anything is read.
#[derive(Debug, Clone)]
pub(super) struct Prior {
    pub(super) room: Room,
    pub(super) most: usize,
    /// ln of the factor by which one more source is less probable.
    pub(super) ln_more: f64,
    /// Mean and deviation of ln of the rate in kg/h.
    pub(super) ln_rate: (f64, f64),
    /// Mean and deviation of each scale.
    pub(super) scales: Vec<(f64, f64)>,
    /// ln of the drift beyond which it would be gas, ppm.
    pub(super) ln_most_drift: f64,
    /// What imagers saw.
    pub(super) seen: Vec<Seen>,
}

/// r² + r₀².
pub(super) fn discrepancy2(scales: &[f64]) -> f64 {
    (2.0 * scales[DISCREPANCY]).exp() + LEAST_DISCREPANCY * LEAST_DISCREPANCY
}

/// The part of a variance that is of plumes: (r² + r₀²) m².
pub(super) fn of_plumes(total: &Column, scales: &[f64]) -> Vec<f64> {
    let r2 = discrepancy2(scales);
    total.swing.iter().map(|m| r2 * m * m).collect()
}

pub(super) fn ln_normal(x: f64, (mean, std): (f64, f64)) -> f64 {
    -0.5 * ((x - mean) / std).powi(2) - std.ln() - 0.918_938_533_204_672_8
}

/// A source of a state.
#[derive(Debug, Clone)]
pub(super) struct Emitter {
    pub(super) place: [f64; 3],
    /// kg/h.
    pub(super) ln_rate: f64,
    pub(super) column: Arc<Column>,
}

/// Everything unknown, with what follows from it.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) sources: Vec<Emitter>,
    pub(super) scales: Vec<f64>,
    pub(super) background: Vec<f64>,
    /// What all sources add, in ppm.
    pub(super) total: Arc<Column>,
    /// Background of every reading, and ln of its density: of a state that was weighed.
    pub(super) air: Arc<Vec<f64>>,
    pub(super) ln_each: Arc<Vec<f64>>,
    /// ln of the density of the readings.
    pub(super) ln_likelihood: f64,
    /// ln of the density of all that is unknown.
    pub(super) ln_prior: f64,
}

impl State {
    /// Puts the sources in the order in which shapes are learnt, from the west.
    pub(super) fn sort(&mut self) {
        self.sources.sort_by(|a, b| a.place[0].total_cmp(&b.place[0]));
    }

    pub(super) fn in_order(&self) -> bool {
        self.sources.is_sorted_by(|a, b| a.place[0] <= b.place[0])
    }

    pub(super) fn loose(&self) -> Looseness {
        Looseness {
            drift2: (2.0 * self.scales[DRIFT]).exp(),
            offset2: (2.0 * self.scales[OFFSET]).exp(),
            own2: (2.0 * self.scales[OWN_DRIFT]).exp(),
        }
    }
}

/// The readings and all that does not change while sources are looked for.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) readings: Readings,
    pub(super) basis: Basis,
    /// The readings of each sensor, a few at a time.
    pub(super) packs: Vec<Pack>,
    pub(super) wander: Wander,
    pub(super) prior: Prior,
    pub(super) half_width: f64,
    pub(super) lid: Option<f64>,
    /// Of the readings, on the ground.
    pub(super) middle: [f64; 2],
    /// Where the wind blows on the whole, of length one or less.
    pub(super) downwind: [f64; 2],
    /// 1/κ: for how much each reading counts.
    pub(super) counts: Vec<f64>,
    pub(super) pilot: Pilot,
}

/// Fixed weights by which proposals are made, with the background taken out.
#[derive(Debug, Clone, Default)]
pub(super) struct Pilot {
    pub(super) weights: Vec<f64>,
    /// Cholesky factor of the background under these weights.
    pub(super) factor: Vec<f64>,
}

impl Model {
    /// The plume as some scales have it.
    pub(super) fn shape(&self, scales: &[f64]) -> Shape {
        Shape {
            half_width: self.half_width,
            lid: self.lid,
            wider: [scales[ACROSS].exp(), scales[UP].exp()],
            turn: rotation(f64x4::splat(scales[TURN])),
        }
    }

    pub(super) fn column(&self, place: [f64; 3], scales: &[f64]) -> Column {
        let n = self.readings.len();
        let mut column = Column::new(Vec::with_capacity(n), Vec::with_capacity(n));
        let shape = self.shape(scales);
        let turns: Vec<f64> = self.wander.values(scales).map(|d| scales[TURN] + d).collect();
        for (some, pack) in self.readings.runs.iter().flat_map(fours).zip(&self.packs) {
            let turn = f64x4::from(four(&turns, &some));
            let share = share(&Shape { turn: rotation(turn), ..shape }, pack, place);
            column.mean.extend_from_slice(&share.mean.to_array()[..some.len()]);
            column.swing.extend_from_slice(&share.swing.to_array()[..some.len()]);
        }
        column
    }

    pub(super) fn emitter(&self, place: [f64; 3], ln_rate: f64, scales: &[f64]) -> Emitter {
        Emitter { place, ln_rate, column: Arc::new(self.column(place, scales)) }
    }

    /// Mixing ratio and swing of all sources together.
    pub(super) fn total(&self, sources: &[Emitter]) -> Column {
        let n = self.readings.len();
        let mut total = Column::new(vec![0.0; n], vec![0.0; n]);
        for source in sources {
            let rate = source.ln_rate.exp();
            let add = |to: &mut [f64], from: &[f64]| {
                to.iter_mut().zip(from).for_each(|(t, f)| *t += rate * f);
            };
            add(&mut total.mean, &source.column.mean);
            add(&mut total.swing, &source.column.swing);
        }
        total
    }

    /// Readings less sources.
    pub(super) fn without(&self, total: &Column) -> Vec<f64> {
        self.readings.values.iter().zip(&total.mean).map(|(y, c)| y - c).collect()
    }

    /// Readings less sources and background.
    pub(super) fn residual(&self, total: &Column, background: &[f64]) -> Vec<f64> {
        let mut residual = self.without(total);
        let air = self.basis.values(background);
        residual.iter_mut().zip(air).for_each(|(e, b)| *e -= b);
        residual
    }

    /// Variance of every reading: s² (1 + U₀⁴/U⁴)² + (r² + r₀²) m².
    pub(super) fn variances(&self, total: &Column, scales: &[f64]) -> Vec<f64> {
        let mut all = of_plumes(total, scales);
        for (k, run) in self.readings.runs.iter().enumerate() {
            let s2 = (2.0 * scales[NOISE + k]).exp();
            let each = all[run.clone()].iter_mut().zip(&self.readings.strays[run.clone()]);
            each.for_each(|(v, stray)| *v += s2 * stray);
        }
        all
    }

    /// ln of the density of the readings, without constants:
    ///
    /// ```text
    /// Σ_i 1/κ_i [ ν/2 ln v − (ν+1)/2 ln(ν v + e²) ]
    /// ```
    pub(super) fn ln_likelihood(&self, total: &Column, scales: &[f64], air: &[f64]) -> f64 {
        dot(&self.ln_each(total, scales, air), &self.counts)
    }

    /// The same reading by reading, before it counts for 1/κ; `air` is the background of each.
    pub(super) fn ln_each(&self, total: &Column, scales: &[f64], air: &[f64]) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.readings.len());
        for k in 0..self.readings.runs.len() {
            self.ln_of_run(k, (total, air), scales, &mut all);
        }
        all
    }

    /// The same of one sensor, added to others.
    fn ln_of_run(
        &self,
        k: usize,
        (total, air): (&Column, &[f64]),
        scales: &[f64],
        all: &mut Vec<f64>,
    ) {
        let (r2, half) = (f64x4::splat(discrepancy2(scales)), f64x4::splat(0.5));
        let s2 = f64x4::splat((2.0 * scales[NOISE + k]).exp());
        for some in fours(&self.readings.runs[k]) {
            let four = |x: &[f64]| f64x4::from(four(x, &some));
            let e = four(&self.readings.values) - four(&total.mean) - four(air);
            let m = four(&total.swing);
            let v = s2.mul_add(four(&self.readings.strays), r2 * m * m);
            // One logarithm for both: they are dear.
            let (v2, w) = (v * v, e.mul_add(e, v * NU));
            let w2 = w * w;
            let ln = half * (v2 * v2 * v / (w2 * w2 * w2)).ln();
            all.extend_from_slice(&ln.to_array()[..some.len()]);
        }
    }

    /// Whether nobody would believe in it, whatever is read.
    pub(super) fn out_of_question(&self, state: &State) -> bool {
        let prior = &self.prior;
        state.sources.len() > prior.most
            || state.sources.iter().any(|s| !prior.room.holds(s.place))
            || state.scales[DRIFT].max(state.scales[OWN_DRIFT]) > prior.ln_most_drift
    }

    pub(super) fn ln_prior(&self, state: &State) -> f64 {
        let prior = &self.prior;
        if self.out_of_question(state) {
            return f64::NEG_INFINITY;
        }
        let each = |s: &Emitter| {
            ln_normal(s.ln_rate, prior.ln_rate) + prior.ln_more - prior.room.volume().ln()
        };
        let scales = state.scales.iter().zip(&prior.scales).map(|(&x, &p)| ln_normal(x, p));
        let area = prior.room.size[0] * prior.room.size[1];
        state.sources.iter().map(each).sum::<f64>()
            + prior.seen.iter().map(|seen| seen.ln(&state.sources, area)).sum::<f64>()
            + scales.sum::<f64>()
            + self.basis.ln_prior(&state.background, state.loose())
    }

    /// A place turned about the middle of the readings, as the wind is.
    pub(super) fn turned(&self, place: [f64; 3], by: f64) -> [f64; 3] {
        let (x, y) = (place[0] - self.middle[0], place[1] - self.middle[1]);
        let (sin, cos) = by.sin_cos();
        [self.middle[0] + x * cos - y * sin, self.middle[1] + x * sin + y * cos, place[2]]
    }

    /// How probable a state is, given its total.
    pub(super) fn weigh(&self, state: &mut State) {
        state.ln_prior = self.ln_prior(state);
        if state.ln_prior == f64::NEG_INFINITY {
            return;
        }
        state.air = Arc::new(self.basis.values(&state.background));
        let each = self.ln_each(&state.total, &state.scales, &state.air);
        self.weighed(state, each);
    }

    /// The same of a state of which one scale of the errors or of the background is another: most of what was worked out still holds.
    pub(super) fn weigh_scale(&self, state: &mut State, which: usize) {
        state.ln_prior = self.ln_prior(state);
        if state.ln_prior == f64::NEG_INFINITY || (DRIFT..=OWN_DRIFT).contains(&which) {
            return;
        }
        if which < NOISE {
            let each = self.ln_each(&state.total, &state.scales, &state.air);
            return self.weighed(state, each);
        }
        let run = self.readings.runs[which - NOISE].clone();
        let mut each = state.ln_each[..run.start].to_vec();
        self.ln_of_run(which - NOISE, (&state.total, &state.air), &state.scales, &mut each);
        each.extend_from_slice(&state.ln_each[run.end..]);
        self.weighed(state, each);
    }

    /// Takes over ln of the density of every reading.
    pub(super) fn weighed(&self, state: &mut State, each: Vec<f64>) {
        let ln = dot(&each, &self.counts);
        state.ln_likelihood = if ln.is_finite() { ln } else { f64::NEG_INFINITY };
        state.ln_each = Arc::new(each);
    }

    /// A signal without what the background would take up of it.
    pub(super) fn cleaned(&self, signal: &[f64]) -> Vec<f64> {
        let air = self.basis.values(&self.taken_up(signal));
        signal.iter().zip(air).map(|(c, b)| c - b).collect()
    }

    /// The mean of a column without what the background would take up of it.
    pub(super) fn cleaned_of<'c>(&self, column: &'c Column) -> &'c [f64] {
        column.cleaned(|| self.cleaned(&column.mean))
    }

    /// aᵀ W̃ x of a cleaned x.
    pub(super) fn inner(&self, a: &[f64], cleaned: &[f64]) -> f64 {
        a.iter().zip(cleaned).zip(&self.pilot.weights).map(|((a, x), w)| a * x * w).sum()
    }

    /// Fits the background of a state to its sources and weighs it.
    pub(super) fn settle(&self, state: &mut State) {
        state.sort();
        state.total = Arc::new(self.total(&state.sources));
        state.background = self.taken_up(&self.without(&state.total));
        self.weigh(state);
    }

    /// What the background would take up of a signal, under the pilot's weights.
    pub(super) fn taken_up(&self, signal: &[f64]) -> Vec<f64> {
        let weighted: Vec<f64> =
            signal.iter().zip(&self.pilot.weights).map(|(c, w)| c * w).collect();
        let mut b = self.basis.gather(&weighted);
        crate::linear::forward(&self.pilot.factor, &mut b);
        crate::linear::backward(&self.pilot.factor, &mut b);
        b
    }
}

/// Some of many numbers, the last one again where there are fewer than four.
fn four(x: &[f64], some: &Range<usize>) -> [f64; LANES] {
    let last = || std::array::from_fn(|k| x[(some.start + k).min(some.end - 1)]);
    x[some.clone()].first_chunk().copied().unwrap_or_else(last)
}

/// Cosine and sine of 2 atan(a/2 + a³/24), which is the angle itself to 1e-4 below half a right one.
fn rotation(angle: f64x4) -> [f64x4; 2] {
    let half = angle * 0.5 * (angle * angle * (1.0 / 12.0) + 1.0);
    let square = half * half;
    let scale = f64x4::ONE / (square + 1.0);
    [(f64x4::ONE - square) * scale, half * 2.0 * scale]
}
