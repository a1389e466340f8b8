//! The ground that a value names, as rings of longitude and latitude that any map can draw.
//!
//! A ring is anticlockwise and closed (RFC 7946, 3.1.6); one that crosses 180° is cut there (3.1.9), one around a pole
//! runs along ±180° to the pole. Edges are geodesics, near enough: an ellipse has [`CORNERS`] of them.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use crate::{coordinates::wrapped, product::Value};

/// Corners of an ellipse.
const CORNERS: usize = 64;
/// What reaches farther is no place; its words still say how far.
const WIDEST_M: f64 = 5e6;
/// 1e-7° is a centimetre on the ground.
const PLACES: f64 = 1e7;

/// Longitude and latitude, degrees.
pub(crate) type Corner = [f64; 2];

/// Where a value says something is, when that is one place.
pub(super) fn point(value: &Value) -> Option<Corner> {
    let Value::Place { place, .. } = value else { return None };
    on_earth(*place).then(|| corner(*place))
}

/// The middle of the ground a value names, and how far it reaches from there.
pub(crate) fn middle(value: &Value) -> Option<(LatLon, Metres)> {
    let (middle, reach) = match value {
        Value::Place { place, ellipse } => (*place, ellipse.semi_major),
        Value::Circle { middle, radius } => (*middle, *radius),
        Value::Cell { corners: [a, _, c, _] } => {
            let (bearing, across) = bearing_and_distance(*a, *c);
            let half = Metres(across.0 / 2.0);
            (destination(*a, bearing, half), half)
        }
        _ => return None,
    };
    (on_earth(middle) && (0.0..=WIDEST_M).contains(&reach.0)).then_some((middle, reach))
}

/// The rings around the ground a value names, none when it names no ground.
pub(crate) fn rings(value: &Value) -> Vec<Vec<Corner>> {
    let Some((middle, Metres(reach))) = middle(value) else { return Vec::new() };
    let corners = match value {
        Value::Place { ellipse, .. } => {
            let half_axes = [ellipse.semi_major, ellipse.semi_minor];
            ellipse_ring(middle, half_axes, ellipse.bearing)
        }
        Value::Circle { radius, .. } => ellipse_ring(middle, [*radius; 2], Degrees(0.0)),
        Value::Cell { corners } => corners.to_vec(),
        _ => Vec::new(),
    };
    if reach == 0.0 || !corners.iter().all(|place| on_earth(*place)) {
        return Vec::new();
    }
    cut(&corners.into_iter().map(|c| [c.longitude.0, c.latitude.0]).collect::<Vec<_>>())
}

fn ellipse_ring(middle: LatLon, [long, short]: [Metres; 2], bearing: Degrees) -> Vec<LatLon> {
    let at = |i: usize| {
        // Bearings turn clockwise, rings do not.
        let turn = -std::f64::consts::TAU * i as f64 / CORNERS as f64;
        let (along, aside) = (turn.cos() * long.0, turn.sin() * short.0);
        let bearing = Degrees(bearing.0 + aside.atan2(along).to_degrees());
        destination(middle, bearing, Metres(along.hypot(aside)))
    };
    (0..CORNERS).map(at).collect()
}

fn on_earth(place: LatLon) -> bool {
    place.latitude.0.abs() <= 90.0 && place.longitude.0.is_finite()
}

/// A place as a corner.
pub(crate) fn corner(place: LatLon) -> Corner {
    [wrapped(place.longitude.0), place.latitude.0].map(rounded)
}

fn rounded(degrees: f64) -> f64 {
    // No negative zero, which some write and others do not.
    (degrees * PLACES).round() / PLACES + 0.0
}

/// A ring that is not closed, as closed rings on either side of 180°.
fn cut(corners: &[Corner]) -> Vec<Vec<Corner>> {
    let Some(first) = corners.first() else { return Vec::new() };
    // Every corner on the side of 180° that its neighbour is on.
    let mut unrolled: Vec<Corner> = vec![[wrapped(first[0]), first[1]]];
    for corner in corners.iter().skip(1).chain([first]) {
        let before = unrolled.last().map_or(0.0, |last| last[0]);
        unrolled.push([before + wrapped(corner[0] - before), corner[1]]);
    }
    let turned = unrolled.last().map_or(0.0, |last| last[0] - unrolled[0][0]);
    unrolled.pop();
    if turned.abs() > 180.0 {
        return vec![finished(around_pole(&unrolled))];
    }
    let sides = [-360.0, 0.0, 360.0].map(|shift| {
        let shifted = unrolled.iter().map(|[lon, lat]| [lon + shift, *lat]).collect::<Vec<_>>();
        beyond(&beyond(&shifted, -180.0, 1.0), 180.0, -1.0)
    });
    sides.into_iter().map(finished).filter(|ring| ring.len() > 3).collect()
}

/// What of a ring lies east (`side` 1) or west (-1) of a meridian. A meridian meets an ellipse or a cell in one stretch,
/// so the rest is one ring as well.
fn beyond(ring: &[Corner], meridian: f64, side: f64) -> Vec<Corner> {
    let mut kept = Vec::new();
    for (i, &[lon, lat]) in ring.iter().enumerate() {
        let [next_lon, next_lat] = ring[(i + 1) % ring.len()];
        let (here, there) = ((lon - meridian) * side, (next_lon - meridian) * side);
        if here >= 0.0 {
            kept.push([lon, lat]);
        }
        if here * there < 0.0 {
            let share = here / (here - there);
            kept.push([meridian, lat + share * (next_lat - lat)]);
        }
    }
    kept
}

/// The ground between a ring around a pole and that pole.
fn around_pole(unrolled: &[Corner]) -> Vec<Corner> {
    let mut ring: Vec<Corner> = unrolled.iter().map(|[lon, lat]| [wrapped(*lon), *lat]).collect();
    ring.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let (first, last) = (ring[0], ring[ring.len() - 1]);
    let gap = first[0] + 360.0 - last[0];
    let share = if gap > 0.0 { (180.0 - last[0]) / gap } else { 0.0 };
    let seam = last[1] + share * (first[1] - last[1]);
    let pole = 90_f64.copysign(seam);
    ring.insert(0, [-180.0, seam]);
    ring.extend([[180.0, seam], [180.0, pole], [-180.0, pole]]);
    ring
}

/// Rounded, without corners said twice, anticlockwise, closed.
fn finished(ring: Vec<Corner>) -> Vec<Corner> {
    let mut ring: Vec<Corner> = ring.into_iter().map(|corner| corner.map(rounded)).collect();
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let next = |i: usize| ring[(i + 1) % ring.len()];
    let twice_area: f64 =
        ring.iter().enumerate().map(|(i, [x, y])| x * next(i)[1] - next(i)[0] * y).sum();
    if twice_area < 0.0 {
        ring.reverse();
    }
    ring.extend(ring.first().copied());
    ring
}

#[cfg(test)]
mod tests;
