//! What keeps a track from being kept, and the nearest change that would be allowed, in words.

use cathartes_core::{
    airspace::Rule,
    certificate::{ClauseClaim, LegClaim, PieceClaim, Verdict},
};

use crate::{
    airspace::Prepared,
    certify::{Leg, Trip, claim},
    path::Stretch,
    when::{self, Interval},
};

/// Stretches that are told of.
const MOST_RUNS: usize = 10;
/// A time that is free is looked for in these steps,
const STEP_MIN: i32 = 5;
/// up to so far.
const FARTHEST_MIN: i32 = 7 * 24 * 60;

/// A line for each run of legs that are not kept for one reason, the worst first.
pub(crate) fn why(trip: &Trip<'_>, legs: &[(Leg, LegClaim)]) -> Vec<String> {
    let mut runs = runs(trip, legs);
    runs.sort_by_key(|run| std::cmp::Reverse(run.verdict));
    let told = runs.iter().take(MOST_RUNS);
    let mut lines: Vec<String> = told.flat_map(|run| of_run(trip, legs, run)).collect();
    if runs.len() > MOST_RUNS {
        lines.push(format!("and {} stretches more", runs.len() - MOST_RUNS));
    }
    lines
}

/// Legs that follow each other with one verdict for one reason.
struct Run {
    legs: std::ops::RangeInclusive<usize>,
    verdict: Verdict,
    /// Clauses that forbid them; whether none permits them.
    reason: (Vec<usize>, bool),
    /// The leg that is worst, and how far it is on the right side of the clause in question.
    worst: usize,
    least_m: f64,
}

fn runs(trip: &Trip<'_>, legs: &[(Leg, LegClaim)]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let bad = legs.iter().enumerate().filter(|(_, (_, claim))| claim.verdict != Verdict::Kept);
    for (number, (leg, claim)) in bad {
        let Some(piece) = worst(claim) else { continue };
        let forbids = piece.forbids.iter().enumerate();
        let by: Vec<usize> =
            forbids.filter(|(_, said)| !trip.keeps_clear(leg, said)).map(|(at, _)| at).collect();
        let distances = by.iter().map(|at| piece.forbids[*at].plane_m.0);
        let least_m = distances.fold(f64::INFINITY, f64::min);
        let (verdict, reason) = (claim.verdict, (by, piece.permit.is_none()));
        match runs.last_mut() {
            Some(run)
                if *run.legs.end() + 1 == number
                    && run.verdict == verdict
                    && run.reason == reason =>
            {
                run.legs = *run.legs.start()..=number;
                if least_m < run.least_m {
                    (run.worst, run.least_m) = (number, least_m);
                }
            }
            _ => runs.push(Run { legs: number..=number, verdict, reason, worst: number, least_m }),
        }
    }
    runs
}

fn worst(claim: &LegClaim) -> Option<&PieceClaim> {
    claim.pieces.iter().max_by_key(|piece| piece.verdict)
}

fn of_run(trip: &Trip<'_>, legs: &[(Leg, LegClaim)], run: &Run) -> Vec<String> {
    let (leg, claim) = &legs[run.worst];
    let Some(piece) = worst(claim) else { return Vec::new() };
    let begin = begin(trip, run);
    let time = time(trip, run);
    let clauses = run.reason.0.iter().map(|at| (trip.forbids[*at], &piece.forbids[*at]));
    let mut lines: Vec<String> = clauses
        .map(|clause| format!("{begin}{}", forbids(trip, leg, clause, (piece, time))))
        .collect();
    if piece.permit.is_none() {
        lines.push(format!("{begin}{}", nothing_permits(trip, leg, (piece, time))));
    }
    lines
}

/// All of a run, so much earlier and later.
fn time(trip: &Trip<'_>, run: &Run) -> Interval {
    let fixes = &trip.track.fixes;
    let [from, to] = [fixes[*run.legs.start()].time, fixes[*run.legs.end() + 1].time];
    let aside_s = trip.allowances.time_s.0;
    [when::seconds(from) - aside_s, when::seconds(to) + aside_s]
}

fn begin(trip: &Trip<'_>, run: &Run) -> String {
    let (first, last) = (*run.legs.start(), *run.legs.end());
    let (from, to) = (trip.track.fixes[first].time, trip.track.fixes[last + 1].time);
    if first == last {
        return format!("leg {first} from {from} to {to} is {}: ", run.verdict);
    }
    format!(
        "legs {first} to {last} from {from} to {to} are {}, leg {} the worst: ",
        run.verdict, run.worst
    )
}

fn forbids(
    trip: &Trip<'_>,
    leg: &Leg,
    (clause, said): (&Prepared, &ClauseClaim),
    (piece, time): (&PieceClaim, Interval),
) -> String {
    let (plane_m, height_m) = trip.allowed(leg);
    let mut changes = vec![format!("{:.1} m farther from it", plane_m - said.plane_m.0)];
    let heights = trip.heights(leg, piece.from, piece.to, plane_m);
    if let Some(distance) = heights.clear_of(&clause.clause.volume).known() {
        changes.push(format!("{:.1} m up or down out of it", height_m - distance));
    }
    changes.extend(another_time(clause, time));
    format!(
        "{} forbids it, {}, where {} is allowed for; the nearest change that is allowed: {}",
        clause.name,
        away(said.plane_m.0, "inside", "away"),
        metres(plane_m),
        changes.join(", or ")
    )
}

fn nothing_permits(
    trip: &Trip<'_>,
    leg: &Leg,
    (piece, run_time): (&PieceClaim, Interval),
) -> String {
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
        let free = another_time(clause, run_time);
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

/// How much earlier or later a clause would not stand in the way of a time.
fn another_time(clause: &Prepared, [from, to]: Interval) -> Option<String> {
    let in_force =
        |shift_s: f64| when::in_force(&clause.clause, clause.valid, [from + shift_s, to + shift_s]);
    let wanted = clause.clause.rule == Rule::Permit;
    let steps = (1..=FARTHEST_MIN / STEP_MIN).map(|step| step * STEP_MIN);
    let mut shifts = steps.flat_map(|minutes| [minutes, -minutes]);
    let free = shifts.find(|minutes| in_force(f64::from(*minutes) * 60.0) == wanted)?;
    let word = if free > 0 { "later" } else { "earlier" };
    Some(format!("{} min {word}", free.abs()))
}
