//! Authorities that hold together, made ready for many tracks.

use cathartes_core::{
    airspace::{Authority, Clause, Rule},
    certificate::{LegClaim, PlaneAllowances, Verdict},
    observation::Period,
    terrain::Terrain,
    track::Track,
};
use thiserror::Error;

use crate::{
    certify::Trip,
    outline::{Outline, Side},
    path::Stretch,
};

/// What keeps authorities from holding together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AirspaceError {
    /// Clauses are named by the number of their document.
    #[error(
        "two authorities have the number `{0}`: a clause could not be told from another; give only the one that holds"
    )]
    SameNumber(String),
    /// A certificate of no authority would be of nothing.
    #[error("there is no authority: what nothing permits is forbidden; give at least one")]
    None,
}

/// What may be flown, by all authorities that hold together.
#[derive(Debug, Clone)]
pub struct Airspace {
    clauses: Vec<Prepared>,
    pub(crate) terrain: Option<Terrain>,
}

/// A clause with what its document says for it.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// Document and clause.
    pub(crate) name: String,
    pub(crate) clause: Clause,
    pub(crate) valid: Period,
    operators: Option<Vec<String>>,
    aircraft: Option<Vec<String>>,
    pub(crate) outlines: Vec<Outline>,
}

/// What is claimed of a track; with the digests of files it makes a certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Certified {
    /// What the track is held to be wrong by.
    pub allowances: PlaneAllowances,
    /// The worst of its legs.
    pub verdict: Verdict,
    /// What keeps it from being kept, and the nearest change that would be allowed.
    pub why: Vec<String>,
    /// All legs, in order.
    pub legs: Vec<LegClaim>,
}

impl Airspace {
    /// Makes authorities ready; `terrain` is the ground for limits above it.
    ///
    /// # Errors
    ///
    /// [`AirspaceError`] for none, and for two of one number.
    pub fn new(authorities: &[Authority], terrain: Option<Terrain>) -> Result<Self, AirspaceError> {
        if authorities.is_empty() {
            return Err(AirspaceError::None);
        }
        let mut numbers: Vec<&str> = authorities.iter().map(|one| one.number.as_str()).collect();
        numbers.sort_unstable();
        if let Some(pair) = numbers.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(AirspaceError::SameNumber(pair[0].to_owned()));
        }
        let of = |authority: &'_ Authority| -> Vec<Prepared> {
            authority.clauses.iter().map(|clause| Prepared::new(authority, clause)).collect()
        };
        Ok(Self { clauses: authorities.iter().flat_map(of).collect(), terrain })
    }

    /// How a track keeps to them. Same track, same claims; nothing is told better than it is.
    #[must_use]
    pub fn certify(&self, track: &Track) -> Certified {
        Trip::new(self, track).certified()
    }

    /// The clauses of a rule that are of a track.
    pub(crate) fn of(&self, track: &Track, rule: Rule) -> Vec<&Prepared> {
        self.clauses.iter().filter(|one| one.clause.rule == rule && one.is_of(track)).collect()
    }
}

impl Prepared {
    fn new(authority: &Authority, clause: &Clause) -> Self {
        // Permissions are of those that they name, prohibitions of everybody unless they name some.
        let of = |own: &Option<Vec<String>>, document: &[String]| match clause.rule {
            Rule::Permit => Some(own.clone().unwrap_or_else(|| document.to_vec())),
            Rule::Forbid => own.clone(),
        };
        Self {
            name: format!("{}/{}", authority.number, clause.number),
            valid: authority.valid,
            operators: of(&clause.operators, &authority.operators),
            aircraft: of(&clause.aircraft, &authority.aircraft),
            outlines: clause.volume.polygons.iter().map(Outline::new).collect(),
            clause: clause.clone(),
        }
    }

    fn is_of(&self, track: &Track) -> bool {
        let names = |all: &Option<Vec<String>>, one: &String| {
            all.as_ref().is_none_or(|all| all.contains(one))
        };
        let purposes = &self.clause.purposes;
        let purpose = purposes.contains(&track.purpose)
            || purposes.is_empty() && self.clause.rule == Rule::Forbid;
        purpose && names(&self.operators, &track.operator) && names(&self.aircraft, &track.aircraft)
    }

    /// Lower bound of the signed distance of a stretch, m.
    pub(crate) fn plane_m(&self, stretch: Stretch<'_>) -> f64 {
        let all = self.outlines.iter();
        match self.clause.rule {
            Rule::Forbid => {
                let each = all.map(|outline| outline.signed_m(stretch, Side::Outside));
                each.fold(f64::INFINITY, f64::min)
            }
            Rule::Permit => {
                let each = all.map(|outline| outline.signed_m(stretch, Side::Inside));
                each.fold(f64::NEG_INFINITY, f64::max)
            }
        }
    }
}
