//! Places as vectors from the centre of the Earth, metres, on the ellipsoid of WGS 84.

use cathartes_core::{geometry::LatLon, units::Degrees};

pub(crate) type Vector = [f64; 3];

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);
/// The largest radius of curvature there is, at the poles.
const FLATTEST_M: f64 = SEMI_MAJOR_M / (1.0 - FLATTENING);
/// The smallest, along the meridian at the equator.
const ROUNDEST_M: f64 = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2);

/// A place as a vector.
pub(crate) fn of(place: LatLon) -> Vector {
    let (sin_lat, cos_lat) = place.latitude.0.to_radians().sin_cos();
    let (sin_lon, cos_lon) = place.longitude.0.to_radians().sin_cos();
    let normal_m = SEMI_MAJOR_M / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
    [
        normal_m * cos_lat * cos_lon,
        normal_m * cos_lat * sin_lon,
        normal_m * (1.0 - ECCENTRICITY_2) * sin_lat,
    ]
}

/// How far a geodesic of a length rises above its chord at most.
pub(crate) fn sagitta_m(length_m: f64) -> f64 {
    length_m * length_m / (8.0 * ROUNDEST_M)
}

/// The shortest that a geodesic can be over a chord: no circle on the ellipsoid is flatter than that of the poles.
pub(crate) fn geodesic_m(chord_m: f64) -> f64 {
    2.0 * FLATTEST_M * (chord_m / (2.0 * FLATTEST_M)).min(1.0).asin()
}

pub(crate) fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(crate) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// A place on the way from one to another.
pub(crate) fn between(a: Vector, b: Vector, share: f64) -> Vector {
    [0, 1, 2].map(|i| a[i] + share * (b[i] - a[i]))
}

pub(crate) fn apart(a: Vector, b: Vector) -> f64 {
    let d = minus(a, b);
    dot(d, d).sqrt()
}

/// Distance of a point from a chord.
pub(crate) fn point_to_chord(point: Vector, [a, b]: [Vector; 2]) -> f64 {
    let along = minus(b, a);
    let length_2 = dot(along, along);
    let share = if length_2 > 0.0 { dot(minus(point, a), along) / length_2 } else { 0.0 };
    apart(point, between(a, b, share.clamp(0.0, 1.0)))
}

/// Distance between two chords.
///
/// The squared distance is convex in both shares, so its least is found by going to the least of the one for the
/// other in turn, once inside and else at the ends (Ericson, Real-Time Collision Detection, 2005, section 5.1.9).
pub(crate) fn chord_to_chord([p, q]: [Vector; 2], [a, b]: [Vector; 2]) -> f64 {
    let (u, v, w) = (minus(q, p), minus(b, a), minus(p, a));
    let (uu, uv, vv) = (dot(u, u), dot(u, v), dot(v, v));
    let (uw, vw) = (dot(u, w), dot(v, w));
    if uu <= 0.0 {
        return point_to_chord(p, [a, b]);
    }
    if vv <= 0.0 {
        return point_to_chord(a, [p, q]);
    }
    let denominator = uu * vv - uv * uv;
    let s =
        if denominator > 0.0 { ((uv * vw - vv * uw) / denominator).clamp(0.0, 1.0) } else { 0.0 };
    let t = (uv * s + vw) / vv;
    if (0.0..=1.0).contains(&t) {
        return apart(between(p, q, s), between(a, b, t));
    }
    point_to_chord(if t < 0.0 { a } else { b }, [p, q])
}

/// A place so far above the ellipsoid.
pub(crate) fn raised(place: LatLon, height_m: f64) -> Vector {
    let (on, up) = (of(place), from_north_east_down(place, [0.0, 0.0, -1.0]));
    [0, 1, 2].map(|i| on[i] + height_m * up[i])
}

/// A direction at a place as one from the centre of the Earth.
pub(crate) fn from_north_east_down(place: LatLon, [north, east, down]: [f64; 3]) -> Vector {
    let (sin_lat, cos_lat) = place.latitude.0.to_radians().sin_cos();
    let (sin_lon, cos_lon) = place.longitude.0.to_radians().sin_cos();
    let out = -down * cos_lat - north * sin_lat;
    [
        out * cos_lon - east * sin_lon,
        out * sin_lon + east * cos_lon,
        north * cos_lat - down * sin_lat,
    ]
}

/// Where a ray first meets the ellipsoid raised by a height, if it does.
pub(crate) fn met(from: Vector, ray: Vector, height_m: f64) -> Option<LatLon> {
    let axes = [SEMI_MAJOR_M, SEMI_MAJOR_M, SEMI_MAJOR_M * (1.0 - FLATTENING)];
    let round = |v: Vector| [0, 1, 2].map(|i| v[i] / (axes[i] + height_m));
    let (p, d) = (round(from), round(ray));
    let (dd, pd, pp) = (dot(d, d), dot(p, d), dot(p, p) - 1.0);
    let root = (pd * pd - dd * pp).sqrt();
    let way = (-pd - root) / dd;
    (way > 0.0).then(|| place([0, 1, 2].map(|i| from[i] + way * ray[i])))
}

/// The place under or over a vector, by Bowring's formula: better than a millimetre near the ground.
pub(crate) fn place([x, y, z]: Vector) -> LatLon {
    let flat = x.hypot(y);
    let semi_minor_m = SEMI_MAJOR_M * (1.0 - FLATTENING);
    let second_2 = ECCENTRICITY_2 / (1.0 - ECCENTRICITY_2);
    let (sin, cos) = (z * SEMI_MAJOR_M).atan2(flat * semi_minor_m).sin_cos();
    let up = z + second_2 * semi_minor_m * sin.powi(3);
    let out = flat - ECCENTRICITY_2 * SEMI_MAJOR_M * cos.powi(3);
    LatLon {
        latitude: Degrees(up.atan2(out).to_degrees()),
        longitude: Degrees(y.atan2(x).to_degrees()),
    }
}
