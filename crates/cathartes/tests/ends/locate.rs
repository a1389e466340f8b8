//! From readings and winds to sources: named, declined, refused, and always the same.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

use super::{PROGRAM, fixture, json, names, path, run, stops::wait_for};

/// Where the source of the fixture is, and what it emits.
const TRUTH: (f64, f64, f64) = (12.0, -8.0, 6.0);
pub(crate) const SITE: &str = "[search]\neast = [-40, 40]\nnorth = [-50, 50]\nup = [0, 5]\n";
const ORIGIN: &str = "[origin]\nlatitude = 51.1445\nlongitude = -1.4386\n";
pub(crate) const FILES: [&str; 5] =
    ["chains.png", "fit.png", "map.png", "report.json", "sources.json"];
pub(crate) const INPUTS: [&str; 3] = ["readings.csv", "site.toml", "wind.csv"];

/// Readings, winds and a site in a folder, the first changed.
pub(crate) struct Case {
    root: tempfile::TempDir,
}

impl Case {
    pub(crate) fn new(readings: impl Fn(String) -> String, site: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(fixture("trace_readings.csv")).unwrap();
        fs::write(root.path().join("readings.csv"), readings(text)).unwrap();
        fs::copy(fixture("trace_wind.csv"), root.path().join("wind.csv")).unwrap();
        fs::write(root.path().join("site.toml"), site).unwrap();
        Self { root }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.file("out")
    }

    pub(crate) fn words(&self, out: &str, more: &[&str]) -> Vec<String> {
        let [readings, wind, site, out] = ["readings.csv", "wind.csv", "site.toml", out]
            .map(|name| path(&self.file(name)).to_owned());
        let given = ["locate", &readings, "--wind", &wind, "--site", &site, "--out", &out];
        given.iter().chain(more).map(|word| (*word).to_owned()).collect()
    }

    pub(crate) fn locate(&self, out: &str, more: &[&str]) -> Output {
        let words = self.words(out, more);
        run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(crate) fn located(&self, more: &[&str]) -> String {
        let output = self.locate("out", more);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What lies beside each other there, hidden or not.
    pub(crate) fn left(&self) -> Vec<String> {
        names(self.root.path())
    }

    /// The one sentence of a refusal, which leaves nothing behind.
    fn refused(&self, more: &[&str]) -> String {
        let output = self.locate("out", more);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(self.left(), INPUTS, "{said}");
        said
    }
}

pub(crate) fn same(text: String) -> String {
    text
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// How far the one source is from the truth, m, and its rate.
fn error(out: &Path) -> (f64, f64) {
    let found = json(&out.join("sources.json"));
    assert_eq!(found["sources"].as_array().unwrap().len(), 1, "{found}");
    let source = &found["sources"][0];
    let (east, north) = (number(&source["place"]["east"]), number(&source["place"]["north"]));
    ((east - TRUTH.0).hypot(north - TRUTH.1), number(&source["rate"]))
}

#[test]
fn a_drone_finds_the_source_it_flew_downwind_of() {
    let case = Case::new(same, &[SITE, ORIGIN].concat());

    let said = case.located(&[]);

    let (off, rate) = error(&case.out());
    assert!(off < 6.0 && (rate / TRUTH.2 - 1.0).abs() < 0.3, "{off} m, {rate} kg/h");
    assert!(
        said.starts_with("1 source of methane: 1") && said.contains("almost certain"),
        "{said}"
    );
    let mut files = [&FILES[..], &["sources.geojson"]].concat();
    files.sort_unstable();
    assert_eq!(names(&case.out()), files);
    let drawn = json(&case.out().join("sources.geojson"));
    assert_eq!(drawn["features"][1]["properties"]["what"], "source");
    let report = json(&case.out().join("report.json"));
    assert_eq!(report["provenance"]["inputs"].as_array().unwrap().len(), 3);
    assert_eq!(report["readings"]["left_out"].as_array().unwrap().len(), 0);
}

#[test]
fn air_without_gas_is_an_answer_and_no_failure() {
    let clean = |text: String| {
        let mut rows = text.lines();
        let head = rows.next().unwrap().to_owned();
        let scatter =
            |i: usize| 2.0 + 0.01 * (i as f64 * 1.7).sin() + 0.003 * (i as f64 * 0.9).cos();
        let rows = rows.enumerate().map(|(i, row)| {
            let (place, _) = row.rsplit_once(',').unwrap();
            format!("{place},{:.4}", scatter(i))
        });
        std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
    };
    let case = Case::new(clean, SITE);

    let said = case.located(&[]);

    assert!(said.starts_with("no source of methane is named: "), "{said}");
    let found = json(&case.out().join("sources.json"));
    assert!(found["declined"].is_string() && found["declined_because"].is_string(), "{found}");
    assert_eq!(names(&case.out()), FILES);
}

#[test]
fn bad_rows_are_told_by_their_numbers_and_change_nothing() {
    let spoilt = |text: String| {
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        rows.insert(30, "0,drone,mobile,57,45,0,5,n/a".into());
        rows.insert(31, rows[10].clone());
        rows.insert(32, "0,drone,mobile,58.5,45,0,5".into());
        rows.join("\n")
    };
    let (good, bad) = (Case::new(same, SITE), Case::new(spoilt, SITE));
    good.located(&["--quiet"]);

    let output = bad.locate("out", &[]);

    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("160 readings of ch4, 1 sensor\n"), "{said}");
    assert!(
        said.contains("1 row of the readings left out, `value_ppm` holds no number: row 31"),
        "{said}"
    );
    assert!(said.contains("left out, another number of fields than the header: row 33"), "{said}");
    let report = json(&bad.out().join("report.json"));
    let rows: Vec<&str> = report["readings"]["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| left["rows"].as_str().unwrap())
        .collect();
    assert_eq!(rows, ["33", "31", "32"]);
    let sources = |case: &Case| json(&case.out().join("sources.json"))["sources"].clone();
    assert_eq!(sources(&good), sources(&bad));
}

#[test]
fn input_that_is_not_right_is_refused_in_one_sentence() {
    let with = |from: &'static str, to: &'static str| {
        Case::new(move |text| text.replacen(from, to, 1), SITE)
    };
    let said = with("value_ppm", "ppm").refused(&[]);
    assert!(said.contains("readings.csv: row 1: the column `value_ppm` is missing"), "{said}");
    let said = Case::new(|_| String::new(), SITE).refused(&[]);
    assert!(said.contains("readings.csv: the file is empty; the header is"), "{said}");
    let header = |text: String| text.lines().next().unwrap().to_owned();
    let said = Case::new(header, SITE).refused(&[]);
    assert!(said.contains("no row under the header"), "{said}");
    let said =
        Case::new(same, "[search]\neast = [1, 0]\nnorth = [0, 1]\nup = [0, 1]\n").refused(&[]);
    assert!(said.contains("site.toml: `search.east`"), "{said}");
    let said = Case::new(same, SITE).refused(&["--gas", "chh4"]);
    assert!(said.contains("did you mean"), "{said}");
    let case = Case::new(same, SITE);
    let wind = fs::read_to_string(case.file("wind.csv")).unwrap().replace('\n', "\n9000000");
    fs::write(case.file("wind.csv"), wind.trim_end_matches("9000000")).unwrap();
    let said = case.refused(&[]);
    assert!(said.contains("no wind was measured near any reading"), "{said}");
    fs::write(case.file("wind.csv"), "time,speed\n0,1\n").unwrap();
    let said = case.refused(&[]);
    assert!(said.contains("wind.csv: row 1: the column `direction_from_deg` is missing"), "{said}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_with_one_thread_and_with_two() {
    let case = Case::new(same, SITE);
    for (out, threads) in [("one", "1"), ("two", "2")] {
        let output = case.locate(out, &["--seed", "5", "--threads", threads, "--quiet"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let bytes = |out: &str, name: &str| fs::read(case.file(out).join(name)).unwrap();
    for name in FILES {
        assert!(bytes("one", name) == bytes("two", name), "{name}");
    }
}

#[test]
fn two_gases_have_a_folder_each() {
    let doubled = |text: String| {
        let mut rows = text.lines();
        let head = format!("{},gas", rows.next().unwrap());
        let both = rows.flat_map(|row| [format!("{row},ch4"), format!("{row},nh3")]);
        std::iter::once(head).chain(both).collect::<Vec<_>>().join("\n")
    };
    let case = Case::new(doubled, SITE);

    let said = case.located(&[]);

    assert_eq!(names(&case.out()), ["ch4", "nh3"]);
    // The same mixing ratio of a gas as heavy is about as many kg.
    let rates = ["ch4", "nh3"].map(|gas| error(&case.out().join(gas)).1);
    assert!((rates[1] / rates[0] - 17.03 / 16.04).abs() < 0.05, "{rates:?}");
    assert!(said.contains("of methane") && said.contains("of ammonia"), "{said}");
}

#[test]
fn degrees_say_what_metres_say() {
    let metres = Case::new(same, &[SITE, ORIGIN].concat());
    let in_degrees = |text: String| {
        let mut rows = text.lines();
        let head = rows.next().unwrap().replace("east,north", "longitude,latitude");
        let rows = rows.map(|row| {
            let mut fields: Vec<String> = row.split(',').map(str::to_owned).collect();
            let (east, north): (f64, f64) =
                (fields[4].parse().unwrap(), fields[5].parse().unwrap());
            // Metres of a degree on WGS 84 at 51.1445 degrees north.
            fields[4] = format!("{:.9}", -1.4386 + east / 69_976.06);
            fields[5] = format!("{:.9}", 51.1445 + north / 111_251.46);
            fields.join(",")
        });
        std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
    };
    let degrees = Case::new(in_degrees, &[SITE, ORIGIN].concat());
    metres.located(&["--quiet"]);
    degrees.located(&["--quiet"]);
    let place = |case: &Case| {
        let source = json(&case.out().join("sources.json"))["sources"][0]["place"].clone();
        (number(&source["east"]), number(&source["north"]))
    };
    let ((a, b), (c, d)) = (place(&metres), place(&degrees));
    // Rounding sends the draws another way: means of some hundred of them differ.
    assert!((a - c).hypot(b - d) < 4.0, "{a} {b}, {c} {d}");
}

#[test]
fn two_hundred_thousand_rows_are_averaged_and_answered() {
    let many = |text: String| {
        let mut rows = text.lines();
        let head = rows.next().unwrap().to_owned();
        let rows: Vec<&str> = rows.collect();
        let each = rows.iter().flat_map(|row| {
            let fields: Vec<&str> = row.split(',').collect();
            let time: f64 = fields[3].parse().unwrap();
            let value: f64 = fields[7].parse().unwrap();
            (0..1250_u32).map(move |i| {
                let (t, wave) = (time + f64::from(i) / 1250.0, 1e-3 * (f64::from(i) * 0.7).sin());
                let place = fields[4..7].join(",");
                format!("0,drone,mobile,{t:.4},{place},{:.6}", value + wave)
            })
        });
        std::iter::once(head).chain(each).collect::<Vec<_>>().join("\n")
    };
    let case = Case::new(many, SITE);

    let output = case.locate("out", &["--quiet", "--draws", "20"]);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = json(&case.out().join("report.json"));
    assert_eq!(report["readings"]["rows"], 200_000);
    let notes = report["notes"].to_string();
    assert!(notes.contains("200000 readings were averaged over"), "{notes}");
    assert_eq!(names(&case.out()), FILES);
}

#[test]
fn json_is_one_object_a_line() {
    let case = Case::new(same, SITE);
    let said = case.located(&["--json"]);
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["read", "step", "step", "located"]);
    assert_eq!(lines[3]["sources"].as_array().unwrap().len(), 1);
}

#[test]
fn results_of_an_earlier_run_are_kept_unless_force_is_given() {
    let case = Case::new(same, SITE);
    case.located(&["--quiet"]);
    let output = case.locate("out", &["--quiet"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("give --force to replace it"), "{said}");
    case.located(&["--quiet", "--force"]);
    assert_eq!(names(&case.out()), FILES);
}

fn waiting(case: &Case) -> Child {
    let child = Command::new(PROGRAM)
        .args(case.words("out", &["--quiet"]))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&case.file(".out.partial"));
    child
}

#[test]
fn a_stopped_run_takes_its_files_with_it() {
    let case = Case::new(same, SITE);
    let mut child = waiting(&case);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(case.left(), INPUTS);
}

#[test]
fn a_flight_log_needs_a_map_and_says_what_it_holds() {
    let case = Case::new(same, SITE);
    fs::rename(case.file("readings.csv"), case.file("flight.tlog")).unwrap();
    let log = case.file("flight.tlog");
    let wind = case.file("wind.csv");
    let words = ["locate", path(&log), "--wind", path(&wind), "--out"];
    let out = case.out();
    let output = run(&[&words[..], &[path(&out)]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("give --log-map"), "{said}");
    let map = case.file("map.toml");
    fs::write(&map, "[[sensor]]\nid = 1\nvalue = \"VFR_HUD.alt\"\nunit = \"ppm\"\n").unwrap();
    let output = run(&[&words[..], &[path(&out), "--log-map", path(&map)]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("neither MAVLink telemetry nor a ULog"), "{said}");
    assert!(!out.exists());
}
