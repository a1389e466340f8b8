//! The map grid in the GeoTIFF tags (OGC 19-008r4).

use cathartes_core::geometry::{Crs, Geometry, MapGrid};

use super::image::Facts;

/// Keys of the directory.
const MODEL: u16 = 1024;
const RASTER: u16 = 1025;
const GEOGRAPHIC: u16 = 2048;
const PROJECTED: u16 = 3072;

/// The map the image is, or unknown with a note that says why.
pub(super) fn geometry(facts: &Facts, notes: &mut Vec<String>) -> Geometry {
    match grid(facts) {
        Ok(grid) => Geometry::Map(grid),
        Err(why) => {
            notes.push(format!("{why}: results stay in pixel coordinates"));
            Geometry::Unknown
        }
    }
}

pub(super) fn grid(facts: &Facts) -> Result<MapGrid, String> {
    let crs = crs(facts)?;
    let (origin, per_sample, per_line) =
        affine(facts).ok_or("the file has no GeoTIFF transformation")?;
    let numbers = [origin, per_sample, per_line];
    if !numbers.as_flattened().iter().all(|number| number.is_finite()) {
        return Err("the GeoTIFF transformation is not finite".into());
    }
    // A raster of points has its origin in the middle of the first pixel.
    let half = if key(facts, RASTER) == Some(2) { 0.5 } else { 0.0 };
    let corner = [0, 1].map(|i| origin[i] - half * (per_sample[i] + per_line[i]));
    Ok(MapGrid { crs, origin: corner, per_sample, per_line })
}

type Affine = ([f64; 2], [f64; 2], [f64; 2]);

fn affine(facts: &Facts) -> Option<Affine> {
    if let &[a, b, _, d, e, f, _, h, ..] = &facts.transformation[..] {
        return Some(([d, h], [a, e], [b, f]));
    }
    let (&[xs, ys, ..], &[i, j, _, x, y, ..]) = (&facts.pixel_scale[..], &facts.tie_points[..])
    else {
        return None;
    };
    Some(([x - i * xs, y + j * ys], [xs, 0.0], [0.0, -ys]))
}

fn crs(facts: &Facts) -> Result<Crs, String> {
    let code = |id, what: &str| key(facts, id).ok_or_else(|| format!("the file names no {what}"));
    match key(facts, MODEL) {
        Some(1) => match code(PROJECTED, "projection")? {
            zone @ 32601..=32660 => Ok(Crs::Utm { zone: (zone - 32600) as u8, north: true }),
            zone @ 32701..=32760 => Ok(Crs::Utm { zone: (zone - 32700) as u8, north: false }),
            other => Err(format!("EPSG {other} is neither UTM on WGS 84 nor geographic WGS 84")),
        },
        Some(2) => match code(GEOGRAPHIC, "coordinate system")? {
            4326 => Ok(Crs::Geographic),
            other => Err(format!("EPSG {other} is neither UTM on WGS 84 nor geographic WGS 84")),
        },
        _ => Err("the file has no map projection or coordinate system".into()),
    }
}

/// A short value of the key directory: rows of key, tag (0 for a value in place), count, value.
fn key(facts: &Facts, id: u16) -> Option<u16> {
    let rows = facts.geo_keys.chunks_exact(4).skip(1);
    rows.filter(|row| row[0] == id && row[1] == 0).map(|row| row[3]).next()
}
