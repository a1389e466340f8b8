//! Gases by name: the built-in library and the user's own folder over it.

use cathartes_core::{
    emitter::EmitterKind,
    gas::CrossSection,
    signature::Signature,
    spectrum::Band,
    units::{Degrees, Metres, PpmMetres},
};
use cathartes_sensing::signature::{SignatureError, Slant, Standing, signature_in_air};
use std::path::Path;

use anyhow::{Context, Result};
use cathartes_formats::gas_library;

mod import;
mod listing;
mod plot;

pub use cathartes_core::units::Kelvin;
pub use cathartes_formats::gas_import::Given;
pub use import::{default_folder, import};
pub use listing::{Listing, Peak, Range, sheet, table};
pub use plot::plot;

/// Ending of a file of the user's folder.
const ENDING: &str = "gas";

/// What clean air at sea level holds over the ground, as ppm m: mixing ratio (ppm, 2024) times
/// 8,590 m of air at 296 K and 1 atm; water vapour for 14 mm of rain.
const STANDING_PPMM: [(&str, f64); 5] = [
    ("ch4", 1.93 * 8590.0),
    ("co2", 425.0 * 8590.0),
    ("n2o", 0.338 * 8590.0),
    ("co", 0.1 * 8590.0),
    ("h2o", 1.9e7),
];

/// Height over which well-mixed air thins by e.
const AIR_SCALE_M: f64 = 8000.0;

/// A name no gas goes by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no gas is called `{name}`{}; `cathartes gas list` shows all", self.hint())]
pub struct UnknownGas {
    /// The name asked for.
    pub name: String,
    /// Slugs spelled nearly so.
    pub near: Vec<String>,
}

impl UnknownGas {
    fn hint(&self) -> String {
        if self.near.is_empty() {
            String::new()
        } else {
            format!("; did you mean {}?", self.near.join(", "))
        }
    }
}

/// Every gas by slug: the built-in ones, and over them the user's from a folder when it is there.
///
/// # Errors
///
/// When a file of the folder cannot be read.
pub fn library(folder: Option<&Path>) -> Result<Vec<CrossSection>> {
    let mut gases = match folder {
        Some(folder) if folder.is_dir() => user_gases(folder)?,
        _ => Vec::new(),
    };
    for gas in gas_library::builtin() {
        if gases.iter().all(|own| own.gas.slug != gas.gas.slug) {
            gases.push(gas.clone());
        }
    }
    gases.sort_by(|a, b| a.gas.slug.cmp(&b.gas.slug));
    Ok(gases)
}

fn user_gases(folder: &Path) -> Result<Vec<CrossSection>> {
    let mut gases = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == ENDING) {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            gases.extend(gas_library::parse(&bytes).with_context(|| path.display().to_string())?);
        }
    }
    Ok(gases)
}

/// The gas of a slug, formula, name or CAS number; case does not matter.
///
/// # Errors
///
/// [`UnknownGas`] with names spelled nearly so.
pub fn find<'l>(name: &str, library: &'l [CrossSection]) -> Result<&'l CrossSection, UnknownGas> {
    let asked = plain(name);
    let names =
        |g: &CrossSection| [&g.gas.slug, &g.gas.formula, &g.gas.cas, &g.gas.name].map(|n| plain(n));
    (0..4)
        .find_map(|field| library.iter().find(|g| !asked.is_empty() && names(g)[field] == asked))
        .ok_or_else(|| {
            let mut near: Vec<(usize, &str)> = library
                .iter()
                .filter_map(|g| {
                    let apart = names(g).iter().map(|n| distance(n, &asked)).min()?;
                    (apart * 3 <= asked.chars().count()).then_some((apart, g.gas.slug.as_str()))
                })
                .collect();
            near.sort_unstable();
            let near = near.iter().take(3).map(|(_, slug)| (*slug).to_owned()).collect();
            UnknownGas { name: name.to_owned(), near }
        })
}

/// The gases of some names, each once; whether those that an instrument does not see may be left out.
///
/// A name is that of a gas, of a kind of emitter, which stands for the gases of its profile as far as the
/// library has them, or `all`. Only gases asked for by their own names have to be seen.
///
/// # Errors
///
/// [`UnknownGas`] as [`find`].
pub fn asked_for<'l>(
    names: &[String],
    library: &'l [CrossSection],
    kinds: &[EmitterKind],
) -> Result<(Vec<&'l CrossSection>, bool), UnknownGas> {
    let mut every = names.iter().any(|name| plain(name) == "all");
    if every {
        return Ok((library.iter().collect(), true));
    }
    let mut gases: Vec<&CrossSection> = Vec::new();
    for name in names {
        let kind = kinds.iter().find(|kind| plain(&kind.id) == plain(name));
        let of_kind = kind.into_iter().flat_map(|kind| &kind.gases);
        let known = of_kind.filter_map(|of| library.iter().find(|g| g.gas.slug == of.gas));
        let mut asked: Vec<&CrossSection> = known.collect();
        every |= !asked.is_empty();
        if asked.is_empty() {
            asked.push(find(name, library)?);
        }
        for gas in asked {
            if gases.iter().all(|there| there.gas.slug != gas.gas.slug) {
                gases.push(gas);
            }
        }
    }
    Ok((gases, every))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Letters to add, drop or change to turn one word into the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// What clean air holds of a gas over the ground; `None` for gases it does not hold.
#[must_use]
pub fn standing_column(gas: &CrossSection) -> Option<PpmMetres> {
    let (_, column) = STANDING_PPMM.iter().find(|(slug, _)| *slug == gas.gas.slug)?;
    Some(PpmMetres(*column))
}

/// The share of well-mixed air that is below a height.
pub(crate) fn share_below(height: Metres) -> f64 {
    1.0 - (-height.0.max(0.0) / AIR_SCALE_M).exp()
}

/// Signature of a gas in sunlight that has crossed the gas clean air holds: what an aircraft at a
/// height above the ground sees, or a satellite where no height is given.
///
/// # Errors
///
/// [`SignatureError`] when a band is not tabulated, or bands or slant make no sense.
pub fn signature_under_sky(
    gas: &CrossSection,
    bands: &[Band],
    slant: Slant,
    height: Option<Metres>,
) -> Result<Signature, SignatureError> {
    let down = Slant { view_zenith: Degrees(0.0), ..slant }.air_mass_factor()? - 1.0;
    let whole = slant.air_mass_factor()?;
    let below = height.map_or(1.0, share_below);
    let crossed = (down + (whole - down) * below) / whole;
    let air: Vec<Standing> = standing_column(gas)
        .map(|column| Standing { gas, column: PpmMetres(column.0 * crossed) })
        .into_iter()
        .collect();
    signature_in_air(gas, bands, slant, &air)
}

#[cfg(test)]
mod peaks;
#[cfg(test)]
mod published;
#[cfg(test)]
mod tests;
