//! The user's own instrument from a CSV.

use std::path::Path;

use anyhow::{Context, Result, bail};
use cathartes_core::{
    scenery::{Instrument, NoiseLaw},
    spectrum::Band,
    units::Nanometres,
};

const COLUMNS: [&str; 5] = ["center_nm", "fwhm_nm", "noise_a", "noise_b", "noise_c"];

/// Reads the columns `center_nm,fwhm_nm,noise_a,noise_b,noise_c`, rising centres.
pub(super) fn read(path: &Path) -> Result<Instrument> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name}: cannot be read"))?;
    parse(&text).with_context(|| format!("{name}: not an instrument"))
}

fn parse(text: &str) -> Result<Instrument> {
    let mut rows = (1..).zip(text.lines()).filter(|(_, r)| !r.trim().is_empty());
    let heads: Vec<&str> =
        rows.next().map(|(_, r)| r.split(',').map(str::trim).collect()).unwrap_or_default();
    if heads != COLUMNS {
        bail!("line 1: the columns have to be {}", COLUMNS.join(","));
    }
    let (mut bands, mut noise) = (Vec::<Band>::new(), Vec::new());
    for (line, row) in rows {
        let numbers: Option<Vec<f64>> = row.split(',').map(|v| v.trim().parse().ok()).collect();
        let Some([center, fwhm, a, b, c]) = numbers.as_deref() else {
            bail!("line {line}: five numbers are needed");
        };
        let rises = bands.last().is_none_or(|last| last.center.0 < *center);
        let light = (350.0..=2500.0).contains(center) || (7_000.0..=14_000.0).contains(center);
        if !(rises && light && (0.1..=200.0).contains(fwhm)) {
            bail!(
                "line {line}: centres have to rise between 350 and 2,500 nm or 7,000 and 14,000 nm, \
                 widths be from 0.1 to 200 nm"
            );
        }
        bands.push(Band { center: Nanometres(*center), fwhm: Nanometres(*fwhm) });
        noise.push(NoiseLaw { a: *a, b: *b, c: *c });
    }
    if bands.is_empty() {
        bail!("line 2: at least one band is needed");
    }
    Ok(Instrument { slug: "own".into(), bands, noise, pixel_angle_rad: 1e-3 })
}

#[cfg(test)]
mod tests;
