//! Chance of being found against the logarithm of the rate.
//!
//! ```text
//! P(x) = 1 / (1 + exp(−(a + b x))),    x = ln rate
//! ```
//!
//! fitted by penalised maximum likelihood (Newton's steps; the small ridge on `b` keeps it finite
//! when found and missed do not overlap). It is a smooth curve through yes and no, no physics:
//! outside the rates tried it says nothing.

/// The fitted curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic {
    /// a.
    pub intercept: f64,
    /// b, per unit of ln rate.
    pub slope: f64,
}

/// Weight of the ridge on the slope, which is about 3 per unit of ln rate in practice.
const RIDGE: f64 = 0.02;

impl Logistic {
    /// Fits trials of (x, found); `None` unless some were found and some missed, and the chance
    /// rises with x.
    #[must_use]
    pub fn fit(trials: &[(f64, bool)]) -> Option<Self> {
        let found = trials.iter().filter(|t| t.1).count();
        if found == 0 || found == trials.len() {
            return None;
        }
        let middle = trials.iter().map(|t| t.0).sum::<f64>() / trials.len() as f64;
        let (mut a, mut b) = (0.0, 1.0);
        for _ in 0..60 {
            let (mut g, mut h) = ([0.0, -RIDGE * b], [0.0, 0.0, RIDGE]);
            for &(x, found) in trials {
                let x = x - middle;
                let p = 1.0 / (1.0 + (-(a + b * x)).exp());
                let r = f64::from(u8::from(found)) - p;
                let w = (p * (1.0 - p)).max(1e-9);
                g = [g[0] + r, g[1] + r * x];
                h = [h[0] + w, h[1] + w * x, h[2] + w * x * x];
            }
            let det = h[0] * h[2] - h[1] * h[1];
            let step = [(h[2] * g[0] - h[1] * g[1]) / det, (h[0] * g[1] - h[1] * g[0]) / det];
            // Half steps where the surface is nearly flat.
            let size = (step[0].abs() + step[1].abs()).max(1.0);
            a += step[0] / size;
            b += step[1] / size;
            if step[0].abs() + step[1].abs() < 1e-10 {
                break;
            }
        }
        (b > 0.0 && b.is_finite()).then_some(Self { intercept: a - b * middle, slope: b })
    }

    /// Where the chance is `p`.
    #[must_use]
    pub fn at_chance(&self, p: f64) -> f64 {
        ((p / (1.0 - p)).ln() - self.intercept) / self.slope
    }

    /// The chance at x.
    #[must_use]
    pub fn chance(&self, x: f64) -> f64 {
        1.0 / (1.0 + (-(self.intercept + self.slope * x)).exp())
    }
}

#[cfg(test)]
mod tests;
