use std::time::Duration;

use cathartes_core::identification::Likelihood;
use cathartes_store::{
    Actor, Confidence, CredentialKind, Damage, Extent, Job, JobState, Kind, NewAssessment,
    NewCredential, NewHandover, NewReview, Proof, Query, Results, ReviewRule, Role, SceneQuery,
    Source, StoreError, Subject, TimeRange, Verdict, Work,
};

use super::{
    House, at, detect,
    flights::{authority, sortie},
    me, plume,
    queries::all_kinds,
    record::scene,
    sites::{from_row, told},
};

/// Some of everything.
async fn fill(house: &House) {
    let store = &house.store;
    let scene = scene(house, "line", 0, 7.0).await;
    let id = store.add_scene(&me(), &scene).await.unwrap();
    let mut seen = plume(46.5, 7.5, 0);
    seen.scene = Some(id);
    let first = store.add_findings(&me(), &[seen.clone()]).await.unwrap()[0];
    seen.supersedes = Some(first);
    store.add_findings(&me(), &[seen]).await.unwrap();
    let review = NewReview {
        subject: Subject::Finding(first),
        verdict: Verdict::Collect,
        reason: String::new(),
        supersedes: None,
        key: None,
    };
    store.add_review(&me(), &review, ReviewRule::default(), at(0)).await.unwrap();
    let assessment = NewAssessment {
        subject: Subject::Finding(first),
        text: "a flare".to_owned(),
        likelihood: Likelihood::Likely,
        confidence: Confidence::Low,
        sources: vec![Source::Scene(id)],
        supersedes: None,
        key: None,
    };
    store.add_assessment(&me(), &assessment).await.unwrap();
    let quiet = NewHandover { to: None, text: "all quiet".to_owned(), items: vec![] };
    let handover = store.hand_over(&me(), &quiet, at(0)).await.unwrap();
    store.take_handover(&me(), handover.id).await.unwrap();
    store.add_authority(&me(), &authority(house, "2026-1", "one").await).await.unwrap();
    store.add_sortie(&me(), &sortie(house, "first", 0).await).await.unwrap();
    let many: Vec<_> =
        (0..250).map(|i| plume(40.0 + f64::from(i) / 100.0, 7.0, i.into())).collect();
    store.add_findings(&me(), &many).await.unwrap();
    let said: Vec<_> = (0..250).map(|i| from_row(told(46.0, i), i as u64 + 1)).collect();
    store.add_observations(&me(), &said).await.unwrap();
    let fold = store.take("w", at(1_000_000_000), Duration::from_secs(60)).await.unwrap().unwrap();
    store.finish(&fold, Results::default()).await.unwrap();
    let hour = Duration::from_secs(3_600);
    let token = store.invite(&Actor::Server, Role::Analyst, at(0), hour).await.unwrap();
    let ana = store.accept(&token, at(1), "ana", Proof::Password("hash")).await.unwrap();
    let key = NewCredential {
        kind: CredentialKind::Passkey,
        subject: "AQID".to_owned(),
        label: "phone".to_owned(),
        detail: "{}".to_owned(),
    };
    store.add_credential(&ana, &key).await.unwrap();
    let checkpoint = store.checkpoint(None).await.unwrap();
    store.keep_checkpoint(&me(), &checkpoint, "signature").await.unwrap();
    let work = detect(house, "held.img").await;
    store.enqueue(&me(), &work).await.unwrap();
    store.take("w", at(0), hour).await.unwrap().unwrap();
}

pub(crate) async fn a_backup_put_back_is_the_same_record(house: &House) {
    fill(house).await;
    let folder = house.path("backup");
    let taken = house.store.backup(&me(), &folder).await.unwrap();
    let query = Query::of(Kind::Plume, 100);
    let before = all_kinds(house, &query).await;
    // A backup is of no database: what one wrote, the other reads.
    for other in [house.another().await, House::new(None).await] {
        assert_eq!(other.store.restore(&me(), &folder).await.unwrap(), taken);
        assert_eq!(all_kinds(&other, &query).await, before);
        for id in &before {
            let (here, there) =
                (house.store.finding(*id).await.unwrap(), other.store.finding(*id).await.unwrap());
            assert_eq!(here, there);
            let reviews = other.store.reviews(Subject::Finding(*id)).await.unwrap();
            assert_eq!(house.store.reviews(Subject::Finding(*id)).await.unwrap(), reviews);
            let standing = other.store.standing(Subject::Finding(*id)).await.unwrap();
            assert_eq!(house.store.standing(Subject::Finding(*id)).await.unwrap(), standing);
            assert!(standing.is_some());
            let assessments = other.store.assessments(Subject::Finding(*id)).await.unwrap();
            assert_eq!(house.store.assessments(Subject::Finding(*id)).await.unwrap(), assessments);
        }
        assert_eq!(other.store.accounts().await.unwrap(), house.store.accounts().await.unwrap());
        let opened = other.store.holder(CredentialKind::Passkey, "AQID").await.unwrap();
        assert_eq!(opened.unwrap().name, "ana");
        let left = other.store.handovers(10).await.unwrap();
        assert_eq!((left.len(), &left), (1, &house.store.handovers(10).await.unwrap()));
        let holds = other.store.authorities().await.unwrap();
        assert_eq!((holds.len(), &holds), (1, &house.store.authorities().await.unwrap()));
        let flown = other.store.sorties(TimeRange::default(), 10).await.unwrap();
        let before = house.store.sorties(TimeRange::default(), 10).await.unwrap();
        assert_eq!((flown.len(), &flown), (1, &before));
        let extent = house.store.extent().await.unwrap();
        let news = other.store.news(Extent::default(), 1_000).await.unwrap();
        assert_eq!(news, house.store.news(Extent::default(), 1_000).await.unwrap());
        let jobs = other.store.jobs(None, 10).await.unwrap();
        assert!(jobs.iter().all(|job| job.state == JobState::Queued), "nobody holds them here");
        let fold = |job: &&Job| job.work == Work::Fold { to: extent, day: None };
        assert_eq!(jobs.iter().filter(fold).count(), 1, "sites are folded anew");
        let checked = other.store.check().await.unwrap();
        assert_eq!(checked.damages, []);
        let log = other.store.audit_after(0, 1_000).await.unwrap();
        assert_eq!(log.last().unwrap().action, "backup.restored");
        let refused = other.store.restore(&me(), &folder).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    let twice = house.store.backup(&me(), &folder).await;
    assert!(matches!(twice, Err(StoreError::Disk { .. })), "{twice:?}");
}

pub(crate) async fn a_backup_can_be_taken_under_load(house: &House) {
    fill(house).await;
    let store = house.store.clone();
    let writer = tokio::spawn(async move {
        for i in 0..60 {
            store.add_findings(&me(), &[plume(46.0, 7.0, i)]).await.unwrap();
        }
    });
    let folder = house.path("backup");
    house.store.backup(&me(), &folder).await.unwrap();
    writer.await.unwrap();
    let other = house.another().await;
    other.store.restore(&me(), &folder).await.unwrap();
    assert_eq!(other.store.check().await.unwrap().damages, []);
    assert_eq!(all_kinds(house, &Query::of(Kind::Plume, 1_000)).await.len(), 251 + 60);
}

pub(crate) async fn a_damaged_backup_is_refused_whole(house: &House) {
    fill(house).await;
    let folder = house.path("backup");
    house.store.backup(&me(), &folder).await.unwrap();
    let file = folder.join("tables/finding.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("1.5", "9.5", 1)).unwrap();
    let other = house.another().await;
    let refused = other.store.restore(&me(), &folder).await.unwrap_err().to_string();
    assert!(refused.contains("finding.jsonl is not what backup.json says"), "{refused}");
    assert_eq!(other.store.audit_seq().await.unwrap(), 0);
    assert!(all_kinds(&other, &Query::of(Kind::Plume, 10)).await.is_empty());
}

pub(crate) async fn damage_is_found(house: &House) {
    fill(house).await;
    assert_eq!(house.store.check().await.unwrap().damages, []);
    let one = SceneQuery { limit: 1, ..SceneQuery::default() };
    let digest = house.store.scenes(&one).await.unwrap().items[0].scene.assets[0].sha256.clone();
    let file = house.path("blobs").join(&digest.0[..2]).join(&digest.0);
    std::fs::write(&file, "l1ne").unwrap();
    let postgres = house.location.database.is_some();
    let unguard = if postgres {
        "ALTER TABLE audit DISABLE TRIGGER ALL; ALTER TABLE finding DISABLE TRIGGER ALL;"
    } else {
        "DROP TRIGGER audit_stays; DROP TRIGGER finding_stays;"
    };
    let forge = "UPDATE audit SET actor = 'account:eva' WHERE seq = 2; \
                 UPDATE finding SET cell = 1 WHERE latitude_deg = 41.0;";
    house.past_the_store(&format!("{unguard}{forge}")).await.unwrap();
    let damages = house.store.check().await.unwrap().damages;
    // The chain says where, and a checkpoint that it was.
    let [
        Damage::Audit { seq: 2, .. },
        Damage::Audit { .. },
        Damage::Blob { sha256, what },
        Damage::Row { .. },
    ] = damages.as_slice()
    else {
        panic!("{damages:?}")
    };
    assert_eq!((sha256, what.as_str()), (&digest, "its bytes were changed"));
    std::fs::remove_file(&file).unwrap();
    let damages = house.store.check().await.unwrap().damages;
    assert!(damages.iter().any(|d| d.to_string().contains("cannot be read")), "{damages:?}");
}

/// As version 3 wrote it: without what came since.
pub(crate) async fn a_backup_of_before_there_were_stages_is_put_back(house: &House) {
    fill(house).await;
    let folder = house.path("backup");
    house.store.backup(&me(), &folder).await.unwrap();
    let file = folder.join("backup.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    summary["version"] = 3.into();
    let later = ["standing", "assessment", "handover", "handover_taken", "authority", "sortie"];
    let tables = summary["tables"].as_array_mut().unwrap();
    tables.retain(|table| !later.contains(&table[0].as_str().unwrap()));
    let reviews = folder.join("tables/review.jsonl");
    let rows = std::fs::read_to_string(&reviews).unwrap();
    let older = rows.lines().map(|row| {
        let mut row: serde_json::Value = serde_json::from_str(row).unwrap();
        for column in ["key", "round", "stage", "settles"] {
            row.as_object_mut().unwrap().remove(column).unwrap();
        }
        format!("{row}\n")
    });
    let older: String = older.collect();
    std::fs::write(&reviews, &older).unwrap();
    let review = tables.iter_mut().find(|table| table[0] == "review").unwrap();
    review[2] = serde_json::json!(cathartes_store::digest_of(older.as_bytes()));
    std::fs::write(&file, summary.to_string()).unwrap();
    let other = house.another().await;
    other.store.restore(&me(), &folder).await.unwrap();
    assert_eq!(other.store.check().await.unwrap().damages, []);
    let waiting: i64 = other.store.stage_counts().await.unwrap().iter().map(|one| one.count).sum();
    assert_eq!(waiting, 251, "the corrected one waits for nobody");
}
