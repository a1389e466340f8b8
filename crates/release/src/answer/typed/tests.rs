use proptest::prelude::*;

use super::*;

#[test]
fn amounts_are_read_as_people_write_them() {
    let read = |text| amount(text).map_err(|error| error.to_string());
    for (text, value) in [
        ("12", 12.0),
        (" 12,5 ", 12.5),
        ("12.5", 12.5),
        ("0.125", 0.125),
        ("0,125", 0.125),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1_234_567.0),
        ("1 200", 1200.0),
        ("1234.567", 1234.567),
    ] {
        assert_eq!(read(text), Ok(value), "{text}");
    }
    for text in ["1.234", "12,345"] {
        assert!(matches!(amount(text), Err(AnswerError::Ambiguous(_))), "{text}");
    }
    for text in ["", "-3", "1e5", "12 kg", "0", "1.2.3", "99999999", ".", "1,23,4.5"] {
        assert!(matches!(amount(text), Err(AnswerError::Amount(_))), "{text}");
    }
}

#[test]
fn places_are_read_as_people_paste_them() {
    let read = |text: &str| place(text).map(|at| (at.latitude.0, at.longitude.0)).ok();
    for text in [
        "31.84, -106.2",
        "31.84,-106.2",
        "31.84 -106.2",
        "31,84 -106,2",
        "31,84, -106,2",
        "geo:31.84,-106.2?z=14",
        " 31.84°, \u{2212}106.2° ",
    ] {
        assert_eq!(read(text), Some((31.84, -106.2)), "{text}");
    }
    for text in ["", "31.84", "91, 0", "0, 181", "a, b", "31,84,-106,2", "NaN, 1"] {
        assert_eq!(read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_people_type_never_panics(text in "\\PC{0,40}") {
        let _ = (amount(&text), count(&text), place(&text));
    }

    #[test]
    fn an_amount_that_was_read_is_within_what_is_possible(text in "[0-9]{0,4}[.,]?[0-9]{0,3}[.,]?[0-9]{0,4}") {
        if let Ok(amount) = amount(&text) {
            prop_assert!(amount > 0.0 && amount <= 1e7);
        }
    }
}
