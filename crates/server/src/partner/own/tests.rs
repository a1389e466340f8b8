use super::*;

fn fact(sent_h: i64, opened_h: Option<i64>, outcome: Option<OutcomeCode>) -> Fact {
    let hour = |hour: i64| Timestamp::from_second(3_600 * hour).unwrap();
    Fact { sent: hour(sent_h), opened: opened_h.map(hour), answered: outcome.is_some(), outcome }
}

#[test]
fn who_has_not_had_a_day_yet_is_not_counted_as_slow() {
    let now = Timestamp::from_second(3_600 * 100).unwrap();
    let nothing = Some(OutcomeCode::NothingFound);
    let facts = [
        fact(0, Some(5), nothing),
        fact(0, Some(60), nothing),
        fact(0, None, None),
        fact(90, None, None),
        fact(90, Some(91), None),
    ];
    let own = Own::counted(&facts, now);
    assert_eq!((own.sent, own.opened, own.answered), (5, 3, 2));
    assert_eq!((own.within_a_day, own.had_a_day), (2, 4));
    assert_eq!(own.outcomes, [(OutcomeCode::NothingFound, 2)]);
}

#[test]
fn nobody_has_figures_of_nothing() {
    assert_eq!(figures(Language::Es, &Own::counted(&[], Timestamp::UNIX_EPOCH)), "");
}
