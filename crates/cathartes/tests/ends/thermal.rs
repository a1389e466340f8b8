//! A thermal scene from recipe to named plumes.

use std::{fs, path::Path};

use serde_json::Value;

use super::{json, names, path, run};

const RECIPE: &str = r#"
seed = 3

[scene]
lines = 200
samples = 120

[instrument]
name = "hytes"
altitude_m = 1500

[view]
view_zenith_deg = 0

[ground]
relief_m = 0
urban = 0.0
water = 0.0

[wind]
speed_m_s = 3
from_deg = 250

[thermal]
ground_k = 306
air_k = 298
"#;

const PLUMES: &str = r#"
[[plume]]
kind = "puffs"
gas = "nh3"
line = 60
sample = 20
rate_kg_h = 20
length_m = 150

[[plume]]
kind = "puffs"
gas = "methanol"
line = 150
sample = 20
rate_kg_h = 150
length_m = 150
"#;

fn simulated(folder: &Path, plumes: &str) -> std::path::PathBuf {
    let (recipe, image) = (folder.join("recipe.toml"), folder.join("scene"));
    fs::write(&recipe, format!("{RECIPE}{plumes}")).unwrap();
    let made = run(&["simulate", path(&recipe), "--out", path(&image), "--quiet"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    image
}

fn searched(scene: &Path, out: &Path, more: &[&str]) {
    let words = ["detect", path(scene), "--out", path(out), "--quiet"];
    let output = run(&[&words, more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn features(out: &Path) -> Vec<Value> {
    json(&out.join("plumes.geojson"))["features"].as_array().unwrap().clone()
}

#[test]
fn plumes_of_a_thermal_scene_get_the_names_of_their_gases() {
    let root = tempfile::tempdir().unwrap();
    let (scene, out) = (simulated(root.path(), PLUMES), root.path().join("out"));

    let air = ["--air-temperature", "298,1"];
    searched(&scene, &out, &[&["--gas", "all", "--wind", "3,250,0.5"], &air[..]].concat());

    let plumes = features(&out);
    for (gas, line) in [("nh3", 60.0), ("methanol", 150.0)] {
        let plume = plumes.iter().map(|f| &f["properties"]).find(|p| p["gas"] == gas);
        let plume = plume.unwrap_or_else(|| panic!("no {gas} among {plumes:#?}"));
        assert!((plume["origin_line_px"].as_f64().unwrap() - line).abs() < 15.0, "{plume}");
        let first = &plume["gases"][0];
        assert_eq!((&first["gas"], &first["likelihood"]), (&gas.into(), &"almost certain".into()));
        let column = first["column_ppm_m"].as_f64().unwrap();
        assert!(column > first["column_sigma_ppm_m"].as_f64().unwrap(), "{plume}");
        assert!(plume["rate_by_mass_kg_per_h"].as_f64().unwrap() > 0.0);
        let best = plume["best_explanation"].as_array().unwrap().len();
        let correlation = plume["best_explanation_correlation"].as_array().unwrap();
        assert_eq!(correlation.len(), best * best, "{plume}");
        assert!((correlation[0].as_f64().unwrap() - 1.0).abs() < 1e-5, "{plume}");
        assert!(plume["of_interest_probability"].as_f64().unwrap() < 0.5);
        assert!(names(&out).contains(&format!("enhancement.{gas}.tif")));
        let spectrum = json(&out.join(plume["spectrum"].as_str().unwrap()));
        let (curve, seen) = (&spectrum["curves"][0], &spectrum["curves"][0]["gases"]);
        let fitted = seen.as_array().unwrap().iter().find(|fitted| fitted["gas"] == gas);
        let fitted = fitted.unwrap_or_else(|| panic!("no {gas} in {curve}"));
        let amplitude = fitted["column_times_contrast_ppm_m_k"].as_f64().unwrap();
        let sigma = fitted["column_times_contrast_sigma_ppm_m_k"].as_f64().unwrap();
        assert!(amplitude.abs() > 3.0 * sigma, "{fitted}");
        let told = first["column_times_contrast_ppm_m_k"].as_f64().unwrap();
        assert!((0.6..1.6).contains(&(amplitude / told)), "{fitted} {first}");
        let column = fitted["column_ppm_m"].as_f64().unwrap();
        assert!((0.6..1.6).contains(&(column / first["column_ppm_m"].as_f64().unwrap())));
    }
    let report = json(&out.join("report.json"));
    let notes = report["gases"][0]["notes"].to_string();
    assert!(notes.contains("air from the scene itself"), "{notes}");
    assert!(notes.contains("not tabulated or without a mark"), "{notes}");
}

#[test]
fn a_thermal_scene_without_gas_claims_none_but_the_doubted_gases_of_the_air() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");

    searched(&simulated(root.path(), ""), &out, &["--gas", "all"]);

    let plumes = features(&out);
    assert!(plumes.len() < 3, "{plumes:#?}");
    assert!(plumes.iter().all(|f| f["properties"]["look_alike_flagged"] == true), "{plumes:#?}");
    assert!(names(&out).contains(&"significance.any.tif".to_owned()));
}

#[test]
fn one_thread_and_two_leave_the_same_bytes_of_a_thermal_scene() {
    let root = tempfile::tempdir().unwrap();
    let scene = simulated(root.path(), PLUMES);
    let (one, two) = (root.path().join("one"), root.path().join("two"));

    searched(&scene, &one, &["--gas", "all", "--threads", "1"]);
    searched(&scene, &two, &["--gas", "all", "--threads", "2"]);

    assert!(features(&one).len() > 1);
    assert_eq!(names(&one), names(&two));
    for name in names(&one).iter().filter(|name| *name != "timings.json") {
        assert!(fs::read(one.join(name)).unwrap() == fs::read(two.join(name)).unwrap(), "{name}");
    }
}

#[test]
fn what_a_thermal_search_lacks_is_said_in_one_sentence() {
    let root = tempfile::tempdir().unwrap();
    let scene = simulated(root.path(), "");
    let said = |more: &[&str]| {
        let out = root.path().join("out");
        let words = ["detect", path(&scene), "--out", path(&out), "--quiet"];
        let output = run(&[&words, more].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(!out.exists());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };

    assert!(said(&["--gas", "toluene"]).contains("tabulated in less than half"));
    assert!(said(&["--gas", "nh3", "--air", path(&scene)]).contains("scene: "));
    assert!(said(&["--gas", "nh3", "--memory", "1M"]).contains("searched whole"));
    assert!(said(&["--gas", "nh3", "--profiles", "/nowhere"]).contains("/nowhere"));

    let header = scene.with_extension("hdr");
    let text = fs::read_to_string(&header).unwrap();
    let kept = text.lines().filter(|line| !line.starts_with("data units"));
    fs::write(&header, kept.collect::<Vec<_>>().join("\n")).unwrap();
    assert!(said(&["--gas", "nh3"]).contains("does not say its unit of radiance"));
}

const INNOCENTS: &str = r#"
[[plume]]
kind = "gaussian"
gas = "nh3"
line = 60
sample = 20
rate_kg_h = 40
length_m = 150

[[plume]]
kind = "gaussian"
gas = "propylene"
line = 150
sample = 20
rate_kg_h = 600
length_m = 150

[[plume]]
kind = "gaussian"
gas = "ethylene"
line = 150
sample = 20
rate_kg_h = 150
length_m = 150
"#;

#[test]
fn emitters_that_are_all_innocent_are_none_of_interest() {
    let root = tempfile::tempdir().unwrap();
    let (scene, out) = (simulated(root.path(), INNOCENTS), root.path().join("out"));

    searched(&scene, &out, &["--gas", "all"]);

    let plumes = features(&out);
    let kinds: Vec<&Value> = plumes.iter().map(|f| &f["properties"]["emitter_kinds"][0]).collect();
    assert!(kinds.iter().any(|kind| kind["name"]["es"] == "Refinería"), "{kinds:#?}");
    let interest = |f: &Value| f["properties"]["of_interest_probability"].as_f64().unwrap();
    assert!(plumes.iter().all(|f| interest(f) < 0.5), "{plumes:#?}");
}

#[test]
fn a_kind_of_emitter_is_searched_for_by_the_gases_of_its_profile() {
    let root = tempfile::tempdir().unwrap();
    let (scene, out) = (simulated(root.path(), PLUMES), root.path().join("out"));

    searched(&scene, &out, &["--gas", "dairy"]);

    let first = &features(&out)[0]["properties"];
    assert_eq!(first["gas"], "nh3");
    let sought = first["gases_this_instrument_did_not_look_for"].to_string();
    assert!(sought.contains("ethylene") && !sought.contains("methanol"), "{sought}");
}

#[test]
fn smallest_columns_are_told_for_imagers_of_heat_alone() {
    let limit = |more: &[&str]| {
        let output = run(&[&["limit", "--altitude", "1500", "--quiet"], more].concat());
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };

    let (code, said) =
        limit(&["--instrument", "mako", "--gas", "nh3", "--contrast", "-3", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let answer: Value = serde_json::from_str(&said).unwrap();
    let column = answer["gases"][0]["column_ppmm"].as_f64().unwrap();
    assert!((0.5..50.0).contains(&column), "{column}");
    let refused = |more: &[&str], why: &str| {
        let (code, said) = limit(more);
        assert!(code == Some(2) && said.contains(why), "{said}");
    };
    refused(&["--instrument", "emit", "--gas", "ch4", "--contrast", "3"], "sees no heat");
    refused(&["--instrument", "mako", "--gas", "so3", "--contrast", "3"], "leaves no mark");
    refused(&["--instrument", "mako", "--gas", "nh3", "--contrast", "0"], "other than 0 K");
    refused(&["--instrument", "mako", "--gas", "nh3"], "--wind");
}
