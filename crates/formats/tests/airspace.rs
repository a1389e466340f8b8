//! Zones as a program of others reads and writes them: `ed318-pydantic`, which models ED-318.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cathartes_core::airspace::Rule;
use cathartes_formats::airspace::{Intent, authority, ed318};

const PAGE: &str = include_str!("../../../docs/certificate.md");

/// Checks a file against the model, and writes it as the model would.
const SCRIPT: &str = r#"
import sys
from ed318_pydantic.models import FeatureCollection
zones = FeatureCollection.model_validate_json(open(sys.argv[1]).read())
assert [zone.properties.type for zone in zones.features] == ["REQ_AUTHORIZATION", "PROHIBITED"], zones
open(sys.argv[2], "w").write(zones.model_dump_json(exclude_none=True))
"#;

/// The Python that `cargo xtask nightly` gives the model, when it found one that is new enough.
fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/zones/bin/python");
    python.is_file().then_some(python)
}

#[test]
#[ignore = "needs PyPI: run by `cargo xtask nightly`"]
fn the_model_of_others_reads_our_zones_and_we_read_theirs() {
    let Some(python) = python() else {
        println!("left out: no Python of 3.12 or later with ed318-pydantic in target/zones");
        return;
    };
    let example =
        PAGE.split_once("## Authority\n```json\n").unwrap().1.split_once("```").unwrap().0;
    let ours = ed318::write(&authority::read(example.as_bytes()).unwrap(), "ESP").unwrap().text;
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = ["ours.json", "theirs.json"].map(|name| folder.path().join(name));
    fs::write(&from, &ours).unwrap();

    let done = Command::new(python).args(["-c", SCRIPT]).args([&from, &to]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let read = |bytes: &[u8]| ed318::read(bytes, &Intent::default()).unwrap();
    let theirs = read(&fs::read(&to).unwrap());
    assert_eq!(theirs.clauses, read(ours.as_bytes()).clauses);
    assert!(theirs.clauses.iter().all(|clause| clause.rule == Rule::Forbid));
}
