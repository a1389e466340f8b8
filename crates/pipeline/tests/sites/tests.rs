//! What the generator of sites claims of itself.

use cathartes_core::trace::{Probe, Reading};

use super::{
    puffs::{PPM_M3_PER_KG, Puffs, Way},
    sensors::{Array, Fault, Kind},
    site::{Case, HALF_M, Trouble, outside, site, with_sources, without_source},
    weather::{Dice, Weather},
};

fn highest(case: &Case) -> f64 {
    case.trace.readings.iter().map(|reading| reading.value.0).fold(f64::MIN, f64::max)
}

#[test]
fn gas_that_crosses_a_plane_is_the_gas_that_was_let_go() {
    let weather = Weather::new(120, 0.0, &mut Dice::new(1));
    let steady = vec![[3.0, 0.0]; 120];
    let mut puffs = Puffs::new(Way::Still([0.0, 0.0, 2.0]), 5.0, 200.0, (&weather, steady));
    (0..120).for_each(|t| puffs.second(t));
    // Every 2 m of a plane 60 m downwind, wide and high enough for all of it.
    let across = (-60..=60).flat_map(|i| (0..60).map(move |j| (2.0 * f64::from(i), f64::from(j))));
    let places: Vec<[f64; 3]> = across.map(|(n, up)| [60.0, n, up + 0.5]).collect();
    let area = 2.0 * places.len() as f64;
    let kg_h = puffs.mean_at(&places) * area * 3.0 * 3600.0 / PPM_M3_PER_KG;
    assert!((kg_h - 5.0).abs() < 0.05, "{kg_h}");
}

#[test]
fn a_beam_reads_the_mean_along_it() {
    let dice = &mut Dice::new(2);
    let weather = Weather::new(60, 0.0, dice);
    let wind = weather.at_one_place(dice);
    let mut puffs = Puffs::new(Way::Still([0.0, 0.0, 1.0]), 1.0, 200.0, (&weather, wind));
    (0..60).for_each(|t| puffs.second(t));
    let array = Array::new(Kind::Beams, [1.0, 0.0], dice);
    let mut seen = 0.0;
    for look in (0..7).flat_map(|t| array.looks(t)) {
        let Probe::Beam(near, far) = look.probe else { panic!("{:?}", look.probe) };
        let ends = [near, far].map(|place| [place.east.0, place.north.0, place.up.0]);
        let at = |i: u32| {
            let share = (f64::from(i) + 0.5) / 2000.0;
            std::array::from_fn(|k| ends[0][k] + share * (ends[1][k] - ends[0][k]))
        };
        let fine: Vec<[f64; 3]> = (0..2000).map(at).collect();
        let (coarse, fine) = (puffs.mean_at(&look.places), puffs.mean_at(&fine));
        assert!((coarse - fine).abs() < 0.02 * fine + 1e-4, "{coarse} {fine}");
        seen += fine;
    }
    assert!(seen > 0.01, "{seen}");
}

#[test]
fn sites_have_every_kind_of_sensor_with_every_number_of_sources() {
    let mut seen: Vec<(usize, &str)> =
        (0..12).map(with_sources).map(|case| (case.truth.len(), case.kind.name())).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 12);
}

#[test]
fn sources_lie_inside_and_apart_and_are_seen() {
    for seed in 1..7 {
        let case = with_sources(seed);
        let inside = |x: f64| x.abs() < HALF_M;
        assert!(case.truth.iter().all(|t| inside(t.east_m) && inside(t.north_m)));
        assert!(highest(&case) > 2.1, "{seed}: {}", highest(&case));
    }
}

#[test]
fn a_trace_without_a_source_has_each_trouble_as_often() {
    let what: Vec<String> = (1000..1009).map(|seed| without_source(seed).what).collect();
    for trouble in ["nothing else", "passing plume", "drift"] {
        let count = what.iter().filter(|what| what.starts_with(trouble)).count();
        assert_eq!(count, 3, "{what:?}");
    }
}

#[test]
fn what_comes_from_outside_is_never_within_forty_metres_of_the_searched_ground() {
    let nearest_m = HALF_M * std::f64::consts::SQRT_2 + 40.0;
    let mut seen = 0;
    for seed in 0..12 {
        let kind = Kind::ALL[seed as usize % 3];
        let dice = &mut Dice::new(seed);
        let weather = Weather::new(kind.seconds(), 3.0, dice);
        for trouble in [Trouble::Beyond, Trouble::Vehicle] {
            let (way, _, _) = outside(trouble, kind, &weather, dice).unwrap();
            for [east, north, _] in (0..kind.seconds()).filter_map(|t| way.at(t)) {
                assert!(east.hypot(north) > nearest_m - 1e-6, "{seed} {trouble:?}: {east} {north}");
                seen += 1;
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn a_vehicle_is_seen_while_it_passes_and_not_before() {
    let weather = Weather::new(100, 0.0, &mut Dice::new(1));
    let way = Way::Road {
        middle: [-10.0, 0.0, 1.0],
        velocity: [0.0, 10.0],
        passes_s: vec![60.0],
        half_m: 100.0,
    };
    let mut puffs = Puffs::new(way, 5.0, 300.0, (&weather, vec![[3.0, 0.0]; 100]));
    let mut seen = Vec::new();
    for t in 0..100 {
        puffs.second(t);
        seen.push(puffs.mean_at(&[[0.0, 0.0, 1.0]]));
    }
    assert!(seen[..55].iter().all(|ppm| *ppm == 0.0));
    assert!(seen[60..70].iter().any(|ppm| *ppm > 1.0));
    assert!(seen[90..].iter().all(|ppm| *ppm < 1e-3));
}

#[test]
fn faults_of_one_sensor_stay_with_it() {
    let mean = |readings: &[Reading], sensor: usize| {
        let own: Vec<f64> =
            readings.iter().filter(|r| r.sensor == sensor).map(|r| r.value.0).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    let case = site(5, Kind::Masts, 0, Trouble::Fault(Fault::Step));
    let means: Vec<f64> =
        (0..case.trace.sensors.len()).map(|k| mean(&case.trace.readings, k)).collect();
    let mut sorted = means.clone();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted[sorted.len() / 2];
    let off = means.iter().filter(|m| (**m - middle).abs() > 0.02).count();
    assert_eq!(off, 1, "{means:?}");
}

#[test]
fn the_mast_stands_in_another_wind_than_the_source() {
    let dice = &mut Dice::new(4);
    let weather = Weather::new(3600, 0.0, dice);
    let at_source = weather.at_one_place(dice);
    let measured = weather.measured(60, dice);
    let angles = measured[1..59].iter().enumerate().map(|(i, w)| {
        let minute = &at_source[30 + 60 * i..90 + 60 * i];
        let [u, v] = [0, 1].map(|k| minute.iter().map(|w| w[k]).sum::<f64>() / 60.0);
        let (a, b) = (w.east.0, w.north.0);
        ((a * v - b * u) / (a * u + b * v)).atan()
    });
    let angles: Vec<f64> = angles.collect();
    let mean = angles.iter().sum::<f64>() / angles.len() as f64;
    let spread = angles.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / angles.len() as f64;
    // Between what would not matter and what would be no wind at all.
    assert!((0.02..0.15).contains(&spread.sqrt()) && mean.abs() < 0.2, "{mean} {}", spread.sqrt());
}

#[test]
fn a_seed_makes_one_site_and_another_makes_another() {
    let case = |seed| site(seed, Kind::Drone, 2, Trouble::Nothing).trace;
    assert_eq!(case(7), case(7));
    assert_ne!(case(7), case(10));
}
