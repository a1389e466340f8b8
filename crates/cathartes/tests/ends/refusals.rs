//! Input that is not right: one sentence with the file, the place and the remedy, exit code 2, and
//! nothing left behind.

use std::{fs, path::Path};

use super::{
    BANDS, LINES, SAMPLES, changed, detect, fixture, json, names, path, run, scene, searched, with,
};

/// The refusal of a scene, in one line.
fn refusal(scene: &Path, more: &[&str]) -> String {
    let root = tempfile::tempdir().unwrap();
    let output = detect(scene, &root.path().join("out"), more);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(names(root.path()).is_empty(), "{:?}", names(root.path()));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("error: "), "{said}");
    let name = scene.file_stem().unwrap().to_str().unwrap();
    assert!(said.contains(name), "{said}");
    said
}

fn holds(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}

fn same(text: String) -> String {
    text
}

#[test]
fn an_image_of_another_size_than_its_header_says() {
    let root = tempfile::tempdir().unwrap();
    let short = changed(root.path(), "short", same, |bytes| bytes.truncate(3_000_000));
    holds(&refusal(&short, &[]), &["3000000", "10444800"]);
    let long = changed(root.path(), "long", same, |bytes| bytes.extend([0; 1000]));
    holds(&refusal(&long, &[]), &["10445800", "10444800", "correct `lines`"]);
    let empty = changed(root.path(), "empty", same, Vec::clear);
    refusal(&empty, &[]);
    let orphan = root.path().join("orphan.bil");
    fs::copy(scene(), &orphan).unwrap();
    holds(&refusal(&orphan, &[]), &["header"]);
}

#[test]
fn pixels_that_are_no_number() {
    let root = tempfile::tempdir().unwrap();
    let at = |line: usize, sample: usize, band: usize| {
        let first = 4 * ((line * BANDS + band) * SAMPLES + sample);
        first..first + 4
    };
    for (name, value) in [("nan", f32::NAN), ("infinite", f32::NEG_INFINITY)] {
        let torn = changed(root.path(), name, same, |bytes| {
            bytes[at(41, 17, 360)].copy_from_slice(&value.to_le_bytes());
        });
        holds(&refusal(&torn, &[]), &["line 41, sample 17, band 360", "--mask-invalid"]);
    }
    let dead = changed(root.path(), "dead", same, |bytes| {
        for line in 0..LINES {
            (0..BANDS).for_each(|band| bytes[at(line, 30, band)].fill(0));
        }
    });
    holds(&refusal(&dead, &[]), &["column 30", "--mask-invalid"]);
}

#[test]
fn what_was_left_out_on_request_is_left_out_again_by_the_report() {
    let root = tempfile::tempdir().unwrap();
    let torn = changed(root.path(), "torn", same, |bytes| {
        bytes[4 * (350 * SAMPLES + 7)..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    });
    let (first, again) = (root.path().join("first"), root.path().join("again"));
    searched(&torn, &first, &["--mask-invalid"]);

    let report = json(&first.join("report.json"));
    let parameters = report["provenance"]["parameters"].as_array().unwrap();
    let words: Vec<&str> = parameters
        .iter()
        .flat_map(|pair| pair.as_array().unwrap())
        .map(|word| word.as_str().unwrap())
        .filter(|word| !word.is_empty())
        .collect();
    assert!(words.contains(&"--mask-invalid"));
    let call = ["detect", path(&torn), "--out", path(&again), "--quiet"];
    let output = run(&[&call[..], &words].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let bytes = |folder: &Path| fs::read(folder.join("report.json")).unwrap();
    assert_eq!(bytes(&first), bytes(&again));
}

#[test]
fn headers_that_contradict_themselves() {
    let root = tempfile::tempdir().unwrap();
    let said = |name: &str, header: &dyn Fn(String) -> String| {
        refusal(&changed(root.path(), name, header, |_| {}), &[])
    };
    let falls = |text: String| text.replacen("381.8699951171875", "376.0", 1);
    holds(&said("falls", &falls), &["wavelength", "376"]);
    let unitless = said("unitless", &with("wavelength units", ""));
    holds(&unitless, &["wavelength units", "Nanometers"]);
    holds(&said("fewer", &|text| text.replacen("381.8699951171875, ", "", 1)), &["424", "425"]);
    holds(&said("kind", &with("data type", "data type = 9")), &["data type", "9"]);
    holds(&said("nobands", &with("bands", "")), &["bands"]);
    holds(&said("order", &with("interleave", "interleave = bilge")), &["interleave", "bilge"]);
    holds(&said("places", &with("map info", "map info = {UTM, 1, 1, east}")), &["map info"]);
    holds(&said("notenvi", &|text| text.replacen("ENVI", "ENVOY", 1)), &["ENVI"]);
}

#[test]
fn files_of_another_layout() {
    for (name, words) in [
        ("wrong_reflectance.nc", &["`reflectance`", "expected a variable or group `radiance`"][..]),
        ("wrong_axes.nc", &["[4, 3, 2]", "[downtrack, crosstrack, bands]"]),
        ("wrong_no_bands.nc", &["sensor_band_parameters", "expected"]),
        ("wrong_unit.nc", &["cm-1", "nm or um"]),
        ("wrong_order.nc", &["at band 3", "rise or fall"]),
        ("emit_obs.nc", &["expected a variable or group `radiance`"]),
        ("wrong_no_unit.tif", &["unit"]),
    ] {
        holds(&refusal(&fixture(name), &[]), words);
    }
    let root = tempfile::tempdir().unwrap();
    let cut = root.path().join("cut.nc");
    let whole = fs::read(fixture("emit_l1b.nc")).unwrap();
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    holds(&refusal(&cut, &[]), &["cut short", "fetch it again"]);
    let text = root.path().join("notes.txt");
    fs::write(&text, "nothing to see").unwrap();
    holds(&refusal(&text, &[]), &["no image we read"]);
    holds(&refusal(root.path(), &[]), &["is a folder"]);
}

#[test]
fn side_files_that_do_not_fit() {
    let root = tempfile::tempdir().unwrap();
    let table = root.path().join("bands.csv");
    fs::write(&table, "center_nm\n2100\n2110\n").unwrap();
    let said = refusal(scene(), &["--wavelengths", table.to_str().unwrap()]);
    holds(&said, &["2", "425"]);
    let wind = root.path().join("wind.csv");
    fs::write(&wind, "time,speed_m_s,from_deg,sd\n2026-05-03T18:00:00Z,fast,0,1\n").unwrap();
    let root = tempfile::tempdir().unwrap();
    let output = detect(scene(), &root.path().join("out"), &["--wind", wind.to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap();
    holds(&said, &["wind.csv", "fast"]);
    assert_eq!(output.status.code(), Some(2));
}
