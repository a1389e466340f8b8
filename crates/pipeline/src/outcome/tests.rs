use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn appears_whole_even_where_no_folder_was() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("a/b");

    let outcome = Outcome::begin(&target, false).unwrap();
    fs::write(outcome.folder().join("report.json"), "{}").unwrap();
    assert!(!target.exists());
    outcome.finish().unwrap();

    assert_eq!(names(&target), ["report.json"]);
    assert_eq!(names(root.path()), ["a"]);
}

#[test]
fn leaves_nothing_when_it_does_not_come_to_that() {
    let root = tempfile::tempdir().unwrap();
    let outcome = Outcome::begin(&root.path().join("out"), false).unwrap();
    fs::write(outcome.folder().join("report.json"), "{}").unwrap();
    drop(outcome);

    assert!(names(root.path()).is_empty());
}

#[test]
fn replaces_only_by_force_and_only_what_is_ours() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("out");
    fs::create_dir(&target).unwrap();
    for name in ["notes.txt", "plume-7.png", "plume-7.spectrum.json", "report.json"] {
        fs::write(target.join(name), "old").unwrap();
    }

    let refused = Outcome::begin(&target, false).unwrap_err().to_string();
    assert!(refused.contains("plume-7.png is there from an earlier search"), "{refused}");

    let outcome = Outcome::begin(&target, true).unwrap();
    fs::write(outcome.folder().join("report.json"), "new").unwrap();
    outcome.finish().unwrap();
    assert_eq!(names(&target), ["notes.txt", "report.json"]);
    assert_eq!(fs::read_to_string(target.join("report.json")).unwrap(), "new");
    assert_eq!(names(root.path()), ["out"]);
}

#[test]
fn a_file_is_no_folder() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("out");
    fs::write(&target, "").unwrap();
    assert!(Outcome::begin(&target, true).unwrap_err().to_string().contains("is a file"));
}

#[test]
fn two_searches_cannot_fill_one_folder() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("out");
    let first = Outcome::begin(&target, false).unwrap();

    let second = Outcome::begin(&target, true).unwrap_err().to_string();
    assert!(second.contains("is being filled by another search"), "{second}");
    assert!(first.folder().is_dir());
    drop(first);
    drop(Outcome::begin(&target, false).unwrap());
    assert!(names(root.path()).is_empty());
}

#[test]
fn what_a_killed_search_left_is_taken_over() {
    let root = tempfile::tempdir().unwrap();
    let left = root.path().join(".out.partial");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("enhancement.nh3.tif"), "half").unwrap();

    let outcome = Outcome::begin(&root.path().join("out"), false).unwrap();
    fs::write(outcome.folder().join("report.json"), "{}").unwrap();
    outcome.finish().unwrap();

    assert_eq!(names(root.path()), ["out"]);
    assert_eq!(names(&root.path().join("out")), ["report.json"]);
}

#[test]
fn maps_of_another_gas_go_with_the_search_they_belong_to() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("out");
    fs::create_dir(&target).unwrap();
    for name in ["enhancement.nh3.tif", "significance.nh3.tif", "quicklook.nh3.png"] {
        fs::write(target.join(name), "old").unwrap();
    }

    let outcome = Outcome::begin(&target, true).unwrap();
    fs::write(outcome.folder().join("significance.ch4.tif"), "new").unwrap();
    outcome.finish().unwrap();

    assert_eq!(names(&target), ["significance.ch4.tif"]);
}

#[test]
fn a_full_disk_is_said_with_what_to_do() {
    let full = io::Error::from(io::ErrorKind::StorageFull);
    let (scene, out) = (Path::new("a.bil"), Path::new("out"));

    let said = explained(anyhow::Error::new(full).context("out/plume-1.png"), scene, out);
    let named = explained(anyhow!("a.bil: is not there"), scene, out);
    let unnamed = explained(anyhow!("no wind at that time"), scene, out);

    assert!(
        format!("{said:#}").starts_with("a.bil: no space is left for the results in out: free")
    );
    assert_eq!(format!("{named:#}"), "a.bil: is not there");
    assert_eq!(format!("{unnamed:#}"), "a.bil: no wind at that time");
}
