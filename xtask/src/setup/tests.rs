use super::*;

#[test]
fn a_probe_tells_a_program_that_is_there_from_one_that_is_not() {
    assert!(there(&["sh", "-c", "true"]));
    assert!(!there(&["sh", "-c", "false"]));
    assert!(!there(&["no-such-program-here", "--version"]));
    assert!(!there(&[]));
}

#[test]
fn node_is_new_enough_from_20_19_on() {
    assert!(new_enough("v20.19.0\n") && new_enough("v22.1.0"));
    assert!(!new_enough("v20.18.3") && !new_enough("v18.20.4") && !new_enough(""));
}
