use std::{collections::BTreeSet, time::Duration};

use cathartes_store::{JobFailure, JobState, Kind, Query, Results, StoreError};

use super::{House, at, detect, me, plume, record::scene};

const LEASE: Duration = Duration::from_secs(60);

pub(crate) async fn no_job_is_handed_out_twice(house: &House) {
    let mut asked = BTreeSet::new();
    for i in 0..40 {
        let work = detect(house, &format!("line{i}.img")).await;
        asked.insert(house.store.enqueue(&me(), &work).await.unwrap());
    }
    let worker = |n: usize| {
        let store = house.store.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            while let Some(lease) = store.take(&format!("w{n}"), at(0), LEASE).await.unwrap() {
                store.finish(&lease, Results::default()).await.unwrap();
                taken.push(lease.job.id);
            }
            taken
        })
    };
    let mut all = Vec::new();
    for worker in (0..8).map(worker).collect::<Vec<_>>() {
        all.extend(worker.await.unwrap());
    }
    // A worker may leave while another holds the last job; none is left behind.
    assert_eq!(all.len(), 40);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), asked);
    let counts = house.store.job_counts().await.unwrap();
    assert_eq!((counts.queued, counts.leased, counts.done, counts.dead), (0, 0, 40, 0));
}

pub(crate) async fn a_lost_worker_cannot_bring_its_result(house: &House) {
    let store = &house.store;
    let work = detect(house, "line.img").await;
    let id = store.enqueue(&me(), &work).await.unwrap();
    let slow = store.take("slow", at(0), LEASE).await.unwrap().unwrap();
    assert_eq!(slow.job.work, work);
    assert!(store.take("quick", at(59), LEASE).await.unwrap().is_none(), "it is held");
    store.renew(&slow, at(30), LEASE).await.unwrap();
    assert!(store.take("quick", at(61), LEASE).await.unwrap().is_none(), "it was renewed");
    let quick = store.take("quick", at(91), LEASE).await.unwrap().unwrap();

    let results = Results {
        scene: Some(scene(house, "line", 0, 7.0).await),
        findings: vec![plume(46.5, 7.5, 0)],
        note: "1 plume".to_owned(),
        ..Results::default()
    };
    let late = store.finish(&slow, results.clone()).await;
    assert!(matches!(late, Err(StoreError::LeaseLost(lost)) if lost == id), "{late:?}");
    assert!(matches!(store.renew(&slow, at(92), LEASE).await, Err(StoreError::LeaseLost(_))));
    assert!(matches!(store.give_back(&slow).await, Err(StoreError::LeaseLost(_))));
    let nothing = store.findings(&Query::of(Kind::Plume, 10)).await.unwrap();
    assert_eq!(nothing.items, []);

    store.finish(&quick, results.clone()).await.unwrap();
    let again = store.finish(&quick, results).await;
    assert!(matches!(again, Err(StoreError::LeaseLost(_))), "a result counts once: {again:?}");
    let found = store.findings(&Query::of(Kind::Plume, 10)).await.unwrap();
    let [seen] = found.items.as_slice() else { panic!("{found:?}") };
    assert_eq!((seen.job, seen.created_by.as_str()), (Some(id), "worker:quick"));
    let scene = store.scene(seen.found.scene.unwrap()).await.unwrap().unwrap();
    assert_eq!(scene.job, Some(id));
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.attempts, job.note.as_deref()),
        (JobState::Done, 2, Some("1 plume"))
    );
}

pub(crate) async fn a_job_that_fails_often_is_dead_and_can_be_revived(house: &House) {
    let store = &house.store;
    let work = detect(house, "line.img").await;
    let id = store.enqueue(&me(), &work).await.unwrap();
    let failure =
        |seconds| JobFailure { error: "no bands".to_owned(), again_at: Some(at(seconds)) };
    for (attempt, state) in [JobState::Queued, JobState::Queued, JobState::Dead].iter().enumerate()
    {
        let now = attempt as i64 * 100;
        let lease = store.take("w", at(now), LEASE).await.unwrap().unwrap();
        assert_eq!(store.fail(&lease, &failure(now + 50)).await.unwrap(), *state);
        assert!(store.take("w", at(now + 49), LEASE).await.unwrap().is_none(), "not yet");
    }
    let dead = store.jobs(Some(JobState::Dead), 10).await.unwrap();
    assert_eq!((dead[0].id, dead[0].error.as_deref()), (id, Some("no bands")));
    store.revive(&me(), id).await.unwrap();
    assert!(matches!(store.revive(&me(), id).await, Err(StoreError::Conflict { .. })));
    let far = jiff::Timestamp::now() + Duration::from_secs(3_600);
    let lease = store.take("w", far, LEASE).await.unwrap().unwrap();
    assert_eq!(lease.job.attempts, 1);
    let hopeless = JobFailure { error: "no bands".to_owned(), again_at: None };
    assert_eq!(store.fail(&lease, &hopeless).await.unwrap(), JobState::Dead);
}

pub(crate) async fn a_job_whose_workers_vanish_is_dead_in_the_end(house: &House) {
    let store = &house.store;
    let work = detect(house, "line.img").await;
    let id = store.enqueue(&me(), &work).await.unwrap();
    for attempt in 0..3 {
        let lease = store.take("w", at(attempt * 100), LEASE).await.unwrap().unwrap();
        assert_eq!(lease.job.attempts, attempt + 1);
    }
    assert!(store.take("w", at(300), LEASE).await.unwrap().is_none());
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Dead);
    assert!(job.error.unwrap().contains("worker was lost"));
}

pub(crate) async fn the_same_work_is_one_job(house: &House) {
    let store = &house.store;
    let work = detect(house, "line.img").await;
    let id = store.enqueue(&me(), &work).await.unwrap();
    let before = store.audit_seq().await.unwrap();
    assert_eq!(store.enqueue(&me(), &work).await.unwrap(), id);
    assert_eq!(store.audit_seq().await.unwrap(), before, "nothing was written");
    assert_eq!(store.jobs(None, 10).await.unwrap().len(), 1);

    let mut elsewhere = work;
    if let cathartes_store::Work::Detect { files, .. } = &mut elsewhere {
        files[0].sha256.0 = "0".repeat(64);
    }
    let absent = store.enqueue(&me(), &elsewhere).await.unwrap_err().to_string();
    assert_eq!(absent, format!("there is no file `line.img ({})`", "0".repeat(64)));
}

pub(crate) async fn a_stopped_worker_gives_its_job_back(house: &House) {
    let store = &house.store;
    let work = detect(house, "line.img").await;
    store.enqueue(&me(), &work).await.unwrap();
    let lease = store.take("w", at(0), LEASE).await.unwrap().unwrap();
    store.give_back(&lease).await.unwrap();
    let again = store.take("v", at(0), LEASE).await.unwrap().unwrap();
    assert_eq!(again.job.attempts, 1, "being stopped is no attempt");
}
