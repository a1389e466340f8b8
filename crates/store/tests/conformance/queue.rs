use std::{collections::BTreeSet, time::Duration};

use cathartes_core::{
    observation::ObservationId,
    site::{Site, SiteId},
    units::Degrees,
};
use cathartes_store::{
    Actor, Bbox, Extent, Folded, Kind, NewFinding, NewReview, QueueQuery, Queued, ReviewRule,
    SecondLook, Sort, Stage, Standing, Subject, Verdict, Waiting,
};
use serde_json::json;

use super::{House, at, me, plume, sites};

const TEN_MINUTES: Duration = Duration::from_secs(600);

fn eva() -> Actor {
    Actor::Account("eva".to_owned())
}

fn all(reader: Actor) -> QueueQuery {
    let stages = vec![Stage::First, Stage::Second, Stage::Senior];
    QueueQuery { reader, stages, sorts: Sort::ALL.to_vec(), gas: None, bbox: None, limit: 20 }
}

fn rated(latitude: f64, rate: f64, probability: f64) -> NewFinding {
    let properties = json!({ "rate_kg_per_h": rate, "existence_probability": probability });
    let properties = properties.as_object().unwrap().clone();
    NewFinding { properties, ..plume(latitude, 7.0, 0) }
}

async fn recorded(house: &House, findings: &[NewFinding]) -> Vec<Subject> {
    let ids = house.store.add_findings(&me(), findings).await.unwrap();
    ids.into_iter().map(Subject::Finding).collect()
}

async fn seen(house: &House, query: &QueueQuery) -> Vec<Subject> {
    let queue: Vec<Queued> = house.store.queue(query, at(0)).await.unwrap();
    queue.into_iter().map(|queued| queued.subject).collect()
}

async fn review(house: &House, who: Actor, subject: Subject, verdict: Verdict) -> Standing {
    ruled(house, who, (subject, verdict), ReviewRule::default()).await
}

async fn ruled(
    house: &House,
    who: Actor,
    (subject, verdict): (Subject, Verdict),
    rule: ReviewRule,
) -> Standing {
    let reason = "seen".to_owned();
    let new = NewReview { subject, verdict, reason, supersedes: None, key: None };
    house.store.add_review(&who, &new, rule, at(0)).await.unwrap();
    house.store.standing(subject).await.unwrap().unwrap()
}

pub(crate) async fn the_most_useful_comes_first_and_what_is_asked_for_alone(house: &House) {
    let mut source = rated(47.0, 5_000.0, 0.5);
    (source.kind, source.gas) = (Kind::Source, Some("nh3".to_owned()));
    let found = [rated(46.0, 10.0, 0.5), rated(46.1, 10.0, 0.999), rated(46.2, 500.0, 0.5), source];
    let [small, sure, large, source] = recorded(house, &found).await[..] else { panic!() };
    let query = all(me());
    assert_eq!(seen(house, &query).await, [source, large, small, sure]);
    assert_eq!(seen(house, &QueueQuery { limit: 2, ..query.clone() }).await, [source, large]);
    let plumes = QueueQuery { sorts: vec![Sort::Plume], ..query.clone() };
    assert_eq!(seen(house, &plumes).await, [large, small, sure]);
    let gas = |gas: &str| QueueQuery { gas: Some(gas.to_owned()), ..query.clone() };
    assert_eq!(seen(house, &gas("nh3")).await, [source]);
    assert_eq!(seen(house, &gas("h3")).await, []);
    let [west, south, east, north] = [6.9, 46.05, 7.1, 46.15].map(Degrees);
    let boxed = Some(Bbox::new(west, south, east, north).unwrap());
    assert_eq!(seen(house, &QueueQuery { bbox: boxed, ..query.clone() }).await, [sure]);
    let second = QueueQuery { stages: vec![Stage::Second], ..query.clone() };
    assert_eq!(seen(house, &second).await, []);
    house.store.claim(&eva(), large, at(0), TEN_MINUTES).await.unwrap();
    let told = house.store.queue(&query, at(1)).await.unwrap();
    assert_eq!(told[1].claim.as_ref().map(|claim| claim.by.as_str()), Some("account:eva"));
    assert!(told[0].claim.is_none());
    assert_eq!(told[0].standing.rate.map(|rate| rate.0), Some(5_000.0));
}

pub(crate) async fn of_many_who_ask_at_once_no_two_have_the_same(house: &House) {
    let found: Vec<NewFinding> = (0..40).map(|i| rated(46.0, 10.0 + f64::from(i), 0.5)).collect();
    recorded(house, &found).await;
    let asks = (0..50).map(|n| {
        let store = house.store.clone();
        tokio::spawn(async move {
            let who = Actor::Account(format!("analyst-{}", n % 7));
            store.take_next(&who, &all(who.clone()), at(0), TEN_MINUTES).await.unwrap()
        })
    });
    let mut taken = BTreeSet::new();
    let mut nothing = 0;
    for ask in asks.collect::<Vec<_>>() {
        match ask.await.unwrap() {
            Some(queued) => {
                assert!(queued.claim.is_some());
                assert!(taken.insert(queued.subject.id()), "{} was given twice", queued.subject);
            }
            None => nothing += 1,
        }
    }
    assert_eq!((taken.len(), nothing), (40, 10));
    // What nobody came back to is free again.
    let later = house.store.take_next(&me(), &all(me()), at(601), TEN_MINUTES).await.unwrap();
    assert_eq!(later.unwrap().standing.rate.map(|rate| rate.0), Some(49.0));
}

pub(crate) async fn what_one_confirmed_another_sees_and_a_senior_settles(house: &House) {
    let subject = recorded(house, &[rated(46.0, 10.0, 0.5)]).await[0];
    let first = review(house, me(), subject, Verdict::Confirm).await;
    assert_eq!((first.stage, first.verdict, first.round), (Stage::Second, None, 1));
    assert_eq!(seen(house, &all(me())).await, [], "who has looked is asked no more");
    assert_eq!(seen(house, &all(eva())).await, [subject]);
    let second = review(house, eva(), subject, Verdict::Reject).await;
    assert_eq!((second.stage, second.verdict), (Stage::Senior, None));
    let sam = Actor::Account("sam".to_owned());
    let analysts = QueueQuery { stages: vec![Stage::First, Stage::Second], ..all(sam.clone()) };
    assert_eq!(seen(house, &analysts).await, []);
    assert_eq!(seen(house, &all(sam.clone())).await, [subject]);
    // Somebody who may not settle is one more voice.
    let voice = review(house, Actor::Account("tom".to_owned()), subject, Verdict::Reject).await;
    assert_eq!(voice.stage, Stage::Senior);
    let senior = ReviewRule { second_look: SecondLook::Confirmed, may_settle: true };
    let last = ruled(house, sam.clone(), (subject, Verdict::Confirm), senior).await;
    assert_eq!((last.stage, last.verdict), (Stage::Decided, Some(Verdict::Confirm)));
    assert_eq!(seen(house, &all(eva())).await, []);
    // The last word is changed by whoever had it.
    let said = house.store.reviews(subject).await.unwrap();
    assert_eq!(said.iter().map(|r| r.settles).collect::<Vec<_>>(), [false, false, false, true]);
    let better = NewReview { supersedes: Some(said[3].id), ..said[1].what.clone() };
    house.store.add_review(&sam, &better, senior, at(9)).await.unwrap();
    let standing = house.store.standing(subject).await.unwrap().unwrap();
    assert_eq!((standing.stage, standing.verdict), (Stage::Decided, Some(Verdict::Reject)));
}

/// Puts sites in the place of what the last fold left.
pub(crate) async fn folded(house: &House, changed: Vec<Site>, gone: Vec<SiteId>) {
    let store = &house.store;
    let said = [sites::from_row(sites::told(46.0, store.audit_seq().await.unwrap()), 1)];
    store.add_observations(&me(), &said).await.unwrap();
    let to: Extent = store.extent().await.unwrap();
    let lease = sites::leased(house, to).await;
    let follows = store.last_fold().await.unwrap().number;
    let as_of = at(1_000);
    let folded = Folded { follows, to, as_of, changed, gone, merged: None, states: Vec::new() };
    let results = cathartes_store::Results { folded: Some(folded), ..Default::default() };
    store.finish(&lease, results).await.unwrap();
}

pub(crate) async fn a_wish_to_collect_waits_for_something_new(house: &House) {
    let mut site = sites::site(7, 46.0, 0.0, &["ch4", "nh3"]);
    folded(house, vec![site.clone()], vec![]).await;
    let subject = Subject::Site(site.id);
    let collecting = review(house, me(), subject, Verdict::Collect).await;
    assert_eq!((collecting.stage, collecting.verdict), (Stage::Collecting, None));
    assert_eq!(seen(house, &all(me())).await, []);
    let waiting = QueueQuery { stages: vec![Stage::Collecting], ..all(eva()) };
    assert_eq!(seen(house, &waiting).await, [subject]);
    folded(house, vec![site.clone()], vec![]).await;
    assert_eq!(seen(house, &all(me())).await, [], "nothing came");
    site.observations.push(ObservationId(8));
    folded(house, vec![site.clone()], vec![]).await;
    let again = house.store.standing(subject).await.unwrap().unwrap();
    assert_eq!((again.stage, again.round, again.observations), (Stage::First, 2, Some(2)));
    assert_eq!(seen(house, &all(me())).await, [subject], "in a new round whoever looked may again");
    let decided = review(house, me(), subject, Verdict::Reject).await;
    assert_eq!((decided.stage, decided.round), (Stage::Decided, 2));
    folded(house, vec![], vec![site.id]).await;
    assert_eq!(house.store.standing(subject).await.unwrap(), None);
}

pub(crate) async fn a_site_that_is_another_begins_anew(house: &House) {
    let site = |ln_odds: f64| sites::site(7, 46.0, ln_odds, &["ch4"]);
    folded(house, vec![site(0.0)], vec![]).await;
    let subject = Subject::Site(site(0.0).id);
    let sure = house.store.standing(subject).await.unwrap().unwrap();
    assert_eq!(sure.look.uncertainty_weight, 1.0);
    let decided = review(house, me(), subject, Verdict::Reject).await;
    assert_eq!(decided.stage, Stage::Decided);
    for ln_odds in [1.0, -1.0, 1.09] {
        folded(house, vec![site(ln_odds)], vec![]).await;
        let standing = house.store.standing(subject).await.unwrap().unwrap();
        assert_eq!((standing.stage, standing.round), (Stage::Decided, 1), "{ln_odds}");
    }
    folded(house, vec![site(-1.2)], vec![]).await;
    let standing = house.store.standing(subject).await.unwrap().unwrap();
    assert_eq!((standing.stage, standing.round, standing.verdict), (Stage::First, 2, None));
    assert!(standing.look.uncertainty_weight < 0.8);
}

pub(crate) async fn what_is_corrected_waits_for_nobody(house: &House) {
    let subject = recorded(house, &[rated(46.0, 10.0, 0.5)]).await[0];
    let mut better = rated(46.0, 20.0, 0.5);
    better.supersedes = Some(subject.id());
    let correction = recorded(house, &[better]).await[0];
    assert_eq!(seen(house, &all(me())).await, [correction]);
    let standing = review(house, me(), subject, Verdict::Confirm).await;
    assert_eq!(standing.stage, Stage::Corrected, "it can be reviewed, and stays where it is");
    assert_eq!(seen(house, &all(eva())).await, [correction]);
}

pub(crate) async fn what_waits_is_counted(house: &House) {
    let many: Vec<NewFinding> = (0..10_010).map(|i| rated(46.0, f64::from(i), 0.5)).collect();
    for some in many.chunks(2_000) {
        recorded(house, some).await;
    }
    let query = all(me());
    let waiting = house.store.waiting(&query).await.unwrap();
    assert_eq!(waiting, Waiting { count: 10_000, more: true });
    let none = QueueQuery { sorts: vec![Sort::Site], ..query.clone() };
    assert_eq!(house.store.waiting(&none).await.unwrap(), Waiting { count: 0, more: false });
    let first = seen(house, &QueueQuery { limit: 1, ..query.clone() }).await[0];
    review(house, me(), first, Verdict::Reject).await;
    let left = house.store.queue(&QueueQuery { limit: 1, ..query }, at(0)).await.unwrap();
    assert_eq!(left[0].standing.rate.map(|rate| rate.0), Some(10_008.0));
}

/// A place in the queue costs what is passed over, not what waits: the walk ends when there are enough, so that in a queue
/// many times as long it takes as long.
pub(crate) async fn the_queue_walks_along_its_index(house: &House) {
    let plan = "SELECT * FROM (SELECT o.subject, o.rank FROM standing o \
         WHERE o.stage = 'first' AND o.what = 'plume' AND o.gas = 'ch4' AND NOT EXISTS (SELECT 1 FROM review r \
         WHERE r.subject_kind = o.subject_kind AND r.subject = o.subject AND r.round = o.round \
         AND r.created_by = 'account:ana') ORDER BY o.rank DESC LIMIT 20) w";
    let plan = house.plan(plan).await;
    assert!(plan.contains("standing_rank") && plan.contains("review_subject"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
}
