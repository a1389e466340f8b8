//! Authorities and tracks, and what others write airspace in.
//!
//! | module | reads and writes |
//! |---|---|
//! | [`authority`] | `cathartes-authority-1` of `docs/certificate.md` |
//! | [`track`] | `cathartes-track-1` of the same page |
//! | [`ed318`], [`ed269`] | zones for unmanned aircraft as EUROCAE has them |
//! | [`openair`] | airspace for gliders and whoever else flies by sight |
//! | [`kml`] | polygons for globes |
//! | [`border`] | borders of countries, `GeoJSON` or `TopoJSON`; read only |
//!
//! The forms of others say less than an authority, or other things. What comes in makes prohibitions larger and
//! permissions smaller or none, what goes out as well, and both tell of it in their notes.

pub mod authority;
pub mod border;
mod circle;
mod crossing;
mod ed;
pub mod ed269;
pub mod ed318;
mod error;
mod json;
pub mod kml;
mod layout;
pub mod openair;
mod rings;
mod straight;
pub mod track;
mod when;
mod zone;

pub use error::AirspaceError;
pub use zone::{Exported, Imported, Intent};

/// Largest file, bytes. What is read of it takes at most forty times its size.
pub const MAX_BYTES: usize = 64 << 20;
