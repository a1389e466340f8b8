//! Traces that are poor, and runs that are stopped or find no place to write.

use std::{
    fs,
    process::{Command, Stdio},
};

use super::{
    PROGRAM, json,
    locate::{Case, FILES, INPUTS, SITE, same},
    names,
    stops::{bound_by_permissions, send, wait_for},
};

/// The header and rows changed one by one.
fn rows(text: &str, change: impl Fn(usize, Vec<String>) -> Vec<String>) -> String {
    let mut lines = text.lines();
    let head = lines.next().unwrap().to_owned();
    let changed = lines.enumerate().map(|(i, row)| {
        let fields = row.split(',').map(str::to_owned).collect();
        change(i, fields).join(",")
    });
    std::iter::once(head).chain(changed).collect::<Vec<_>>().join("\n")
}

/// Methane as it was, and ammonia that is no more than scatter.
fn with_quiet_ammonia(text: &str) -> String {
    let (head, methane) = text.split_once('\n').unwrap();
    let scatter = |i: usize| 0.5 + 0.01 * (i as f64 * 1.7).sin() + 0.003 * (i as f64 * 0.9).cos();
    let ammonia = methane.lines().enumerate().map(|(i, row)| {
        let (place, _) = row.rsplit_once(',').unwrap();
        format!("{place},{:.4},nh3", scatter(i))
    });
    let methane = methane.lines().map(|row| format!("{row},ch4"));
    std::iter::once(format!("{head},gas"))
        .chain(methane)
        .chain(ammonia)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn one_reading_is_answered_with_that_it_is_too_few() {
    let first = |text: String| text.lines().take(2).collect::<Vec<_>>().join("\n");
    let case = Case::new(first, SITE);

    let output = case.locate("out", &[]);

    let (said, told) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{told}");
    assert!(said.starts_with("no source of methane is named: there are fewer readings"), "{said}");
    assert!(told.starts_with("1 reading of ch4, 1 sensor\n"), "{told}");
    assert_eq!(json(&case.out().join("sources.json"))["declined"], "too_few_readings");
    assert_eq!(names(&case.out()), FILES);
}

#[test]
fn readings_after_the_wind_ended_are_left_out_and_the_others_used() {
    // Twenty times as slow, because a wind holds for ten minutes after its record.
    let slow = |mut fields: Vec<String>, at: usize| {
        fields[at] = (20.0 * fields[at].parse::<f64>().unwrap()).to_string();
        fields
    };
    let case = Case::new(|text| rows(&text, |_, fields| slow(fields, 3)), SITE);
    let wind = fs::read_to_string(case.file("wind.csv")).unwrap();
    let half = wind.lines().take(18).collect::<Vec<_>>().join("\n");
    fs::write(case.file("wind.csv"), rows(&half, |_, fields| slow(fields, 0))).unwrap();

    let output = case.locate("out", &["--draws", "20"]);

    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    // The last of 17 winds is at 3,200 s, and there is a reading every 40 s.
    assert!(
        told.contains("64 rows of the readings left out, no wind was measured near its time"),
        "{told}"
    );
    let report = json(&case.out().join("report.json"));
    assert_eq!(report["readings"]["used_for_this_gas"], 96);
    assert_eq!(report["readings"]["left_out"][0]["rows"], "98-161");
}

#[test]
fn of_two_gases_the_one_without_signal_is_declined_and_the_other_named() {
    let case = Case::new(|text| with_quiet_ammonia(&text), SITE);

    let said = case.located(&[]);

    assert!(said.contains("1 source of methane: "), "{said}");
    assert!(said.contains("no source of ammonia is named: "), "{said}");
    let found = |gas: &str| json(&case.out().join(gas).join("sources.json"));
    assert!(found("ch4")["declined"].is_null() && found("nh3")["declined"].is_string());
    assert_eq!(names(&case.out().join("nh3")), FILES);
}

#[test]
fn a_run_stopped_half_way_leaves_neither_gas() {
    let case = Case::new(|text| with_quiet_ammonia(&text), SITE);
    let mut child = Command::new(PROGRAM)
        .args(case.words("out", &["--quiet"]))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first gas is done, the second is being searched for.
    wait_for(&case.file(".ch4.partial/report.json"));

    send("-INT", &child);

    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(case.left(), INPUTS);
}

#[test]
fn a_folder_that_cannot_be_written_is_said_before_anything_is_searched() {
    let case = Case::new(same, SITE);
    let closed = case.file("closed");
    let words = case.words("closed/out", &["--quiet"]);

    let output = bound_by_permissions(&closed).args(words).output().unwrap();

    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot be made here (Permission denied") && said.contains("--out"),
        "{said}"
    );
    assert!(names(&closed).is_empty(), "{:?}", names(&closed));
}
