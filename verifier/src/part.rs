//! The claims of legs and of their pieces.

use crate::{
    Case,
    documents::{Claim, Fix, Law, Limit, PieceClaim},
    geodesic::{Arc, Place},
    number_wrong, verdict_wrong,
    window::in_force,
};

/// A leg between two shares of it, with the reaches that are claimed.
#[derive(Clone)]
struct Part<'a> {
    case: &'a Case<'a>,
    fixes: [&'a Fix; 2],
    arc: Arc,
    shares: [f64; 2],
    reach_m: f64,
    climb_m: f64,
    is_jump: bool,
}

/// What may be claimed of a part and a law.
struct Right {
    plane_m: [f64; 2],
    height_m: [Option<f64>; 2],
    in_force: [bool; 2],
}

impl Case<'_> {
    pub(crate) fn allowances_wrong(&self) -> Vec<String> {
        let (own, claimed) = (&self.flight.allowances, &self.claims.allowances);
        let plane = own.navigation_m + own.drift_m + own.overshoot_m + own.lost_link_m;
        let plane = ("plane_m", claimed.plane_m, plane);
        let height = ("height_m", claimed.height_m, own.height_m);
        let all = [plane, height, ("time_s", claimed.time_s, own.time_s)].into_iter();
        let wrong = |(name, claim, own)| number_wrong(name, claim, [own - 1e-6, own + 1e-6]);
        all.filter_map(wrong).map(|why| format!("allowances: {why}")).collect()
    }

    /// Reach, and whether the leg is a jump.
    fn reach_m(&self, seconds: f64, distance: f64) -> (f64, bool) {
        let most = self.flight.most_speed_m_s * seconds;
        match self.flight.kind.as_str() {
            "plan" => (0.0, false),
            _ if most >= distance => (((most - distance) * (most + distance)).sqrt() / 2.0, false),
            _ if distance <= most + 2.0 * self.flight.allowances.navigation_m => (0.0, false),
            _ => (distance, true),
        }
    }

    pub(crate) fn leg_wrong(&self, at: usize) -> Vec<String> {
        let (claim, fixes) =
            (&self.claims.legs[at], [&self.flight.fixes[at], &self.flight.fixes[at + 1]]);
        let [a, b] = fixes.map(|fix| Place::of_degrees([fix.longitude_deg, fix.latitude_deg]));
        let arc = Arc::between(a, b);
        let [start, end] = fixes.map(|fix| fix.time.as_nanosecond());
        let (seconds, distance) = ((end - start) as f64 / 1e9, 2.0 * arc.half_m);
        // Near the fastest that it flies, the root makes much of the rounding of a distance.
        let doubt = 1e-6 + 1e-10 * distance;
        let [near, far] =
            [distance - doubt, distance + doubt].map(|d| self.reach_m(seconds, d.max(0.0)));
        let is_jump = far.1 && (near.1 || claim.reach_m > distance / 2.0);
        let reach = if is_jump { [distance; 2] } else { [if far.1 { 0.0 } else { far.0 }, near.0] };
        let climbed = (fixes[1].height_m - fixes[0].height_m).abs();
        let climb = (self.flight.most_climb_m_s * seconds - climbed).max(0.0) / 2.0;
        let climb = if self.flight.kind == "plan" { 0.0 } else { climb };
        let (reach_m, climb_m) = (claim.reach_m, claim.climb_reach_m);
        let leg = Part { case: self, fixes, arc, shares: [0.0, 1.0], reach_m, climb_m, is_jump };
        let mut wrong = vec![];
        wrong.extend((claim.leg != at).then(|| format!("leg: claimed {}", claim.leg)));
        wrong.extend(number_wrong("reach_m", reach_m, [reach[0] - 0.002, reach[1] + 0.002]));
        wrong.extend(number_wrong("climb_reach_m", climb_m, [climb - 0.002, climb + 0.002]));
        let cut = |from: f64, piece: &PieceClaim| {
            (piece.from == from && piece.from < piece.to).then_some(piece.to)
        };
        let end = claim.pieces.iter().try_fold(0.0, cut);
        wrong.extend((end != Some(1.0)).then(|| "pieces: do not go on from 0 to 1".to_owned()));
        for (at, piece) in claim.pieces.iter().enumerate() {
            let said = leg.between([piece.from, piece.to]).piece_wrong(piece);
            wrong.extend(said.iter().map(|why| format!("piece {at}: {why}")));
        }
        wrong
            .extend(verdict_wrong(&claim.verdict, claim.pieces.iter().map(|piece| &piece.verdict)));
        wrong.iter().map(|why| format!("leg {at}: {why}")).collect()
    }
}

impl Part<'_> {
    fn between(&self, shares: [f64; 2]) -> Self {
        let shares = shares.map(|share| share.clamp(0.0, 1.0));
        let [from, to] = shares.map(|share| (2.0 * share - 1.0) * self.arc.half_m);
        Self { arc: self.arc.part(from, to), shares, ..self.clone() }
    }

    fn piece_wrong(&self, claim: &PieceClaim) -> Vec<String> {
        let laws = |permits| self.case.laws.iter().filter(move |law| law.permits == permits);
        let (mut wrong, mut kept) = (vec![], claim.permit.is_some());
        let permit = claim.permit.iter().map(|permit| (permit, true));
        for (claim, permits) in permit.chain(claim.forbids.iter().map(|forbid| (forbid, false))) {
            let Some(law) = laws(permits).find(|law| law.name == claim.clause) else {
                wrong.push(format!("{}: is no such clause for this track", claim.clause));
                continue;
            };
            wrong.extend(
                self.right(law).wrong(claim).iter().map(|why| format!("{}: {why}", law.name)),
            );
            kept &= self.keeps(law, claim.in_force, claim.plane_m, claim.height_m);
        }
        for law in laws(false) {
            let times = claim.forbids.iter().filter(|claim| claim.clause == law.name).count();
            wrong.extend(
                (times != 1).then(|| format!("{}: stands {times} times in forbids", law.name)),
            );
        }
        for law in laws(true).filter(|_| claim.permit.is_none()) {
            let Right { plane_m: [plane, _], height_m: [height, _], in_force } = self.right(law);
            let height = height.map(|height| height - 0.012);
            let spare = self.keeps(law, in_force == [true; 2], plane, height);
            wrong.extend(spare.then(|| format!("{}: permits, but no permit is claimed", law.name)));
        }
        let accused = |sign| [0, 1].into_iter().any(|end| self.is_accused(end, sign));
        let follows = match claim.verdict.as_str() {
            "kept" => kept,
            "broken" => !kept && !self.is_jump && accused(-1.0),
            "not proven" => !kept && (self.is_jump || !accused(1.0)),
            _ => false,
        };
        wrong.extend((!follows).then(|| format!("verdict: {} does not follow", claim.verdict)));
        wrong
    }

    /// Whether a claim shows that the permission is kept to, or the prohibition kept clear of.
    fn keeps(&self, law: &Law, in_force: bool, plane_m: f64, height_m: Option<f64>) -> bool {
        let allowed = &self.case.claims.allowances;
        let plane = plane_m - allowed.plane_m - self.reach_m >= 0.0;
        let height = height_m.map(|height| height - allowed.height_m - self.climb_m >= 0.0);
        if law.permits {
            in_force && plane && height.unwrap_or(law.floor.is_none() && law.ceiling.is_none())
        } else {
            !in_force || plane || height == Some(true)
        }
    }

    /// Whether a place of the leg is certainly in a prohibition or outside all permissions, by a millimetre more
    /// than the limit (1) or less (−1).
    fn is_accused(&self, end: usize, sign: f64) -> bool {
        let at = [-self.arc.half_m, self.arc.half_m][end];
        let shares = [self.shares[end]; 2];
        let place = Self { arc: self.arc.part(at, at), shares, ..self.clone() };
        let ground = place.ground_m(0.0, 1e-9 * sign).map(|[low, high]| [high, low]);
        let against = |law: &Law| {
            let doubt = place.in_force(law, 0.0)[usize::from(sign < 0.0)];
            let beyond = |gap: Option<f64>| gap.is_some_and(|gap| gap < -0.01 - 0.001 * sign);
            let [floor, ceiling] = place.gaps_m(law, ground).map(beyond);
            let outside = || place.signed_m(law) < -0.1 - 0.001 * sign;
            if law.permits {
                !doubt || floor || ceiling || outside()
            } else {
                doubt && floor && ceiling && outside()
            }
        };
        let (permits, forbids): (Vec<&Law>, Vec<&Law>) =
            self.case.laws.iter().partition(|law| law.permits);
        forbids.into_iter().any(against) || permits.into_iter().all(against)
    }

    fn right(&self, law: &Law) -> Right {
        let signed = self.signed_m(law).min(5e6);
        let least = signed - 0.002;
        let tightness = if least < 0.0 { 1.0 - least / 100.0 } else { 0.1 + least / 200.0 };
        let reach = self.case.claims.allowances.plane_m + self.reach_m;
        let height = |rounding_deg| {
            let [floor, ceiling] = self.gaps_m(law, self.ground_m(reach, rounding_deg));
            let height = if law.permits {
                floor?.min(ceiling?)
            } else {
                floor.unwrap_or(f64::NEG_INFINITY).max(ceiling.unwrap_or(f64::NEG_INFINITY))
            };
            Some(height).filter(|height| height.is_finite())
        };
        let in_force = self.in_force(law, self.case.flight.allowances.time_s);
        let plane_m = [least - tightness, signed + 0.002];
        Right { plane_m, height_m: [1e-9, -1e-9].map(height), in_force }
    }

    fn signed_m(&self, law: &Law) -> f64 {
        let all = law.polygons.iter().map(|polygon| polygon.signed_m(&self.arc, law.permits));
        if law.permits { all.fold(f64::MIN, f64::max) } else { all.fold(f64::MAX, f64::min) }
    }

    /// Whether a law is in force, for the time less the rounding of moments between fixes, and with it.
    fn in_force(&self, law: &Law, allowance_s: f64) -> [bool; 2] {
        let [a, b] = self.fixes.map(|fix| fix.time.as_nanosecond());
        let [from, to] = self.shares.map(|share| a + (share * (b - a) as f64).round() as i128);
        let [early, late] = self.shares.map(|share| if share.fract() == 0.0 { 0 } else { 1000 });
        let allowance = (allowance_s * 1e9).round() as i128;
        [-1, 1].map(|sign| {
            in_force(law, [from - allowance - sign * early, to + allowance + sign * late])
        })
    }

    fn ground_m(&self, reach_m: f64, rounding_deg: f64) -> Option<[f64; 2]> {
        self.case.ground.and_then(|ground| ground.under(&self.arc, reach_m, rounding_deg))
    }

    /// How far it is above the floor and below the ceiling of a permission, or the other way round of a prohibition;
    /// with the highest ground for the first and the lowest for the second. None where not known.
    fn gaps_m(&self, law: &Law, ground_m: Option<[f64; 2]>) -> [Option<f64>; 2] {
        let along = |[a, b]: [f64; 2]| {
            let [from, to] = self.shares.map(|share| a + share * (b - a));
            [from.min(to), from.max(to)]
        };
        let height = along(self.fixes.map(|fix| fix.height_m));
        let [a, b] = self.fixes.map(|fix| fix.pressure_altitude_m);
        let pressure = a.zip(b).map(|(a, b)| along([a, b]));
        let over = |limit: Limit, end: usize| match limit {
            Limit::AmslM(limit) => Some(height[end] - limit),
            Limit::AglM(limit) => ground_m.map(|ground| height[end] - ground[1 - end] - limit),
            Limit::FlightLevel(level) => pressure.map(|pressure| pressure[end] - level * 30.48),
        };
        let [low, high] = if law.permits { [0, 1] } else { [1, 0] };
        let floor = law.floor.map_or(Some(f64::INFINITY), |limit| over(limit, low));
        let ceiling = law.ceiling.map_or(Some(f64::NEG_INFINITY), |limit| over(limit, high));
        if law.permits {
            [floor, ceiling.map(|over| -over)]
        } else {
            [floor.map(|over| -over), ceiling]
        }
    }
}

impl Right {
    fn wrong(&self, claim: &Claim) -> Vec<String> {
        let plane = number_wrong("plane_m", claim.plane_m, self.plane_m);
        let is_height = |height: &Option<f64>| match (claim.height_m, *height) {
            (Some(claimed), Some(height)) => (height - 0.012..=height + 0.002).contains(&claimed),
            (claimed, height) => claimed == height,
        };
        let (heights, force) = (self.height_m, self.in_force);
        let height = (!heights.iter().any(is_height))
            .then(|| format!("height_m: claimed {:?}, computed {:?}", claim.height_m, heights[0]));
        let force = (!force.contains(&claim.in_force))
            .then(|| format!("in_force: claimed {}, computed {}", claim.in_force, force[0]));
        [plane, height, force].into_iter().flatten().collect()
    }
}
