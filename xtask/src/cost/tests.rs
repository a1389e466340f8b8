use super::*;

#[test]
fn a_busy_command_costs_time_and_memory() {
    let busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";

    let (passed, cost) = of(Command::new("sh").args(["-c", busy])).unwrap();

    assert!(passed);
    assert!(cost.wall_s > 0.01, "{cost:?}");
    if cfg!(target_os = "linux") {
        assert!(cost.cpu_s > 0.0 && cost.resident_mb > 0.1, "{cost:?}");
    }
}

#[test]
fn a_command_that_does_not_succeed_says_so() {
    assert!(!of(Command::new("sh").args(["-c", "exit 1"])).unwrap().0);
}
