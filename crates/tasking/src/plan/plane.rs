//! A plane around one place, metres east and north: azimuthal equidistant, so that distances from the middle are right and
//! those between places are right to d²/6R², 0.1 % at 500 km.
//!
//! What is planned in it is rough, and is held to nothing before it is certified on the ellipsoid.

use cathartes_core::{
    airspace::Polygon,
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use crate::path::Path;

/// Metres east and north.
pub(crate) type Point = [f64; 2];

/// Longer edges are bent: they are geodesics.
const STRAIGHT_M: f64 = 20_000.0;
/// No edge becomes more than so many.
const MOST_PARTS: f64 = 100.0;

/// The plane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    middle: LatLon,
}

impl Plane {
    pub(crate) fn new(middle: LatLon) -> Self {
        Self { middle }
    }

    pub(crate) fn of(&self, place: LatLon) -> Point {
        let (azimuth, distance) = bearing_and_distance(self.middle, place);
        let (sin, cos) = azimuth.0.to_radians().sin_cos();
        [distance.0 * sin, distance.0 * cos]
    }

    pub(crate) fn place(&self, at: Point) -> LatLon {
        destination(self.middle, Degrees(at[0].atan2(at[1]).to_degrees()), Metres(length(at)))
    }
}

pub(crate) fn length(a: Point) -> f64 {
    a[0].hypot(a[1])
}

pub(crate) fn plus(a: Point, b: Point, times: f64) -> Point {
    [a[0] + times * b[0], a[1] + times * b[1]]
}

pub(crate) fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

pub(crate) fn apart(a: Point, b: Point) -> f64 {
    length(minus(a, b))
}

pub(crate) fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// A step of one metre on a bearing.
pub(crate) fn towards(bearing_deg: f64) -> Point {
    let (sin, cos) = bearing_deg.to_radians().sin_cos();
    [sin, cos]
}

/// The same turned a quarter to the right.
pub(crate) fn right(a: Point) -> Point {
    [a[1], -a[0]]
}

/// How far a line turns at a corner, radians.
pub(crate) fn turn(a: Point, b: Point, c: Point) -> f64 {
    let (u, v) = (minus(b, a), minus(c, b));
    let across = u[0] * v[1] - u[1] * v[0];
    across.abs().atan2(dot(u, v))
}

fn point_to_edge(p: Point, a: Point, b: Point) -> f64 {
    let along = minus(b, a);
    let length_2 = dot(along, along);
    let share = if length_2 > 0.0 { dot(minus(p, a), along) / length_2 } else { 0.0 };
    apart(p, plus(a, along, share.clamp(0.0, 1.0)))
}

/// Whether two edges cross.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| {
        let (u, v) = (minus(q, p), minus(r, p));
        u[0] * v[1] - u[1] * v[0]
    };
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Distance between two edges.
fn edge_to_edge(a: Point, b: Point, c: Point, d: Point) -> f64 {
    if cross(a, b, c, d) {
        return 0.0;
    }
    let one = point_to_edge(a, c, d).min(point_to_edge(b, c, d));
    one.min(point_to_edge(c, a, b)).min(point_to_edge(d, a, b))
}

/// A polygon in the plane.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) rings: Vec<Vec<Point>>,
}

impl Shape {
    pub(crate) fn new(plane: Plane, polygon: &Polygon) -> Self {
        let ring = |ring: &Vec<LatLon>| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).flat_map(|(a, b)| edge(plane, *a, *b)).collect()
        };
        Self { rings: polygon.rings.iter().map(ring).collect() }
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        self.rings.iter().flat_map(|ring| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().copied().zip(next.copied())
        })
    }

    /// Whether a place is within the outline and in no hole.
    pub(crate) fn holds(&self, p: Point) -> bool {
        let mut rings = self.rings.iter();
        rings.next().is_some_and(|ring| holds(ring, p)) && !rings.any(|ring| holds(ring, p))
    }

    /// Whether a line keeps so far from all edges.
    pub(crate) fn clear(&self, a: Point, b: Point, margin_m: f64) -> bool {
        let low = [0, 1].map(|i| a[i].min(b[i]) - margin_m);
        let high = [0, 1].map(|i| a[i].max(b[i]) + margin_m);
        let far = |c: Point, d: Point| {
            [0, 1].into_iter().any(|i| c[i].max(d[i]) < low[i] || c[i].min(d[i]) > high[i])
        };
        self.edges().all(|(c, d)| far(c, d) || edge_to_edge(a, b, c, d) >= margin_m)
    }
}

/// An edge in parts that are nearly straight, without its end.
fn edge(plane: Plane, a: LatLon, b: LatLon) -> Vec<Point> {
    let path = Path::new(a, b);
    let parts = (path.length_m / STRAIGHT_M).ceil().clamp(1.0, MOST_PARTS);
    (0..parts as usize).map(|i| plane.of(path.at(i as f64 / parts))).collect()
}

/// Whether a place is inside a ring.
pub(crate) fn holds(ring: &[Point], p: Point) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossed = |(a, b): &(&Point, &Point)| {
        (a[1] > p[1]) != (b[1] > p[1])
            && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]
    };
    ring.iter().zip(next).filter(crossed).count() % 2 == 1
}

#[cfg(test)]
mod tests;
