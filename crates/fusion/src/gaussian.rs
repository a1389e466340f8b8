//! Places on the ground with their uncertainty, east and north in metres.
//!
//! Independent reports z₁, z₂ with covariances R₁, R₂ are multiplied, in information form:
//!
//! ```text
//! P⁻¹ = R₁⁻¹ + R₂⁻¹,     x = P (R₁⁻¹z₁ + R₂⁻¹z₂)
//! ```
//!
//! Reports that may share an origin are intersected instead; the ω of least determinant is taken, and the
//! result is never surer than the truth allows, whatever they share:
//!
//! ```text
//! P⁻¹ = ω R₁⁻¹ + (1 − ω) R₂⁻¹,     x = P (ω R₁⁻¹z₁ + (1 − ω) R₂⁻¹z₂)
//! ```
//!
//! The plane is that of one place; beyond some 30 km of it the curve of the Earth is left out.
//!
//! Bar-Shalom, Li & Kirubarajan (2001), *Estimation with Applications to Tracking and Navigation*; Julier &
//! Uhlmann (1997), Proc. American Control Conf., 2369.

use cathartes_core::{
    source::Ellipse90,
    units::{Degrees, Metres},
};

/// χ² of two degrees of freedom that holds nine in ten: −2 ln 0.1.
const NINE_IN_TEN: f64 = 4.605_170_185_988_091;
/// Steps of the search for ω; each narrows it by 0.618.
const STEPS: usize = 24;
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// A symmetric, positive definite matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covariance {
    /// East with east.
    pub ee_m2: f64,
    /// East with north.
    pub en_m2: f64,
    /// North with north.
    pub nn_m2: f64,
}

impl Covariance {
    /// That of a circle, by its deviation either way.
    pub(crate) fn circle(std_m: f64) -> Self {
        Self { ee_m2: std_m * std_m, en_m2: 0.0, nn_m2: std_m * std_m }
    }

    /// That of the ellipse that holds nine in ten.
    #[must_use]
    pub fn of(ellipse: &Ellipse90) -> Self {
        let (sin, cos) = ellipse.bearing.0.to_radians().sin_cos();
        let long = ellipse.semi_major.0.powi(2) / NINE_IN_TEN;
        let short = ellipse.semi_minor.0.powi(2) / NINE_IN_TEN;
        Self {
            ee_m2: long * sin * sin + short * cos * cos,
            en_m2: (long - short) * sin * cos,
            nn_m2: long * cos * cos + short * sin * sin,
        }
    }

    /// The ellipse that holds nine in ten.
    #[must_use]
    pub fn ellipse(&self) -> Ellipse90 {
        let [long, short] = self.axes_m2();
        let bearing = 0.5 * (2.0 * self.en_m2).atan2(self.nn_m2 - self.ee_m2).to_degrees();
        Ellipse90 {
            semi_major: Metres((long * NINE_IN_TEN).sqrt()),
            semi_minor: Metres((short * NINE_IN_TEN).sqrt()),
            bearing: Degrees(bearing.rem_euclid(180.0)),
        }
    }

    /// Variances along the long and the short axis.
    fn axes_m2(&self) -> [f64; 2] {
        let middle = 0.5 * (self.ee_m2 + self.nn_m2);
        let half = (0.5 * (self.ee_m2 - self.nn_m2)).hypot(self.en_m2);
        let long = middle + half;
        [long, self.determinant() / long]
    }

    /// Deviation along the long axis.
    pub(crate) fn widest_m(&self) -> f64 {
        self.axes_m2()[0].sqrt()
    }

    pub(crate) fn determinant(&self) -> f64 {
        self.ee_m2 * self.nn_m2 - self.en_m2 * self.en_m2
    }

    pub(crate) fn inverse(&self) -> Self {
        let d = self.determinant();
        Self { ee_m2: self.nn_m2 / d, en_m2: -self.en_m2 / d, nn_m2: self.ee_m2 / d }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            ee_m2: self.ee_m2 + other.ee_m2,
            en_m2: self.en_m2 + other.en_m2,
            nn_m2: self.nn_m2 + other.nn_m2,
        }
    }

    pub(crate) fn times(&self, factor: f64) -> Self {
        Self { ee_m2: self.ee_m2 * factor, en_m2: self.en_m2 * factor, nn_m2: self.nn_m2 * factor }
    }

    pub(crate) fn apply(&self, [e, n]: [f64; 2]) -> [f64; 2] {
        [self.ee_m2 * e + self.en_m2 * n, self.en_m2 * e + self.nn_m2 * n]
    }

    /// vᵀ C⁻¹ v.
    pub(crate) fn squared_distance(&self, v: [f64; 2]) -> f64 {
        let w = self.inverse().apply(v);
        v[0] * w[0] + v[1] * w[1]
    }

    /// The normal density at an offset from its middle, a square kilometre.
    pub(crate) fn density_per_km2(&self, v: [f64; 2]) -> f64 {
        let norm = std::f64::consts::TAU * self.determinant().sqrt();
        1e6 * (-0.5 * self.squared_distance(v)).exp() / norm
    }
}

/// A place in metres from some point, with its covariance.
pub(crate) type Fix = ([f64; 2], Covariance);

/// Sum of information: what [`Fix`]es of independent reports, each with its weight, say together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Information {
    matrix: Covariance,
    vector: [f64; 2],
}

impl Information {
    pub(crate) fn none() -> Self {
        Self { matrix: Covariance { ee_m2: 0.0, en_m2: 0.0, nn_m2: 0.0 }, vector: [0.0; 2] }
    }

    pub(crate) fn add(&mut self, (z, r): &Fix, weight: f64) {
        self.add_matrix(&r.inverse().times(weight), *z);
    }

    pub(crate) fn add_matrix(&mut self, information: &Covariance, z: [f64; 2]) {
        let v = information.apply(z);
        self.matrix = self.matrix.plus(information);
        self.vector = [self.vector[0] + v[0], self.vector[1] + v[1]];
    }

    /// Where it is; something must have been added.
    pub(crate) fn fix(&self) -> Fix {
        let p = self.matrix.inverse();
        (p.apply(self.vector), p)
    }
}

/// Two independent reports as one: their offsets in metres east and north, and covariances.
#[must_use]
pub fn fused(
    one_m: ([f64; 2], Covariance),
    other_m: ([f64; 2], Covariance),
) -> ([f64; 2], Covariance) {
    let mut sum = Information::none();
    sum.add(&one_m, 1.0);
    sum.add(&other_m, 1.0);
    sum.fix()
}

/// Two reports that may share an origin as one.
#[must_use]
pub fn intersected(
    one_m: ([f64; 2], Covariance),
    other_m: ([f64; 2], Covariance),
) -> ([f64; 2], Covariance) {
    let at = |omega: f64| {
        let mut sum = Information::none();
        sum.add(&one_m, omega);
        sum.add(&other_m, 1.0 - omega);
        sum.fix()
    };
    let size = |omega: f64| at(omega).1.determinant();
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let step = GOLDEN * (high - low);
        let (a, b) = (high - step, low + step);
        if size(a) <= size(b) { high = b } else { low = a }
    }
    at(0.5 * (low + high))
}

#[cfg(test)]
mod tests;
