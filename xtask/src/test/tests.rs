use super::*;

fn count(output: &str) -> Counts {
    let mut counts = Counts::default();
    counts.add(output);
    counts
}

#[test]
fn the_closing_lines_of_both_runners_are_counted() {
    let cargo = "test result: ok. 3 passed; 1 failed; 2 ignored; 0 measured; 4 filtered out\n";
    let nextest = "     Summary [   0.5s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped\n";

    assert_eq!(count(cargo), Counts { passed: 3, failed: 1, skipped: 2 });
    assert_eq!(count(nextest), Counts { passed: 11, failed: 1, skipped: 2 });
    assert_eq!(count(&format!("{cargo}noise\n{nextest}")).passed, 14);
}

#[test]
fn a_test_that_talks_about_passing_is_not_counted() {
    let repeated = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured\n";
    assert_eq!(count(repeated), Counts::default());
    assert_eq!(count("5 passed, said the test\n"), Counts::default());
}

#[test]
fn the_closing_line_names_skipped_tests_only_when_there_are_some() {
    let counts = Counts { passed: 7, failed: 0, skipped: 0 };

    assert_eq!(counts.closing_line(), "7 passed, 0 failed");
    assert_eq!(Counts { skipped: 2, ..counts }.closing_line(), "7 passed, 0 failed, 2 skipped");
}
