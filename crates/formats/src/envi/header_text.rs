//! An ENVI header as we write it.

use std::fmt::Write as _;

use cathartes_core::{
    cube::CubeInfo,
    geometry::{Crs, Geometry, MapGrid},
};

use super::layout::Layout;

pub(super) fn header_text(info: &CubeInfo, layout: Layout, no_data: f64) -> String {
    let mut text = format!(
        "ENVI\ndescription = {{radiance written by Cathartes}}\nsamples = {}\nlines = {}\n\
         bands = {}\nheader offset = 0\nfile type = ENVI Standard\ndata type = {}\n\
         interleave = {}\nbyte order = {}\ndata ignore value = {no_data}\n",
        info.samples,
        info.lines,
        info.bands.len(),
        layout.sample.code(),
        layout.interleave.word(),
        u8::from(layout.big_endian),
    );
    let mut field = |key: &str, value: &str| {
        let _ = writeln!(text, "{key} = {value}");
    };
    if let Some(name) = &info.instrument {
        let plain: String = name.chars().filter(|c| !c.is_control()).collect();
        field("sensor type", &plain);
    }
    if let Some(value) = map_info(&info.geometry) {
        field("map info", &value);
    }
    if let Some(time) = info.time {
        field("acquisition time", &time.to_string());
    }
    if let Some(zenith) = info.sun_zenith_deg {
        field("sun elevation", &(90.0 - zenith).to_string());
    }
    if let Some(unit) = &info.radiance_unit {
        let plain: String = unit.chars().filter(|c| !c.is_control()).collect();
        field("data units", &plain);
    }
    field("wavelength units", "Nanometers");
    field("wavelength", &list(info.bands.iter().map(|band| band.center.0)));
    field("fwhm", &list(info.bands.iter().map(|band| band.fwhm.0)));
    field("bbl", &list(info.good.iter().map(|good| u8::from(*good))));
    text
}

fn list(values: impl Iterator<Item = impl ToString>) -> String {
    let values: Vec<String> = values.map(|value| value.to_string()).collect();
    format!("{{{}}}", values.join(", "))
}

/// None for a place per pixel, and for grids that ENVI cannot say: sheared or mirrored ones.
fn map_info(geometry: &Geometry) -> Option<String> {
    let Geometry::Map(MapGrid { crs, origin: [x, y], per_sample, per_line }) = geometry else {
        return None;
    };
    let (width, height) = (per_sample[0].hypot(per_sample[1]), per_line[0].hypot(per_line[1]));
    let across = per_sample[0] * per_line[0] + per_sample[1] * per_line[1];
    let down = per_sample[1] * per_line[0] - per_sample[0] * per_line[1];
    let square = across.abs() <= 1e-9 * width * height && down > 0.0;
    if !square {
        return None;
    }
    let rotation = per_sample[1].atan2(per_sample[0]).to_degrees();
    let turned = if rotation == 0.0 { String::new() } else { format!(", rotation={rotation}") };
    let corner = format!("1, 1, {x}, {y}, {width}, {height}");
    Some(match crs {
        Crs::Geographic => {
            format!("{{Geographic Lat/Lon, {corner}, WGS-84, units=Degrees{turned}}}")
        }
        Crs::Utm { zone, north } => {
            let half = if *north { "North" } else { "South" };
            format!("{{UTM, {corner}, {zone}, {half}, WGS-84, units=Meters{turned}}}")
        }
    })
}
