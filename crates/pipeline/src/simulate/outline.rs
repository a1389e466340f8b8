//! Plume outlines from a PNG.

use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, Result, bail};
use cathartes_sensing::simulate::Outline;

/// Largest picture accepted, pixels.
const LIMIT: usize = 64 << 20;

/// Red pixels of a coloured picture, or white ones of a black and white one, are plume.
pub(super) fn read(path: &Path) -> Result<Outline> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("{name}: cannot be opened"))?;
    let mut decoder = png::Decoder::new(BufReader::new(file));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().with_context(|| format!("{name}: not a PNG"))?;
    let (samples, lines) = (reader.info().width as usize, reader.info().height as usize);
    if lines.saturating_mul(samples) > LIMIT {
        bail!("{name}: {samples} x {lines} pixels are more than {LIMIT}; cut the outline out");
    }
    let bytes = reader.output_buffer_size().context("the picture is too large")?;
    let mut pixels = vec![0; bytes];
    let frame = reader.next_frame(&mut pixels).with_context(|| format!("{name}: is torn"))?;
    let step = frame.color_type.samples();
    let red = |p: &[u8]| match p {
        [r, g, b, ..] => *r > 127 && (*g < 100 && *b < 100 || *g > 200 && *b > 200),
        [v, ..] => *v > 127,
        [] => false,
    };
    let inside: Vec<bool> = pixels.chunks_exact(step).take(lines * samples).map(red).collect();
    if !inside.contains(&true) {
        bail!("{name}: no red or white pixel, so there is no plume in it");
    }
    Ok(Outline { lines, samples, inside })
}
