//! The claims of legs and pieces. With A and V the allowances in plane and height, R and C the reaches, p and h the claims,
//! a piece keeps to a permission where p ≥ A + R and h ≥ V + C, and keeps clear of a prohibition where either.

use crate::documents::{Allowed, Clause, Fix, LegClaim, Limit, PieceClaim, Track};
use crate::geodesic::{Arc, place};
use crate::{Log, ground::Grid, polygon::FARTHEST_M};

const INFINITY: f64 = f64::INFINITY;

/// What a certificate is of; the laws are those of this operator, aircraft and purpose.
pub(crate) struct Case {
    pub(crate) flight: Track,
    pub(crate) laws: Vec<Clause>,
    pub(crate) ground: Option<Grid>,
    pub(crate) allowed: Allowed,
}

/// What lies between two shares of a leg, with A + R and V + C; where it is accused, these are less than 0.
struct Piece<'a> {
    case: &'a Case,
    fixes: &'a [Fix],
    shares: [f64; 2],
    arc: Arc,
    allowed: Allowed,
}

impl Case {
    pub(crate) fn check(&self, number: usize, claim: &LegClaim, log: &mut Log) {
        let (flight, fixes) = (&self.flight, &self.flight.fixes[number..number + 2]);
        let ends = [0, 1].map(|i| place(fixes[i].longitude_deg, fixes[i].latitude_deg));
        let (arc, flown) = (Arc::between(ends), f64::from(flight.kind == "flown"));
        let seconds = fixes[1].time.duration_since(fixes[0].time).as_secs_f64();
        let (most, length) = (flight.most_speed_m_s * seconds, arc.length_m);
        let is_jump = flown * length > most + 2.0 * flight.allowances.navigation_m;
        let aside = (most * most - length * length).max(0.0).sqrt() / 2.0;
        let reach = flown * if is_jump { length } else { aside };
        let climbed = (fixes[1].height_m - fixes[0].height_m).abs();
        let climb = flown * (flight.most_climb_m_s * seconds - climbed).max(0.0) / 2.0;
        let at = format!("leg {number}: ");
        log.same(&format!("{at}leg"), &claim.leg, &number);
        log.same(&format!("{at}longer than 5,000 km"), &false, &(length > 5_000_000.1));
        let reaches =
            [("reach_m", claim.reach_m, reach), ("climb_reach_m", claim.climb_reach_m, climb)];
        for (what, claim, reach) in reaches {
            log.near(&format!("{at}{what}"), claim, [reach - 0.001, reach * 1.001 + 0.01]);
        }
        let Allowed { plane_m, height_m, time_s } = self.allowed;
        let (plane_m, height_m) = (plane_m + claim.reach_m, height_m + claim.climb_reach_m);
        let allowed = Allowed { plane_m, height_m, time_s };
        let (leg, mut end) = (Piece { case: self, fixes, shares: [0.0, 1.0], arc, allowed }, 0.0);
        for (number, piece) in claim.pieces.iter().enumerate() {
            let at = format!("{at}piece {number}: ");
            log.same(&format!("{at}from"), &piece.from, &end);
            leg.part([end, piece.to]).check(piece, is_jump, &at, log);
            end = piece.to;
        }
        log.same(&format!("{at}end of pieces"), &end, &1.0);
        log.verdict(&at, &claim.verdict, claim.pieces.iter().map(|piece| &piece.verdict));
    }
}

impl Piece<'_> {
    fn part(&self, shares: [f64; 2]) -> Self {
        let shares = shares.map(|share| share.clamp(0.0, 1.0));
        let arc = Arc::between(shares.map(|share| self.arc.at_share(share)));
        Self { shares, arc, ..*self }
    }

    fn check(&self, claim: &PieceClaim, is_jump: bool, at: &str, log: &mut Log) {
        let (permit, mut kept, mut known) = (claim.permit.as_slice(), claim.permit.is_some(), 0);
        for law in &self.case.laws {
            let (at, (in_force, signed, gap)) = (format!("{at}{}", law.number), self.right(law));
            let mut claims = if law.permits() { permit } else { &claim.forbids }.iter();
            if let Some(claim) = claims.find(|claim| claim.clause == law.number) {
                let least = if signed < 0.0 { -INFINITY } else { signed * 0.995 - 0.101 };
                let height = claim.height_m.unwrap_or(INFINITY.copysign(gap));
                log.same(&format!("{at}: in_force"), &claim.in_force, &in_force);
                log.near(
                    &format!("{at}: plane_m"),
                    claim.plane_m,
                    [least, signed.max(0.0) + 0.001],
                );
                log.near(&format!("{at}: height_m"), height, [gap - 0.011, gap + 0.001]);
                let plane = if signed < 0.0 { signed } else { claim.plane_m };
                kept &= self.keeps(law, (in_force, plane, height));
                known += 1;
            } else {
                let spare = self.keeps(law, (in_force, signed * 0.995 - 0.1, gap - 0.01));
                let right = law.permits() && !(permit.is_empty() && spare);
                log.same(&format!("{at}: is left out"), &true, &right);
            }
        }
        log.same(&format!("{at}clauses"), &(permit.len() + claim.forbids.len()), &known);
        // Very near to a limit either verdict is right.
        let doubt = if claim.verdict == "broken" { 0.001 } else { -0.001 };
        let is_broken = || [0, 1].into_iter().any(|end| self.is_broken(end, doubt));
        let right = match kept {
            true => "kept",
            false if !is_jump && is_broken() => "broken",
            false => "not proven",
        };
        log.same(&format!("{at}verdict"), &claim.verdict.as_str(), &right);
    }

    /// Whether one of its ends is certainly in a prohibition or outside all permissions.
    fn is_broken(&self, end: usize, doubt_m: f64) -> bool {
        let allowed = Allowed { plane_m: doubt_m - 0.1, height_m: doubt_m - 0.01, time_s: 0.0 };
        let arc = Arc::between([self.arc.at_share(end as f64); 2]);
        let place = Piece { allowed, shares: [self.shares[end]; 2], arc, ..*self };
        let kept = |law: &&Clause| place.keeps(law, place.right(law));
        let (permits, forbids): (Vec<_>, Vec<_>) =
            self.case.laws.iter().partition(|law| law.permits());
        !permits.iter().any(kept) || !forbids.iter().all(kept)
    }

    fn keeps(&self, law: &Clause, (in_force, plane_m, height_m): (bool, f64, f64)) -> bool {
        let force = if in_force == law.permits() { INFINITY } else { -INFINITY };
        let margins = [force, plane_m - self.allowed.plane_m, height_m - self.allowed.height_m];
        law.join(margins.into_iter()) >= 0.0
    }

    /// Whether a law is in force, the signed distance and that in height.
    fn right(&self, law: &Clause) -> (bool, f64, f64) {
        let [start, end] = [0, 1].map(|i| self.fixes[i].time.as_nanosecond());
        let [from, to] = self.shares.map(|share| (share * (end - start) as f64).round() as i128);
        let allowance = (self.allowed.time_s * 1e9).round() as i128;
        let in_force = law.in_force(start + from - allowance, start + to + allowance);
        let polygons = law.volume.polygons.iter();
        let signed = law.join(polygons.map(|polygon| -polygon.signed_m(&self.arc, law.permits())));
        (in_force, -signed.clamp(-FARTHEST_M, FARTHEST_M), self.gap_m(law))
    }

    /// The height distance. What is not known is −∞, and the ground as makes it smaller; to accuse, ∞ and larger.
    fn gap_m(&self, law: &Clause) -> f64 {
        let accused = self.allowed.plane_m < 0.0;
        let unknown = if accused { INFINITY } else { -INFINITY };
        let span = |height: fn(&Fix) -> Option<f64>| {
            let [a, b] = [height(&self.fixes[0])?, height(&self.fixes[1])?];
            let [from, to] = self.shares.map(|share| a + share * (b - a));
            Some([from.min(to), from.max(to)])
        };
        let (amsl, pressure) =
            (span(|fix| Some(fix.height_m)), span(|fix| fix.pressure_altitude_m));
        let grid = self.case.ground.as_ref();
        let ground = grid.and_then(|grid| grid.under(&self.arc, self.allowed.plane_m.max(0.0)));
        let agl = ground.zip(amsl).map(|([bottom, top], [low, high])| {
            if accused { [low - bottom, high - top] } else { [low - top, high - bottom] }
        });
        let gaps = |limit: &Limit, end: usize| {
            let level_m = limit.flight_level.map(|level| level * 30.48);
            let limits = [(limit.amsl_m, amsl), (limit.agl_m, agl), (level_m, pressure)];
            let above =
                |span: [f64; 2], limit| if end == 0 { span[0] - limit } else { limit - span[1] };
            limits.map(|(limit, span)| {
                limit.map(|limit| span.map_or(unknown, |span| above(span, limit)))
            })
        };
        let floor = gaps(&law.volume.floor, usize::from(!law.permits()));
        let ceiling =
            law.volume.ceiling.iter().flat_map(|limit| gaps(limit, usize::from(law.permits())));
        law.join(floor.into_iter().chain(ceiling).flatten())
    }
}
