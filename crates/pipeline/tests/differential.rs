//! Two programs on the same plans: every certificate that this one makes the verifier, which shares no code with it, must
//! accept claim by claim. `PLANS=100000` for as many as at night, `FROM=90000` to begin with another seed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use cathartes_core::{
    airspace::{Authority, Clause, Limit, Polygon, Purpose, Rule, TimeWindow, Volume, Weekly},
    certificate::Verdict,
    geometry::{LatLon, destination},
    observation::Period,
    track::{Allowances, Fix, Track, TrackKind},
    units::{Degrees, Metres, MetresPerSecond, Seconds},
};
use cathartes_formats::airspace::{authority, track};
use cathartes_pipeline::comply::Rules;
use jiff::{Timestamp, civil::Weekday};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

type Dice = Xoshiro256PlusPlus;

/// Tried at every run; at night as many as `PLANS` says.
const USUAL: u64 = 600;
/// Seeds on which both once differed, kept for ever.
const KEPT: [u64; 2] = [60, 652];
/// 5 October 2026, a Monday, 08:00.
const START_S: i64 = 1_791_187_200;
const METRES_PER_DEGREE: f64 = 111_000.0;

#[test]
fn the_verifier_accepts_every_claim_of_random_plans() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (from, plans) = (number("FROM").unwrap_or(0), number("PLANS").unwrap_or(USUAL));
    let seeds: Vec<u64> = KEPT.into_iter().chain(from..from + plans).collect();
    let one = |seed: &u64| {
        let mut verdict = [0; 3];
        verdict[agreed(*seed) as usize] = 1;
        verdict
    };
    let sum = |a: [u64; 3], b: [u64; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    let verdicts = seeds.par_iter().map(one).reduce(|| [0; 3], sum);
    let [kept, not_proven, broken] = verdicts;
    println!("{plans} plans: {kept} kept, {not_proven} not proven, {broken} broken");
    // A test of which all plans end alike would test little.
    assert!(verdicts.iter().all(|count| *count > plans / 50), "{verdicts:?}");
}

fn agreed(seed: u64) -> Verdict {
    let mut dice = Dice::seed_from_u64(seed);
    let world = World::new(&mut dice);
    let (authority, track) = (world.authority(&mut dice), world.track(&mut dice));
    let ground = dice.random_bool(0.3).then(|| world.ground(&mut dice));
    let document = authority::write(&authority).into_bytes();
    let track_file = track::write(&track).into_bytes();
    // A ring that crosses itself is refused at the door: that is no plan.
    if authority::read(&document).is_err() {
        return agreed(seed.wrapping_add(1 << 40));
    }
    let ground_file = ground.map(|text| ("ground".to_owned(), text.into_bytes()));
    let rules = Rules::of(&[("authority".to_owned(), document.clone())], ground_file.as_ref());
    let track = track::read(&track_file).unwrap();
    let certificate = rules.unwrap().certify(&track, &track_file);
    let text = serde_json::to_vec(&certificate).unwrap();
    let ground = ground_file.as_ref().map(|(_, bytes)| bytes.as_slice());
    match cathartes_verifier::verify(&text, &[&document], &track_file, ground) {
        Ok(wrong) if wrong.is_empty() => certificate.verdict,
        other => panic!(
            "seed {seed}: {other:?}\n{}\n{}\n{}",
            String::from_utf8_lossy(&document),
            String::from_utf8_lossy(&track_file),
            serde_json::to_string_pretty(&certificate).unwrap()
        ),
    }
}

/// A place on Earth, and how large everything around it is.
struct World {
    middle: LatLon,
    size_m: f64,
}

impl World {
    /// Anywhere, often at the antimeridian or near a pole; from a hundred metres to three hundred kilometres.
    fn new(dice: &mut Dice) -> Self {
        let longitude = match dice.random_range(0..4) {
            0 => 180.0 - dice.random_range(-0.2..0.2),
            _ => dice.random_range(-180.0..180.0),
        };
        let latitude = match dice.random_range(0..6) {
            0 => 89.5 * dice.random_range(-1.0..1.0_f64).signum() - dice.random_range(-0.4..0.4),
            1 => dice.random_range(-1.0..1.0),
            _ => dice.random_range(-75.0..75.0),
        };
        let size_m = 10_f64.powf(dice.random_range(2.0..5.5));
        Self { middle: place(longitude, latitude), size_m }
    }

    /// A place so far from the middle, in sizes.
    fn at(&self, east: f64, north: f64) -> LatLon {
        let (bearing, way) = (east.atan2(north).to_degrees(), east.hypot(north) * self.size_m);
        let at = destination(self.middle, Degrees(bearing), Metres(way));
        place(at.longitude.0, at.latitude.0.clamp(-89.98, 89.98))
    }

    fn authority(&self, dice: &mut Dice) -> Authority {
        let mut clauses = vec![self.clause(dice, Rule::Permit, 1)];
        for number in 2..dice.random_range(3..7) {
            let rule = if dice.random_bool(0.3) { Rule::Permit } else { Rule::Forbid };
            clauses.push(self.clause(dice, rule, number));
        }
        Authority {
            issuer: "Directorate".to_owned(),
            number: "A".to_owned(),
            valid: Period { from: second(-40_000.0), to: second(80_000.0) },
            operators: vec!["wing".to_owned()],
            aircraft: vec!["drone".to_owned()],
            clauses,
        }
    }

    fn clause(&self, dice: &mut Dice, rule: Rule, number: u32) -> Clause {
        let wide = if rule == Rule::Permit { 3.0 } else { 0.6 };
        let part = dice.random_range(0.3..1.2);
        let first = self.polygon(dice, wide * part);
        let more = dice.random_bool(0.15).then(|| self.polygon(dice, wide));
        let volume = Volume {
            polygons: std::iter::once(first).chain(more).collect(),
            floor: if dice.random_bool(0.7) {
                Limit::Agl(Metres(0.0))
            } else {
                limit(dice, 0.0..900.0)
            },
            ceiling: dice.random_bool(0.6).then(|| limit(dice, 900.0..4_000.0)),
        };
        let purposes = if rule == Rule::Permit || dice.random_bool(0.2) {
            vec![Purpose::ALL[dice.random_range(0..2)], Purpose::ChemicalSurvey]
        } else {
            Vec::new()
        };
        let other = || Some(vec!["other".to_owned()]);
        Clause {
            number: number.to_string(),
            rule,
            purposes,
            operators: dice.random_bool(0.05).then(other).flatten(),
            aircraft: dice.random_bool(0.05).then(other).flatten(),
            volume,
            windows: (0..dice.random_range(0..3)).map(|_| window(dice)).collect(),
        }
    }

    /// A star around a place, sometimes with a hole, sometimes touching itself.
    fn polygon(&self, dice: &mut Dice, wide: f64) -> Polygon {
        let spread = if wide > 1.0 { 0.3 } else { 1.2 };
        let (east, north) =
            (dice.random_range(-spread..spread), dice.random_range(-spread..spread));
        let corners = dice.random_range(3..9);
        let corner = |dice: &mut Dice, share: f64, part: f64| {
            let (sin, cos) = (std::f64::consts::TAU * share).sin_cos();
            let far = wide * part * dice.random_range(0.5..1.0);
            self.at(east + far * sin, north + far * cos)
        };
        let ring = |dice: &mut Dice, part: f64| -> Vec<LatLon> {
            (0..corners).map(|i| corner(dice, f64::from(i) / f64::from(corners), part)).collect()
        };
        let mut rings = vec![ring(dice, 1.0)];
        if dice.random_bool(0.15) {
            rings.push(ring(dice, 0.3));
        } else if dice.random_bool(0.1) {
            // A spur out and back along the same line: the ring touches itself.
            let (first, far) = (rings[0][0], corner(dice, 0.0, 1.3));
            rings[0].extend([first, far]);
            rings[0].rotate_right(1);
        }
        Polygon { rings }
    }

    fn track(&self, dice: &mut Dice) -> Track {
        let kind = TrackKind::ALL[dice.random_range(0..2)];
        let (mut seconds, mut fixes) = (dice.random_range(0.0..20_000.0), Vec::new());
        let most_speed = dice.random_range(20.0..120.0);
        let mut at = (dice.random_range(-1.0..1.0_f64), dice.random_range(-1.0..1.0_f64));
        let mut height = dice.random_range(100.0..2_500.0);
        let pressure = dice.random_bool(0.5);
        for _ in 0..dice.random_range(2..9) {
            fixes.push(Fix {
                time: second(seconds),
                place: self.at(at.0, at.1),
                height: Metres(height),
                pressure_altitude: pressure.then_some(Metres(height - 25.0)),
            });
            let (east, north) =
                (dice.random_range(-0.4..0.4_f64), dice.random_range(-0.4..0.4_f64));
            let slow = if dice.random_bool(0.05) { 0.8 } else { dice.random_range(1.0..1.5) };
            seconds += slow * east.hypot(north) * self.size_m / most_speed;
            at = (at.0 + east, at.1 + north);
            height = (height + dice.random_range(-300.0..300.0_f64)).max(50.0);
        }
        let most = (self.size_m * 0.05).min(500.0);
        let mut metres = || Metres(dice.random_range(0.0..most));
        let (navigation, drift, overshoot, lost_link) = (metres(), metres(), metres(), metres());
        Track {
            kind,
            sortie: "S".to_owned(),
            operator: "wing".to_owned(),
            aircraft: "drone".to_owned(),
            purpose: Purpose::ChemicalSurvey,
            allowances: Allowances {
                navigation,
                drift,
                overshoot,
                lost_link,
                height: Metres(dice.random_range(0.0..60.0)),
                time: Seconds(dice.random_range(0.0..300.0)),
            },
            most_speed: MetresPerSecond(most_speed),
            most_climb: MetresPerSecond(dice.random_range(1.0..10.0)),
            fixes,
        }
    }

    /// Hills around the middle, sometimes not far enough.
    fn ground(&self, dice: &mut Dice) -> String {
        let cells = 40;
        let reach_deg = dice.random_range(1.0..6.0) * self.size_m / METRES_PER_DEGREE;
        let stretch = 1.0 / self.middle.latitude.0.to_radians().cos().max(0.02);
        let cell = (2.0 * reach_deg * stretch / f64::from(cells)).min(8.0);
        let (west, south) = (
            self.middle.longitude.0 - 0.5 * cell * f64::from(cells),
            self.middle.latitude.0 - 0.5 * cell * f64::from(cells),
        );
        let mut text = format!(
            "ncols {cells}\nnrows {cells}\nxllcorner {west}\nyllcorner {south}\ncellsize {cell}\nNODATA_value -9999\n"
        );
        for _ in 0..cells {
            let row = (0..cells).map(|_| match dice.random_range(0..400) {
                0 => "-9999".to_owned(),
                _ => format!("{:.1}", dice.random_range(0.0..120.0)),
            });
            text += &(row.collect::<Vec<_>>().join(" ") + "\n");
        }
        text
    }
}

fn place(longitude: f64, latitude: f64) -> LatLon {
    let longitude = (longitude + 180.0).rem_euclid(360.0) - 180.0;
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn second(seconds: f64) -> Timestamp {
    Timestamp::from_millisecond(START_S * 1_000 + (seconds * 1e3) as i64).unwrap()
}

fn limit(dice: &mut Dice, range: std::ops::Range<f64>) -> Limit {
    let metres = Metres(dice.random_range(range));
    match dice.random_range(0..4) {
        0 => Limit::Agl(metres),
        1 => Limit::Pressure(Metres(
            (metres.0 / Limit::FLIGHT_LEVEL.0).round() * Limit::FLIGHT_LEVEL.0,
        )),
        _ => Limit::Amsl(metres),
    }
}

/// Often one that ends while the plan is flown.
fn window(dice: &mut Dice) -> TimeWindow {
    let (from, to) = (dice.random_range(-9_000.0..9_000.0), dice.random_range(9_000.0..40_000.0));
    let minute = |dice: &mut Dice| dice.random_range(0..1_440);
    let weekly = dice.random_bool(0.5).then(|| {
        let days = [Weekday::Sunday, Weekday::Monday, Weekday::Tuesday];
        let days = days.into_iter().filter(|_| dice.random_bool(0.8)).collect::<Vec<_>>();
        let days = if days.is_empty() { vec![Weekday::Monday] } else { days };
        Weekly { days, from_min: minute(dice), to_min: minute(dice) + 1 }
    });
    TimeWindow {
        from: dice.random_bool(0.6).then(|| second(from)),
        to: dice.random_bool(0.6).then(|| second(to)),
        weekly: weekly.into_iter().collect(),
    }
}
