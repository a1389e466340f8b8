use super::*;

#[test]
fn a_name_waits_after_ten_failures_for_a_quarter_of_an_hour() {
    let (throttle, start) = (Throttle::default(), Instant::now());
    for _ in 0..FORGIVEN {
        assert_eq!(throttle.wait("ana", start), None);
        throttle.failed("ana", start);
    }
    assert_eq!(throttle.wait("ana", start), Some(WINDOW));
    assert_eq!(throttle.wait("eva", start), None, "others do not wait");
    assert_eq!(throttle.wait("ana", start + WINDOW), None);
    throttle.failed("ana", start + WINDOW);
    assert_eq!(throttle.wait("ana", start + WINDOW), None, "counting begins again");
}

#[test]
fn getting_in_is_forgiving() {
    let (throttle, start) = (Throttle::default(), Instant::now());
    (0..FORGIVEN).for_each(|_| throttle.failed("ana", start));
    throttle.passed("ana");
    assert_eq!(throttle.wait("ana", start), None);
}

#[test]
fn guessing_names_does_not_fill_the_memory() {
    let (throttle, start) = (Throttle::default(), Instant::now());
    (0..NAMES * 3).for_each(|n| throttle.failed(&n.to_string(), start));
    assert!(throttle.0.lock().unwrap().len() <= NAMES);
}
