//! Authorities and tracks, and what others write airspace in.
//!
//! | module | reads and writes |
//! |---|---|
//! | [`authority`] | `cathartes-authority-1` of `docs/certificate.md` |
//! | [`track`] | `cathartes-track-1` of the same page |

pub mod authority;
mod crossing;
mod error;
mod json;
mod layout;
mod rings;
pub mod track;
mod when;

pub use error::AirspaceError;

/// Largest file, bytes. What is read of it takes at most forty times its size.
pub const MAX_BYTES: usize = 64 << 20;
