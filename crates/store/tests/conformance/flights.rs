//! Authorities and sorties.

use cathartes_core::certificate::Verdict;
use cathartes_store::{NewAuthority, NewSortie, TimeRange};
use serde_json::json;

use super::{House, at, me};

pub(crate) async fn authority(house: &House, number: &str, document: &str) -> NewAuthority {
    let document = house.store.blobs().put(document.as_bytes().to_vec()).await.unwrap();
    let (number, issuer) = (number.to_owned(), "Directorate".to_owned());
    NewAuthority { number, issuer, document, outline: json!({ "features": [] }) }
}

pub(crate) async fn sortie(house: &House, name: &str, begins: i64) -> NewSortie {
    let put = |text: String| house.store.blobs().put(text.into_bytes());
    NewSortie {
        name: name.to_owned(),
        kind: "flown".to_owned(),
        operator: "North Wing".to_owned(),
        aircraft: "drone".to_owned(),
        purpose: "imagery".to_owned(),
        begins: at(begins),
        ends: at(begins + 3_600),
        verdict: Verdict::NotProven,
        why: vec!["a gap".to_owned()],
        outline: json!({ "type": "LineString", "coordinates": [[7.0, 46.0], [7.1, 46.0]] }),
        track: put(format!("track {name}")).await.unwrap(),
        certificate: put(format!("certificate {name} {begins}")).await.unwrap(),
    }
}

pub(crate) async fn a_later_authority_of_a_number_takes_the_place_of_the_last(house: &House) {
    let store = &house.store;
    let first = authority(house, "2026-1", "one").await;
    assert!(store.add_authority(&me(), &first).await.unwrap().is_some());
    assert_eq!(store.add_authority(&me(), &first).await.unwrap(), None, "the same again");
    let other = authority(house, "2026-2", "other").await;
    store.add_authority(&me(), &other).await.unwrap();
    let second = authority(house, "2026-1", "two").await;
    let id = store.add_authority(&me(), &second).await.unwrap();
    let hold = store.authorities().await.unwrap();
    assert_eq!(hold.iter().map(|one| &one.authority).collect::<Vec<_>>(), [&second, &other]);
    assert_eq!(Some(hold[0].id), id);
}

pub(crate) async fn sorties_of_a_time_are_told_the_last_first(house: &House) {
    let store = &house.store;
    let (early, late) = (sortie(house, "early", 0).await, sortie(house, "late", 10_000).await);
    let (id, new) = store.add_sortie(&me(), &early).await.unwrap();
    assert!(new);
    assert_eq!(store.add_sortie(&me(), &early).await.unwrap(), (id, false), "the same again");
    store.add_sortie(&me(), &late).await.unwrap();
    let names = |all: Vec<cathartes_store::KeptSortie>| -> Vec<String> {
        all.into_iter().map(|one| one.sortie.name).collect()
    };
    let all = store.sorties(TimeRange::default(), 10).await.unwrap();
    assert_eq!(names(all), ["late", "early"]);
    let then = TimeRange { from: Some(at(3_000)), to: Some(at(9_000)) };
    assert_eq!(names(store.sorties(then, 10).await.unwrap()), ["early"]);
    let kept = store.sortie(id).await.unwrap().unwrap();
    assert_eq!((kept.sortie, kept.by), (early, me().to_string()));
}

pub(crate) async fn authorities_and_sorties_cannot_be_changed(house: &House) {
    let (one, other) = (authority(house, "2026-1", "one").await, sortie(house, "s", 0).await);
    house.store.add_authority(&me(), &one).await.unwrap();
    house.store.add_sortie(&me(), &other).await.unwrap();
    for sql in [
        "UPDATE authority SET number = ''",
        "DELETE FROM authority",
        "UPDATE sortie SET verdict = 'kept'",
        "DELETE FROM sortie",
    ] {
        let refused = house.past_the_store(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

pub(crate) async fn what_was_refused_at_the_door_stands_in_the_log(house: &House) {
    house.store.note_refusal(&me(), "armed.json", "weapons").await.unwrap();
    let log = house.store.audit_after(0, 10).await.unwrap();
    let last = log.last().unwrap();
    assert_eq!((last.action.as_str(), last.subject.as_str()), ("import.refused", "armed.json"));
}
