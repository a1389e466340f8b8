//! What programs of others make of releases: GDAL, the validator of OASIS, a TAK server and its clients, GEOTRANS.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "programs of others read files"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value as Json, json};

use super::*;
use crate::{coordinates::mgrs, words::either};

/// The Python that `cargo xtask test` makes for these tests.
fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/partners/bin/python");
    if python.is_file() {
        return Some(python);
    }
    println!("skipped: {} is not there (cargo xtask test makes it)", python.display());
    None
}

/// What a program says that must succeed.
fn said(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{arguments:?}: {out}{err}");
    out
}

fn script(name: &str) -> String {
    format!("{}/src/export/tests/{name}.py", env!("CARGO_MANIFEST_DIR"))
}

/// Everything there is to export, each in the language and under the name it says.
fn all() -> Vec<(String, Releasable<Content>)> {
    let corners = [at(-0.1, 179.9), at(-0.1, -179.9), at(0.1, -179.9), at(0.1, 179.9)];
    let contents = [
        ("site", site()),
        ("nowhere", with("title", words("no place"))),
        ("date-line", with("place", circle(-17.0, 179.99, 3000.0))),
        ("pole", with("place", circle(89.9, 10.0, 60_000.0))),
        ("cell", with("place", Value::Cell { corners })),
        ("point", with("place", place(0.0, 0.0))),
        ("odd", with("what.en", words("]]> \u{0} <!-- &#x; \u{fffe} \u{202e} 𐀀"))),
    ];
    let both = |(name, content): (&str, Content)| {
        [Language::En, Language::Es].map(|language| {
            let name = format!("{name}-{}", either(language, "en", "es"));
            (name, to(language, content.clone()))
        })
    };
    contents.into_iter().flat_map(both).collect()
}

fn written(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let file = folder.join(name);
    fs::write(&file, bytes).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn gdal_reads_the_same_ground_and_fields_from_geojson_and_kml() {
    if Command::new("ogr2ogr").arg("--version").output().is_err() {
        println!("skipped: ogr2ogr is not installed (apt-get install gdal-bin)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, release) in all() {
        let read = |format: Format| -> Vec<Json> {
            let file = format!("{name}.{}", format.extension());
            let file = written(folder.path(), &file, write(format, &release));
            let read = said(
                "ogr2ogr",
                &["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", &file],
            );
            let mut read: Json = serde_json::from_str(&read).unwrap();
            serde_json::from_value(read["features"].take()).unwrap()
        };
        let (of_geojson, of_kml) = (read(Format::GeoJson), read(Format::Kml));
        let groups = columns::groups(&release);
        assert_eq!(of_kml.len(), groups.len(), "{name}");
        let areas =
            |features: &[Json]| -> f64 { features.iter().map(|f| area(&f["geometry"])).sum() };
        let (here, there) = (areas(&of_geojson), areas(&of_kml));
        assert!((here - there).abs() <= 1e-9 * here.abs(), "{name}: {here} {there}");
        for (group, feature) in groups.iter().zip(&of_kml) {
            for column in columns::columns(&release, group) {
                let wanted = match &column.value {
                    Json::String(text) => cathartes_formats::xml::readable(text),
                    Json::Null => String::new(),
                    other => other.to_string(),
                };
                let held = match &feature["properties"][&column.name] {
                    Json::String(text) => text.clone(),
                    Json::Null => String::new(),
                    other => other.to_string(),
                };
                // `name` is the placemark's own, and KML has no types: GDAL tells moments and numbers by their looks.
                if column.name != "name" && column.value.is_string() {
                    assert_eq!(held.trim(), wanted.trim(), "{name}: {}", column.name);
                }
            }
        }
    }
}

/// Of all polygons in a geometry, in square degrees.
fn area(geometry: &Json) -> f64 {
    let ring = |ring: &Json| -> f64 {
        let corners: Vec<[f64; 2]> = ring
            .as_array()
            .unwrap()
            .iter()
            .map(|c| [0, 1].map(|i| c[i].as_f64().unwrap()))
            .collect();
        corners.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum::<f64>() / 2.0
    };
    let rings = |polygon: &Json| -> f64 { polygon.as_array().unwrap().iter().map(ring).sum() };
    match geometry["type"].as_str() {
        Some("Polygon") => rings(&geometry["coordinates"]),
        Some("MultiPolygon") => geometry["coordinates"].as_array().unwrap().iter().map(rings).sum(),
        Some("GeometryCollection") => {
            geometry["geometries"].as_array().unwrap().iter().map(area).sum()
        }
        _ => 0.0,
    }
}

#[test]
fn the_validator_of_oasis_finds_nothing_with_all_its_checks() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let later = "2026-10-09T10:00:00Z".parse().unwrap();
    let mut files = Vec::new();
    for (name, release) in all() {
        // No region is beyond doubt on the date line, the equator or next to the pole: see `regions`.
        if ["date-line", "pole", "cell", "point"].iter().all(|there| !name.starts_with(there)) {
            files.push(written(folder.path(), &format!("{name}.json"), stix(&release)));
            let recalled = stix_recalled(&release, later);
            files.push(written(folder.path(), &format!("{name}-recalled.json"), recalled));
        }
    }
    let flags =
        ["--strict", "--strict-types", "--strict-properties", "--interop", "--enforce-refs"];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let found = said(python.with_file_name("stix2_validator"), &[&flags[..], &files].concat());
    assert_eq!(found.matches("[+] STIX JSON: Valid").count(), files.len(), "{found}");
}

#[test]
fn the_validator_of_oasis_takes_places_everywhere_when_it_asks_for_no_region() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<String> = all()
        .iter()
        .map(|(name, release)| written(folder.path(), &format!("{name}.json"), stix(release)))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let found =
        said(python.with_file_name("stix2_validator"), &[&["--strict"], &files[..]].concat());
    assert_eq!(found.matches("[+] STIX JSON: Valid").count(), files.len(), "{found}");
}

#[test]
fn a_tak_server_hands_events_on_as_they_were_sent() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    // A server of TAK keeps nothing that is stale.
    let mut terms = terms(Language::Es);
    (terms.made, terms.expires) =
        ("2026-10-06T08:30:00Z".parse().unwrap(), "2099-11-05T08:30:00Z".parse().unwrap());
    let release = Releasable::of_test(site(), terms);
    let file = written(folder.path(), "events.cot", cot(&release));
    let server = folder.path().to_str().unwrap();
    let arrived: Json =
        serde_json::from_str(&said(python, &[&script("server"), &file, server, "2"])).unwrap();
    let whole = &arrived[0];
    assert_eq!(whole["uid"], "S-41QZ");
    assert_eq!(
        (&whole["lat"], &whole["lon"], &whole["ce"]),
        (&json!("30.123457"), &json!("-110.987654"), &json!("500.0"))
    );
    assert_eq!(whole["stale"], "2099-11-05T08:30:00.000Z");
    assert_eq!(whole["callsign"], "Galpón <norte> & «arroyo»");
    assert!(
        whole["remarks"].as_str().unwrap().contains("\nProbabilidad: muy probable (80 a 95 %)\n")
    );
    assert_eq!(
        (&arrived[1]["uid"], &arrived[1]["callsign"]),
        (&json!("S-41QZ.1"), &json!("Fuente 1"))
    );
}

#[test]
fn takproto_reads_from_messages_what_it_makes_of_the_xml() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let release = to(Language::Es, site());
    let mut arguments = vec![script("messages")];
    for (i, datagram) in tak_mesh(&release).iter().enumerate() {
        arguments.push(written(folder.path(), &format!("{i}.mesh"), datagram));
    }
    arguments.push(written(folder.path(), "stream", tak_stream(&release)));
    arguments.push(written(folder.path(), "xml", cot(&release)));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let read: [Json; 3] = serde_json::from_str(&said(python, &arguments)).unwrap();
    let [of_mesh, of_stream, of_xml] = read;
    assert_eq!(of_mesh.as_array().unwrap().len(), 2);
    assert_eq!(of_mesh, of_stream);
    assert_eq!(of_mesh, of_xml);
}

#[test]
fn squares_are_those_of_geotrans_all_over_the_earth() {
    use rand::{RngExt as _, SeedableRng as _};
    let Some(python) = python() else { return };
    let mut dice = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    let places: Vec<[f64; 2]> = (0..20_000)
        .map(|_| [dice.random_range(-90.0..=90.0), dice.random_range(-180.0..=180.0)])
        .map(|place: [f64; 2]| place.map(|degrees| (degrees * 1e6).round() / 1e6))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "places.json", json!(places).to_string());
    let ask = "import json, mgrs, sys; m = mgrs.MGRS()\n\
               print(json.dumps([m.toMGRS(*place) for place in json.load(open(sys.argv[1]))]))";
    let theirs: Vec<String> = serde_json::from_str(&said(python, &["-c", ask, &file])).unwrap();
    let ours = |[latitude, longitude]: &[f64; 2]| {
        mgrs(at(*latitude, *longitude)).unwrap().replace(' ', "")
    };
    let other = places.iter().zip(&theirs).filter(|(place, theirs)| ours(place) != **theirs);
    let other: Vec<_> = other.map(|(place, theirs)| (place, ours(place), theirs)).collect();
    // A millimetre is rounded before it is cut off: one in a thousand metres each way may end on the other side.
    println!("{} of {} differ", other.len(), places.len());
    assert!(other.len() <= 20, "{} others: {:?}", other.len(), &other[..other.len().min(9)]);
}
