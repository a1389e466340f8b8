//! Whether a ring crosses itself.
//!
//! Places are directions from the middle of the Earth, so that neither the antimeridian nor a pole is special. An edge
//! is cut into pieces of at most 10 km, and a piece lies in the plane through its ends and the middle of the Earth: its
//! geodesic is never farther from that than [`TOUCH`]. Two pieces cross where the ends of each lie on both sides of the
//! other by more than that; by less they touch, which a ring may. Which pieces come near each other is asked of an
//! R*-tree of boxes.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};
use rstar::{AABB, RTree, RTreeObject};

/// Longest piece, radians as seen from the middle of the Earth: 10 km.
const PIECE_RAD: f64 = 0.001_57;
/// Nearer than this is touching, in radii of the Earth: 1 cm.
const TOUCH: f64 = 1.6e-9;
/// Square of the ratio of the axes of WGS 84.
const AXES_SQUARED: f64 = 0.993_305_620_009_858_7;
/// Pairs of pieces looked at before the ring is called too tangled: a second's work. Outlines of countries need five a
/// vertex.
const MOST_PAIRS: usize = 5_000_000;
/// Pieces of a ring, all edges together.
const MOST_PIECES: usize = 1_000_000;

type Direction = [f64; 3];

/// A piece of an edge.
struct Piece {
    ends: [Direction; 2],
    edge: usize,
}

impl RTreeObject for Piece {
    type Envelope = AABB<Direction>;

    /// The box of the chord, and of the arc above it.
    fn envelope(&self) -> Self::Envelope {
        let [a, b] = self.ends;
        let rise = square(minus(b, a)) / 8.0 * 1.1 + TOUCH;
        let low = std::array::from_fn(|i| a[i].min(b[i]) - rise);
        AABB::from_corners(low, std::array::from_fn(|i| a[i].max(b[i]) + rise))
    }
}

/// Why a ring is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tangle {
    /// Two edges cross, by the vertices from which they go.
    Cross(usize, usize),
    /// So many pieces lie near each other that it would take too long to look.
    TooMany,
}

/// That no two edges of a ring cross.
pub(super) fn none(ring: &[LatLon]) -> Result<(), Tangle> {
    look(ring, |one, other| Err(Tangle::Cross(one, other)))
}

/// All pairs of edges that cross, the lower first, in their order.
pub(super) fn all(ring: &[LatLon]) -> Result<Vec<(usize, usize)>, Tangle> {
    let mut all = Vec::new();
    look(ring, |one, other| {
        all.push((one, other));
        Ok(())
    })?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn look(
    ring: &[LatLon],
    mut found: impl FnMut(usize, usize) -> Result<(), Tangle>,
) -> Result<(), Tangle> {
    let tree = RTree::bulk_load(pieces(ring)?);
    let pairs = tree.intersection_candidates_with_other_tree(&tree);
    for (looked_at, (one, other)) in pairs.enumerate() {
        if looked_at > 2 * MOST_PAIRS {
            return Err(Tangle::TooMany);
        }
        if one.edge < other.edge && cross(one, other) {
            found(one.edge, other.edge)?;
        }
    }
    Ok(())
}

fn pieces(ring: &[LatLon]) -> Result<Vec<Piece>, Tangle> {
    let mut pieces = Vec::with_capacity(ring.len());
    for (edge, (from, to)) in ring.iter().zip(ring.iter().cycle().skip(1)).enumerate() {
        let (start, end) = (direction(*from), direction(*to));
        let count = (between_rad(start, end) / PIECE_RAD).ceil().max(1.0) as usize;
        if pieces.len() + count > MOST_PIECES {
            return Err(Tangle::TooMany);
        }
        cut([*from, *to], edge, count, &mut pieces);
    }
    Ok(pieces)
}

fn cut([from, to]: [LatLon; 2], edge: usize, count: usize, pieces: &mut Vec<Piece>) {
    let mut last = direction(from);
    if count > 1 {
        let (bearing, length) = bearing_and_distance(from, to);
        for i in 1..count {
            let way = Metres(length.0 * (i as f64 - golden_share(edge) / 2.0) / count as f64);
            let next = direction(destination(from, bearing, way));
            pieces.push(Piece { ends: [last, next], edge });
            last = next;
        }
    }
    pieces.push(Piece { ends: [last, direction(to)], edge });
}

/// A share that is another for each edge, so that what is symmetric is not cut where it crosses: pieces would only touch
/// there.
pub(super) fn golden_share(edge: usize) -> f64 {
    ((edge + 1) as f64 * 0.618_033_988_749_895).fract()
}

fn cross(one: &Piece, other: &Piece) -> bool {
    parts(one.ends, other.ends) && parts(other.ends, one.ends)
}

/// Whether the second's ends lie on both sides of the first. By differences, so that a metre is as sure as a mile.
fn parts([a, b]: [Direction; 2], ends: [Direction; 2]) -> bool {
    let along = minus(b, a);
    let beside = ends.map(|end| dot(a, times(along, minus(end, a))));
    let touch = TOUCH * square(along).sqrt();
    (beside[0] > touch && beside[1] < -touch) || (beside[0] < -touch && beside[1] > touch)
}

/// Angle between two places as seen from the middle of the Earth.
pub(super) fn angle_rad(a: LatLon, b: LatLon) -> f64 {
    between_rad(direction(a), direction(b))
}

fn between_rad(a: Direction, b: Direction) -> f64 {
    2.0 * (square(minus(b, a)).sqrt() / 2.0).min(1.0).asin()
}

fn direction(
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }: LatLon,
) -> Direction {
    let (sin, cos) = latitude.to_radians().sin_cos();
    let length = cos.hypot(AXES_SQUARED * sin);
    let (east, north) = longitude.to_radians().sin_cos();
    [cos * north / length, cos * east / length, AXES_SQUARED * sin / length]
}

fn minus(a: Direction, b: Direction) -> Direction {
    std::array::from_fn(|i| a[i] - b[i])
}

fn dot(a: Direction, b: Direction) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn square(a: Direction) -> f64 {
    dot(a, a)
}

fn times([a, b, c]: Direction, [x, y, z]: Direction) -> Direction {
    [b * z - c * y, c * x - a * z, a * y - b * x]
}

#[cfg(test)]
mod tests;
