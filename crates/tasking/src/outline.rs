//! How far a stretch of a path is from the edges of a polygon, and on which side, never told better than it is.
//!
//! ```text
//! s >= 2 R asin((|c| - f_path - f_edge) / 2R)
//! ```
//! | symbol | meaning | unit |
//! |---|---|---|
//! | s | shortest geodesic between path and edges | m |
//! | c | shortest straight line between their chords, through the Earth | m |
//! | f | how far a geodesic rises above its chord: L²/8r for one of length L | m |
//! | R, r | largest and smallest radius of curvature of the ellipsoid | m |
//!
//! Edges are cut to 250 m (f is 1.3 mm), paths until f no longer matters. Edges stand in a strip
//! tree: each node has the chord over half as many edges as the one above it, and how far these get from it. An outline is a curve,
//! so nothing is sorted, and a long straight edge is one chord.
//! A place is inside a ring when the meridian north of it crosses the ring an odd number of times; a ring that goes round
//! the axis holds the pole of its hemisphere. Depth is found by halving: the signed distance changes by no more than a metre a metre.
//!
//! Holds for geodesics of up to 5,000 km, and everywhere but at the poles themselves.
//!
//! Ballard, Strip trees: a hierarchical representation for curves, Comm. ACM 24 (1981); Karney, Algorithms for geodesics,
//! J. Geodesy 87 (2013).

use cathartes_core::{airspace::Polygon, geometry::LatLon};

use crate::{
    path::{Path, Stretch},
    vector::{self, Vector},
};

/// Longest chord of an edge.
const EDGE_M: f64 = 250.0;
/// A path is cut until its rise above its chord is less than this,
const RISE_M: f64 = 0.02;
/// or this share of the distance.
const RISE_RATIO: f64 = 2e-3;
/// How much less than it is a distance may be told, and which share of it: else every edge that might be the nearest
/// would have to be looked at.
const USUAL: Slack = Slack { fixed_m: 0.03, ratio: 2e-3 };
const NONE: Slack = Slack { fixed_m: 0.0, ratio: 0.0 };
/// Farther than this counts as this.
pub(crate) const FARTHEST_M: f64 = 5e6;
/// Depths are told within this, and this share of them.
const DEPTH_M: f64 = 0.04;
const DEPTH_RATIO: f64 = 5e-3;
/// Halvings at most; a bound that is not tight is still a bound.
const MOST_HALVINGS: usize = 20_000;

/// The edges of a polygon.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    rings: Vec<Ring>,
}

#[derive(Debug, Clone)]
struct Ring {
    /// Ends of the chords; the last is the first again.
    ends: Vec<Vector>,
    nodes: Vec<Node>,
    /// It goes round the axis, and the north pole is inside.
    north: bool,
}

/// Consecutive chords, and the chord from their first end to their last with how far they get from it at most.
#[derive(Debug, Clone, Copy)]
struct Node {
    first: u32,
    count: u32,
    astray_m: f64,
    /// Both halves, unless it is one chord.
    halves: Option<[u32; 2]>,
}

#[derive(Debug, Clone, Copy)]
struct Slack {
    fixed_m: f64,
    ratio: f64,
}

/// On which side of the edges a path is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Inside,
    Outside,
}

impl Outline {
    pub(crate) fn new(polygon: &Polygon) -> Self {
        Self { rings: polygon.rings.iter().map(|ring| Ring::new(ring)).collect() }
    }

    /// Whether a place is within the outline and in no hole.
    pub(crate) fn holds(&self, place: LatLon) -> bool {
        let at = vector::of(place);
        let mut rings = self.rings.iter();
        rings.next().is_some_and(|outline| outline.holds(at)) && !rings.any(|hole| hole.holds(at))
    }

    /// Lower bound of the signed distance of a stretch: positive where all of it is on the right side, else how far it
    /// strays from it.
    pub(crate) fn signed_m(&self, stretch: Stretch<'_>, side: Side) -> f64 {
        let ends = [stretch.from, stretch.to].map(|share| stretch.path.vector(share));
        let clear_m = self.clear_m(stretch, ends, FARTHEST_M);
        let right = self.holds(stretch.path.at(stretch.from)) == (side == Side::Inside);
        if clear_m > 0.0 && right { clear_m } else { -self.stray_m(stretch, side) }
    }

    /// Lower bound of the distance to any edge, or `within_m` when none is nearer.
    fn clear_m(&self, stretch: Stretch<'_>, ends: [Vector; 2], within_m: f64) -> f64 {
        let rise_m = vector::sagitta_m(stretch.length_m());
        let rises_m = rise_m + vector::sagitta_m(EDGE_M);
        let chord_m = self.chord_m(ends, within_m + rises_m, USUAL);
        let bound_m = vector::geodesic_m((chord_m - rises_m).max(0.0)).min(FARTHEST_M);
        if bound_m >= within_m {
            return within_m;
        }
        if rise_m <= RISE_M + RISE_RATIO * chord_m {
            return bound_m;
        }
        let (middle, at) = (stretch.middle(), stretch.path.vector(stretch.middle()));
        let first = self.clear_m(Stretch { to: middle, ..stretch }, [ends[0], at], within_m);
        self.clear_m(Stretch { from: middle, ..stretch }, [at, ends[1]], first)
    }

    fn chord_m(&self, ends: [Vector; 2], within_m: f64, slack: Slack) -> f64 {
        self.rings.iter().fold(within_m, |best, ring| ring.nearest_m(ends, best, slack))
    }

    /// Upper bound of how far a stretch gets on the wrong side.
    fn stray_m(&self, stretch: Stretch<'_>, side: Side) -> f64 {
        let stray = |share: f64| self.wrong_m(stretch.path.at(share), side);
        let (from, to) = (stray(stretch.from), stray(stretch.to));
        let (mut most, mut bound) = (from.max(to), f64::NEG_INFINITY);
        let mut open = vec![(stretch, from, to)];
        for _ in 0..MOST_HALVINGS {
            let Some((part, from, to)) = open.pop() else { break };
            let highest = 0.5 * (from + to + part.length_m());
            if highest <= most + DEPTH_M + DEPTH_RATIO * most.abs() {
                bound = bound.max(highest);
                continue;
            }
            let middle = part.middle();
            let at = stray(middle);
            most = most.max(at);
            open.push((Stretch { to: middle, ..part }, from, at));
            open.push((Stretch { from: middle, ..part }, at, to));
        }
        let left = open.iter().map(|(part, from, to)| 0.5 * (from + to + part.length_m()));
        // From the surface to the chord of an edge under it is farther than to the edge.
        left.fold(bound.max(most), f64::max) + vector::sagitta_m(EDGE_M)
    }

    /// How far a place is on the wrong side; less than nothing on the right one.
    pub(crate) fn wrong_m(&self, place: LatLon, side: Side) -> f64 {
        let at = vector::of(place);
        let away_m =
            vector::geodesic_m(self.chord_m([at, at], f64::INFINITY, NONE)).min(FARTHEST_M);
        if self.holds(place) == (side == Side::Inside) { -away_m } else { away_m }
    }
}

impl Ring {
    fn new(places: &[LatLon]) -> Self {
        let mut ends = Vec::with_capacity(places.len() + 1);
        let following = places.iter().cycle().skip(1);
        for (one, next) in places.iter().zip(following) {
            cut(*one, *next, &mut ends);
        }
        ends.extend(ends.first().copied());
        let mut ring = Self { ends, nodes: Vec::new(), north: holds_north(places) };
        if ring.ends.len() > 1 {
            ring.node(0, ring.ends.len() - 1);
        }
        ring
    }

    /// Puts a node over chords after those of its halves.
    fn node(&mut self, first: usize, count: usize) -> u32 {
        let half = count / 2;
        let halves =
            (count > 1).then(|| [self.node(first, half), self.node(first + half, count - half)]);
        let over = &self.ends[first..=first + count];
        let chord = [over[0], over[count]];
        let astray = over.iter().map(|end| vector::point_to_chord(*end, chord));
        let astray_m = astray.fold(0.0, f64::max);
        self.nodes.push(Node { first: first as u32, count: count as u32, astray_m, halves });
        self.nodes.len() as u32 - 1
    }

    fn chord(&self, node: &Node) -> [Vector; 2] {
        let first = node.first as usize;
        [self.ends[first], self.ends[first + node.count as usize]]
    }

    /// Lower bound of the shortest straight line from a chord to one of ours, or `within_m` when none is shorter.
    fn nearest_m(&self, chord: [Vector; 2], within_m: f64, slack: Slack) -> f64 {
        let away = |node: u32| {
            let own = &self.nodes[node as usize];
            (vector::chord_to_chord(chord, self.chord(own)), node)
        };
        let (mut best, mut least) = (within_m, within_m);
        let mut open = Vec::with_capacity(64);
        open.extend(self.nodes.len().checked_sub(1).map(|root| away(root as u32)));
        while let Some((apart_m, node)) = open.pop() {
            let node = &self.nodes[node as usize];
            if apart_m - node.astray_m >= best {
                continue;
            }
            // Edges go from end to end of their chord, so that some lie beside every part of it.
            best = best.min(apart_m + node.astray_m);
            if let Some(halves) = node.halves
                && apart_m - node.astray_m < best - slack.fixed_m - slack.ratio * best
            {
                let [one, other] = halves.map(away);
                // The nearer half last, so that it is looked at first.
                open.extend(if one.0 < other.0 { [other, one] } else { [one, other] });
            } else {
                least = least.min(apart_m - node.astray_m);
            }
        }
        least
    }

    /// Whether the meridian north of a place crosses an odd number of edges, or an even one where the pole is inside.
    fn holds(&self, at: Vector) -> bool {
        let flat = at[0].hypot(at[1]);
        let (east, out) = ([-at[1] / flat, at[0] / flat, 0.0], [at[0] / flat, at[1] / flat, 0.0]);
        let slope = at[2] / flat;
        let mut open: Vec<usize> = self.nodes.len().checked_sub(1).into_iter().collect();
        let mut odd = self.north;
        while let Some(node) = open.pop() {
            let node = &self.nodes[node];
            let [p, q] = self.chord(node);
            let (before, after) = (vector::dot(east, p), vector::dot(east, q));
            let aside = (before >= 0.0) == (after >= 0.0);
            match node.halves {
                _ if aside && before.abs().min(after.abs()) > node.astray_m => {}
                Some(halves) => open.extend(halves.map(|half| half as usize)),
                None if aside => {}
                None => {
                    let crossing = vector::between(p, q, before / (before - after));
                    let away = vector::dot(out, crossing);
                    odd ^= away > 0.0 && crossing[2] > slope * away;
                }
            }
        }
        odd
    }
}

/// Adds the beginnings of the chords of an edge.
fn cut(from: LatLon, to: LatLon, ends: &mut Vec<Vector>) {
    let [one, other] = [from, to].map(vector::of);
    ends.push(one);
    if vector::apart(one, other) <= EDGE_M {
        return;
    }
    let path = Path::new(from, to);
    let pieces = (path.length_m / EDGE_M).ceil();
    ends.extend((1..pieces as usize).map(|n| path.vector(n as f64 / pieces)));
}

/// Whether a ring goes round the axis of the Earth in the north.
fn holds_north(places: &[LatLon]) -> bool {
    let following = places.iter().cycle().skip(1);
    let turns = places.iter().zip(following).map(|(one, next)| {
        let turn = (next.longitude.0 - one.longitude.0).rem_euclid(360.0);
        if turn > 180.0 { turn - 360.0 } else { turn }
    });
    let round: f64 = turns.sum();
    round.abs() > 180.0 && places.iter().map(|place| place.latitude.0).sum::<f64>() > 0.0
}

#[cfg(test)]
mod tests;
