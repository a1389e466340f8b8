//! `map info`: the affine grid of an ENVI image that is a map.
//!
//! ```text
//! {projection, reference sample, reference line, x, y, x size, y size, zone, hemisphere, datum,
//!  units=Meters, rotation=degrees}
//! ```
//!
//! (x, y) is the place of the reference pixel, counted from 1 at the outer corner of the first, so
//! (1, 1) is the corner itself and (1.5, 1.5) its centre. Sizes are positive; lines run down.
//! `rotation` turns the image anticlockwise about the reference pixel: with φ its angle,
//!
//! ```text
//! one sample right = xsize (cos φ, sin φ)       one line down = ysize (sin φ, −cos φ)
//! ```
//!
//! as GDAL reads it for square pixels (tested against 3.6). GDAL exchanges the two sizes in its
//! cross terms, leaves φ out of the step from the reference pixel to the corner, and takes 180° for
//! a mirrored image; we do none of these.

use cathartes_core::geometry::{Crs, Geometry, MapGrid};

use super::fields::{HeaderError, entries, shortened};

/// The grid; unknown, with a note, in planes and on datums we cannot place.
pub(super) fn read(
    line: usize,
    value: &str,
    notes: &mut Vec<String>,
) -> Result<Geometry, HeaderError> {
    let invalid =
        |remedy| HeaderError::Invalid { line, key: "map info", value: shortened(value), remedy };
    let (options, plain): (Vec<&str>, Vec<&str>) = entries(value).partition(|e| e.contains('='));
    let crs = match plane(&plain, &options).map_err(invalid)? {
        Ok(crs) => crs,
        Err(why) => {
            notes.push(format!("map info: {why}; results stay in pixel coordinates"));
            return Ok(Geometry::Unknown);
        }
    };
    let mut numbers = [0.0; 6];
    for (number, text) in numbers.iter_mut().zip(plain.get(1..7).unwrap_or_default()) {
        *number = text.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| {
            invalid("after the projection come six numbers: reference sample and line, x, y, sizes")
        })?;
    }
    let [sample, row, x, y, width, height] = numbers;
    if width <= 0.0 || height <= 0.0 {
        return Err(invalid("the pixel sizes must be above 0"));
    }
    let rotation = match option(&options, "rotation") {
        Some(text) => text
            .parse()
            .ok()
            .filter(|degrees: &f64| degrees.is_finite())
            .ok_or_else(|| invalid("`rotation` is a number of degrees"))?,
        None => 0.0,
    };
    let (sin, cos) = rotation.to_radians().sin_cos();
    let (per_sample, per_line) = ([width * cos, width * sin], [height * sin, -height * cos]);
    let origin = [x, y];
    let origin =
        [0, 1].map(|i| origin[i] - (sample - 1.0) * per_sample[i] - (row - 1.0) * per_line[i]);
    Ok(Geometry::Map(MapGrid { crs, origin, per_sample, per_line }))
}

/// The plane; `Ok(Err)` when the text is sound and we have no such plane.
fn plane(plain: &[&str], options: &[&str]) -> Result<Result<Crs, String>, &'static str> {
    let Some(projection) = plain.first() else { return Err("write the projection first") };
    let units = option(options, "units").unwrap_or_default().to_lowercase();
    let geographic = projection.to_lowercase().starts_with("geographic");
    if !geographic && !projection.eq_ignore_ascii_case("utm") {
        return Ok(Err(format!("the projection `{}` is not read", shortened(projection))));
    }
    if plain.len() < if geographic { 7 } else { 9 } {
        return Err("too short: write all of projection, reference, place, sizes, zone, datum");
    }
    let datum = plain.get(if geographic { 7 } else { 9 }).copied().unwrap_or_default();
    if !is_wgs84(datum) {
        return Ok(Err(format!("the datum `{}` is not WGS-84", shortened(datum))));
    }
    if geographic {
        let degrees = matches!(units.as_str(), "" | "degrees" | "degree");
        return Ok(if degrees { Ok(Crs::Geographic) } else { Err(format!("`units={units}`")) });
    }
    if !matches!(units.as_str(), "" | "meters" | "metres" | "meter" | "metre" | "m") {
        return Ok(Err(format!("`units={}` are not metres", shortened(&units))));
    }
    let zone = plain[7].parse().ok().filter(|zone| (1..=60).contains(zone));
    let north = match plain[8].to_lowercase().as_str() {
        "north" | "n" => Some(true),
        "south" | "s" => Some(false),
        _ => None,
    };
    match (zone, north) {
        (Some(zone), Some(north)) => Ok(Ok(Crs::Utm { zone, north })),
        _ => Err("UTM needs a zone from 1 to 60 and North or South"),
    }
}

fn option<'t>(options: &[&'t str], key: &str) -> Option<&'t str> {
    options.iter().find_map(|entry| {
        let (name, value) = entry.split_once('=')?;
        name.trim().eq_ignore_ascii_case(key).then_some(value.trim())
    })
}

fn is_wgs84(datum: &str) -> bool {
    let letters: String = datum.chars().filter(char::is_ascii_alphanumeric).collect();
    matches!(letters.to_lowercase().as_str(), "wgs84" | "dwgs1984" | "wgs1984")
}

#[cfg(test)]
mod tests;
