use cathartes_core::{spectrum::Band, units::Nanometres};
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::plumes::{Drawing, FindOptions, Ground, shapes};

const LINES: usize = 120;
const SAMPLES: usize = 96;
const BANDS: usize = 48;

/// A gas of two lines.
pub(crate) fn target(gas: &str, at: f64, other: f64) -> Target {
    let line = |b: usize, at: f64| (-0.5 * ((b as f64 - at) / 1.3).powi(2)).exp();
    let shape = |b: usize| -2e-4 * (line(b, at) + 0.5 * line(b, other));
    Target { gas: gas.into(), per_ppmm_k: (0..BANDS).map(shape).collect() }
}

pub(crate) fn targets() -> Vec<Target> {
    vec![target("one", 12.0, 30.0), target("two", 20.0, 41.0), target("three", 7.0, 25.0)]
}

/// Two kinds of ground in patches whose temperature varies, columns of their own gain, noise.
pub(crate) fn scene(seed: u64) -> Cube {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut field = |width: f32| {
        let white: Vec<f32> = (0..LINES * SAMPLES).map(|_| random.sample(StandardNormal)).collect();
        let smooth = spatial::gaussian(&white, SAMPLES, width);
        let power = smooth.iter().map(|v| v * v).sum::<f32>() / smooth.len() as f32;
        smooth.into_iter().map(|v| v / power.sqrt()).collect::<Vec<f32>>()
    };
    let (heat, stuff, colour) = (field(3.0), field(5.0), field(1.5));
    let gains: Vec<f32> = (0..SAMPLES * BANDS)
        .map(|_| 1.0 + 0.01 * random.sample::<f32, _>(StandardNormal))
        .collect();
    let mut data = Vec::with_capacity(LINES * SAMPLES * BANDS);
    for at in 0..LINES * SAMPLES {
        for b in 0..BANDS {
            let x = b as f32 / BANDS as f32;
            let quartz =
                if stuff[at] > 0.0 { 0.05 * (-((x - 0.3) / 0.1).powi(2)).exp() } else { 0.0 };
            let ground = (1.0 + 0.03 * heat[at] * (1.0 - 0.4 * x)) * (1.0 - quartz);
            let clean = 9.0 * ground * (1.0 + 0.004 * colour[at] * (9.0 * x).sin());
            let noise = 0.02 * random.sample::<f32, _>(StandardNormal);
            data.push(clean * gains[at % SAMPLES * BANDS + b] + noise);
        }
    }
    let band =
        |b: usize| Band { center: Nanometres(7500.0 + 90.0 * b as f64), fwhm: Nanometres(90.0) };
    Cube { lines: LINES, samples: SAMPLES, bands: (0..BANDS).map(band).collect(), data }
}

/// Puts a round plume of so many ppm m K into a cube.
pub(crate) fn blow(cube: &mut Cube, target: &Target, (line, sample): (i32, i32), ppmm_k: f64) {
    for l in line - 5..=line + 5 {
        for s in sample - 5..=sample + 5 {
            let at = (l as usize * SAMPLES + s as usize) * BANDS;
            let far = f64::from((l - line).pow(2) + (s - sample).pow(2));
            let here = ppmm_k * (-far / 12.0).exp();
            for (x, t) in cube.data[at..at + BANDS].iter_mut().zip(&target.per_ppmm_k) {
                *x += (here * t) as f32;
            }
        }
    }
}

fn at(line: usize, sample: usize) -> usize {
    line * SAMPLES + sample
}

#[test]
fn gas_of_either_sign_is_read_without_bias() {
    let gases = targets();
    for sign in [1.0, -1.0] {
        let mut cube = scene(1);
        blow(&mut cube, &gases[1], (60, 40), sign * 800.0);
        let bank = Bank::learn(&cube, &gases, BankOptions::default()).unwrap();
        let maps = bank.gas(1).unwrap();
        let (value, sigma) =
            (maps.amplitude_ppmm_k.values[at(60, 40)], maps.sigma_ppmm_k.values[at(60, 40)]);
        let off = (f64::from(value) - sign * 800.0) / f64::from(sigma);
        assert!(off.abs() < 4.0 && sigma < 150.0, "{sign}: {value} ± {sigma}");
        assert!(f64::from(maps.cosine.values[at(60, 40)]) * sign > 0.3);
    }
}

#[test]
fn a_plume_of_any_gas_and_either_sign_is_one_object_where_it_is() {
    let gases = targets();
    for (gas, ppmm_k) in [(0, 500.0), (2, -500.0)] {
        let mut cube = scene(2);
        blow(&mut cube, &gases[gas], (70, 30), ppmm_k);
        let bank = Bank::learn(&cube, &gases, BankOptions::default()).unwrap();
        let any = bank.any();
        let drawing = Drawing {
            decision: &any.maps.decision,
            significance: &any.maps.significance,
            background: Some(&any.decoys),
        };
        let options = FindOptions::new(crate::plumes::tests::methane());
        let found = shapes(drawing, &Ground::default(), &options);
        assert_eq!(found.len(), 1, "{gas}");
        assert!(found[0].pixels.contains(&(70, 30)), "{gas}: {:?}", found[0].origin);
        assert_eq!(usize::from(any.strongest[at(70, 30)]), gas);
    }
}

#[test]
fn ground_like_none_learnt_is_believed_less_than_the_same_answer_of_gas() {
    let gases = targets();
    let strange = |cube: &mut Cube, also: f32| {
        let spectrum = &mut cube.data[at(60, 40) * BANDS..][..BANDS];
        for (x, t) in spectrum.iter_mut().zip(&gases[1].per_ppmm_k) {
            *x += 600.0 * *t as f32;
        }
        // Far from the lines of the gas.
        for pair in spectrum[..12].chunks_exact_mut(2) {
            pair[0] += also;
            pair[1] -= also;
        }
    };
    let (mut plain, mut odd) = (scene(4), scene(4));
    strange(&mut plain, 0.0);
    strange(&mut odd, 0.3);
    let maps = |cube: &Cube| {
        let bank = Bank::learn(cube, &gases, BankOptions::default()).unwrap();
        let maps = bank.gas(1).unwrap();
        let value = |raster: &Raster| raster.values[at(60, 40)];
        (value(&maps.significance), value(&maps.amplitude_ppmm_k) / value(&maps.sigma_ppmm_k))
    };
    let ((sure, amount), (doubted, same_amount)) = (maps(&plain), maps(&odd));
    assert!(sure > 0.9 * amount, "{sure} {amount}");
    assert!(doubted < 0.6 * same_amount, "{doubted} {same_amount}");
}

#[test]
fn ground_without_gas_passes_a_threshold_as_rarely_as_stated() {
    let gases = targets();
    let (mut passed, mut seen) = ([0.0; 2], 0.0);
    for seed in 10..16 {
        let cube = scene(seed);
        let bank = Bank::learn(&cube, &gases, BankOptions::default()).unwrap();
        let any = bank.any().maps.decision;
        seen += any.values.len() as f64;
        for (n, rate) in passed.iter_mut().zip([0.01, 0.001]) {
            let t = spatial::threshold(rate) as f32;
            *n += any.values.iter().filter(|d| **d > t).count() as f64 / rate;
        }
    }
    for n in passed {
        assert!((0.3..3.0).contains(&(n / seen)), "{}", n / seen);
    }
}

#[test]
fn the_same_bits_come_from_one_thread_and_from_many() {
    let gases = targets();
    let mut cube = scene(3);
    blow(&mut cube, &gases[0], (50, 50), 400.0);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let bank = Bank::learn(&cube, &gases, BankOptions::default()).unwrap();
            (bank.any(), bank.gas(1).unwrap())
        })
    };
    let bits = |r: &Raster| r.values.iter().map(|v| v.to_bits()).collect::<Vec<u32>>();
    let ((any, gas), (many_any, many_gas)) = (run(1), run(4));
    assert_eq!(bits(&any.maps.decision), bits(&many_any.maps.decision));
    assert_eq!(bits(&gas.amplitude_ppmm_k), bits(&many_gas.amplitude_ppmm_k));
}

#[test]
fn what_cannot_be_searched_is_refused_with_the_reason() {
    let cube = scene(4);
    let none = Bank::learn(&cube, &[], BankOptions::default());
    assert_eq!(none.err(), Some(BankError::NoTarget));
    let short = [Target { gas: "x".into(), per_ppmm_k: vec![1.0; 3] }];
    let error = Bank::learn(&cube, &short, BankOptions::default()).unwrap_err();
    assert_eq!(error, BankError::BandMismatch { gas: "x".into(), found: 3, bands: BANDS });
    let clear = [Target { gas: "x".into(), per_ppmm_k: vec![0.0; BANDS] }];
    let error = Bank::learn(&cube, &clear, BankOptions::default()).unwrap_err();
    assert_eq!(error, BankError::NoMark { gas: "x".into() });
}
