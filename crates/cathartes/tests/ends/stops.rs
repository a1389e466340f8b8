//! Searches that are stopped, killed, doubled, or find no place to write.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{PROGRAM, changed, detect, json, names, path, scene, searched};

/// A search that waits: it follows a file that does not grow.
fn waiting(root: &Path, out: &Path) -> Child {
    let flown = changed(root, "flown", |text| text, Vec::clear);
    let child = Command::new(PROGRAM)
        .args(["detect", path(&flown), "--gas", "ch4", "--out", path(out), "--follow", "--quiet"])
        .args(["--patience", "300"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&root.join(".out.partial"));
    child
}

pub(crate) fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{} does not come", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
}

#[test]
fn a_stopped_search_takes_its_files_with_it() {
    for signal in ["-INT", "-TERM"] {
        let root = tempfile::tempdir().unwrap();
        let mut child = waiting(root.path(), &root.path().join("out"));

        send(signal, &child);

        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_eq!(names(root.path()), ["flown.bil", "flown.hdr"]);
    }
}

#[test]
fn a_stopped_simulation_takes_its_image_with_it() {
    let root = tempfile::tempdir().unwrap();
    let recipe = root.path().join("long.toml");
    fs::write(&recipe, "seed = 3\n[scene]\nlines = 1500\nsamples = 300\n").unwrap();
    let image = root.path().join("long.bil");
    let mut child = Command::new(PROGRAM)
        .args(["simulate", path(&recipe), "--out", path(&image), "--quiet"])
        .spawn()
        .unwrap();
    wait_for(&root.path().join("long.bil.partial"));

    send("-INT", &child);

    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(names(root.path()), ["long.toml"]);
}

#[test]
fn what_a_killed_search_left_goes_with_the_next() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let mut child = waiting(root.path(), &out);
    send("-KILL", &child);
    child.wait().unwrap();
    fs::write(root.path().join(".out.partial/enhancement.nh3.tif"), "half").unwrap();

    searched(scene(), &out, &[]);

    assert_eq!(names(root.path()), ["flown.bil", "flown.hdr", "out"]);
    assert!(!out.join("enhancement.nh3.tif").exists());
}

#[test]
fn two_searches_do_not_fill_one_folder() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let mut child = waiting(root.path(), &out);

    let second = detect(scene(), &out, &["--force"]);

    assert_eq!(second.status.code(), Some(2));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("is being filled by another search at this moment: wait"), "{said}");
    assert!(root.path().join(".out.partial").is_dir() && !out.exists());
    send("-INT", &child);
    child.wait().unwrap();
}

/// Makes a folder that nobody may write into, and the program run by one whom that binds: permissions do
/// not bind the super-user.
pub(crate) fn bound_by_permissions(closed: &Path) -> Command {
    fs::create_dir(closed).unwrap();
    let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(closed, mode(0o555)).unwrap();
    let mut command = Command::new(PROGRAM);
    if fs::create_dir(closed.join("probe")).is_ok() {
        fs::remove_dir(closed.join("probe")).unwrap();
        fs::set_permissions(closed.parent().unwrap(), mode(0o755)).unwrap();
        command.uid(65_534).gid(65_534);
    }
    command
}

#[test]
fn a_place_that_cannot_be_written_is_said_before_the_work() {
    let root = tempfile::tempdir().unwrap();
    let closed = root.path().join("closed");
    let out = closed.join("out");
    let mut command = bound_by_permissions(&closed);
    command.args(["detect", path(scene()), "--gas", "ch4", "--out", path(&out), "--quiet"]);

    let output = command.output().unwrap();

    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cannot be made here (Permission denied"), "{said}");
    assert!(said.contains("--out"), "{said}");
    assert!(names(&closed).is_empty());

    let output = detect(scene(), &scene().with_extension("hdr").join("out"), &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
}

#[test]
fn a_full_disk_is_said_and_nothing_stays_on_it() {
    let root = tempfile::tempdir().unwrap();
    let disk = root.path().join("disk");
    fs::create_dir(&disk).unwrap();
    // A disk of 100 kB that only this process sees and that goes with it.
    let script = "mount -t tmpfs -o size=100k tmpfs \"$1\" || exit 77; shift; \"$@\"; code=$?; \
                  ls -A \"$DISK\"; exit $code";
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, "sh", path(&disk), PROGRAM])
        .args(["detect", path(scene()), "--gas", "ch4", "--quiet"])
        .args(["--out", path(&disk.join("out"))])
        .env("DISK", &disk)
        .output();
    let output = match output {
        Ok(output) if output.status.code() != Some(77) && output.status.code() != Some(1) => output,
        _ => {
            println!("skipped: a small disk cannot be mounted here");
            return;
        }
    };

    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no space is left for the results in"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "left on the disk");
}

#[test]
fn a_search_by_force_replaces_all_that_an_earlier_one_left() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    searched(scene(), &out, &["--gas", "co2"]);
    assert!(out.join("significance.co2.tif").is_file());

    searched(scene(), &out, &["--force"]);

    assert!(names(&out).iter().all(|name| !name.contains("co2")), "{:?}", names(&out));
    assert_eq!(json(&out.join("report.json"))["gases"].as_array().unwrap().len(), 1);
}
