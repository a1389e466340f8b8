//! The loop: from a draft to its answer.

use std::time::Duration;

use cathartes_store::{
    Actor, AnswerState, Basis, Draft, DraftState, Message, MessageKind, NewAnswer, NewDraft,
    NewRecipient, NewRelease, Opened, Outcome, Release, Secret, StoreError, Subject, Via,
    digest_of, message_key,
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
