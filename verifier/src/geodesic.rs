//! Geodesics of WGS 84 as great circles of the auxiliary sphere, on which a place keeps its longitude and stands at its
//! reduced latitude β, tan β = (1 − f) tan φ. With z = sin β at the angle σ along a great circle and w = √(1 + e′² z²),
//! the geodesic is b ∫ w dσ long, and its longitude lags behind that of the sphere by f n ∫ (2 − f)/(1 + (1 − f) w) dσ,
//! n being how far north the normal of the circle points: C. F. F. Karney, J. Geodesy 87, 43 (2013), eqs. 7 and 8. By
//! Gauss's three points the integrals are good to 0.1 mm up to 2,000 km, to 0.1 m up to 5,000 km.

use std::array::from_fn;

const FLATTENING: f64 = 1.0 / 298.257_223_563;
const ECCENTRICITY: f64 = 1.0 / ((1.0 - FLATTENING) * (1.0 - FLATTENING)) - 1.0;
/// b.
pub(crate) const MINOR_M: f64 = 6_378_137.0 * (1.0 - FLATTENING);
/// How far from the middle of an interval of length 1 the outer two points of Gauss are.
const OUTER: f64 = 0.387_298_334_620_741_7;

/// A place on the auxiliary sphere.
pub(crate) type Place = [f64; 3];

pub(crate) fn place(lon_deg: f64, lat_deg: f64) -> Place {
    let (sin, cos) = lon_deg.to_radians().sin_cos();
    let (z, flat) = ((1.0 - FLATTENING) * lat_deg.to_radians().tan()).atan().sin_cos();
    [flat * cos, flat * sin, z]
}

pub(crate) fn degrees([x, y, z]: Place) -> [f64; 2] {
    [y.atan2(x), z.atan2((1.0 - FLATTENING) * x.hypot(y))].map(f64::to_degrees)
}

/// How far east another place is.
pub(crate) fn turn([from, to]: [Place; 2]) -> f64 {
    (from[0] * to[1] - from[1] * to[0]).atan2(from[0] * to[0] + from[1] * to[1])
}

/// The shorter geodesic between two places; start and course are turned to longitude 0.
pub(crate) struct Arc {
    pub(crate) ends: [Place; 2],
    start: Place,
    course: Place,
    angle: f64,
    pub(crate) length_m: f64,
}

impl Arc {
    pub(crate) fn between(ends: [Place; 2]) -> Self {
        let [[x, y, up], to] = ends;
        let (start, course, flat) = ([x.hypot(y), 0.0, up], [0.0, 1.0, 0.0], to[0].hypot(to[1]));
        let mut arc = Self { ends, start, course, angle: 0.0, length_m: 0.0 };
        let (apart, mut lag) = (turn(ends), 0.0);
        for _ in 0..5 {
            let end = [flat * f64::cos(apart + lag), flat * f64::sin(apart + lag), to[2]];
            let along = start[0] * end[0] + start[2] * end[2];
            let aside: Place = from_fn(|i| end[i] - along * start[i]);
            let across = aside[0].hypot(aside[1]).hypot(aside[2]);
            arc.course = if across > 0.0 { aside.map(|part| part / across) } else { course };
            arc.angle = across.atan2(along);
            (arc.length_m, lag) = arc.way(arc.angle);
        }
        arc
    }

    /// Metres up to an angle along it, and how far longitude lags there.
    fn way(&self, angle: f64) -> (f64, f64) {
        let (mut metres, mut lag) = (0.0, 0.0);
        for (share, weight) in [(0.5 - OUTER, 5.0), (0.5, 8.0), (0.5 + OUTER, 5.0)] {
            let z = (share * angle).cos() * self.start[2] + (share * angle).sin() * self.course[2];
            let w = (1.0 + ECCENTRICITY * z * z).sqrt();
            metres += weight / 18.0 * w;
            lag += weight / 18.0 * (2.0 - FLATTENING) / (1.0 + (1.0 - FLATTENING) * w);
        }
        (MINOR_M * angle * metres, FLATTENING * self.start[0] * self.course[1] * angle * lag)
    }

    /// The place at an angle along it, and the azimuth there.
    fn at(&self, angle: f64) -> (Place, f64) {
        let [x, y, z] = from_fn(|i| angle.cos() * self.start[i] + angle.sin() * self.course[i]);
        let [u, v, w] = from_fn(|i| angle.cos() * self.course[i] - angle.sin() * self.start[i]);
        let east = self.ends[0][1].atan2(self.ends[0][0]) + y.atan2(x) - self.way(angle).1;
        ([x.hypot(y) * east.cos(), x.hypot(y) * east.sin(), z], (x * v - y * u).atan2(w))
    }

    /// The place at a share of its length.
    pub(crate) fn at_share(&self, share: f64) -> Place {
        let nearer = |angle, _| angle + (share * self.length_m - self.way(angle).0) / MINOR_M;
        self.at((0..6).fold(share * self.angle, nearer)).0
    }

    /// Shortest distance of a place, positive on the right and negative on the left: steps to the foot of the
    /// perpendicular as on a sphere, tan δ = tan r cos γ, until they are below 0.1 mm.
    pub(crate) fn distance_m(&self, place: Place) -> f64 {
        let (mut angle, mut distance, mut step, mut left) = (self.angle / 2.0, 0.0, 1.0, 20);
        while f64::abs(step) > 1e-11 && left > 0 {
            let (here, azimuth) = self.at(angle);
            let line = Self::between([here, place]);
            let aside = line.at(0.0).1 - azimuth;
            let foot = angle + (line.angle.sin() * aside.cos()).atan2(line.angle.cos());
            distance = line.length_m.copysign(aside.sin());
            step = foot.clamp(0.0, self.angle) - angle;
            (angle, left) = (angle + step, left - 1);
        }
        distance
    }

    /// Shortest distance of another arc, 0 where they cross; else an end of one is the nearest, for on a surface curved
    /// like a ball no two geodesics come closest between their ends.
    pub(crate) fn apart_m(&self, other: &Self) -> f64 {
        let [a, b] = self.ends.map(|end| other.distance_m(end));
        let [c, d] = other.ends.map(|end| self.distance_m(end));
        let cross = a * b < 0.0 && c * d < 0.0;
        if cross { 0.0 } else { a.abs().min(b.abs()).min(c.abs()).min(d.abs()) }
    }
}

#[cfg(test)]
mod tests;
