//! What maps need to know of all findings of a kind: how many were recorded, and how far their shapes reach from their
//! points.
//!
//! The number says whether anything is new. Where shapes reach says how far beyond its edge a map looks for what it
//! shows. Both only grow and follow from the findings, so that no backup holds them.

use std::collections::BTreeMap;

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    units::{Degrees, Metres},
};
use serde_json::Value;

use crate::{Store, audit::Change, database::sql, error::StoreError, findings::Kind};

/// What was recorded so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tally {
    /// Findings of all kinds, corrected ones too.
    pub findings: u64,
    /// No shape of the kind has a position farther from its point.
    pub reach: Metres,
}

impl Store {
    /// What was recorded so far of a kind.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn tally(&self, kind: Kind) -> Result<Tally, StoreError> {
        let text = "SELECT (SELECT CAST(SUM(findings) AS BIGINT) FROM tally), reach_m FROM tally WHERE kind = $1";
        let row = self.pool.row(sql(text, [kind.word().into()])).await?;
        let row =
            row.ok_or_else(|| StoreError::damaged("the tally of findings", "no row of a kind"))?;
        Ok(Tally { findings: row.int(0)? as u64, reach: Metres(row.real(1)?) })
    }
}

/// A finding's kind, and its place and shape when it has both.
pub(crate) type Counted<'s> = (Kind, Option<(LatLon, &'s Value)>);

/// Counts findings that are recorded in the same change.
pub(crate) async fn count<'s>(
    change: &mut Change,
    findings: impl Iterator<Item = Counted<'s>>,
) -> Result<(), StoreError> {
    let mut kinds = BTreeMap::new();
    for (kind, shape) in findings {
        let (count, farthest) = kinds.entry(kind.word()).or_insert((0_i64, 0.0));
        *count += 1;
        *farthest = shape.map_or(0.0, |(place, shape)| reach_m(place, shape)).max(*farthest);
    }
    for (kind, (count, farthest)) in kinds {
        let text = "UPDATE tally SET findings = findings + $1, \
                    reach_m = CASE WHEN reach_m < $2 THEN $2 ELSE reach_m END WHERE kind = $3";
        change.run(sql(text, [count.into(), farthest.into(), kind.into()])).await?;
    }
    Ok(())
}

/// From a place to the farthest position of a `GeoJSON` geometry.
fn reach_m(place: LatLon, shape: &Value) -> f64 {
    match shape {
        Value::Object(members) => {
            let within = members.get("coordinates").or_else(|| members.get("geometries"));
            within.map_or(0.0, |within| reach_m(place, within))
        }
        Value::Array(parts) => match position(parts) {
            Some(to) => bearing_and_distance(place, to).1.0,
            None => parts.iter().map(|part| reach_m(place, part)).fold(0.0, f64::max),
        },
        _ => 0.0,
    }
}

fn position(parts: &[Value]) -> Option<LatLon> {
    let [longitude, latitude, ..] = parts else { return None };
    let (latitude, longitude) = (Degrees(latitude.as_f64()?), Degrees(longitude.as_f64()?));
    Some(LatLon { latitude, longitude })
}

#[cfg(test)]
mod tests;
