//! What keeps a track from being kept, and the nearest change that would be allowed, in words.

use cathartes_core::certificate::{ClauseClaim, LegClaim, PieceClaim, Verdict};

use crate::{
    airspace::Prepared,
    certify::{Leg, Trip, claim},
    path::Stretch,
    when,
};

/// Legs that are told of.
const MOST_LEGS: usize = 10;
/// A time that is free is looked for in these steps,
const STEP_MIN: i32 = 5;
/// up to so far.
const FARTHEST_MIN: i32 = 7 * 24 * 60;

/// A line for each leg that is not kept, the worst first.
pub(crate) fn why(trip: &Trip<'_>, legs: &[(Leg, LegClaim)]) -> Vec<String> {
    let mut bad: Vec<&(Leg, LegClaim)> =
        legs.iter().filter(|(_, claim)| claim.verdict != Verdict::Kept).collect();
    bad.sort_by_key(|(_, claim)| std::cmp::Reverse(claim.verdict));
    let mut lines: Vec<String> =
        bad.iter().take(MOST_LEGS).flat_map(|(leg, claim)| of_leg(trip, leg, claim)).collect();
    if bad.len() > MOST_LEGS {
        lines.push(format!("and {} legs more", bad.len() - MOST_LEGS));
    }
    lines
}

fn of_leg(trip: &Trip<'_>, leg: &Leg, claim: &LegClaim) -> Vec<String> {
    let Some(piece) = claim.pieces.iter().max_by_key(|piece| piece.verdict) else {
        return Vec::new();
    };
    let fixes = &trip.track.fixes[claim.leg..];
    let begin = format!(
        "leg {} from {} to {} is {}: ",
        claim.leg, fixes[0].time, fixes[1].time, claim.verdict
    );
    let clauses = trip.forbids.iter().zip(&piece.forbids);
    let forbidden = clauses.filter(|(_, said)| !trip.keeps_clear(leg, said));
    let mut lines: Vec<String> = forbidden
        .map(|(clause, said)| format!("{begin}{}", forbids(trip, leg, (clause, said), piece)))
        .collect();
    if piece.permit.is_none() {
        lines.push(format!("{begin}{}", nothing_permits(trip, leg, piece)));
    }
    lines
}

fn forbids(
    trip: &Trip<'_>,
    leg: &Leg,
    (clause, said): (&Prepared, &ClauseClaim),
    piece: &PieceClaim,
) -> String {
    let (plane_m, height_m) = trip.allowed(leg);
    let mut changes = vec![format!("{:.1} m farther from it", plane_m - said.plane_m.0)];
    let heights = trip.heights(leg, piece.from, piece.to, plane_m);
    if let Some(distance) = heights.clear_of(&clause.clause.volume).known() {
        changes.push(format!("{:.1} m up or down out of it", height_m - distance));
    }
    changes.extend(another_time(trip, leg, clause, piece));
    format!(
        "{} forbids it, {}, where {} is allowed for; the nearest change that is allowed: {}",
        clause.name,
        away(said.plane_m.0, "inside", "away"),
        metres(plane_m),
        changes.join(", or ")
    )
}

fn nothing_permits(trip: &Trip<'_>, leg: &Leg, piece: &PieceClaim) -> String {
    let (plane_m, height_m) = trip.allowed(leg);
    let stretch = Stretch { path: &leg.path, from: piece.from, to: piece.to };
    let heights = trip.heights(leg, piece.from, piece.to, plane_m);
    let time = leg.interval(piece.from, piece.to, trip.allowances.time_s.0);
    let said = |clause: &&Prepared| claim(clause, stretch, &heights, time);
    let all = trip.permits.iter().map(|clause| (clause, said(clause)));
    let nearest = all.max_by(|(_, one), (_, other)| one.plane_m.0.total_cmp(&other.plane_m.0));
    let Some((clause, said)) = nearest else {
        let track = trip.track;
        return format!(
            "no clause permits {} to a {} of {}: ask its issuer for one",
            track.purpose.word(),
            track.aircraft,
            track.operator
        );
    };
    let mut changes = Vec::new();
    if said.plane_m.0 < plane_m {
        changes.push(format!("{:.1} m farther into it", plane_m - said.plane_m.0));
    }
    match said.height_m {
        Some(height) if height.0 < height_m => {
            changes.push(format!("{:.1} m farther between its limits", height_m - height.0));
        }
        None if clause.clause.volume.ceiling.is_some()
            || !clause.clause.volume.floor.is_ground() =>
        {
            changes.push("heights that its limits can be compared with".to_owned());
        }
        _ => {}
    }
    if !said.in_force {
        let free = another_time(trip, leg, clause, piece);
        changes.push(free.unwrap_or_else(|| "a time at which it is in force".to_owned()));
    }
    format!(
        "no clause permits it; the nearest is {}, {}, where {} is allowed for: {}",
        clause.name,
        away(said.plane_m.0, "outside", "within"),
        metres(plane_m),
        changes.join(" and ")
    )
}

fn away(distance_m: f64, wrong: &str, right: &str) -> String {
    let word = if distance_m < 0.0 { wrong } else { right };
    format!("{} {word}", metres(distance_m.abs()))
}

fn metres(distance_m: f64) -> String {
    format!("{distance_m:.1} m")
}

/// How much earlier or later a clause would not stand in the way.
fn another_time(
    trip: &Trip<'_>,
    leg: &Leg,
    clause: &Prepared,
    piece: &PieceClaim,
) -> Option<String> {
    let [from, to] = leg.interval(piece.from, piece.to, trip.allowances.time_s.0);
    let now = when::in_force(&clause.clause, clause.valid, [from, to]);
    let other = |minutes: i32| {
        let shift_s = f64::from(minutes) * 60.0;
        when::in_force(&clause.clause, clause.valid, [from + shift_s, to + shift_s]) != now
    };
    let steps = (1..=FARTHEST_MIN / STEP_MIN).map(|step| step * STEP_MIN);
    steps.flat_map(|minutes| [minutes, -minutes]).find(|minutes| other(*minutes)).map(|minutes| {
        let word = if minutes > 0 { "later" } else { "earlier" };
        format!("{} min {word}", minutes.abs())
    })
}
