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
    for name in ["notes.txt", "plume-7.png", "report.json"] {
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
