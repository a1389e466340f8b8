//! Rings in a square: laid beside it, cut at its edges, measured.

use cathartes_core::{geometry::LatLon, map_tile::MapTile};

/// A ring in sides of a tile, all of it on one side of the antimeridian: each place beside the one before.
pub(super) fn together(tile: MapTile, ring: &[LatLon]) -> Vec<[f64; 2]> {
    let world = f64::from(1_u32 << tile.zoom());
    let mut before: Option<f64> = None;
    let beside = |place: &LatLon| {
        let [right, down] = tile.shares(*place);
        let turns = before.map_or(0.0, |before| ((right - before) / world).round());
        let right = right - turns * world;
        before = Some(right);
        [right, down]
    };
    ring.iter().map(beside).collect()
}

/// What of a ring lies between two edges, across and down (Sutherland and Hodgman 1974).
pub(super) fn clipped(ring: &[[f64; 2]], low: f64, high: f64) -> Vec<[f64; 2]> {
    let mut ring = ring.to_vec();
    for axis in [0, 1] {
        for (edge, sign) in [(low, 1.0), (high, -1.0)] {
            ring = cut(&ring, axis, edge, sign);
        }
    }
    ring
}

/// What of a ring lies on one side of an edge: above it where `sign` is 1, below where it is -1.
fn cut(ring: &[[f64; 2]], axis: usize, edge: f64, sign: f64) -> Vec<[f64; 2]> {
    let inside = |p: [f64; 2]| sign * (p[axis] - edge) >= 0.0;
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
    for (&a, &b) in before.zip(ring) {
        if inside(a) != inside(b) {
            let share = (edge - a[axis]) / (b[axis] - a[axis]);
            let mut crossing = [0, 1].map(|i| a[i] + share * (b[i] - a[i]));
            crossing[axis] = edge;
            kept.push(crossing);
        }
        if inside(b) {
            kept.push(b);
        }
    }
    kept
}

/// Twice the area of a ring, positive where it turns clockwise on the screen.
pub(super) fn twice_area(ring: &[[i32; 2]]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let pairs = ring.iter().zip(next);
    pairs.map(|(a, b)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1])).sum()
}
