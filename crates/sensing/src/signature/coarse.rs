//! From which column on a tabulation is too coarse to saturate.
//!
//! Lines in air at 1 atm are about 0.15 cm⁻¹ wide. A cell of 0.1 cm⁻¹ resolves them; a wider cell
//! holds their mean, which absorbs more than the lines do once their cores are black. Methane at
//! 0.1 cm⁻¹ averaged to 2 cm⁻¹ is the measure: `the_rule_is_the_one_methane_shows` in the tests.

use cathartes_core::units::PpmMetres;

use super::cells::Cells;

/// Cells up to this wide resolve a line, cm⁻¹.
const RESOLVED: f64 = 0.15;
/// Mean optical depth of a band, over coarse cells, up to which the average absorbs as the lines
/// do, within 5 %.
pub(super) const THIN: f64 = 0.05;

/// The column at which the strongest band reaches [`THIN`] by cells that do not resolve lines.
pub(super) fn coarse_above(cells: &Cells) -> Option<PpmMetres> {
    let strongest = cells
        .bands
        .iter()
        .map(|(first, weights)| {
            (weights.iter().zip(*first..))
                .filter(|(_, i)| cells.step[*i] > RESOLVED)
                .map(|(w, i)| w * cells.depth[i])
                .sum::<f64>()
        })
        .fold(0.0, f64::max);
    (strongest > 0.0).then(|| PpmMetres(THIN / strongest))
}
