//! Both ends of the program through the executable: what others read of its results, and what it
//! says when input, disk or people get in its way.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod angles;
mod flights;
mod guide;
mod locate;
mod maps;
mod plans;
mod poor_traces;
mod refusals;
mod stops;
mod thermal;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use serde_json::Value;

pub(crate) const LINES: usize = 96;
pub(crate) const SAMPLES: usize = 64;
pub(crate) const BANDS: usize = 425;
const PROGRAM: &str = env!("CARGO_BIN_EXE_cathartes");
const RECIPE: &str = r#"
seed = 11

[scene]
lines = 96
samples = 64

[instrument]
name = "aviris-ng"
altitude_m = 3000

[wind]
speed_m_s = 3.0
from_deg = 250

[[plume]]
kind = "gaussian"
gas = "ch4"
line = 48
sample = 20
rate_kg_h = 900
"#;

/// A small simulated scene (BIL, float32), made once for every run of this executable.
pub(crate) fn scene() -> &'static Path {
    static SCENE: OnceLock<PathBuf> = OnceLock::new();
    SCENE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ends");
        fs::create_dir_all(&folder).unwrap();
        let lock = fs::File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let now = format!("{:?}", fs::metadata(PROGRAM).unwrap().modified().unwrap());
        let (image, made_by) = (folder.join("scene.bil"), folder.join("made-by"));
        if fs::read_to_string(&made_by).is_ok_and(|then| then == now) {
            return image;
        }
        let recipe = folder.join("recipe.toml");
        fs::write(&recipe, RECIPE).unwrap();
        for stale in fs::read_dir(&folder).unwrap() {
            let path = stale.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("scene.") {
                fs::remove_file(path).unwrap();
            }
        }
        let made = run(&["simulate", path(&recipe), "--out", path(&image), "--quiet"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::write(made_by, now).unwrap();
        image
    })
}

/// The scene again under another name, its header and its bytes changed.
pub(crate) fn changed(
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

/// The header with the line of one key replaced, or left out when there is nothing to put there.
pub(crate) fn with(key: &'static str, line: &'static str) -> impl Fn(String) -> String {
    move |text| {
        assert!(text.lines().any(|line| line.starts_with(key)), "{key}");
        let other = text.lines().filter(|line| !line.starts_with(key));
        other.chain([line, ""]).collect::<Vec<_>>().join("\n")
    }
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn run(words: &[&str]) -> Output {
    Command::new(PROGRAM).args(words).output().unwrap()
}

pub(crate) fn detect(scene: &Path, out: &Path, more: &[&str]) -> Output {
    let words = ["detect", path(scene), "--gas", "ch4", "--out", path(out), "--quiet"];
    run(&[&words, more].concat())
}

/// Searches a scene, which must succeed.
pub(crate) fn searched(scene: &Path, out: &Path, more: &[&str]) {
    let output = detect(scene, out, more);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Names in a folder, hidden ones too.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

pub(crate) fn json(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}
