//! `report.json`: what was read, what was chosen and why, all that is needed to run it again and
//! get the same bytes. Times are in `timings.json`, because they are never the same twice.

use std::path::Path;

use cathartes_core::{
    cube::CubeInfo,
    geometry::Geometry,
    provenance::{Input, Provenance},
    raster::Raster,
};
use cathartes_formats::Auxiliary;
use cathartes_sensing::maps::{Chosen, MaskReason};
use serde::Serialize;

use super::{
    Invalid, Thermal,
    scene::{Found, Scene, Timings},
};

#[derive(Serialize)]
struct Report<'a> {
    scene: &'a str,
    provenance: Provenance,
    inputs_note: &'static str,
    instrument: Instrument<'a>,
    light: &'a str,
    gases: Vec<GasReport<'a>>,
}

#[derive(Serialize)]
struct Instrument<'a> {
    lines: usize,
    samples: usize,
    bands: usize,
    shortest_nm: f64,
    longest_nm: f64,
    fwhm_estimated: bool,
    radiance_unit: Option<&'a str>,
    geometry: String,
    time_utc: Option<String>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct GasReport<'a> {
    gas: &'a str,
    name: &'a str,
    cas: &'a str,
    cross_section_source: &'a str,
    cross_section_citation: &'a str,
    cross_section_temperature_k: f64,
    air_mass_factor: f64,
    /// Columns above are underestimated because the tabulation is too coarse to saturate.
    coarse_above_ppm_m: Option<f64>,
    chosen: &'a Chosen,
    notes: &'a [String],
    masks: Vec<MaskReport<'a>>,
    background_sigma_median_ppm_m: Option<f64>,
    plumes: usize,
    plumes_flagged_as_look_alikes: usize,
}

#[derive(Serialize)]
struct MaskReport<'a> {
    reason: MaskReason,
    criterion: &'a str,
    columns: &'a [u32],
    pixels: usize,
}

pub(crate) fn write(
    folder: &Path,
    scene: &Scene<'_>,
    found: &[Found],
    inputs: Vec<Input>,
) -> anyhow::Result<()> {
    let info = scene.source.info();
    let report = Report {
        scene: scene.task.name,
        provenance: Provenance {
            inputs,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: scene.task.options.seed,
            parameters: parameters(scene),
        },
        inputs_note: "sha256 is of every byte of the file, as sha256sum prints it",
        instrument: instrument(info),
        light: &scene.light.said,
        gases: found.iter().map(gas_report).collect(),
    };
    write_json(&folder.join("report.json"), &report)
}

pub(crate) fn write_timings(folder: &Path, timings: &Timings) -> anyhow::Result<()> {
    let seconds: serde_json::Map<String, serde_json::Value> = timings
        .0
        .iter()
        .map(|(step, seconds)| (format!("{step}, s"), (seconds * 1e4).round() / 1e4))
        .map(|(step, seconds)| (step, seconds.into()))
        .collect();
    write_json(&folder.join("timings.json"), &seconds)
}

fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(std::fs::write(path, text)?)
}

fn instrument(info: &CubeInfo) -> Instrument<'_> {
    let centers = || info.bands.iter().map(|band| band.center.0);
    Instrument {
        lines: info.lines,
        samples: info.samples,
        bands: info.bands.len(),
        shortest_nm: centers().fold(f64::INFINITY, f64::min),
        longest_nm: centers().fold(f64::NEG_INFINITY, f64::max),
        fwhm_estimated: info.fwhm_estimated,
        radiance_unit: info.radiance_unit.as_deref(),
        geometry: geometry(&info.geometry),
        time_utc: info.time.map(|time| time.to_string()),
        notes: &info.notes,
    }
}

fn geometry(geometry: &Geometry) -> String {
    match geometry {
        Geometry::Unknown => "none: results are in pixel coordinates".to_owned(),
        Geometry::Map(grid) => format!("map grid, EPSG:{}", grid.crs.epsg()),
        Geometry::PerPixel(grid) => {
            let table =
                if grid.glt.is_some() { "the producer's lookup table" } else { "nearest pixel" };
            format!("latitude and longitude of every pixel; map made through {table}")
        }
    }
}

fn gas_report(found: &Found) -> GasReport<'_> {
    let gas = &found.gas;
    let flagged = |plume: &&cathartes_core::plume::Plume| {
        plume.look_alike.as_ref().is_some_and(|rival| rival.flagged)
    };
    GasReport {
        gas: &gas.gas.slug,
        name: &gas.gas.name,
        cas: &gas.gas.cas,
        cross_section_source: &gas.source,
        cross_section_citation: &gas.citation,
        cross_section_temperature_k: gas.temperature.0,
        air_mass_factor: found.signature.air_mass_factor,
        coarse_above_ppm_m: found.signature.coarse_above.map(|column| column.0),
        chosen: &found.maps.chosen,
        notes: &found.notes,
        masks: found
            .maps
            .masks
            .iter()
            .map(|m| MaskReport {
                reason: m.reason,
                criterion: &m.criterion,
                columns: &m.columns,
                pixels: m.pixels,
            })
            .collect(),
        background_sigma_median_ppm_m: median(&found.maps.sigma_ppmm),
        plumes: found.plumes.len(),
        plumes_flagged_as_look_alikes: found.plumes.iter().filter(flagged).count(),
    }
}

fn median(raster: &Raster) -> Option<f64> {
    let mut values: Vec<f32> = raster.values.iter().copied().filter(|v| v.is_finite()).collect();
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let (_, median, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    Some(f64::from(*median))
}

/// The options in the form they were understood, in the words of the command line.
fn parameters(scene: &Scene<'_>) -> Vec<(String, String)> {
    let options = scene.task.options;
    let Auxiliary { igm, glt, wavelengths } = &options.auxiliary;
    let (igm, glt, wavelengths) = (igm.as_ref(), glt.as_ref(), wavelengths.as_ref());
    let gases = scene.task.gases.iter().map(|gas| gas.gas.slug.clone());
    let mut all: Vec<(&str, String)> = gases.map(|slug| ("--gas", slug)).collect();
    all.push(("--filter", options.filter.to_string()));
    all.push(("--false-alarms", options.false_alarms.to_string()));
    all.push(("--seed", options.seed.to_string()));
    all.push(("--memory", options.memory_bytes.to_string()));
    if let Some(window) = &options.window_nm {
        all.push(("--window", format!("{}:{}", window.start(), window.end())));
    }
    if let Some(wind) = &scene.wind {
        let (speed, from) = (wind.speed, wind.from.0);
        all.push(("--wind", format!("{},{from},{}", speed.value.0, speed.std.0)));
    }
    if let Some(zenith) = options.sun_zenith_deg {
        all.push(("--sun-zenith", zenith.to_string()));
    }
    if let Some(height) = options.height {
        all.push(("--height", height.0.to_string()));
    }
    if options.invalid == Invalid::Mask {
        // A word without a value.
        all.push(("--mask-invalid", String::new()));
    }
    let Thermal { air, sky, air_temperature, profiles } = options.thermal.clone();
    if let Some(told) = air_temperature {
        all.push(("--air-temperature", format!("{},{}", told.value.0, told.std.0)));
    }
    let files = [
        ("--igm", igm),
        ("--glt", glt),
        ("--wavelengths", wavelengths),
        ("--air", air.as_ref()),
        ("--sky", sky.as_ref()),
        ("--profiles", profiles.as_ref()),
    ];
    for (name, path) in files {
        if let Some(name_only) = path.and_then(|path| path.file_name()) {
            all.push((name, name_only.to_string_lossy().into_owned()));
        }
    }
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
