//! Rings of coarse maps: places are rounded to a grid of some hundred metres, so that narrow bends cross themselves and
//! small islands vanish. Small loops that arose so are cut off; long and narrow ones, whose sides are exchanged, have
//! them put right where they cross. How far either moves the border is told.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    units::Metres,
};

use crate::airspace::crossing;

/// What reaches farther is no matter of rounding.
const FARTHEST: Metres = Metres(5_000.0);
/// Cutting a loop off may let others cross; each round leaves fewer vertices or crossings.
pub(super) const ROUNDS: usize = 400;

/// A ring that crosses itself no more as far as that is a matter of rounding and the rounds last, and how far its border
/// has moved at most.
pub(super) fn untangled(mut ring: Vec<LatLon>, rounds: &mut usize) -> (Vec<LatLon>, Metres) {
    let mut moved = 0.0;
    while *rounds > 0 {
        let Ok(crossings) = crossing::all(&ring) else { break };
        let step = cut_off(&mut ring, &crossings).or_else(|| turn(&mut ring, &crossings));
        let Some(step) = step else { break };
        *rounds -= 1;
        moved = step.max(moved);
    }
    (ring, Metres(moved))
}

/// Takes small loops out; `None` where there is none. Metres from where a loop closes to its farthest place.
fn cut_off(ring: &mut Vec<LatLon>, crossings: &[(usize, usize)]) -> Option<f64> {
    let mut moved: Option<f64> = None;
    let mut cut = vec![false; ring.len()];
    for &(one, other) in crossings {
        let vertices = shorter(one, other, ring.len());
        let reach = vertices.clone().map(|i| between(ring, one, i)).fold(0.0, f64::max);
        if reach <= FARTHEST.0 && !vertices.clone().any(|i| flag(&cut, i)) && !flag(&cut, one) {
            moved = Some(moved.unwrap_or(0.0).max(reach));
            vertices.for_each(|i| set(&mut cut, i));
        }
    }
    let mut cut = cut.into_iter();
    ring.retain(|_| !cut.next().unwrap_or(false));
    moved
}

/// Runs through the first long loop the other way, which exchanges two edges for two between the same four places.
fn turn(ring: &mut [LatLon], crossings: &[(usize, usize)]) -> Option<f64> {
    let moves = crossings.iter().map(|pair| (*pair, exchanged_m(ring, *pair)));
    let ((one, other), moved) = moves.into_iter().find(|(_, moved)| *moved <= FARTHEST.0)?;
    ring.get_mut(one + 1..=other)?.reverse();
    Some(moved)
}

/// How far the border moves when edges that cross are exchanged for those between their beginnings and between their
/// ends: how far the place where they cross is from these. On the plane about the first of the four places.
fn exchanged_m(ring: &[LatLon], (one, other): (usize, usize)) -> f64 {
    let place = |i: usize| {
        let (bearing, way) =
            bearing_and_distance(*ring.get(one)?, *ring.get(i % ring.len().max(1))?);
        let (sin, cos) = bearing.0.to_radians().sin_cos();
        Some([way.0 * sin, way.0 * cos])
    };
    let four = [one, one + 1, other, other + 1].map(place);
    let [Some(a), Some(b), Some(c), Some(d)] = four else { return f64::MAX };
    let (along, across) = (minus(b, a), minus(d, c));
    let share = area(minus(c, a), across) / area(along, across);
    let cross = [a[0] + share * along[0], a[1] + share * along[1]];
    let moved = aside(cross, a, c).max(aside(cross, b, d));
    if moved.is_finite() { moved } else { f64::MAX }
}

fn minus(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

fn area(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

/// How far a place is from the line between two.
fn aside(place: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let (along, away) = (minus(to, from), minus(place, from));
    let length = along[0].hypot(along[1]);
    if length == 0.0 { away[0].hypot(away[1]) } else { (area(along, away) / length).abs() }
}

fn flag(flags: &[bool], i: usize) -> bool {
    flags.get(i % flags.len().max(1)).copied().unwrap_or(false)
}

fn set(flags: &mut [bool], i: usize) {
    let n = flags.len().max(1);
    if let Some(flag) = flags.get_mut(i % n) {
        *flag = true;
    }
}

/// The vertices from one edge to another, the shorter way round; beyond the last they begin again.
fn shorter(one: usize, other: usize, vertices: usize) -> std::ops::RangeInclusive<usize> {
    if 2 * (other - one) <= vertices { one + 1..=other } else { other + 1..=one + vertices }
}

fn between(ring: &[LatLon], one: usize, i: usize) -> f64 {
    let places = ring.get(one).zip(ring.get(i % ring.len().max(1)));
    places.map_or(f64::MAX, |(a, b)| bearing_and_distance(*a, *b).1.0)
}
