//! The one typeface of every picture, inside the executable: pictures look the same on a machine
//! without fonts.
//!
//! `DejaVu` Sans 2.37, from the crate `dejavu`; its licence (Bitstream Vera, public-domain
//! additions) allows embedding.

use std::sync::OnceLock;

use plotters::style::{FontStyle, register_font};

/// Name to draw under: `("sans-serif", 14)` in plotters.
pub const FAMILY: &str = "sans-serif";

/// Why text cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the built-in typeface cannot be read; this build is damaged")]
pub struct FontError;

/// Makes [`FAMILY`], regular and bold, known to plotters. Call before drawing text; only the first
/// call costs anything.
///
/// # Errors
///
/// [`FontError`] when the embedded file is not a typeface.
pub fn register() -> Result<(), FontError> {
    static DONE: OnceLock<Result<(), FontError>> = OnceLock::new();
    *DONE.get_or_init(|| {
        let faces =
            [(FontStyle::Normal, dejavu::sans::regular()), (FontStyle::Bold, dejavu::sans::bold())];
        faces
            .into_iter()
            .try_for_each(|(style, bytes)| register_font(FAMILY, style, bytes))
            .map_err(|_| FontError)
    })
}

#[cfg(test)]
mod tests;
