//! The guide's first flight line, typed as it stands there.

use std::{fs, path::Path, process::Command};

use super::{PROGRAM, names};

#[test]
fn the_commands_of_the_first_line_run_as_they_stand_in_the_guide() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide");
    let root = tempfile::tempdir().unwrap();
    let here = root.path().join("docs/guide");
    fs::create_dir_all(&here).unwrap();
    fs::copy(guide.join("first-line.toml"), here.join("first-line.toml")).unwrap();
    let page = fs::read_to_string(guide.join("first-line.md")).unwrap();
    let commands: Vec<&str> = page
        .lines()
        .filter_map(|line| line.trim().strip_prefix("target/release/cathartes "))
        .collect();
    assert_eq!(commands.len(), 2);

    for command in commands {
        let words = command.split_whitespace();
        let output = Command::new(PROGRAM).args(words).current_dir(root.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {said}");
    }

    let results = names(&root.path().join("results"));
    let promised =
        ["quicklook.png", "plumes.geojson", "plume-1.png", "enhancement.ch4.tif", "report.json"];
    for name in promised {
        assert!(page.contains(name) && results.iter().any(|result| result == name), "{name}");
    }
}
