//! The loop: from a draft to its answer.

use std::time::Duration;

use cathartes_core::marking::{Classification, Marking};
use cathartes_store::{
    Actor, AnswerState, Basis, Draft, DraftQuery, DraftState, EventKind, Message, MessageKind,
    NewAnswer, NewDraft, NewMarking, NewMessage, NewRecall, NewRecipient, NewRelease, Opened,
    Outcome, Release, ReleaseQuery, Secret, StoreError, Subject, Via, digest_of, message_key,
};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{House, at, me, plume};

pub(crate) const DAY: i64 = 86_400;

pub(crate) fn who(name: &str) -> Actor {
    Actor::Account(name.to_owned())
}

pub(crate) fn body(code: &str) -> NewRecipient {
    let byte = code.bytes().fold(7, |sum: u8, b| sum.wrapping_mul(31).wrapping_add(b));
    NewRecipient {
        code: code.to_owned(),
        body: json!({ "name": format!("Body {code}"), "language": "es" }),
        secret: Secret([byte; 32]),
        link_sha256: [byte.wrapping_add(1); 32],
        pin_hash: "$argon2id$v=19$hash-of-the-pin".to_owned(),
        active: true,
        supersedes: None,
    }
}

pub(crate) async fn subject(house: &House) -> Subject {
    let seen = plume(46.0, 7.0, 0);
    Subject::Finding(house.store.add_findings(&me(), &[seen]).await.unwrap()[0])
}

pub(crate) async fn draft_of(
    house: &House,
    subject: Subject,
    recipient: &str,
    alias: &str,
) -> NewDraft {
    let put = |text: String| house.store.blobs().put(text.into_bytes());
    NewDraft {
        subject,
        recipient: recipient.to_owned(),
        alias: alias.to_owned(),
        answer_code: format!("{recipient}-{alias}"),
        product: put(format!("product {alias}")).await.unwrap(),
        content: put(format!("content {alias}")).await.unwrap(),
        differences: put(format!("differences {alias}")).await.unwrap(),
        residual: put(format!("residual {alias}")).await.unwrap(),
        dossier: put(format!("dossier {alias}")).await.unwrap(),
        manifest_sha256: digest_of(format!("manifest {alias}").as_bytes()),
        rules: "partner".to_owned(),
        rules_sha256: digest_of(b"rules"),
        supersedes: None,
        basis: Basis {
            detected: Some(at(-7_200)),
            reviewed: Some(at(-3_600)),
            priority: 2,
            reason: "laboratory".to_owned(),
            gas: Some("ch4".to_owned()),
            instrument: Some("AVIRIS".to_owned()),
            source: Some("image".to_owned()),
            analyst_band: Some("senior".to_owned()),
            probability: Some(0.875),
        },
        key: None,
    }
}

/// A finding and one recipient, and a draft between them that two approved.
pub(crate) async fn approved(house: &House, code: &str, alias: &str) -> Draft {
    if house.store.recipient(code).await.unwrap().is_none() {
        house.store.put_recipient(&me(), &body(code), at(0)).await.unwrap();
    }
    let new = draft_of(house, subject(house).await, code, alias).await;
    approve(house, house.store.add_draft(&me(), &new, at(0)).await.unwrap()).await
}

pub(crate) async fn approve(house: &House, draft: Draft) -> Draft {
    let shown = &draft.what.manifest_sha256;
    for (name, seconds) in [("eva", 60), ("leo", 120)] {
        let when = draft.at + jiff::SignedDuration::from_secs(seconds);
        house.store.approve_draft(&who(name), draft.id, shown, when).await.unwrap();
    }
    house.store.draft(draft.id).await.unwrap().unwrap()
}

pub(crate) async fn seal_of(house: &House, draft: &Draft) -> NewRelease {
    let sealed = format!("sealed {}", draft.what.alias).into_bytes();
    NewRelease {
        draft: draft.id,
        manifest_sha256: draft.what.manifest_sha256.clone(),
        dossier: house.store.blobs().put(sealed).await.unwrap(),
        expires: at(30 * DAY),
        body: json!({ "es": "Hay una publicación nueva" }),
    }
}

pub(crate) async fn sealed(house: &House, code: &str, alias: &str) -> Release {
    let draft = approved(house, code, alias).await;
    let seal = seal_of(house, &draft).await;
    house.store.seal_release(&who("leo"), &seal, at(180)).await.unwrap()
}

pub(crate) fn answer_to(release: Uuid, key: &str, state: AnswerState) -> NewAnswer {
    NewAnswer {
        release,
        key: key.to_owned(),
        state,
        outcome: None,
        details: json!({}),
        reason: None,
        note: String::new(),
        via: Via::Page,
        at: at(1_000),
        due: None,
    }
}

pub(crate) fn outcome_of(release: Uuid, key: &str, outcome: Outcome) -> NewAnswer {
    NewAnswer { outcome: Some(outcome), ..answer_to(release, key, AnswerState::Outcome) }
}

/// Carries what is due, and says so.
pub(crate) async fn carry(house: &House, now: Timestamp) -> Option<Message> {
    let minute = Duration::from_secs(60);
    let lease = house.store.take_message("courier", now, minute).await.unwrap()?;
    house.store.message_sent(&lease, now).await.unwrap();
    Some(lease.message)
}

fn is_refused<T: std::fmt::Debug>(result: Result<T, StoreError>, words: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

fn conflicts<T: std::fmt::Debug>(result: Result<T, StoreError>, words: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

pub(crate) async fn a_release_goes_from_draft_to_outcome(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    assert_eq!((release.sent, release.opened, &release.answer), (None, None, &None));
    let carried = carry(house, at(200)).await.unwrap();
    assert_eq!(carried.what.key, message_key(release.id, MessageKind::Release, 1));
    assert_eq!(carried.what.body, json!({ "es": "Hay una publicación nueva" }));
    assert!(carry(house, at(9_000)).await.is_none(), "it is carried once");
    let partner = Actor::Recipient("PE-1".to_owned());
    let opened = (release.id, Opened::Release);
    assert!(store.add_receipt(&partner, opened, Via::Page, at(300)).await.unwrap());
    assert!(!store.add_receipt(&partner, opened, Via::File, at(400)).await.unwrap());
    let assigned = answer_to(release.id, "k1", AnswerState::Assigned);
    store.add_answer(&partner, &assigned, at(1_100)).await.unwrap();
    let mut seized = outcome_of(release.id, "k2", Outcome::Seized);
    (seized.at, seized.details) = (at(2_000), json!({ "litres": 200 }));
    store.add_answer(&partner, &seized, at(2_100)).await.unwrap();
    let release = store.release(release.id).await.unwrap().unwrap();
    assert_eq!((release.sent, release.opened), (Some(at(200)), Some(at(300))));
    let answer = release.answer.unwrap();
    assert_eq!((answer.outcome, answer.number, answer.at), (Some(Outcome::Seized), 2, at(2_000)));
    assert_eq!((answer.received, answer.by.as_str()), (at(2_100), "recipient:PE-1"));
    let kinds: Vec<_> =
        store.timeline(release.id).await.unwrap().into_iter().map(|e| e.kind.word()).collect();
    let expected = "detected reviewed drafted approved approved sealed message message_sent opened answered answered";
    assert_eq!(kinds.join(" "), expected);
    let [facts] = store.release_facts(None, 10).await.unwrap().try_into().unwrap();
    assert_eq!(facts.basis, release.basis);
    assert_eq!((facts.drafted, facts.approved_once), (at(0), Some(at(60))));
    assert_eq!((facts.approved, facts.sealed, facts.sent), (Some(at(120)), at(180), Some(at(200))));
    assert_eq!((facts.opened, facts.answered), (Some(at(300)), Some(at(1_000))));
    assert_eq!(
        (facts.assigned, facts.on_the_way, facts.ended),
        (Some(at(1_000)), None, Some(at(2_000)))
    );
    assert_eq!((facts.outcome, facts.reminders), (Some(Outcome::Seized), 0));
    assert_eq!(store.open_releases(None, 10).await.unwrap(), [], "nothing is asked of it any more");
    assert_eq!(store.check().await.unwrap().damages, []);
}

pub(crate) async fn two_people_approve_what_they_were_shown(house: &House) {
    let store = &house.store;
    store.put_recipient(&me(), &body("PE-1"), at(0)).await.unwrap();
    let new = draft_of(house, subject(house).await, "PE-1", "R-1").await;
    let draft = store.add_draft(&me(), &new, at(0)).await.unwrap();
    let shown = &new.manifest_sha256;
    is_refused(store.approve_draft(&me(), draft.id, shown, at(1)).await, "ask two others");
    let other = digest_of(b"other bytes");
    is_refused(store.approve_draft(&who("eva"), draft.id, &other, at(1)).await, "look at it again");
    let worker = Actor::Worker("w".to_owned());
    is_refused(store.approve_draft(&worker, draft.id, shown, at(1)).await, "with an account");
    let seal = seal_of(house, &draft).await;
    conflicts(store.seal_release(&who("eva"), &seal, at(1)).await, "not approved by two");
    let once = store.approve_draft(&who("eva"), draft.id, shown, at(1)).await.unwrap();
    assert_eq!(once.state, DraftState::ApprovedOnce);
    let again = store.approve_draft(&who("eva"), draft.id, shown, at(2)).await.unwrap();
    assert_eq!(again, once, "the same by the same is the same");
    conflicts(store.seal_release(&who("eva"), &seal, at(2)).await, "not approved by two");
    let twice = store.approve_draft(&who("leo"), draft.id, shown, at(3)).await.unwrap();
    assert_eq!(twice.state, DraftState::Approved);
    assert_eq!(store.draft(draft.id).await.unwrap().unwrap(), twice);
    conflicts(store.approve_draft(&who("zoe"), draft.id, shown, at(4)).await, "by two already");
    let forged = NewRelease { manifest_sha256: other, ..seal.clone() };
    is_refused(store.seal_release(&who("leo"), &forged, at(5)).await, "what was approved is");
    let late = store.seal_release(&who("leo"), &seal, at(31 * DAY)).await;
    is_refused(late, "expired");
    let release = store.seal_release(&who("leo"), &seal, at(5)).await.unwrap();
    assert_eq!(store.seal_release(&who("zoe"), &seal, at(6)).await.unwrap(), release);
    assert_eq!(store.messages_about(release.id).await.unwrap().len(), 1, "and is told once");
    let log = store.audit_after(0, 100).await.unwrap();
    let sealed = log.iter().find(|entry| entry.action == "release.sealed").unwrap();
    assert_eq!(sealed.detail["approved_by"], json!(["account:eva", "account:leo"]));
}

pub(crate) async fn a_later_draft_makes_the_earlier_stale(house: &House) {
    let store = &house.store;
    let first = approved(house, "PE-1", "R-1").await;
    let waiting = DraftQuery { waiting: true, limit: 10, ..DraftQuery::default() };
    assert_eq!(store.drafts(&waiting).await.unwrap(), vec![first.clone()]);
    let new = draft_of(house, first.what.subject, "PE-1", "R-2").await;
    let second = store.add_draft(&me(), &new, at(500)).await.unwrap();
    assert_eq!((second.number, second.state), (2, DraftState::Open));
    let stale = store.draft(first.id).await.unwrap().unwrap();
    assert_eq!((stale.state, stale.approvals.len()), (DraftState::Stale, 2));
    let seal = seal_of(house, &first).await;
    conflicts(store.seal_release(&who("leo"), &seal, at(510)).await, "stale");
    let shown = &first.what.manifest_sha256;
    conflicts(store.approve_draft(&who("zoe"), first.id, shown, at(510)).await, "stale");
    conflicts(store.refuse_draft(&who("zoe"), first.id, "late", at(510)).await, "stale");
    assert_eq!(store.drafts(&waiting).await.unwrap(), vec![second.clone()]);
    store.put_recipient(&me(), &body("CO-2"), at(510)).await.unwrap();
    let new = draft_of(house, first.what.subject, "CO-2", "R-1").await;
    let other = store.add_draft(&me(), &new, at(510)).await.unwrap();
    let of_one = DraftQuery { recipient: Some("PE-1".to_owned()), ..waiting.clone() };
    assert_eq!(
        store.drafts(&of_one).await.unwrap(),
        vec![second.clone()],
        "for another it goes on"
    );
    let older = DraftQuery { before: Some(other.id), waiting: false, ..waiting.clone() };
    assert_eq!(store.drafts(&older).await.unwrap(), [second.clone(), stale]);
    let refused = store.refuse_draft(&who("eva"), second.id, "a flare", at(520)).await.unwrap();
    assert_eq!(refused.state, DraftState::Refused);
    let again = store.refuse_draft(&who("eva"), second.id, "a flare", at(530)).await.unwrap();
    assert_eq!(again, refused);
    conflicts(store.refuse_draft(&who("leo"), second.id, "a flare", at(530)).await, "was refused");
    assert_eq!(store.drafts(&waiting).await.unwrap(), [other]);
    assert_eq!(store.check().await.unwrap().damages, []);
}

pub(crate) async fn a_draft_is_nobody_elses_and_asked_for_once(house: &House) {
    let store = &house.store;
    store.put_recipient(&me(), &body("PE-1"), at(0)).await.unwrap();
    let seen = subject(house).await;
    let new = NewDraft { key: Some(Uuid::now_v7()), ..draft_of(house, seen, "PE-1", "R-1").await };
    let draft = store.add_draft(&me(), &new, at(0)).await.unwrap();
    let before = store.audit_seq().await.unwrap();
    assert_eq!(store.add_draft(&me(), &new, at(9)).await.unwrap(), draft);
    assert_eq!(store.audit_seq().await.unwrap(), before, "nothing is written");
    let other = NewDraft { alias: "R-9".to_owned(), ..new.clone() };
    conflicts(store.add_draft(&me(), &other, at(9)).await, "used for something else");
    let named = draft_of(house, seen, "PE-1", "R-1").await;
    conflicts(store.add_draft(&me(), &named, at(9)).await, "of another release");
    let coded = NewDraft { alias: "R-2".to_owned(), ..named.clone() };
    conflicts(store.add_draft(&me(), &coded, at(9)).await, "answer code");
    let unknown = draft_of(house, seen, "XX-9", "R-3").await;
    let absent = store.add_draft(&me(), &unknown, at(9)).await.unwrap_err();
    assert!(matches!(absent, StoreError::Absent { what: "recipient", .. }), "{absent:?}");
    let nothing = draft_of(house, Subject::Finding(Uuid::now_v7()), "PE-1", "R-4").await;
    let absent = store.add_draft(&me(), &nothing, at(9)).await.unwrap_err();
    assert!(matches!(absent, StoreError::Absent { what: "finding", .. }), "{absent:?}");
    for (change, words) in [
        ((|draft: &mut NewDraft| draft.alias.clear()) as fn(&mut NewDraft), "is empty"),
        (|draft| draft.basis.priority = 0, "1 to 5"),
        (|draft| draft.basis.probability = Some(1.5), "from 0 to 1"),
        (|draft| draft.manifest_sha256.0.push('x'), "is no SHA-256"),
    ] {
        let mut odd = draft_of(house, seen, "PE-1", "R-5").await;
        change(&mut odd);
        is_refused(store.add_draft(&me(), &odd, at(9)).await, words);
    }
}

pub(crate) async fn a_release_takes_the_place_of_an_earlier_one(house: &House) {
    let store = &house.store;
    let first = sealed(house, "PE-1", "R-1").await;
    let corrected = NewDraft {
        supersedes: Some(first.id),
        ..draft_of(house, first.subject, "PE-1", "R-2").await
    };
    let draft = store.add_draft(&me(), &corrected, at(500)).await.unwrap();
    let draft = approve(house, draft).await;
    let second =
        store.seal_release(&who("leo"), &seal_of(house, &draft).await, at(700)).await.unwrap();
    assert_eq!(second.supersedes, Some(first.id));
    let first = store.release(first.id).await.unwrap().unwrap();
    assert_eq!(first.superseded_by, Some(second.id));
    let open = ReleaseQuery { open: true, limit: 10, ..ReleaseQuery::default() };
    assert_eq!(store.releases(&open).await.unwrap(), vec![second.clone()]);
    let all = ReleaseQuery { subject: Some(first.subject), open: false, ..open };
    assert_eq!(store.releases(&all).await.unwrap(), [second.clone(), first.clone()]);
    let message = carry(house, at(800)).await.unwrap();
    assert_eq!(
        (message.what.kind, message.what.release),
        (MessageKind::Supersede, Some(second.id))
    );
    assert!(
        carry(house, at(800)).await.is_none(),
        "the first was not carried yet and is not any more"
    );
    let again = NewDraft {
        supersedes: Some(first.id),
        ..draft_of(house, first.subject, "PE-1", "R-3").await
    };
    conflicts(store.add_draft(&me(), &again, at(900)).await, "superseded already");
    store.put_recipient(&me(), &body("CO-2"), at(0)).await.unwrap();
    let foreign = NewDraft {
        supersedes: Some(second.id),
        ..draft_of(house, first.subject, "CO-2", "R-4").await
    };
    is_refused(store.add_draft(&me(), &foreign, at(900)).await, "same recipient only");
    let kinds: Vec<_> =
        store.timeline(first.id).await.unwrap().into_iter().map(|e| e.kind).collect();
    assert!(kinds.contains(&EventKind::Superseded) && kinds.contains(&EventKind::MessageDropped));
}

pub(crate) async fn what_is_called_back_is_told_and_nothing_else(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let reminder = NewMessage {
        key: message_key(release.id, MessageKind::Reminder, 1),
        recipient: "PE-1".to_owned(),
        release: Some(release.id),
        kind: MessageKind::Reminder,
        body: json!({}),
        needs_approval: false,
        due: at(5_000),
    };
    store.add_message(&Actor::Server, &reminder, at(200)).await.unwrap();
    let file = house.store.blobs().put(b"taken back".to_vec()).await.unwrap();
    let recall = NewRecall {
        release: release.id,
        reason: "the place was wrong".to_owned(),
        dossier: Some(file.clone()),
        body: json!({ "es": "anulado" }),
    };
    let worker = Actor::Worker("w".to_owned());
    is_refused(store.recall_release(&worker, &recall, at(300)).await, "with an account");
    let recalled = store.recall_release(&who("eva"), &recall, at(300)).await.unwrap();
    let why = recalled.recalled.clone().unwrap();
    assert_eq!(
        (why.reason.as_str(), why.at, why.by.as_str()),
        ("the place was wrong", at(300), "account:eva")
    );
    assert_eq!(why.dossier, Some(file.sha256));
    assert_eq!(store.recall_release(&who("leo"), &recall, at(400)).await.unwrap(), recalled);
    let other = NewRecall { reason: "something else".to_owned(), ..recall };
    conflicts(store.recall_release(&who("leo"), &other, at(400)).await, "recalled already");
    let told = carry(house, at(9_000)).await.unwrap();
    assert_eq!((told.what.kind, told.what.body), (MessageKind::Recall, json!({ "es": "anulado" })));
    assert!(carry(house, at(9_000)).await.is_none());
    let late = NewMessage { key: message_key(release.id, MessageKind::Reminder, 2), ..reminder };
    conflicts(store.add_message(&Actor::Server, &late, at(500)).await, "nothing is asked of it");
    assert_eq!(store.open_releases(None, 10).await.unwrap(), []);
    assert_eq!(store.check().await.unwrap().damages, []);
}

pub(crate) async fn a_recipient_is_what_was_said_of_it_last(house: &House) {
    let store = &house.store;
    let first = store.put_recipient(&me(), &body("PE-1"), at(0)).await.unwrap();
    conflicts(store.put_recipient(&me(), &body("PE-1"), at(1)).await, "changed meanwhile");
    let changed = NewRecipient {
        pin_hash: "$argon2id$another".to_owned(),
        supersedes: Some(first.id),
        ..body("PE-1")
    };
    let other = NewRecipient { secret: Secret([9; 32]), ..changed.clone() };
    is_refused(store.put_recipient(&me(), &other, at(1)).await, "the secret of a recipient stays");
    let second = store.put_recipient(&me(), &changed, at(1)).await.unwrap();
    assert_eq!(store.recipient("PE-1").await.unwrap(), Some(second.clone()));
    conflicts(store.put_recipient(&me(), &changed, at(2)).await, "changed meanwhile");
    let link = first.what.link_sha256;
    let taken = NewRecipient { link_sha256: link, ..body("CO-2") };
    is_refused(store.put_recipient(&me(), &taken, at(2)).await, "of another recipient");
    let co = store.put_recipient(&me(), &body("CO-2"), at(2)).await.unwrap();
    assert_eq!(store.recipients().await.unwrap(), [co, second.clone()]);
    assert_eq!(store.recipient_by_link(&link).await.unwrap(), Some(second.clone()));
    let ended = NewRecipient { active: false, supersedes: Some(second.id), ..changed };
    store.put_recipient(&me(), &ended, at(3)).await.unwrap();
    assert_eq!(store.recipient_by_link(&link).await.unwrap(), None, "its link leads nowhere");
    let new = draft_of(house, subject(house).await, "PE-1", "R-1").await;
    is_refused(store.add_draft(&me(), &new, at(4)).await, "receives nothing");
    for code in ["", "PE 1", "P/1", "ñ"] {
        let odd = NewRecipient { code: code.to_owned(), ..body("XX") };
        is_refused(store.put_recipient(&me(), &odd, at(5)).await, "is no code");
    }
    let log = format!("{:?}", store.audit_after(0, 100).await.unwrap());
    assert!(!log.contains("argon2id"), "{log}");
    assert!(!format!("{second:?}").contains(&format!("{:?}", second.what.secret.0)), "{second:?}");
}

pub(crate) async fn a_marking_is_what_was_said_last_and_none_is_none(house: &House) {
    let store = &house.store;
    let seen = subject(house).await;
    assert_eq!(store.marking(seen).await.unwrap(), None);
    let secret = Marking { classification: Classification::Secret, ..Marking::default() };
    let first = NewMarking {
        subject: seen,
        marking: Some(secret.clone()),
        overrides: [("place".to_owned(), Marking::default())].into(),
        why: "by the guide, 4.2".to_owned(),
        supersedes: None,
    };
    let worker = Actor::Worker("w".to_owned());
    is_refused(store.put_marking(&worker, &first, at(0)).await, "with an account");
    let silent = NewMarking { why: " ".to_owned(), ..first.clone() };
    is_refused(store.put_marking(&me(), &silent, at(0)).await, "is empty");
    let kept = store.put_marking(&me(), &first, at(0)).await.unwrap();
    conflicts(store.put_marking(&me(), &first, at(1)).await, "marked otherwise meanwhile");
    let taken_back = NewMarking {
        marking: None,
        overrides: [].into(),
        why: "nobody may have it".to_owned(),
        supersedes: Some(kept.id),
        ..first
    };
    let last = store.put_marking(&me(), &taken_back, at(2)).await.unwrap();
    assert_eq!(store.marking(seen).await.unwrap(), Some(last.clone()));
    assert_eq!(store.markings(seen).await.unwrap(), [kept, last]);
}

pub(crate) async fn many_who_seal_and_carry_at_once_tell_once(house: &House) {
    let store = &house.store;
    let draft = approved(house, "PE-1", "R-1").await;
    let seal = seal_of(house, &draft).await;
    let all = (0..8).map(|i| {
        let (store, seal) = (store.clone(), seal.clone());
        tokio::spawn(
            async move { store.seal_release(&who(&format!("p{i}")), &seal, at(180 + i)).await },
        )
    });
    let mut releases = Vec::new();
    for one in all.collect::<Vec<_>>() {
        releases.push(one.await.unwrap().unwrap());
    }
    releases.dedup();
    assert_eq!(releases.len(), 1, "{releases:?}");
    assert_eq!(store.messages_about(releases[0].id).await.unwrap().len(), 1);
    for n in 2..10 {
        sealed(house, "PE-1", &format!("R-{n}")).await;
    }
    let all = (0..6).map(|i| {
        let store = store.clone();
        tokio::spawn(async move {
            let (mut carried, hour) = (Vec::new(), Duration::from_secs(3_600));
            while let Some(lease) =
                store.take_message(&format!("c{i}"), at(1_000), hour).await.unwrap()
            {
                store.message_sent(&lease, at(1_000)).await.unwrap();
                carried.push(lease.message.what.key);
            }
            carried
        })
    });
    let mut carried = Vec::new();
    for one in all.collect::<Vec<_>>() {
        carried.extend(one.await.unwrap());
    }
    // On PostgreSQL a carrier goes home when others hold what it looked at: somebody carries the rest.
    while let Some(message) = carry(house, at(2_000)).await {
        carried.push(message.what.key);
    }
    let told = carried.len();
    carried.sort();
    carried.dedup();
    assert_eq!((told, carried.len()), (9, 9));
    assert_eq!(store.check().await.unwrap().damages, []);
}

/// Every table of the loop has at least one row after this.
pub(crate) async fn fill(house: &House) {
    let store = &house.store;
    let release = sealed(house, "PE-1", "R-1").await;
    let partner = Actor::Recipient("PE-1".to_owned());
    let minute = Duration::from_secs(60);
    let lease = store.take_message("courier", at(200), minute).await.unwrap().unwrap();
    store.message_failed(&lease, ("no road", at(300)), at(210)).await.unwrap();
    carry(house, at(400)).await.unwrap();
    store.add_receipt(&partner, (release.id, Opened::Release), Via::Page, at(500)).await.unwrap();
    let dispute =
        NewAnswer { due: Some(at(9 * DAY)), ..answer_to(release.id, "k1", AnswerState::Dispute) };
    let (dispute, _) = store.add_answer(&partner, &dispute, at(600)).await.unwrap();
    store.reply_to(&who("eva"), dispute.id, "you are right", at(700)).await.unwrap();
    let escalation = NewMessage {
        key: message_key(release.id, MessageKind::Escalation, 1),
        recipient: "PE-1".to_owned(),
        release: Some(release.id),
        kind: MessageKind::Escalation,
        body: json!({ "es": "¿hay novedades?" }),
        needs_approval: true,
        due: at(800),
    };
    let escalation = store.add_message(&Actor::Server, &escalation, at(700)).await.unwrap();
    store
        .approve_message(&who("leo"), escalation.id, &escalation.body_sha256, at(710))
        .await
        .unwrap();
    let file = house.store.blobs().put(b"taken back".to_vec()).await.unwrap();
    let recall = NewRecall {
        release: release.id,
        reason: "the place was wrong".to_owned(),
        dossier: Some(file),
        body: json!({}),
    };
    store.recall_release(&who("eva"), &recall, at(720)).await.unwrap();
    sealed(house, "PE-1", "R-2").await;
    let draft = approved(house, "PE-1", "R-3").await;
    store.refuse_draft(&who("eva"), draft.id, "a flare", at(800)).await.unwrap();
    approved(house, "PE-1", "R-4").await;
    let marking = NewMarking {
        subject: release.subject,
        marking: Some(Marking::default()),
        overrides: [].into(),
        why: "by the guide".to_owned(),
        supersedes: None,
    };
    store.put_marking(&me(), &marking, at(0)).await.unwrap();
}

pub(crate) async fn nothing_of_the_loop_can_be_changed(house: &House) {
    fill(house).await;
    for table in [
        "recipient",
        "marking",
        "release_draft",
        "approval",
        "refusal",
        "release",
        "recall",
        "message",
        "message_approval",
        "message_dropped",
        "delivery",
        "receipt",
        "answer",
        "reply",
    ] {
        for sql in [format!("UPDATE {table} SET created_by = 'x'"), format!("DELETE FROM {table}")]
        {
            let refused = house.past_the_store(&sql).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
    }
}

pub(crate) async fn what_left_without_two_approvals_is_found(house: &House) {
    fill(house).await;
    assert_eq!(house.store.check().await.unwrap().damages, []);
    let postgres = house.location.database.is_some();
    let unguard = if postgres {
        "ALTER TABLE approval DISABLE TRIGGER ALL; ALTER TABLE message DISABLE TRIGGER ALL;"
    } else {
        "DROP TRIGGER approval_remains; DROP TRIGGER message_stays;"
    };
    let forge = "DELETE FROM approval WHERE number = 2; DELETE FROM outbox; DELETE FROM waiting_draft; \
                 UPDATE message SET body = '{}' WHERE kind = 'escalation';";
    house.past_the_store(&format!("{unguard}{forge}")).await.unwrap();
    let damages = house.store.check().await.unwrap().damages;
    let said: Vec<_> = damages.iter().map(ToString::to_string).collect();
    let count = |words: &str| said.iter().filter(|one| one.contains(words)).count();
    assert_eq!(count("left without two approvals"), 2, "{said:?}");
    assert_eq!(count("waits, and nobody sees it"), 4, "{said:?}");
    assert_eq!(count("is not what its digest says"), 1, "{said:?}");
}

pub(crate) async fn a_backup_holds_the_loop(house: &House) {
    fill(house).await;
    let folder = house.path("backup");
    house.store.backup(&me(), &folder).await.unwrap();
    let all = ReleaseQuery { limit: 10, ..ReleaseQuery::default() };
    let drafts = DraftQuery { limit: 10, ..DraftQuery::default() };
    for other in [house.another().await, House::new(None).await] {
        other.store.restore(&me(), &folder).await.unwrap();
        let (here, there) = (&house.store, &other.store);
        assert_eq!(there.recipients().await.unwrap(), here.recipients().await.unwrap());
        assert_eq!(there.drafts(&drafts).await.unwrap(), here.drafts(&drafts).await.unwrap());
        let releases = there.releases(&all).await.unwrap();
        assert_eq!((releases.len(), &releases), (2, &here.releases(&all).await.unwrap()));
        for release in &releases {
            let kept = there.markings(release.subject).await.unwrap();
            assert_eq!(kept, here.markings(release.subject).await.unwrap());
            let told = there.timeline(release.id).await.unwrap();
            assert_eq!(told, here.timeline(release.id).await.unwrap());
        }
        let facts = there.release_facts(None, 10).await.unwrap();
        assert_eq!(facts, here.release_facts(None, 10).await.unwrap());
        let waiting = DraftQuery { waiting: true, ..drafts.clone() };
        assert_eq!(there.drafts(&waiting).await.unwrap(), here.drafts(&waiting).await.unwrap());
        let open = there.open_releases(None, 10).await.unwrap();
        assert_eq!((open.len(), &open), (1, &here.open_releases(None, 10).await.unwrap()));
        let due = there.waiting_messages(true, at(DAY), 10).await.unwrap();
        assert_eq!(
            (due.len(), &due),
            (3, &here.waiting_messages(true, at(DAY), 10).await.unwrap())
        );
        assert_eq!(there.check().await.unwrap().damages, []);
    }
}
