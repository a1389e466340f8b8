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
const ROUNDS: usize = 40;

/// A ring that crosses itself no more as far as that is a matter of rounding, and how far its border has moved at most.
pub(super) fn untangled(mut ring: Vec<LatLon>) -> (Vec<LatLon>, Metres) {
    let mut moved = 0.0;
    for _ in 0..ROUNDS {
        let Ok(crossings) = crossing::all(&ring) else { break };
        let step = cut_off(&mut ring, &crossings).or_else(|| turn(&mut ring, &crossings));
        let Some(step) = step else { break };
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
    let length = |edge: usize| between(ring, edge, edge + 1);
    let longest = |(one, other): (usize, usize)| length(one).max(length(other));
    let found = crossings.iter().find(|pair| longest(**pair) <= FARTHEST.0)?;
    let moved = longest(*found);
    ring.get_mut(found.0 + 1..=found.1)?.reverse();
    Some(moved)
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
