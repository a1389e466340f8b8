//! The one gate out: what partners may have, what is left of it, and how it is sealed.
//!
//! ```text
//! Product (fields, each with its marking) --Reviewed, Permit, Rules--> Releasable<Content>, Difference…
//! Releasable<Content> --export--> GeoJSON, KML, CoT, STIX, a brief --dossier--> bytes --Approval x 2, key--> sealed
//! ```
//!
//! Nothing here reads a file, a clock or a die: times, keys and salts are arguments. [`gate::Releasable`] can be made
//! in [`gate`] alone, and every exporter takes nothing else.

pub mod answer;
pub mod brief;
pub mod canonical;
pub mod coordinates;
pub mod dossier;
pub mod export;
pub mod figures;
pub mod gate;
pub mod policy;
pub mod product;
pub mod recipient;
pub mod remind;
pub mod residual;
pub mod rules;
mod sanitise;
pub mod seal;
pub mod secret;
pub mod survival;
pub mod words;
