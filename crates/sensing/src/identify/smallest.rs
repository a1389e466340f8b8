//! The smallest column of a gas that is identified.

use cathartes_core::units::{Kelvin, PpmMetres};

use super::Identifier;

/// Signal-to-noise ratios between which it is looked for.
const RANGE: (f64, f64) = (4.0, 500.0);
/// Halvings of that range, in ln.
const STEPS: usize = 7;
/// Nine in ten of standard normals are above minus this.
const NINE_IN_TEN: f64 = 1.2816;

impl Identifier {
    /// The mean column over a plume from which a gas alone is identified, ungrouped and with a
    /// probability of at least 90 %, nine times in ten at a contrast; `None` when no strength is
    /// enough, as for a gas with a double. Noise enters by lowering the strength to where it is
    /// exceeded nine times in ten.
    #[must_use]
    pub fn smallest_identified(&self, gas: &str, contrast: Kelvin) -> Option<PpmMetres> {
        let place = self.dictionary.gases.iter().position(|g| g.slug == gas)?;
        let identified = |snr: f64| {
            let data = self.dictionary.without_noise(&[(place, snr - NINE_IN_TEN)]);
            let said = self.explain(&data);
            said.of(gas).is_some_and(|g| g.group.is_none() && g.probability >= 0.9)
        };
        let (mut low, mut high) = RANGE;
        if !identified(high) {
            return None;
        }
        for _ in 0..STEPS {
            let middle = (low * high).sqrt();
            if identified(middle) { high = middle } else { low = middle }
        }
        let per_ppmm = self.dictionary.gases[place].per_ppmm_k * contrast.0.abs();
        Some(PpmMetres(high / per_ppmm))
    }
}
