use super::*;

fn ledger(numbers: &[f64]) -> Ledger {
    let term = |&ln_odds: &f64| Term { observation: None, at: None, words: "x".into(), ln_odds };
    Ledger { terms: numbers.iter().map(term).collect() }
}

#[test]
fn a_ledger_is_added_up_from_the_first_line() {
    // In any other order the small ones are lost.
    let numbers = [1e16, 1.0, -1e16];

    assert_eq!(ledger(&numbers).ln_odds(), (0.0 + 1e16 + 1.0) - 1e16);
    assert_eq!(ledger(&[]).probability(), 0.5);
}

#[test]
fn odds_of_three_to_one_are_three_quarters() {
    assert!((ledger(&[3.0_f64.ln()]).probability() - 0.75).abs() < 1e-15);
}

#[test]
fn a_ledger_reads_as_lines_and_their_sum() {
    let text = ledger(&[-2.0, 5.0]).to_string();

    assert_eq!(text, "  -2.000  x\n  +5.000  x\n  +3.000  together: 95.3 %");
}

#[test]
fn a_number_is_written_and_read_as_a_uuid() {
    let text = "0190b6a0-0000-7000-8000-00000000001a";
    let site = SiteId::try_from(text.to_owned()).unwrap();

    assert_eq!(String::from(site), text);
    assert!(SiteId::try_from("17".to_owned()).is_err());
}
