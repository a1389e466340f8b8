use std::time::Duration;

use cathartes_core::{identification::Likelihood, observation::ObservationId};
use cathartes_store::{
    Actor, Arrivals, Confidence, NewAssessment, NewHandover, NewReview, ReviewRule, Sort, Source,
    Stage, StoreError, Subject, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::{House, at, me, plume, record::scene, sites};

const TEN_MINUTES: Duration = Duration::from_secs(600);

fn eva() -> Actor {
    Actor::Account("eva".to_owned())
}

async fn found(house: &House, count: i64) -> Vec<Subject> {
    let some: Vec<_> = (0..count).map(|i| plume(46.0, 7.0, i)).collect();
    let ids = house.store.add_findings(&me(), &some).await.unwrap();
    ids.into_iter().map(Subject::Finding).collect()
}

fn likely(subject: Subject) -> NewAssessment {
    NewAssessment {
        subject,
        text: "a works rather than a leak".to_owned(),
        likelihood: Likelihood::VeryLikely,
        confidence: Confidence::Moderate,
        sources: vec![Source::Finding(subject.id())],
        supersedes: None,
        key: Some(Uuid::from_u128(5)),
    }
}

pub(crate) async fn an_assessment_names_what_it_was_drawn_from(house: &House) {
    let (store, subjects) = (&house.store, found(house, 2).await);
    let line = scene(house, "line", 0, 7.0).await;
    let line = store.add_scene(&me(), &line).await.unwrap();
    let said = [sites::from_row(sites::told(46.0, 0), 1)];
    let ObservationId(said) = store.add_observations(&me(), &said).await.unwrap().new[0];
    let mut new = likely(subjects[0]);
    new.sources.extend([Source::Scene(line), Source::Observation(Uuid::from_u128(said))]);
    let kept = store.add_assessment(&me(), &new).await.unwrap();
    let entries = store.audit_seq().await.unwrap();
    assert_eq!(store.add_assessment(&me(), &new).await.unwrap(), kept, "the same key");
    assert_eq!(store.audit_seq().await.unwrap(), entries, "nothing was written");
    let used = store.add_assessment(&eva(), &new).await;
    assert!(matches!(used, Err(StoreError::Conflict { .. })), "{used:?}");
    // Anybody's of the same thing may be taken the place of, once.
    let later = NewAssessment { supersedes: Some(kept.id), key: None, ..new.clone() };
    let elsewhere = NewAssessment { subject: subjects[1], ..later.clone() };
    let refused = store.add_assessment(&eva(), &elsewhere).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let better = store.add_assessment(&eva(), &later).await.unwrap();
    let twice = store.add_assessment(&me(), &later).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    let all = store.assessments(subjects[0]).await.unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.by.as_str(), one.superseded_by)).collect();
    assert_eq!(told, [("account:ana", Some(better.id)), ("account:eva", None)]);
    assert_eq!(all[0].what, new);

    let nothing = NewAssessment { key: None, sources: vec![], ..new.clone() };
    let refused = store.add_assessment(&me(), &nothing).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let unknown = Source::Site(Uuid::from_u128(1));
    let unknown = NewAssessment { key: None, sources: vec![unknown], ..new };
    let absent = store.add_assessment(&me(), &unknown).await;
    assert!(matches!(absent, Err(StoreError::Absent { what: "site", .. })), "{absent:?}");
}

pub(crate) async fn a_shift_leaves_what_it_looks_at_to_the_next(house: &House) {
    let (store, subjects) = (&house.store, found(house, 3).await);
    for subject in &subjects[..2] {
        store.claim(&me(), *subject, at(0), TEN_MINUTES).await.unwrap();
    }
    let to = Some("eva".to_owned());
    let new = |items: &[Subject], to: Option<String>| NewHandover {
        to,
        text: "the flare again".to_owned(),
        items: items.to_vec(),
    };
    for items in [&subjects[1..], &[subjects[0], subjects[0]]] {
        let refused = store.hand_over(&me(), &new(items, to.clone()), at(1)).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    }
    assert_eq!(store.claims(at(2)).await.unwrap().len(), 2, "all or nothing");
    let left = store.hand_over(&me(), &new(&subjects[..1], to), at(1)).await.unwrap();
    let claim = store.claim_on(subjects[0], at(2)).await.unwrap().unwrap();
    assert_eq!((claim.by.as_str(), claim.until), ("account:eva", at(1 + 12 * 3_600)));
    let free = store.hand_over(&me(), &new(&subjects[1..2], None), at(3)).await.unwrap();
    assert_eq!(store.claim_on(subjects[1], at(4)).await.unwrap(), None);

    let not_for_me = store.take_handover(&me(), left.id).await;
    assert!(matches!(not_for_me, Err(StoreError::Refused(_))), "{not_for_me:?}");
    let taken = store.take_handover(&eva(), left.id).await.unwrap();
    assert_eq!(taken.taken.as_ref().map(|(_, by)| by.as_str()), Some("account:eva"));
    assert_eq!(store.take_handover(&eva(), left.id).await.unwrap(), taken, "the same again");
    store.take_handover(&eva(), free.id).await.unwrap();
    let late = store.take_handover(&me(), free.id).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    let all = store.handovers(10).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [free.id, left.id]);
    assert_eq!(all[1], taken);
}

pub(crate) async fn assessments_and_handovers_cannot_be_changed(house: &House) {
    let (store, subjects) = (&house.store, found(house, 1).await);
    store.add_assessment(&me(), &likely(subjects[0])).await.unwrap();
    let new = NewHandover { to: None, text: "all quiet".to_owned(), items: vec![] };
    let kept = store.hand_over(&me(), &new, at(0)).await.unwrap();
    store.take_handover(&eva(), kept.id).await.unwrap();
    for sql in [
        "UPDATE assessment SET text = ''",
        "DELETE FROM assessment",
        "UPDATE handover SET text = ''",
        "DELETE FROM handover",
        "UPDATE handover_taken SET created_us = 0",
        "DELETE FROM handover_taken",
    ] {
        let refused = house.past_the_store(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

pub(crate) async fn what_came_waits_and_was_decided_is_counted(house: &House) {
    let store = &house.store;
    let start = Timestamp::now();
    let mut line = scene(house, "line", 0, 7.0).await;
    line.properties.insert("instrument".to_owned(), json!("emit"));
    let line = store.add_scene(&me(), &line).await.unwrap();
    let some = [0, 1, 2].map(|i| {
        let mut seen = plume(46.0, 7.0, i);
        seen.scene = Some(line).filter(|_| i != 2);
        seen
    });
    let ids = store.add_findings(&me(), &some).await.unwrap();
    store.add_observations(&me(), &[sites::from_row(sites::told(46.0, 0), 1)]).await.unwrap();
    let review = |subject, verdict| NewReview {
        subject: Subject::Finding(subject),
        verdict,
        reason: "seen".to_owned(),
        supersedes: None,
        key: None,
    };
    let rule = ReviewRule::default();
    for (who, id, verdict) in [
        (me(), ids[0], Verdict::Confirm),
        (eva(), ids[0], Verdict::Confirm),
        (me(), ids[1], Verdict::Confirm),
        (eva(), ids[1], Verdict::Reject),
        (me(), ids[2], Verdict::Reject),
    ] {
        store.add_review(&who, &review(id, verdict), rule, at(0)).await.unwrap();
    }
    let (before, after) =
        (start - SignedDuration::from_secs(60), start + SignedDuration::from_secs(600));
    let came = store.arrivals(before, after).await.unwrap();
    assert_eq!(came, Arrivals { scenes: 1, plumes: 3, sources: 0, observations: 1 });
    let earlier = store.arrivals(before - SignedDuration::from_secs(9), before).await.unwrap();
    assert_eq!(earlier, Arrivals { scenes: 0, plumes: 0, sources: 0, observations: 0 });
    let waiting = store.stage_counts().await.unwrap();
    let told: Vec<_> = waiting.iter().map(|one| (one.sort, one.stage, one.count)).collect();
    assert_eq!(told, [(Sort::Plume, Stage::Senior, 1)]);
    assert!(waiting[0].oldest >= before);
    let decisions = store.decisions(before).await.unwrap();
    let verdicts: Vec<Verdict> = decisions.iter().map(|decision| decision.verdict).collect();
    assert_eq!(verdicts, [Verdict::Confirm, Verdict::Reject]);
    assert!(decisions.iter().all(|decision| decision.at >= decision.began));
    assert_eq!(store.decisions(after).await.unwrap(), []);
    let pairs = store.blind_pairs(before).await.unwrap();
    let expected = [[Verdict::Confirm, Verdict::Confirm], [Verdict::Confirm, Verdict::Reject]];
    assert_eq!(pairs, expected);
    let mut named = store.decided_by_instrument(before).await.unwrap();
    named.sort_by(|one, other| one.0.cmp(&other.0));
    let emit = (Some("emit".to_owned()), Verdict::Confirm, 1);
    assert_eq!(named, [(None, Verdict::Reject, 1), emit]);
}

pub(crate) async fn what_was_done_to_one_thing_is_told_newest_first(house: &House) {
    let (store, subjects) = (&house.store, found(house, 2).await);
    store.claim(&me(), subjects[0], at(0), TEN_MINUTES).await.unwrap();
    store.claim(&me(), subjects[1], at(0), TEN_MINUTES).await.unwrap();
    store.release_claim(&me(), subjects[0]).await.unwrap();
    let about = [subjects[0].to_string(), subjects[0].id().to_string()];
    let told = store.audit_about(&about, 2).await.unwrap();
    let actions: Vec<&str> = told.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["claim.given_back", "claim.taken"]);
    let told = store.audit_about(&about, 10).await.unwrap();
    assert_eq!(told.last().unwrap().action, "finding.recorded");
}
