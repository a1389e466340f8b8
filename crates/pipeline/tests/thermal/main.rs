//! Thermal light against real spectra, and a simulated scene searched with other code than made it.
//!
//! Real data are read where they are and left out with a word when they are not there;
//! `docs/validation/thermal.md` has what is printed here.

#![expect(clippy::unwrap_used, reason = "a file that is there and does not read has failed")]

mod hytes;
mod least_squares;
mod scene;
mod sky;

use std::path::{Path, PathBuf};

/// A file of the real data, when it is there.
fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/lwir").join(name);
    if !path.exists() {
        println!("{} is not there: this comparison was left out", path.display());
    }
    path.exists().then_some(path)
}
