//! `cathartes gas` as people meet it.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    path::Path,
    process::{Command, Output},
};

fn cathartes(words: &[&str], home: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cathartes"))
        .args(words)
        .env("CATHARTES_HOME", home)
        .output()
        .unwrap()
}

fn printed(words: &[&str], home: &Path) -> String {
    let output = cathartes(words, home);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn lists_the_library() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(printed(&["gas", "list"], home.path()));
}

#[test]
fn shows_ammonia() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(printed(&["gas", "show", "NH3"], home.path()));
}

#[test]
fn a_machine_reads_the_same() {
    let home = tempfile::tempdir().unwrap();
    let list: serde_json::Value =
        serde_json::from_str(&printed(&["gas", "list", "--json"], home.path())).unwrap();
    let methane = list.as_array().unwrap().iter().find(|g| g["slug"] == "ch4").unwrap();
    assert_eq!(methane["cas"], "74-82-8");
    assert_eq!(methane["strongest"].as_array().unwrap().len(), 2);
}

#[test]
fn a_name_nobody_knows_is_exit_code_2_and_a_suggestion() {
    let home = tempfile::tempdir().unwrap();
    let output = cathartes(&["gas", "show", "etylene"], home.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: no gas is called `etylene`; did you mean ethylene, acetylene?; `cathartes gas list` shows all\n"
    );
}

#[test]
fn an_imported_gas_is_found_and_goes_before_the_built_in_one() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("mine.csv");
    let rows: Vec<String> = (0..20).map(|i| format!("{},{i}e-20\n", 900 + i)).collect();
    std::fs::write(&file, format!("wavenumber_cm-1,cm2/molecule\n{}", rows.concat())).unwrap();
    let file = file.to_str().unwrap();

    let words =
        ["gas", "import", file, "--slug", "nh3", "--name", "My ammonia", "--formula", "NH3"];
    let text = printed(&words, home.path());
    assert!(
        text.contains("note         values in `cm2/molecule` times 1.000000e0 give cm2"),
        "{text}"
    );

    let shown = printed(&["gas", "show", "nh3"], home.path());
    assert!(shown.starts_with("My ammonia (nh3)\n"), "{shown}");
    assert!(shown.contains("tabulated    899.5-919.5 cm-1"), "{shown}");
}

#[test]
fn a_file_that_is_no_spectrum_is_refused_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("notes.txt");
    std::fs::write(&file, "hello\n").unwrap();
    let output = cathartes(&["gas", "import", file.to_str().unwrap()], home.path());
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.ends_with("neither JCAMP-DX, HITRAN .xsc nor two columns of numbers\n"), "{said}");
    assert!(!home.path().join("gases").exists());
}

#[test]
fn draws_a_picture() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("nh3.png");
    printed(&["gas", "show", "nh3", "--plot", file.to_str().unwrap()], home.path());
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{} bytes", bytes.len());

    let output = cathartes(&["gas", "show", "nh3", "--plot", "x.jpg"], home.path());
    assert_eq!(output.status.code(), Some(2));
}
