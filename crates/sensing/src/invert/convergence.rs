//! Whether chains that started apart came together.
//!
//! ```text
//! R̂ = √( ((n−1)/n W + B/n) / W ),     effective draws = m n / (1 + 2 Σ ρ_t)
//! ```
//!
//! of ranks turned into normal scores, every chain cut in two; W the mean variance within the m
//! halves of n draws, B/n that between their means. R̂ is the worse of the scores' and of those of
//! the distance from the median. The sum of correlations ends where a pair of them is negative.
//!
//! Only what does not depend on the order of sources is followed: their number, ln of the likelihood
//! (a posterior density over hundreds of φ and b says more of their scale than of the fit), the total
//! rate, and the centre of emission, places weighted by rate: which of two like sources is the
//! strongest flips without meaning anything. The centre is blurred by half a source's half width and
//! the rate by 3 % first: chains that differ by less say the same.
//!
//! Vehtari et al. (2021), Bayesian Anal. 16, 667.

use cathartes_core::source::Convergence;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::population::Draw;
use crate::normal::score_of_tail;

/// R̂ above this is not believed.
const MOST_R_HAT: f64 = 1.05;
/// Nor fewer effective draws than this.
const LEAST_DRAWS: f64 = 50.0;

/// A quantity of a draw, blurred by a normal number.
type Followed<'a> = &'a dyn Fn(&Draw, f64) -> f64;

/// Deviation of the blur of a rate, relative.
const RATE_BLUR: f64 = 0.03;

/// Follows chains of equal length; `middle` stands for the place of no source, `blur` is in metres.
pub(super) fn convergence(chains: &[&[Draw]], middle: [f64; 3], blur: f64) -> Convergence {
    let centre = |d: &Draw, k: usize, z: f64| {
        let total: f64 = d.sources.iter().map(|s| s.1).sum();
        let moment: f64 = d.sources.iter().map(|s| s.1 * s.0[k]).sum();
        blur * z + if total > 0.0 { moment / total } else { middle[k] }
    };
    let follow: [Followed<'_>; 6] = [
        &|d, _| d.sources.len() as f64,
        &|d, _| d.ln_likelihood,
        &|d, z| d.sources.iter().map(|s| s.1).sum::<f64>() * (1.0 + RATE_BLUR * z),
        &|d, z| centre(d, 0, z),
        &|d, z| centre(d, 1, z),
        &|d, z| centre(d, 2, z),
    ];
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(0);
    let (mut r_hat, mut effective_draws) = (1.0_f64, f64::INFINITY);
    for quantity in follow {
        let values: Vec<Vec<f64>> = chains
            .iter()
            .map(|c| c.iter().map(|d| quantity(d, normal(&mut dice))).collect())
            .collect();
        let (r, n) = judge(&values);
        (r_hat, effective_draws) = (r_hat.max(r), effective_draws.min(n));
    }
    let converged = r_hat <= MOST_R_HAT && effective_draws >= LEAST_DRAWS;
    Convergence { r_hat, effective_draws, converged }
}

fn normal(dice: &mut Xoshiro256PlusPlus) -> f64 {
    StandardNormal.sample(dice)
}

/// R̂ and effective draws of one quantity.
pub(super) fn judge(chains: &[Vec<f64>]) -> (f64, f64) {
    let halves: Vec<&[f64]> =
        chains.iter().flat_map(|c| c.chunks_exact((c.len() / 2).max(1)).take(2)).collect();
    let all: Vec<f64> = halves.concat();
    if all.iter().all(|&x| x == all[0]) {
        return (1.0, all.len() as f64);
    }
    let n = halves[0].len();
    let scores = normal_scores(&all);
    let mut sorted = all.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    let folded: Vec<f64> = all.iter().map(|x| (x - median).abs()).collect();
    let r_hat = spread(&scores, n).max(spread(&normal_scores(&folded), n));
    (r_hat, effective(&scores, n))
}

/// Normal scores of the ranks, ties sharing theirs.
fn normal_scores(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut scores = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = start as f64 + 0.5 * (tied.len() as f64 + 1.0);
        let score = -score_of_tail((rank - 0.375) / (values.len() as f64 + 0.25));
        for &i in tied {
            scores[i] = score;
        }
        start += tied.len();
    }
    scores
}

/// Mean variance within, and the whole.
fn variances(values: &[f64], n: usize) -> (f64, f64) {
    let m = (values.len() / n) as f64;
    let length = n as f64;
    let means: Vec<f64> = values.chunks(n).map(|c| c.iter().sum::<f64>() / length).collect();
    let within = values.chunks(n).zip(&means).map(|(c, mean)| {
        c.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (length - 1.0).max(1.0)
    });
    let within = within.sum::<f64>() / m;
    let grand = means.iter().sum::<f64>() / m;
    let between = means.iter().map(|x| (x - grand).powi(2)).sum::<f64>() / (m - 1.0).max(1.0);
    (within, (length - 1.0) / length * within + between)
}

fn spread(values: &[f64], n: usize) -> f64 {
    let (within, whole) = variances(values, n);
    if whole <= 0.0 { 1.0 } else { (whole / within.max(1e-300)).sqrt() }
}

fn effective(values: &[f64], n: usize) -> f64 {
    let (within, whole) = variances(values, n);
    let total = values.len() as f64;
    if whole <= 0.0 {
        return total;
    }
    let m = total / n as f64;
    let covariance = |t: usize| {
        let chain = |c: &[f64]| {
            let mean = c.iter().sum::<f64>() / n as f64;
            c[t..].iter().zip(c).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n as f64
        };
        values.chunks(n).map(chain).sum::<f64>() / m
    };
    let rho = |t: usize| 1.0 - (within - covariance(t)) / whole;
    let (mut sum, mut last) = (0.0, f64::INFINITY);
    for t in (0..n.saturating_sub(1)).step_by(2) {
        let pair = (rho(t) + rho(t + 1)).min(last);
        if pair < 0.0 {
            break;
        }
        (sum, last) = (sum + pair, pair);
    }
    total / (2.0 * sum - 1.0).max(1.0 / total.log10())
}

#[cfg(test)]
mod tests;
