use cathartes_core::{
    geometry::{Crs, Geometry, MapGrid},
    provenance::{Digest, Provenance},
};
use cathartes_store::Kind;
use serde_json::{Map, json};

use super::*;

fn info() -> CubeInfo {
    let grid = MapGrid {
        crs: Crs::Utm { zone: 32, north: true },
        origin: [500_000.0, 5_100_000.0],
        per_sample: [5.0, 0.0],
        per_line: [0.0, -5.0],
    };
    CubeInfo {
        lines: 200,
        samples: 100,
        bands: Vec::new(),
        good: Vec::new(),
        fwhm_estimated: false,
        instrument: None,
        radiance_unit: None,
        geometry: Geometry::Map(grid),
        time: None,
        sun_zenith_deg: None,
        view_zenith_deg: None,
        notes: Vec::new(),
    }
}

fn work(files: &[(&str, &str)]) -> Work {
    let file = |(name, sha256): &(&str, &str)| SceneFile {
        name: (*name).to_owned(),
        sha256: Digest((*sha256).to_owned()),
    };
    Work::Locate {
        files: files.iter().map(file).collect(),
        readings: String::new(),
        wind: String::new(),
        site: None,
        seed: 1,
    }
}

fn plume(properties: Value) -> NewFinding {
    let Value::Object(properties) = properties else { panic!() };
    NewFinding {
        kind: Kind::Plume,
        gas: Some("ch4".to_owned()),
        place: Some(LatLon { latitude: Degrees(46.05), longitude: Degrees(9.0) }),
        begins: None,
        ends: None,
        geometry: None,
        properties,
        provenance: Provenance {
            inputs: Vec::new(),
            version: String::new(),
            seed: 1,
            parameters: Vec::new(),
        },
        scene: None,
        supersedes: None,
    }
}

fn ring() -> Vec<LatLon> {
    let corner = |(latitude, longitude)| LatLon {
        latitude: Degrees(latitude),
        longitude: Degrees(longitude),
    };
    [(46.0, 9.0), (46.1, 9.0), (46.1, 9.1)].map(corner).to_vec()
}

fn time() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

#[test]
fn a_search_says_what_was_seen_and_that_it_looked() {
    let (info, work, ring) = (info(), work(&[("a.img", "aa"), ("a.hdr", "bb")]), ring());
    let gases = ["ch4", "nh3"];
    let scene =
        SearchedScene { work: &work, info: &info, time: Some(time()), ring: &ring, gases: &gases };
    let plumes = [
        plume(json!({ "look_alike_flagged": true })),
        plume(json!({ "look_alike_flagged": false })),
    ];
    let said = by_search(&scene, &plumes, &[]);

    let of: Vec<Option<usize>> = said.iter().map(|said| said.0).collect();
    assert_eq!(of, [None, None, Some(1)], "a look-alike is nobody's witness");
    assert!(matches!(said[1].1.what(), What::Searched { gas, .. } if gas == "nh3"));
    let What::GasSeen { gas, sight, profile_ln_ratio } = said[2].1.what() else { panic!() };
    assert_eq!((gas.as_str(), *profile_ln_ratio), ("ch4", None));
    // Half a square kilometre, a tenth of a false plume in it.
    assert!((sight.false_alarms_per_km2 - 0.2).abs() < 0.001, "{sight:?}");
    let Whereabouts::Point { ellipse, .. } = said[2].1.place() else { panic!() };
    assert!((ellipse.semi_major.0 - 14.58).abs() < 0.05, "{ellipse:?}");
    let origins: Vec<&OriginChain> = said.iter().map(|said| said.1.origin()).collect();
    assert!(origins.iter().all(|origin| *origin == origins[0]), "one look at the world");
}

#[test]
fn the_same_files_under_other_names_are_the_same_look() {
    let collection =
        |files: &[(&str, &str)]| origin("imager", work(files).files()).collection.unwrap();
    let once = collection(&[("a.img", "aa"), ("a.hdr", "bb")]);
    assert_eq!(collection(&[("b.hdr", "bb"), ("b.img", "aa")]), once);
    assert_ne!(collection(&[("a.img", "ac"), ("a.hdr", "bb")]), once);
}

#[test]
fn a_scene_without_place_or_time_says_nothing() {
    let (info, work, ring) = (info(), work(&[]), ring());
    let scene =
        SearchedScene { work: &work, info: &info, time: None, ring: &ring, gases: &["ch4"] };
    assert_eq!(by_search(&scene, &[plume(Value::Object(Map::new()))], &[]), []);
    let lost = CubeInfo { geometry: Geometry::Unknown, ..info.clone() };
    let scene = SearchedScene { info: &lost, time: Some(time()), ..scene };
    assert_eq!(by_search(&scene, &[plume(Value::Object(Map::new()))], &[]), []);
}

#[test]
fn gases_that_fit_as_well_as_before_say_nothing_of_the_kind() {
    let kinds = crate::profiles::kinds(None).unwrap();
    let weight = |standing| -> f64 {
        kinds.iter().filter(|kind| kind.standing == standing).map(|kind| kind.prior_weight).sum()
    };
    let (looked_for, innocent) = (weight(Standing::OfInterest), weight(Standing::Innocent));
    let ratio = |probability: f64| {
        profile_ln_ratio(&plume(json!({ "of_interest_probability": probability })), &kinds).unwrap()
    };
    let before = looked_for / (looked_for + innocent);
    assert!(ratio(before).abs() < 1e-9);
    let thrice = 3.0 * looked_for / (3.0 * looked_for + innocent);
    assert!((ratio(thrice) - 3.0_f64.ln()).abs() < 1e-9);
    assert!(ratio(1.0).is_finite() && ratio(0.0).is_finite());
}
