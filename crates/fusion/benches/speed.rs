//! Seconds to fuse a million observations, and milliseconds for one more, of the clock and of this thread. The word `observations=N` for
//! fewer.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads the clock and its words, and stops where it fails"
)]

use std::time::Instant;

use cathartes_core::{
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, ObservationId, OriginChain, Period, Reliability,
        Sight, Sign, What, Whereabouts,
    },
    site::{LicensedEmitter, SiteId},
    source::Ellipse90,
    units::{Degrees, Metres},
};
use cathartes_fusion::{Beliefs, Effect, Picture};
use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Observations a place, on average.
const EACH: usize = 10;
/// One observation in so many is a clean overflight of 30 km by 5 km.
const FLIGHTS: usize = 200;
/// The one place that everybody looks at.
const BUSY: usize = 5_000;
const ONE_MORE: usize = 2_000;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let number = words.iter().find_map(|w| w.strip_prefix("observations=")?.parse().ok());
    let total: usize = number.unwrap_or(1_000_000);
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(1);
    let places: Vec<LatLon> = (0..total / EACH).map(|_| anywhere(&mut dice)).collect();
    let register = places.iter().step_by(50).map(|p| licensed(*p)).collect();
    let mut picture = Picture::new(Beliefs::default(), register);

    let (mut spent, mut busy) = (0.0, 0.0);
    for batch in (0..total).step_by(10_000) {
        let end = (batch + 10_000).min(total);
        // Made outside of the clock: what is timed is fusing alone.
        let some: Vec<Observation> =
            (batch..end).map(|i| observation(i, total, &places, &mut dice)).collect();
        let (begun, run) = (Instant::now(), run_s());
        for (i, observation) in (batch..).zip(&some) {
            picture.observe(ObservationId(i as u128 + 1), observation).unwrap();
        }
        spent += begun.elapsed().as_secs_f64();
        busy += run_s() - run;
    }
    let sites = picture.site_ids();
    println!(
        "{total} observations fused in {spent:.1} s ({busy:.1} s of CPU): {} sites, {} places",
        sites.len(),
        places.len()
    );
    one_more(&mut picture, total, &places, &mut dice);
    every_site(&picture, &sites);
    if let Some(peak) = peak_mb() {
        println!("peak of resident memory {peak:.0} MB");
    }
}

/// One more, and the site it belongs to with its whole ledger.
fn one_more(picture: &mut Picture, total: usize, places: &[LatLon], dice: &mut Xoshiro256PlusPlus) {
    let as_of = moment(365.0);
    let (mut ms, mut busy): (Vec<f64>, Vec<f64>) = Default::default();
    let mut busiest = 0;
    for k in 0..ONE_MORE {
        // The last one goes to the place that has most.
        let place = if k + 1 == ONE_MORE { 0 } else { dice.random_range(0..total) };
        let observation = observation(place, total, places, dice);
        let (begun, run) = (Instant::now(), run_s());
        let effect = picture.observe(ObservationId((total + k + 1) as u128), &observation).unwrap();
        let site = match effect {
            Effect::Began(id) | Effect::Joined(id) => picture.site(id, as_of),
            Effect::Looked => None,
        };
        ms.push(1e3 * begun.elapsed().as_secs_f64());
        busy.push(1e3 * (run_s() - run));
        busiest = busiest.max(site.map_or(0, |s| s.observations.len()));
    }
    println!(
        "one more with its site and ledger; the last goes to the busiest site ({busiest} observations)"
    );
    told("of the clock", ms);
    told("of CPU", busy);
}

fn told(what: &str, mut ms: Vec<f64>) {
    let last = ms[ms.len() - 1];
    ms.sort_by(f64::total_cmp);
    let at = |share: f64| ms[((share * ms.len() as f64) as usize).min(ms.len() - 1)];
    let (half, most, slowest) = (at(0.5), at(0.99), at(1.0));
    println!(
        "  ms {what}: half {half:.3}, 99 % {most:.3}, slowest {slowest:.3}, the last {last:.3}"
    );
}

fn every_site(picture: &Picture, sites: &[SiteId]) {
    let begun = Instant::now();
    let some = sites.iter().step_by(sites.len().div_ceil(10_000));
    let likely: Vec<bool> = some
        .filter_map(|id| picture.site(*id, moment(365.0)))
        .map(|site| site.ledger.probability() > 0.5)
        .collect();
    let each = 1e6 * begun.elapsed().as_secs_f64() / likely.len() as f64;
    let share = likely.iter().filter(|l| **l).count() as f64 / likely.len() as f64;
    println!(
        "{each:.0} us a ledger over {} sites, {:.0} % of them likely",
        likely.len(),
        100.0 * share
    );
}

/// Ten degrees by ten.
fn anywhere(dice: &mut Xoshiro256PlusPlus) -> LatLon {
    LatLon {
        latitude: Degrees(35.0 + 10.0 * dice.random::<f64>()),
        longitude: Degrees(-5.0 + 10.0 * dice.random::<f64>()),
    }
}

fn licensed(place: LatLon) -> LicensedEmitter {
    LicensedEmitter {
        name: "Works".into(),
        gases: vec!["ch4".into()],
        place,
        radius: Metres(200.0),
    }
}

fn moment(day: f64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + (86_400.0 * day) as i64).unwrap()
}

fn observation(
    i: usize,
    total: usize,
    places: &[LatLon],
    dice: &mut Xoshiro256PlusPlus,
) -> Observation {
    let sight = Sight { detection_probability: 0.8, false_alarms_per_km2: 0.01 };
    let gas = || "ch4".to_owned();
    let busy = i.is_multiple_of((total / BUSY).max(1));
    let place = if busy { places[0] } else { places[dice.random_range(0..places.len())] };
    let mut normal = |std: f64| {
        let z: f64 = StandardNormal.sample(&mut *dice);
        std * z / 111_000.0
    };
    let around = |radius: f64, place: LatLon| Whereabouts::Point {
        place,
        ellipse: Ellipse90 {
            semi_major: Metres(radius),
            semi_minor: Metres(radius),
            bearing: Degrees(0.0),
        },
    };
    let moved = |east: f64, north: f64| LatLon {
        latitude: Degrees(place.latitude.0 + north),
        longitude: Degrees(place.longitude.0 + east),
    };
    let (what, place) = if !busy && i % FLIGHTS == 1 {
        let corners = [(-0.17, -0.02), (0.17, -0.02), (0.17, 0.02), (-0.17, 0.02)];
        let ring = corners.map(|(e, n)| moved(e, n)).to_vec();
        (What::Searched { gas: gas(), sight }, Whereabouts::Area { ring })
    } else if !busy && i % 10 == 3 {
        let at = moved(normal(400.0), normal(400.0));
        (What::Told { sign: Sign::Smell }, around(860.0, at))
    } else {
        let at = moved(normal(40.0), normal(40.0));
        (What::GasSeen { gas: gas(), sight, profile_ln_ratio: Some(1.0) }, around(86.0, at))
    };
    let when = moment(365.0 * (i as f64 / total as f64).min(1.0));
    Observation::new(Draft {
        what,
        place,
        when: Period { from: when, to: when },
        grade: Grade { reliability: Reliability::B, credibility: Credibility::PossiblyTrue },
        origin: OriginChain {
            collector: format!("c-{}", i % 977),
            collection: Some(format!("pass-{i}")),
            handed_on_by: Vec::new(),
        },
        marking: Marking::default(),
    })
    .unwrap()
}

/// Seconds that this thread has run, for a machine that is busy with other things.
fn run_s() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns: f64 = text.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(f64::NAN);
    1e-9 * ns
}

fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kb: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kb / 1024.0)
}
