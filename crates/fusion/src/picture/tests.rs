use cathartes_core::{
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, OriginChain, Period, Reliability, Sight, Sign, What, Whereabouts,
    },
    source::Ellipse90,
    units::{Degrees, Metres},
};
use proptest::prelude::*;

use super::*;
use crate::acts::{ActError, ActNumber};

const START: i64 = 1_780_000_000;
const DAY: i64 = 86_400;

fn at(east: f64, north: f64) -> LatLon {
    moved(LatLon { latitude: Degrees(40.0), longitude: Degrees(-3.0) }, [east, north])
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

/// An observation of a circle of 90 % around a place.
fn observation(what: What, place: LatLon, radius: f64, time: i64, by: &str) -> Observation {
    let (semi_major, semi_minor) = (Metres(radius), Metres(radius));
    let ellipse = Ellipse90 { semi_major, semi_minor, bearing: Degrees(0.0) };
    made(what, Whereabouts::Point { place, ellipse }, time, by)
}

fn made(what: What, place: Whereabouts, time: i64, by: &str) -> Observation {
    let (collector, collection) = by.split_once(' ').unwrap_or((by, ""));
    let collection = (!collection.is_empty()).then(|| collection.to_owned());
    Observation::new(Draft {
        what,
        place,
        when: Period { from: moment(time), to: moment(time) },
        grade: Grade { reliability: Reliability::B, credibility: Credibility::PossiblyTrue },
        origin: OriginChain { collector: collector.into(), collection, handed_on_by: vec![] },
        marking: Marking::default(),
    })
    .unwrap()
}

fn gas(profile_ln_ratio: Option<f64>) -> What {
    What::GasSeen { gas: "ch4".into(), sight: sight(), profile_ln_ratio }
}

fn sight() -> Sight {
    Sight { detection_probability: 0.8, false_alarms_per_km2: 0.01 }
}

fn searched(half: f64, time: i64, by: &str) -> Observation {
    let ring = vec![at(-half, -half), at(half, -half), at(half, half), at(-half, half)];
    let what = What::Searched { gas: "ch4".into(), sight: sight() };
    made(what, Whereabouts::Area { ring }, time, by)
}

fn told(sign: Sign) -> What {
    What::Told { sign }
}

fn picture() -> Picture {
    Picture::new(Beliefs::default(), Vec::new())
}

fn add(picture: &mut Picture, id: u128, observation: &Observation) -> Effect {
    picture.observe(ObservationId(id), observation).unwrap()
}

fn site(picture: &Picture, id: u128, time: i64) -> Site {
    picture.site(SiteId(id), moment(time)).unwrap()
}

fn probability(picture: &Picture, id: u128, time: i64) -> f64 {
    site(picture, id, time).ledger.probability()
}

#[test]
fn three_plumes_at_one_place_are_one_site_with_its_ledger() {
    let mut picture = picture();
    for (i, east) in [0.0, 30.0, -20.0].into_iter().enumerate() {
        let seen =
            observation(gas(Some(2.0)), at(east, 0.0), 60.0, i as i64 * DAY, &format!("s {i}"));
        add(&mut picture, i as u128 + 1, &seen);
    }

    assert_eq!(picture.site_ids(), [SiteId(1)]);
    let site = site(&picture, 1, 2 * DAY);
    println!("{}", site.ledger);
    assert!(site.ledger.probability() > 0.25, "{}", site.ledger);
    assert_eq!(site.observations, [1, 2, 3].map(ObservationId));
    assert!(site.ellipse.semi_major.0 < 40.0);
}

#[test]
fn a_lone_report_makes_a_site_as_probable_as_its_grade_is_true() {
    let mut picture = picture();
    add(&mut picture, 1, &observation(told(Sign::Smell), at(0.0, 0.0), 500.0, 0, "patrol-7"));

    // B, credibility 3: 80 in 100 are true.
    assert!((probability(&picture, 1, 0) - 0.8).abs() < 0.03);
}

#[test]
fn a_clean_overflight_counts_against_and_a_second_within_the_hour_counts_less() {
    let mut picture = picture();
    add(&mut picture, 1, &observation(told(Sign::Waste), at(0.0, 0.0), 300.0, 0, "patrol-7"));
    let before = probability(&picture, 1, 0);
    add(&mut picture, 2, &searched(5000.0, DAY, "s 1"));
    add(&mut picture, 3, &searched(5000.0, DAY + 1800, "s 2"));
    let ledger = site(&picture, 1, DAY + 1800).ledger;
    println!("{ledger}");

    let terms: Vec<f64> =
        ledger.terms.iter().filter(|t| t.words.starts_with("clean")).map(|t| t.ln_odds).collect();
    assert_eq!(terms.len(), 2);
    assert!(
        terms[0] < -0.2 && terms[1] < 0.0 && terms[1].abs() < 0.6 * terms[0].abs(),
        "{terms:?}"
    );
    assert!(ledger.probability() < before);
}

#[test]
fn a_search_that_saw_the_site_itself_does_not_count_against_it() {
    let mut picture = picture();
    add(&mut picture, 1, &searched(5000.0, 0, "s 1"));
    add(&mut picture, 2, &observation(gas(None), at(0.0, 0.0), 60.0, 0, "s 1"));

    let ledger = site(&picture, 2, 0).ledger;
    assert!(ledger.terms.iter().all(|t| !t.words.starts_with("clean")), "{ledger}");
}

#[test]
fn a_search_for_another_gas_says_nothing() {
    let mut picture = picture();
    add(&mut picture, 1, &observation(gas(None), at(0.0, 0.0), 60.0, 0, "s 1"));
    let ring = vec![at(-900.0, -900.0), at(900.0, -900.0), at(900.0, 900.0), at(-900.0, 900.0)];
    let other = What::Searched { gas: "nh3".into(), sight: sight() };
    add(&mut picture, 2, &made(other, Whereabouts::Area { ring }, 60, "s 2"));

    assert_eq!(site(&picture, 1, 60).observations, [ObservationId(1)]);
}

#[test]
fn what_one_collector_tells_twice_counts_once() {
    let mut picture = picture();
    let tale = observation(told(Sign::Smell), at(0.0, 0.0), 300.0, 0, "patrol-7 a");
    let again = observation(told(Sign::Smell), at(20.0, 0.0), 300.0, 60, "patrol-7 b");
    add(&mut picture, 1, &tale);
    let once = probability(&picture, 1, 0);
    add(&mut picture, 2, &again);

    let site = site(&picture, 1, 60);
    assert!((site.ledger.probability() - once).abs() < 0.01);
    assert!(
        site.ledger
            .terms
            .iter()
            .any(|t| t.words.contains("counts once") && t.ln_odds.abs() < 0.005)
    );
    assert!(site.ellipse.semi_minor.0 > 290.0, "telling twice does not know the place better");
}

#[test]
fn two_collectors_who_agree_count_twice() {
    let mut picture = picture();
    add(&mut picture, 1, &observation(told(Sign::Smell), at(0.0, 0.0), 300.0, 0, "patrol-7"));
    add(&mut picture, 2, &observation(told(Sign::Waste), at(50.0, 0.0), 300.0, 9, "office-2"));

    assert!(probability(&picture, 1, 9) > 0.98);
    assert!(site(&picture, 1, 9).ellipse.semi_major.0 < 230.0);
}

#[test]
fn a_licensed_emitter_of_that_gas_explains_a_plume_away_and_another_does_not() {
    let emitter = |gas: &str| LicensedEmitter {
        name: "Landfill 4".into(),
        gases: vec![gas.into()],
        place: at(100.0, 0.0),
        radius: Metres(200.0),
    };
    let with = |register: Vec<LicensedEmitter>| {
        let mut picture = Picture::new(Beliefs::default(), register);
        for i in 0..4 {
            let seen = observation(gas(Some(3.0)), at(0.0, 0.0), 60.0, i * DAY, &format!("s {i}"));
            add(&mut picture, i as u128 + 1, &seen);
        }
        site(&picture, 1, 3 * DAY).ledger
    };
    let (none, known) = (with(Vec::new()), with(vec![emitter("ch4")]));

    assert!(known.probability() < 0.01 && none.probability() > 0.2, "{none}\n{known}");
    assert!(known.terms[1].words.contains("100 m from the licensed emitter Landfill 4"), "{known}");
    assert_eq!(with(vec![emitter("nh3")]), none);
}

#[test]
fn gases_of_a_kind_of_interest_speak_against_an_innocent_emitter() {
    let with = |ratio: Option<f64>| {
        let mut picture = picture();
        for i in 0..4 {
            let seen = observation(gas(ratio), at(0.0, 0.0), 60.0, i * DAY, &format!("s {i}"));
            add(&mut picture, i as u128 + 1, &seen);
        }
        probability(&picture, 1, 3 * DAY)
    };
    let [good, bad, none] = [Some(4.0), Some(-4.0), None].map(with);
    assert!(good > 0.6 && none > 0.01 && none < 0.3 && bad < 0.1 * none, "{good} {none} {bad}");
}

#[test]
fn age_takes_a_site_back_to_what_was_believed_before() {
    let mut picture = picture();
    add(&mut picture, 1, &observation(told(Sign::Seizure), at(0.0, 0.0), 300.0, 0, "patrol-7"));
    let after = |days: i64| probability(&picture, 1, days * DAY);

    assert!(after(0) > after(200) && after(200) > after(800));
    assert!((after(20_000) / 0.001 - 1.0).abs() < 0.05, "{}", after(20_000));
    let ledger = site(&picture, 1, 200 * DAY).ledger;
    assert!(ledger.terms.last().unwrap().words.starts_with("age: 200 days"), "{ledger}");
}

#[test]
fn nothing_there_counts_against_and_founds_no_site() {
    let mut picture = picture();
    let empty = observation(told(Sign::NothingThere), at(0.0, 0.0), 200.0, 60, "office-2");
    assert_eq!(add(&mut picture, 1, &empty), Effect::Looked);
    assert_eq!(picture.site_ids(), []);
    add(&mut picture, 2, &observation(told(Sign::Smell), at(0.0, 0.0), 300.0, 0, "patrol-7"));

    assert!(probability(&picture, 2, 60) < 0.7);
    assert!(probability(&picture, 2, 0) > 0.75, "as of a time before the visit");
}

#[test]
fn a_line_of_sight_speaks_for_what_is_on_it_and_narrows_its_place() {
    let mut picture = picture();
    add(&mut picture, 1, &observation(told(Sign::Smell), at(0.0, 0.0), 800.0, 0, "patrol-7"));
    let (before, ellipse) = (probability(&picture, 1, 60), site(&picture, 1, 60).ellipse);
    let line = |east: f64| Whereabouts::Bearing {
        from: at(east, -5000.0),
        bearing: Degrees(0.0),
        bearing_std: Degrees(1.0),
        reach: Metres(20_000.0),
    };
    add(&mut picture, 2, &made(told(Sign::EmitterFix), line(4000.0), 30, "mast-1"));
    assert_eq!(probability(&picture, 1, 60), before, "it passes 4 km beside");
    add(&mut picture, 3, &made(told(Sign::EmitterFix), line(50.0), 40, "mast-2"));

    assert!(probability(&picture, 1, 60) > before + 0.05);
    let narrow = site(&picture, 1, 60).ellipse;
    assert!(narrow.semi_minor.0 < 0.5 * ellipse.semi_minor.0, "{narrow:?}");
    assert!((narrow.bearing.0 - 0.0).min(180.0 - narrow.bearing.0) < 2.0, "along the line");
}

#[test]
fn a_bad_report_does_not_drag_the_place_away() {
    let place_with = |bad: bool| {
        let mut picture = picture();
        if bad {
            add(&mut picture, 99, &observation(gas(None), at(132.0, 0.0), 60.0, -DAY, "s x"));
        }
        for i in 0..5 {
            let seen = observation(gas(None), at(i as f64, 0.0), 60.0, i * DAY, &format!("s {i}"));
            add(&mut picture, i as u128 + 1, &seen);
        }
        let [id] = picture.site_ids()[..] else { panic!("more than one site") };
        picture.site(id, moment(5 * DAY)).unwrap().place
    };
    let [east, _] = offset_m(place_with(false), place_with(true));

    assert!(east.abs() < 8.0, "{east} m; the mean would be 22 m off");
}

#[test]
fn a_site_across_180_degrees_is_one_site() {
    let mut picture = picture();
    let edge = |longitude: f64| LatLon { latitude: Degrees(-17.0), longitude: Degrees(longitude) };
    add(&mut picture, 1, &observation(gas(None), edge(179.9999), 60.0, 0, "s 1"));
    let effect = add(&mut picture, 2, &observation(gas(None), edge(-179.9999), 60.0, DAY, "s 2"));

    assert_eq!(effect, Effect::Joined(SiteId(1)));
    assert!(site(&picture, 1, DAY).place.longitude.0.abs() > 179.9998);
}

#[test]
fn an_observation_is_not_taken_twice() {
    let mut picture = picture();
    let seen = observation(gas(None), at(0.0, 0.0), 60.0, 0, "s 1");
    add(&mut picture, 1, &seen);

    let error = picture.observe(ObservationId(1), &seen).unwrap_err().to_string();
    assert!(error.contains("is there already; give each its own number"), "{error}");
}

/// Two sites 400 m apart, three plumes each.
fn two_sites() -> Picture {
    let mut picture = picture();
    for i in 0..6_i64 {
        let east = if i % 2 == 0 { 0.0 } else { 400.0 };
        let seen = observation(gas(None), at(east, 0.0), 60.0, i * DAY, &format!("s {i}"));
        add(&mut picture, i as u128 + 1, &seen);
    }
    assert_eq!(picture.site_ids(), [SiteId(1), SiteId(2)]);
    picture
}

fn shown(picture: &Picture) -> Vec<Site> {
    picture.site_ids().iter().map(|id| picture.site(*id, moment(30 * DAY)).unwrap()).collect()
}

#[test]
fn merged_sites_are_one_and_an_undone_merge_leaves_no_trace() {
    let mut picture = two_sites();
    let before = shown(&picture);
    let act = picture.merge(SiteId(1), SiteId(2)).unwrap();

    assert_eq!(picture.site_ids(), [SiteId(1)]);
    assert_eq!(site(&picture, 1, 30 * DAY).observations.len(), 6);
    assert_eq!(picture.stands_as(SiteId(2)), SiteId(1));
    let later = observation(gas(None), at(400.0, 0.0), 60.0, 9 * DAY, "s 9");
    assert_eq!(add(&mut picture.clone(), 9, &later), Effect::Joined(SiteId(1)));
    picture.undo(act).unwrap();
    assert_eq!(shown(&picture), before);
}

#[test]
fn a_split_makes_two_and_later_observations_go_where_they_fit() {
    let mut picture = two_sites();
    picture.merge(SiteId(1), SiteId(2)).unwrap();
    let (act, new) = picture.split(SiteId(1), &[4, 6].map(ObservationId)).unwrap();
    assert_eq!(new, SiteId(4));
    let later = observation(gas(None), at(400.0, 0.0), 60.0, 9 * DAY, "s 9");
    assert_eq!(add(&mut picture, 9, &later), Effect::Joined(SiteId(4)));
    assert_eq!(site(&picture, 4, 30 * DAY).observations, [4, 6, 9].map(ObservationId));

    picture.undo(act).unwrap();
    assert_eq!(picture.site_ids(), [SiteId(1)]);
    assert_eq!(site(&picture, 1, 30 * DAY).observations.len(), 7);
}

#[test]
fn an_undone_undo_holds_again() {
    let mut picture = two_sites();
    let merge = picture.merge(SiteId(1), SiteId(2)).unwrap();
    let merged = shown(&picture);
    let undo = picture.undo(merge).unwrap();
    assert!(matches!(picture.undo(merge), Err(ActError::NoAct(_))));
    picture.undo(undo).unwrap();

    assert_eq!(shown(&picture), merged);
    assert_eq!(picture.log().len(), 3);
}

#[test]
fn an_act_that_others_build_on_is_not_undone_before_them() {
    let mut picture = two_sites();
    let merge = picture.merge(SiteId(1), SiteId(2)).unwrap();
    let (split, _) = picture.split(SiteId(1), &[ObservationId(4)]).unwrap();
    let before = shown(&picture);

    let error = picture.undo(merge).unwrap_err();
    assert!(error.to_string().starts_with("act 1 builds on it"), "{error}");
    assert_eq!(shown(&picture), before);
    picture.undo(split).unwrap();
    picture.undo(merge).unwrap();
    assert_eq!(shown(&picture), shown(&two_sites()));
}

#[test]
fn acts_that_cannot_be_say_why() {
    let mut picture = two_sites();
    let say = |error: ActError| error.to_string();
    assert!(say(picture.merge(SiteId(1), SiteId(1)).unwrap_err()).contains("into itself"));
    assert!(say(picture.merge(SiteId(1), SiteId(77)).unwrap_err()).contains("there is no site"));
    let other = picture.split(SiteId(1), &[ObservationId(4)]).unwrap_err();
    assert!(say(other).contains("does not count for site"));
    let all = picture.split(SiteId(1), &[1, 3, 5].map(ObservationId)).unwrap_err();
    assert!(say(all).contains("3 of 3 observations named"));
    let first = picture.split(SiteId(1), &[ObservationId(1)]).unwrap_err();
    assert!(say(first).contains("name one more"));
    assert!(say(picture.undo(ActNumber(5)).unwrap_err()).contains("no act 5"));
    assert!(picture.log().is_empty());
}

prop_compose! {
    fn any_observation()(
        kind in 0..5_u8,
        east in -300.0..300.0_f64,
        north in -300.0..300.0_f64,
        radius in 20.0..400.0_f64,
        time in 0..(90 * DAY),
        by in 0..12_u8,
        ratio in proptest::option::of(-3.0..3.0_f64),
    ) -> Observation {
        let place = at(east, north);
        let by = format!("c{by} {time}");
        match kind {
            0 | 1 => observation(gas(ratio), place, radius, time, &by),
            2 => observation(told(Sign::Waste), place, radius, time, &by),
            3 => searched(800.0, time, &by),
            _ => observation(told(Sign::NothingThere), place, radius, time, &by),
        }
    }
}

/// The site of evidence and looks given in some order, without association.
fn judged(all: &[(u128, Observation)]) -> Option<Site> {
    let mut book = Book::default();
    // Numbers of collectors follow the order they come in; nothing may depend on that.
    let entries: Vec<Entry> = all.iter().map(|(id, o)| book.entry(ObservationId(*id), o)).collect();
    let (mut members, mut looks) = (Vec::new(), Vec::new());
    for entry in &entries {
        match entry {
            Entry::Evidence(evidence) => members.push(evidence),
            Entry::Look(look) => looks.push(look),
        }
    }
    let beliefs = Beliefs::default();
    let around = Surroundings { beliefs: &beliefs, book: &book, licensed: Vec::new(), looks };
    let ground = Ground::of(&members, &beliefs)?;
    Some(judge(SiteId(1), ground, &around, moment(100 * DAY)))
}

proptest! {
    #[test]
    fn the_order_in_which_observations_come_changes_no_bit(
        observations in proptest::collection::vec(any_observation(), 1..14),
        turn in 0..14_usize,
    ) {
        let all: Vec<(u128, Observation)> = (1..).zip(observations).collect();
        let mut other = all.clone();
        other.reverse();
        let turn = turn % other.len();
        other.rotate_left(turn);
        prop_assert_eq!(judged(&all), judged(&other));
    }

    #[test]
    fn the_terms_of_every_ledger_add_up_to_its_odds_and_probability(
        observations in proptest::collection::vec(any_observation(), 1..14),
    ) {
        let all: Vec<(u128, Observation)> = (1..).zip(observations).collect();
        if let Some(site) = judged(&all) {
            let mut sum = 0.0;
            for term in &site.ledger.terms {
                prop_assert!(term.ln_odds.is_finite() && !term.words.is_empty());
                sum += term.ln_odds;
            }
            prop_assert_eq!(sum.to_bits(), site.ledger.ln_odds().to_bits());
            let p = site.ledger.probability();
            prop_assert!((0.0..=1.0).contains(&p));
            prop_assert!(site.ellipse.semi_minor.0 > 0.0);
        }
    }

    #[test]
    fn any_acts_all_undone_restore_every_site(
        observations in proptest::collection::vec(any_observation(), 4..20),
        tries in proptest::collection::vec((any::<bool>(), 0..20_usize, 0..20_usize), 1..12),
    ) {
        let mut picture = picture();
        for (id, observation) in (1..).zip(&observations) {
            add(&mut picture, id, observation);
        }
        let before = shown_late(&picture);
        let mut acts = Vec::new();
        for (merge, a, b) in tries {
            let ids = picture.site_ids();
            if ids.is_empty() { break }
            let (one, two) = (ids[a % ids.len()], ids[b % ids.len()]);
            let act = if merge {
                picture.merge(one, two).ok()
            } else {
                let members = picture.site(one, moment(100 * DAY)).map(|s| s.observations);
                let some: Vec<ObservationId> =
                    members.unwrap_or_default().into_iter().skip(1 + b % 3).take(2).collect();
                picture.split(one, &some).ok().map(|s| s.0)
            };
            acts.extend(act);
        }
        for act in acts.into_iter().rev() {
            prop_assert!(picture.undo(act).is_ok());
        }
        prop_assert_eq!(shown_late(&picture), before);
    }
}

fn shown_late(picture: &Picture) -> Vec<Option<Site>> {
    picture.site_ids().iter().map(|id| picture.site(*id, moment(100 * DAY))).collect()
}

#[test]
fn another_register_judges_the_same_observations_anew() {
    let licensed = || {
        let (name, gases) = ("Landfill 4".to_owned(), vec!["ch4".to_owned()]);
        vec![LicensedEmitter { name, gases, place: at(0.0, 50.0), radius: Metres(100.0) }]
    };
    let seen = observation(gas(None), at(0.0, 0.0), 30.0, 0, "imager-1 line-1");
    let mut replaced = picture();
    add(&mut replaced, 1, &seen);
    let before = site(&replaced, 1, 0);
    replaced.replace_register(licensed());
    let mut known = Picture::new(Beliefs::default(), licensed());
    add(&mut known, 1, &seen);
    assert_eq!(site(&replaced, 1, 0), site(&known, 1, 0));
    assert!(site(&known, 1, 0).ledger.ln_odds() < before.ledger.ln_odds());
    replaced.replace_register(Vec::new());
    assert_eq!(site(&replaced, 1, 0), before);
}

proptest! {
    #[test]
    fn a_site_that_is_not_told_as_changed_is_as_it_was(
        steps in prop::collection::vec((0..5_u8, -1_500.0..1_500.0, -1_500.0..1_500.0), 2..30),
    ) {
        let mut picture = picture();
        let late = moment(400 * DAY);
        let all = |picture: &Picture| -> Vec<(SiteId, Option<Site>)> {
            picture.site_ids().into_iter().map(|id| (id, picture.site(id, late))).collect()
        };
        for (i, (kind, east, north)) in steps.into_iter().enumerate() {
            let before: HashMap<_, _> = all(&picture).into_iter().collect();
            let (id, time, by) = (i as u128 + 1, i as i64 * DAY, format!("s {i}"));
            let ids = picture.site_ids();
            if let (0, [first, .., last]) = (kind, ids.as_slice()) {
                picture.merge(*first, *last).unwrap();
            } else if kind < 3 {
                let around = |e: f64, n: f64| at(east + 300.0 * e, north + 300.0 * n);
                let ring = vec![around(-1.0, -1.0), around(1.0, -1.0), around(1.0, 1.0), around(-1.0, 1.0)];
                let what = What::Searched { gas: "ch4".into(), sight: sight() };
                add(&mut picture, id, &made(what, Whereabouts::Area { ring }, time, &by));
            } else {
                let what = if kind == 3 { gas(None) } else { told(Sign::Smell) };
                add(&mut picture, id, &observation(what, at(east, north), 250.0, time, &by));
            }
            let Some(changed) = picture.take_changed() else { continue };
            for (id, site) in all(&picture) {
                prop_assert!(changed.contains(&id) || before.get(&id) == Some(&site), "{id}");
            }
        }
    }
}
