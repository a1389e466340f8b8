//! The best chain: rounds of the window's filter with the plume cleaned out of the statistics
//! between them, then the wider bands if they help.
//!
//! A pixel of the plume found so far counts in the statistics with the radiance it would have
//! without the gas. It is not left out: ground that resembles gas would then be unknown ground and
//! shine all the more. Only for the wider bands, which know the gas's own mark too well, is the
//! plume left out altogether; they stay unless the plume stands out clearly less with them.

use super::{Round, Scene};
use crate::{
    maps::SearchMaps,
    plumes::clusters,
    spatial,
    statistics::{self, Sums},
};

/// Mean significance of the pixels of what is cleaned. A field that resembles gas a little over its
/// whole width lies below: to clean it would make it shine, and gas as faint harms nothing.
const STRONG: f64 = 1.2;
/// Deviation of the Gaussian that smooths a plume before it is taken out of spectra, pixels.
const SMOOTHING: f32 = 1.2;
/// Decision above which a pixel is plume, and above which its neighbours go with it.
const FOUND: f32 = 3.72;
const SKIRT: f32 = 2.33;
/// Pixels around a plume whose gas may be too faint to be found.
const SKIRTS: usize = 24;
/// A plume has settled when less than one in so many of its pixels change.
const SETTLED: usize = 12;
/// How much of the plume's significance must be left with the wider bands for them to join. Below
/// one, because the plume was chosen by the window's map: that map's mean in it is flattered.
const WORTHWHILE: f64 = 0.9;

impl Scene<'_> {
    pub(super) fn auto(mut self, passes: usize) -> SearchMaps {
        let all = self.first_sums();
        let of_window: Vec<Sums> = all.iter().map(|s| s.leading(self.window)).collect();
        let mut reasons = Vec::new();
        let mut plume = vec![false; self.survey.used.len()];
        let mut around = plume.clone();
        let mut round = self.round(&of_window, self.window, &plume, &mut reasons);
        let mut pass = 1;
        while pass < passes {
            let found = self.plume(&round);
            if settled(&plume, &found) {
                break;
            }
            pass += 1;
            plume = found;
            around = self.around(&plume);
            let thick = self.thickness(&round, &plume);
            let clean = statistics::cleaned(&self.cube, &of_window, &thick, self.signature);
            reasons.clear();
            round = self.round(&clean, self.window, &around, &mut reasons);
        }
        let masked = plume.iter().filter(|p| **p).count();
        reasons.push(format!("{masked} plume pixels cleaned in the statistics in {pass} passes"));
        if self.cube.bands.len() > self.window {
            let (wide, reason) = self.wide(&round, &all, &plume, &around);
            reasons.push(reason);
            round = wide.unwrap_or(round);
        }
        let decision = self.decide(&round);
        let (enhancement, sigma) = self.quantity(&round, &around);
        self.maps([enhancement, sigma, round.significance, decision], "auto", reasons)
    }

    /// A round with the wider bands, over sums without any plume pixel; nothing when the plume
    /// stands out clearly less by it, which is a sign that gas is left in the background.
    fn wide(
        &self,
        window: &Round,
        all: &[Sums],
        plume: &[bool],
        around: &[bool],
    ) -> (Option<Round>, String) {
        let sums = statistics::masked(&self.cube, all, &self.survey.used, plume);
        let mut reasons = Vec::new();
        let wide = self.round(&sums, self.cube.bands.len(), around, &mut reasons);
        let (before, after) = (strength(window, plume), strength(&wide, plume));
        let added = self.cube.bands.len() - self.window;
        if after < WORTHWHILE * before {
            let reason = format!(
                "{added} wider bands tried and dropped: mean significance in the plume {before:.2} without, {after:.2} with them"
            );
            return (None, reason);
        }
        let reason = format!(
            "{added} wider bands joined, plume left out: mean significance in it {before:.2} without, {after:.2} with them; {}",
            reasons.join("; ")
        );
        (Some(wide), reason)
    }

    /// Smoothed enhancement inside the plume found so far, ppm m, to be taken out of its spectra;
    /// zero elsewhere. Smoothed, or each pixel's noise along the signature would go with it.
    fn thickness(&self, round: &Round, plume: &[bool]) -> Vec<f32> {
        let near = spatial::dilate(plume, self.cube.samples, (3.0 * SMOOTHING).ceil() as usize);
        let wanted: Vec<bool> = near.iter().zip(&self.survey.used).map(|(n, u)| *n && *u).collect();
        let (enhancement, _) = self.inverted(round, &wanted);
        let filled: Vec<f32> = enhancement
            .iter()
            .map(|a| if a.is_finite() { a.clamp(-2e3, 5e4) } else { 0.0 })
            .collect();
        let mut smooth = spatial::gaussian(&filled, self.cube.samples, SMOOTHING);
        for ((a, plume), used) in smooth.iter_mut().zip(plume).zip(&self.survey.used) {
            *a = if *plume && *used { a.max(0.0) } else { 0.0 };
        }
        smooth
    }

    /// The plume and as much around it as may hold gas too faint to be found; the plume alone when
    /// that would leave less than half of the scene.
    fn around(&self, plume: &[bool]) -> Vec<bool> {
        let around = spatial::dilate(plume, self.cube.samples, SKIRTS);
        let taken = around.iter().filter(|a| **a).count();
        if 2 * taken > around.len() { plume.to_vec() } else { around }
    }

    /// The plume found so far and what touches it, with a margin.
    pub(super) fn plume(&self, round: &Round) -> Vec<bool> {
        let decision = self.decide(round);
        let strong = |patch: &[usize]| {
            let seen = patch.iter().map(|&at| f64::from(round.significance[at].clamp(-20.0, 20.0)));
            seen.sum::<f64>() > STRONG * patch.len() as f64
        };
        let mut found = vec![false; decision.len()];
        for patch in clusters(self.cube.lines, self.cube.samples, |at| decision[at] > SKIRT) {
            if patch.iter().any(|&at| decision[at] > FOUND) && strong(&patch) {
                for at in patch {
                    found[at] = true;
                }
            }
        }
        spatial::dilate(&found, self.cube.samples, 2)
    }
}

/// Whether a plume differs from that of the round before in so few pixels that another round would
/// change nothing.
fn settled(before: &[bool], now: &[bool]) -> bool {
    let changed = before.iter().zip(now).filter(|(b, n)| b != n).count();
    changed * SETTLED <= now.iter().filter(|n| **n).count()
}

/// Mean significance of the plume found so far, each pixel's held to ±20; zero without a plume.
fn strength(round: &Round, plume: &[bool]) -> f64 {
    let inside = round.significance.iter().zip(plume).filter(|(z, p)| **p && z.is_finite());
    let (sum, n) = inside
        .fold((0.0, 0.0), |(sum, n), (z, _)| (sum + f64::from(z.clamp(-20.0, 20.0)), n + 1.0));
    if n > 0.0 { sum / n } else { 0.0 }
}
