use super::*;

#[test]
fn seeds_are_a_range_or_the_usual_ones() {
    assert_eq!(range(&[]).unwrap(), None);
    assert_eq!(range(&["1:20"]).unwrap().as_deref(), Some("1:20"));
}

#[test]
fn what_is_no_range_is_refused_with_the_way_to_write_it() {
    let said = |words: &[&str]| range(words).unwrap_err().to_string();
    assert!(said(&["20"]).contains("write FROM:TO"));
    assert!(said(&["20:20"]).contains("holds no seed"));
    assert!(said(&["1:20", "30:40"]).contains("one range"));
}
