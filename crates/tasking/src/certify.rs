//! The claims of a track, leg by leg.
//!
//! A leg is one piece where one permission holds all of it and every prohibition is kept clear of for one reason; else it
//! is halved until that is so, or until it is certain that it cannot be.
//!
//! ```text
//! margin in the plane = d - (navigation + drift + overshoot + lost link) - reach,   reach = √((v Δt)² - s²)/2
//! ```
//! The reach is half the width of the ellipse with both fixes as its foci in which an aircraft of speed v stays that is
//! at both in time; s is how far they are apart. d is a lower bound, so a margin is never told too large.

use cathartes_core::{
    airspace::Rule,
    certificate::{ClauseClaim, LegClaim, PieceClaim, PlaneAllowances, Verdict},
    track::{Fix, Track, TrackKind},
    units::{Degrees, Metres},
};

use crate::{
    airspace::{Airspace, Certified, Prepared},
    outline::Side,
    path::{Path, Stretch},
    vertical::{HeightDistance, Heights},
    when::{self, Interval},
    why,
};

/// Halvings of a leg at most.
const DEEPEST: u32 = 12;
/// Halvings once it is known that the leg is not kept.
const SHALLOW: u32 = 5;
/// Shorter than both, a piece is cut no more.
const SHORTEST_M: f64 = 5.0;
const SHORTEST_S: f64 = 1.0;
/// Nearer than this to an edge or a limit nothing is certain.
const CERTAIN_M: f64 = 0.1;
const CERTAIN_HEIGHT_M: f64 = 0.01;
const METRES_PER_DEGREE: f64 = 110_000.0;
/// A geodesic stays within this share of its length of the box of its ends.
const BULGE_RATIO: f64 = 0.02;
/// Cells of the ground around a piece that count as under it.
const CELLS_AROUND: f64 = 2.0;

/// A track with the clauses that are of it.
pub(crate) struct Trip<'a> {
    airspace: &'a Airspace,
    pub(crate) track: &'a Track,
    pub(crate) permits: Vec<&'a Prepared>,
    pub(crate) forbids: Vec<&'a Prepared>,
    pub(crate) allowances: PlaneAllowances,
}

/// A leg between two fixes.
pub(crate) struct Leg {
    pub(crate) path: Path,
    from: Fix,
    to: Fix,
    pub(crate) reach_m: f64,
    pub(crate) climb_reach_m: f64,
    /// One of both fixes must be wrong.
    jump: bool,
}

impl Leg {
    fn new(track: &Track, from: Fix, to: Fix) -> Self {
        let path = Path::new(from.place, to.place);
        let (apart_m, navigation_m) = (path.length_m, track.allowances.navigation.0);
        let seconds = when::seconds(to.time) - when::seconds(from.time);
        let way_m = track.most_speed.0 * seconds;
        let climb_m = track.most_climb.0 * seconds - (to.height.0 - from.height.0).abs();
        let flown = track.kind == TrackKind::Flown;
        let jump = flown && apart_m > way_m + 2.0 * navigation_m;
        let aside_m = 0.5 * (way_m * way_m - apart_m * apart_m).max(0.0).sqrt();
        let reach_m = if jump { apart_m } else { aside_m };
        let flown = |reach_m: f64| if flown { reach_m.max(0.0) } else { 0.0 };
        let (reach_m, climb_reach_m) = (flown(reach_m), flown(0.5 * climb_m));
        Self { path, from, to, reach_m, climb_reach_m, jump }
    }

    fn time(&self, share: f64) -> f64 {
        let [from, to] = [self.from.time, self.to.time].map(when::seconds);
        from + share * (to - from)
    }

    /// From a share to another, so much earlier and later.
    pub(crate) fn interval(&self, from: f64, to: f64, aside_s: f64) -> Interval {
        [self.time(from) - aside_s, self.time(to) + aside_s]
    }

    fn stretch(&self, from: f64, to: f64) -> Stretch<'_> {
        Stretch { path: &self.path, from, to }
    }

    fn pressure_m(&self) -> Option<[f64; 2]> {
        Some([self.from.pressure_altitude?.0, self.to.pressure_altitude?.0])
    }
}

impl<'a> Trip<'a> {
    pub(crate) fn new(airspace: &'a Airspace, track: &'a Track) -> Self {
        let of = |rule| airspace.of(track, rule);
        let allowances = PlaneAllowances {
            plane_m: track.allowances.plane(),
            height_m: track.allowances.height,
            time_s: track.allowances.time,
        };
        Self { airspace, track, permits: of(Rule::Permit), forbids: of(Rule::Forbid), allowances }
    }

    pub(crate) fn certified(&self) -> Certified {
        let pairs = self.track.fixes.windows(2).enumerate();
        let legs: Vec<(Leg, LegClaim)> = pairs
            .map(|(number, pair)| self.leg(number, Leg::new(self.track, pair[0], pair[1])))
            .collect();
        let verdict = legs.iter().map(|(_, claim)| claim.verdict).max().unwrap_or(Verdict::Kept);
        let why = why::why(self, &legs);
        let legs = legs.into_iter().map(|(_, claim)| claim).collect();
        Certified { allowances: self.allowances, verdict, why, legs }
    }

    fn leg(&self, number: usize, leg: Leg) -> (Leg, LegClaim) {
        let mut pieces = Vec::new();
        self.cut(&leg, [0.0, 1.0], 0, &mut pieces);
        let claim = LegClaim {
            leg: number,
            reach_m: Metres(leg.reach_m),
            climb_reach_m: Metres(leg.climb_reach_m),
            verdict: pieces.iter().map(|piece| piece.verdict).max().unwrap_or(Verdict::Kept),
            pieces,
        };
        (leg, claim)
    }

    /// Claims of a part of a leg, halved where that helps.
    fn cut(&self, leg: &Leg, [from, to]: [f64; 2], depth: u32, pieces: &mut Vec<PieceClaim>) {
        let piece = self.piece(leg, from, to);
        let known = pieces.iter().any(|piece| piece.verdict != Verdict::Kept);
        let seconds = leg.time(to) - leg.time(from);
        let short = (to - from) * leg.path.length_m < SHORTEST_M && seconds < SHORTEST_S;
        let deep =
            depth >= DEEPEST || known && depth >= SHALLOW && !self.may_be_broken(leg, &piece);
        if piece.verdict != Verdict::NotProven || short || deep {
            pieces.push(piece);
            return;
        }
        let middle = f64::midpoint(from, to);
        self.cut(leg, [from, middle], depth + 1, pieces);
        self.cut(leg, [middle, to], depth + 1, pieces);
    }

    fn piece(&self, leg: &Leg, from: f64, to: f64) -> PieceClaim {
        let heights = self.heights(leg, from, to, self.allowances.plane_m.0 + leg.reach_m);
        let time = leg.interval(from, to, self.allowances.time_s.0);
        let stretch = leg.stretch(from, to);
        let claim = |one: &&Prepared| claim(one, stretch, &heights, time);
        let forbids: Vec<ClauseClaim> = self.forbids.iter().map(claim).collect();
        let clear = forbids.iter().all(|forbid| self.keeps_clear(leg, forbid));
        let mut permits = self.permits.iter().map(|one| (one, claim(one)));
        let permit = permits.find(|(one, said)| self.keeps_to(leg, one, said));
        let permit = permit.map(|(_, said)| said);
        let verdict = if clear && permit.is_some() {
            Verdict::Kept
        } else if !leg.jump && [from, to].into_iter().any(|share| self.is_broken(leg, share)) {
            Verdict::Broken
        } else {
            Verdict::NotProven
        };
        PieceClaim { from, to, verdict, permit, forbids }
    }

    pub(crate) fn keeps_clear(&self, leg: &Leg, forbid: &ClauseClaim) -> bool {
        let (plane_m, height_m) = self.allowed(leg);
        !forbid.in_force
            || forbid.plane_m.0 - plane_m >= 0.0
            || forbid.height_m.is_some_and(|height| height.0 - height_m >= 0.0)
    }

    pub(crate) fn keeps_to(&self, leg: &Leg, permit: &Prepared, claim: &ClauseClaim) -> bool {
        let (plane_m, height_m) = self.allowed(leg);
        let unlimited =
            permit.clause.volume.floor.is_ground() && permit.clause.volume.ceiling.is_none();
        claim.in_force
            && claim.plane_m.0 - plane_m >= 0.0
            && (unlimited || claim.height_m.is_some_and(|height| height.0 - height_m >= 0.0))
    }

    /// What a leg may be wrong by, in the plane and in height.
    pub(crate) fn allowed(&self, leg: &Leg) -> (f64, f64) {
        let PlaneAllowances { plane_m, height_m, .. } = self.allowances;
        (plane_m.0 + leg.reach_m, height_m.0 + leg.climb_reach_m)
    }

    pub(crate) fn heights(&self, leg: &Leg, from: f64, to: f64, around_m: f64) -> Heights {
        let amsl_m = between([leg.from.height.0, leg.to.height.0], from, to);
        let pressure_m = leg.pressure_m().map(|heights_m| between(heights_m, from, to));
        let around_m = around_m + BULGE_RATIO * (to - from) * leg.path.length_m;
        let terrain = self.airspace.terrain.as_ref();
        let ground = terrain.and_then(|terrain| {
            let [one, other] = [from, to].map(|share| leg.path.at(share));
            let more = (other.longitude.0 - one.longitude.0 + 180.0).rem_euclid(360.0) - 180.0;
            let (west, east) = (more.min(0.0), more.max(0.0));
            let south = one.latitude.0.min(other.latitude.0);
            let north = one.latitude.0.max(other.latitude.0);
            let cells = CELLS_AROUND * terrain.cell.0;
            let up = around_m / METRES_PER_DEGREE;
            let aside = up / south.abs().max(north.abs()).to_radians().cos() + cells;
            let (up, start) = (up + cells, one.longitude.0);
            let edges = [start + west - aside, south - up, start + east + aside, north + up];
            terrain.range(edges.map(Degrees))
        });
        Heights { amsl_m, pressure_m, ground }
    }

    /// Whether it is certain that a place of a leg is forbidden or not permitted, were it flown exactly.
    fn is_broken(&self, leg: &Leg, share: f64) -> bool {
        let heights = self.heights(leg, share, share, 0.0);
        let (place, time) = (leg.path.at(share), leg.interval(share, share, 0.0));
        let inside = |one: &&&Prepared| {
            one.outlines.iter().any(|outline| outline.wrong_m(place, Side::Outside) > CERTAIN_M)
        };
        let in_force = |one: &Prepared| when::in_force(&one.clause, one.valid, time);
        let deep = |distance: HeightDistance| match distance {
            HeightDistance::Known(distance_m) => distance_m > CERTAIN_HEIGHT_M,
            HeightDistance::Endless => true,
            HeightDistance::Unknown => false,
        };
        let forbidden = |one: &&&Prepared| {
            in_force(one) && deep(heights.within(&one.clause.volume)) && inside(one)
        };
        let outside = |one: &&Prepared| {
            let beyond = heights.clear_of(&one.clause.volume).known();
            !in_force(one)
                || beyond.is_some_and(|distance_m| distance_m > CERTAIN_HEIGHT_M)
                || one
                    .outlines
                    .iter()
                    .all(|outline| outline.wrong_m(place, Side::Inside) > CERTAIN_M)
        };
        self.forbids.iter().any(|one| forbidden(&one)) || self.permits.iter().all(outside)
    }

    /// Whether a piece may hold a place that is certainly not allowed.
    fn may_be_broken(&self, leg: &Leg, piece: &PieceClaim) -> bool {
        let within = |claim: &ClauseClaim| {
            claim.in_force
                && claim.plane_m.0 < 0.0
                && claim.height_m.is_none_or(|height| height.0 < 0.0)
        };
        piece.forbids.iter().any(within)
            || self.permits.iter().all(|one| {
                let (from, to) = (piece.from, piece.to);
                let time = leg.interval(from, to, 0.0);
                let heights = self.heights(leg, from, to, 0.0);
                let claim = claim(one, leg.stretch(from, to), &heights, time);
                !claim.in_force
                    || claim.plane_m.0 < 0.0
                    || claim.height_m.is_some_and(|height| height.0 < 0.0)
            })
    }
}

/// Lowest and highest of two heights that a leg goes between.
fn between(heights_m: [f64; 2], from: f64, to: f64) -> [f64; 2] {
    let at = |share: f64| heights_m[0] + share * (heights_m[1] - heights_m[0]);
    [at(from).min(at(to)), at(from).max(at(to))]
}

/// What is claimed of a stretch and a clause.
pub(crate) fn claim(
    one: &Prepared,
    stretch: Stretch<'_>,
    heights: &Heights,
    time: Interval,
) -> ClauseClaim {
    let volume = &one.clause.volume;
    let height = match one.clause.rule {
        Rule::Forbid => heights.clear_of(volume),
        Rule::Permit => heights.within(volume),
    };
    ClauseClaim {
        clause: one.name.clone(),
        in_force: when::in_force(&one.clause, one.valid, time),
        plane_m: Metres(one.plane_m(stretch)),
        height_m: height.known().map(Metres),
    }
}

#[cfg(test)]
mod tests;
