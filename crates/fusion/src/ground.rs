//! Metres between places, polygons, and places as points of space for the index.

use cathartes_core::{
    geometry::LatLon,
    units::{Degrees, Metres},
};

use crate::gaussian::Covariance;

/// WGS 84.
const EQUATOR_M: f64 = 6_378_137.0;
const SQUARED_ECCENTRICITY: f64 = 6.694_379_990_141_3e-3;
/// The nearest to a pole that a plane is laid, degrees.
const POLE: f64 = 89.9;

/// Metres a degree towards east and north at a latitude.
fn per_degree(latitude_deg: f64) -> [f64; 2] {
    let (sin, cos) = latitude_deg.clamp(-POLE, POLE).to_radians().sin_cos();
    let w2 = 1.0 - SQUARED_ECCENTRICITY * sin * sin;
    let (meridian, normal) = ((1.0 - SQUARED_ECCENTRICITY) / (w2 * w2.sqrt()), 1.0 / w2.sqrt());
    let degree = EQUATOR_M.to_radians();
    [normal * cos * degree, meridian * degree]
}

/// Degrees east, at most half a turn.
fn turned(degrees: f64) -> f64 {
    (degrees + 540.0).rem_euclid(360.0) - 180.0
}

/// East and north from one place to another, m, about the parallel between the two: distances to 3e-4 within
/// 30 km below 60 degrees of latitude, bearings to half of the angle between their meridians.
pub(crate) fn offset_m(from: LatLon, to: LatLon) -> [f64; 2] {
    let [east, north] = per_degree(0.5 * (from.latitude.0 + to.latitude.0));
    [turned(to.longitude.0 - from.longitude.0) * east, (to.latitude.0 - from.latitude.0) * north]
}

/// The same backwards.
pub(crate) fn moved(from: LatLon, [e, n]: [f64; 2]) -> LatLon {
    let about = from.latitude.0 + n / per_degree(from.latitude.0)[1];
    let [east, north] = per_degree(0.5 * (from.latitude.0 + about));
    LatLon {
        latitude: Degrees((from.latitude.0 + n / north).clamp(-90.0, 90.0)),
        longitude: Degrees(turned(from.longitude.0 + e / east)),
    }
}

/// A place on a sphere of the size of the Earth, m: neighbours on the ground are neighbours there,
/// across 180 degrees and at the poles too. Distances hold to 1 in 100.
pub(crate) fn in_space(place: LatLon) -> [f64; 3] {
    let (sin, cos) = place.latitude.0.to_radians().sin_cos();
    let (east, west) = place.longitude.0.to_radians().sin_cos();
    [cos * west, cos * east, sin].map(|x| x * EQUATOR_M)
}

/// Whether a place lies in a polygon whose edges are straight in longitude and latitude.
pub(crate) fn inside(ring: &[LatLon], place: LatLon) -> bool {
    let flat =
        |p: &LatLon| (turned(p.longitude.0 - place.longitude.0), p.latitude.0 - place.latitude.0);
    let mut odd = false;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let ((ax, ay), (bx, by)) = (flat(a), flat(b));
        if (ay > 0.0) != (by > 0.0) && (bx - ax) * (0.0 - ay) / (by - ay) + ax > 0.0 {
            odd = !odd;
        }
    }
    odd
}

/// The share of a normal distribution that lies in a polygon, by its middle and eight points around.
pub(crate) fn share_inside(ring: &[LatLon], place: LatLon, spread: &Covariance) -> f64 {
    let axes = spread.ellipse();
    let (sin, cos) = axes.bearing.0.to_radians().sin_cos();
    // A quarter of the mass lies within 0.76 deviations, three quarters within 1.67.
    let [long, short] = [axes.semi_major.0, axes.semi_minor.0].map(|a| a * 1.177 / 2.146);
    let mut held = f64::from(u8::from(inside(ring, place)));
    for i in 0..8_u8 {
        let (s, c) = (f64::from(i) * std::f64::consts::FRAC_PI_4).sin_cos();
        let (a, b) = (long * c, short * s);
        let at = moved(place, [a * sin + b * cos, a * cos - b * sin]);
        held += f64::from(u8::from(inside(ring, at)));
    }
    held / 9.0
}

/// Middle and covariance of a place that is anywhere alike in a polygon.
pub(crate) fn moments(ring: &[LatLon]) -> (LatLon, Covariance) {
    let first = ring[0];
    let flat: Vec<[f64; 2]> = ring.iter().map(|p| offset_m(first, *p)).collect();
    let (mut area, mut middle, mut second) = (0.0, [0.0; 2], [0.0; 3]);
    for (a, b) in flat.iter().zip(flat.iter().cycle().skip(1)) {
        let cross = a[0] * b[1] - b[0] * a[1];
        area += cross / 2.0;
        for i in 0..2 {
            middle[i] += cross * (a[i] + b[i]) / 6.0;
        }
        let product = |i: usize, j: usize| {
            let ends = a[i] * a[j] + b[i] * b[j];
            cross * (2.0 * ends + a[i] * b[j] + b[i] * a[j]) / 24.0
        };
        second[0] += product(0, 0);
        second[1] += product(0, 1);
        second[2] += product(1, 1);
    }
    let m = middle.map(|x| x / area);
    let least = 0.01;
    let spread = Covariance {
        ee_m2: (second[0] / area - m[0] * m[0]).max(least),
        en_m2: second[1] / area - m[0] * m[1],
        nn_m2: (second[2] / area - m[1] * m[1]).max(least),
    };
    let slim = spread.determinant() < 1e-6 * spread.ee_m2 * spread.nn_m2;
    let thick = Covariance { en_m2: 0.999_999 * spread.en_m2, ..spread };
    (moved(first, m), if slim { thick } else { spread })
}

/// Bearing of an offset, radians clockwise from north.
pub(crate) fn bearing_rad([e, n]: [f64; 2]) -> f64 {
    e.atan2(n)
}

/// How far it is.
pub(crate) fn distance(from: LatLon, to: LatLon) -> Metres {
    let [e, n] = offset_m(from, to);
    Metres(e.hypot(n))
}

#[cfg(test)]
mod tests;
