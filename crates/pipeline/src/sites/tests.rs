use cathartes_core::{
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, ObservationId, OriginChain, Period, Reliability,
        Sight, Sign, What, Whereabouts,
    },
    provenance::Digest,
    site::LicensedEmitter,
    source::Ellipse90,
    units::{Degrees, Metres},
};
use cathartes_store::{Actor, Location, TakenFrom};

use super::*;

fn me() -> Actor {
    Actor::Account("ana".to_owned())
}

fn now() -> Timestamp {
    Timestamp::from_second(1_780_086_400).unwrap()
}

/// Something smelt by one who knows of no other, so many metres north of the same place.
fn draft(north_m: f64, by: &str) -> Draft {
    let latitude = Degrees(46.0 + north_m / 111_200.0);
    let (semi_major, semi_minor) = (Metres(100.0), Metres(100.0));
    let time = Timestamp::from_second(1_780_000_000).unwrap();
    let (reliability, credibility) = (Reliability::B, Credibility::PossiblyTrue);
    Draft {
        what: What::Told { sign: Sign::Smell },
        place: Whereabouts::Point {
            place: LatLon { latitude, longitude: Degrees(7.0) },
            ellipse: Ellipse90 { semi_major, semi_minor, bearing: Degrees(0.0) },
        },
        when: Period { from: time, to: time },
        grade: Grade { reliability, credibility },
        origin: OriginChain { collector: by.to_owned(), collection: None, handed_on_by: vec![] },
        marking: Marking::default(),
    }
}

fn from_file(draft: Draft) -> (Observation, TakenFrom) {
    let file = TakenFrom::File { sha256: Digest("ab".repeat(32)), row: 1 };
    (Observation::new(draft).unwrap(), file)
}

fn told(north_m: f64, by: &str) -> (Observation, TakenFrom) {
    from_file(draft(north_m, by))
}

/// A record, and somebody who folds it whenever something is new.
struct Desk {
    store: Store,
    fold: Fold,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::folder(folder.path())).await.unwrap();
        Self { store, fold: Fold::default(), _folder: folder }
    }

    async fn told(&mut self, north_m: f64, by: &str) -> SiteId {
        let one = [told(north_m, by)];
        let added = self.store.add_observations(&me(), &one).await.unwrap();
        self.folded().await;
        SiteId(added.new[0].0)
    }

    /// Folds as a worker does.
    async fn folded(&mut self) -> Folded {
        let folded = self.fold.next(&self.store, now(), false).await.unwrap();
        // Long after every job was asked for.
        let late = Timestamp::from_second(4_000_000_000).unwrap();
        let minute = std::time::Duration::from_mins(1);
        while let Some(lease) = self.store.take("w", late, minute).await.unwrap() {
            let last = lease.job.work == cathartes_store::Work::Fold { to: folded.to, day: None };
            let folded = last.then(|| folded.clone());
            let results = cathartes_store::Results { folded, ..Default::default() };
            self.store.finish(&lease, results).await.unwrap();
        }
        folded
    }

    async fn act(&mut self, act: AskedAct) -> Option<ActState> {
        self.store.ask_act(&me(), &act).await.unwrap();
        self.folded().await;
        self.store.acts(1).await.unwrap().remove(0).state
    }
}

fn observation(site: SiteId) -> ObservationId {
    ObservationId(site.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fold_from_nothing_comes_to_what_was_folded_step_by_step() {
    let mut desk = Desk::new().await;
    let one = desk.told(0.0, "patrol-7").await;
    let other = desk.told(5_000.0, "ranger-2").await;
    let holds = desk.act(AskedAct::Merge { into: one, from: other }).await;
    assert_eq!(holds, Some(ActState::Holds { new_site: None }));
    let near = desk.told(40.0, "customs-1").await;
    assert_eq!(desk.store.site(near).await.unwrap(), None, "it joined the first");
    let split = AskedAct::Split { from: one, observations: vec![observation(near)] };
    assert_eq!(desk.act(split).await, Some(ActState::Holds { new_site: Some(near) }));
    desk.told(50.0, "customs-9").await;
    let emitter = LicensedEmitter {
        name: "Dairy 1".to_owned(),
        gases: vec![],
        place: LatLon { latitude: Degrees(46.0), longitude: Degrees(7.0) },
        radius: Metres(200.0),
    };
    let file = Digest("cd".repeat(32));
    desk.store.replace_register(&me(), &[emitter], &file).await.unwrap();
    desk.folded().await;

    let mut anew = Fold::default();
    anew.catch_up(&desk.store).await.unwrap();
    let sites: Vec<Site> = anew.sites(now()).collect();
    assert_eq!(sites.iter().map(|site| site.id).collect::<Vec<_>>(), [one, near]);
    assert!(sites[0].ledger.to_string().contains("Dairy 1"), "{}", sites[0].ledger);
    assert_eq!(desk.fold.sites(now()).collect::<Vec<_>>(), sites);
    assert_eq!(anew.states(), desk.fold.states());
    let mut kept = desk.store.likeliest_sites(10).await.unwrap();
    kept.sort_by_key(|site| site.id);
    assert_eq!(kept, sites);
    assert_eq!(desk.store.stands_as(other).await.unwrap(), Some(one));
    let again = desk.fold.next(&desk.store, now(), true).await.unwrap();
    assert_eq!((again.changed, again.gone), (vec![], vec![]), "nothing is new");
}

/// Ground around the place of [`draft`] that somebody searched for a gas.
fn searched(half_deg: f64) -> (Observation, TakenFrom) {
    let sight = Sight { detection_probability: 0.9, false_alarms_per_km2: 0.01 };
    let what = What::Searched { gas: "ch4".to_owned(), sight };
    let corner = |north: f64, east: f64| LatLon {
        latitude: Degrees(46.0 + north * half_deg),
        longitude: Degrees(7.0 + east * half_deg),
    };
    let ring = vec![corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)];
    from_file(Draft { what, place: Whereabouts::Area { ring }, ..draft(0.0, "drone-1") })
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_observation_has_only_the_sites_judged_that_it_speaks_of() {
    let mut desk = Desk::new().await;
    let one = desk.told(0.0, "patrol-7").await;
    let other = desk.told(50_000.0, "ranger-2").await;
    let ids = |folded: &Folded| folded.changed.iter().map(|site| site.id).collect::<Vec<_>>();
    desk.store.add_observations(&me(), &[told(20.0, "customs-1")]).await.unwrap();
    assert_eq!(ids(&desk.folded().await), [one], "it joined the first");
    desk.store.add_observations(&me(), &[searched(0.01)]).await.unwrap();
    assert_eq!(ids(&desk.folded().await), [one], "the other was not flown over");
    desk.store.add_observations(&me(), &[searched(1.0)]).await.unwrap();
    assert_eq!(ids(&desk.folded().await), [one, other]);
    let mut kept = desk.store.likeliest_sites(10).await.unwrap();
    kept.sort_by_key(|site| site.id);
    let mut anew = Fold::default();
    anew.catch_up(&desk.store).await.unwrap();
    assert_eq!(kept, anew.sites(now()).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_another_folded_meanwhile_every_site_is_judged() {
    let mut desk = Desk::new().await;
    desk.told(0.0, "patrol-7").await;
    // What this comes to is never written: another process was faster.
    desk.store.add_observations(&me(), &[told(50_000.0, "ranger-2")]).await.unwrap();
    let lost = desk.fold.next(&desk.store, now(), false).await.unwrap();
    assert_eq!(lost.changed.len(), 1);
    desk.store.add_observations(&me(), &[told(90_000.0, "customs-1")]).await.unwrap();
    let folded = desk.folded().await;
    assert_eq!(folded.changed.len(), 2, "that of the lost fold as well");
    assert!(folded.merged.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_cannot_be_is_refused_in_words_and_disturbs_no_other() {
    let mut desk = Desk::new().await;
    let one = desk.told(0.0, "patrol-7").await;
    let other = desk.told(5_000.0, "ranger-2").await;
    let reason = async |desk: &mut Desk, act| match desk.act(act).await {
        Some(ActState::Refused { reason }) => reason,
        state => panic!("{state:?}"),
    };
    let same = reason(&mut desk, AskedAct::Merge { into: one, from: one }).await;
    assert!(same.contains("cannot be merged into itself"), "{same}");
    desk.act(AskedAct::Merge { into: one, from: other }).await;
    let observations = vec![observation(other)];
    let all = reason(&mut desk, AskedAct::Split { from: one, observations }).await;
    assert!(all.contains("began a site of its own"), "{all}");
    // Acts that were refused count in the record and not in the picture.
    assert_eq!(desk.act(AskedAct::Undo { act: 2 }).await, Some(ActState::Holds { new_site: None }));
    assert_eq!(desk.store.acts(3).await.unwrap()[2].state, Some(ActState::Undone));
    let twice = reason(&mut desk, AskedAct::Undo { act: 2 }).await;
    assert!(twice.contains("does not hold"), "{twice}");
    let refused = reason(&mut desk, AskedAct::Undo { act: 1 }).await;
    assert!(refused.contains("does not hold"), "{refused}");
    assert_eq!(desk.store.likeliest_sites(10).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_which_another_builds_is_undone_after_it() {
    let mut desk = Desk::new().await;
    let one = desk.told(0.0, "patrol-7").await;
    desk.act(AskedAct::Merge { into: one, from: one }).await;
    let two = desk.told(5_000.0, "ranger-2").await;
    let near = desk.told(30.0, "customs-1").await;
    let observations = vec![observation(near)];
    desk.act(AskedAct::Split { from: one, observations }).await;
    desk.act(AskedAct::Merge { into: two, from: near }).await;
    let state = desk.act(AskedAct::Undo { act: 2 }).await;
    let Some(ActState::Refused { reason }) = state else { panic!("{state:?}") };
    assert!(reason.starts_with("act 3 builds on it"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_folded_yet_is_folded_for_whoever_asks() {
    let mut desk = Desk::new().await;
    let one = desk.told(0.0, "patrol-7").await;
    desk.store.add_observations(&me(), &[told(0.0, "ranger-2")]).await.unwrap();
    let kept = desk.store.likeliest_sites(10).await.unwrap();
    let now = likeliest(&desk.store, 10).await.unwrap();
    assert_eq!((kept[0].id, now[0].id), (one, one));
    assert_eq!((kept[0].observations.len(), now[0].observations.len()), (1, 2));
    desk.folded().await;
    assert_eq!(likeliest(&desk.store, 10).await.unwrap()[0].observations, now[0].observations);
}
