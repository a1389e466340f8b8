use proptest::prelude::*;

use super::*;

fn read(block: &str) -> Result<Vec<f64>, String> {
    let mut ordinates = Ordinates::for_block(block, 1000);
    for line in block.lines() {
        ordinates.line(line)?;
    }
    Ok(ordinates.values)
}

#[test]
fn every_form_of_the_textbook_reads_the_same() {
    // The example of McDonald & Wilks: one line of eight ordinates in every form.
    let truth = [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0];
    for block in [
        "1 1 2 3 3 2 1 0 -1 -2 -3",
        "1+1+2+3+3+2+1+0-1-2-3",
        "1ABCCBA@abc",
        "1AJJ%jjjjjj",
        "1AJT%jX",
    ] {
        assert_eq!(read(block).as_deref(), Ok(&truth[..]), "{block}");
    }
}

#[test]
fn many_digits_and_repetitions_in_both_modes() {
    assert_eq!(read("400 A23b45S F0T").unwrap(), [123.0, -245.0, 60.0, 60.0]);
    assert_eq!(read("400A00K0U").unwrap(), [100.0, 120.0, 140.0, 160.0]);
    assert_eq!(read("400A00S2").unwrap(), [100.0; 12]);
}

#[test]
fn the_check_value_after_a_difference_is_compared_and_dropped() {
    assert_eq!(read("400A0J1J1\n402C2J1").unwrap(), [10.0, 21.0, 32.0, 43.0]);
    assert_eq!(
        read("400A0J1J1\n402C3J1").unwrap_err(),
        "the check value is 33, the line before ended in 32"
    );
    // Without a difference before it, the first value of a line is data.
    assert_eq!(read("400A0A0\n402A0").unwrap(), [10.0; 3]);
}

#[test]
fn exponents_are_exponents_only_among_plain_numbers() {
    assert_eq!(read("400 1.5E-3 2E3").unwrap(), [0.0015, 2000.0]);
    assert_eq!(read("400+12E5A1").unwrap(), [12.0, 55.0, 11.0]);
}

#[test]
fn nonsense_is_refused_in_a_sentence() {
    assert_eq!(read("400 12 ?").unwrap_err(), "`?` is not a number");
    assert_eq!(read("400 S").unwrap_err(), "a repetition of nothing");
    assert_eq!(read("400J").unwrap_err(), "a difference to nothing");
    assert_eq!(read("400AS99999").unwrap_err(), "a value cannot stand 199999 times");
}

/// Packs integers as DIFDUP, 7 to a line.
fn packed(values: &[i64]) -> String {
    let letter = |base: [char; 19], v: i64| {
        let text = v.unsigned_abs().to_string();
        let first = i64::from(text.as_bytes()[0] - b'0') * v.signum();
        format!("{}{}", base[(first + 9) as usize], &text[1..])
    };
    let squeezed: Vec<char> = "ihgfedcba@ABCDEFGHI".chars().collect();
    let differing: Vec<char> = "rqponmlkj%JKLMNOPQR".chars().collect();
    let mut lines = Vec::new();
    let mut from = 0;
    while from < values.len() {
        let check = from.saturating_sub(1);
        let mut line =
            format!("{check}{}", letter(squeezed.clone().try_into().unwrap(), values[check]));
        let first = if from == 0 { 1 } else { from };
        let until = (first + 7).min(values.len());
        for i in first..until {
            line += &letter(differing.clone().try_into().unwrap(), values[i] - values[i - 1]);
        }
        lines.push(line);
        from = until;
    }
    lines.join("\n")
}

proptest! {
    #[test]
    fn what_is_packed_is_read(values in prop::collection::vec(-100_000_i64..100_000, 2..60)) {
        let read = read(&packed(&values)).unwrap();
        prop_assert_eq!(read, values.iter().map(|&v| v as f64).collect::<Vec<_>>());
    }

    #[test]
    fn never_panics(text in "[-+0-9.A-Za-z%@ ,?é]{0,60}") {
        let _ = read(&text);
    }
}
