//! Lines in the plane along which a sensor finds what there is to find.

use cathartes_core::{
    sortie::Pattern,
    units::{Degrees, Metres},
};

use super::plane::{Point, apart, dot, minus, plus, right, towards};

/// Neighbouring lines share so much of a swath.
const OVERLAP_RATIO: f64 = 0.2;
/// More lines than this are no pattern for one flight.
const MOST_LINES: f64 = 400.0;
/// Bearings that are tried where the wind says none.
const BEARINGS: u32 = 36;
/// Corners of an orbit and of a place.
const CORNERS: u32 = 16;
/// Places from which it looks in: so many distances and bearings.
const DISTANCES: u32 = 14;

/// What is looked at, in the plane.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub(crate) ring: Vec<Point>,
    pub(crate) middle: Point,
    pub(crate) radius_m: f64,
}

impl Spot {
    pub(crate) fn circle(middle: Point, radius_m: f64) -> Self {
        // The polygon is around the circle, so that covering it covers the place.
        let out_m = radius_m / (std::f64::consts::PI / f64::from(CORNERS)).cos();
        Self { ring: circle(middle, out_m, 0.0), middle, radius_m }
    }

    pub(crate) fn area(ring: Vec<Point>) -> Self {
        let [low, high] = bounds(&ring);
        let middle = [0, 1].map(|i| f64::midpoint(low[i], high[i]));
        let radius_m = ring.iter().map(|p| apart(*p, middle)).fold(0.0, f64::max);
        Self { ring, middle, radius_m }
    }
}

fn bounds(ring: &[Point]) -> [Point; 2] {
    let fold = |start: f64, of: fn(f64, f64) -> f64| {
        [0, 1].map(|i| ring.iter().map(|p: &Point| p[i]).fold(start, of))
    };
    [fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max)]
}

fn circle(middle: Point, radius_m: f64, from_deg: f64) -> Vec<Point> {
    let step = 360.0 / f64::from(CORNERS);
    let corner = |i: u32| plus(middle, towards(from_deg + step * f64::from(i)), radius_m);
    (0..CORNERS).map(corner).collect()
}

/// A line with what it is.
pub(crate) type Drawn = (Vec<Point>, Pattern);

/// The bearing along which fewest lines are needed.
pub(crate) fn longest_bearing_deg(ring: &[Point]) -> f64 {
    let width_m = |bearing_deg: f64| {
        let across = right(towards(bearing_deg));
        let all = || ring.iter().map(|p| dot(*p, across));
        all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min)
    };
    let all = (0..BEARINGS).map(|i| f64::from(i) * 180.0 / f64::from(BEARINGS));
    all.min_by(|one, other| width_m(*one).total_cmp(&width_m(*other))).unwrap_or(0.0)
}

/// Parallel lines that cover a spot.
///
/// Next of a line is not its neighbour but one that is at least two turning radii away, where there are lines enough.
pub(crate) fn survey(
    spot: &Spot,
    bearing_deg: f64,
    swath_m: f64,
    turn_radius_m: f64,
) -> Option<Drawn> {
    let along = towards(bearing_deg);
    let across = right(along);
    let all = || spot.ring.iter().map(|p| dot(*p, across));
    let first_m = all().fold(f64::INFINITY, f64::min);
    let width_m = all().fold(f64::NEG_INFINITY, f64::max) - first_m;
    let apart_m = swath_m * (1.0 - OVERLAP_RATIO);
    let lines = (width_m / apart_m).ceil().max(1.0);
    if !(lines <= MOST_LINES && swath_m > 0.0) {
        return None;
    }
    let spacing_m = if lines > 1.0 { width_m / lines } else { apart_m };
    let place = |u: f64, v: f64| plus(plus([0.0, 0.0], along, u), across, v);
    let line = |i: usize| {
        let at_m = first_m + width_m * (i as f64 + 0.5) / lines;
        let half_m = 0.5 * spacing_m;
        let [from, to] = extent(&spot.ring, along, across, [at_m - half_m, at_m + half_m]);
        [place(from, at_m), place(to, at_m)]
    };
    let count = lines as usize;
    let skip = ((2.0 * turn_radius_m / spacing_m).ceil().max(1.0) as usize).min(count);
    let order = (0..skip).flat_map(|begin| (begin..count).step_by(skip));
    let ends = order.enumerate().flat_map(|(number, i)| {
        let [from, to] = line(i);
        if number % 2 == 0 { [from, to] } else { [to, from] }
    });
    let pattern = Pattern::SurveyLines {
        spacing: Metres(spacing_m),
        lines: count,
        bearing: Degrees(bearing_deg.rem_euclid(360.0)),
    };
    Some((ends.collect(), pattern))
}

/// From where to where a strip along a bearing holds parts of a ring.
fn extent(ring: &[Point], along: Point, across: Point, [low, high]: [f64; 2]) -> [f64; 2] {
    let mut reach = [f64::INFINITY, f64::NEG_INFINITY];
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (va, vb) = (dot(*a, across), dot(*b, across));
        if va.max(vb) < low || va.min(vb) > high {
            continue;
        }
        let share = |v: f64| if va == vb { 0.0 } else { ((v - va) / (vb - va)).clamp(0.0, 1.0) };
        let both = if va == vb { [0.0, 1.0] } else { [share(low), share(high)] };
        for share in both {
            let u = dot(plus(*a, minus(*b, *a), share), along);
            reach = [reach[0].min(u), reach[1].max(u)];
        }
    }
    reach
}

/// Circles around a spot from which all of it is in range, the nearest first.
pub(crate) fn orbits(
    spot: &Spot,
    [nearest_m, range_m]: [f64; 2],
    turn_radius_m: f64,
) -> Vec<Drawn> {
    let low_m = (nearest_m + spot.radius_m).max(1.5 * turn_radius_m);
    let high_m = range_m - spot.radius_m;
    if high_m < low_m {
        return Vec::new();
    }
    let radius = |share: f64| {
        let radius_m = low_m + share * (high_m - low_m);
        let mut line = circle(spot.middle, radius_m, 0.0);
        line.extend(line.first().copied());
        (line, Pattern::Orbit { radius: Metres(radius_m) })
    };
    [0.0, 0.3, 0.6, 0.9].map(radius).into()
}

/// Racetracks beside a spot from which all of it is in range, the nearest first.
pub(crate) fn racetracks(
    spot: &Spot,
    [nearest_m, range_m]: [f64; 2],
    turn_radius_m: f64,
) -> impl Iterator<Item = Drawn> {
    let half_m = 2.0 * turn_radius_m;
    let high_m = ((range_m - spot.radius_m).powi(2) - half_m * half_m).max(0.0).sqrt();
    let low_m = (nearest_m + spot.radius_m).min(high_m);
    let middle = spot.middle;
    let distances = (0..=DISTANCES).map(move |i| {
        let share = f64::from(i) / f64::from(DISTANCES);
        low_m + share * (high_m - low_m)
    });
    let fits = range_m > spot.radius_m + half_m;
    distances.filter(move |_| fits).flat_map(move |stand_off_m| {
        (0..BEARINGS).map(move |i| {
            let out = towards(f64::from(i) * 360.0 / f64::from(BEARINGS));
            let aside = right(out);
            let near = plus(middle, out, stand_off_m);
            let far = plus(near, out, 2.0 * turn_radius_m);
            let [a, b] = [plus(near, aside, -half_m), plus(near, aside, half_m)];
            let [c, d] = [plus(far, aside, half_m), plus(far, aside, -half_m)];
            let pattern =
                Pattern::Racetrack { stand_off: Metres(stand_off_m), length: Metres(2.0 * half_m) };
            (vec![a, b, c, d, a], pattern)
        })
    })
}

#[cfg(test)]
mod tests;
