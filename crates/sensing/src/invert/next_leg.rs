//! Where a drone in the air should measure next.
//!
//! Draws d say what a leg would read, y, and where the source is, p. What is expected to be left
//! of the variance of p once y is known is, to first order in both,
//!
//! ```text
//! Var p − Cov(p, y) (Cov(y, y) + R)⁻¹ Cov(y, p),     R = s² + r² mean(m)²
//! ```
//!
//! Legs tried: straight ones across the wind, one behind the other and lawn-mowers of two and three
//! rows, at several distances downwind of the strongest source, and at several heights. Linear, so it
//! ranks legs rather than promising what they bring.

use cathartes_core::{source::NextLeg, trace::LocalPlace, units::Metres};

use super::{
    air::Flow,
    model::{DISCREPANCY, Model, NOISE},
    plume::{Pack, Sight, share},
    population::Draw,
};
use crate::linear::{cholesky, forward};

/// Readings of a leg.
const READINGS: usize = 40;
/// Draws that speak.
const DRAWS: usize = 300;

/// The best of the legs tried; `None` when no draw has a source.
pub(super) fn plan(model: &Model, draws: &[&Draw], length_m: f64) -> Option<NextLeg> {
    let with: Vec<&Draw> = draws.iter().copied().filter(|d| !d.sources.is_empty()).collect();
    let some: Vec<&Draw> =
        with.iter().step_by(with.len().div_ceil(DRAWS).max(1)).copied().collect();
    let strongest: Vec<[f64; 3]> = some.iter().map(|d| place_of(d)).collect();
    // Of wind that is yet to come no way is known.
    let flow = &Flow { way: None, ..*model.readings.flows.last()? };
    let middle = mean_place(&strongest)?;
    let tried = legs(middle, flow, length_m).into_iter().map(|track| {
        let left = variance_left(model, &some, &strongest, &track, flow);
        (left, track)
    });
    let (left, track) = tried.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let place =
        |p: &[f64; 3]| LocalPlace { east: Metres(p[0]), north: Metres(p[1]), up: Metres(p[2]) };
    let now = [0, 1].map(|k| covariance(&values(&strongest, k), &values(&strongest, k)));
    Some(NextLeg {
        track: track.iter().map(place).collect(),
        deviation_now: Metres((now[0] + now[1]).sqrt()),
        deviation_after: Metres(left.max(0.0).sqrt()),
    })
}

fn place_of(draw: &Draw) -> [f64; 3] {
    let best = draw.sources.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or([0.0; 3], |s| s.0)
}

fn mean_place(places: &[[f64; 3]]) -> Option<[f64; 3]> {
    let n = places.len() as f64;
    (n > 1.0).then(|| [0, 1, 2].map(|k| places.iter().map(|p| p[k]).sum::<f64>() / n))
}

fn values(places: &[[f64; 3]], k: usize) -> Vec<f64> {
    places.iter().map(|p| p[k]).collect()
}

/// Corners of every leg tried.
fn legs(middle: [f64; 3], flow: &Flow, length_m: f64) -> Vec<Vec<[f64; 3]>> {
    let [e, n] = flow.along;
    let at = |x: f64, y: f64, up: f64| [middle[0] + x * e - y * n, middle[1] + x * n + y * e, up];
    let mut legs = Vec::new();
    for rows in 1..=3_usize {
        let half = 0.5 * length_m / rows as f64;
        for away in [10.0, 20.0, 40.0, 80.0] {
            for up in [2.0, 5.0, 10.0, 20.0] {
                let corners = (0..rows).flat_map(|row| {
                    let x = away * (1.0 + row as f64);
                    let side = if row % 2 == 0 { -half } else { half };
                    [at(x, side, up), at(x, -side, up)]
                });
                legs.push(corners.collect());
            }
        }
    }
    legs
}

/// Places of the readings, evenly along the corners.
fn readings(track: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let sides = track.len() - 1;
    let each = READINGS.div_ceil(sides);
    let along = |i: usize| {
        let (side, t) = (i / each, (i % each) as f64 / each as f64);
        std::array::from_fn(|k| track[side][k] + t * (track[side + 1][k] - track[side][k]))
    };
    (0..sides * each).map(along).collect()
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / n
}

/// Variance of the place over both axes of the ground that a leg is expected to leave.
fn variance_left(
    model: &Model,
    draws: &[&Draw],
    places: &[[f64; 3]],
    track: &[[f64; 3]],
    flow: &Flow,
) -> f64 {
    let (columns, noise): (Vec<Vec<f64>>, Vec<f64>) =
        readings(track).into_iter().map(|place| foretold(model, draws, flow, place)).unzip();
    let p = columns.len();
    let mut h = vec![0.0; p * p];
    for i in 0..p {
        for j in 0..=i {
            h[i * p + j] = covariance(&columns[i], &columns[j]);
        }
        h[i * p + i] += noise[i];
    }
    let known = cholesky(&mut h, p).is_some();
    let left = |k: usize| {
        let axis = values(places, k);
        let mut c: Vec<f64> = columns.iter().map(|y| covariance(y, &axis)).collect();
        forward(&h, &mut c);
        covariance(&axis, &axis) - c.iter().map(|x| x * x).sum::<f64>()
    };
    if known { left(0) + left(1) } else { f64::INFINITY }
}

/// What each draw would read at a place, and the variance of its error.
fn foretold(model: &Model, draws: &[&Draw], flow: &Flow, place: [f64; 3]) -> (Vec<f64>, f64) {
    let pack = Pack::new(&[*flow], &[Sight { from: place, reach: None }]);
    let mut noise = 0.0;
    let mut read = Vec::with_capacity(draws.len());
    for draw in draws {
        let scales = &draw.scales;
        let shape = model.shape(scales);
        let (mut mean, mut swing) = (0.0, 0.0);
        for &(source, rate) in &draw.sources {
            let share = share(&shape, &pack, source);
            mean += rate * share.mean.to_array()[0];
            swing += rate * share.swing.to_array()[0];
        }
        noise += (2.0 * scales[NOISE]).exp() + (scales[DISCREPANCY].exp() * swing).powi(2);
        read.push(mean);
    }
    (read, noise / draws.len() as f64)
}
