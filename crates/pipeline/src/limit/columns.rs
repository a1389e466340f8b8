//! The smallest column of each gas that a thermal imager identifies at a contrast.
//!
//! A scene without plumes is simulated and its ground learnt as `cathartes detect` learns it. At some places
//! of it, what a plume of thirty pixels would show is judged against every gas the instrument sees
//! (`Identifier::smallest_identified`).

use anyhow::{Context, Result, ensure};
use cathartes_core::{
    provenance::Provenance,
    units::{Kelvin, PpmMetres},
};
use cathartes_sensing::identify::Identifier;
use serde::Serialize;

use super::{Question, Watch, laboratory::Laboratory, provenance};

/// Places looked at.
const PLACES: usize = 3;

/// What a planner asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnQuestion {
    /// A thermal imager.
    pub instrument: String,
    /// Slug of a gas, or `all`.
    pub gas: String,
    /// Height above ground.
    pub altitude_m: f64,
    /// Thermal contrast of plume and ground.
    pub contrast_k: f64,
    /// Seed of the scene.
    pub seed: u64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Columns {
    /// What was asked.
    pub question: ColumnQuestion,
    /// By gas, the smallest first; those never identified last.
    pub gases: Vec<GasColumn>,
    /// Enough to make the answer again.
    pub provenance: Provenance,
}

/// One gas.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GasColumn {
    /// Its slug.
    pub gas: String,
    /// Smallest mean column identified with 90 %, nine times in ten, in the middle of the places; `None`
    /// where no column that a plume may have is enough.
    pub column_ppmm: Option<f64>,
    /// At how many places it is identified at all.
    pub places: usize,
}

/// Works the columns out.
///
/// # Errors
///
/// When the instrument is unknown or sees no heat, or the gas is unknown or leaves no mark in its bands.
pub fn columns(asked: &ColumnQuestion, watch: Watch<'_>) -> Result<Columns> {
    ensure!(
        asked.contrast_k.is_finite() && asked.contrast_k != 0.0,
        "a contrast other than 0 K is needed"
    );
    let question = Question::of_ground(&asked.instrument, asked.altitude_m, asked.seed);
    let laboratory = Laboratory::new(&question)?;
    let by_place = laboratory.identifiers(PLACES, watch)?;
    let known: Vec<String> =
        by_place.first().map(|place| place.gases().collect()).unwrap_or_default();
    let wanted = laboratory.wanted(&asked.gas, &known)?;
    let mut gases: Vec<GasColumn> = wanted
        .iter()
        .map(|gas| {
            let smallest =
                |place: &Identifier| place.smallest_identified(gas, Kelvin(asked.contrast_k));
            let mut seen: Vec<f64> =
                by_place.iter().filter_map(smallest).map(|PpmMetres(x)| x).collect();
            seen.sort_by(f64::total_cmp);
            let middle = seen.get(by_place.len() / 2).copied();
            GasColumn { gas: gas.clone(), column_ppmm: middle, places: seen.len() }
        })
        .collect();
    let size = |gas: &GasColumn| gas.column_ppmm.unwrap_or(f64::INFINITY);
    gases.sort_by(|a, b| size(a).total_cmp(&size(b)).then(a.gas.cmp(&b.gas)));
    let provenance = provenance(asked, asked.seed).context("the question cannot be digested")?;
    Ok(Columns { question: asked.clone(), gases, provenance })
}
