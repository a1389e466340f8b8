use super::*;

#[test]
fn a_moment_later_is_a_whole_millisecond() {
    let start: Timestamp = "2026-10-05T06:00:00Z".parse().unwrap();
    assert_eq!(later(start, 1.000_2).unwrap().to_string(), "2026-10-05T06:00:01.001Z");
    assert!(later(start, 1e15).is_none());
}
