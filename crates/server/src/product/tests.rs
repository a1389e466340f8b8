use cathartes_core::{
    look::Look,
    marking::Classification,
    observation::{Credibility, Draft, Grade, ObservationId, OriginChain, Reliability, Sight},
    site::{Ledger, SiteId, Term},
};
use cathartes_store::{NewAssessment, NewReview, Sort, Stage};
use serde_json::json;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn place(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn ellipse(metres: f64) -> Ellipse90 {
    Ellipse90 { semi_major: Metres(metres), semi_minor: Metres(metres), bearing: Degrees(0.0) }
}

fn marking(classification: Classification, releasable_to: &[&str]) -> Marking {
    let releasable_to = releasable_to.iter().map(|&body| body.to_owned()).collect();
    Marking { classification, caveats: Vec::new(), releasable_to }
}

fn observation(number: u128, marking: Marking) -> KeptObservation {
    let draft = Draft {
        what: What::GasSeen {
            gas: "nh3".to_owned(),
            sight: Sight { detection_probability: 0.5, false_alarms_per_km2: 0.01 },
            profile_ln_ratio: None,
        },
        place: Whereabouts::Point { place: place(31.71, -106.52), ellipse: ellipse(40.0) },
        when: Period { from: at("2026-11-20T18:00:00Z"), to: at("2026-11-20T18:00:00Z") },
        grade: Grade { reliability: Reliability::A, credibility: Credibility::CannotBeJudged },
        origin: OriginChain {
            collector: "imager".to_owned(),
            collection: Some(format!("flight:{number}")),
            handed_on_by: Vec::new(),
        },
        marking,
    };
    KeptObservation {
        id: ObservationId(number),
        observation: Observation::new(draft).unwrap(),
        taken_from: TakenFrom::Finding(Uuid::from_u128(100 + number)),
        created: at("2026-11-20T19:00:00Z"),
        created_by: "worker:one".to_owned(),
    }
}

fn finding(number: u128) -> Finding {
    let properties = json!({
        "length_m": 400.0, "false_alarm_probability": 0.02,
        "rate_by_mass_low_90_percent_kg_per_h": 12.0, "rate_by_mass_high_90_percent_kg_per_h": 47.0,
    });
    serde_json::from_value(json!({
        "id": Uuid::from_u128(number), "kind": "plume", "gas": "nh3",
        "place": place(31.71, -106.52), "begins": "2026-11-20T18:00:00Z", "ends": "2026-11-20T18:00:00Z",
        "geometry": null, "properties": properties,
        "provenance": { "inputs": [], "version": "1", "parameters": [], "seed": 1 },
        "scene": null, "supersedes": null, "job": null, "created": "2026-11-20T19:00:00Z",
        "created_by": "worker:one", "superseded_by": null,
    }))
    .unwrap()
}

fn review(by: &str, verdict: Verdict, round: i64) -> Review {
    Review {
        id: Uuid::from_u128(7),
        what: NewReview {
            subject: Subject::Site(SiteId(1)),
            verdict,
            reason: String::new(),
            supersedes: None,
            key: None,
        },
        at: at("2026-11-21T08:00:00Z"),
        by: by.to_owned(),
        round,
        stage: Stage::First,
        settles: false,
        superseded_by: None,
    }
}

fn assessment(likelihood: Likelihood) -> Assessment {
    Assessment {
        id: Uuid::from_u128(9),
        what: NewAssessment {
            subject: Subject::Site(SiteId(1)),
            text: "It is likely [1] that ammonia is used here.".to_owned(),
            likelihood,
            confidence: Confidence::Moderate,
            sources: Vec::new(),
            supersedes: None,
            key: None,
        },
        at: at("2026-11-21T09:00:00Z"),
        by: "account:bea".to_owned(),
        superseded_by: None,
    }
}

/// A site that two flights saw, confirmed by two in its second round.
fn known() -> Known {
    let observations = vec![
        observation(1, marking(Classification::Secret, &["andes", "plata"])),
        observation(2, marking(Classification::Confidential, &["andes"])),
    ];
    let term = |n: u128| Term {
        observation: Some(ObservationId(n)),
        at: Some(at("2026-11-20T18:00:00Z")),
        words: format!("gas seen by flight {n}"),
        ln_odds: 1.5,
    };
    let site = Site {
        id: SiteId(1),
        place: place(31.7123, -106.5234),
        ellipse: ellipse(35.0),
        gases: vec!["nh3".to_owned()],
        ledger: Ledger { terms: vec![term(1), term(2)] },
        observations: vec![ObservationId(1), ObservationId(2)],
        as_of: at("2026-11-21T00:00:00Z"),
    };
    let look =
        Look { uncertainty_weight: 1.0, consequence_weight: 1.0, seen: at("2026-11-20T18:00:00Z") };
    let standing = Standing {
        sort: Sort::Site,
        gas: Some("nh3".to_owned()),
        place: Some(site.place),
        stage: Stage::Decided,
        round: 2,
        round_began: at("2026-11-20T20:00:00Z"),
        since: at("2026-11-21T08:00:00Z"),
        verdict: Some(Verdict::Confirm),
        look,
        rate: None,
        observations: Some(2),
    };
    Known {
        subject: Subject::Site(SiteId(1)),
        standing,
        findings: vec![finding(101), finding(102)],
        site: Some(site),
        scenes: Vec::new(),
        sorties: Vec::new(),
        passes: Vec::new(),
        observations,
        reviews: vec![
            review("account:old", Verdict::Confirm, 1),
            review("account:bea", Verdict::Confirm, 2),
            review("account:carl", Verdict::Confirm, 2),
        ],
        assessments: vec![assessment(Likelihood::Likely)],
        pictures: vec![Image { width_px: 1, height_px: 1, rgb: vec![1, 2, 3] }],
        marking: None,
    }
}

fn made(known: &Known) -> Product {
    product(known, &Told::default(), at("2026-11-22T00:00:00Z"))
}

fn path(text: &str) -> FieldPath {
    FieldPath::new(text).unwrap()
}

#[test]
fn a_site_becomes_its_fields_and_nothing_of_it_is_forgotten() {
    let product = made(&known());
    let names: Vec<&str> = product.fields.keys().map(FieldPath::as_str).collect();
    let all = [
        "analysts[0]",
        "analysts[1]",
        "analysts[2]",
        "assessment",
        "collection",
        "confidence",
        "expires",
        "gases",
        "id",
        "images[0]",
        "ledger[0].words",
        "ledger[1].words",
        "likelihood",
        "observed",
        "place",
        "sources[0].place",
        "sources[0].rate",
        "sources[1].place",
        "sources[1].rate",
        "title",
        "unknown.en",
        "unknown.es",
        "what.en",
        "what.es",
    ];
    assert_eq!(names, all);
    let expires = Value::At { at: at("2026-12-22T00:00:00Z") };
    assert_eq!(product.fields[&path("expires")], expires);
    let rate = Interval90 { low: KgPerHour(12.0), high: KgPerHour(47.0) };
    assert_eq!(product.fields[&path("sources[1].rate")], Value::Rate(rate));
}

#[test]
fn what_is_drawn_from_all_is_held_as_the_closest_and_what_is_of_one_source_as_that_one() {
    let product = made(&known());
    assert_eq!(product.marking, Some(marking(Classification::Secret, &["andes"])));
    let of = |field| product.marking_of(&path(field)).cloned();
    assert_eq!(of("place"), product.marking);
    assert_eq!(of("sources[1].place"), Some(marking(Classification::Confidential, &["andes"])));
    assert_eq!(of("sources[0].rate"), Some(marking(Classification::Secret, &["andes", "plata"])));
}

#[test]
fn what_somebody_marked_goes_before_what_follows_from_observations() {
    let mut known = known();
    let said = marking(Classification::Restricted, &["plata"]);
    let closer = marking(Classification::TopSecret, &[]);
    let overrides =
        [(path("sources[1].place"), closer.clone()), (path("no.such"), closer.clone())].into();
    known.marking = Some((Some(said.clone()), overrides));
    let product = made(&known);
    assert_eq!(product.marking, Some(said));
    assert_eq!(product.marking_of(&path("sources[1].place")), Some(&closer));
    assert!(!product.overrides.contains_key(&path("no.such")));
}

#[test]
fn without_observations_and_without_a_marking_everything_stays() {
    let mut known = known();
    known.observations.clear();
    let product = made(&known);
    assert!(product.fields.keys().all(|path| product.marking_of(path).is_none()));
}

#[test]
fn the_term_that_was_judged_stands_and_the_computed_number_only_within_it() {
    assert_eq!(likely(Some(0.7), Some(Likelihood::Likely)), Some(0.7));
    for (_, term) in Likelihood::FROM_PROBABILITY {
        let shown = likely(Some(0.999), Some(term)).unwrap();
        assert_eq!(Likelihood::of(shown), term);
    }
    assert_eq!(likely(Some(0.42), None), Some(0.42));
    assert_eq!(likely(None, None), None);
}

#[test]
fn confirmed_is_what_the_last_round_confirmed() {
    let by = |known: &Known| -> Vec<String> {
        confirmed(known).into_iter().map(|review| review.by).collect()
    };
    let mut known = known();
    assert_eq!(by(&known), ["account:bea", "account:carl"]);
    known.reviews[1].superseded_by = Some(Uuid::from_u128(8));
    assert_eq!(by(&known), ["account:carl"]);
    known.standing.verdict = None;
    assert!(by(&known).is_empty());
}

#[test]
fn words_of_ours_name_gases_alone_and_words_of_people_take_their_place() {
    let told = Told { what_es: Some("Sale amoníaco.".to_owned()), ..Told::default() };
    let product = product(&known(), &told, at("2026-11-22T00:00:00Z"));
    let words = |field: &str| match &product.fields[&path(field)] {
        Value::Words { words } => words.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(words("what.es"), "Sale amoníaco.");
    for field in ["title", "what.en", "unknown.en", "unknown.es"] {
        let digits: String =
            words(field).replace("nh3", "").chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, "", "{field}");
    }
}

#[test]
fn a_finding_without_an_extent_is_somewhere_around_its_place() {
    let mut known = known();
    known.subject = Subject::Finding(Uuid::from_u128(101));
    known.site = None;
    known.observations.clear();
    known.findings.truncate(1);
    let product = made(&known);
    assert_eq!(product.kind, ProductKind::Finding);
    let Value::Place { ellipse, .. } = product.fields[&path("place")] else { panic!() };
    assert_eq!(ellipse.semi_major, UNSTATED);
    let rate = Interval90 { low: KgPerHour(12.0), high: KgPerHour(47.0) };
    assert_eq!(product.fields[&path("rate")], Value::Rate(rate));
}
