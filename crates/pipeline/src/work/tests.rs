use std::io;

use super::*;

#[test]
fn trouble_with_the_disk_is_tried_again_and_a_bad_file_is_not() {
    let full = anyhow::Error::from(io::Error::from(io::ErrorKind::StorageFull)).context("maps");
    assert!(failure(&full).again_at.is_some());
    let bad = anyhow::anyhow!("line 13: `fwhm` has 2 entries, `bands` says 3").context("scene.hdr");
    let failure = failure(&bad);
    assert_eq!(failure.again_at, None);
    assert_eq!(failure.error, "scene.hdr: line 13: `fwhm` has 2 entries, `bands` says 3");
}

#[test]
fn workers_of_one_process_have_names_of_their_own() {
    assert_ne!(name(0), name(1));
    assert!(name(0).contains(&std::process::id().to_string()));
}
