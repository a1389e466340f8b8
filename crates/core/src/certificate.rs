//! What is claimed of a track, line by line, so that somebody else can check it; the JSON of `docs/certificate.md`.

use serde::{Deserialize, Serialize};

use crate::{
    provenance::Digest,
    units::{Metres, Seconds},
};

/// The word that says which form this is.
pub const FORM: &str = "cathartes-certificate-1";

/// How a track keeps to authorities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// [`FORM`].
    pub form: String,
    /// Of the program that made it.
    pub version: String,
    /// The authorities that hold together.
    pub authorities: Vec<CertifiedAuthority>,
    /// The track.
    pub track: CertifiedTrack,
    /// The ground, when one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<CertifiedGround>,
    /// What the track is held to be wrong by.
    pub allowances: PlaneAllowances,
    /// The worst of its legs.
    pub verdict: Verdict,
    /// The worst of what keeps it from being `kept`, in words; empty when it is.
    #[serde(default)]
    pub why: Vec<String>,
    /// All legs, in order.
    pub legs: Vec<LegClaim>,
}

/// An authority, by its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedAuthority {
    /// Its number.
    pub number: String,
    /// Who says it.
    pub issuer: String,
    /// Of its file.
    pub sha256: Digest,
}

/// A track, by its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedTrack {
    /// The sortie that it is of.
    pub sortie: String,
    /// plan or flown.
    pub kind: String,
    /// Of its file.
    pub sha256: Digest,
}

/// The ground, by its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedGround {
    /// Of its file.
    pub sha256: Digest,
}

/// All allowances together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlaneAllowances {
    /// In the plane.
    pub plane_m: Metres,
    /// Up and down.
    pub height_m: Metres,
    /// Earlier and later.
    pub time_s: Seconds,
}

/// Whether it keeps to what is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It does, whatever the allowances let it do.
    Kept,
    /// Neither that nor the contrary is certain.
    #[serde(rename = "not proven")]
    NotProven,
    /// It certainly does not.
    Broken,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept",
            Self::NotProven => "not proven",
            Self::Broken => "broken",
        })
    }
}

/// What is claimed of a leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegClaim {
    /// Its number from 0.
    pub leg: usize,
    /// How far aside the aircraft may have been between both fixes.
    pub reach_m: Metres,
    /// How far up or down.
    pub climb_reach_m: Metres,
    /// The worst of its pieces.
    pub verdict: Verdict,
    /// All of it, in order.
    pub pieces: Vec<PieceClaim>,
}

/// What is claimed of a piece of a leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PieceClaim {
    /// Share of the leg at which it begins.
    pub from: f64,
    /// Share of the leg at which it ends.
    pub to: f64,
    /// What follows.
    pub verdict: Verdict,
    /// The clause that permits it.
    pub permit: Option<ClauseClaim>,
    /// Every clause that might forbid it.
    pub forbids: Vec<ClauseClaim>,
}

/// How far a piece is from a volume, never told better than it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClauseClaim {
    /// Document and clause.
    pub clause: String,
    /// Whether it is in force.
    pub in_force: bool,
    /// Lower bound of the signed distance in the plane.
    pub plane_m: Metres,
    /// Lower bound of the height distance; absent when it is not known or has no bound.
    pub height_m: Option<Metres>,
}

/// The least that any piece keeps clear of any prohibition by, and of which: in the plane or in height, whichever is more,
/// with allowances and reach taken off.
#[must_use]
pub fn least_margin(legs: &[LegClaim], allowances: PlaneAllowances) -> Option<(Metres, String)> {
    let of_leg = |leg: &LegClaim| {
        let plane_m = allowances.plane_m.0 + leg.reach_m.0;
        let height_m = allowances.height_m.0 + leg.climb_reach_m.0;
        let forbids = leg.pieces.iter().flat_map(|piece| &piece.forbids);
        let in_force = forbids.filter(|claim| claim.in_force).map(move |claim| {
            let above = claim.height_m.map_or(f64::NEG_INFINITY, |height| height.0 - height_m);
            (Metres(above.max(claim.plane_m.0 - plane_m)), claim.clause.clone())
        });
        in_force.min_by(|one, other| one.0.0.total_cmp(&other.0.0))
    };
    let least = legs.iter().filter_map(of_leg);
    least.min_by(|one, other| one.0.0.total_cmp(&other.0.0))
}
