use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::survival::Curve;

fn day(days: i64) -> Timestamp {
    let first: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * days)
}

fn sent_on(days: i64) -> History {
    History {
        release: "r".to_owned(),
        recipient: "MX-1".to_owned(),
        priority: 3,
        reason: "acetone".to_owned(),
        instrument: None,
        source: None,
        probability: None,
        detected: None,
        reviewed: None,
        released: None,
        sent: Some(day(days)),
        received: None,
        assigned: None,
        answered: None,
        ending: None,
        closed: None,
    }
}

fn ended(days: i64, truth: Truth) -> Ending {
    Ending { at: day(days), outcome: "x".to_owned(), truth }
}

#[test]
fn the_silent_count_as_waiting_until_now() {
    let opened = History { received: Some(day(2)), ..sent_on(0) };
    let all = [opened, sent_on(0), sent_on(5), sent_on(20)];

    let waits = waits(&all, Stretch::SentToReceipt, day(10));

    let told: Vec<_> = waits.iter().map(|wait| (wait.lasted.0 / 86_400.0, wait.ended)).collect();
    assert_eq!(told, [(2.0, true), (10.0, false), (5.0, false)]);
}

#[test]
fn what_was_closed_is_waited_for_no_longer_than_that() {
    let closed = History { closed: Some(day(3)), ..sent_on(0) };

    let waits = waits(&[closed], Stretch::SentToOutcome, day(10));

    assert_eq!((waits[0].lasted.0, waits[0].ended), (3.0 * 86_400.0, false));
}

#[test]
fn an_outcome_that_comes_without_a_word_before_ends_all_that_goes_before_it() {
    let all = [History { ending: Some(ended(4, Truth::There)), ..sent_on(0) }];

    for stretch in [Stretch::SentToReceipt, Stretch::SentToOutcome] {
        assert_eq!(waits(&all, stretch, day(10))[0].lasted.0, 4.0 * 86_400.0);
    }
    assert_eq!(waits(&all, Stretch::AssignedToOutcome, day(10))[0].lasted.0, 0.0);
    let counts = counts(&all, day(10));
    assert_eq!((counts.receipt.hits, counts.response.hits, counts.outcome.hits), (1, 1, 1));
}

#[test]
fn false_alarms_are_of_outcomes_that_tell_alone() {
    let with = |truth| History { ending: Some(ended(1, truth)), ..sent_on(0) };
    let all = [
        with(Truth::There),
        with(Truth::There),
        with(Truth::There),
        with(Truth::NotThere),
        with(Truth::Untold),
        sent_on(0),
    ];

    let counts = counts(&all, day(10));

    assert_eq!(counts.false_alarm.ratio(), Some(0.25));
    assert_eq!(counts.untold, 1);
    assert!(counts.false_alarm.is_of_few());
    assert_eq!(counts.outcome, Share::new(5, 6));
}

#[test]
fn what_happens_later_is_not_counted_yet() {
    let later =
        History { ending: Some(ended(8, Truth::There)), received: Some(day(6)), ..sent_on(0) };

    let counts = counts(&[later], day(5));

    assert_eq!((counts.receipt.hits, counts.outcome.hits), (0, 0));
}

#[test]
fn brier_scores_what_was_said_against_what_was() {
    let said =
        |p, truth| History { probability: Some(p), ending: Some(ended(1, truth)), ..sent_on(0) };
    let all = [said(0.9, Truth::There), said(0.9, Truth::NotThere), said(0.2, Truth::NotThere)];

    let scores = scores(&all, day(2)).unwrap();

    assert!((scores.brier_ratio.value - (0.01 + 0.81 + 0.04) / 3.0).abs() < 1e-12);
    assert!((scores.climate_ratio - 2.0 / 9.0).abs() < 1e-12);
    let told: Vec<_> =
        scores.reliability.iter().map(|one| (one.term, one.was.hits, one.was.of)).collect();
    assert_eq!(told, [(Likelihood::Unlikely, 0, 1), (Likelihood::VeryLikely, 1, 2)]);
    assert_eq!(super::scores(&[sent_on(0)], day(2)), None);
}

#[test]
fn groups_hold_everyone_and_those_who_do_not_say_as_unknown() {
    let named = History { instrument: Some("emit".to_owned()), ..sent_on(0) };
    let all = [named, sent_on(1)];

    let groups = grouped(&all, By::Instrument);

    assert_eq!(groups.keys().collect::<Vec<_>>(), ["emit", "unknown"]);
}

fn histories() -> impl Strategy<Value = Vec<History>> {
    let at = || prop::option::of((0_i64..60).prop_map(day));
    let truth = prop::sample::select(vec![Truth::There, Truth::NotThere, Truth::Untold]);
    let ending = prop::option::of((0_i64..60, truth).prop_map(|(on, truth)| Ending {
        at: day(on),
        outcome: String::new(),
        truth,
    }));
    let one = (at(), at(), at(), at(), ending, at(), 0.0..=1.0_f64);
    let one = one.prop_map(|(sent, received, assigned, answered, ending, closed, p)| History {
        sent,
        received,
        assigned,
        answered,
        ending,
        closed,
        probability: Some(p),
        ..sent_on(0)
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn shares_are_shares_and_who_ended_has_answered_and_opened(all in histories(), now in 0_i64..70) {
        let counts = counts(&all, day(now));
        prop_assert!(counts.outcome.hits <= counts.response.hits);
        prop_assert!(counts.response.hits <= counts.receipt.hits);
        prop_assert!(counts.receipt.hits <= counts.receipt.of);
        prop_assert_eq!(counts.false_alarm.of + counts.untold, counts.outcome.hits);
    }

    #[test]
    fn every_curve_has_as_many_ends_as_there_are(all in histories(), now in 0_i64..70) {
        for stretch in Stretch::ALL {
            let waits = waits(&all, stretch, day(now));
            let curve = Curve::of(&waits);
            prop_assert_eq!(curve.count(), waits.len() as u64);
        }
        let ended = Curve::of(&waits(&all, Stretch::SentToOutcome, day(now))).ended();
        prop_assert_eq!(ended, counts(&all, day(now)).outcome.hits);
    }

    #[test]
    fn groups_add_up_to_the_whole(all in histories()) {
        for by in By::ALL {
            let groups = grouped(&all, by);
            prop_assert_eq!(groups.values().map(Vec::len).sum::<usize>(), all.len());
        }
    }

    #[test]
    fn a_score_is_between_nought_and_one(all in histories()) {
        if let Some(scores) = scores(&all, day(70)) {
            prop_assert!((0.0..=1.0).contains(&scores.brier_ratio.value));
            prop_assert_eq!(scores.reliability.iter().map(|one| one.was.of).sum::<u64>(), scores.count);
        }
    }
}
