use std::time::Duration;

use cathartes_store::{
    Actor, NewReview, ReviewRule, SecondLook, Stage, StoreError, Subject, Verdict,
};
use uuid::Uuid;

use super::{House, at, me, plume};

const TEN_MINUTES: Duration = Duration::from_secs(600);

fn eva() -> Actor {
    Actor::Account("eva".to_owned())
}

async fn subject(house: &House) -> Subject {
    let found = house.store.add_findings(&me(), &[plume(46.0, 7.0, 0)]).await.unwrap();
    Subject::Finding(found[0])
}

fn verdict(subject: Subject, verdict: Verdict) -> NewReview {
    NewReview { subject, verdict, reason: "a flare".to_owned(), supersedes: None, key: None }
}

const RULE: ReviewRule = ReviewRule { second_look: SecondLook::Confirmed, may_settle: false };

pub(crate) async fn a_review_is_kept_and_one_of_its_author_takes_its_place(house: &House) {
    let (store, subject) = (&house.store, subject(house).await);
    let first = verdict(subject, Verdict::Reject);
    let kept = store.add_review(&me(), &first, RULE, at(0)).await.unwrap();
    assert_eq!((&kept.what, kept.by.as_str()), (&first, "account:ana"));
    let second = NewReview { supersedes: Some(kept.id), ..verdict(subject, Verdict::Confirm) };
    let not_hers = store.add_review(&eva(), &second, RULE, at(1)).await;
    assert!(matches!(not_hers, Err(StoreError::Refused(_))), "{not_hers:?}");
    let later = store.add_review(&me(), &second, RULE, at(1)).await.unwrap();
    let twice = store.add_review(&me(), &second, RULE, at(2)).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    store.add_review(&eva(), &verdict(subject, Verdict::CannotTell), RULE, at(3)).await.unwrap();

    let all = store.reviews(subject).await.unwrap();
    let told: Vec<_> = all.iter().map(|r| (r.what.verdict, r.superseded_by)).collect();
    let expected =
        [(Verdict::Reject, Some(later.id)), (Verdict::Confirm, None), (Verdict::CannotTell, None)];
    assert_eq!(told, expected);

    let silent = NewReview { reason: " ".to_owned(), ..verdict(subject, Verdict::Reject) };
    let refused = store.add_review(&me(), &silent, RULE, at(4)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let nothing = verdict(Subject::Finding(Uuid::from_u128(1)), Verdict::Confirm);
    let absent = store.add_review(&me(), &nothing, RULE, at(4)).await;
    assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
}

pub(crate) async fn two_people_do_not_look_at_one_thing_by_accident(house: &House) {
    let (store, subject) = (&house.store, subject(house).await);
    let claim = store.claim(&me(), subject, at(0), TEN_MINUTES).await.unwrap();
    assert_eq!((claim.by.as_str(), claim.until), ("account:ana", at(600)));
    let taken = store.claim(&eva(), subject, at(599), TEN_MINUTES).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    assert!(taken.unwrap_err().to_string().contains("account:ana"), "it is said who has it");
    let verdict = verdict(subject, Verdict::Confirm);
    let meanwhile = store.add_review(&eva(), &verdict, RULE, at(1)).await;
    assert!(matches!(meanwhile, Err(StoreError::Conflict { .. })), "{meanwhile:?}");
    let longer = store.claim(&me(), subject, at(300), TEN_MINUTES).await.unwrap();
    assert_eq!(store.claims(at(301)).await.unwrap(), std::slice::from_ref(&longer));

    // It runs out, or is given back, or ends with the review.
    assert_eq!(store.claims(longer.until).await.unwrap(), []);
    store.claim(&eva(), subject, at(900), TEN_MINUTES).await.unwrap();
    store.release_claim(&me(), subject).await.unwrap();
    assert_eq!(
        store.claims(at(901)).await.unwrap().len(),
        1,
        "nobody gives back what is not theirs"
    );
    store.release_claim(&eva(), subject).await.unwrap();
    assert_eq!(store.claims(at(901)).await.unwrap(), []);
    store.claim(&me(), subject, at(902), TEN_MINUTES).await.unwrap();
    store.add_review(&me(), &verdict, RULE, at(903)).await.unwrap();
    assert_eq!(store.claims(at(904)).await.unwrap(), []);

    let both = [me(), eva()].map(|actor| {
        let store = store.clone();
        tokio::spawn(async move { store.claim(&actor, subject, at(2_000), TEN_MINUTES).await })
    });
    let mut won = 0;
    for one in both {
        won += usize::from(one.await.unwrap().is_ok());
    }
    assert_eq!(won, 1, "of two who ask at once one has it");
}

pub(crate) async fn a_review_cannot_be_changed(house: &House) {
    let subject = subject(house).await;
    house.store.add_review(&me(), &verdict(subject, Verdict::Reject), RULE, at(0)).await.unwrap();
    for sql in ["UPDATE review SET verdict = 'confirm'", "DELETE FROM review"] {
        let refused = house.past_the_store(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

pub(crate) async fn the_same_key_keeps_one_review(house: &House) {
    let (store, subject) = (&house.store, subject(house).await);
    let key = Some(Uuid::from_u128(7));
    let new = NewReview { key, ..verdict(subject, Verdict::Reject) };
    let kept = store.add_review(&me(), &new, RULE, at(0)).await.unwrap();
    let entries = store.audit_seq().await.unwrap();
    assert_eq!(store.add_review(&me(), &new, RULE, at(1)).await.unwrap(), kept);
    assert_eq!(store.audit_seq().await.unwrap(), entries, "nothing was written");
    let other = NewReview { key, ..verdict(subject, Verdict::CannotTell) };
    for (who, what) in [(me(), &other), (eva(), &new)] {
        let refused = store.add_review(&who, what, RULE, at(2)).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    }
    assert_eq!(store.reviews(subject).await.unwrap().len(), 1);
    // Also when both answers were lost on their way.
    let key = Some(Uuid::from_u128(8));
    let new = NewReview { key, supersedes: Some(kept.id), ..other };
    let both = [0, 1].map(|_| {
        let (store, new) = (store.clone(), new.clone());
        tokio::spawn(async move { store.add_review(&me(), &new, RULE, at(3)).await.unwrap().id })
    });
    let [one, other] = both;
    assert_eq!(one.await.unwrap(), other.await.unwrap());
    assert_eq!(store.reviews(subject).await.unwrap().len(), 2);
}

pub(crate) async fn nobody_reviews_twice_in_a_round(house: &House) {
    let (store, subject) = (&house.store, subject(house).await);
    let first = verdict(subject, Verdict::Confirm);
    let kept = store.add_review(&me(), &first, RULE, at(0)).await.unwrap();
    let again = store.add_review(&me(), &first, RULE, at(1)).await;
    let told = again.unwrap_err().to_string();
    assert!(told.contains("was reviewed by you") && told.contains(&kept.id.to_string()), "{told}");
    let better = NewReview { supersedes: Some(kept.id), ..verdict(subject, Verdict::Reject) };
    store.add_review(&me(), &better, RULE, at(2)).await.unwrap();
    let standing = store.standing(subject).await.unwrap().unwrap();
    assert_eq!((standing.stage, standing.verdict), (Stage::Decided, Some(Verdict::Reject)));
}
