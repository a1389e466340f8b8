//! The search of a line that is still flown.

use cathartes_core::{cube::Cube, signature::Signature};

use super::{Scene, SearchMaps, SearchOptions};
use crate::statistics::{self, Sums};

/// What a line in flight knows so far; see [`crate::follow`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Running {
    sums: Vec<Sums>,
}

impl Running {
    /// Adds fresh lines to the statistics, but for pixels that hold gas by what is known so far.
    pub(crate) fn learn(&mut self, fresh: &Cube, signature: &Signature, options: &SearchOptions) {
        let Ok(mut scene) = Scene::new(fresh, signature, options) else { return };
        if self.sums.is_empty() {
            self.sums = statistics::sums(fresh, &scene.survey.used);
            return;
        }
        if self.knows_enough(scene.window) {
            let none = vec![false; scene.survey.used.len()];
            let round = scene.round(&self.sums, scene.window, &none, &mut Vec::new());
            let plume = scene.plume(&round);
            scene.survey.used.iter_mut().zip(&plume).for_each(|(used, p)| *used &= !p);
        }
        statistics::extend(&mut self.sums, fresh, &scene.survey.used);
    }

    /// Searches lines with the statistics so far; nothing while they are too poor.
    pub(crate) fn look(
        &self,
        lines: &Cube,
        signature: &Signature,
        options: &SearchOptions,
    ) -> Option<SearchMaps> {
        let scene = Scene::new(lines, signature, options).ok()?;
        if !self.knows_enough(scene.window) {
            return None;
        }
        let none = vec![false; scene.survey.used.len()];
        let mut reasons = Vec::new();
        let round = scene.round(&self.sums, scene.window, &none, &mut reasons);
        let decision = scene.decide(&round);
        let (enhancement, sigma) = scene.quantity(&round, &none);
        reasons.push("provisional: the line is still flown".to_owned());
        Some(scene.maps([enhancement, sigma, round.significance, decision], "auto", reasons))
    }

    /// Whether all columns together hold ten pixels a band.
    fn knows_enough(&self, bands: usize) -> bool {
        self.sums.iter().map(|s| s.n).sum::<usize>() > 10 * bands
    }
}
