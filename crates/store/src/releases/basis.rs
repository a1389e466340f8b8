//! What figures are made of, as it was when a draft was made.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::{StoreError, database::Row, time};

/// What figures are made of later, as it was when the draft was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// When it was seen.
    pub detected: Option<Timestamp>,
    /// When its review was decided.
    pub reviewed: Option<Timestamp>,
    /// How urgent: 1 is the most, 5 the least.
    pub priority: u8,
    /// What it is released for, in a word or two.
    pub reason: String,
    /// The gas.
    pub gas: Option<String>,
    /// What saw it.
    pub instrument: Option<String>,
    /// What kind of evidence it stands on.
    pub source: Option<String>,
    /// Which kind of analyst decided.
    pub analyst_band: Option<String>,
    /// How likely it was held to be.
    pub probability: Option<f64>,
}

pub(super) const COLUMNS: &str = "d.detected_us, d.reviewed_us, d.priority, d.reason, d.gas, d.instrument, d.source, \
     d.analyst_band, d.probability";
pub(super) const COUNT: usize = 9;

/// Refuses what is none.
pub(super) fn check(basis: &Basis) -> Result<(), StoreError> {
    super::at_most("the reason of a release", &basis.reason, 200)?;
    if !(1..=5).contains(&basis.priority) {
        return Err(refused(format!("priority {} is none: 1 to 5", basis.priority)));
    }
    if basis.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
        return Err(refused("a probability is from 0 to 1"));
    }
    Ok(())
}

pub(super) fn read(row: &Row, at: usize) -> Result<Basis, StoreError> {
    let priority = u8::try_from(row.int(at + 2)?);
    Ok(Basis {
        detected: time::maybe_from_us(row.maybe_int(at)?)?,
        reviewed: time::maybe_from_us(row.maybe_int(at + 1)?)?,
        priority: priority.map_err(|error| StoreError::damaged("a draft", error))?,
        reason: row.text(at + 3)?,
        gas: row.maybe_text(at + 4)?,
        instrument: row.maybe_text(at + 5)?,
        source: row.maybe_text(at + 6)?,
        analyst_band: row.maybe_text(at + 7)?,
        probability: row.maybe_real(at + 8)?,
    })
}
