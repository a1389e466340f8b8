//! Where an aircraft may be at one level, roughly, and the ways around what is in between.
//!
//! Permissions count less a margin, prohibitions more a margin. A way goes straight where it can, else along the corners
//! of both, which are moved off by a little more than the margin: a graph of what sees what, searched by Dijkstra.

use std::cell::RefCell;

use cathartes_core::airspace::{Purpose, Rule};

use crate::{
    airspace::{Airspace, Prepared},
    when,
};

use super::{
    craft::Craft,
    level::{Ground, Level, matters},
    plane::{Plane, Point, Shape, apart, minus, plus},
};

/// What the plane and rounding may be wrong by, of the margin and besides.
const MARGIN_RATIO: f64 = 1.02;
const MARGIN_M: f64 = 25.0;
/// Corners are moved off by so much more than the margin.
const CORNER_RATIO: f64 = 1.05;
/// A corner is moved off by no more margins than this.
const SHARPEST: f64 = 2.0;
/// A line is halved down to this where no permission holds all of it.
const SHORTEST_M: f64 = 200.0;
/// Corners of the graph at most; beyond that, those that stick out least are left out.
const MOST_CORNERS: usize = 240;

/// Corners and how far they are.
type Seen = Vec<(usize, f64)>;

/// Where an aircraft may be.
#[derive(Debug)]
pub(crate) struct Room {
    permits: Vec<Shape>,
    forbids: Vec<Shape>,
    pub(crate) margin_m: f64,
    corners: Vec<Point>,
    /// What each corner sees and how far it is, as far as somebody asked.
    seen: RefCell<Vec<Option<Seen>>>,
}

/// What a room is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) airspace: &'a Airspace,
    pub(crate) ground: Ground<'a>,
    /// Of all the ground that is flown over.
    pub(crate) known: Option<[f64; 2]>,
    pub(crate) plane: Plane,
}

impl Room {
    pub(crate) fn new(
        setting: &Setting<'_>,
        craft: &Craft<'_>,
        purpose: Purpose,
        level: Level,
    ) -> Self {
        let track = craft.track(purpose);
        let margin_m = craft.allowances.plane().0 * MARGIN_RATIO + MARGIN_M;
        let height_m = craft.allowances.height.0;
        let shapes = |rule: Rule| -> Vec<Shape> {
            let all = setting.airspace.of(&track, rule).into_iter();
            let level = |one: &&Prepared| {
                let meets =
                    setting.ground.meets(&one.clause.volume, level, setting.known, height_m);
                matters(rule, meets) && in_force(one, craft)
            };
            let polygons = all.filter(level).flat_map(|one| &one.clause.volume.polygons);
            polygons.map(|polygon| Shape::new(setting.plane, polygon)).collect()
        };
        let mut room = Self {
            permits: shapes(Rule::Permit),
            forbids: shapes(Rule::Forbid),
            margin_m,
            corners: Vec::new(),
            seen: RefCell::new(Vec::new()),
        };
        room.corners = room.corners();
        room.seen = RefCell::new(vec![None; room.corners.len()]);
        room
    }

    /// Whether it may be flown straight.
    pub(crate) fn free(&self, a: Point, b: Point) -> bool {
        let clear = |shape: &Shape| !shape.holds(a) && shape.clear(a, b, self.margin_m);
        self.forbids.iter().all(clear) && self.permitted(a, b)
    }

    fn permitted(&self, a: Point, b: Point) -> bool {
        let holds = |shape: &Shape| shape.holds(a) && shape.clear(a, b, self.margin_m);
        if self.permits.iter().any(holds) {
            return true;
        }
        let middle = plus(a, minus(b, a), 0.5);
        apart(a, b) > SHORTEST_M && self.permitted(a, middle) && self.permitted(middle, b)
    }

    /// The corners of the graph.
    fn corners(&self) -> Vec<Point> {
        let shapes = self.permits.iter().chain(&self.forbids);
        let rings: Vec<&Vec<Point>> = shapes.flat_map(|shape| &shape.rings).collect();
        let mut sharp: Vec<(f64, [Point; 2])> = Vec::new();
        for ring in rings {
            for i in 0..ring.len() {
                let (before, at) = (ring[(i + ring.len() - 1) % ring.len()], ring[i]);
                let after = ring[(i + 1) % ring.len()];
                let reach_m = apart(before, at).min(apart(at, after));
                let bend = super::plane::turn(before, at, after);
                sharp.push((bend * reach_m, moved_off(before, at, after, self.margin_m)));
            }
        }
        sharp.sort_by(|one, other| other.0.total_cmp(&one.0));
        let both = sharp.into_iter().flat_map(|(_, both)| both);
        both.filter(|at| self.free(*at, *at)).take(MOST_CORNERS).collect()
    }

    fn seen_from(&self, corner: usize) -> Seen {
        if let Some(Some(seen)) = self.seen.borrow().get(corner) {
            return seen.clone();
        }
        let at = self.corners[corner];
        let seen = self.sees(at);
        if let Some(slot) = self.seen.borrow_mut().get_mut(corner) {
            *slot = Some(seen.clone());
        }
        seen
    }

    fn sees(&self, at: Point) -> Seen {
        let all = self.corners.iter().enumerate();
        let free = all.filter(|(_, corner)| apart(at, **corner) > 0.0 && self.free(at, **corner));
        free.map(|(i, corner)| (i, apart(at, *corner))).collect()
    }

    /// The shortest way, both ends with it.
    pub(crate) fn way(&self, from: Point, to: Point) -> Option<Vec<Point>> {
        if self.free(from, to) {
            return Some(vec![from, to]);
        }
        if !self.free(from, from) || !self.free(to, to) {
            return None;
        }
        let mut far_m = vec![f64::INFINITY; self.corners.len()];
        let mut before: Vec<Option<usize>> = vec![None; self.corners.len()];
        let mut open = vec![true; self.corners.len()];
        for (i, step_m) in self.sees(from) {
            far_m[i] = step_m;
        }
        let last: Seen = self.sees(to);
        let mut best: Option<(f64, usize)> = None;
        loop {
            let next = (0..far_m.len()).filter(|i| open[*i] && far_m[*i].is_finite());
            let Some(at) = next.min_by(|i, j| far_m[*i].total_cmp(&far_m[*j])) else { break };
            if best.is_some_and(|(most_m, _)| far_m[at] >= most_m) {
                break;
            }
            open[at] = false;
            if let Some((_, step_m)) = last.iter().find(|(i, _)| *i == at) {
                let whole_m = far_m[at] + step_m;
                if best.is_none_or(|(most_m, _)| whole_m < most_m) {
                    best = Some((whole_m, at));
                }
            }
            for (i, step_m) in self.seen_from(at) {
                if far_m[at] + step_m < far_m[i] {
                    (far_m[i], before[i]) = (far_m[at] + step_m, Some(at));
                }
            }
        }
        let mut way = vec![to];
        let mut at = Some(best?.1);
        while let Some(corner) = at {
            way.push(self.corners[corner]);
            at = before[corner];
        }
        way.push(from);
        way.reverse();
        Some(way)
    }
}

/// Both places beside a corner that are a little more than a margin off its edges.
fn moved_off(before: Point, at: Point, after: Point, margin_m: f64) -> [Point; 2] {
    let unit = |a: Point, b: Point| {
        let way_m = apart(a, b).max(1e-9);
        minus(b, a).map(|part| part / way_m)
    };
    let (into, out) = (unit(before, at), unit(at, after));
    let normal = super::plane::right(plus(into, out, 1.0));
    let long = super::plane::length(normal).max(1e-9);
    let normal = normal.map(|part| part / long);
    // Half of the sum of two unit vectors is as long as the cosine of half the turn.
    let off_m = margin_m * CORNER_RATIO * (2.0 / long).min(SHARPEST);
    [plus(at, normal, off_m), plus(at, normal, -off_m)]
}

/// Whether a clause is in force at any time at which the aircraft may fly.
fn in_force(one: &Prepared, craft: &Craft<'_>) -> bool {
    let ready = craft.aircraft.ready;
    let [from, to] = [ready.from, ready.to].map(when::seconds);
    let aside_s = craft.allowances.time.0;
    if one.clause.rule == Rule::Forbid {
        return when::in_force(&one.clause, one.valid, [from - aside_s, to + aside_s]);
    }
    let step_s = 900.0;
    let steps = ((to - from) / step_s).clamp(0.0, 4_000.0) as usize;
    (0..=steps).any(|i| {
        let at_s = from + i as f64 * step_s;
        when::in_force(&one.clause, one.valid, [at_s - aside_s, at_s + aside_s])
    })
}

#[cfg(test)]
mod tests;
