use super::*;

#[test]
fn a_stage_that_errs_fails_the_whole_and_lets_the_next_one_run() {
    let mut stages = Stages::of(3);
    let mut reached = false;

    stages.run("first", || Ok(true));
    stages.run("second", || anyhow::bail!("no"));
    stages.run("third", || {
        reached = true;
        Ok(true)
    });

    assert!(reached);
    assert!(!stages.passed());
    assert!(stages.table().contains("second       FAILED"), "{}", stages.table());
}

#[test]
fn a_watched_command_keeps_both_of_its_streams() {
    let (passed, kept) =
        watched(Command::new("sh").args(["-c", "echo seen; echo heard >&2; exit 3"])).unwrap();

    assert!(!passed);
    assert!(kept.contains("seen\n") && kept.contains("heard\n"), "{kept}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let error = succeeds(&mut Command::new("no-such-program-here")).unwrap_err();

    assert!(error.to_string().contains("no-such-program-here"), "{error}");
}
