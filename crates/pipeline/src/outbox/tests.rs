use super::*;

#[test]
fn no_two_keys_share_a_name_and_none_leaves_its_folder() {
    let keys = ["a/b/1", "a.b.1", "a_b_1", "a-b-1", "../a", "a b", "á", "A/b/1", "a%2Fb"];
    let names: std::collections::BTreeSet<_> = keys.map(plain).into_iter().collect();

    assert_eq!(names.len(), keys.len());
    assert!(names.iter().all(|name| !name.contains(['/', ' ']) && name.is_ascii()));
    assert_eq!(plain("../a"), "%2E%2E.a");
}

#[test]
fn a_file_is_whole_under_its_name_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.json");

    write(&path, b"first").unwrap();
    write(&path, b"second").unwrap();

    assert_eq!(fs::read(&path).unwrap(), b"second");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(write(&folder.path().join("no/such"), b"x").is_err());
}
