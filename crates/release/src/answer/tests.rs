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

proptest::proptest! {
    #[test]
    fn no_word_makes_it_panic(word in "\\PC{0,40}") {
        let _ = Answer::named(&word);
    }
}
