//! A straight line along the upper ridge of a cloud of points.
//!
//! Noise scatters points to both sides of the ridge, what is not black only below. So the deviation of
//! the noise is that of the points above the line, and points further below than [`KEPT`] deviations
//! are left out; the line is fitted again to what is left until it stands.

/// Deviations on either side that belong to the ridge.
const KEPT: f64 = 1.5;
const ROUNDS: usize = 25;

/// `y = slope x + offset`, with deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) slope: f64,
    pub(super) offset: f64,
    pub(super) slope_std: f64,
    pub(super) offset_std: f64,
}

/// The ridge of points `(x, y)`.
pub(super) fn ridge(points: &[(f64, f64)]) -> Line {
    let mut line = least_squares(points.iter());
    for _ in 0..ROUNDS {
        let above: Vec<f64> = points.iter().map(|p| line.over(p)).filter(|r| *r > 0.0).collect();
        let noise = (above.iter().map(|r| r * r).sum::<f64>() / above.len().max(1) as f64).sqrt();
        let kept = points.iter().filter(|p| line.over(p).abs() <= KEPT * noise);
        let next = least_squares(kept);
        let moved = (next.slope - line.slope).abs() > 1e-7;
        if !next.slope.is_finite() {
            break;
        }
        line = next;
        if !moved {
            break;
        }
    }
    line
}

impl Line {
    fn over(&self, (x, y): &(f64, f64)) -> f64 {
        y - self.slope * x - self.offset
    }
}

fn least_squares<'p>(points: impl Iterator<Item = &'p (f64, f64)> + Clone) -> Line {
    let (mut n, mut sx, mut sy) = (0.0, 0.0, 0.0);
    for (x, y) in points.clone() {
        n += 1.0;
        sx += x;
        sy += y;
    }
    let (mx, my) = (sx / n, sy / n);
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in points.clone() {
        xx += (x - mx).powi(2);
        xy += (x - mx) * (y - my);
    }
    let slope = xy / xx;
    let offset = my - slope * mx;
    let left: f64 = points.map(|(x, y)| (y - slope * x - offset).powi(2)).sum();
    let variance = left / (n - 2.0_f64).max(1.0);
    Line {
        slope,
        offset,
        slope_std: (variance / xx).sqrt(),
        offset_std: (variance * (1.0 / n + mx * mx / xx)).sqrt(),
    }
}
