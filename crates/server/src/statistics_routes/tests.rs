use super::*;

#[test]
fn what_two_said_is_counted_by_who_looked_first() {
    let pair = |first, second, times: usize| vec![[first, second]; times];
    let pairs = [
        pair(Verdict::Confirm, Verdict::Confirm, 40),
        pair(Verdict::Confirm, Verdict::Reject, 10),
        pair(Verdict::Reject, Verdict::Confirm, 20),
        pair(Verdict::Reject, Verdict::Reject, 30),
    ];
    let told = agreement(&pairs.concat());
    assert_eq!((&told["pairs"], &told["same"]), (&json!(100), &json!(70)));
    assert_eq!(told["table"][0], json!([40, 10, 0, 0]));
    assert!((told["kappa"].as_f64().unwrap() - 0.4).abs() < 1e-12);
    let nothing = agreement(&[]);
    assert_eq!((&nothing["kappa"], &nothing["interval"]), (&Value::Null, &Value::Null));
}

#[test]
fn the_middle_and_the_ninth_in_ten_of_what_was_waited_are_told() {
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let decision =
        |took: i64| Decision { began: at(100), at: at(100 + took), verdict: Verdict::Confirm };
    let all: Vec<Decision> = (0..=10).rev().map(decision).collect();
    assert_eq!(waited(&all), json!({ "median": 5.0, "p90": 9.0, "count": 11 }));
    assert_eq!(waited(&[]), json!({ "median": null, "p90": null, "count": 0 }));
}

#[test]
fn precision_is_of_what_was_confirmed_or_rejected() {
    let some = |name: Option<&str>, verdict, count| (name.map(str::to_owned), verdict, count);
    let told = instruments(vec![
        some(Some("emit"), Verdict::Confirm, 40),
        some(Some("emit"), Verdict::Reject, 5),
        some(Some("emit"), Verdict::Confirm, 5),
        some(Some("emit"), Verdict::CannotTell, 7),
        some(None, Verdict::CannotTell, 1),
    ]);
    assert_eq!(told[0]["precision"], 0.9);
    let interval = told[0]["interval"].as_array().unwrap();
    assert!((interval[0].as_f64().unwrap() - 0.808).abs() < 1e-3, "{interval:?}");
    assert_eq!((&told[1]["instrument"], &told[1]["precision"]), (&json!("unknown"), &Value::Null));
}

#[test]
fn what_recipients_found_is_told_of_outcomes_that_tell_and_says_that_they_are_few() {
    let some = |outcome, count| (Some("emit".to_owned()), outcome, count);
    let told = outcomes(vec![
        some(Outcome::Dismantled, 5),
        some(Outcome::Seized, 4),
        some(Outcome::NothingFound, 1),
        some(Outcome::CannotAct, 7),
        (None, Outcome::AlreadyKnown, 1),
    ]);
    assert_eq!(told[0]["precision"], 0.9);
    assert_eq!((&told[0]["untold"], &told[0]["few"]), (&json!(7), &json!(true)));
    assert_eq!((&told[1]["instrument"], &told[1]["precision"]), (&json!("unknown"), &Value::Null));
}
