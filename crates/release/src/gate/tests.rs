use cathartes_core::{
    geometry::LatLon,
    observation::Period,
    source::Ellipse90,
    units::{Degrees, Metres},
};

use cathartes_core::marking::Classification;
use uuid::Uuid;

use super::*;
use crate::{
    policy::{Policies, What, Who},
    recipient::Language,
    rules::{Action, Rule},
};

const SECRET: RecipientSecret = RecipientSecret([5; 32]);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn marking(classification: Classification) -> Marking {
    Marking { classification, caveats: Vec::new(), releasable_to: vec!["norte".into()] }
}

fn path(text: &str) -> FieldPath {
    FieldPath::new(text).unwrap()
}

fn product() -> Product {
    let place = LatLon { latitude: Degrees(7.123_456), longitude: Degrees(-72.654_321) };
    let ellipse =
        Ellipse90 { semi_major: Metres(40.0), semi_minor: Metres(20.0), bearing: Degrees(10.0) };
    let name = |name: &str| Value::Name { name: name.into() };
    Product {
        id: Uuid::from_u128(77),
        kind: ProductKind::Site,
        marking: Some(marking(Classification::Restricted)),
        overrides: [(path("place"), marking(Classification::Secret))].into(),
        fields: [
            (path("confidence"), name("moderate")),
            (path("place"), Value::Place { place, ellipse }),
            (path("observed"), Value::Observed(Period { from: at(0), to: at(60) })),
            (path("sensor"), name("HyTES")),
        ]
        .into(),
    }
}

fn rule(path: &str, action: Action, up_to: Option<Classification>) -> Rule {
    Rule { path: path.into(), action, up_to, why: "to be tested".into() }
}

fn rules() -> Rules {
    Rules {
        name: "partner".into(),
        caveats: Vec::new(),
        delay_hours: 0,
        rules: vec![
            rule("confidence", Action::Keep, None),
            rule(
                "place",
                Action::SearchArea { radius: Metres(500.0) },
                Some(Classification::Secret),
            ),
            rule("observed", Action::Day, None),
        ],
    }
}

fn terms() -> Terms {
    Terms {
        release: "R-1".into(),
        recipient: Recipient {
            code: "norte".into(),
            name: "Policía del Norte".into(),
            language: Language::Es,
            ceiling: Classification::Restricted,
            tlp: Tlp::Amber,
            rules: "partner".into(),
        },
        tlp: Tlp::Amber,
        made: at(3600),
        expires: at(86_400),
        supersedes: None,
        answer_link: "https://example.org/a/1".into(),
        answer_code: "0000".into(),
    }
}

fn review(by: &str, verdict: &str, second: i64) -> Review {
    Review { by: by.into(), verdict: verdict.into(), at: at(second), settles: false }
}

fn permit(permission: Permission, id: Uuid, to: &str) -> Permit {
    let who = Who::Officer { name: "olmos", role: "releasing_officer" };
    Policies::new().unwrap().permit(who, permission, What::Product { id, to }).unwrap()
}

fn cleared_with(product: Product, rules: &Rules, terms: Terms) -> Result<Cleared, GateError> {
    let permit = permit(Permission::Draft, product.id, "norte");
    let reviewed = Reviewed::new(product, vec![review("ana", "confirm", 0)], 1)?;
    clear(&reviewed, rules, Outgoing { terms, secret: &SECRET, earlier: &[] }, &permit)
}

fn difference<'a>(cleared: &'a Cleared, of: &str) -> &'a Difference {
    cleared.differences.iter().find(|d| d.path.as_str() == of).unwrap()
}

#[test]
fn what_a_rule_leaves_leaves_and_the_rest_stays_with_its_reason() {
    let cleared = cleared_with(product(), &rules(), terms()).unwrap();
    let content = cleared.releasable.what();
    let left: Vec<&str> = content.fields.keys().map(FieldPath::as_str).collect();
    assert_eq!(left, ["confidence", "observed", "place"]);
    assert!(matches!(content.fields[&path("place")], Value::Circle { .. }));
    assert_eq!(difference(&cleared, "place").rule, "search area of 500 m");
    assert_eq!(difference(&cleared, "sensor").rule, "no rule speaks of it");
    assert_eq!(difference(&cleared, "sensor").after, None);
    assert_eq!(content.subject, SECRET.alias(&Uuid::from_u128(77).to_string()));
    assert_eq!(cleared.marking, marking(Classification::Restricted));
}

#[test]
fn a_field_without_a_marking_stays() {
    let unmarked = Product { marking: None, ..product() };
    let cleared = cleared_with(unmarked, &rules(), terms()).unwrap();
    let left: Vec<&str> = cleared.releasable.what().fields.keys().map(FieldPath::as_str).collect();
    assert_eq!(left, ["place"]);
    assert_eq!(difference(&cleared, "confidence").rule, "it has no marking");
}

#[test]
fn a_field_that_is_not_for_this_recipient_stays() {
    let mut held = product();
    let elsewhere = Marking { releasable_to: vec!["sur".into()], ..Marking::default() };
    held.overrides.insert(path("confidence"), elsewhere);
    let cleared = cleared_with(held, &rules(), terms()).unwrap();
    assert_eq!(difference(&cleared, "confidence").rule, "it is not releasable to norte");
}

#[test]
fn a_caveat_that_the_rules_do_not_know_keeps_a_field_here() {
    let mut held = product();
    let caveats = vec!["ORIGINATOR".to_owned()];
    let caveated = Marking { caveats: caveats.clone(), ..marking(Classification::Restricted) };
    held.overrides.insert(path("confidence"), caveated);
    let cleared = cleared_with(held.clone(), &rules(), terms()).unwrap();
    let rule = &difference(&cleared, "confidence").rule;
    assert_eq!(rule, "the rules do not know the caveat ORIGINATOR");
    let knowing = Rules { caveats: caveats.clone(), ..rules() };
    let cleared = cleared_with(held, &knowing, terms()).unwrap();
    assert!(difference(&cleared, "confidence").after.is_some());
    assert_eq!(cleared.marking.caveats, caveats);
}

#[test]
fn a_field_held_closer_than_the_rule_takes_it_down_from_stays() {
    let mut held = product();
    held.overrides.insert(path("place"), marking(Classification::TopSecret));
    let cleared = cleared_with(held, &rules(), terms()).unwrap();
    let said = "it is held as TOP SECRET, and leaves up to SECRET";
    assert_eq!(difference(&cleared, "place").rule, said);
}

#[test]
fn nothing_leaves_before_the_delay_is_over_unless_somebody_overrules_it() {
    let slow = Rules { delay_hours: 24, ..rules() };
    let error = cleared_with(product(), &slow, terms()).unwrap_err();
    assert!(matches!(&error, GateError::TooFresh { age, .. } if age.starts_with("it is at")));
    let late = Terms { made: at(86_460), expires: at(100_000), ..terms() };
    assert!(cleared_with(product(), &slow, late).is_ok());
    let mut timeless = product();
    timeless.fields.remove(&path("observed"));
    let error = cleared_with(timeless, &slow, terms()).unwrap_err();
    assert!(error.to_string().contains("does not say when it was observed"), "{error}");
    let overruled = permit(Permission::Overrule, product().id, "norte");
    let reviewed = Reviewed::new(product(), vec![review("ana", "confirm", 0)], 1).unwrap();
    let outgoing = Outgoing { terms: terms(), secret: &SECRET, earlier: &[] };
    assert!(clear(&reviewed, &slow, outgoing, &overruled).is_ok());
}

#[test]
fn a_permit_for_something_else_opens_nothing() {
    let reviewed = Reviewed::new(product(), vec![review("ana", "confirm", 0)], 1).unwrap();
    let others = [
        permit(Permission::Read, product().id, "norte"),
        permit(Permission::Draft, Uuid::from_u128(78), "norte"),
        permit(Permission::Draft, product().id, "sur"),
    ];
    for other in others {
        let outgoing = Outgoing { terms: terms(), secret: &SECRET, earlier: &[] };
        let error = clear(&reviewed, &rules(), outgoing, &other).unwrap_err();
        assert!(matches!(error, GateError::OtherPermit { .. }), "{error}");
    }
}

#[test]
fn terms_wider_than_the_recipient_and_rules_of_another_are_refused() {
    let wide = Terms { tlp: Tlp::Clear, ..terms() };
    let error = cleared_with(product(), &rules(), wide).unwrap_err();
    assert!(matches!(error, GateError::WiderThanRecipient { .. }));
    let other = Rules { name: "public".into(), ..rules() };
    let error = cleared_with(product(), &other, terms()).unwrap_err();
    assert!(matches!(error, GateError::OtherRules { .. }));
    let over = Terms { expires: at(3600), ..terms() };
    let error = cleared_with(product(), &rules(), over).unwrap_err();
    assert!(matches!(error, GateError::Expired { .. }));
}

#[test]
fn a_release_of_nothing_is_none() {
    let none = Rules { rules: Vec::new(), ..rules() };
    let error = cleared_with(product(), &none, terms()).unwrap_err();
    assert!(matches!(error, GateError::NothingLeft { .. }));
}

#[test]
fn one_who_confirmed_twice_is_one() {
    let twice = vec![review("ana", "confirm", 0), review("ana", "confirm", 5)];
    let error = Reviewed::new(product(), twice.clone(), 2).unwrap_err();
    assert!(matches!(error, GateError::NotConfirmed { by: 1, needed: 2, .. }));
    assert!(Reviewed::new(product(), twice, 1).is_ok());
    assert!(Reviewed::new(product(), Vec::new(), 0).is_err());
}

#[test]
fn the_last_word_of_each_counts_and_a_senior_settles() {
    let differing = vec![review("ana", "confirm", 0), review("ben", "reject", 1)];
    let error = Reviewed::new(product(), differing.clone(), 1).unwrap_err();
    assert!(error.to_string().contains("ben said `reject`"), "{error}");
    let mut settled = differing.clone();
    settled.push(Review { settles: true, ..review("eva", "confirm", 2) });
    let reviewed = Reviewed::new(product(), settled, 2).unwrap();
    assert_eq!(reviewed.by(), ["ana", "eva"]);
    let mut changed = differing;
    changed.push(review("ben", "confirm", 3));
    assert!(Reviewed::new(product(), changed, 2).is_ok());
}

#[test]
fn a_sentence_that_tells_of_what_stays_stays_with_it() {
    let mut telling = product();
    let words = |words: &str| Value::Words { words: words.into() };
    telling.fields.insert(path("title"), words("shed seen by HyTES"));
    telling.fields.insert(path("what.en"), words("a shed at 7.1235, -72.6543"));
    telling.fields.insert(path("what.es"), words("un galpón junto al río"));
    let mut rules = rules();
    for of in ["title", "what.en", "what.es"] {
        rules.rules.push(rule(of, Action::Keep, None));
    }
    let cleared = cleared_with(telling, &rules, terms()).unwrap();
    let said = |of: &str| difference(&cleared, of).rule.clone();
    assert_eq!(said("title"), "it tells of sensor, which stays or is coarsened");
    assert_eq!(said("what.en"), "it tells of place, which stays or is coarsened");
    assert_eq!(said("what.es"), "keep");
    assert_eq!(cleared.releasable.what().fields.len(), 4);
}

#[test]
fn what_belongs_to_a_source_that_stays_stays_and_numbers_have_no_gap() {
    let mut several = product();
    let place = several.fields[&path("place")].clone();
    let rate = |low: f64| {
        use cathartes_core::{estimate::Interval90, units::KgPerHour};
        Value::Rate(Interval90 { low: KgPerHour(low), high: KgPerHour(low + 5.0) })
    };
    for n in 0..3 {
        several.fields.insert(path(&format!("sources[{n}].place")), place.clone());
        several.fields.insert(path(&format!("sources[{n}].rate")), rate(f64::from(n) * 20.0));
    }
    several.overrides.insert(path("sources[0].place"), marking(Classification::TopSecret));
    let mut rules = rules();
    rules.rules.push(rule("sources[*].place", Action::SearchArea { radius: Metres(500.0) }, None));
    rules.rules.push(rule("sources[*].rate", Action::Keep, None));
    let cleared = cleared_with(several, &rules, terms()).unwrap();
    let said = &difference(&cleared, "sources[0].rate").rule;
    assert_eq!(said, "it belongs to sources[0], whose place stays");
    let content = cleared.releasable.what();
    let sources: Vec<&str> =
        content.fields.keys().map(FieldPath::as_str).filter(|of| of.starts_with("sour")).collect();
    let expected = ["sources[0].place", "sources[0].rate", "sources[1].place", "sources[1].rate"];
    assert_eq!(sources, expected);
    assert_eq!(content.fields[&path("sources[0].rate")], rate(20.0));
    // In one place they have one circle: two would cut each other smaller.
    assert_eq!(content.fields[&path("sources[0].place")], content.fields[&path("place")]);
}

#[test]
fn a_field_that_holds_what_no_such_field_holds_stays() {
    let mut odd = product();
    odd.fields.insert(path("confidence"), Value::Words { words: "a sentence".into() });
    odd.fields.insert(path("colour"), Value::Words { words: "red".into() });
    let mut rules = rules();
    rules.rules.push(rule("colour", Action::Keep, None));
    let cleared = cleared_with(odd, &rules, terms()).unwrap();
    for of in ["confidence", "colour"] {
        assert_eq!(difference(&cleared, of).rule, "it holds what no such field holds");
    }
}

#[test]
fn a_circle_that_the_recipient_has_is_given_again_though_the_place_moved() {
    let first = cleared_with(product(), &rules(), terms()).unwrap().releasable.what().clone();
    let mut moved = product();
    let Some(Value::Place { place, .. }) = moved.fields.get_mut(&path("place")) else { panic!() };
    place.latitude = Degrees(7.123_6);
    let reviewed = Reviewed::new(moved, vec![review("ana", "confirm", 0)], 1).unwrap();
    let permit = permit(Permission::Draft, product().id, "norte");
    let earlier = [first.clone()];
    let outgoing = Outgoing { terms: terms(), secret: &SECRET, earlier: &earlier };
    let again = clear(&reviewed, &rules(), outgoing, &permit).unwrap();
    assert_eq!(again.releasable.what(), &first);
}

#[test]
fn what_was_let_through_once_is_shown_again_to_those_alone_who_may() {
    let cleared = cleared_with(product(), &rules(), terms()).unwrap();
    let (content, terms) = (cleared.releasable.what().clone(), terms());
    let state = crate::policy::ReleaseState {
        release: "R-1".into(),
        to: "norte".into(),
        stage: crate::policy::Stage::Released,
        drafted_by: "ana".into(),
        first: None,
        second: None,
    };
    let permit = |state: &crate::policy::ReleaseState| {
        let (who, what) = (Who::Recipient { code: "norte" }, What::Release(state));
        Policies::new().unwrap().permit(who, Permission::Read, what).unwrap()
    };
    let shown = again(content.clone(), terms.clone(), &permit(&state)).unwrap();
    assert_eq!(shown, cleared.releasable);
    let other = crate::policy::ReleaseState { release: "R-2".into(), ..state };
    let error = again(content, terms, &permit(&other)).unwrap_err();
    assert!(matches!(error, GateError::OtherPermit { .. }));
}
