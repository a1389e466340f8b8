use std::collections::BTreeMap;

use cathartes_core::{
    estimate::Interval90,
    geometry::destination,
    marking::{Classification, Marking},
    source::Ellipse90,
    units::{Degrees, KgPerHour},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::{
    gate::{Outgoing, Review, Reviewed, Terms, clear},
    policy::{Permission, Policies, What, Who},
    product::ProductKind,
    recipient::{Language, Recipient, Tlp},
    rules::Rules,
    secret::RecipientSecret,
};

const SECRET: RecipientSecret = RecipientSecret([5; 32]);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn place(metres_east: f64) -> Value {
    let here = LatLon { latitude: Degrees(7.1), longitude: Degrees(-72.6) };
    let place = destination(here, Degrees(90.0), Metres(metres_east));
    let ellipse =
        Ellipse90 { semi_major: Metres(40.0), semi_minor: Metres(20.0), bearing: Degrees(10.0) };
    Value::Place { place, ellipse }
}

fn product(more: &[(&str, Value)]) -> Product {
    let observed = Period { from: at("2026-05-01T14:32:10Z"), to: at("2026-05-01T14:32:50Z") };
    let usual = [
        ("sensor", Value::Name { name: "EMIT".into() }),
        ("place", place(0.0)),
        ("observed", Value::Observed(observed)),
    ];
    let marking = Marking {
        classification: Classification::Restricted,
        caveats: Vec::new(),
        releasable_to: vec!["norte".into()],
    };
    let fields: BTreeMap<FieldPath, Value> = usual
        .iter()
        .chain(more)
        .map(|(path, value)| (FieldPath::new(*path).unwrap(), value.clone()))
        .collect();
    let (id, kind) = (Uuid::from_u128(7), ProductKind::Site);
    Product { id, kind, marking: Some(marking), overrides: BTreeMap::new(), fields }
}

fn cleared(product: &Product, rules: &str, earlier: &[Content]) -> Cleared {
    let review = Review {
        by: "ana".into(),
        verdict: "confirm".into(),
        at: at("2026-05-02T00:00:00Z"),
        settles: false,
    };
    let reviewed = Reviewed::new(product.clone(), vec![review], 1).unwrap();
    let terms = Terms {
        release: "R-1".into(),
        recipient: Recipient {
            code: "norte".into(),
            name: "Policía del Norte".into(),
            language: Language::Es,
            ceiling: Classification::Restricted,
            tlp: Tlp::Amber,
            rules: rules.into(),
        },
        tlp: Tlp::Amber,
        made: at("2026-07-01T00:00:00Z"),
        expires: at("2026-08-01T00:00:00Z"),
        supersedes: None,
        answer_link: String::new(),
        answer_code: String::new(),
    };
    let (who, what) = (
        Who::Officer { name: "ana", role: "analyst" },
        What::Product { id: product.id, to: "norte" },
    );
    let permit = Policies::new().unwrap().permit(who, Permission::Draft, what).unwrap();
    let rules = Rules::shipped(rules).unwrap();
    clear(&reviewed, &rules, Outgoing { terms, secret: &SECRET, earlier }, &permit).unwrap()
}

fn inferred(product: &Product, rules: &str, passes: &[Pass]) -> Vec<Inference> {
    residual(product, &cleared(product, rules, &[]), &[], passes)
}

fn about(all: &[Inference], about: About) -> Vec<(Strength, &str)> {
    let of = all.iter().filter(|inference| inference.about == about);
    of.map(|inference| (inference.strength, inference.words.as_str())).collect()
}

fn pass(sensor: &str, from: &str) -> Pass {
    let from = at(from);
    let to = from.checked_add(jiff::SignedDuration::from_secs(60)).unwrap();
    Pass { sensor: sensor.into(), period: Period { from, to } }
}

#[test]
fn one_pass_in_the_time_that_leaves_names_the_sensor() {
    let passes = [pass("EMIT", "2026-05-01T14:32:00Z"), pass("PRISMA", "2026-05-02T10:00:00Z")];
    let all = inferred(&product(&[]), "partner", &passes);
    let expected = (Strength::Strong, "time and place together leave one known sensor: EMIT");
    assert_eq!(about(&all, About::Sensor), [expected]);
    assert_eq!(all[0].about, About::Sensor);
}

#[test]
fn more_passes_leave_more_sensors() {
    let names = ["EMIT", "EnMAP", "PRISMA", "GHGSat"];
    let passes = names.map(|name| pass(name, "2026-05-01T10:00:00Z"));
    let strength =
        |passes: &[Pass]| about(&inferred(&product(&[]), "partner", passes), About::Sensor)[0].0;
    assert_eq!(strength(&passes[..2]), Strength::Some);
    assert_eq!(strength(&passes), Strength::Slight);
    assert_eq!(strength(&[]), Strength::Slight);
}

#[test]
fn a_picture_is_as_fine_as_it_leaves() {
    let image = |px: u32| Image { width_px: px, height_px: 4, rgb: vec![9; 12 * px as usize] };
    let images = [("images[0]", image(600)), ("images[1]", image(4000))];
    let images = images.map(|(path, image)| (path, Value::Picture(image)));
    let all = inferred(&product(&images), "partner", &[]);
    let said = about(&all, About::Resolution);
    assert_eq!(said[0].0, Strength::Some);
    assert!(said[0].1.contains("images[0] leaves 2 times coarser"), "{said:?}");
    assert_eq!(said[1].0, Strength::Slight);
}

#[test]
fn sources_told_apart_tell_of_the_sensor() {
    let sources = [("sources[0].place", place(0.0)), ("sources[1].place", place(60.0))];
    let all = inferred(&product(&sources), "partner", &[]);
    let words = "2 sources were told apart, the nearest 60 m from each other: the sensor is no coarser than that";
    assert_eq!(about(&all, About::Count), [(Strength::Some, words)]);
    assert_eq!(about(&inferred(&product(&[]), "partner", &[]), About::Count), []);
}

#[test]
fn numbers_as_they_were_measured_tell_how_well_we_measure() {
    let rate = Interval90 { low: KgPerHour(31.4), high: KgPerHour(128.6) };
    let more = [("rate", Value::Rate(rate))];
    let partner = inferred(&product(&more), "partner", &[]);
    assert_eq!(about(&partner, About::Precision), []);
    let agency = inferred(&product(&more), "agency", &[]);
    let said = about(&agency, About::Precision);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].1.contains("ellipse of 40 m"), "{said:?}");
    assert!(said[1].1.contains("rate leaves as it was measured"), "{said:?}");
}

#[test]
fn what_the_recipient_has_is_laid_beside() {
    let first = cleared(&product(&[]), "partner", &[]).releasable.what().clone();
    let moved = product(&[("place", place(1400.0))]);
    let earlier = [first.clone()];
    let second = cleared(&moved, "partner", &earlier);
    let said = residual(&moved, &second, &earlier, &[]);
    let links = about(&said, About::Links);
    assert!(links.iter().any(|(_, words)| words.contains("1 earlier release of")), "{links:?}");
    let mut other = product(&[]);
    other.id = Uuid::from_u128(8);
    let near = cleared(&other, "partner", &earlier);
    let said = residual(&other, &near, &earlier, &[]);
    let words = format!("it lies in the same circle or square as {}", first.subject);
    assert_eq!(about(&said, About::Links), [(Strength::Some, words.as_str())]);
}

#[test]
fn one_flight_is_known_by_one_name() {
    let flight = [("collection", Value::Name { name: "sortie-31".into() })];
    let earlier = [cleared(&product(&flight), "agency", &[]).releasable.what().clone()];
    let mut other = product(&flight);
    other.id = Uuid::from_u128(8);
    let all = residual(&other, &cleared(&other, "agency", &earlier), &earlier, &[]);
    let said = about(&all, About::Links);
    assert!(said[0].1.starts_with("it is of the same flight or scene as"), "{said:?}");
}

#[test]
fn sentences_are_always_to_be_read() {
    let more = [("title", Value::Words { words: "a shed".into() })];
    let all = inferred(&product(&more), "partner", &[]);
    assert!(about(&all, About::Sentences)[0].1.starts_with("title leave"));
    assert!(about(&inferred(&product(&[]), "partner", &[]), About::Sentences).is_empty());
}
