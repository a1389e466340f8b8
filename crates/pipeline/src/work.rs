//! A worker: takes jobs from the record, does them, and brings the results back.
//!
//! A job is done in a folder of its own that is gone afterwards; the record takes its results and its
//! end in one transaction. While it is being done its lease is renewed; a worker that is stopped gives
//! its job back, and one that is killed loses it when the lease runs out.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use cathartes_store::{JobFailure, Lease, Results, Store, StoreError, Work};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::{detect, sites::Fold};

mod footprint;
mod located;
mod said;
mod searched;

/// How long a job is a worker's without a sign of life.
const LEASE: Duration = Duration::from_secs(60);
/// How often the queue is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How long to wait when the record does not answer.
const TROUBLE: Duration = Duration::from_secs(5);
/// How often is looked whether sites grew old.
const AGED: Duration = Duration::from_secs(600);
/// Until a job is tried again whose failure may pass.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// A name for the worker of this number in this process, by which the record knows it.
#[must_use]
pub fn name(number: usize) -> String {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "worker" } else { host.trim() };
    format!("{host}/{}/{number}", std::process::id())
}

/// So many workers at a time, until they are stopped.
pub async fn all(store: &Store, workers: usize, stop: &watch::Receiver<bool>) {
    let mut all = tokio::task::JoinSet::new();
    let picture = Arc::new(Mutex::new(Fold::default()));
    if workers > 0 {
        let (store, stop) = (store.clone(), stop.clone());
        all.spawn(async move { age(&store, stop).await });
    }
    for number in 0..workers {
        let (store, picture, stop) = (store.clone(), picture.clone(), stop.clone());
        all.spawn(async move { run(&store, &picture, &name(number), stop).await });
    }
    all.join_all().await;
}

/// Has sites folded anew once a day, until it is stopped: what was observed counts for less as time goes.
async fn age(store: &Store, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = store.ask_for_ageing(Timestamp::now()).await {
            tracing::warn!(%error, "whether sites grew old cannot be looked at");
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(AGED) => {}
        }
    }
}

/// Does jobs until it is stopped.
async fn run(
    store: &Store,
    picture: &Arc<Mutex<Fold>>,
    worker: &str,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        if *stop.borrow() {
            return;
        }
        let pause = match store.take(worker, Timestamp::now(), LEASE).await {
            Ok(Some(lease)) => {
                one(store, picture, lease, &mut stop).await;
                continue;
            }
            Ok(None) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "no job can be taken");
                TROUBLE
            }
        };
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Does one job and says what became of it.
async fn one(
    store: &Store,
    picture: &Arc<Mutex<Fold>>,
    lease: Lease,
    stop: &mut watch::Receiver<bool>,
) {
    let job = lease.job.id;
    tracing::info!(%job, work = lease.job.work.word(), attempt = lease.job.attempts, "job taken");
    let outcome = tokio::select! {
        outcome = done(store, picture, &lease) => outcome,
        error = held(store, &lease) => Err(error.into()),
        () = stopped(stop) => {
            detect::abandon();
            if let Err(error) = store.give_back(&lease).await {
                tracing::warn!(%job, %error, "the job could not be given back");
            }
            return;
        }
    };
    let told = match outcome {
        // Folds of one process follow each other: the picture is let go when this one is recorded.
        Ok((results, _picture)) => store.finish(&lease, results).await.map(|_| ()),
        Err(error) => {
            tracing::warn!(%job, error = format!("{error:#}"), "the job was not done");
            store.fail(&lease, &failure(&error)).await.map(|_| ())
        }
    };
    let told = match told {
        // Another process folded meanwhile: this is done again after it.
        Err(error @ StoreError::Conflict { .. }) => {
            store.fail(&lease, &failure(&error.into())).await.map(|_| ())
        }
        told => told,
    };
    match told {
        Ok(()) => tracing::info!(%job, "job ended"),
        Err(error) => tracing::warn!(%job, %error, "what became of the job is not recorded"),
    }
}

/// Ends when work is to stop; whoever could say so is gone, when it cannot be said any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Renews the lease; ends only when it is lost.
async fn held(store: &Store, lease: &Lease) -> StoreError {
    loop {
        tokio::time::sleep(LEASE / 4).await;
        match store.renew(lease, Timestamp::now(), LEASE).await {
            Err(error @ StoreError::LeaseLost(_)) => return error,
            Err(error) => tracing::warn!(%error, "the lease is not renewed"),
            Ok(()) => {}
        }
    }
}

/// Does a job; with a fold comes the picture, for as long as nobody else may fold.
async fn done(
    store: &Store,
    picture: &Arc<Mutex<Fold>>,
    lease: &Lease,
) -> anyhow::Result<(Results, Option<OwnedMutexGuard<Fold>>)> {
    let Work::Fold { day, .. } = lease.job.work else {
        return Ok((in_folder(store, lease).await?, None));
    };
    let mut picture = picture.clone().lock_owned().await;
    let folded = picture.next(store, Timestamp::now(), day.is_some()).await?;
    let note = format!(
        "{} observations and {} acts folded: {} sites changed, {} are no more",
        folded.to.observations,
        folded.to.acts,
        folded.changed.len(),
        folded.gone.len()
    );
    let results = Results { folded: Some(folded), note, ..Results::default() };
    Ok((results, Some(picture)))
}

/// Lays the files of a job, does it, and keeps what came of it.
async fn in_folder(store: &Store, lease: &Lease) -> anyhow::Result<Results> {
    let folder = Arc::new(tempfile::tempdir().context("no folder for the job")?);
    let files = folder.path().join("in");
    tokio::fs::create_dir(&files).await?;
    for file in lease.job.work.files() {
        store.blobs().lay(&file.sha256, &files.join(&file.name)).await?;
    }
    let (work, inside) = (lease.job.work.clone(), folder.clone());
    // The thread holds the folder too: when the lease is lost it may still be writing there.
    let found = tokio::task::spawn_blocking(move || perform(&work, inside.path())).await;
    let found = found.context("the job broke off: see the log of its worker")??;
    searched::kept(store, found).await
}

/// What was found, with its files still in the job's folder.
struct Found {
    results: Results,
    files: Vec<std::path::PathBuf>,
}

fn perform(work: &Work, folder: &Path) -> anyhow::Result<Found> {
    match work {
        Work::Detect { .. } => searched::search(work, folder),
        Work::Locate { .. } => located::locate(work, folder),
        Work::Fold { .. } => bail!("a fold has no files"),
    }
}

/// Trouble with the record or the disk may pass; what is wrong with the files does not.
fn failure(error: &anyhow::Error) -> JobFailure {
    let passes = error.chain().any(|cause| {
        let disk = cause.downcast_ref::<std::io::Error>();
        disk.is_some_and(|disk| disk.kind() != std::io::ErrorKind::NotFound)
            || matches!(
                cause.downcast_ref::<StoreError>(),
                Some(
                    StoreError::Database(_)
                        | StoreError::Blobs(_)
                        | StoreError::Disk { .. }
                        | StoreError::Conflict { .. }
                )
            )
            || cause.is::<tokio::task::JoinError>()
    });
    let again_at = passes.then(|| Timestamp::now().saturating_add(AGAIN).unwrap_or(Timestamp::MAX));
    JobFailure { error: format!("{error:#}"), again_at }
}

#[cfg(test)]
mod tests;
