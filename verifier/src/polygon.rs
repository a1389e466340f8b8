//! Signed distances of geodesics from polygons.
//!
//! How far an arc strays is max over x of min over edges of d(x, e). Along a geodesic d is convex but for d″ ≥
//! −tan(d/R)/R: in an arc of length L no place is farther from an edge than its farther end and L² tan(d/R)/8R, nor
//! farther from all than half of L and of both ends' distances. Arcs are cut, where the edges next to their two ends
//! are equally far, until that bound is within 0.2 mm + 10⁻⁶ d of a place.

use std::{f64::consts::FRAC_PI_2, f64::consts::PI, ops::Range};

use crate::geodesic::{Arc, MEAN_M, Place, wrap};

/// Rings, as ranges of edges and whether they enclose the north pole; a tree of discs, those of the edges first.
pub(crate) struct Polygon {
    rings: Vec<(Range<usize>, bool)>,
    edges: Vec<Arc>,
    tree: Vec<Vec<Disc>>,
}

/// A centre, and a radius in metres.
type Disc = (Place, f64);
/// A distance, and of which edge.
type Nearest = (f64, usize);

impl Polygon {
    /// From rings in degrees.
    pub(crate) fn read(rings: &[Vec<[f64; 2]>]) -> Result<Self, String> {
        let mut polygon = Self { rings: vec![], edges: vec![], tree: vec![] };
        for (at, ring) in rings.iter().enumerate() {
            polygon.add(ring).map_err(|why| format!("ring {at}: {why}"))?;
        }
        let mut level: Vec<Disc> =
            polygon.edges.iter().map(|edge| (edge.mid, edge.half_m)).collect();
        while level.len() > 1 {
            let above = level.chunks(4).map(around).collect();
            polygon.tree.push(std::mem::replace(&mut level, above));
        }
        polygon.tree.push(level);
        if rings.is_empty() { Err("no ring".into()) } else { Ok(polygon) }
    }

    fn add(&mut self, ring: &[[f64; 2]]) -> Result<(), String> {
        let closed = ring.len() > 1 && ring.first() == ring.last();
        let ring = &ring[..ring.len() - usize::from(closed)];
        if let Some(at) = ring.iter().position(|[x, y]| x.abs() > 180.0 || y.abs() > 89.99) {
            return Err(format!("vertex {at} is beyond 180° or 89.99°"));
        }
        let different = |at: usize| !ring[..at].contains(&ring[at]);
        if (0..ring.len()).filter(|&at| different(at)).take(3).count() < 3 {
            return Err("fewer than three different places".into());
        }
        let places: Vec<Place> = ring.iter().map(|&vertex| Place::of_degrees(vertex)).collect();
        let ends = places.iter().zip(places.iter().cycle().skip(1));
        let edges: Vec<Arc> = ends.map(|(a, b)| Arc::between(*a, *b)).collect();
        if let Some(at) = edges.iter().position(|edge| edge.half_m > 1_000_000.001) {
            return Err(format!("the edge from vertex {at} is longer than 2,000 km"));
        }
        let round = edges.iter().map(turn).sum::<f64>().abs() > PI;
        let north: f64 = ring.iter().map(|vertex| vertex[1]).sum();
        if round && north == 0.0 {
            return Err("goes round the axis in neither hemisphere".into());
        }
        let first = self.edges.len();
        self.edges.extend(edges);
        self.rings.push((first..self.edges.len(), round && north > 0.0));
        Ok(())
    }

    fn inside(&self, place: &Place) -> bool {
        let within = |(range, encloses_north): &(Range<usize>, bool)| {
            let edges = self.edges[range.clone()].iter();
            (edges.filter(|edge| is_north_of(edge, place)).count() % 2 == 1) != *encloses_north
        };
        within(&self.rings[0]) && !self.rings[1..].iter().any(within)
    }

    /// Shortest distance from the edges where all of the arc is on the right side, else minus how far it strays.
    pub(crate) fn signed_m(&self, arc: &Arc, inside_is_right: bool) -> f64 {
        if arc.half_m > 2e6 {
            let halves = [arc.part(-arc.half_m, 0.0), arc.part(0.0, arc.half_m)];
            return halves
                .iter()
                .map(|half| self.signed_m(half, inside_is_right))
                .fold(f64::MAX, f64::min);
        }
        let (distance, _) = self.nearest(arc);
        let wrong = distance > 0.0 && self.inside(&arc.mid) != inside_is_right;
        if distance > 0.0 && !wrong {
            return distance;
        }
        let ends = arc.ends.map(|end| self.nearest(&Arc::point(end)));
        -self.stray_m(arc, ends, (inside_is_right, wrong), if wrong { distance } else { 0.0 })
    }

    fn nearest(&self, arc: &Arc) -> Nearest {
        let mut best = (f64::MAX, 0);
        self.search(arc, (self.tree.len() - 1, 0), &mut best);
        best
    }

    fn search(&self, arc: &Arc, (level, at): (usize, usize), best: &mut Nearest) {
        let below = self.tree[level - 1].iter().enumerate().skip(4 * at).take(4);
        let least =
            |(at, (centre, radius)): (usize, &Disc)| (arc.distance_m(centre).abs() - radius, at);
        let mut below: Vec<Nearest> = below.map(least).collect();
        below.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (least, at) in below {
            if least.max(0.0) >= best.0 {
                break;
            }
            if level > 1 {
                self.search(arc, (level - 1, at), best);
            } else {
                let distance = arc.apart_m(&self.edges[at]);
                *best = if distance < best.0 { (distance, at) } else { *best };
            }
        }
    }

    /// The farthest that the arc strays, where it is more than `least`; `wrong`: all of it is on the wrong side.
    fn stray_m(
        &self,
        arc: &Arc,
        ends: [Nearest; 2],
        (right, mut wrong): (bool, bool),
        least: f64,
    ) -> f64 {
        let ([a, b], length) = (ends, 2.0 * arc.half_m);
        let from = |end: Nearest, i: usize| self.edges[end.1].distance_m(&arc.ends[i]).abs();
        let (far_a, far_b) = (from(a, 1), from(b, 0));
        let convex = a.0.max(far_a).min(b.0.max(far_b));
        let angle = ((convex + length) / MEAN_M).min(FRAC_PI_2);
        let bound = convex + length * length * angle.tan() / (7.9 * MEAN_M);
        if bound.min(f64::midpoint(a.0, b.0) + arc.half_m) <= least * (1.0 + 1e-6) + 2e-4 {
            return least;
        }
        if !wrong && self.nearest(arc).0 > 0.0 {
            wrong = self.inside(&arc.mid) != right;
            if !wrong {
                return least;
            }
        }
        // A secant to where both edges are equally far.
        let share = (far_b - a.0) / ((far_b - a.0) + (far_a - b.0));
        let x = if share > 0.1 && share < 0.9 { length * (share - 0.5) } else { 0.0 };
        let here = self.nearest(&Arc::point(arc.at(x).0));
        let least = if wrong { least.max(a.0).max(b.0).max(here.0) } else { least };
        let least = self.stray_m(&arc.part(-arc.half_m, x), [a, here], (right, wrong), least);
        self.stray_m(&arc.part(x, arc.half_m), [here, b], (right, wrong), least)
    }
}

/// One disc round all of some.
fn around(discs: &[Disc]) -> Disc {
    let (centre, _) = discs[discs.len() / 2];
    (centre, discs.iter().map(|disc| centre.towards(&disc.0).0 + disc.1).fold(0.0, f64::max))
}

/// How far east an edge goes.
fn turn(edge: &Arc) -> f64 {
    wrap(edge.ends[1].lon - edge.ends[0].lon)
}

/// Whether a walk north from the place crosses the edge; of two edges that meet on its meridian one is crossed.
fn is_north_of(edge: &Arc, place: &Place) -> bool {
    let [a, b] = edge.ends.map(|end| wrap(end.lon - place.lon));
    let east = a < 0.0 && b >= 0.0 && turn(edge) > 0.0;
    let west = a >= 0.0 && b < 0.0 && turn(edge) < 0.0;
    let right = || (edge.mid.towards(place).1 - edge.azimuth).sin() > 0.0;
    (east || west) && right() == east
}

#[cfg(test)]
mod tests;
