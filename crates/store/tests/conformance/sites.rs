use std::collections::BTreeSet;

use cathartes_core::{
    filter::{Comparison, Condition, Literal},
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, ObservationId, OriginChain, Period, Reliability,
        Sight, Sign, What, Whereabouts,
    },
    provenance::Digest,
    site::{Ledger, LicensedEmitter, Site, SiteId, Term},
    source::Ellipse90,
    units::{Degrees, Metres},
};
use cathartes_store::{
    ActState, AskedAct, Bbox, Cursor, Extent, Folded, JobState, PointQuery, Results, SitePoints,
    SiteQuery, StoreError, TakenFrom, TimeRange, Work,
};

use super::{House, at, detect, me, place, plume, record::scene};

const LEASE: std::time::Duration = std::time::Duration::from_secs(60);

fn ellipse(metres: f64) -> Ellipse90 {
    let (semi_major, semi_minor) = (Metres(metres), Metres(metres));
    Ellipse90 { semi_major, semi_minor, bearing: Degrees(0.0) }
}

pub(crate) fn told(latitude: f64, seconds: i64) -> Observation {
    said(What::Told { sign: Sign::Smell }, place(latitude, 7.0), seconds)
}

fn said(what: What, place: LatLon, seconds: i64) -> Observation {
    let (reliability, credibility) = (Reliability::B, Credibility::PossiblyTrue);
    let collector = "patrol-7".to_owned();
    Observation::new(Draft {
        what,
        place: Whereabouts::Point { place, ellipse: ellipse(200.0) },
        when: Period { from: at(seconds), to: at(seconds) },
        grade: Grade { reliability, credibility },
        origin: OriginChain { collector, collection: None, handed_on_by: vec![] },
        marking: Marking::default(),
    })
    .unwrap()
}

pub(crate) fn from_row(observation: Observation, row: u64) -> (Observation, TakenFrom) {
    (observation, TakenFrom::File { sha256: Digest("cd".repeat(32)), row })
}

fn emitter(name: &str) -> LicensedEmitter {
    let (name, gases) = (name.to_owned(), vec!["ch4".to_owned()]);
    LicensedEmitter { name, gases, place: place(46.0, 7.0), radius: Metres(300.0) }
}

pub(crate) async fn the_same_observation_again_adds_nothing(house: &House) {
    let store = &house.store;
    let two = [from_row(told(46.0, 0), 2), from_row(told(46.1, 0), 3)];
    let first = store.add_observations(&me(), &two).await.unwrap();
    assert_eq!((first.new.len(), first.known), (2, 0));
    let entries = store.audit_seq().await.unwrap();
    let again = store.add_observations(&me(), &two).await.unwrap();
    assert_eq!((again.new.len(), again.known), (0, 2));
    assert_eq!(store.audit_seq().await.unwrap(), entries, "nothing was written");
    // Within one file too, and whatever row it stands in.
    let more = [from_row(told(46.2, 0), 9), from_row(told(46.0, 0), 8), from_row(told(46.2, 0), 7)];
    let more = store.add_observations(&me(), &more).await.unwrap();
    assert_eq!((more.new.len(), more.known), (1, 2));

    let read = store.observations(&[more.new[0], first.new[0], ObservationId(5)]).await.unwrap();
    let [one, other] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((one.id, &one.observation), (first.new[0], &two[0].0));
    assert_eq!((&one.taken_from, one.created_by.as_str()), (&two[0].1, "account:ana"));
    assert_eq!(other.id, more.new[0]);
    let log = store.audit_after(0, 10).await.unwrap();
    let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["observation.recorded", "observation.recorded"]);
}

pub(crate) async fn observations_are_numbered_without_gaps(house: &House) {
    let writer = |n: i64| {
        let store = house.store.clone();
        tokio::spawn(async move {
            for i in 0..10 {
                let two = [0, 1].map(|k| from_row(told(46.0, n * 100 + 2 * i + k), 1));
                store.add_observations(&me(), &two).await.unwrap();
            }
        })
    };
    for writer in (0..6).map(writer).collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let news = house.store.news(Extent::default(), 1_000).await.unwrap();
    let numbers: Vec<i64> = news.observations.iter().map(|(number, _, _)| *number).collect();
    assert_eq!(numbers, (1..=120).collect::<Vec<_>>());
    let ids: BTreeSet<ObservationId> = news.observations.iter().map(|(_, id, _)| *id).collect();
    assert_eq!(ids.len(), 120);
    let checked = house.store.check().await.unwrap();
    assert_eq!((checked.damages.as_slice(), checked.observations), (&[][..], 120));
}

pub(crate) async fn a_register_takes_the_place_of_the_last(house: &House) {
    let store = &house.store;
    let file = Digest("ef".repeat(32));
    let (dairy, mill) = ([emitter("Dairy 1")], [emitter("Mill 2"), emitter("Mill 3")]);
    assert!(store.replace_register(&me(), &dairy, &file).await.unwrap());
    assert!(!store.replace_register(&me(), &dairy, &file).await.unwrap(), "the same again");
    assert!(store.replace_register(&me(), &mill, &file).await.unwrap());
    let news = store.news(Extent::default(), 10).await.unwrap();
    assert_eq!(news.register, Some((2, mill.to_vec())));
    let since = Extent { registers: 2, ..Extent::default() };
    assert_eq!(store.news(since, 10).await.unwrap().register, None);
    assert!(store.replace_register(&me(), &dairy, &file).await.unwrap(), "back to an older one");
    assert_eq!(store.extent().await.unwrap().registers, 3);
}

/// A job for the fold that was asked for last.
pub(crate) async fn leased(house: &House, want: Extent) -> cathartes_store::Lease {
    loop {
        let lease = house.store.take("w", at(1_000_000_000), LEASE).await.unwrap().unwrap();
        if lease.job.work == (Work::Fold { to: want, day: None }) {
            return lease;
        }
        house.store.finish(&lease, Results::default()).await.unwrap();
    }
}

pub(crate) fn site(number: u128, latitude: f64, ln_odds: f64, gases: &[&str]) -> Site {
    let line = |at, ln_odds| Term { observation: None, at, words: "told".to_owned(), ln_odds };
    let (early, late) = (Some(at(number as i64)), Some(at(number as i64 + 10)));
    Site {
        id: SiteId(number),
        place: place(latitude, 7.0),
        ellipse: ellipse(50.0),
        gases: gases.iter().map(|gas| (*gas).to_owned()).collect(),
        ledger: Ledger { terms: vec![line(early, ln_odds - 0.1), line(late, 0.1)] },
        observations: vec![ObservationId(number)],
        as_of: at(500),
    }
}

fn folded(follows: i64, to: Extent, changed: Vec<Site>) -> Folded {
    let (gone, merged, states) = (vec![], None, vec![]);
    Folded { follows, to, as_of: at(500), changed, gone, merged, states }
}

async fn put(house: &House, folded: Folded) -> Result<(), StoreError> {
    let lease = leased(house, folded.to).await;
    let results = Results { folded: Some(folded), ..Results::default() };
    house.store.finish(&lease, results).await.map(|_| ())
}

/// Something new, so that there is a fold to be asked for.
async fn more(house: &House, seconds: i64) -> Extent {
    let one = [from_row(told(46.0, seconds), 1)];
    house.store.add_observations(&me(), &one).await.unwrap();
    house.store.extent().await.unwrap()
}

pub(crate) async fn a_fold_takes_the_place_of_the_last(house: &House) {
    let store = &house.store;
    let to = more(house, 0).await;
    let (one, two) = (site(1, 46.0, 2.0, &["ch4"]), site(2, 47.0, -3.0, &[]));
    put(house, folded(0, to, vec![one.clone(), two.clone()])).await.unwrap();
    let last = store.last_fold().await.unwrap();
    assert_eq!((last.number, last.to, last.as_of), (1, to, Some(at(500))));
    assert_eq!(store.likeliest_sites(10).await.unwrap(), [one.clone(), two.clone()]);
    let log = store.audit_after(0, 100).await.unwrap();
    assert_eq!(log.last().unwrap().action, "site.folded");

    let to = more(house, 1).await;
    let merged = Some(vec![(two.id, one.id)]);
    let moved = site(1, 46.5, 4.0, &["ch4", "nh3"]);
    let next = Folded { gone: vec![two.id], merged, ..folded(1, to, vec![moved.clone()]) };
    put(house, next).await.unwrap();
    assert_eq!(store.likeliest_sites(10).await.unwrap(), std::slice::from_ref(&moved));
    assert_eq!(store.site(one.id).await.unwrap(), Some(moved.clone()));
    assert_eq!(store.site(two.id).await.unwrap(), None);
    assert_eq!(store.stands_as(two.id).await.unwrap(), Some(one.id));
    let marks = store.site_marks().await.unwrap();
    let mark = marks[&one.id];
    assert_eq!((mark.place, mark.ln_odds, mark.observations), (moved.place, 4.0, 1));

    // One that began before the last ended is not taken, and neither is its job.
    let to = more(house, 2).await;
    let late = put(house, folded(1, to, vec![one.clone()])).await;
    assert!(matches!(late, Err(StoreError::Conflict { what: "fold", .. })), "{late:?}");
    assert_eq!(store.site(one.id).await.unwrap(), Some(moved));
    assert_eq!(store.job_counts().await.unwrap().leased, 1);
}

pub(crate) async fn points_are_all_sites_and_afterwards_what_is_new_since_a_fold(house: &House) {
    let store = &house.store;
    let points = async |since: Option<i64>, time: Option<TimeRange>| {
        let query = PointQuery { time, since, limit: 3 };
        let SitePoints { fold, whole, points, gone, more } =
            store.site_points(&query).await.unwrap();
        let told: Vec<u128> = points.iter().map(|point| point.id.0).collect();
        (fold, whole, told, gone.iter().map(|id| id.0).collect::<Vec<_>>(), more)
    };
    assert_eq!(points(None, None).await, (0, true, vec![], vec![], false));
    let to = more(house, 0).await;
    let all = [3, 1, 2].map(|n| site(n, 40.0 + n as f64, n as f64, &[]));
    put(house, folded(0, to, all.to_vec())).await.unwrap();
    assert_eq!(points(None, None).await, (1, true, vec![1, 2, 3], vec![], false));
    assert_eq!(points(Some(1), None).await, (1, false, vec![], vec![], false));
    let two = store.site_points(&PointQuery { limit: 3, ..PointQuery::default() }).await.unwrap();
    assert_eq!(
        (two.points[1].place, two.points[1].ln_odds),
        (all[2].place, all[2].ledger.ln_odds())
    );

    let to = more(house, 1).await;
    let moved = Site { place: place(50.0, -179.0), ..site(2, 42.0, 1.0, &[]) };
    let next =
        Folded { gone: vec![SiteId(3)], ..folded(1, to, vec![moved, site(4, 44.0, 0.0, &[])]) };
    put(house, next).await.unwrap();
    assert_eq!(points(Some(1), None).await, (2, false, vec![2, 4], vec![3], false));
    assert_eq!(points(Some(0), None).await, (2, false, vec![1, 2, 4], vec![3], false));
    assert_eq!(points(None, None).await, (2, true, vec![1, 2, 4], vec![], false));
    // Those that are not of a time are drawn no more, whether they were before or not.
    let late = Some(TimeRange { from: Some(at(14)), to: None });
    assert_eq!(points(None, late).await, (2, true, vec![4], vec![], false));
    assert_eq!(points(Some(1), late).await, (2, false, vec![4], vec![2, 3], false));
    // A fold that this record has not come to yet is one of another record.
    assert_eq!(points(Some(3), None).await, (2, true, vec![1, 2, 4], vec![], false));

    let to = more(house, 2).await;
    put(house, folded(2, to, vec![site(3, 43.0, 0.0, &[])])).await.unwrap();
    assert_eq!(points(Some(1), None).await, (3, false, vec![2, 3, 4], vec![], false), "it is back");
    assert_eq!(points(None, None).await, (3, true, vec![], vec![], true), "four are too many");
}

pub(crate) async fn sites_that_are_a_day_old_are_folded_anew_once_a_day(house: &House) {
    let (store, day) = (&house.store, 86_400);
    assert_eq!(store.ask_for_ageing(at(0)).await.unwrap(), None, "there is nothing to fold");
    let to = more(house, 0).await;
    put(house, folded(0, to, vec![site(1, 46.0, 2.0, &["ch4"])])).await.unwrap();
    assert_eq!(store.ask_for_ageing(at(500 + day - 1)).await.unwrap(), None);
    let asked = store.ask_for_ageing(at(500 + day)).await.unwrap().unwrap();
    assert_eq!(store.ask_for_ageing(at(501 + day)).await.unwrap(), Some(asked), "one job a day");
    let job = store.job(asked).await.unwrap().unwrap();
    assert!(matches!(job.work, Work::Fold { to: what, day: Some(_) } if what == to), "{job:?}");
    let tomorrow = store.ask_for_ageing(at(500 + 2 * day)).await.unwrap();
    assert!(tomorrow.is_some_and(|job| job != asked));
}

pub(crate) async fn sites_are_found_by_place_time_gas_and_probability(house: &House) {
    let to = more(house, 0).await;
    let sites: Vec<Site> = (1..=120)
        .map(|n| {
            let gases: &[&str] = if n % 2 == 0 { &["ch4"] } else { &["c3h8", "nh3"] };
            site(n, 40.0 + n as f64 / 10.0, n as f64 / 10.0 - 6.0, gases)
        })
        .collect();
    put(house, folded(0, to, sites.clone())).await.unwrap();
    let found = async |query: SiteQuery| -> Vec<SiteId> {
        let (mut ids, mut query) = (Vec::new(), SiteQuery { limit: 7, ..query });
        loop {
            let page = house.store.sites(&query).await.unwrap();
            ids.extend(page.items.iter().map(|site| site.id));
            query.after = page.next;
            if query.after.is_none() {
                return ids;
            }
        }
    };
    let those = |fits: &dyn Fn(&Site) -> bool| -> Vec<SiteId> {
        sites.iter().filter(|site| fits(site)).map(|site| site.id).collect()
    };
    let all = SiteQuery::default;
    assert_eq!(found(all()).await, those(&|_| true));
    let nh3 = SiteQuery { gas: Some("nh3".to_owned()), ..all() };
    assert_eq!(found(nh3).await, those(&|site| site.gases.contains(&"nh3".to_owned())));
    assert_eq!(found(SiteQuery { gas: Some("h".to_owned()), ..all() }).await, []);
    let bbox = Bbox::new(Degrees(6.9), Degrees(42.0), Degrees(7.1), Degrees(43.0)).unwrap();
    let inside = |site: &Site| (42.0..=43.0).contains(&site.place.latitude.0);
    assert_eq!(found(SiteQuery { bbox: Some(bbox), ..all() }).await, those(&inside));
    let time = TimeRange { from: Some(at(40)), to: Some(at(60)) };
    let then = |site: &Site| (30..=60).contains(&(site.id.0 as i64));
    assert_eq!(found(SiteQuery { time: Some(time), ..all() }).await, those(&then));
    let likely =
        Condition::Compare("probability".to_owned(), Comparison::Greater, Literal::Number(0.5));
    let fits = |site: &Site| site.ledger.probability() > 0.5;
    assert_eq!(found(SiteQuery { filter: Some(likely), ..all() }).await, those(&fits));
    for name in ["recorded_by", "scene"] {
        let filter = Some(Condition::Absent(name.to_owned()));
        let refused = house.store.sites(&SiteQuery { filter, limit: 1, ..all() }).await;
        assert_eq!(refused.unwrap_err().to_string(), format!("a site has no `{name}`"));
    }
    let after = Some(Cursor::Cell(1, uuid::Uuid::nil()));
    let refused = house.store.sites(&SiteQuery { after, limit: 1, ..all() }).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
}

pub(crate) async fn an_act_is_asked_for_after_what_was_observed(house: &House) {
    let store = &house.store;
    let merge = AskedAct::Merge { into: SiteId(1), from: SiteId(2) };
    let absent = store.ask_act(&me(), &merge).await;
    assert!(matches!(absent, Err(StoreError::Absent { what: "site", .. })), "{absent:?}");
    let absent = store.ask_act(&me(), &AskedAct::Undo { act: 1 }).await;
    assert!(matches!(absent, Err(StoreError::Absent { what: "act", .. })), "{absent:?}");
    let to = more(house, 0).await;
    let sites = vec![site(1, 46.0, 2.0, &[]), site(2, 46.0, 1.0, &[])];
    put(house, folded(0, to, sites)).await.unwrap();

    let (number, job) = store.ask_act(&me(), &merge).await.unwrap();
    assert_eq!(number, 1);
    let entry = store.audit_after(0, 100).await.unwrap().pop().unwrap();
    assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("act.asked", "account:ana"));
    assert_eq!(entry.detail["do"], "merge");
    assert_eq!(store.job(job).await.unwrap().unwrap().state, JobState::Queued);
    more(house, 1).await;
    more(house, 2).await;
    store.ask_act(&me(), &AskedAct::Undo { act: 1 }).await.unwrap();
    let places = |acts: &[cathartes_store::KeptAct]| -> Vec<(i64, i64)> {
        acts.iter().map(|act| (act.number, act.observations)).collect()
    };
    // A page of observations comes with the acts before the next observation, and no others.
    let news = store.news(Extent::default(), 2).await.unwrap();
    assert!(news.more);
    assert_eq!(places(&news.acts), [(1, 1)]);
    let since = Extent { observations: 2, acts: 1, registers: 0 };
    let news = store.news(since, 2).await.unwrap();
    assert!(!news.more);
    assert_eq!(places(&news.acts), [(2, 3)]);
    assert_eq!(news.acts[0].act, AskedAct::Undo { act: 1 });

    let to = store.extent().await.unwrap();
    let states = vec![(1, ActState::Undone), (2, ActState::Holds { new_site: None })];
    put(house, Folded { states, ..folded(1, to, vec![]) }).await.unwrap();
    let acts = store.acts(10).await.unwrap();
    assert_eq!(acts[1].state, Some(ActState::Undone));
    assert_eq!(acts[0].state, Some(ActState::Holds { new_site: None }));
}

pub(crate) async fn a_job_brings_what_its_findings_say(house: &House) {
    let store = &house.store;
    let work = detect(house, "line.img").await;
    let id = store.enqueue(&me(), &work).await.unwrap();
    let lease = store.take("w", at(0), LEASE).await.unwrap().unwrap();
    let sight = Sight { detection_probability: 0.5, false_alarms_per_km2: 0.01 };
    let seen = What::GasSeen { gas: "ch4".to_owned(), sight, profile_ln_ratio: None };
    let results = Results {
        scene: Some(scene(house, "line", 0, 7.0).await),
        findings: vec![plume(46.5, 7.5, 0), plume(46.6, 7.5, 0)],
        observations: vec![(None, told(46.0, 0)), (Some(1), said(seen, place(46.6, 7.5), 0))],
        ..Results::default()
    };
    let findings = store.finish(&lease, results).await.unwrap();
    let news = store.news(Extent::default(), 10).await.unwrap();
    let ids: Vec<ObservationId> = news.observations.iter().map(|(_, id, _)| *id).collect();
    let kept = store.observations(&ids).await.unwrap();
    let scene = store.finding(findings[0]).await.unwrap().unwrap().found.scene.unwrap();
    assert_eq!(kept[0].taken_from, TakenFrom::Scene(scene));
    assert_eq!(kept[1].taken_from, TakenFrom::Finding(findings[1]));
    let jobs = store.jobs(Some(JobState::Queued), 10).await.unwrap();
    let [fold] = jobs.as_slice() else { panic!("{jobs:?}") };
    assert_eq!(
        fold.work,
        Work::Fold { to: Extent { observations: 2, acts: 0, registers: 0 }, day: None }
    );
    assert_ne!(fold.id, id);
}
