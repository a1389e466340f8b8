use std::process::Command;

use cathartes_core::{
    geometry::{Crs, MapGrid},
    plume::{LookAlike, PixelPlace},
    units::{Degrees, GramsPerMole, Kilograms, Metres, MetresPerSecond, PpmMetres, SquareMetres},
};
use geojson::{FeatureCollection, GeoJson, GeometryValue};

use super::*;

fn grid(longitude: f64) -> Geometry {
    Geometry::Map(MapGrid {
        crs: Crs::Geographic,
        origin: [longitude, 34.5],
        per_sample: [1e-4, 0.0],
        per_line: [0.0, -1e-4],
    })
}

fn methane() -> Gas {
    Gas {
        slug: "ch4".into(),
        name: "Methane".into(),
        formula: "CH4".into(),
        cas: "74-82-8".into(),
        molar_mass: GramsPerMole(16.04),
    }
}

fn square(from: f64, to: f64) -> Vec<PixelPlace> {
    let at = |line_px, sample_px| PixelPlace { line_px, sample_px };
    vec![at(from, from), at(from, to), at(to, to), at(to, from), at(from, from)]
}

fn plume() -> Plume {
    let rate = Estimate { value: KgPerHour(123.456_789), std: KgPerHour(31.0) };
    Plume {
        number: 1,
        gas: "ch4".into(),
        pixels: vec![(0, 0); 15],
        outline: vec![square(2.0, 6.0), square(3.0, 4.0)],
        origin: PixelPlace { line_px: 2.5, sample_px: 3.5 },
        false_alarm_probability: 1.25e-9,
        peak: Estimate { value: PpmMetres(2100.0), std: PpmMetres(130.0) },
        length: Some(Metres(60.0)),
        area: Some(SquareMetres(1500.0)),
        mass: Some(Estimate { value: Kilograms(9.0), std: Kilograms(1.0) }),
        rate_by_mass: Some(rate),
        rate_by_mass_range: Some(Interval90 { low: KgPerHour(80.0), high: KgPerHour(190.0) }),
        rate_by_sections: None,
        rate_by_sections_range: None,
        look_alike: Some(LookAlike {
            rival: "bright roof".into(),
            ln_evidence_ratio: 42.0,
            flagged: false,
        }),
        identification: None,
        emitter: None,
    }
}

fn collection(geometry: &Geometry) -> (String, FeatureCollection) {
    let wind = Wind {
        speed: Estimate { value: MetresPerSecond(3.0), std: MetresPerSecond(0.5) },
        from: Degrees(270.0),
    };
    let time = Some("2016-09-10T18:57:02Z".parse().unwrap());
    let scene = Scene { name: "ang2016", time, geometry, wind: Some(wind) };
    let (plume, gas) = (plume(), methane());
    let (picture, spectrum) = (Some("plume-1.png"), Some("plume-1.spectrum.json"));
    let text = text(&scene, &[Listed { plume: &plume, gas: &gas, picture, spectrum }]);
    let GeoJson::FeatureCollection(read) = text.parse().unwrap() else { panic!("{text}") };
    (text, read)
}

fn polygons(read: &FeatureCollection) -> Vec<Vec<Vec<[f64; 2]>>> {
    let pairs = |rings: &[Vec<geojson::Position>]| {
        rings.iter().map(|ring| ring.iter().map(|p| [p[0], p[1]]).collect()).collect()
    };
    match &read.features[0].geometry.as_ref().unwrap().value {
        GeometryValue::Polygon { coordinates } => vec![pairs(coordinates)],
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().map(|p| pairs(p)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn doubled_area(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum()
}

#[test]
fn outer_rings_turn_left_and_holes_right() {
    let (_, read) = collection(&grid(-118.6));
    let polygons = polygons(&read);

    assert_eq!((polygons.len(), polygons[0].len()), (1, 2));
    assert!(doubled_area(&polygons[0][0]) > 0.0);
    assert!(doubled_area(&polygons[0][1]) < 0.0);
    for ring in &polygons[0] {
        assert_eq!(ring.first(), ring.last());
    }
    let [west, south] =
        polygons[0][0].iter().fold([0.0_f64, 90.0], |[x, y], p| [x.min(p[0]), y.min(p[1])]);
    assert!((west + 118.599_8).abs() < 1e-9 && (south - 34.499_4).abs() < 1e-9, "{west} {south}");
}

#[test]
fn no_ring_crosses_the_antimeridian() {
    let (_, read) = collection(&grid(179.999_65));
    let polygons = polygons(&read);

    assert_eq!(polygons.len(), 2);
    let mut area = 0.0;
    for polygon in &polygons {
        let east = polygon[0][0][0] > 0.0;
        assert!(polygon.iter().flatten().all(|p| (p[0] > 0.0) == east && p[0].abs() <= 180.0));
        area += polygon.iter().map(|ring| doubled_area(ring)).sum::<f64>() / 2.0;
    }
    assert!((area - 15e-8).abs() < 1e-12, "{area}");
}

#[test]
fn a_scene_without_geometry_says_so() {
    let (text, read) = collection(&Geometry::Unknown);

    assert!(read.features[0].geometry.is_none());
    assert!(text.contains("\"geometry\":null"));
    assert!(text.contains("the scene has no geometry"));
    let outline = &read.features[0].properties.as_ref().unwrap()["outline_px"];
    assert_eq!(outline[0][1], serde_json::json!([2.0, 6.0]));
}

#[test]
fn every_quantity_has_its_unit_in_its_name() {
    let (text, read) = collection(&grid(-118.6));
    let names: Vec<&str> =
        read.features[0].properties.as_ref().unwrap().keys().map(String::as_str).collect();

    insta::assert_snapshot!(names.join("\n"), @r"
    scene
    plume
    gas
    gas_name
    gas_cas
    pixels
    origin_line_px
    origin_sample_px
    origin_latitude_deg
    origin_longitude_deg
    false_alarm_probability
    peak_ppm_m
    peak_sigma_ppm_m
    length_m
    area_m2
    mass_kg
    mass_sigma_kg
    rate_by_mass_kg_per_h
    rate_by_mass_sigma_kg_per_h
    rate_by_mass_low_90_percent_kg_per_h
    rate_by_mass_high_90_percent_kg_per_h
    look_alike
    look_alike_flagged
    look_alike_ln_evidence_ratio
    time_utc
    wind_speed_m_per_s
    wind_speed_sigma_m_per_s
    wind_from_deg
    picture
    spectrum
    ");
    assert!(text.contains("\"rate_by_mass_kg_per_h\":123.457"), "{text}");
    let units = ["_deg", "_px", "_m", "_m2", "_kg", "_kg_per_h", "_m_per_s", "_utc"];
    let numbers = ["plume", "pixels", "false_alarm_probability", "look_alike_ln_evidence_ratio"];
    for (name, value) in read.features[0].properties.as_ref().unwrap() {
        let named = units.iter().any(|unit| name.ends_with(unit));
        assert!(!value.is_number() || named || numbers.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn gdal_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plumes.geojson");
    std::fs::write(&path, collection(&grid(179.999_65)).0).unwrap();
    let query = "SELECT IsValid(GeomFromText(ST_AsText(geometry))) AS valid FROM ang2016";
    let arguments = ["-al", "-dialect", "SQLite", "-sql", query, path.to_str().unwrap()];
    let Ok(output) = Command::new("ogrinfo").args(arguments).output() else {
        println!("skipped: ogrinfo is not installed (apt-get install gdal-bin)");
        return;
    };

    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("Feature Count: 1"), "{text}");
    assert!(text.contains("valid (Integer) = 1"), "{text}");
}
