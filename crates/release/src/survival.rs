//! How long things take, when some have not happened yet.
//!
//! Of those still waiting after a time `t` a share `S(t)` is estimated from what each waited, whether it ended or was
//! cut off by today (E. L. Kaplan and P. Meier, J. Am. Stat. Assoc. 53, 457 (1958)). With `dᵢ` that end at `tᵢ` of `nᵢ` that
//! wait until then,
//!
//! ```text
//! S(t) = Π_{tᵢ≤t} (1 − dᵢ/nᵢ)          G(t) = Σ_{tᵢ≤t} dᵢ / (nᵢ (nᵢ − dᵢ))
//! band: S(t)^exp(± z √G(t) / ln S(t)),   z of nine times in ten
//! ```
//!
//! `G` is of M. Greenwood, Reports on Public Health and Medical Subjects 33 (1926); on the scale of ln(−ln S) the band stays
//! within 0 and 1 (J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data (1980)).
//! The median is the first time at which S is a half or less, and its interval is where the band crosses a half
//! (R. Brookmeyer and J. Crowley, Biometrics 38, 29 (1982)). Two groups are compared by
//!
//! ```text
//! Z = Σ (d₁ᵢ − n₁ᵢ dᵢ/nᵢ),   V = Σ n₁ᵢ n₂ᵢ dᵢ (nᵢ − dᵢ) / (nᵢ² (nᵢ − 1)),   χ² = Z²/V
//! ```
//!
//! (N. Mantel, Cancer Chemother. Rep. 50, 163 (1966)), with one degree of freedom.
//!
//! All of it holds when being cut off tells nothing of how long it would have taken. A release that was recalled because
//! nothing was done about it breaks that; one that is merely young does not. Where fewer than about ten ended, the
//! band is too narrow. The mean of those that ended is never given: it leaves out the silent.

use cathartes_core::{estimate::Interval90, units::Seconds};
use serde::{Deserialize, Serialize};

/// Nine times in ten within so many deviations.
const Z_90: f64 = 1.644_853_626_951_472_7;

/// One wait: how long, and whether it ended or goes on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// From its beginning to its end, or until it was cut off.
    pub lasted: Seconds,
    /// Whether what was waited for happened.
    pub ended: bool,
}

/// Where a curve goes down, or somebody is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// After so long.
    pub after: Seconds,
    /// How many wait until then.
    pub at_risk: u64,
    /// How many end then.
    pub ended: u64,
    /// How many are cut off then.
    pub cut_off: u64,
    /// Share that still waits afterwards.
    pub waiting_share: f64,
    /// Its range; none where the curve has reached 0, of which nobody knows how sure it is.
    pub band_share: Option<Interval90<f64>>,
}

/// The share that still waits, against time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Curve {
    /// Its steps, the earliest first.
    pub steps: Vec<Step>,
}

/// The time after which half have ended, with the range that holds it nine times in ten; none: not yet.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Median {
    /// The best estimate.
    pub after: Option<Seconds>,
    /// Not earlier than this.
    pub low: Option<Seconds>,
    /// Not later than this.
    pub high: Option<Seconds>,
}

impl Curve {
    /// Of waits, in any order. One that lasts no time or less counts as one that ends at once; one whose length is
    /// no number is left out.
    #[must_use]
    pub fn of(waits: &[Wait]) -> Self {
        let mut sorted: Vec<Wait> = waits.iter().copied().filter_map(tidied).collect();
        sorted.sort_by(|a, b| a.lasted.0.total_cmp(&b.lasted.0));
        let mut at_risk = sorted.len() as u64;
        let (mut share, mut greenwood) = (1.0, 0.0);
        let mut steps = Vec::new();
        for same in sorted.chunk_by(|a, b| a.lasted.0 == b.lasted.0) {
            let ended = same.iter().filter(|wait| wait.ended).count() as u64;
            let (d, n) = (ended as f64, at_risk as f64);
            share *= 1.0 - d / n;
            greenwood += if at_risk > ended { d / (n * (n - d)) } else { f64::INFINITY };
            steps.push(Step {
                after: same[0].lasted,
                at_risk,
                ended,
                cut_off: same.len() as u64 - ended,
                waiting_share: share,
                band_share: band(share, greenwood),
            });
            at_risk -= same.len() as u64;
        }
        Self { steps }
    }

    /// How many waits there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.steps.first().map_or(0, |step| step.at_risk)
    }

    /// How many of them ended.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.steps.iter().map(|step| step.ended).sum()
    }

    /// The share that still waits after a time; 1 before anything happened. Behind the last who was watched nobody
    /// knows: the last value goes on.
    #[must_use]
    pub fn waiting_share(&self, after: Seconds) -> f64 {
        self.step_at(after).map_or(1.0, |step| step.waiting_share)
    }

    /// The range of that share; 1 to 1 before anything happened.
    #[must_use]
    pub fn band_share(&self, after: Seconds) -> Option<Interval90<f64>> {
        self.step_at(after).map_or(Some(Interval90 { low: 1.0, high: 1.0 }), |step| step.band_share)
    }

    fn step_at(&self, after: Seconds) -> Option<&Step> {
        let passed = self.steps.partition_point(|step| step.after.0 <= after.0);
        passed.checked_sub(1).and_then(|last| self.steps.get(last))
    }

    /// After how long half have ended.
    #[must_use]
    pub fn median(&self) -> Median {
        let first = |share: fn(&Step) -> f64| {
            let reached = self.steps.iter().find(|step| share(step) <= 0.5);
            reached.map(|step| step.after)
        };
        Median {
            after: first(|step| step.waiting_share),
            low: first(|step| step.band_share.map_or(step.waiting_share, |band| band.low)),
            // Where the curve ends at 0 its upper end is not known, and so no upper end of the median.
            high: first(|step| step.band_share.map_or(1.0, |band| band.high)),
        }
    }
}

fn tidied(wait: Wait) -> Option<Wait> {
    let lasted = wait.lasted.0;
    (!lasted.is_nan()).then(|| Wait { lasted: Seconds(lasted.max(0.0)), ..wait })
}

/// The band around a share; without any end it is the share itself.
fn band(share: f64, greenwood: f64) -> Option<Interval90<f64>> {
    if share >= 1.0 {
        return Some(Interval90 { low: 1.0, high: 1.0 });
    }
    if share <= 0.0 || !greenwood.is_finite() {
        return None;
    }
    let wide = Z_90 * greenwood.sqrt() / share.ln().abs();
    Some(Interval90 { low: share.powf(wide.exp()), high: share.powf((-wide).exp()) })
}

/// How far two groups differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LogRank {
    /// The statistic, χ² of one degree of freedom where the two do not differ.
    pub chi2: f64,
    /// How often groups that do not differ are this far apart or farther.
    pub p: f64,
}

/// Compares two groups; none where nothing ended while both were waiting, so that nothing can be said.
#[must_use]
pub fn log_rank(one: &[Wait], other: &[Wait]) -> Option<LogRank> {
    let (first, second) = (Curve::of(one), Curve::of(other));
    let all = Curve::of(&[one, other].concat());
    let (mut apart, mut variance) = (0.0, 0.0);
    for step in all.steps.iter().filter(|step| step.ended > 0) {
        let (d, n) = (step.ended as f64, step.at_risk as f64);
        let (n1, n2) = (at_risk(&first, step.after), at_risk(&second, step.after));
        apart += ended_at(&first, step.after) - n1 * d / n;
        if n > 1.0 {
            variance += n1 * n2 * d * (n - d) / (n * n * (n - 1.0));
        }
    }
    let chi2 = apart * apart / variance;
    (variance > 0.0).then(|| LogRank { chi2, p: libm::erfc((0.5 * chi2).sqrt()) })
}

fn at_risk(curve: &Curve, after: Seconds) -> f64 {
    let before = curve.steps.partition_point(|step| step.after.0 < after.0);
    curve.steps.get(before).map_or(0.0, |step| step.at_risk as f64)
}

fn ended_at(curve: &Curve, after: Seconds) -> f64 {
    let same = curve.steps.iter().find(|step| step.after.0 == after.0);
    same.map_or(0.0, |step| step.ended as f64)
}

#[cfg(test)]
mod tests;
