//! Where the pixels are: per-pixel places and the producer's lookup table.

use cathartes_core::geometry::{Crs, Geometry, Glt, MapGrid, PixelGrid};

use crate::envi;

use super::{
    NetcdfError,
    variables::{self, Plane, Variables},
};

/// Where one product keeps the places.
#[derive(Debug, Clone, Copy)]
pub(super) enum Frame {
    /// Group `location`; the grid in root attributes.
    Emit,
    /// Root variables; the grid in attributes of `transverse_mercator`.
    Aviris3,
}

/// The geometry of `[lines, samples]` pixels. What is missing or does not fit is noted: a scene
/// without places is still a scene.
pub(super) fn geometry(
    file: &Variables,
    frame: Frame,
    extents: [usize; 2],
    notes: &mut Vec<String>,
) -> Result<Geometry, NetcdfError> {
    let (group, table, columns, rows) = match frame {
        Frame::Emit => ("/location", "/location", "glt_x", "glt_y"),
        Frame::Aviris3 => ("/", "/geolocation_lookup_table", "sample", "line"),
    };
    let grid = grid(file, frame);
    let glt = match (plane(file, table, columns)?, plane(file, table, rows)?, grid) {
        (Some(samples), Some(lines), Some(grid)) => lookup(&samples, &lines, grid, extents),
        _ => None,
    };
    let latitudes = plane(file, group, "lat")?.filter(|(shape, _)| *shape == extents);
    let longitudes = plane(file, group, "lon")?.filter(|(shape, _)| *shape == extents);
    match (latitudes, longitudes, grid) {
        (Some((_, latitudes)), Some((_, longitudes)), _) => {
            if glt.is_none() {
                notes.push("no usable lookup table: places come from the latitude and longitude of each pixel".into());
            }
            Ok(per_pixel(extents, latitudes, longitudes, glt.map(|(glt, _)| glt)))
        }
        _ if glt.is_some() => Ok(by_table(glt, extents, notes)),
        (_, _, Some(grid)) if on_grid(file, extents)? => Ok(Geometry::Map(grid)),
        _ => Ok(nowhere(notes)),
    }
}

fn nowhere(notes: &mut Vec<String>) -> Geometry {
    let note = "no latitude and longitude for its pixels: results stay in pixel coordinates";
    notes.push(note.into());
    Geometry::Unknown
}

/// The places of the pixels by the cells of the lookup table.
fn by_table(table: Option<Table>, extents: [usize; 2], notes: &mut Vec<String>) -> Geometry {
    match table.and_then(|(glt, lent)| envi::placed(glt, &lent, extents)) {
        Some(grid) => {
            notes.push("no latitude and longitude: places come from the lookup table".into());
            Geometry::PerPixel(Box::new(grid))
        }
        None => nowhere(notes),
    }
}

fn per_pixel(
    [lines, samples]: [usize; 2],
    latitudes: Vec<f64>,
    longitudes: Vec<f64>,
    glt: Option<Glt>,
) -> Geometry {
    let within = |limit: f64| move |value: f64| if value.abs() <= limit { value } else { f64::NAN };
    Geometry::PerPixel(Box::new(PixelGrid {
        lines,
        samples,
        latitudes_deg: latitudes.into_iter().map(within(90.0)).collect(),
        longitudes_deg: longitudes.into_iter().map(within(360.0)).collect(),
        glt,
    }))
}

fn plane(file: &Variables, group: &str, name: &str) -> Result<Option<Plane>, NetcdfError> {
    let groups = file.members("/")?.0;
    if group != "/" && !groups.iter().any(|member| member == group.trim_matches('/')) {
        return Ok(None);
    }
    file.plane(group, name)
}

/// A lookup table, and which of its cells borrow the pixel of a neighbour.
type Table = (Glt, Vec<bool>);

/// The lookup table, unless its parts differ in shape or point outside the image.
fn lookup(
    (shape, samples): &Plane,
    (other, lines): &Plane,
    grid: MapGrid,
    [line_count, sample_count]: [usize; 2],
) -> Option<Table> {
    if shape != other {
        return None;
    }
    let index = |entry: f64, count: usize| {
        let at = entry.abs();
        (at >= 1.0 && at <= count as f64).then(|| at as u32 - 1)
    };
    let cells = lines
        .iter()
        .zip(samples)
        .map(|(&line, &sample)| index(line, line_count).zip(index(sample, sample_count)));
    let glt = Glt { grid, rows: shape[0], columns: shape[1], cells: cells.collect() };
    let lent = lines.iter().zip(samples).map(|(line, sample)| *line < 0.0 || *sample < 0.0);
    Some((glt, lent.collect()))
}

/// Whether the cube is already a map: its lines and samples are the axes of the grid.
fn on_grid(file: &Variables, [lines, samples]: [usize; 2]) -> Result<bool, NetcdfError> {
    let length = |name: &str| Ok(file.find("/", name)?.map(|axis| axis.shape().to_vec()));
    Ok(length("northing")? == Some(vec![lines as u64])
        && length("easting")? == Some(vec![samples as u64]))
}

/// The map grid of the lookup table: origin, and steps in GDAL's order.
fn grid(file: &Variables, frame: Frame) -> Option<MapGrid> {
    let (steps, text) = match frame {
        Frame::Emit => (file.numbers("/", "geotransform")?, file.text("/", "spatial_ref")),
        Frame::Aviris3 => {
            let mapping = file.find("/", "transverse_mercator").ok()??;
            let text = |name| variables::text(&mapping, name);
            let steps = text("GeoTransform")?;
            let steps: Option<Vec<f64>> =
                steps.split_whitespace().map(|word| word.parse().ok()).collect();
            (steps?, Some(text("spatial_ref").or_else(|| text("crs_wkt"))?))
        }
    };
    let &[x0, xs, xl, y0, ys, yl] = &steps[..] else { return None };
    // EMIT's tables are geographic by definition of the product.
    let crs = match text {
        Some(text) => crs(&text)?,
        None => Crs::Geographic,
    };
    steps.iter().all(|step| step.is_finite()).then_some(MapGrid {
        crs,
        origin: [x0, y0],
        per_sample: [xs, ys],
        per_line: [xl, yl],
    })
}

/// The plane a well-known text names, when it is one of ours.
fn crs(text: &str) -> Option<Crs> {
    if !["WGS 84", "WGS_1984", "WGS84", "WGS_84"].iter().any(|name| text.contains(name)) {
        return None;
    }
    let Some((_, zone)) = text.split_once("UTM zone ").or_else(|| text.split_once("UTM_Zone_"))
    else {
        return text.trim_start().starts_with("GEOG").then_some(Crs::Geographic);
    };
    let digits = zone.bytes().take_while(u8::is_ascii_digit).count();
    let number = zone[..digits].parse().ok().filter(|zone| (1..=60).contains(zone))?;
    match zone[digits..].chars().next()? {
        'N' | 'n' => Some(Crs::Utm { zone: number, north: true }),
        'S' | 's' => Some(Crs::Utm { zone: number, north: false }),
        _ => None,
    }
}
