//! Pictures as PNG: pixels, and not a word of where, when or by what they were made.

use crate::{
    gate::{Content, Releasable},
    product::{FieldPath, Image, Value},
};

/// Why a picture is not written.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It does not have the pixels that its size asks for.
    #[error(
        "`{path}`: {width_px} x {height_px} pixels are not {bytes} bytes; make the picture again"
    )]
    Size {
        /// The field.
        path: FieldPath,
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
        /// What it has.
        bytes: usize,
    },
    /// The encoder refuses it.
    #[error("`{path}`: {fault}")]
    Png {
        /// The field.
        path: FieldPath,
        /// Why.
        fault: png::EncodingError,
    },
}

/// Every picture of a release as PNG, by its field.
///
/// # Errors
///
/// [`PictureError`] for one whose pixels do not fill it; nothing is written then.
pub fn pictures(
    releasable: &Releasable<Content>,
) -> Result<Vec<(FieldPath, Vec<u8>)>, PictureError> {
    let pictures = releasable.what().fields.iter().filter_map(|(path, value)| match value {
        Value::Picture(image) => Some((path, image)),
        _ => None,
    });
    pictures.map(|(path, image)| Ok((path.clone(), png(path, image)?))).collect()
}

fn png(path: &FieldPath, image: &Image) -> Result<Vec<u8>, PictureError> {
    let wanted = u128::from(image.width_px) * u128::from(image.height_px) * 3;
    if wanted != image.rgb.len() as u128 {
        return Err(PictureError::Size {
            path: path.clone(),
            width_px: image.width_px,
            height_px: image.height_px,
            bytes: image.rgb.len(),
        });
    }
    encoded(image).map_err(|fault| PictureError::Png { path: path.clone(), fault })
}

/// A header, the pixels and an end: the encoder adds no chunk that it is not asked for.
fn encoded(image: &Image) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width_px, image.height_px);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&image.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
