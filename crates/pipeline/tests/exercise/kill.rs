//! Killed between any two steps, and gone on with: nothing is lost, and nothing goes out twice.
//!
//! The child plays a short loop whose other side answers everything at once and always the same, ends itself where it is told
//! to, and is begun again by its parent until it comes to the end. What is in the record and in the outbox then is what an
//! undisturbed run leaves.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    process::Command,
};

use cathartes_store::{AnswerState, MessageState, Release, ReleaseQuery};
use jiff::SignedDuration;

use crate::{
    begin,
    office::{Office, Steps},
    people::ALL,
    world::{answer, new_files, tell},
};

const RELEASES: usize = 3;
const DIES_AT: &str = "EXERCISE_DIES_AT";
const FOLDER: &str = "EXERCISE_FOLDER";

/// What an undisturbed run leaves, in numbers.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    releases: usize,
    messages: BTreeMap<String, usize>,
    answers: usize,
    observations: i64,
    /// As often as the courier took each file.
    taken: BTreeMap<String, usize>,
}

async fn play(folder: &Path, steps: Steps) -> Office {
    let mut office = Office::open(folder).await;
    office.steps = steps;
    let mut now = begin();
    office.recipients(now).await;
    let sites = office.sites(RELEASES, now).await;
    for (number, site) in sites.iter().enumerate() {
        office.release(number, site, &ALL[number % ALL.len()], now).await;
    }
    // The third is silent, is reminded and escalated; the first two answer. Whoever begins again does so on the same day.
    let clock = folder.join("day");
    let first = fs::read_to_string(&clock).map_or(0, |day| day.parse().unwrap());
    now += SignedDuration::from_hours(24 * first);
    for day in first..14 {
        fs::write(&clock, day.to_string()).unwrap();
        office.tend(true, now).await;
        for (number, manner) in ALL.iter().enumerate() {
            if number < 2 || day > 12 {
                answers(&mut office, folder, manner.code, now).await;
            } else {
                take(&mut office, folder, manner.code);
            }
        }
        now += SignedDuration::from_hours(24);
    }
    office.tend(true, now).await;
    office
}

/// The courier's own list of what was taken stands beside the record.
fn take(office: &mut Office, folder: &Path, code: &str) {
    let place = office.outbox.join(code);
    for (name, _) in new_files(&place) {
        fs::rename(place.join(&name), place.join("taken").join(&name)).unwrap();
        let mut list =
            OpenOptions::new().append(true).create(true).open(folder.join("taken")).unwrap();
        writeln!(list, "{name}").unwrap();
        office.steps.step("collected");
    }
}

async fn answers(office: &mut Office, folder: &Path, code: &str, now: jiff::Timestamp) {
    // Whoever is asked again after a loss says the same again.
    take(office, folder, code);
    let query =
        ReleaseQuery { recipient: Some(code.to_owned()), limit: 100, ..ReleaseQuery::default() };
    for release in office.store.releases(&query).await.unwrap() {
        if release.sent.is_some() {
            says(office, code, &release, now).await;
        }
    }
}

async fn says(office: &mut Office, code: &str, release: &Release, now: jiff::Timestamp) {
    let said = [
        (AnswerState::Received, None),
        (AnswerState::Assigned, None),
        (AnswerState::Outcome, Some("nothing_found")),
    ];
    for (number, what) in said.into_iter().enumerate() {
        let at = release.at + SignedDuration::from_hours(number as i64);
        let mut answer = answer(&release.alias, what, number, at);
        answer.release = release.id;
        tell(&office.store, code, &answer, now).await;
        office.steps.step("answered");
    }
}

async fn left(office: &Office, folder: &Path) -> Left {
    let query = ReleaseQuery { limit: 100, ..ReleaseQuery::default() };
    let releases = office.store.releases(&query).await.unwrap();
    let (mut messages, mut answers) = (BTreeMap::new(), 0);
    for release in &releases {
        answers += office.store.answers(release.id).await.unwrap().len();
        for message in office.store.messages_about(release.id).await.unwrap() {
            assert_ne!(message.state, MessageState::Waiting, "nothing is left behind");
            let name = message.what.key.replace(&release.id.to_string(), &release.recipient);
            *messages.entry(format!("{name} {}", message.state)).or_insert(0) += 1;
        }
    }
    let mut taken = BTreeMap::new();
    for line in fs::read_to_string(folder.join("taken")).unwrap().lines() {
        let of = releases.iter().find(|release| line.contains(&release.id.to_string())).unwrap();
        let name = line.replace(&of.id.to_string(), &of.recipient);
        *taken.entry(name).or_insert(0) += 1;
    }
    let observations = office.store.extent().await.unwrap().observations;
    Left { releases: releases.len(), messages, answers, observations, taken }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}

/// Plays in a process of its own; whether it came to the end.
fn child(folder: &Path, dies_at: &str) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["kill::plays_for_its_parent", "--exact", "--ignored", "--quiet"]);
    let output = command.env(FOLDER, folder).env(DIES_AT, dies_at).output().unwrap();
    let died = output.status.code().is_none();
    assert!(died || output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    !died
}

#[test]
#[ignore = "a part of the test below, in a process of its own"]
fn plays_for_its_parent() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let at = std::env::var(DIES_AT).unwrap();
    let dies_at = at.rsplit_once('#').map(|(name, nth)| (name.to_owned(), nth.parse().unwrap()));
    let steps = Steps { dies_at, ..Steps::default() };
    runtime().block_on(play(Path::new(&folder), steps));
}

/// At so many times of every step, its first and its last among them.
fn killed(times: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (steps, whole) = runtime().block_on(async {
        let office = play(folder.path(), Steps::default()).await;
        let left = left(&office, folder.path()).await;
        (office.steps.taken.clone(), left)
    });
    assert!(whole.taken.values().all(|times| *times == 1), "{whole:?}");
    for (name, count) in &steps {
        let times = times.min(*count);
        let spread = |at: usize| 1 + at * (count - 1) / (times - 1).max(1);
        for nth in (0..times).map(spread) {
            let folder = tempfile::tempdir().unwrap();
            assert!(
                !child(folder.path(), &format!("{name}#{nth}")),
                "{name} {nth} was not reached"
            );
            assert!(child(folder.path(), ""), "what was killed at {name} {nth} goes on");
            let after = runtime().block_on(async {
                let office = Office::open(folder.path()).await;
                left(&office, folder.path()).await
            });
            assert_eq!(after, whole, "killed at {name}, time {nth}");
        }
    }
}

#[test]
fn killed_at_any_step_it_loses_nothing_and_sends_nothing_twice() {
    killed(2);
}

#[test]
#[ignore = "minutes: run by `cargo xtask exercise`"]
fn killed_at_twelve_times_of_every_step_it_loses_nothing_and_sends_nothing_twice() {
    killed(12);
}
