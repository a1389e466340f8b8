use cathartes_core::{
    trace::{Frame, Probe, Reading, Sensor, Span, WindReading, WindRecord},
    units::{Degrees, MetresPerSecond, PartsPerMillion, Seconds},
};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    air::flow_at,
    model::{DISCREPANCY, Emitter, NOISE, State, ln_normal},
    plume::{Pack, Shape, Sight, share},
    walk::Walker,
    *,
};

const METHANE: GramsPerMole = GramsPerMole(16.043);

fn place(east: f64, north: f64, up: f64) -> LocalPlace {
    LocalPlace { east: Metres(east), north: Metres(north), up: Metres(up) }
}

fn volume(half: f64, top: f64) -> SearchVolume {
    let span = |from: f64, to: f64| Span { from: Metres(from), to: Metres(to) };
    SearchVolume { east: span(-half, half), north: span(-half, half), up: span(0.0, top) }
}

fn wind(time: f64, speed: f64, towards: f64) -> WindReading {
    WindReading {
        time: Seconds(time),
        east: MetresPerSecond(speed * towards.cos()),
        north: MetresPerSecond(speed * towards.sin()),
        turbulence_across: Some(Degrees(8.0)),
        turbulence_up: Some(Degrees(5.0)),
        temperature: None,
        pressure: None,
    }
}

/// Six masts around the site in a wind that veers all around, and sources.
fn masts(readings: usize, sources: &[([f64; 3], f64)], noise: f64, seed: u64) -> Trace {
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
    let towards = |t: f64| t / 3600.0;
    let record: Vec<WindReading> =
        (0..=readings).map(|i| wind(60.0 * i as f64, 3.0, towards(60.0 * i as f64))).collect();
    let shape = Shape {
        half_width: 1.0,
        lid: None,
        wider: [1.0, 1.0],
        turn: [wide::f64x4::ONE, wide::f64x4::ZERO],
    };
    let mut all = Vec::new();
    for i in 0..readings {
        let (sensor, time) = (i % 6, 60.0 * i as f64);
        let angle = sensor as f64 * 1.047;
        let at = [30.0 * angle.cos(), 30.0 * angle.sin(), 2.0];
        let flow = flow_at(&record, time, METHANE);
        let pack = Pack::new(&[flow], &[Sight { from: at, reach: None }]);
        let ppm = |s: &([f64; 3], f64)| s.1 * share(&shape, &pack, s.0).mean.to_array()[0];
        let gas: f64 = sources.iter().map(ppm).sum();
        let z: f64 = StandardNormal.sample(&mut dice);
        all.push(Reading {
            sensor,
            time: Seconds(time),
            probe: Probe::Point(place(at[0], at[1], at[2])),
            value: PartsPerMillion(2.0 + gas + noise * z),
            row: i as u64 + 2,
        });
    }
    Trace {
        gas: "ch4".into(),
        frame: Frame::default(),
        sensors: (0..6).map(|id| Sensor { id, name: format!("mast {id}") }).collect(),
        readings: all,
        wind: WindRecord { common: record, own: Vec::new() },
    }
}

fn quick(seed: u64) -> Options {
    Options { draws: 200, most_sources: 4, ..Options::new(METHANE, seed) }
}

#[test]
fn a_source_among_masts_is_found_with_its_rate() {
    let trace = masts(360, &[([8.0, -5.0, 1.5], 2.0)], 0.02, 1);
    let found = locate(&trace, &volume(25.0, 5.0), &quick(1)).unwrap();
    assert_eq!((found.declined, found.sources.len()), (None, 1), "{:?}", found.convergence);
    let source = &found.sources[0];
    let away = (source.place.east.0 - 8.0).hypot(source.place.north.0 + 5.0);
    assert!(away < 1.0 && (source.rate.0 / 2.0 - 1.0).abs() < 0.15, "{source:?}");
    assert!(source.rate_range.low.0 < 2.0 && source.rate_range.high.0 > 2.0, "{source:?}");
    assert!(found.model_fits && found.fitted.len() == 360);
}

#[test]
fn no_source_is_named_where_there_is_none() {
    let trace = masts(240, &[], 0.02, 2);
    let found = locate(&trace, &volume(25.0, 5.0), &quick(2)).unwrap();
    assert_eq!((found.declined, found.sources.len()), (Some(Declined::NoSignal), 0));
}

#[test]
fn gas_from_beside_the_volume_is_not_from_here() {
    let trace = masts(360, &[([55.0, 10.0, 2.0], 6.0)], 0.02, 3);
    let found = locate(&trace, &volume(25.0, 5.0), &quick(3)).unwrap();
    assert_eq!(found.declined, Some(Declined::NotFromHere), "{:?}", found.sources);
}

#[test]
fn an_inversion_whose_work_is_done_says_that_it_has_not_converged_and_the_same_whatever_the_thread_count()
 {
    let trace = masts(120, &[([8.0, -5.0, 1.5], 2.0)], 0.02, 4);
    let with = |most_work: u64, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let options = Options { most_work, ..quick(4) };
        pool.install(|| locate(&trace, &volume(25.0, 5.0), &options).unwrap())
    };
    let found = with(10_000, 1);
    assert_eq!((found.declined, found.sources.len()), (Some(Declined::NotConverged), 0));
    assert!(!found.convergence.converged && !found.count_probability.is_empty());
    assert_eq!(found, with(10_000, 3));
    assert_eq!(with(quick(4).most_work, 2).declined, None);
}

#[test]
fn draws_end_before_they_take_more_work_than_is_given() {
    // So few draws that populations do not agree, and are cooled anew.
    let trace = masts(60, &[([8.0, -5.0, 1.5], 2.0), ([-8.0, 5.0, 1.5], 2.0)], 0.02, 4);
    let options = Options { draws: 4, ..quick(4) };
    let readings = Readings::new(&trace, &options).unwrap();
    let start = start(readings, room(&volume(25.0, 5.0)).unwrap(), &options);
    let done = |most: u64| agree::work(&agree::run(&start, &options, most));
    let all = done(u64::MAX / 4);
    let half = done(all / 2);
    assert!(half > 0 && half <= all / 2, "{half} of {all}");
}

#[test]
fn the_same_seed_gives_the_same_bits_whatever_the_thread_count() {
    let trace = masts(120, &[([8.0, -5.0, 1.5], 2.0)], 0.02, 4);
    let options = Options { draws: 20, ..quick(4) };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| locate(&trace, &volume(25.0, 5.0), &options).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn too_little_to_say_anything_is_said() {
    let few = masts(8, &[([0.0, 0.0, 1.0], 2.0)], 0.02, 5);
    let declined = |trace: &Trace| locate(trace, &volume(25.0, 5.0), &quick(5)).unwrap().declined;
    assert_eq!(declined(&few), Some(Declined::TooFewReadings));
    let none = Trace { readings: Vec::new(), ..few.clone() };
    assert_eq!(declined(&none), Some(Declined::TooFewReadings));
    let mut calm = masts(60, &[], 0.02, 5);
    for wind in &mut calm.wind.common {
        (wind.east.0, wind.north.0) = (0.1, 0.0);
    }
    assert_eq!(declined(&calm), Some(Declined::WeakWind));
    let mut aside = masts(60, &[], 0.02, 5);
    for wind in &mut aside.wind.common {
        (wind.east.0, wind.north.0) = (4.0, 0.0);
    }
    for reading in &mut aside.readings {
        reading.probe = Probe::Point(place(-300.0, 0.0, 2.0));
    }
    assert_eq!(declined(&aside), Some(Declined::NeverDownwind));
}

#[test]
fn what_is_no_trace_is_refused_with_its_row() {
    let trace = masts(60, &[], 0.02, 6);
    let refused = |change: &dyn Fn(&mut Trace)| {
        let mut bad = trace.clone();
        change(&mut bad);
        locate(&bad, &volume(25.0, 5.0), &quick(6)).unwrap_err()
    };
    let nan = refused(&|t| t.readings[3].value.0 = f64::NAN);
    assert_eq!(nan, InvertError::BadReading { row: 5 });
    let stranger = refused(&|t| t.readings[3].sensor = 9);
    assert_eq!(stranger, InvertError::NoSuchSensor { row: 5, sensor: 9, sensors: 6 });
    let windless = refused(&|t| t.wind.common.clear());
    assert_eq!(windless, InvertError::NoWind { sensor: 0 });
    let backwards = refused(&|t| t.wind.common[4].time.0 = 0.0);
    assert_eq!(backwards, InvertError::BadWind { index: 4 });
    let mut upside_down = volume(25.0, 5.0);
    upside_down.east.to = Metres(-40.0);
    assert!(matches!(
        locate(&trace, &upside_down, &quick(6)),
        Err(InvertError::BadVolume { axis: "east", .. })
    ));
    let idle = Options { chains: 0, ..quick(6) };
    assert!(matches!(
        locate(&trace, &volume(25.0, 5.0), &idle),
        Err(InvertError::BadOption { .. })
    ));
}

/// A start whose scales are known, so that only sources and background are not.
fn settled(trace: &Trace, top: f64, most: usize) -> Start {
    let options = Options { most_sources: most, ..quick(0) };
    let readings = Readings::new(trace, &options).unwrap();
    let mut start = start(readings, room(&volume(25.0, top)).unwrap(), &options);
    let model = &mut start.model;
    for (k, scale) in model.prior.scales.iter_mut().enumerate() {
        scale.1 = 1e-4;
        let known = match k {
            DISCREPANCY => 0.1_f64.ln(),
            0..=2 => 0.0,
            k if model.wander.range().contains(&k) => 0.0,
            NOISE.. => 0.05_f64.ln(),
            _ => 1e-3_f64.ln(),
        };
        (scale.0, start.state.scales[k]) = (known, known);
    }
    model.counts.fill(1.0);
    model.pilot.factor = model.basis.factor(&model.pilot.weights, start.state.loose()).unwrap();
    start
}

#[test]
fn without_readings_every_move_together_keeps_the_prior() {
    let trace = masts(60, &[([8.0, -5.0, 1.5], 2.0)], 0.05, 7);
    let mut start = settled(&trace, 5.0, 3);
    start.model.prior.ln_more = 0.0;
    start.model.prior.ln_rate = (-2.0, 0.7);
    let mut state = start.state.clone();
    state.sources.truncate(1);
    start.model.settle(&mut state);
    let mut walker = Walker::new(&start, state, 1e-6, 7);
    let (mut counts, mut rates, mut easts): ([f64; 4], Vec<f64>, Vec<f64>) =
        ([0.0_f64; 4], Vec::new(), Vec::new());
    for n in 0..6_000 {
        if n < 300 && n % 50 == 0 {
            walker.learn_shapes();
        }
        walker.learning = n < 300;
        walker.sweep();
        counts[walker.state.sources.len()] += 1.0 / 6_000.0;
        rates.extend(walker.state.sources.iter().map(|s| s.ln_rate));
        easts.extend(walker.state.sources.iter().map(|s| s.place[0]));
    }
    assert!(counts.iter().all(|c| (c - 0.25).abs() < 0.05), "{counts:?}");
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let std =
        |v: &[f64]| (v.iter().map(|x| (x - mean(v)).powi(2)).sum::<f64>() / v.len() as f64).sqrt();
    assert!(
        (mean(&rates) + 2.0).abs() < 0.06 && (std(&rates) - 0.7).abs() < 0.05,
        "{} {}",
        mean(&rates),
        std(&rates)
    );
    assert!(
        mean(&easts).abs() < 1.2 && (std(&easts) - 14.4).abs() < 0.8,
        "{} {}",
        mean(&easts),
        std(&easts)
    );
}

/// Mean and deviation of weighted values.
fn moments(values: &[(f64, f64)]) -> (f64, f64) {
    let sum: f64 = values.iter().map(|v| v.1).sum();
    let mean = values.iter().map(|v| v.0 * v.1).sum::<f64>() / sum;
    let square = values.iter().map(|v| (v.0 - mean).powi(2) * v.1).sum::<f64>() / sum;
    (mean, square.sqrt())
}

#[test]
fn one_source_is_sampled_as_its_exact_posterior_has_it() {
    let trace = masts(90, &[([4.0, -3.0, 0.0], 0.6)], 0.05, 8);
    let start = settled(&trace, 0.0, 1);
    let model = &start.model;
    let mut state = start.state.clone();
    state.sources = vec![model.emitter([4.0, -3.0, 0.005], 0.6_f64.ln(), &state.scales)];
    model.settle(&mut state);
    let mut walker = Walker::new(&start, state, 1.0, 8);
    let mut drawn = [Vec::new(), Vec::new(), Vec::new()];
    for n in 0..8_000 {
        if n < 500 && n % 50 == 0 {
            walker.learn_shapes();
        }
        walker.learning = n < 500;
        walker.sweep();
        if let (Some(s), true) = (walker.state.sources.first(), n >= 500) {
            let all = [s.place[0], s.place[1], s.ln_rate];
            drawn.iter_mut().zip(all).for_each(|(d, x)| d.push((x, 1.0)));
        }
    }
    let exact = on_a_grid(&start, &drawn);
    for k in 0..3 {
        let ((m, s), (em, es)) = (moments(&drawn[k]), moments(&exact[k]));
        assert!((m - em).abs() < 0.15 * es, "mean of axis {k}: {m} {em}, deviation {es}");
        assert!((s / es - 1.0).abs() < 0.12, "deviation of axis {k}: {s} {es}");
    }
}

/// East, north and ln rate with their exact weights, the level of the air summed out.
fn on_a_grid(start: &Start, drawn: &[Vec<(f64, f64)>; 3]) -> [Vec<(f64, f64)>; 3] {
    let model = &start.model;
    let spans = drawn.each_ref().map(|d| moments(d));
    let at = |k: usize, i: i32| spans[k].0 + spans[k].1 * 0.35 * f64::from(i);
    let mut state = start.state.clone();
    let flat = model.basis.len();
    let mut all: [Vec<(f64, f64)>; 3] = Default::default();
    let mut lns = Vec::new();
    for i in -13..=13 {
        for j in -13..=13 {
            let place = [at(0, i), at(1, j), 0.005];
            if !model.prior.room.holds(place) {
                continue;
            }
            let mut emitter: Emitter = model.emitter(place, 0.0, &state.scales);
            for q in -13..=13 {
                emitter.ln_rate = at(2, q);
                state.sources = vec![emitter.clone()];
                state.total = std::sync::Arc::new(model.total(&state.sources));
                for b in -12..=12 {
                    let level = start.level(&state) + 0.004 * f64::from(b);
                    let mut air = vec![0.0; flat];
                    air[..model.basis.hats.knots].fill(level);
                    let ln =
                        model.ln_likelihood(&state.total, &state.scales, &model.basis.values(&air));
                    lns.push(ln + ln_normal(emitter.ln_rate, model.prior.ln_rate));
                    [place[0], place[1], emitter.ln_rate]
                        .into_iter()
                        .zip(&mut all)
                        .for_each(|(x, to)| to.push((x, 0.0)));
                }
            }
        }
    }
    let top = lns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for axis in &mut all {
        axis.iter_mut().zip(&lns).for_each(|(a, ln)| a.1 = (ln - top).exp());
    }
    all
}

impl Start {
    /// Middle of what a state's sources leave of the readings.
    fn level(&self, state: &State) -> f64 {
        let mut rest = self.model.without(&state.total);
        rest.sort_by(f64::total_cmp);
        rest[rest.len() / 2]
    }
}

#[test]
fn an_imager_draws_a_source_to_what_it_saw() {
    let trace = masts(120, &[([8.0, -5.0, 1.5], 0.15)], 0.05, 9);
    let ellipse = Ellipse90 {
        semi_major: Metres(1.0),
        semi_minor: Metres(1.0),
        bearing: cathartes_core::units::Degrees(0.0),
    };
    let seen = SeenPlume { place: place(8.0, -5.0, 0.0), ellipse, rate: None };
    let spread = |plumes: Vec<SeenPlume>| {
        let found = locate(&trace, &volume(25.0, 5.0), &Options { plumes, ..quick(9) }).unwrap();
        let map = &found.density;
        let cell = (map.rows * 20 / 50) * map.columns + map.columns * 33 / 50;
        map.sources_per_cell[cell] / map.sources_per_cell.iter().sum::<f64>().max(1e-9)
    };
    let (without, with) = (spread(Vec::new()), spread(vec![seen]));
    assert!(with > without, "{with} {without}");
}

#[test]
fn the_next_leg_is_as_long_as_asked_and_promises_less_doubt() {
    let trace = masts(240, &[([8.0, -5.0, 1.5], 1.0)], 0.05, 10);
    let options = Options { next_leg: Some(Metres(80.0)), ..quick(10) };
    let found = locate(&trace, &volume(25.0, 5.0), &options).unwrap();
    let leg = found.next_leg.expect("a source was found");
    assert!(leg.deviation_after.0 < leg.deviation_now.0, "{leg:?}");
    assert!(leg.track.len() >= 2);
}
