//! From draws to sources.
//!
//! Draws do not say which source is which. The best draw with as many sources as two in three draws have at least names
//! them: one more or less is easily as likely, and a half would be met by chance. The sources of all draws are matched to these by distance, in units of the spread that the
//! matched ones have, and so on until that settles. How often a source finds its match is the
//! probability that it exists; the matched places and rates are its posterior.
//!
//! Ellipses reach farther than draws do. On simulated sites half of the true places lie within the distance that half of
//! the draws do, but nine in ten only within 1.2 times that of nine in ten draws: what the model leaves out is more at one site
//! and less at another, and draws of one site know nothing of that. So do places of Student's t of some four degrees of freedom.

use cathartes_core::{
    estimate::Interval90,
    source::{DensityMap, Ellipse90, Fitted, SensorFit, Source},
    trace::{LocalPlace, SearchVolume},
    units::{Degrees, KgPerHour, Metres, PartsPerMillion},
};

use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    model::{Model, NOISE, Room},
    population::{Draw, Sums},
};

/// A source farther than this from a match, in deviations, is another.
const GATE: f64 = 4.0;
/// Least deviation of a match, m: a source is no point.
const LEAST: f64 = 0.3;
/// Relative deviation of a measured wind speed from that at the plume. Readings know nothing of it: it
/// goes into the rate as it is.
const SPEED: f64 = 0.07;
/// How thick a wall is, as share of the room, and which share of a source may lie along walls.
const WALL: f64 = 0.05;
const PRESSED: f64 = 0.35;
/// A source whose ellipse covers more than this share of the ground has no place.
const MOST_GROUND: f64 = 0.72;
/// How much farther nine in ten true places reach than nine in ten draws.
const FARTHER: f64 = 1.2;
/// Share of draws that have as many sources as are looked for, or more.
const AT_LEAST: f64 = 2.0 / 3.0;
/// Cells along the longer side of the map.
const CELLS: f64 = 60.0;

/// Place and kg/h of a source in one draw.
type Found = ([f64; 3], f64);

/// Middle, and the three numbers of the covariance on the ground.
#[derive(Debug, Clone, Copy)]
struct Cloud {
    place: [f64; 3],
    covariance: [f64; 3],
}

impl Cloud {
    fn of(found: &[Found]) -> Self {
        let place = [0, 1, 2].map(|k| median(found.iter().map(|f| f.0[k]).collect()));
        let n = found.len() as f64;
        let mean = |a: usize, b: usize| {
            found.iter().map(|f| (f.0[a] - place[a]) * (f.0[b] - place[b])).sum::<f64>() / n
        };
        let covariance = [mean(0, 0) + LEAST * LEAST, mean(0, 1), mean(1, 1) + LEAST * LEAST];
        Self { place, covariance }
    }

    /// Squared distance in deviations.
    fn distance2(&self, place: [f64; 3]) -> f64 {
        let [xx, xy, yy] = self.covariance;
        let (dx, dy) = (place[0] - self.place[0], place[1] - self.place[1]);
        (yy * dx * dx - 2.0 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy)
    }

    /// The ellipse of this shape that holds the true place nine times in ten.
    fn ellipse(&self, found: &[Found]) -> Ellipse90 {
        let [xx, xy, yy] = self.covariance;
        let distances = found.iter().map(|f| self.distance2(f.0)).collect();
        let reach = FARTHER * quantile(distances, 0.9).sqrt();
        let (half, difference) = (0.5 * (xx + yy), (0.5 * (xx - yy)).hypot(xy));
        // Clockwise from north: the angle of the axis that is longest.
        let bearing = 90.0 - 0.5 * (2.0 * xy).atan2(xx - yy).to_degrees();
        Ellipse90 {
            semi_major: Metres(reach * (half + difference).sqrt()),
            semi_minor: Metres(reach * (half - difference).max(0.0).sqrt()),
            bearing: Degrees(bearing.rem_euclid(180.0)),
        }
    }
}

fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = share * (values.len() - 1) as f64;
    let (i, f) = (at as usize, at.fract());
    values[i] + f * (values[(i + 1).min(values.len() - 1)] - values[i])
}

fn median(values: Vec<f64>) -> f64 {
    quantile(values, 0.5)
}

/// Probability of no source, one, two …
pub(super) fn counts(draws: &[&Draw]) -> Vec<f64> {
    let most = draws.iter().map(|d| d.sources.len()).max().unwrap_or(0);
    let mut counts = vec![0.0; most + 1];
    for draw in draws {
        counts[draw.sources.len()] += 1.0 / draws.len() as f64;
    }
    counts
}

/// Every source that draws know, the more probable first, whatever its probability; but none that is
/// pressed against a wall of the room: what would rather be outside is not from here; nor one that may be
/// anywhere.
pub(super) fn sources(draws: &[&Draw], room: &Room) -> Vec<Source> {
    let mut groups = matched(draws, room.size);
    groups.retain(|group| !pressed(group, room));
    let mut all: Vec<Source> =
        groups.iter().filter(|g| g.len() > 1).map(|g| source(g, draws.len())).collect();
    all.retain(|s| covers(&s.ellipse) < MOST_GROUND * room.size[0] * room.size[1]);
    all.sort_by(|a, b| b.existence_probability.total_cmp(&a.existence_probability));
    (1..).zip(&mut all).for_each(|(number, source)| source.number = number);
    all
}

fn source(found: &[Found], draws: usize) -> Source {
    let cloud = Cloud::of(found);
    let ups: Vec<f64> = found.iter().map(|f| f.0[2]).collect();
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(found.len() as u64);
    let mut speed = || (SPEED * Distribution::<f64>::sample(&StandardNormal, &mut dice)).exp();
    let rates: Vec<f64> = found.iter().map(|f| f.1 * speed()).collect();
    let ends = |v: &[f64]| (quantile(v.to_vec(), 0.05), quantile(v.to_vec(), 0.95));
    let (up, rate) = (ends(&ups), ends(&rates));
    let [east, north, height] = cloud.place.map(Metres);
    Source {
        number: 0,
        place: LocalPlace { east, north, up: height },
        ellipse: cloud.ellipse(found),
        up_range: Interval90 { low: Metres(up.0), high: Metres(up.1) },
        rate: KgPerHour(median(rates)),
        rate_range: Interval90 { low: KgPerHour(rate.0), high: KgPerHour(rate.1) },
        existence_probability: found.len() as f64 / draws as f64,
    }
}

/// m².
fn covers(ellipse: &Ellipse90) -> f64 {
    std::f64::consts::PI * ellipse.semi_major.0 * ellipse.semi_minor.0
}

/// Whether much of a source lies along the walls.
fn pressed(found: &[Found], room: &Room) -> bool {
    let along = |f: &&Found| {
        (0..2).any(|k| {
            let share = (f.0[k] - room.low[k]) / room.size[k];
            !(WALL..=1.0 - WALL).contains(&share)
        })
    };
    found.iter().filter(along).count() as f64 > PRESSED * found.len() as f64
}

/// Sources of all draws by the reference they match.
fn matched(draws: &[&Draw], room_size: [f64; 3]) -> Vec<Vec<Found>> {
    let count = believed(&counts(draws));
    let candidates = draws.iter().filter(|d| d.sources.len() == count);
    let Some(best) = candidates.max_by(|a, b| a.ln_posterior.total_cmp(&b.ln_posterior)) else {
        return Vec::new();
    };
    let wide = [0, 1].map(|k| (0.05 * room_size[k]).powi(2));
    let cloud = |s: &Found| Cloud { place: s.0, covariance: [wide[0], 0.0, wide[1]] };
    let mut clouds: Vec<Cloud> = best.sources.iter().map(cloud).collect();
    let mut groups = Vec::new();
    for _ in 0..8 {
        groups = vec![Vec::new(); clouds.len()];
        for draw in draws {
            assign(&draw.sources, &clouds, &mut groups);
        }
        for (cloud, group) in clouds.iter_mut().zip(&groups) {
            if group.len() > 1 {
                *cloud = Cloud::of(group);
            }
        }
    }
    groups
}

/// The largest number of sources that is believed.
fn believed(counts: &[f64]) -> usize {
    let at_least = |n: &usize| counts[*n..].iter().sum::<f64>() >= AT_LEAST;
    (0..counts.len()).rev().find(at_least).unwrap_or(0)
}

/// The nearest pairs first, each source and each reference once.
fn assign(sources: &[Found], clouds: &[Cloud], groups: &mut [Vec<Found>]) {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, source) in sources.iter().enumerate() {
        for (j, cloud) in clouds.iter().enumerate() {
            pairs.push((cloud.distance2(source.0), i, j));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut used, mut taken) = (vec![false; sources.len()], vec![false; clouds.len()]);
    for (distance2, i, j) in pairs {
        if distance2 < GATE * GATE && !used[i] && !taken[j] {
            (used[i], taken[j]) = (true, true);
            groups[j].push(sources[i]);
        }
    }
}

/// Expected number of sources by cell.
pub(super) fn density(draws: &[&Draw], volume: &SearchVolume) -> DensityMap {
    let (east, north) = (volume.east, volume.north);
    let size = [east.to.0 - east.from.0, north.to.0 - north.from.0];
    let cell = size[0].max(size[1]) / CELLS;
    let count = |k: usize| ((size[k] / cell).round() as usize).max(1);
    let (columns, rows) = (count(0), count(1));
    let mut sources_per_cell = vec![0.0; columns * rows];
    for (place, _) in draws.iter().flat_map(|d| &d.sources) {
        let at = |x: f64, n: usize, k: usize| ((x / size[k] * n as f64) as usize).min(n - 1);
        let (i, j) = (at(place[0] - east.from.0, columns, 0), at(place[1] - north.from.0, rows, 1));
        sources_per_cell[j * columns + i] += 1.0 / draws.len() as f64;
    }
    DensityMap { volume: *volume, columns, rows, sources_per_cell }
}

/// Means over all chains, in the order of the trace.
pub(super) fn fitted(model: &Model, sums: &[&Sums]) -> Vec<Fitted> {
    let draws: usize = sums.iter().map(|s| s.draws).sum();
    let mean = |pick: fn(&Sums) -> &Vec<f64>, i: usize| {
        sums.iter().map(|s| pick(s)[i]).sum::<f64>() / draws as f64
    };
    let nothing = PartsPerMillion(0.0);
    let mut all =
        vec![Fitted { value: nothing, background: nothing, std: nothing }; model.readings.len()];
    for (i, &at) in model.readings.order.iter().enumerate() {
        let air = model.readings.level + mean(|s| &s.background, i);
        all[at] = Fitted {
            value: PartsPerMillion(air + mean(|s| &s.sources, i)),
            background: PartsPerMillion(air),
            std: PartsPerMillion(mean(|s| &s.variance, i).sqrt()),
        };
    }
    all
}

/// How well each sensor is explained.
pub(super) fn fit(model: &Model, fitted: &[Fitted], draws: &[&Draw]) -> Vec<SensorFit> {
    let each = |(k, run): (usize, &std::ops::Range<usize>)| {
        let z2 = run.clone().map(|i| {
            let fitted = &fitted[model.readings.order[i]];
            let value = model.readings.level + model.readings.values[i];
            ((value - fitted.value.0) / fitted.std.0).powi(2)
        });
        let noise = draws.iter().map(|d| d.scales[NOISE + k].exp()).sum::<f64>();
        SensorFit {
            sensor: model.readings.sensors[k],
            relative_residual: (z2.sum::<f64>() / run.len() as f64).sqrt(),
            noise: PartsPerMillion(noise / draws.len() as f64),
        }
    };
    model.readings.runs.iter().enumerate().map(each).collect()
}

#[cfg(test)]
mod tests;
