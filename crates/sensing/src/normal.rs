//! The standard normal distribution: how rare is a score, and which score is that rare.

/// Upper tail, `P(Z > z)`.
///
/// Below 0.4 from a continued fraction of Mills' ratio, else from its series; relative error below
/// 1e-7 (Abramowitz & Stegun 26.2.14 and 26.2.10).
#[must_use]
pub fn upper_tail(z: f64) -> f64 {
    let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z < 0.0 {
        return 1.0 - upper_tail(-z);
    }
    if z > 2.5 {
        let fraction = (1..=60).rev().fold(z, |f, k| z + f64::from(k) / f);
        return density / fraction;
    }
    let (mut term, mut sum) = (z, z);
    for k in 1..60 {
        term *= z * z / f64::from(2 * k + 1);
        sum += term;
    }
    0.5 - density * sum
}

/// The score whose upper tail is `p`, for `p` in (0, 1); Newton steps on `ln p` from a rough start.
#[must_use]
pub fn score_of_tail(p: f64) -> f64 {
    if p > 0.5 {
        return -score_of_tail(1.0 - p);
    }
    let p = p.max(1e-300);
    let t = (-2.0 * p.ln()).sqrt();
    let mut z =
        (t - (2.515_517 + 0.802_853 * t) / (1.0 + 1.432_788 * t + 0.189_269 * t * t)).max(0.0);
    for _ in 0..4 {
        let tail = upper_tail(z);
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        z += (tail / p).ln() * tail / density;
    }
    z
}

#[cfg(test)]
mod tests;
