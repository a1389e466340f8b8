use super::*;

#[test]
fn the_size_of_a_file_is_never_said_too_small() {
    assert_eq!(
        (size(1), size(1_001), size(2_500_000)),
        ("1 kB".into(), "2 kB".into(), "2.5 MB".into())
    );
}
