//! What is told to recipients, and what they say.

use std::time::Duration;

use cathartes_store::{
    Actor, AnswerState, AttemptRule, MessageKind, MessageState, NewAnswer, NewMessage, Opened,
    Outcome, Release, StoreError, Via, digest_of, message_key,
};
use serde_json::json;

use super::{
    House, at,
    releases::{DAY, answer_to, carry, outcome_of, sealed, who},
};

fn partner() -> Actor {
    Actor::Recipient("PE-1".to_owned())
}

fn reminder(release: &Release, number: u32, due: i64) -> NewMessage {
    NewMessage {
        key: message_key(release.id, MessageKind::Reminder, number),
        recipient: release.recipient.clone(),
        release: Some(release.id),
        kind: MessageKind::Reminder,
        body: json!({ "es": "dos toques bastan" }),
        needs_approval: false,
        due: at(due),
    }
}

pub(crate) async fn a_message_goes_when_it_is_due_and_its_carrier_says_so(house: &House) {
    let store = &house.store;
    let minute = Duration::from_secs(60);
    let release = sealed(house, "PE-1", "R-1").await;
    assert!(store.take_message("one", at(179), minute).await.unwrap().is_none(), "not due yet");
    let lost = store.take_message("one", at(180), minute).await.unwrap().unwrap();
    assert!(store.take_message("two", at(230), minute).await.unwrap().is_none(), "one carries it");
    let taken = store.take_message("two", at(240), minute).await.unwrap().unwrap();
    assert_eq!(taken.message.id, lost.message.id, "one was lost with it");
    let late = store.message_sent(&lost, at(241)).await.unwrap_err().to_string();
    assert!(late.contains("carried by somebody else"), "{late}");
    store.message_failed(&taken, ("no road", at(1_000)), at(250)).await.unwrap();
    assert!(store.take_message("two", at(999), minute).await.unwrap().is_none(), "not before then");
    let again = store.take_message("two", at(1_000), minute).await.unwrap().unwrap();
    store.message_sent(&again, at(1_010)).await.unwrap();
    store.message_sent(&again, at(1_020)).await.unwrap();
    let message = store.message(again.message.id).await.unwrap().unwrap();
    assert_eq!((message.state, message.attempts), (MessageState::Sent, 2));
    assert_eq!(message.sent, Some((at(1_010), "worker:two".to_owned())));
    let twice = store.message_sent(&lost, at(1_030)).await.unwrap_err().to_string();
    assert!(twice.contains("was sent already"), "{twice}");
    let sent = store.release(release.id).await.unwrap().unwrap().sent;
    assert_eq!(sent, Some(at(1_010)));
}

pub(crate) async fn the_same_message_is_told_once(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let new = reminder(&release, 1, 5_000);
    let kept = store.add_message(&Actor::Server, &new, at(200)).await.unwrap();
    let before = store.audit_seq().await.unwrap();
    let worded = NewMessage { body: json!({ "es": "otra vez" }), ..new.clone() };
    assert_eq!(store.add_message(&Actor::Server, &worded, at(900)).await.unwrap(), kept);
    assert_eq!(store.audit_seq().await.unwrap(), before, "nothing is written");
    let other = NewMessage { kind: MessageKind::Correction, ..new.clone() };
    let used = store.add_message(&Actor::Server, &other, at(900)).await.unwrap_err();
    assert!(matches!(used, StoreError::Conflict { what: "key", .. }), "{used:?}");
    let foreign = NewMessage { recipient: "CO-2".to_owned(), ..reminder(&release, 2, 0) };
    let refused = store.add_message(&Actor::Server, &foreign, at(900)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Absent { what: "recipient", .. }), "{refused:?}");
    let long = NewMessage { body: json!("x".repeat(70_000)), ..reminder(&release, 3, 0) };
    let refused = store.add_message(&Actor::Server, &long, at(900)).await.unwrap_err();
    assert!(refused.to_string().contains("at most 65536 are kept"), "{refused}");
}

pub(crate) async fn an_escalation_waits_for_somebody_to_approve_its_words(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    carry(house, at(200)).await.unwrap();
    let escalation = |number| NewMessage {
        key: message_key(release.id, MessageKind::Escalation, number),
        kind: MessageKind::Escalation,
        needs_approval: true,
        ..reminder(&release, number, 300)
    };
    let kept = store.add_message(&Actor::Server, &escalation(1), at(250)).await.unwrap();
    assert_eq!(kept.state, MessageState::NeedsApproval);
    assert!(carry(house, at(9_000)).await.is_none(), "it does not go by itself");
    assert_eq!(store.waiting_messages(false, at(299), 10).await.unwrap(), []);
    assert_eq!(store.waiting_messages(false, at(300), 10).await.unwrap(), vec![kept.clone()]);
    let worker = Actor::Worker("w".to_owned());
    let nobody = store.approve_message(&worker, kept.id, &kept.body_sha256, at(310)).await;
    assert!(nobody.unwrap_err().to_string().contains("with an account"));
    let other = store.approve_message(&who("eva"), kept.id, &digest_of(b"other"), at(310)).await;
    assert!(other.unwrap_err().to_string().contains("not what was shown"));
    let shown = &kept.body_sha256;
    let approved = store.approve_message(&who("eva"), kept.id, shown, at(310)).await.unwrap();
    assert_eq!(approved.approved, Some((at(310), "account:eva".to_owned())));
    assert_eq!(
        store.approve_message(&who("eva"), kept.id, shown, at(320)).await.unwrap(),
        approved
    );
    assert_eq!(store.waiting_messages(true, at(320), 10).await.unwrap(), [approved]);
    assert_eq!(carry(house, at(330)).await.unwrap().id, kept.id);
    let second = store.add_message(&Actor::Server, &escalation(2), at(400)).await.unwrap();
    let dropped = store.drop_message(&who("eva"), second.id, "they called", at(410)).await.unwrap();
    assert_eq!(dropped.state, MessageState::Dropped);
    let late = store.approve_message(&who("eva"), second.id, shown, at(420)).await.unwrap_err();
    assert!(late.to_string().contains("waits for no approval"), "{late}");
    let facts = store.release_facts(None, 10).await.unwrap();
    assert_eq!((facts[0].reminders, facts[0].escalations), (0, 1));
}

pub(crate) async fn an_outcome_ends_what_is_asked(house: &House) {
    let store = &house.store;
    let minute = Duration::from_secs(60);
    let release = sealed(house, "PE-1", "R-1").await;
    carry(house, at(200)).await.unwrap();
    let first =
        store.add_message(&Actor::Server, &reminder(&release, 1, 300), at(250)).await.unwrap();
    let second =
        store.add_message(&Actor::Server, &reminder(&release, 2, 900), at(250)).await.unwrap();
    let carried = store.take_message("one", at(300), minute).await.unwrap().unwrap();
    assert_eq!(carried.message.id, first.id);
    let found = outcome_of(release.id, "k1", Outcome::NothingFound);
    store.add_answer(&partner(), &found, at(310)).await.unwrap();
    assert!(carry(house, at(9_000)).await.is_none(), "nothing more is asked");
    // What was on its way when the outcome came did go out, and the record says so.
    store.message_sent(&carried, at(320)).await.unwrap();
    let states = [first.id, second.id].map(|id| store.message(id));
    let [first, second] = states;
    assert_eq!(first.await.unwrap().unwrap().state, MessageState::Sent);
    assert_eq!(second.await.unwrap().unwrap().state, MessageState::Dropped);
    assert_eq!(store.check().await.unwrap().damages, []);
}

pub(crate) async fn the_same_answer_on_two_ways_is_one(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let page = NewAnswer {
        details: json!({ "litres": 20 }),
        ..outcome_of(release.id, "k1", Outcome::Seized)
    };
    let file = NewAnswer { via: Via::File, at: at(1), ..page.clone() };
    let all = (0..8).map(|i| {
        let (store, one) = (store.clone(), if i % 2 == 0 { page.clone() } else { file.clone() });
        tokio::spawn(async move { store.add_answer(&partner(), &one, at(2_000 + i)).await })
    });
    let (mut kept, mut new) = (Vec::new(), 0);
    for one in all.collect::<Vec<_>>() {
        let (answer, is_new) = one.await.unwrap().unwrap();
        kept.push(answer);
        new += i32::from(is_new);
    }
    kept.dedup();
    assert_eq!((kept.len(), new), (1, 1));
    assert_eq!(store.answers(release.id).await.unwrap(), kept);
    let forged = NewAnswer { outcome: Some(Outcome::Dismantled), ..page };
    let used = store.add_answer(&partner(), &forged, at(3_000)).await.unwrap_err();
    assert!(used.to_string().contains("used for something else"), "{used}");
}

pub(crate) async fn of_several_answers_the_latest_said_holds(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let said =
        |key: &str, state, when| NewAnswer { at: at(when), ..answer_to(release.id, key, state) };
    let on_the_way = said("k2", AnswerState::OnTheWay, 2_000);
    store.add_answer(&partner(), &on_the_way, at(2_000)).await.unwrap();
    // On paper since yesterday.
    let assigned = said("k1", AnswerState::Assigned, 1_000);
    store.add_answer(&who("eva"), &assigned, at(3_000)).await.unwrap();
    let holds = store.release(release.id).await.unwrap().unwrap().answer.unwrap();
    assert_eq!((holds.state, holds.number), (AnswerState::OnTheWay, 1));
    // A clock that is years ahead does not speak last for ever.
    let ahead = said("k3", AnswerState::Received, 900 * DAY);
    let (kept, _) = store.add_answer(&partner(), &ahead, at(4_000)).await.unwrap();
    assert_eq!(kept.at, at(4_000));
    let found = NewAnswer { at: at(5_000), ..outcome_of(release.id, "k4", Outcome::Dismantled) };
    store.add_answer(&partner(), &found, at(5_000)).await.unwrap();
    let holds = store.release(release.id).await.unwrap().unwrap().answer.unwrap();
    assert_eq!(holds.outcome, Some(Outcome::Dismantled));
    let facts = &store.release_facts(None, 10).await.unwrap()[0];
    assert_eq!((facts.answered, facts.assigned), (Some(at(1_000)), Some(at(1_000))));
    assert_eq!((facts.on_the_way, facts.ended), (Some(at(2_000)), Some(at(5_000))));
}

pub(crate) async fn nobody_answers_for_another_and_nothing_half(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let other = Actor::Recipient("CO-2".to_owned());
    let assigned = answer_to(release.id, "k1", AnswerState::Assigned);
    let refused = store.add_answer(&other, &assigned, at(1)).await.unwrap_err();
    assert!(refused.to_string().contains("did not go to CO-2"), "{refused}");
    let refused = store.add_receipt(&other, (release.id, Opened::Release), Via::Page, at(1)).await;
    assert!(refused.unwrap_err().to_string().contains("did not go to CO-2"));
    for (change, words) in [
        (
            (|a: &mut NewAnswer| a.outcome = Some(Outcome::Seized)) as fn(&mut NewAnswer),
            "what came of it",
        ),
        (|a| a.state = AnswerState::Outcome, "what came of it"),
        (|a| a.state = AnswerState::Dispute, "until which it is answered"),
        (|a| a.note = "x".repeat(1_001), "at most 1000 are kept"),
        (|a| a.details = json!([1]), "an object of JSON"),
        (|a| a.key.clear(), "is empty"),
        (|a| a.note.push('\0'), "NUL"),
    ] {
        let mut odd = assigned.clone();
        change(&mut odd);
        let refused = store.add_answer(&partner(), &odd, at(1)).await.unwrap_err();
        assert!(refused.to_string().contains(words), "{words}: {refused}");
    }
    assert_eq!(store.answers(release.id).await.unwrap(), []);
}

pub(crate) async fn a_dispute_is_answered_once(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let new = NewAnswer {
        due: Some(at(9 * DAY)),
        note: "there is a school".to_owned(),
        ..answer_to(release.id, "k1", AnswerState::Dispute)
    };
    let (dispute, _) = store.add_answer(&partner(), &new, at(1_000)).await.unwrap();
    assert_eq!(store.open_disputes(10).await.unwrap(), vec![dispute.clone()]);
    let silent = store.reply_to(&who("eva"), dispute.id, " ", at(1_100)).await.unwrap_err();
    assert!(silent.to_string().contains("is empty"), "{silent}");
    let (reply, message) =
        store.reply_to(&who("eva"), dispute.id, "you are right", at(1_100)).await.unwrap();
    assert_eq!(message.what.kind, MessageKind::Reply);
    let again = store.reply_to(&who("eva"), dispute.id, "you are right", at(1_200)).await.unwrap();
    assert_eq!(again, (reply.clone(), message));
    let other =
        store.reply_to(&who("leo"), dispute.id, "you are wrong", at(1_200)).await.unwrap_err();
    assert!(other.to_string().contains("answered already"), "{other}");
    assert_eq!(store.open_disputes(10).await.unwrap(), []);
    let [kept] = store.disputes(release.id).await.unwrap().try_into().unwrap();
    assert_eq!((kept.answer, kept.reply), (dispute, Some(reply)));
    let found = outcome_of(release.id, "k2", Outcome::WrongPlace);
    let (found, _) = store.add_answer(&partner(), &found, at(2_000)).await.unwrap();
    let nothing = store.reply_to(&who("eva"), found.id, "thanks", at(2_100)).await.unwrap_err();
    assert!(nothing.to_string().contains("disputes nothing"), "{nothing}");
    assert_eq!(store.release_facts(None, 1).await.unwrap()[0].replied, Some(at(1_100)));
}

pub(crate) async fn a_door_locks_after_too_many_attempts(house: &House) {
    let store = &house.store;
    let rule = AttemptRule {
        most: 5,
        within: Duration::from_secs(600),
        locked_for: Duration::from_secs(900),
    };
    let all = (0..12).map(|_| {
        let store = store.clone();
        tokio::spawn(
            async move { store.count_attempt(&partner(), "PE-1", rule, at(0)).await.unwrap() },
        )
    });
    let mut looked_at = 0;
    for one in all.collect::<Vec<_>>() {
        looked_at += i32::from(one.await.unwrap().is_none());
    }
    assert_eq!(looked_at, 5, "many at once are not more than one after the other");
    assert_eq!(store.locked_until("PE-1", at(1)).await.unwrap(), Some(at(900)));
    assert_eq!(store.locked_until("CO-2", at(1)).await.unwrap(), None);
    assert_eq!(store.locked_until("PE-1", at(900)).await.unwrap(), None);
    assert_eq!(store.count_attempt(&partner(), "PE-1", rule, at(901)).await.unwrap(), None);
    for n in 0..4 {
        assert_eq!(store.count_attempt(&partner(), "PE-1", rule, at(902 + n)).await.unwrap(), None);
    }
    store.forget_attempts(&partner(), "PE-1").await.unwrap();
    for n in 0..5 {
        assert_eq!(store.count_attempt(&partner(), "PE-1", rule, at(910 + n)).await.unwrap(), None);
    }
    assert_eq!(
        store.count_attempt(&partner(), "PE-1", rule, at(3_000)).await.unwrap(),
        None,
        "old"
    );
}
