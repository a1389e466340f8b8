//! Geodesics of WGS 84, and how far apart they are.
//!
//! T. Vincenty, Survey Review 23 (176), 88 (1975), on reduced latitudes, tan U = (1 − f) tan φ, with the series in
//! k₁ = (√(1 + u²) − 1)/(√(1 + u²) + 1) of his later report; good to 0.1 mm. The inverse does not converge for nearly
//! antipodal places: there the shortest way round by a place a quarter of the globe off is taken. Feet of
//! perpendiculars are stepped to on spherical triangles, tan(δ/R) = tan(r/R) cos γ; from a foot δ off the distance is
//! R asin(sin(r/R) sin γ) but for some 2·10⁻³ δ² r/R², under 0.1 mm where δ² r < 10¹² m³.

use std::f64::consts::{PI, TAU};

const MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const MINOR_M: f64 = MAJOR_M * (1.0 - FLATTENING);
/// Of the sphere on which triangles are solved.
pub(crate) const MEAN_M: f64 = 6_371_000.0;

/// An angle within [−π, π); what lies there already is not touched.
pub(crate) fn wrap(angle: f64) -> f64 {
    angle - TAU * ((angle + PI) / TAU).floor()
}

/// Longitude in radians, sine and cosine of the reduced latitude.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) lon: f64,
    su: f64,
    cu: f64,
}

impl Place {
    pub(crate) fn of_degrees([lon, lat]: [f64; 2]) -> Self {
        let (s, c) = lat.to_radians().sin_cos();
        let (s, norm) = ((1.0 - FLATTENING) * s, ((1.0 - FLATTENING) * s).hypot(c));
        Self { lon: lon.to_radians(), su: s / norm, cu: c / norm }
    }

    /// Distance and azimuth towards another place.
    pub(crate) fn towards(&self, to: &Self) -> (f64, f64) {
        self.vincenty(to).unwrap_or_else(|| self.round_about(to))
    }

    fn vincenty(&self, to: &Self) -> Option<(f64, f64)> {
        let l = wrap(to.lon - self.lon);
        let mut lambda = l;
        for _ in 0..50 {
            let (sl, cl) = lambda.sin_cos();
            let (y, x) = (to.cu * sl, self.cu * to.su - self.su * to.cu * cl);
            let (ss, cs) = ((x * x + y * y).sqrt(), self.su * to.su + self.cu * to.cu * cl);
            if ss == 0.0 {
                return (cs > 0.0).then_some((0.0, 0.0));
            }
            let sa = self.cu * to.cu * sl / ss;
            let c2 = (1.0 - sa * sa).max(f64::MIN_POSITIVE);
            let mid = (cs - 2.0 * self.su * to.su / c2).clamp(-1.0, 1.0);
            let sigma = ss.atan2(cs);
            let next = l + lag(sa, c2, sigma, mid);
            if (next - lambda).abs() < 1e-14 {
                let (a, b) = series(c2);
                return Some((MINOR_M * a * (sigma - bend(b, sigma, mid)), y.atan2(x)));
            }
            if next.abs() > PI {
                return None;
            }
            lambda = next;
        }
        None
    }

    fn round_about(&self, to: &Self) -> (f64, f64) {
        let by = |azimuth: f64| {
            let way = self.onwards(azimuth, 1e7).0.vincenty(to).map_or(f64::MAX, |line| line.0);
            (1e7 + way, azimuth)
        };
        let less = |a: (f64, f64), b: (f64, f64)| if b.0 < a.0 { b } else { a };
        let best = (1..64).map(|i| by(f64::from(i) * TAU / 64.0)).fold(by(0.0), less);
        let steps = (7..40).map(|i| TAU / f64::from(i).exp2());
        steps.fold(best, |best, step| less(less(best, by(best.1 - step)), by(best.1 + step)))
    }

    /// The place so many metres on (back where negative), and the azimuth there.
    pub(crate) fn onwards(&self, azimuth: f64, metres: f64) -> (Self, f64) {
        let (sa1, ca1) = azimuth.sin_cos();
        let (sigma1, sa) = (self.su.atan2(self.cu * ca1), self.cu * sa1);
        let c2 = self.su * self.su + (self.cu * ca1) * (self.cu * ca1);
        let (a, b) = series(c2);
        let mut sigma = metres / (MINOR_M * a);
        for _ in 0..6 {
            sigma = metres / (MINOR_M * a) + bend(b, sigma, (2.0 * sigma1 + sigma).cos());
        }
        let (ss, cs) = sigma.sin_cos();
        let north = self.cu * cs * ca1 - self.su * ss;
        let lambda = (ss * sa1).atan2(self.cu * cs - self.su * ss * ca1);
        let lon = self.lon + lambda - lag(sa, c2, sigma, (2.0 * sigma1 + sigma).cos());
        let place = Self { lon, su: self.su * cs + self.cu * ss * ca1, cu: sa.hypot(north) };
        (place, sa.atan2(north))
    }
}

/// A and B of Vincenty, from cos² α at the equator.
fn series(c2: f64) -> (f64, f64) {
    let root = (1.0 + c2 * (MAJOR_M * MAJOR_M / (MINOR_M * MINOR_M) - 1.0)).sqrt();
    let k = (root - 1.0) / (root + 1.0);
    ((1.0 + k * k / 4.0) / (1.0 - k), k * (1.0 - 3.0 / 8.0 * k * k))
}

/// Δσ of Vincenty.
fn bend(b: f64, sigma: f64, mid: f64) -> f64 {
    let ((ss, cs), m2) = (sigma.sin_cos(), mid * mid);
    let third = b / 6.0 * mid * (4.0 * ss * ss - 3.0) * (4.0 * m2 - 3.0);
    b * ss * (mid + b / 4.0 * (cs * (2.0 * m2 - 1.0) - third))
}

/// λ − L of Vincenty.
fn lag(sa: f64, c2: f64, sigma: f64, mid: f64) -> f64 {
    let c = FLATTENING / 16.0 * c2 * (4.0 + FLATTENING * (4.0 - 3.0 * c2));
    let (ss, cs) = sigma.sin_cos();
    (1.0 - c) * FLATTENING * sa * (sigma + c * ss * (mid + c * cs * (2.0 * mid * mid - 1.0)))
}

/// A geodesic by its ends and its middle, and the azimuth there.
#[derive(Clone)]
pub(crate) struct Arc {
    pub(crate) ends: [Place; 2],
    pub(crate) mid: Place,
    pub(crate) azimuth: f64,
    pub(crate) half_m: f64,
}

impl Arc {
    pub(crate) fn between(a: Place, b: Place) -> Self {
        let (length, azimuth) = a.towards(&b);
        let (mid, azimuth) = a.onwards(azimuth, length / 2.0);
        Self { ends: [a, b], mid, azimuth, half_m: length / 2.0 }
    }

    pub(crate) fn point(place: Place) -> Self {
        Self { ends: [place; 2], mid: place, azimuth: 0.0, half_m: 0.0 }
    }

    /// The place so many metres from the middle, and the azimuth there.
    pub(crate) fn at(&self, metres: f64) -> (Place, f64) {
        self.mid.onwards(self.azimuth, metres)
    }

    /// The part between two places, in metres from the middle.
    pub(crate) fn part(&self, from_m: f64, to_m: f64) -> Self {
        let (mid, azimuth) = self.at(f64::midpoint(from_m, to_m));
        let a = if from_m <= -self.half_m { self.ends[0] } else { self.at(from_m).0 };
        let b = if to_m >= self.half_m { self.ends[1] } else { self.at(to_m).0 };
        Self { ends: [a, b], mid, azimuth, half_m: (to_m - from_m) / 2.0 }
    }

    /// West, south, east and north of its ends.
    pub(crate) fn box_deg(&self) -> [f64; 4] {
        let degrees = |su: f64, cu: f64| su.atan2((1.0 - FLATTENING) * cu).to_degrees();
        let lons = self.ends.map(|end| (self.mid.lon + wrap(end.lon - self.mid.lon)).to_degrees());
        let lats = self.ends.map(|end| degrees(end.su, end.cu));
        let [low, high] = [f64::min, f64::max];
        [
            low(lons[0], lons[1]),
            low(lats[0], lats[1]),
            high(lons[0], lons[1]),
            high(lats[0], lats[1]),
        ]
    }

    /// Shortest distance of a place; positive on the right, negative on the left.
    pub(crate) fn distance_m(&self, place: &Place) -> f64 {
        let (mut x, mut here, mut distance) = (0.0, (self.mid, self.azimuth), f64::MAX);
        for _ in 0..12 {
            let (r, azimuth) = here.0.towards(place);
            let ((sg, cg), (sr, cr)) = ((azimuth - here.1).sin_cos(), (r / MEAN_M).sin_cos());
            let step = MEAN_M * (sr * cg).atan2(cr);
            let next = (x + step).clamp(-self.half_m, self.half_m);
            distance = r.copysign(sg);
            if next == x {
                break;
            }
            if next == x + step && step * step * r < 1e12 {
                return MEAN_M * (sr * sg).clamp(-1.0, 1.0).asin();
            }
            (x, here) = (next, self.at(next));
        }
        distance
    }

    /// Shortest distance of another arc, 0 where they cross. Where they do not, an end of one is the nearest: on a
    /// surface curved like a ball no two geodesics come closest between their ends.
    pub(crate) fn apart_m(&self, other: &Self) -> f64 {
        let [a, b] = self.ends.map(|end| other.distance_m(&end));
        if self.half_m == 0.0 {
            return a.abs();
        }
        let [c, d] = other.ends.map(|end| self.distance_m(&end));
        // Whole geodesics cross a second time at the far side of the Earth, where these arcs are not.
        let cross = a * b < 0.0 && c * d < 0.0 && a.abs() <= 2.0 * self.half_m;
        if cross { 0.0 } else { a.abs().min(b.abs()).min(c.abs()).min(d.abs()) }
    }
}

#[cfg(test)]
mod tests;
