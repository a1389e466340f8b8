use super::*;

#[test]
fn a_probe_tells_a_program_that_is_there_from_one_that_is_not() {
    assert!(there(&["sh", "-c", "true"]));
    assert!(!there(&["sh", "-c", "false"]));
    assert!(!there(&["no-such-program-here", "--version"]));
    assert!(!there(&[]));
}
