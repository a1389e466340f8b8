//! Which header belongs to which image: `x.hdr` describes `x`, `x.img`, `x.dat`, `x.bil`, `x.bip`
//! or `x.bsq`. The user may name either.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::EnviError;
use crate::{Cause, FormatError};

const IMAGES: [&str; 7] = ["", "img", "dat", "bil", "bip", "bsq", "raw"];
const HEADERS: [&str; 2] = ["hdr", "HDR"];

/// Header and image, whichever of the two is named; the header is told by its first word.
pub(super) fn pair(path: &Path) -> Result<(PathBuf, PathBuf), FormatError> {
    if starts_as_header(path).map_err(|error| FormatError::new(path, error))? {
        return Ok((path.to_owned(), image_of(path)?));
    }
    Ok((header_of(path)?, path.to_owned()))
}

fn starts_as_header(path: &Path) -> io::Result<bool> {
    let mut start = Vec::with_capacity(5);
    File::open(path)?.take(5).read_to_end(&mut start)?;
    Ok(matches!(start.as_slice(), [b'E', b'N', b'V', b'I', b'\r' | b'\n' | b' ' | b'\t']))
}

/// The one image beside a header.
fn image_of(header: &Path) -> Result<PathBuf, FormatError> {
    let candidates: Vec<PathBuf> =
        IMAGES.iter().map(|end| header.with_extension(end)).filter(|path| path != header).collect();
    let mut there = candidates.iter().filter(|path| path.is_file());
    match (there.next(), there.next()) {
        (Some(image), None) => Ok(image.clone()),
        (Some(one), Some(other)) => {
            let [one, other] = [one, other].map(|path| path.display().to_string());
            Err(FormatError::new(header, EnviError::TwoImages { one, other }))
        }
        (None, _) => {
            let wanted = header.with_extension("img").display().to_string();
            Err(FormatError::new(header, EnviError::NoImage { wanted }))
        }
    }
}

/// The header beside an image: `x.img.hdr` before `x.hdr`.
fn header_of(image: &Path) -> Result<PathBuf, FormatError> {
    let appended = HEADERS.iter().map(|end| appended(image, end));
    let replaced = HEADERS.iter().map(|end| image.with_extension(end));
    appended.chain(replaced).find(|path| path.is_file()).ok_or_else(|| {
        let header = appended_header(image).display().to_string();
        FormatError::new(image, Cause::Unknown { header })
    })
}

/// Where the header of an image is written: in place of a known ending, else after the name.
pub(super) fn header_to_write(image: &Path) -> PathBuf {
    let end = image.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let known = !end.is_empty() && IMAGES.contains(&end.to_lowercase().as_str());
    if known { image.with_extension("hdr") } else { appended_header(image) }
}

fn appended_header(image: &Path) -> PathBuf {
    appended(image, "hdr")
}

fn appended(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}
