//! The items of a mission as `MAVLink` has them: a command, four parameters and a place.

use cathartes_core::{geometry::LatLon, track::Fix};

use super::Outgoing;

pub(super) const WAYPOINT: u16 = 16;
const LAND: u16 = 21;
const TAKEOFF: u16 = 22;
const LOITER_TO_ALT: u16 = 31;
const CHANGE_SPEED: u16 = 178;
/// What has wings climbs straight this far and spirals from there.
const FIRST_CLIMB_M: f64 = 50.0;

/// One item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) command: u16,
    /// None is what the autopilot chooses.
    pub(super) parameters: [Option<f64>; 4],
    /// Place and height above mean sea level; none for what is done wherever it is.
    pub(super) at: Option<(LatLon, f64)>,
}

const PLAIN: [Option<f64>; 4] = [Some(0.0), Some(0.0), Some(0.0), None];

/// The items of a sortie from take-off to landing.
pub(super) fn items(out: &Outgoing<'_>) -> Vec<Item> {
    let fixes = &out.sortie.track.fixes;
    let platform = &out.aircraft.platform;
    let hovers = platform.speeds[0].0 <= 0.0;
    let item = |command: u16, parameters, fix: &Fix| {
        let at = Some((fix.place, fix.height.0));
        Item { command, parameters, at }
    };
    let Some((first, rest)) = fixes.split_first() else { return Vec::new() };
    let climbed_m = rest.first().map_or(first.height.0, |next| next.height.0);
    let up_m = if hovers { climbed_m } else { climbed_m.min(first.height.0 + FIRST_CLIMB_M) };
    let off = Some((first.place, up_m));
    let mut all = vec![Item { command: TAKEOFF, parameters: PLAIN, at: off }];
    let speed = [Some(0.0), Some(platform.speeds[1].0), Some(-1.0), Some(0.0)];
    all.push(Item { command: CHANGE_SPEED, parameters: speed, at: None });
    for pair in fixes.windows(2) {
        let (before, here) = (&pair[0], &pair[1]);
        let spiral = before.place == here.place && !hovers;
        all.push(if spiral {
            // Leave towards what comes; clockwise; cross over at the tangent.
            let radius = Some(platform.turn_radius.0);
            item(LOITER_TO_ALT, [Some(1.0), radius, Some(0.0), Some(1.0)], here)
        } else {
            item(WAYPOINT, PLAIN, here)
        });
    }
    all.extend(fixes.last().map(|last| item(LAND, PLAIN, last)));
    all
}
