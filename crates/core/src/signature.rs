//! What one instrument sees of one gas.

use serde::{Deserialize, Serialize};

use crate::{spectrum::Band, units::PpmMetres};

/// Log transmittance of a gas in every band of an instrument, against the gas column.
///
/// `table[k][b]` is ln of the transmittance of `columns[k]` averaged over band `b`: zero or
/// negative. `columns[0]` is zero. Strong lines saturate, so the table bends; its slope at zero is
/// the linear signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Slug of the gas.
    pub gas: String,
    /// The bands it was made for.
    pub bands: Vec<Band>,
    /// Change of log radiance per ppm m for a vanishing column, by band.
    pub unit_per_ppmm: Vec<f64>,
    /// Gas columns of the table, rising from zero.
    pub columns: Vec<PpmMetres>,
    /// Log transmittance, one row a column.
    pub table: Vec<Vec<f64>>,
    /// Path through the plume over its height: 1/cos(sun zenith) + 1/cos(view zenith).
    pub air_mass_factor: f64,
    /// Columns above this are underestimated because the tabulation is too coarse to saturate.
    pub coarse_above: Option<PpmMetres>,
}

impl Signature {
    /// Log transmittance of a column in every band, linear between the rows of the table and
    /// beyond its last. A negative column follows the linear signature.
    #[must_use]
    pub fn log_transmittance(&self, column: PpmMetres) -> Vec<f64> {
        if column.0 <= 0.0 || self.columns.len() < 2 {
            return self.unit_per_ppmm.iter().map(|s| s * column.0).collect();
        }
        let k = self.columns.partition_point(|c| c.0 <= column.0).clamp(1, self.columns.len() - 1);
        let (a, b) = (self.columns[k - 1].0, self.columns[k].0);
        let w = (column.0 - a) / (b - a);
        self.table[k - 1].iter().zip(&self.table[k]).map(|(x, y)| x + w * (y - x)).collect()
    }
}
