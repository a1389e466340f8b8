//! What a map is worth against the truth.

use std::fmt;

use cathartes_pipeline::detect::Plume;

/// Share of the peak above which a pixel is plume.
const PLUME: f64 = 0.1;

/// Many plumes of one strength through one filter.
#[derive(Default)]
pub(crate) struct Row {
    plumes: f64,
    of_quantity: f64,
    of_decision: f64,
    slope: f64,
    background: f64,
    claimed: Option<usize>,
    elsewhere: usize,
}

impl Row {
    pub(crate) const HEAD: &str = "| peak, deviations | filter | AUC of quantity | AUC of decision | slope | \
                                   background, ppm-m | claimed | claimed elsewhere |\n|---|---|---|---|---|---|---|---|";

    /// Adds one plume; maps of quantity and decision, and what was claimed.
    pub(crate) fn add(
        &mut self,
        (quantity, decision): (&[f32], &[f32]),
        truth: &[f64],
        claims: Option<&[Plume]>,
    ) {
        let peak = truth.iter().copied().fold(0.0, f64::max);
        let samples = 30;
        self.plumes += 1.0;
        self.of_quantity += area_under_curve(quantity, truth, PLUME * peak);
        self.of_decision += area_under_curve(decision, truth, PLUME * peak);
        let inside = || quantity.iter().zip(truth).filter(|(_, t)| **t > PLUME * peak);
        let square: f64 = inside().map(|(_, t)| t * t).sum();
        self.slope += inside().map(|(q, t)| f64::from(*q) * t).sum::<f64>() / square;
        let outside: Vec<f32> =
            quantity.iter().zip(truth).filter(|(_, t)| **t < 1.0).map(|(q, _)| *q).collect();
        self.background += deviation(&outside);
        if let Some(claims) = claims {
            let on = |p: &&Plume| {
                p.pixels
                    .iter()
                    .any(|&(l, s)| truth[l as usize * samples + s as usize] > PLUME * peak)
            };
            let true_ones = claims.iter().filter(on).count();
            *self.claimed.get_or_insert(0) += usize::from(true_ones > 0);
            self.elsewhere += claims.len() - true_ones;
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.plumes;
        let claimed = self
            .claimed
            .map_or(String::new(), |claimed| format!("{:.0} %", 100.0 * claimed as f64 / n));
        write!(
            f,
            "{:.3} | {:.3} | {:.2} | {:.0} | {claimed} | {} |",
            self.of_quantity / n,
            self.of_decision / n,
            self.slope / n,
            self.background / n,
            self.elsewhere
        )
    }
}

/// Chance that a pixel with more than `above` ppm m scores higher than one with less; a pixel
/// without an answer scores lowest.
pub(crate) fn area_under_curve(score: &[f32], truth: &[f64], above: f64) -> f64 {
    let known = |s: f32| if s.is_nan() { f32::MIN } else { s };
    let mut ranked: Vec<(f32, bool)> =
        score.iter().zip(truth).map(|(s, t)| (known(*s), *t > above)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut pairs) = (0.0, 0.0);
    // Equal scores count half.
    for equal in ranked.chunk_by(|a, b| a.0 == b.0) {
        let plume = equal.iter().filter(|r| r.1).count() as f64;
        let ground = equal.len() as f64 - plume;
        pairs += plume * (below + 0.5 * ground);
        below += ground;
    }
    pairs / (below * (ranked.len() as f64 - below))
}

pub(crate) fn deviation(values: &[f32]) -> f64 {
    let finite = || values.iter().filter(|v| v.is_finite()).map(|v| f64::from(*v));
    let n = finite().count() as f64;
    let mean = finite().sum::<f64>() / n;
    (finite().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()
}
