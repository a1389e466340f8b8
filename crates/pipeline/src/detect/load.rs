//! The image into memory: the bytes of the chosen bands, once, in parallel, and refused when they
//! are not radiance.

use std::ops::Range;

use anyhow::bail;
use cathartes_core::cube::{Cube, CubeInfo, CubeSource, Window};
use rayon::prelude::*;

use super::bands::BandPlan;

/// Lines read at a time, by one thread.
const CHUNK_LINES: usize = 16;

/// What to do with values that are no radiance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Invalid {
    /// Say where the first one is and stop.
    #[default]
    Refuse,
    /// Leave the pixel or column out.
    Mask,
}

/// How the numbers lie.
struct Shape {
    samples: usize,
    bands: usize,
    /// Whether pixels may be no data.
    holes: bool,
}

/// What one chunk of lines held.
struct Seen {
    /// (line, sample, band of the cube, value) of the first value that is no number.
    torn: Option<(usize, usize, usize, f32)>,
    /// Pixels with such a value.
    torn_pixels: usize,
    /// Columns with a value other than zero.
    alive: Vec<bool>,
}

/// Reads some lines of an image; the notes say what was left out.
pub(crate) fn load(
    source: &dyn CubeSource,
    lines: Range<usize>,
    plan: &BandPlan,
    invalid: Invalid,
) -> anyhow::Result<(Cube, Vec<String>)> {
    let info = source.info();
    let (samples, bands) = (info.samples, plan.groups.len());
    let shape = Shape { samples, bands, holes: source.declares_no_data() };
    let mut data = vec![0.0; lines.len() * samples * bands];
    let seen: Vec<Seen> = data
        .par_chunks_mut(CHUNK_LINES * samples * bands)
        .enumerate()
        .map(|(i, out)| {
            let first = lines.start + i * CHUNK_LINES;
            let window =
                Window { lines: first..(first + CHUNK_LINES).min(lines.end), samples: 0..samples };
            fill(source, &window, plan, out)?;
            Ok(look(out, first, &shape))
        })
        .collect::<Result<_, cathartes_core::cube::ReadError>>()?;
    let notes = judge(info, plan, &seen, invalid)?;
    let cube = Cube { lines: lines.len(), samples, bands: plan.bands(info), data };
    Ok((cube, notes))
}

fn fill(
    source: &dyn CubeSource,
    window: &Window,
    plan: &BandPlan,
    out: &mut [f32],
) -> Result<(), cathartes_core::cube::ReadError> {
    let read = plan.read();
    if read.len() == plan.groups.len() {
        return source.read(window, &read, out);
    }
    let mut raw = vec![0.0; window.pixels() * read.len()];
    source.read(window, &read, &mut raw)?;
    for (spectrum, raw) in out.chunks_exact_mut(plan.groups.len()).zip(raw.chunks_exact(read.len()))
    {
        let mut at = 0;
        for (band, group) in spectrum.iter_mut().zip(&plan.groups) {
            *band = raw[at..at + group.len()].iter().sum::<f32>() / group.len() as f32;
            at += group.len();
        }
    }
    Ok(())
}

/// Looks for values that are no radiance. A pixel with one of them becomes no data throughout; a
/// pixel that is NaN throughout was no data before, where the file has such pixels.
fn look(data: &mut [f32], first_line: usize, shape: &Shape) -> Seen {
    const EXPONENT: u32 = 0x7f80_0000;
    let (samples, bands) = (shape.samples, shape.bands);
    let mut seen = Seen { torn: None, torn_pixels: 0, alive: vec![false; samples] };
    for (i, spectrum) in data.chunks_exact_mut(bands).enumerate() {
        let sample = i % samples;
        if !seen.alive[sample] {
            seen.alive[sample] = spectrum.iter().any(|&x| x != 0.0);
        }
        let torn =
            spectrum.iter().fold(false, |torn, x| torn | (x.to_bits() & EXPONENT == EXPONENT));
        if !torn || shape.holes && spectrum.iter().all(|x| x.is_nan()) {
            continue;
        }
        seen.torn_pixels += 1;
        if seen.torn.is_none() {
            let at = spectrum.iter().position(|x| !x.is_finite()).unwrap_or_default();
            seen.torn = Some((first_line + i / samples, sample, at, spectrum[at]));
        }
        spectrum.fill(f32::NAN);
    }
    seen
}

fn judge(
    info: &CubeInfo,
    plan: &BandPlan,
    seen: &[Seen],
    invalid: Invalid,
) -> anyhow::Result<Vec<String>> {
    let mut notes = Vec::new();
    if let Some((line, sample, band, value)) = seen.iter().find_map(|s| s.torn) {
        let band = plan.groups[band][0];
        let nm = info.bands[band].center.0;
        if invalid == Invalid::Refuse {
            bail!(
                "line {line}, sample {sample}, band {band} (from 0; {nm:.1} nm) is {value}, which is no \
                 radiance: repair the image, declare its no-data value in the header, or leave such \
                 pixels out by --mask-invalid"
            );
        }
        let count: usize = seen.iter().map(|s| s.torn_pixels).sum();
        notes.push(format!(
            "{count} pixels with NaN or infinite radiance left out, the first in line {line}, sample \
             {sample}, band {band} (from 0)"
        ));
    }
    let dead: Vec<String> = (0..info.samples)
        .filter(|&sample| !seen.iter().any(|s| s.alive[sample]))
        .map(|sample| sample.to_string())
        .collect();
    if !dead.is_empty() {
        let (count, columns) = (dead.len(), dead.join(", "));
        if invalid == Invalid::Refuse {
            bail!(
                "all of column {columns} (sample, from 0) is zero in every line and band used: the \
                 detector did not see there or the file is incomplete; leave such columns out by \
                 --mask-invalid"
            );
        }
        notes.push(format!("{count} columns of zeros left out (samples from 0: {columns})"));
    }
    Ok(notes)
}

#[cfg(test)]
mod tests;
