//! Seconds to bring observations into a record on `SQLite`, to fold them from nothing, and to fold one more. The word
//! `observations=N` for another number; `cargo xtask bench fusion`.

#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

use std::time::{Duration, Instant};

use cathartes_core::{
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, OriginChain, Period, Reliability, Sight, What,
        Whereabouts,
    },
    provenance::Digest,
    source::Ellipse90,
    units::{Degrees, Metres},
};
use cathartes_pipeline::sites::Fold;
use cathartes_store::{Actor, Location, Results, Store, TakenFrom};
use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Observations a place, on average.
const EACH: usize = 10;
const BATCH: usize = 500;
const ONE_MORE: usize = 20;

fn main() {
    let number = std::env::args().find_map(|word| word.strip_prefix("observations=")?.parse().ok());
    let total: usize = number.unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(bench(total));
}

async fn bench(total: usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Location::folder(folder.path())).await.unwrap();
    let actor = Actor::Command("bench".to_owned());
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(1);
    let places: Vec<LatLon> = (0..total / EACH).map(|_| anywhere(&mut dice)).collect();
    let begun = Instant::now();
    for first in (0..total).step_by(BATCH) {
        let some: Vec<_> = (first..first + BATCH).map(|i| seen(i, &places, &mut dice)).collect();
        store.add_observations(&actor, &some).await.unwrap();
    }
    let s = begun.elapsed().as_secs_f64();
    println!("{total} observations recorded, {BATCH} a commit: {:.0} a second", total as f64 / s);

    let mut kept = Fold::default();
    let (judged, written, changed) = folded(&store, &mut kept).await;
    println!(
        "folded from nothing: read, fused and judged {judged:.2?}, written {written:.2?}; {changed} sites"
    );
    let mut waits: Vec<Duration> = Vec::new();
    for i in 0..ONE_MORE {
        store.add_observations(&actor, &[seen(total + i, &places, &mut dice)]).await.unwrap();
        let (judged, written, changed) = folded(&store, &mut kept).await;
        waits.push(judged + written);
        assert_eq!(changed, 1, "an observation changes its site");
    }
    waits.sort_unstable();
    println!(
        "one more in a picture that is kept: half in {:.2?}, slowest of {ONE_MORE} {:.2?}",
        waits[ONE_MORE / 2],
        waits[ONE_MORE - 1]
    );
    let begun = Instant::now();
    store.likeliest_sites(100).await.unwrap();
    println!("a hundred sites read: {:.2?}", begun.elapsed());
}

/// As a worker does it; how long it read, fused and judged, and wrote, and how many sites were written.
async fn folded(store: &Store, fold: &mut Fold) -> (Duration, Duration, usize) {
    let begun = Instant::now();
    let folded = fold.next(store, as_of(), false).await.unwrap();
    let (judged, changed) = (begun.elapsed(), folded.changed.len());
    // Every batch asked for a fold; the last one of them is done. Long after all were asked for.
    let (mut lease, late) = (None, Timestamp::from_second(4_000_000_000).unwrap());
    while let Some(next) = store.take("bench", late, Duration::from_secs(60)).await.unwrap() {
        if next.job.work == (cathartes_store::Work::Fold { to: folded.to, day: None }) {
            lease = Some(next);
            break;
        }
        store.finish(&next, Results::default()).await.unwrap();
    }
    let begun = Instant::now();
    let results = Results { folded: Some(folded), ..Results::default() };
    store.finish(&lease.unwrap(), results).await.unwrap();
    (judged, begun.elapsed(), changed)
}

fn as_of() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

fn anywhere(dice: &mut Xoshiro256PlusPlus) -> LatLon {
    let (latitude, longitude) = (dice.random_range(36.0..46.0), dice.random_range(-5.0..5.0));
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

/// One look at one of the places.
fn seen(i: usize, places: &[LatLon], dice: &mut Xoshiro256PlusPlus) -> (Observation, TakenFrom) {
    let mut place = places[dice.random_range(0..places.len())];
    place.latitude.0 += dice.random_range(-0.0003..0.0003);
    let (semi_major, semi_minor) = (Metres(60.0), Metres(40.0));
    let time = Timestamp::from_second(1_780_000_000 + i as i64).unwrap();
    let sight = Sight { detection_probability: 0.5, false_alarms_per_km2: 0.01 };
    let draft = Draft {
        what: What::GasSeen { gas: "ch4".to_owned(), sight, profile_ln_ratio: None },
        place: Whereabouts::Point {
            place,
            ellipse: Ellipse90 { semi_major, semi_minor, bearing: Degrees(20.0) },
        },
        when: Period { from: time, to: time },
        grade: Grade { reliability: Reliability::F, credibility: Credibility::CannotBeJudged },
        origin: OriginChain {
            collector: "imager".to_owned(),
            collection: Some(format!("files:{i}")),
            handed_on_by: Vec::new(),
        },
        marking: Marking::default(),
    };
    let file = TakenFrom::File { sha256: Digest("ab".repeat(32)), row: i as u64 + 1 };
    (Observation::new(draft).unwrap(), file)
}
