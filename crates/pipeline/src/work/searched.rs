//! A search: its plumes become findings, which are recorded with its scene, its files and what they say of sites.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use cathartes_core::{
    geometry::LatLon,
    provenance::Provenance,
    units::{Degrees, Metres},
};
use cathartes_formats::{Auxiliary, open};
use cathartes_store::{Asset, Kind, NewFinding, NewScene, Results, Store, Work};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Found, footprint,
    said::{self, SearchedScene},
};
use crate::{
    detect::{self, Filter, Invalid, Job, Options, Thermal},
    gas, profiles,
    wind::WindSource,
};

/// Memory of one search.
const MEMORY_BYTES: u64 = 4 << 30;
/// False plumes accepted in a scene, on average, as at the command line.
pub(super) const FALSE_ALARMS: f64 = 0.1;
/// Seconds are never the same twice, and the same job gives the same files.
const NOT_KEPT: &str = "timings.json";

pub(super) fn search(work: &Work, folder: &Path) -> anyhow::Result<Found> {
    let Work::Detect { image, gases, wind, time, seed, .. } = work else {
        bail!("this is no search");
    };
    let image = folder.join("in").join(image);
    let out = folder.join("out");
    let options =
        Options { wind: wind.as_deref().map(WindSource::read).transpose()?, ..usual(*seed) };
    let job = Job { scenes: vec![image.clone()], gases: gases.clone(), out: out.clone(), options };
    let result = detect::run(&job, &|_| {})?.pop().context("no scene was searched")??;
    let source = open(&image, &Auxiliary::default())?;
    let info = source.info();
    let provenance = provenance(&out)?;
    let time = info.time.or(*time);
    let findings = plumes(&out, time, &provenance)?;
    let searched: Vec<&str> =
        result.found.iter().map(|found| found.gas.gas.slug.as_str()).collect();
    let properties = json!({
        "gases": searched,
        "plumes": findings.len(),
        "lines": info.lines,
        "samples": info.samples,
        "band_count": info.bands.len(),
        "instrument": info.instrument,
    });
    let footprint = footprint::of(&info.geometry, info.lines, info.samples);
    let scene = SearchedScene { work, info, time, ring: &footprint, gases: &searched };
    let observations = said::by_search(&scene, &findings, &profiles::kinds(None)?);
    let note = match findings.len() {
        0 => "no plume".to_owned(),
        1 => "1 plume".to_owned(),
        n => format!("{n} plumes"),
    };
    let scene = NewScene {
        name: result.name,
        time,
        footprint,
        properties: object(properties),
        provenance,
        assets: Vec::new(),
    };
    let results =
        Results { scene: Some(scene), findings, observations, note, ..Results::default() };
    Ok(Found { results, files: files(&out)? })
}

fn usual(seed: u64) -> Options {
    Options {
        filter: Filter::Auto,
        window_nm: None,
        wind: None,
        false_alarms: FALSE_ALARMS,
        seed,
        auxiliary: Auxiliary::default(),
        sun_zenith_deg: None,
        height: None::<Metres>,
        invalid: Invalid::Mask,
        memory_bytes: MEMORY_BYTES,
        force: false,
        gas_folder: gas::default_folder(),
        thermal: Thermal::default(),
    }
}

/// Keeps the files of a job and names them in its scene.
pub(super) async fn kept(store: &Store, found: Found) -> anyhow::Result<Results> {
    let mut results = found.results;
    let Some(scene) = &mut results.scene else { return Ok(results) };
    for file in &found.files {
        let blob = store.blobs().put_file(file).await?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (media_type, role) = kind_of(&name);
        scene.assets.push(Asset {
            name,
            sha256: blob.sha256,
            size_bytes: blob.size_bytes,
            media_type: media_type.to_owned(),
            role: role.to_owned(),
        });
    }
    Ok(results)
}

/// What a file is, by the ending that we gave it ourselves.
fn kind_of(name: &str) -> (&'static str, &'static str) {
    if name.ends_with(".spectrum.json") {
        return ("application/json", "data");
    }
    match name.rsplit('.').next() {
        Some("tif") => ("image/tiff; application=geotiff; profile=cloud-optimized", "data"),
        Some("png") if name.starts_with("quicklook") => ("image/png", "overview"),
        Some("png") => ("image/png", "visual"),
        Some("geojson") => ("application/geo+json", "data"),
        Some("json") => ("application/json", "metadata"),
        _ => ("application/octet-stream", "data"),
    }
}

/// Files of a folder, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files: Vec<PathBuf> = entries.collect::<std::io::Result<_>>()?;
    files.retain(|file| file.is_file() && file.file_name().is_some_and(|name| name != NOT_KEPT));
    files.sort();
    Ok(files)
}

/// Inputs, version, seed and parameters, as the report of a job states them.
pub(super) fn provenance(folder: &Path) -> anyhow::Result<Provenance> {
    let report = json_of(&folder.join("report.json"))?;
    Ok(serde_json::from_value(report["provenance"].clone())?)
}

pub(super) fn json_of(file: &Path) -> anyhow::Result<Value> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| file.display().to_string())
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn plumes(
    folder: &Path,
    time: Option<Timestamp>,
    provenance: &Provenance,
) -> anyhow::Result<Vec<NewFinding>> {
    let listed = json_of(&folder.join("plumes.geojson"))?;
    let features = listed["features"].as_array().context("plumes.geojson lists no features")?;
    let plume = |feature: &Value| {
        let properties = &feature["properties"];
        let number = |name: &str| properties[name].as_f64();
        let place = number("origin_latitude_deg").zip(number("origin_longitude_deg"));
        let place = place.map(|(latitude, longitude)| LatLon {
            latitude: Degrees(latitude),
            longitude: Degrees(longitude),
        });
        NewFinding {
            kind: Kind::Plume,
            gas: properties["gas"].as_str().map(str::to_owned),
            place,
            begins: time,
            ends: time,
            geometry: (!feature["geometry"].is_null()).then(|| feature["geometry"].clone()),
            properties: object(properties.clone()),
            provenance: provenance.clone(),
            scene: None,
            supersedes: None,
        }
    };
    Ok(features.iter().map(plume).collect())
}
