use cathartes_core::{provenance::Digest, units::Degrees};
use cathartes_store::{Asset, Kind, Location, NewScene, Query, Store, StoreError};
use serde_json::json;

use super::{
    House, at, me, place, plume, provenance,
    sites::{from_row, told},
};

pub(crate) async fn scene(house: &House, name: &str, seconds: i64, west: f64) -> NewScene {
    let blob = house.store.blobs().put(name.as_bytes().to_vec()).await.unwrap();
    NewScene {
        name: name.to_owned(),
        time: Some(at(seconds)),
        footprint: vec![place(46.0, west), place(46.0, west + 1.0), place(47.0, west + 0.5)],
        properties: json!({ "gases": ["ch4"] }).as_object().unwrap().clone(),
        provenance: provenance(),
        assets: vec![Asset {
            name: "report.json".to_owned(),
            sha256: blob.sha256,
            size_bytes: blob.size_bytes,
            media_type: "application/json".to_owned(),
            role: "metadata".to_owned(),
        }],
    }
}

pub(crate) async fn what_is_recorded_is_read_back(house: &House) {
    let scene = scene(house, "line 1", 0, 7.0).await;
    let scene_id = house.store.add_scene(&me(), &scene).await.unwrap();
    let mut seen = plume(46.5, 7.5, 0);
    seen.scene = Some(scene_id);
    let ids = house.store.add_findings(&me(), &[seen.clone(), plume(1.0, 2.0, 3)]).await.unwrap();
    assert!(ids[0] < ids[1], "ids sort in the order of recording");

    let read = house.store.scene(scene_id).await.unwrap().unwrap();
    assert_eq!(read.scene, scene);
    let read = house.store.finding(ids[0]).await.unwrap().unwrap();
    assert_eq!(read.found, seen);
    assert_eq!(read.created_by, "account:ana");
    assert_eq!(read.superseded_by, None);
}

pub(crate) async fn every_write_has_one_entry_and_a_refused_one_none(house: &House) {
    let store = &house.store;
    let ids = store.add_findings(&me(), &[plume(46.5, 7.5, 0)]).await.unwrap();
    assert_eq!(store.audit_seq().await.unwrap(), 1);
    let log = store.audit_after(0, 10).await.unwrap();
    let entry = &log[0];
    assert_eq!((entry.actor.as_str(), entry.action.as_str()), ("account:ana", "finding.recorded"));
    assert_eq!(entry.subject, ids[0].to_string());

    // The first of these two is fine, and is not there either.
    let mut wrong = plume(46.5, 7.5, 0);
    wrong.scene = Some(uuid::Uuid::now_v7());
    let refused = store.add_findings(&me(), &[plume(1.0, 1.0, 0), wrong]).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    assert_eq!(store.audit_seq().await.unwrap(), 1);
    let all = store.findings(&Query::of(Kind::Plume, 10)).await.unwrap();
    assert_eq!(all.items.len(), 1);
}

pub(crate) async fn what_was_measured_cannot_be_changed(house: &House) {
    let scene = scene(house, "line 1", 0, 7.0).await;
    house.store.add_scene(&me(), &scene).await.unwrap();
    house.store.add_findings(&me(), &[plume(46.5, 7.5, 0)]).await.unwrap();
    house.store.add_observations(&me(), &[from_row(told(46.0, 0), 1)]).await.unwrap();
    house.store.replace_register(&me(), &[], &Digest("ef".repeat(32))).await.unwrap();
    let act = "INSERT INTO act (seq, act, observations, created_us, created_by) \
               VALUES (1, '{\"do\":\"undo\",\"act\":1}', 1, 0, 'me')";
    house.past_the_store(act).await.unwrap();
    let changes = [
        "UPDATE finding SET kind = 'source'",
        "DELETE FROM finding",
        "UPDATE scene SET name = 'other'",
        "DELETE FROM scene",
        "UPDATE asset SET role = 'data'",
        "DELETE FROM asset",
        "UPDATE blob SET size_bytes = 0",
        "DELETE FROM blob",
        "UPDATE observation SET draft = '{}'",
        "DELETE FROM observation",
        "UPDATE register SET emitters = '[]'",
        "DELETE FROM register",
        "UPDATE act SET act = '{}'",
        "DELETE FROM act",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
    ];
    for sql in changes {
        let refused = house.past_the_store(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    let back = house.past_the_store("UPDATE audit_head SET seq = 0").await.unwrap_err();
    assert!(back.to_string().contains("only grows"), "{back}");
    assert_eq!(house.store.check().await.unwrap().damages, []);
}

pub(crate) async fn a_correction_supersedes_once(house: &House) {
    let store = &house.store;
    let first = store.add_findings(&me(), &[plume(46.5, 7.5, 0)]).await.unwrap()[0];
    let mut correction = plume(46.6, 7.6, 0);
    correction.supersedes = Some(first);
    let (corrections, me) = ([correction.clone()], me());
    let (one, other) =
        tokio::join!(store.add_findings(&me, &corrections), store.add_findings(&me, &corrections));
    let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    let won = won.unwrap()[0];
    assert!(matches!(lost, Err(StoreError::Conflict { .. })), "{lost:?}");

    let old = store.finding(first).await.unwrap().unwrap();
    assert_eq!(old.superseded_by, Some(won));
    let all = store.findings(&Query::of(Kind::Plume, 10)).await.unwrap();
    assert_eq!(all.items.iter().map(|o| o.id).collect::<Vec<_>>(), [won]);

    correction.supersedes = Some(uuid::Uuid::now_v7());
    let absent = store.add_findings(&me, &[correction]).await;
    assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
}

pub(crate) async fn concurrent_writers_leave_a_log_without_gaps(house: &House) {
    let writer = |n: i64| {
        let store = house.store.clone();
        tokio::spawn(async move {
            for i in 0..10 {
                store.add_findings(&me(), &[plume(46.0, 7.0, n * 100 + i)]).await.unwrap();
            }
        })
    };
    for writer in (0..8).map(writer).collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let log = house.store.audit_after(0, 1_000).await.unwrap();
    assert_eq!(log.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=80).collect::<Vec<_>>());
    let checked = house.store.check().await.unwrap();
    assert_eq!((checked.damages.as_slice(), checked.audit_entries), (&[][..], 80));
}

pub(crate) async fn what_cannot_be_is_refused_in_words(house: &House) {
    let refused = async |change: fn(&mut cathartes_store::NewFinding)| {
        let mut finding = plume(46.5, 7.5, 0);
        change(&mut finding);
        house.store.add_findings(&me(), &[finding]).await.unwrap_err().to_string()
    };
    let nowhere = refused(|o| o.place = Some(place(91.0, 7.5))).await;
    assert_eq!(
        nowhere,
        "latitude 91, longitude 7.5 is nowhere on Earth: degrees within ±90 and ±180"
    );
    let nan = refused(|o| o.place.as_mut().unwrap().longitude = Degrees(f64::NAN)).await;
    assert!(nan.contains("nowhere on Earth"), "{nan}");
    let backwards = refused(|o| o.ends = Some(at(-1))).await;
    assert!(backwards.contains("before it begins"), "{backwards}");
    let half = refused(|o| o.ends = None).await;
    assert_eq!(half, "give both ends of its time, or neither");
    assert_eq!(house.store.audit_seq().await.unwrap(), 0);
}

pub(crate) async fn tables_of_the_future_are_refused(house: &House) {
    let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                  SELECT 999, 'future', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    house.past_the_store(future).await.unwrap();
    let refused = Store::open(&house.location).await.unwrap_err().to_string();
    assert!(refused.contains("999") && refused.contains("newer"), "{refused}");
    let odd = Location { database: Some("mysql://x".to_owned()), ..house.location.clone() };
    let refused = Store::open(&odd).await.unwrap_err().to_string();
    assert!(refused.contains("postgres://"), "{refused}");
}
