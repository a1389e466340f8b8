use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::export::tests::{any_release, circle, site, terms, to, with};

fn read(text: &str) -> Vec<Json> {
    let bundle: Json = serde_json::from_str(text).unwrap();
    bundle["objects"].as_array().unwrap().clone()
}

fn of_kind<'a>(objects: &'a [Json], kind: &str) -> Vec<&'a Json> {
    objects.iter().filter(|object| object["type"] == kind).collect()
}

fn ids(objects: &[Json]) -> BTreeSet<String> {
    objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

/// Everything that is referred to in an object.
fn references(object: &Json) -> Vec<String> {
    let keys = ["created_by_ref", "object_ref", "object_refs", "object_marking_refs"];
    let held = keys.iter().filter_map(|key| object.get(*key));
    held.flat_map(|held| match held {
        Json::Array(many) => many.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    })
    .collect()
}

#[test]
fn a_site_with_sources_is_written_like_this() {
    insta::assert_snapshot!(stix(&to(Language::Es, site())));
}

#[test]
fn two_recipients_have_no_object_in_common_but_the_producer() {
    let ours = ids(&read(&stix(&to(Language::Es, site()))));
    let mut other = terms(Language::Es);
    other.recipient.code = "PNC-GT".to_owned();
    let theirs = ids(&read(&stix(&Releasable::of_test(site(), other))));
    let common: Vec<_> = ours.intersection(&theirs).collect();
    assert_eq!(common, [&producer_id()]);
}

#[test]
fn a_recall_revokes_the_same_objects() {
    let release = to(Language::En, site());
    let [first, recalled] = [
        read(&stix(&release)),
        read(&stix_recalled(&release, "2026-10-09T10:00:00Z".parse().unwrap())),
    ];
    assert_eq!(ids(&first), ids(&recalled));
    let report = of_kind(&recalled, "report")[0];
    assert_eq!(
        (&report["revoked"], &report["modified"]),
        (&json!(true), &json!("2026-10-09T10:00:00.000Z"))
    );
    assert_eq!(report["created"], of_kind(&first, "report")[0]["created"]);
    assert_eq!(of_kind(&first, "report")[0].get("revoked"), None);
}

#[test]
fn a_recall_is_later_than_its_release_even_when_clocks_differ() {
    let release = to(Language::En, site());
    let recalled = read(&stix_recalled(&release, "2020-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(of_kind(&recalled, "report")[0]["modified"], "2026-10-06T08:30:00.001Z");
}

#[test]
fn likelihood_is_a_note_and_confidence_a_number() {
    let objects = read(&stix(&to(Language::En, site())));
    assert_eq!(of_kind(&objects, "report")[0]["confidence"], 50);
    let notes = of_kind(&objects, "note");
    let likelihood = notes.iter().find(|note| note["abstract"] == "Likelihood").unwrap();
    assert_eq!(likelihood["content"], "very likely (80 to 95 %)");
    assert_eq!(likelihood.get("confidence"), None);
}

#[test]
fn a_content_without_a_place_is_a_report_all_the_same() {
    let objects =
        read(&stix(&to(Language::En, with("title", Value::Words { words: "no place".into() }))));
    assert_eq!(of_kind(&objects, "location").len(), 0);
    assert_eq!(of_kind(&objects, "note").len(), 1, "how to handle it");
}

#[test]
fn regions_are_said_where_they_are_beyond_doubt() {
    let of = |latitude, longitude| {
        let objects =
            read(&stix(&to(Language::En, with("place", circle(latitude, longitude, 50.0)))));
        of_kind(&objects, "location")[0].get("region").cloned()
    };
    assert_eq!(of(30.1, -110.9), Some(json!("americas")));
    assert_eq!(of(-12.0, -77.0), Some(json!("americas")));
    assert_eq!(of(-89.0, 10.0), Some(json!("antarctica")));
    assert_eq!(of(52.5, 13.4), Some(json!("europe")));
    assert_eq!(of(0.3, 32.6), Some(json!("africa")));
    assert_eq!(of(28.6, 77.2), Some(json!("asia")));
    assert_eq!(of(-33.9, 151.2), Some(json!("oceania")));
    assert_eq!(of(55.75, 37.6), None, "no box is about Moscow");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn nothing_refers_to_what_is_not_there(releasable in any_release()) {
        let objects = read(&stix(&releasable));
        let ids = ids(&objects);
        prop_assert_eq!(ids.len(), objects.len(), "an id is there twice");
        for object in &objects {
            for id in references(object) {
                // What OASIS publishes is nowhere but there.
                prop_assert!(ids.contains(&id) || id == tlp_id(Tlp::AmberStrict), "{}", id);
            }
        }
    }
}
