//! Signed distances of geodesics from polygons. No way over the ellipsoid is shorter than the straight line, and that is
//! no shorter than b times the one on the auxiliary sphere: edges that are too far off by this are passed over.

use crate::documents::must;
use crate::geodesic::{Arc, MINOR_M, Place, place, turn};

/// What is farther counts as this.
pub(crate) const FARTHEST_M: f64 = 5e6;

/// Rings, the outline first, by their edges and whether they enclose the north pole.
#[derive(serde::Deserialize)]
#[serde(try_from = "Vec<Vec<[f64; 2]>>")]
pub(crate) struct Polygon(Vec<(Vec<Arc>, bool)>);

impl TryFrom<Vec<Vec<[f64; 2]>>> for Polygon {
    type Error = String;

    fn try_from(rings: Vec<Vec<[f64; 2]>>) -> Result<Self, String> {
        let on_earth = |[lon, lat]: &[f64; 2]| lon.abs() <= 180.0 && lat.abs() <= 89.99;
        must(!rings.is_empty(), "a polygon without rings")?;
        must(rings.iter().flatten().all(on_earth), "a vertex beyond 180° or 89.99°")?;
        let ring = |mut ring: Vec<[f64; 2]>| {
            ring.truncate(ring.len() - usize::from(ring.len() > 1 && ring.first() == ring.last()));
            must(ring.len() > 2, "a ring of fewer than three vertices")?;
            let next = ring.iter().cycle().skip(1);
            let ends = ring.iter().zip(next).map(|(a, b)| [a, b].map(|at| place(at[0], at[1])));
            let edges: Vec<_> = ends.map(Arc::between).collect();
            let short = edges.iter().all(|edge| edge.length_m < 2_000_000.001);
            must(short, "an edge longer than 2,000 km")?;
            let round = edges.iter().map(|edge| turn(edge.ends)).sum::<f64>().abs() > 3.0;
            Ok((edges, round && ring.iter().map(|vertex| vertex[1]).sum::<f64>() > 0.0))
        };
        rings.into_iter().map(ring).collect::<Result<_, _>>().map(Self)
    }
}

/// Whether a walk north from a place crosses an edge; of two that meet on its meridian one is crossed.
fn is_north_of(place: Place, edge: &Arc) -> bool {
    let [first, last] = edge.ends.map(|end| turn([place, end]) < 0.0);
    let (east, rise) = (turn(edge.ends) > 0.0, edge.ends[0][2] - place[2]);
    // An edge rises by no more than its length, which is 0.32 of b.
    let above = || rise > 0.4 || rise > -0.4 && (edge.distance_m(place) > 0.0) == east;
    first != last && first == east && above()
}

impl Polygon {
    /// Shortest distance from the edges where all of the arc is on the right side, by a millimetre at least; else minus
    /// that of a place, and less than any of a longer arc, for how deep it goes is not asked.
    pub(crate) fn signed_m(&self, arc: &Arc, inside_is_right: bool) -> f64 {
        let within = |(edges, encloses_north): &(Vec<Arc>, bool)| {
            let north = edges.iter().filter(|edge| is_north_of(arc.ends[0], edge)).count();
            (north % 2 == 1) != *encloses_north
        };
        let inside = within(&self.0[0]) && !self.0[1..].iter().any(within);
        match self.nearest_m(arc) {
            distance if distance > 0.001 && inside == inside_is_right => distance,
            distance if arc.ends[0] == arc.ends[1] => -distance,
            _ => -FARTHEST_M,
        }
    }

    fn nearest_m(&self, arc: &Arc) -> f64 {
        let least = |edge: &&Arc| {
            let [x, y, z] = [0, 1, 2].map(|i| edge.ends[0][i] - arc.ends[0][i]);
            MINOR_M * (x * x + y * y + z * z).sqrt() - edge.length_m - arc.length_m
        };
        let edges = || self.0.iter().flat_map(|(edges, _)| edges);
        let first = edges().min_by(|a, b| least(a).total_cmp(&least(b)));
        first.into_iter().chain(edges()).fold(FARTHEST_M, |best, edge| {
            if least(&edge) < best { best.min(arc.apart_m(edge)) } else { best }
        })
    }
}

#[cfg(test)]
mod tests;
