//! Outlines of real plumes, cut out of the picture of a whole flight line.

use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, Result};

/// The picture, beside the project.
const PICTURE: &str = "../shared/data/masks/plumes_line1.png";
/// First row and column, rows and columns of four plumes in it.
const PLUMES: [[usize; 4]; 4] =
    [[99, 7581, 46, 52], [525, 7509, 183, 176], [317, 9596, 104, 140], [689, 15_275, 87, 121]];

/// One outline, as a black and white PNG.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    pub(super) name: String,
    pub(super) lines: usize,
    pub(super) samples: usize,
}

/// Writes the outlines into a folder; none, and a sentence, where the picture is not.
pub(super) fn cut(folder: &Path) -> Result<Vec<Cut>> {
    let picture = crate::root().join(PICTURE);
    if !picture.exists() {
        println!("{} is not there: turbulent plumes stand in for real outlines", picture.display());
        return Ok(Vec::new());
    }
    let name = picture.display().to_string();
    let mut decoder = png::Decoder::new(BufReader::new(File::open(&picture)?));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().with_context(|| name.clone())?;
    let width = reader.info().width as usize;
    let mut pixels = vec![0; reader.output_buffer_size().with_context(|| name.clone())?];
    let frame = reader.next_frame(&mut pixels).with_context(|| name.clone())?;
    let step = frame.color_type.samples();
    let red = |row: usize, column: usize| {
        let at = (row * width + column) * step;
        matches!(pixels.get(at..at + 3), Some([r, g, b]) if *r > 127 && *g < 100 && *b < 100)
    };
    PLUMES
        .iter()
        .enumerate()
        .map(|(number, &[top, left, lines, samples])| {
            let flags: Vec<u8> = (0..lines * samples)
                .map(|i| if red(top + i / samples, left + i % samples) { 255 } else { 0 })
                .collect();
            let cut = Cut { name: format!("outline-{number}.png"), lines, samples };
            write(&folder.join(&cut.name), &cut, &flags)?;
            Ok(cut)
        })
        .collect()
}

fn write(path: &Path, cut: &Cut, flags: &[u8]) -> Result<()> {
    let mut encoder = png::Encoder::new(File::create(path)?, cut.samples as u32, cut.lines as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(flags)?;
    Ok(())
}
