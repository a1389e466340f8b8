//! A place as a circle or as a square of a grid, so that more releases do not tell more than one.
//!
//! **Circle.** With the radius R, the long half axis a of the ellipse and two numbers u, v that belong to the thing
//! and the recipient, the middle lies
//!
//! ```text
//! (R − a) √u   from the place, at the bearing   360° v,
//! ```
//!
//! anywhere alike in the disc from which the circle still holds the ellipse; where a > R/2, R is doubled until it
//! is not. The last circle that the recipient has and that the place lies in is given again, whatever it was of: the
//! place has to move by more than its own ellipse, by R on average the more, before anything moves, so there is no
//! mean to take of middles, and two things in one place do not cut a circle smaller. A place that left all of them
//! has a new circle, whose middle is at least R from those of the same radius: of what the new one covers, an old one
//! leaves (π/3 + √3/2)/π, three fifths, or more.
//!
//! **Square.** The grid is the same for everybody: rows of equal latitude, in each of them as many squares as make
//! their sides nearest to the cell. Its side is doubled until the ellipse is no longer than a quarter of it; how
//! near the place is to an edge never counts, as that would tell of it. A square that the recipient already has is
//! given again as long as the ellipse touches it: a place that wavers about an edge does not show where the edge is.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use super::For;
use crate::product::Value;

/// Metres of a degree of latitude, about.
const DEGREE_M: f64 = 111_195.0;
/// A circle wider than this says nothing of a place.
const WIDEST: Metres = Metres(500_000.0);
/// How often another middle is tried.
const TRIES: u32 = 64;

/// The circle of a place.
pub(crate) fn circle(place: LatLon, a: Metres, radius: Metres, to: For<'_>) -> Option<Value> {
    let radius = widened(radius, Metres(2.0 * a.0))?;
    let had = circles(to.had, radius);
    let known = had.iter().rfind(|middle| distance(**middle, place).0 <= radius.0);
    let middle = known.copied().unwrap_or_else(|| fresh(place, a, radius, (&had, to)));
    Some(Value::Circle { middle, radius })
}

/// A middle that the recipient does not have, away from those that it has.
fn fresh(place: LatLon, a: Metres, radius: Metres, (had, to): (&[LatLon], For<'_>)) -> LatLon {
    let reach = radius.0 - a.0;
    let away = |middle: LatLon| {
        had.iter().map(|old| distance(*old, middle).0).fold(f64::INFINITY, f64::min)
    };
    let mut best = (place, f64::NEG_INFINITY);
    for n in 0..TRIES {
        let [u, v] = to.secret.two(to.thing, n);
        let middle = rounded(destination(place, Degrees(360.0 * v), Metres(reach * u.sqrt())));
        let distance = away(middle);
        if distance >= radius.0 {
            return middle;
        }
        if distance > best.1 {
            best = (middle, distance);
        }
    }
    best.0
}

/// Doubled until it is as long as that.
fn widened(length: Metres, least: Metres) -> Option<Metres> {
    let mut wide = length.0;
    while wide < least.0 && wide <= WIDEST.0 {
        wide *= 2.0;
    }
    (wide > 0.0 && wide <= WIDEST.0 && least.0 >= 0.0).then_some(Metres(wide))
}

fn circles(had: &[Value], of: Metres) -> Vec<LatLon> {
    let circles = had.iter().filter_map(|value| match value {
        Value::Circle { middle, radius } if *radius == of => Some(*middle),
        _ => None,
    });
    circles.collect()
}

/// The square of a place.
pub(crate) fn cell(place: LatLon, a: Metres, side: Metres, had: &[Value]) -> Option<Value> {
    let side = widened(side, Metres(4.0 * a.0))?;
    let known = had.iter().rev().find_map(|value| match value {
        Value::Cell { corners } if corners_of(middle_of(corners), side) == *corners => {
            touches(corners, place, a).then_some(*corners)
        }
        _ => None,
    });
    Some(Value::Cell { corners: known.unwrap_or_else(|| corners_of(place, side)) })
}

/// Row by latitude, column by longitude within the row.
fn corners_of(place: LatLon, side: Metres) -> [LatLon; 4] {
    let rows = (180.0 * DEGREE_M / side.0).round().max(1.0);
    let height = 180.0 / rows;
    let row = ((place.latitude.0 + 90.0) / height).floor().clamp(0.0, rows - 1.0);
    let south = row * height - 90.0;
    let around = 360.0 * DEGREE_M * (south + height / 2.0).to_radians().cos();
    let columns = (around / side.0).round().max(1.0);
    let width = 360.0 / columns;
    let column = ((place.longitude.0 + 180.0) / width).floor().clamp(0.0, columns - 1.0);
    let west = column * width - 180.0;
    let at = |east: f64, north: f64| {
        rounded(LatLon { latitude: Degrees(south + north), longitude: Degrees(west + east) })
    };
    [at(0.0, 0.0), at(width, 0.0), at(width, height), at(0.0, height)]
}

fn middle_of(corners: &[LatLon; 4]) -> LatLon {
    let [a, _, c, _] = corners;
    let mean = |a: Degrees, c: Degrees| Degrees(f64::midpoint(a.0, c.0));
    LatLon { latitude: mean(a.latitude, c.latitude), longitude: mean(a.longitude, c.longitude) }
}

/// Whether what lies within `a` of a place has a part in a square.
fn touches(corners: &[LatLon; 4], place: LatLon, a: Metres) -> bool {
    let [low, _, high, _] = corners;
    let latitude = place.latitude.0.clamp(low.latitude.0, high.latitude.0);
    let longitude = place.longitude.0.clamp(low.longitude.0, high.longitude.0);
    let nearest = LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    distance(nearest, place).0 <= a.0
}

fn distance(from: LatLon, to: LatLon) -> Metres {
    bearing_and_distance(from, to).1
}

/// To a metre: more digits would tell of how it was computed.
fn rounded(place: LatLon) -> LatLon {
    let to = |degrees: Degrees| Degrees((degrees.0 * 1e5).round() / 1e5);
    LatLon { latitude: to(place.latitude), longitude: to(place.longitude) }
}
