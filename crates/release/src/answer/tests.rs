use proptest::prelude::*;

use super::*;

fn kept(answer: &Answer) -> Answer {
    serde_json::from_str(&serde_json::to_string(answer).unwrap()).unwrap()
}

#[test]
fn every_answer_has_a_name_that_names_it() {
    let reasons = Reason::ALL
        .map(|reason| Answer { reason: Some(reason), ..Answer::outcome(OutcomeCode::CannotAct) });
    let outcomes = OutcomeCode::ALL.into_iter().filter(|code| *code != OutcomeCode::CannotAct);
    let states = State::ALL.into_iter().filter(|state| *state != State::Outcome);
    let all = states.map(Answer::state).chain(outcomes.map(Answer::outcome)).chain(reasons);
    for answer in all {
        let again = Answer::named(&answer.name()).unwrap().checked().unwrap();
        assert_eq!(again, answer);
        assert_eq!(kept(&answer), answer);
    }
}

#[test]
fn what_contradicts_itself_is_no_answer() {
    let error = |answer: Answer| answer.checked().unwrap_err().to_string();
    let cannot = Answer::outcome(OutcomeCode::CannotAct);
    assert_eq!(error(cannot), "who cannot act says why, and nobody else does");
    let mut assigned = Answer::state(State::Assigned);
    assigned.details.arrests = Some(1);
    assert_eq!(error(assigned), "an outcome says what came of it, and nothing else does");
    assert_eq!(
        error(Answer::state(State::Outcome)),
        "an outcome says what came of it, and nothing else does"
    );
    let mut long = Answer::state(State::Received);
    long.note = "ñ".repeat(1_001);
    assert_eq!(error(long), "the note has 1001 characters: write 1000 at most");
    let mut seized = Answer::outcome(OutcomeCode::Seized);
    seized.details.seized =
        vec![Seized { goods: Goods::Product, amount: f64::NAN, unit: Unit::Kg }];
    assert_eq!(error(seized), "`NaN` is no amount: write digits, as 12.5");
    for word in ["outcome", "cannot_act.", "seized.x", "", "Assigned", "received\0"] {
        assert!(matches!(Answer::named(word), Err(AnswerError::Unknown(_))), "{word}");
    }
}

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
        let _ = (amount(&text), count(&text), place(&text), Answer::named(&text));
    }

    #[test]
    fn an_amount_that_was_read_is_within_what_is_possible(text in "[0-9]{0,4}[.,]?[0-9]{0,3}[.,]?[0-9]{0,4}") {
        if let Ok(amount) = amount(&text) {
            prop_assert!(amount > 0.0 && amount <= 1e7);
        }
    }
}
