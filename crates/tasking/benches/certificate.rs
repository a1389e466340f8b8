//! Certificates a second: plans of 200 legs along a border of 70,000 vertices, on one core and on two; the word `plans=N` for
//! more or fewer.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads the clock and its words, and stops where it fails"
)]

use std::{f64::consts::TAU, thread, time::Instant};

use cathartes_core::{
    airspace::{Authority, Clause, Limit, Polygon, Purpose, Rule, Volume},
    certificate::Verdict,
    geometry::LatLon,
    observation::Period,
    track::{Allowances, Fix, Track, TrackKind},
    units::{Degrees, Metres, MetresPerSecond, Seconds},
};
use cathartes_tasking::Airspace;
use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const VERTICES: usize = 70_000;
const LEGS: usize = 200;
/// Along the border, degrees east.
const WEST_DEG: f64 = -117.0;
const EAST_DEG: f64 = -97.0;
const SOUTH_DEG: f64 = 26.0;
const NORTH_DEG: f64 = 36.0;
const START_S: i64 = 1_790_000_000;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let plans = words.iter().find_map(|word| word.strip_prefix("plans=")?.parse().ok());
    let plans: usize = plans.unwrap_or(2_000);
    let begun = Instant::now();
    let airspace = Airspace::new(&[authority()], None).unwrap();
    println!("{VERTICES} vertices made ready in {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(1);
    let tracks: Vec<Track> = (0..plans).map(|_| track(&mut dice)).collect();
    for cores in [1, 2] {
        let begun = Instant::now();
        let share = plans.div_ceil(cores);
        let kept: usize = thread::scope(|scope| {
            let certify = |some: &[Track]| {
                let kept =
                    some.iter().filter(|track| airspace.certify(track).verdict == Verdict::Kept);
                kept.count()
            };
            let parts: Vec<_> =
                tracks.chunks(share).map(|some| scope.spawn(move || certify(some))).collect();
            parts.into_iter().map(|part| part.join().unwrap()).sum()
        });
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{cores} threads: {:.0} certificates a second of {LEGS} legs each; {kept} of {plans} kept",
            plans as f64 / seconds
        );
    }
}

fn place(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

/// A border that winds at every scale from 500 km to 100 m.
fn border_deg(longitude: f64) -> f64 {
    let wave = |n: i32| {
        let scale = 2_f64.powi(n);
        (scale * (longitude + f64::from(n)) * TAU / 5.0).sin() * 0.5 / scale.powf(0.9)
    };
    31.0 + (0..12).map(wave).sum::<f64>()
}

/// South of the border nothing may fly; north of it surveys may.
fn authority() -> Authority {
    let at = |i: usize| WEST_DEG + (EAST_DEG - WEST_DEG) * i as f64 / (VERTICES - 3) as f64;
    let mut ring: Vec<LatLon> =
        (0..VERTICES - 2).map(|i| place(at(i), border_deg(at(i)))).collect();
    ring.extend([place(EAST_DEG, SOUTH_DEG), place(WEST_DEG, SOUTH_DEG)]);
    let all = [
        (WEST_DEG, SOUTH_DEG),
        (EAST_DEG, SOUTH_DEG),
        (EAST_DEG, NORTH_DEG),
        (WEST_DEG, NORTH_DEG),
    ];
    let all = all.map(|(longitude, latitude)| place(longitude, latitude)).to_vec();
    let at = |second: i64| Timestamp::from_second(START_S + second).unwrap();
    Authority {
        issuer: "bench".to_owned(),
        number: "B".to_owned(),
        valid: Period { from: at(-1_000_000), to: at(10_000_000) },
        operators: vec!["wing".to_owned()],
        aircraft: vec!["drone".to_owned()],
        clauses: vec![clause("1", Rule::Permit, all), clause("2", Rule::Forbid, ring)],
    }
}

fn clause(number: &str, rule: Rule, ring: Vec<LatLon>) -> Clause {
    Clause {
        number: number.to_owned(),
        rule,
        purposes: vec![Purpose::ChemicalSurvey],
        operators: None,
        aircraft: None,
        volume: Volume {
            polygons: vec![Polygon { rings: vec![ring] }],
            floor: Limit::Agl(Metres(0.0)),
            ceiling: Some(Limit::Amsl(Metres(20_000.0))),
        },
        windows: Vec::new(),
    }
}

/// A survey of lines of two to twenty kilometres, from one to thirty kilometres off the border.
fn track(dice: &mut Xoshiro256PlusPlus) -> Track {
    let (west, away_deg) = (dice.random_range(-116.0..-98.5), dice.random_range(0.01..0.3));
    let (long_deg, step_deg) = (dice.random_range(0.02..0.2), dice.random_range(0.0005..0.003));
    let columns = 20;
    let highest =
        (0..=columns).map(|i| border_deg(west + long_deg * f64::from(i) / f64::from(columns)));
    let south = highest.fold(f64::NEG_INFINITY, f64::max) + away_deg;
    let fix = |i: usize| {
        let (line, end) = (i / 2, i % 2);
        let east = (line + end) % 2 == 1;
        Fix {
            time: Timestamp::from_second(START_S + 120 * i as i64).unwrap(),
            place: place(west + if east { long_deg } else { 0.0 }, south + line as f64 * step_deg),
            height: Metres(1_500.0),
            pressure_altitude: None,
        }
    };
    Track {
        kind: TrackKind::Plan,
        sortie: "S".to_owned(),
        operator: "wing".to_owned(),
        aircraft: "drone".to_owned(),
        purpose: Purpose::ChemicalSurvey,
        allowances: Allowances {
            navigation: Metres(20.0),
            drift: Metres(30.0),
            overshoot: Metres(100.0),
            lost_link: Metres(500.0),
            height: Metres(50.0),
            time: Seconds(60.0),
        },
        most_speed: MetresPerSecond(60.0),
        most_climb: MetresPerSecond(5.0),
        fixes: (0..=LEGS).map(fix).collect(),
    }
}
