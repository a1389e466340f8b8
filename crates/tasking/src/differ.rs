//! Where two tracks of one flight differ: what an aircraft says of itself against what others saw.

use cathartes_core::{
    geometry::bearing_and_distance,
    track::{Fix, Track},
};
use jiff::Timestamp;

use crate::{path::Path, when};

/// Differences that are told of.
const MOST: usize = 20;

/// A stretch of time in which two tracks differ.
struct Difference {
    from: Timestamp,
    to: Timestamp,
    plane_m: f64,
    height_m: f64,
}

/// Where two tracks of one flight are farther apart than what both may be wrong by, a sentence each; and the times of which
/// only one tells. Nothing to say means that they agree.
#[must_use]
pub fn differences(one: &Track, other: &Track) -> Vec<String> {
    let allowed_m = |pick: fn(&Track) -> f64| pick(one) + pick(other);
    // What it may go in the time that both clocks may be wrong by.
    let clocks_s = allowed_m(|track| track.allowances.time.0);
    let plane_m = allowed_m(|track| track.allowances.plane().0) + clocks_s * one.most_speed.0;
    let height_m = allowed_m(|track| track.allowances.height.0) + clocks_s * one.most_climb.0;
    let mut found: Vec<Difference> = Vec::new();
    let mut open = false;
    let mut together = 0;
    for fix in &one.fixes {
        let Some(seen) = at(other, fix.time) else { continue };
        together += 1;
        let apart_m = bearing_and_distance(fix.place, seen.place).1.0;
        let above_m = (fix.height.0 - seen.height.0).abs();
        let differs = apart_m > plane_m || above_m > height_m;
        match found.last_mut().filter(|_| open && differs) {
            Some(last) => {
                last.to = fix.time;
                last.plane_m = last.plane_m.max(apart_m);
                last.height_m = last.height_m.max(above_m);
            }
            None if differs => found.push(Difference {
                from: fix.time,
                to: fix.time,
                plane_m: apart_m,
                height_m: above_m,
            }),
            None => {}
        }
        open = differs;
    }
    let mut lines = alone(one, other);
    if together == 0 {
        lines.push(
            "no moment is told of by both: these are not two tracks of one flight".to_owned(),
        );
    }
    lines.extend(found.iter().take(MOST).map(Difference::words));
    if found.len() > MOST {
        lines.push(format!("and {} times more", found.len() - MOST));
    }
    lines
}

impl Difference {
    fn words(&self) -> String {
        format!(
            "from {} to {} they are up to {:.0} m apart in the plane and {:.0} m in height",
            self.from, self.to, self.plane_m, self.height_m
        )
    }
}

/// Times at the ends of which only one tells.
fn alone(one: &Track, other: &Track) -> Vec<String> {
    let ends = |track: &Track| Some((track.fixes.first()?.time, track.fixes.last()?.time));
    let (Some(one_ends), Some(other_ends)) = (ends(one), ends(other)) else { return Vec::new() };
    let clocks_s = one.allowances.time.0 + other.allowances.time.0;
    let later = |a: Timestamp, b: Timestamp| when::seconds(a) - when::seconds(b) > clocks_s;
    let mut lines = Vec::new();
    if later(one_ends.0, other_ends.0) || later(other_ends.0, one_ends.0) {
        let (first, second) = (one_ends.0.min(other_ends.0), one_ends.0.max(other_ends.0));
        lines.push(format!("from {first} to {second} only one of both tells where it was"));
    }
    if later(one_ends.1, other_ends.1) || later(other_ends.1, one_ends.1) {
        let (first, second) = (one_ends.1.min(other_ends.1), one_ends.1.max(other_ends.1));
        lines.push(format!("from {first} to {second} only one of both tells where it was"));
    }
    lines
}

/// Where a track was at a moment, between two fixes.
fn at(track: &Track, time: Timestamp) -> Option<Fix> {
    let after = track.fixes.partition_point(|fix| fix.time < time);
    let later = track.fixes.get(after)?;
    if later.time == time {
        return Some(*later);
    }
    let earlier = track.fixes.get(after.checked_sub(1)?)?;
    let [from, to, now] = [earlier.time, later.time, time].map(when::seconds);
    let share = if to > from { (now - from) / (to - from) } else { 0.0 };
    let place = Path::new(earlier.place, later.place).at(share);
    let rise_m = later.height.0 - earlier.height.0;
    let height = cathartes_core::units::Metres(earlier.height.0 + share * rise_m);
    Some(Fix { time, place, height, pressure_altitude: None })
}

#[cfg(test)]
mod tests;
