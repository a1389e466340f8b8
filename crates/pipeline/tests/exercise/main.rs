//! The loop at work: releases to three simulated recipients over simulated months, on a record, by the functions that the
//! program itself uses, with reminders and without; killed between any two steps; and tampered with.
//!
//! `cargo xtask exercise` runs the whole of it. Seeds below 100 are for developing, from 1000 for scoring.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod kill;
mod office;
mod people;
mod tamper;
mod world;

use std::path::Path;

use cathartes_pipeline::{
    histories,
    report::{Chart, Line},
};
use cathartes_release::{
    figures::{By, Counts, History, Stretch, counts, grouped, waits},
    survival::{Curve, log_rank},
};
use jiff::{SignedDuration, Timestamp};
use office::Office;
use people::ALL;
use world::World;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How often either side looks.
const TICK: SignedDuration = SignedDuration::from_hours(6);

/// One run of months.
struct Run {
    releases: usize,
    days: i32,
    /// Releases are spread over so many days.
    over_days: i64,
    reminds: bool,
    seed: u64,
}

/// What came of it.
struct Came {
    histories: Vec<History>,
    end: Timestamp,
    lost: [u64; 2],
    messages: usize,
    letters: [i64; 2],
}

fn begin() -> Timestamp {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

async fn run(run: &Run, folder: &Path) -> Came {
    let mut office = Office::open(folder).await;
    let mut world = World::new(run.seed, begin());
    office.recipients(begin()).await;
    let sites = office.sites(run.releases, begin()).await;
    let mut released = 0;
    let end = begin() + DAY * run.days;
    let mut now = begin();
    while now < end {
        let by_now =
            (now.duration_since(begin()).as_hours() / 24 + 1) * run.releases as i64 / run.over_days;
        while released < run.releases && (released as i64) < by_now {
            let manner = &ALL[released % ALL.len()];
            office.release(released, &sites[released], manner, now).await;
            let draw = world.chance();
            let alias = office::alias(released, manner);
            world.there.insert(alias, draw < sites[released].ledger.probability());
            released += 1;
        }
        office.tend(run.reminds, now).await;
        world.collect(&office.outbox);
        now += TICK;
        world.until(now, &office.store).await;
    }
    office.tend(run.reminds, now).await;
    let histories = histories::all(&office.store, end + DAY).await.unwrap();
    let letters = histories::asked(&office.store, (begin(), end + DAY)).await.unwrap();
    world.taken.sort_unstable();
    let messages = world.taken.len();
    world.taken.dedup();
    assert_eq!(world.taken.len(), messages, "no message was carried twice");
    office.store.close().await;
    Came { histories, end, lost: world.lost, messages, letters }
}

fn of(came: &Came) -> Counts {
    counts(&came.histories, came.end)
}

fn played(run_of: &Run) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run(run_of, folder.path()))
}

#[test]
fn ten_releases_go_out_once_each_and_answers_come_back_and_reminders_bring_more_of_them() {
    let [with, without] = [true, false]
        .map(|reminds| played(&Run { releases: 10, days: 70, over_days: 5, reminds, seed: 7 }));

    for came in [&with, &without] {
        assert_eq!(came.histories.len(), 10);
        assert!(came.histories.iter().all(|one| one.sent.is_some()));
    }
    assert_eq!(without.letters, [0, 0]);
    assert!(with.letters[0] > 0);
    assert!(of(&with).receipt.hits >= of(&without).receipt.hits);
    assert!(of(&with).outcome.hits > of(&without).outcome.hits);
}

#[test]
#[ignore = "minutes: run by `cargo xtask exercise`"]
fn two_hundred_releases_over_eight_months_with_reminders_and_without() {
    let seed = std::env::var("SEED").map_or(1000, |seed| seed.parse().unwrap());
    let whole = |reminds| played(&Run { releases: 200, days: 240, over_days: 60, reminds, seed });
    let (with, without) = std::thread::scope(|scope| {
        let without = scope.spawn(|| whole(false));
        (whole(true), without.join().unwrap())
    });
    println!("seed {seed}");
    for (name, came) in [("with reminders", &with), ("without", &without)] {
        println!(
            "\n{name}: {} messages, {} reminders and {} escalations sent, {} letters and {} answers lost",
            came.messages, came.letters[0], came.letters[1], came.lost[0], came.lost[1]
        );
        told("all", &came.histories.iter().collect::<Vec<_>>(), came.end);
        for (recipient, some) in grouped(&came.histories, By::Recipient) {
            told(&recipient, &some, came.end);
        }
    }
    let both = |stretch| [&with, &without].map(|came| waits(&came.histories, stretch, came.end));
    for stretch in [Stretch::SentToReceipt, Stretch::SentToOutcome] {
        let [one, other] = both(stretch);
        let apart = log_rank(&one, &other).unwrap();
        println!("{}: log-rank chi2 {:.1}, p {:.1e}", stretch.word(), apart.chi2, apart.p);
    }
    draw(&with, &without);
    let [counts, other] = [of(&with), of(&without)];
    // What was hoped for is held against what came, and no more: a model made to meet it would show nothing.
    for (name, share, hoped) in
        [("receipt", counts.receipt, 0.95), ("outcome", counts.outcome, 0.8)]
    {
        let word = if share.ratio() >= Some(hoped) { "reached" } else { "not reached" };
        println!("{name}: hoped for {hoped:.2} with reminders, {word}");
    }
    assert_eq!([counts.receipt.of, other.receipt.of], [200, 200], "every release went out");
    assert!(counts.receipt.hits > other.receipt.hits, "{counts:?} {other:?}");
    assert!(counts.outcome.hits > other.outcome.hits, "{counts:?} {other:?}");
}

fn told(name: &str, some: &[&History], end: Timestamp) {
    let counts = counts(some.iter().copied(), end);
    let share = |share: cathartes_release::figures::Share| {
        let range = share.interval_ratio.unwrap();
        format!(
            "{}/{} = {:.3} ({:.3} to {:.3})",
            share.hits,
            share.of,
            share.ratio().unwrap(),
            range.low,
            range.high
        )
    };
    let median = |stretch| {
        let median = Curve::of(&waits(some.iter().copied(), stretch, end)).median();
        let days = |at: Option<cathartes_core::units::Seconds>| {
            at.map_or("none".to_owned(), |at| format!("{:.1}", at.0 / 86_400.0))
        };
        format!("{} ({} to {})", days(median.after), days(median.low), days(median.high))
    };
    println!(
        "  {name:11} receipt {}  outcome {}  false alarms {}  median days to receipt {}, to outcome {}",
        share(counts.receipt),
        share(counts.outcome),
        if counts.false_alarm.of > 0 { share(counts.false_alarm) } else { "of none".to_owned() },
        median(Stretch::SentToReceipt),
        median(Stretch::SentToOutcome)
    );
}

/// Draws both into `target/exercise/curves.pdf`.
fn draw(with: &Came, without: &Came) {
    let mut paper = cathartes_formats::paper::Paper::new("Exercise", "en");
    paper.heading("200 releases to three simulated recipients", 14.0);
    for stretch in [Stretch::SentToReceipt, Stretch::SentToOutcome] {
        let line = |name: &str, came: &Came| Line {
            name: name.to_owned(),
            curve: Curve::of(&waits(&came.histories, stretch, came.end)),
        };
        let lines = vec![line("with reminders", with), line("without", without)];
        let title = format!("{}, still waiting", stretch.word().replace('_', " "));
        Chart::of(&title, "days", lines).draw(&mut paper);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exercise");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("curves.pdf"), paper.finish().unwrap()).unwrap();
    println!("drawn in {}", folder.join("curves.pdf").display());
}
