use cathartes_core::checkpoint::{Checkpoint, TreeRoot};
use cathartes_store::{Actor, AuditQuery, Damage, Note, Store, TimeRange};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::House;

/// Entries of several people, some in one commit.
pub(crate) async fn written(store: &Store, some: u64) {
    let note = |n: u64| Note {
        actor: Actor::Account(format!("a{}", n % 7)),
        action: "evidence.read",
        subject: n.to_string(),
        detail: json!({ "n": n }),
    };
    let notes: Vec<Note> = (0..some).map(note).collect();
    for part in notes.chunks(97) {
        store.note(part).await.unwrap();
    }
}

pub(crate) async fn every_entry_is_proved_in_every_log_that_has_it(house: &House) {
    let store = &house.store;
    // More than a tile, so that full ones and one that is not are read.
    written(store, 600).await;
    for entries in [1, 2, 255, 256, 257, 511, 512, 600] {
        let checkpoint = store.checkpoint(Some(entries)).await.unwrap();
        for seq in [1, 2, 128, 255, 256, 257, 300, 512, 513, 599, 600] {
            let proof = store.audit_proof(seq, entries).await;
            if seq as u64 > entries {
                assert!(proof.is_err(), "entry {seq} of {entries}");
                continue;
            }
            let mut proof = proof.unwrap();
            assert!(proof.holds(&checkpoint), "entry {seq} of {entries}");
            proof.entry.subject.push('x');
            assert!(!proof.holds(&checkpoint), "another entry {seq} of {entries}");
        }
    }
    let beyond = store.audit_proof(1, 601).await.unwrap_err().to_string();
    assert!(beyond.contains("cut off"), "{beyond}");
    assert!(store.audit_proof(0, 600).await.is_err());
    assert!(store.audit_proof(i64::MIN, 600).await.is_err());
}

pub(crate) async fn a_log_that_only_grew_is_proved_to_have(house: &House) {
    let store = &house.store;
    written(store, 600).await;
    for (from, to) in [(1, 600), (255, 256), (256, 600), (300, 599), (600, 600)] {
        let earlier = store.checkpoint(Some(from)).await.unwrap();
        let later = store.checkpoint(Some(to)).await.unwrap();
        let proof = store.audit_growth(from, to).await.unwrap();
        assert!(proof.holds(&earlier, &later), "{from} to {to}");
        let other = Checkpoint { root: TreeRoot([7; 32]), ..earlier };
        assert!(!proof.holds(&other, &later), "{from} to {to}");
        assert!(!proof.holds(&earlier, &Checkpoint { root: TreeRoot([7; 32]), ..later }));
    }
    assert!(store.audit_growth(0, 600).await.is_err());
    assert!(store.audit_growth(600, 599).await.is_err());
}

pub(crate) async fn many_who_write_at_once_make_one_tree(house: &House) {
    let writers = (0..8).map(|_| {
        let store = house.store.clone();
        tokio::spawn(async move { written(&store, 300).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let found = house.store.verify_audit(&[]).await.unwrap();
    assert_eq!((found.entries, found.damages.as_slice()), (2_400, &[][..]));
    assert_eq!(house.store.checkpoint(None).await.unwrap().root, found.root);
}

pub(crate) async fn a_log_of_before_there_was_a_tree_gets_one(house: &House) {
    written(&house.store, 20_000).await;
    let before = house.store.checkpoint(None).await.unwrap();
    // As the versions before wrote it: no tile, and nothing of a tree at the head.
    let empty = if house.location.database.is_some() { "''" } else { "x''" };
    let head = format!("UPDATE audit_head SET leaves = 0, peaks = {empty}");
    for sql in [
        house.without_triggers("audit_tile", "DELETE FROM audit_tile"),
        house.without_triggers("audit_head", &head),
    ] {
        house.past_the_store(&sql).await.unwrap();
    }
    let store = Store::open(&house.location).await.unwrap();
    let after = store.checkpoint(None).await.unwrap();
    assert_eq!((after.entries, after.root), (before.entries, before.root));
    assert_eq!(store.verify_audit(&[]).await.unwrap().damages, []);
    store.close().await;
}

pub(crate) async fn what_was_changed_behind_our_back_is_named(house: &House) {
    written(&house.store, 700).await;
    let store = &house.store;
    let kept = store.checkpoint(Some(650)).await.unwrap();
    let places = async |sql: &str| -> Vec<(i64, String)> {
        house.past_the_store(&house.without_triggers("audit", sql)).await.unwrap();
        let found = store.verify_audit(&[kept]).await.unwrap();
        let place = |damage: Damage| match damage {
            Damage::Audit { seq, what } => (seq, what),
            other => panic!("{other}"),
        };
        found.damages.into_iter().map(place).collect()
    };
    let said = places("UPDATE audit SET subject = 'other' WHERE seq = 300").await;
    assert_eq!(said[0], (300, "it or an entry before it was changed".to_owned()));
    assert!(said.iter().any(|(seq, what)| *seq == 650 && what.contains("from 1 on")), "{said:?}");

    let said = places(
        "UPDATE audit SET subject = '299' WHERE seq = 300; DELETE FROM audit WHERE seq > 640",
    )
    .await;
    assert!(said.iter().all(|(seq, _)| *seq == 640), "{said:?}");
    assert!(said.iter().any(|(_, what)| what.contains("cut off")), "{said:?}");
}

pub(crate) async fn a_checkpoint_that_was_kept_cannot_be_changed(house: &House) {
    let store = &house.store;
    written(store, 10).await;
    let me = super::me();
    let checkpoint = store.checkpoint(None).await.unwrap();
    store.keep_checkpoint(&me, &checkpoint, "signature").await.unwrap();
    store.keep_checkpoint(&me, &checkpoint, "another").await.unwrap();
    let kept = store.signed_checkpoints().await.unwrap();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((kept.checkpoint, kept.signature.as_str()), (checkpoint, "signature"));
    for sql in ["UPDATE checkpoint SET text = ''", "DELETE FROM checkpoint"] {
        let refused = house.past_the_store(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    let other = Checkpoint { root: TreeRoot([1; 32]), ..checkpoint };
    assert!(store.keep_checkpoint(&me, &other, "signature").await.is_err());
    let found = store.verify_audit(&[]).await.unwrap();
    assert_eq!((found.checkpoints, found.damages.as_slice()), (1, &[][..]));
}

pub(crate) async fn an_export_of_a_part_says_what_was_before(house: &House) {
    let store = &house.store;
    written(store, 300).await;
    let head = store.audit_export_head(299).await.unwrap();
    assert_eq!((head.after, head.peaks.len()), (299, 5));
    assert_eq!(head.hash, store.audit_lines(298, 1).await.unwrap()[0].hash);
    let first = store.audit_export_head(0).await.unwrap();
    assert_eq!((first.hash.as_str(), first.peaks.len()), ("00".repeat(32).as_str(), 0));
}

pub(crate) async fn entries_are_found_by_who_what_when_and_to_what(house: &House) {
    let store = &house.store;
    written(store, 500).await;
    store.add_findings(&super::me(), &[super::plume(46.5, 7.5, 0)]).await.unwrap();
    let found = async |query: AuditQuery| {
        let query = AuditQuery { limit: 1_000, ..query };
        store.audit_entries(&query).await.unwrap()
    };
    let by = found(AuditQuery { actor: Some("account:a3".to_owned()), ..Default::default() }).await;
    assert_eq!(by.len(), 71);
    assert!(by.iter().all(|entry| entry.actor == "account:a3"));
    let of = |action: &str| AuditQuery { action: Some(action.to_owned()), ..Default::default() };
    assert_eq!(found(of(".read")).await.len(), 500);
    assert_eq!(found(of("finding.")).await.len(), 1);
    assert_eq!(found(of("finding.recorded")).await.len(), 1);
    assert_eq!(found(of("finding")).await.len(), 0);
    assert!(store.audit_entries(&of("%")).await.is_err());
    let of = AuditQuery { subject: Some("77".to_owned()), ..Default::default() };
    assert_eq!(found(of).await[0].seq, 78);
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    let within = |from: Timestamp, to: Timestamp| AuditQuery {
        time: TimeRange { from: Some(from), to: Some(to) },
        ..Default::default()
    };
    assert_eq!(found(within(now - hour, now)).await.len(), 501);
    assert_eq!(found(within(now - hour - hour, now - hour)).await.len(), 0);
    let later = AuditQuery { after: 499, ..Default::default() };
    assert_eq!(found(later).await.len(), 2);
}

pub(crate) async fn what_cannot_be_written_down_did_not_happen(house: &House) {
    let store = &house.store;
    written(store, 3).await;
    let refused = house.location.database.is_some();
    let full = if refused {
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left'; END $$; \
         CREATE TRIGGER full_disk BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION full_disk()"
    } else {
        "CREATE TRIGGER full_disk BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no space left'); END"
    };
    house.past_the_store(full).await.unwrap();
    let error = store.add_findings(&super::me(), &[super::plume(46.5, 7.5, 0)]).await.unwrap_err();
    assert!(error.to_string().contains("no space left"), "{error}");
    let note = Note {
        actor: super::me(),
        action: "evidence.read",
        subject: "x".to_owned(),
        detail: json!({}),
    };
    assert!(store.note(&[note]).await.is_err());
    let query = cathartes_store::Query::of(cathartes_store::Kind::Plume, 10);
    assert_eq!(store.findings(&query).await.unwrap().items, []);
    assert_eq!(store.audit_seq().await.unwrap(), 3);
}
