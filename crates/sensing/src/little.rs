//! Deciding on little ground: what a scene of a few hundred pixels may claim.
//!
//! Integration over space counts on ground whose errors are independent from pixel to pixel. Real
//! ground has patches, and a small scene holds too few of them to measure how far they reach. Two
//! corrections, both towards claiming less:
//!
//! ```text
//! d' = (d − median) / s,   s = max(q₈₄ − q₅₀, q₅₀ − q₁₆, 1)        the map's own scatter
//! z  = (8ν + 1)/(8ν + 3) · √(ν ln(1 + d'²/ν)),   ν = pixels / 20     Student's t as a normal score
//! ```
//!
//! with ν the number of patches about as large as the kernels of the integration: a scatter known
//! from ν places has Student's tails, not the normal's. A plume that covers a sixth of the scene
//! raises s and is claimed less surely; who flies so little sees no background.
//!
//! Wallace (1959), Ann. Math. Stat. 30, 1121 (the approximation; within 0.01 for z below 5).

use crate::maps::SearchMaps;

/// Pixels a patch of ground takes, about the area of the kernels.
const PATCH_PIXELS: f64 = 20.0;

/// Tempers the decision map of a small scene.
pub fn temper(maps: &mut SearchMaps) {
    let mut known: Vec<f32> =
        maps.decision.values.iter().copied().filter(|d| d.is_finite()).collect();
    if known.len() < 3 {
        return;
    }
    let nu = (known.len() as f64 / PATCH_PIXELS).max(1.0);
    known.sort_by(f32::total_cmp);
    let at = |share: f64| known[((known.len() - 1) as f64 * share) as usize];
    let (low, middle, high) = (at(0.16), at(0.5), at(0.84));
    let scatter = (high - middle).max(middle - low).max(1.0);
    for d in &mut maps.decision.values {
        *d = normal_score(f64::from((*d - middle) / scatter), nu) as f32;
    }
    maps.chosen.reasons.push(format!(
        "little ground: decision divided by its own scatter ({scatter:.2}), tails of Student's t \
         with {nu:.0} degrees of freedom"
    ));
}

/// The normal score of a value of Student's t.
fn normal_score(t: f64, nu: f64) -> f64 {
    let z = (8.0 * nu + 1.0) / (8.0 * nu + 3.0) * (nu * (t * t / nu).ln_1p()).sqrt();
    z.copysign(t)
}

#[cfg(test)]
mod tests;
