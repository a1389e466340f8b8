//! `cathartes detect` from file to files, through the executable.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use serde_json::Value;

const RECIPE: &str = r#"
seed = 11

[scene]
lines = 160
samples = 120

[instrument]
name = "aviris-ng"
altitude_m = 3000

[wind]
speed_m_s = 3.0
from_deg = 250

[[plume]]
kind = "gaussian"
gas = "ch4"
line = 80
sample = 30
rate_kg_h = 900
"#;

/// A simulated scene, made once for every run of this executable: tests are processes of their own,
/// so the first to come makes it while the others wait.
fn scene() -> &'static Path {
    static SCENE: OnceLock<PathBuf> = OnceLock::new();
    SCENE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("detect");
        fs::create_dir_all(&folder).unwrap();
        let (recipe, image) = (folder.join("recipe.toml"), folder.join("scene.bil"));
        let lock = fs::File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let made_by = folder.join("made-by");
        let executable = fs::metadata(env!("CARGO_BIN_EXE_cathartes")).unwrap();
        let now = format!("{:?} {RECIPE}", executable.modified().unwrap());
        if fs::read_to_string(&made_by).is_ok_and(|then| then == now) {
            return image;
        }
        for stale in ["scene.bil", "scene.hdr", "scene.bil.hdr"] {
            let _ = fs::remove_file(folder.join(stale));
        }
        fs::write(&recipe, RECIPE).unwrap();
        let words = ["simulate", path(&recipe), "--out", path(&image), "--quiet"];
        assert!(run(&words.map(str::to_owned)).status.success());
        fs::write(made_by, now).unwrap();
        image
    })
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(words: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cathartes")).args(words).output().unwrap()
}

fn detect(scenes: &[&Path], out: &Path, more: &[&str]) -> Output {
    let mut words = vec!["detect".to_owned()];
    words.extend(scenes.iter().map(|scene| path(scene).to_owned()));
    words.extend(["--gas", "ch4", "--out", path(out)].map(str::to_owned));
    words.extend(more.iter().map(|word| (*word).to_owned()));
    run(&words)
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Output of a GDAL program, or a printed sentence when it is not installed.
fn gdal(program: &str, words: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(words).output() else {
        println!("skipped: {program} is not installed (apt-get install gdal-bin)");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn json(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

const WIND: [&str; 2] = ["--wind", "3.0,250,0.5"];

#[test]
fn a_plume_of_known_rate_is_found_where_it_is() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");

    let output = detect(&[scene()], &out, &WIND);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in [
        "enhancement.ch4.tif",
        "plume-1.png",
        "plume-1.spectrum.json",
        "plumes.geojson",
        "quicklook.png",
        "report.json",
        "significance.ch4.tif",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let first = &json(&out.join("plumes.geojson"))["features"][0];
    let properties = &first["properties"];
    let near = |name: &str, value: f64, by: f64| {
        let seen = properties[name].as_f64().unwrap();
        assert!((seen - value).abs() <= by, "{name} {seen}");
    };
    near("origin_line_px", 80.0, 6.0);
    near("origin_sample_px", 30.0, 6.0);
    near("rate_by_mass_kg_per_h", 900.0, 450.0);
    assert!(properties["rate_by_mass_low_90_percent_kg_per_h"].as_f64().unwrap() < 900.0);
    assert!(properties["rate_by_mass_high_90_percent_kg_per_h"].as_f64().unwrap() > 900.0);
    assert_eq!(first["geometry"]["type"], "Polygon");
    assert_eq!(properties["look_alike_flagged"], false);
}

/// Files of a folder with an ending.
fn ending(folder: &Path, end: &str) -> Vec<String> {
    names(folder).into_iter().filter(|name| name.ends_with(end)).collect()
}

#[test]
fn every_plume_names_its_picture_and_its_spectrum_against_the_gas() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    assert!(detect(&[scene()], &out, &["--quiet"]).status.success());

    let listed = json(&out.join("plumes.geojson"));
    let plumes = listed["features"].as_array().unwrap();
    let named = |key: &str| -> Vec<String> {
        let names = plumes.iter().filter_map(|plume| plume["properties"][key].as_str());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    };
    assert_eq!(named("spectrum"), ending(&out, ".spectrum.json"));
    let pictures = ending(&out, ".png");
    assert_eq!(named("picture"), pictures[..pictures.len() - 1], "all but the quicklook");

    let spectrum = json(&out.join("plume-1.spectrum.json"));
    assert_eq!((&spectrum["version"], &spectrum["gas"]), (&1.into(), &"ch4".into()));
    let bands = spectrum["wavelength_nm"].as_array().unwrap();
    assert!(bands.iter().all(|nm| (2122.0..=2488.0).contains(&nm.as_f64().unwrap())));
    let curves = spectrum["curves"].as_array().unwrap();
    assert_eq!((curves.len(), &curves[0]["of"]), (10, &"plume".into()));
    assert!(curves[1..].iter().all(|curve| curve["of"] == "pixel" && curve["pixels"] == 1));
    for curve in curves {
        for array in ["measured", "noise", "ground", "fitted", "residual"] {
            let values = curve[array].as_array().unwrap();
            assert_eq!(values.len(), bands.len());
            assert!(values.iter().all(Value::is_number));
        }
        let gas = &curve["gases"][0];
        let (column, sigma) =
            (gas["column_ppm_m"].as_f64().unwrap(), gas["sigma_ppm_m"].as_f64().unwrap());
        assert!(gas["gas"] == "ch4" && column > 3.0 * sigma, "{gas}");
        assert!((0.3..4.0).contains(&curve["chi2_per_band"].as_f64().unwrap()), "{curve}");
    }
}

#[test]
fn a_line_without_plumes_has_no_spectrum() {
    let root = tempfile::tempdir().unwrap();
    let (toml, image) = (root.path().join("empty.toml"), root.path().join("empty.bil"));
    fs::write(&toml, RECIPE.split("[[plume]]").next().unwrap()).unwrap();
    let words = ["simulate", path(&toml), "--out", path(&image), "--quiet"];
    assert!(run(&words.map(str::to_owned)).status.success());
    let out = root.path().join("out");

    let fewer = ["--quiet", "--false-alarms", "0.001"];
    assert!(detect(&[&image], &out, &fewer).status.success());

    assert_eq!(json(&out.join("plumes.geojson"))["features"], Value::Array(Vec::new()));
    assert_eq!(ending(&out, ".spectrum.json"), Vec::<String>::new());
}

#[test]
fn the_report_is_enough_to_run_it_again() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    assert!(detect(&[scene()], &out, &["--seed", "5"]).status.success());

    let report = json(&out.join("report.json"));

    let inputs = report["provenance"]["inputs"].as_array().unwrap();
    let held: Vec<&str> = inputs.iter().map(|input| input["name"].as_str().unwrap()).collect();
    assert_eq!(held, ["scene.bil", "scene.hdr"]);
    let sum = Command::new("sha256sum").arg(scene()).output().unwrap().stdout;
    assert!(sum.starts_with(inputs[0]["sha256"].as_str().unwrap().as_bytes()));
    assert_eq!(report["provenance"]["seed"], 5);
    let parameters = report["provenance"]["parameters"].as_array().unwrap();
    let words: Vec<&str> = parameters
        .iter()
        .flat_map(|p| p.as_array().unwrap())
        .map(|w| w.as_str().unwrap())
        .collect();
    let again = root.path().join("again");
    let mut call = vec!["detect", path(scene()), "--out", path(&again)];
    call.extend(&words);
    let call: Vec<String> = call.into_iter().map(str::to_owned).collect();
    assert!(run(&call).status.success());
    assert_eq!(bytes(&out), bytes(&again));
}

/// Every file but the timings.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder)
        .into_iter()
        .filter(|name| name != "timings.json")
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

#[test]
fn one_thread_or_two_give_the_same_bytes() {
    let root = tempfile::tempdir().unwrap();
    let outs = ["1", "2"].map(|threads| {
        let out = root.path().join(threads);
        let more = [&WIND[..], &["--threads", threads, "--quiet"]].concat();
        assert!(detect(&[scene()], &out, &more).status.success());
        bytes(&out)
    });

    for (one, two) in outs[0].iter().zip(&outs[1]) {
        assert!(one == two, "{}", one.0);
    }
    assert_eq!(outs[0].len(), outs[1].len());
}

#[test]
fn gdal_opens_what_is_written() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    assert!(detect(&[scene()], &out, &["--quiet"]).status.success());

    let Some(text) = gdal("gdalinfo", &["-json", path(&out.join("enhancement.ch4.tif"))]) else {
        return;
    };
    let info: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"], "COG");
    assert_eq!(info["bands"][0]["unit"], "ppm-m");
    let Some(text) = gdal("ogrinfo", &["-al", "-so", path(&out.join("plumes.geojson"))]) else {
        return;
    };
    assert!(text.contains("rate") || text.contains("mass_kg"), "{text}");
    assert!(text.contains("WGS 84"), "{text}");
}

/// The scene again under another name, its header and its bytes changed.
fn changed(
    root: &Path,
    name: &str,
    header: impl Fn(String) -> String,
    image: impl Fn(&mut Vec<u8>),
) -> PathBuf {
    let copy = root.join(name).with_extension("bil");
    let text = fs::read_to_string(scene().with_extension("hdr")).unwrap();
    fs::write(copy.with_extension("hdr"), header(text)).unwrap();
    let mut bytes = fs::read(scene()).unwrap();
    image(&mut bytes);
    fs::write(&copy, bytes).unwrap();
    copy
}

fn without(key: &str) -> impl Fn(String) -> String {
    move |text| {
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(key)).collect();
        kept.join("\n") + "\n"
    }
}

/// The refusal of a scene, which must leave nothing.
fn refusal(scene: &Path, more: &[&str]) -> String {
    let root = tempfile::tempdir().unwrap();
    let output = detect(&[scene], &root.path().join("out"), more);
    assert_eq!(output.status.code(), Some(2));
    assert!(names(root.path()).is_empty(), "{:?}", names(root.path()));
    let text = String::from_utf8(output.stderr).unwrap();
    text.lines().filter(|line| line.starts_with("error: ")).collect::<Vec<_>>().join("\n")
}

/// Where a value of the image lies: BIL, 120 samples, 425 bands of float32.
fn at(line: usize, sample: usize, band: usize) -> std::ops::Range<usize> {
    let first = 4 * ((line * 425 + band) * 120 + sample);
    first..first + 4
}

#[test]
fn bad_input_is_one_sentence_and_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let same = |text: String| text;

    let short = changed(root.path(), "short", same, |bytes| bytes.truncate(1_000_000));
    let sentence = refusal(&short, &[]);
    assert!(sentence.contains("short.bil") && sentence.contains("1000000"), "{sentence}");

    let torn = changed(root.path(), "torn", same, |bytes| {
        bytes[at(41, 17, 360)].copy_from_slice(&f32::NAN.to_le_bytes());
    });
    let sentence = refusal(&torn, &[]);
    assert!(sentence.contains("torn.bil: line 41, sample 17, band 360"), "{sentence}");
    assert_eq!(sentence.lines().count(), 1);

    let dead = changed(root.path(), "dead", same, |bytes| {
        for line in 0..160 {
            (0..425).for_each(|band| bytes[at(line, 99, band)].fill(0));
        }
    });
    let sentence = refusal(&dead, &[]);
    assert!(sentence.contains("column 99"), "{sentence}");
    let out = root.path().join("masked");
    assert!(detect(&[&dead], &out, &["--mask-invalid", "--quiet"]).status.success());

    let missing = refusal(&root.path().join("nowhere.bil"), &[]);
    assert!(missing.contains("nowhere.bil"), "{missing}");
    assert!(refusal(scene(), &["--window", "2490:2491"]).contains("too few"));
    assert!(refusal(scene(), &["--filter", "magic"]).contains("magic"));
    assert!(refusal(scene(), &["--gas", "nosuchgas"]).contains("nosuchgas"));
}

#[test]
fn a_scene_without_geometry_is_searched_and_says_so() {
    let root = tempfile::tempdir().unwrap();
    let placeless = changed(root.path(), "placeless", without("map info"), |_| {});
    let out = root.path().join("out");

    let output = detect(&[&placeless], &out, &["--quiet"]);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = json(&out.join("plumes.geojson"));
    assert!(list["note"].as_str().unwrap().contains("no geometry"), "{list}");
    assert_eq!(list["features"][0]["geometry"], Value::Null);
    assert!(list["features"][0]["properties"]["outline_px"].is_array());
}

#[test]
fn several_scenes_have_a_folder_each_and_fail_alone() {
    let root = tempfile::tempdir().unwrap();
    let second = changed(root.path(), "second", |text| text, |_| {});
    let short = changed(root.path(), "short", |text| text, |bytes| bytes.truncate(1_000_000));
    let out = root.path().join("out");

    let output = detect(&[scene(), &short, &second], &out, &["--json"]);

    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(&out), ["scene", "second"]);
    let events: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let count = |event: &str| events.iter().filter(|e| e["event"] == event).count();
    assert_eq!((count("done"), count("failed")), (2, 1));
    assert!(count("plume") >= 2);
}

#[test]
fn results_are_replaced_only_by_force() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    assert!(detect(&[scene()], &out, &["--quiet"]).status.success());

    let again = detect(&[scene()], &out, &["--quiet"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--force"));
    assert!(detect(&[scene()], &out, &["--quiet", "--force"]).status.success());
    assert_eq!(names(root.path()), ["out"]);
}

#[test]
fn little_memory_gives_blocks_and_a_plume_across_their_seam_is_one() {
    let root = tempfile::tempdir().unwrap();
    let recipe =
        RECIPE.replace("lines = 160", "lines = 520").replace("samples = 120", "samples = 60");
    let toml = root.path().join("long.toml");
    fs::write(&toml, recipe.replace("line = 80", "line = 176")).unwrap();
    let image = root.path().join("long.bil");
    let words = ["simulate", path(&toml), "--out", path(&image), "--quiet"];
    assert!(run(&words.map(str::to_owned)).status.success());
    let out = root.path().join("out");

    let more = [&WIND[..], &["--quiet", "--memory", "1M"]].concat();
    assert!(detect(&[&image], &out, &more).status.success());

    let report = fs::read_to_string(out.join("report.json")).unwrap();
    assert!(report.contains("searched in 3 blocks of lines"), "{report}");
    let first = &json(&out.join("plumes.geojson"))["features"][0]["properties"];
    assert!((first["origin_line_px"].as_f64().unwrap() - 176.0).abs() < 6.0, "{first}");
    assert!(first["look_alike"].is_string(), "{first}");
}

#[test]
fn a_line_in_flight_ends_as_the_finished_file() {
    use std::io::Write;
    let root = tempfile::tempdir().unwrap();
    let whole = root.path().join("whole");
    assert!(detect(&[scene()], &whole, &["--quiet"]).status.success());
    let flown = changed(root.path(), "scene", |text| text, Vec::clear);
    let out = root.path().join("flown");
    let follow = Command::new(env!("CARGO_BIN_EXE_cathartes"))
        .args(["detect", path(&flown), "--gas", "ch4", "--out", path(&out), "--follow", "--json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();

    let mut file = fs::OpenOptions::new().append(true).open(&flown).unwrap();
    for half_line in fs::read(scene()).unwrap().chunks(425 * 120 * 2) {
        file.write_all(half_line).unwrap();
    }
    let output = follow.wait_with_output().unwrap();

    assert!(output.status.success());
    assert_eq!(bytes(&whole), bytes(&out));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\"event\":\"sighted\""), "{text}");
}

#[test]
fn a_line_on_standard_input_gives_the_same_map() {
    let root = tempfile::tempdir().unwrap();
    let (whole, piped) = (root.path().join("whole"), root.path().join("piped"));
    assert!(detect(&[scene()], &whole, &["--quiet"]).status.success());

    let header = scene().with_extension("hdr");
    let output = Command::new(env!("CARGO_BIN_EXE_cathartes"))
        .args(["detect", "-", "--gas", "ch4", "--out", path(&piped), "--follow", "--quiet"])
        .args(["--header", path(&header)])
        .stdin(fs::File::open(scene()).unwrap())
        .output()
        .unwrap();

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let map = "enhancement.ch4.tif";
    assert!(fs::read(whole.join(map)).unwrap() == fs::read(piped.join(map)).unwrap());
    let of = |folder: &Path, i: usize| {
        json(&folder.join("report.json"))["provenance"]["inputs"][i]["sha256"].clone()
    };
    assert_eq!(of(&whole, 0), of(&piped, 0));
    let refused = detect(&[Path::new("-")], &root.path().join("none"), &["--follow"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--header"));
}
