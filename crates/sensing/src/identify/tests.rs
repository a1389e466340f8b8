use cathartes_core::units::Kelvin;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::bank::{
    BankOptions,
    tests::{blow, scene, target, targets},
};

const BANDS: usize = 48;

/// Ground of unit covariance: whitened units are radiance.
fn plain() -> Lens {
    let unit = |i: usize| f64::from(u8::from(i / BANDS == i % BANDS));
    let covariance: Vec<f64> = (0..BANDS * BANDS).map(unit).collect();
    Lens::from_covariance(&covariance, &[1.0; BANDS]).unwrap()
}

/// Twelve gases of two lines each, and a double of the first.
fn library() -> Vec<Target> {
    let mut gases: Vec<Target> = (0..12)
        .map(|g| target(&format!("g{g}"), 3.0 + 3.5 * f64::from(g), 44.0 - 2.9 * f64::from(g)))
        .collect();
    let mut double = gases[0].clone();
    double.gas = "double".into();
    double.per_ppmm_k.iter_mut().enumerate().for_each(|(b, t)| *t *= 1.0 + 0.002 * b as f64);
    gases.push(double);
    gases
}

/// Gases of so many ppm m K under unit noise.
fn seen(gases: &[(&Target, f64)], seed: u64) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let noise = (0..BANDS).map(|_| random.sample::<f64, _>(StandardNormal)).collect();
    gases.iter().fold(noise, |z: Vec<f64>, (gas, ppmm_k)| {
        z.iter().zip(&gas.per_ppmm_k).map(|(z, t)| z + ppmm_k * t).collect()
    })
}

#[test]
fn a_strong_gas_is_named_with_its_amplitude() {
    let gases = library();
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    for ppmm_k in [80_000.0, -80_000.0] {
        let said = identifier.identify(&seen(&[(&gases[5], ppmm_k)], 1));
        let gas = said.of("g5").unwrap();
        assert!(gas.probability > 0.95 && gas.group.is_none(), "{gas:?}");
        let amplitude = gas.amplitude.unwrap();
        let off = (amplitude.value.0 - ppmm_k) / amplitude.std.0;
        assert!(off.abs() < 3.0 && amplitude.std.0 < 12_000.0, "{amplitude:?}");
        assert!(said.none_probability < 0.01);
    }
}

#[test]
fn a_mixture_is_named_gas_by_gas() {
    let gases = library();
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    let mix = [(&gases[3], 90_000.0), (&gases[6], 60_000.0), (&gases[10], 70_000.0)];
    let said = identifier.identify(&seen(&mix, 2));
    let mut named: Vec<&str> = said.named(0.8).map(|g| g.gas.as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, ["g10", "g3", "g6"]);
}

#[test]
fn noise_alone_is_hardly_ever_named() {
    let gases = library();
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    let said: Vec<_> = (0..40).map(|seed| identifier.identify(&seen(&[], seed))).collect();
    let named = said.iter().filter(|s| s.named(0.8).next().is_some()).count();
    let none = said.iter().map(|s| s.none_probability).sum::<f64>() / 40.0;
    assert!(named <= 2 && none > 0.3, "{named} named, none: {none}");
}

#[test]
fn a_double_makes_a_group_and_no_pick() {
    let gases = library();
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    let said = identifier.identify(&seen(&[(&gases[0], 90_000.0)], 3));
    assert_eq!(said.groups.len(), 1, "{said:?}");
    assert!(said.groups[0].probability > 0.95);
    let mut together = said.groups[0].gases.clone();
    together.sort_unstable();
    assert_eq!(together, ["double", "g0"]);
    assert!(said.named(0.5).next().is_none());
}

#[test]
fn a_gas_with_a_double_has_no_smallest_column_and_the_others_have() {
    let mut gases = library();
    // So strong that no column asked for is more than plumes have.
    gases.iter_mut().flat_map(|g| &mut g.per_ppmm_k).for_each(|t| *t *= 100.0);
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    assert_eq!(identifier.smallest_identified("g0", Kelvin(3.0)), None);
    let at_3 = identifier.smallest_identified("g5", Kelvin(3.0)).unwrap();
    let at_6 = identifier.smallest_identified("g5", Kelvin(-6.0)).unwrap();
    assert!((at_3.0 / at_6.0 - 2.0).abs() < 1e-9, "{at_3} {at_6}");
    let strong = seen(&[(&gases[5], 3.0 * at_3.0)], 5);
    assert!(identifier.identify(&strong).of("g5").unwrap().probability > 0.5);
}

#[test]
fn a_plume_of_a_scene_is_named() {
    let gases = targets();
    let mut cube = scene(5);
    blow(&mut cube, &gases[2], (60, 50), 600.0);
    let bank = Bank::learn(&cube, &gases, BankOptions::default()).unwrap();
    let near = |l: u32, s: u32| (l.abs_diff(60).pow(2) + s.abs_diff(50).pow(2)) <= 9;
    let pixels: Vec<(u32, u32)> =
        (55..66).flat_map(|l| (45..56).map(move |s| (l, s))).filter(|&(l, s)| near(l, s)).collect();
    let plume = PlumePixels { pixels: &pixels, relative_contrast: None };
    let said = identify(&bank, &plume, Beliefs::default(), 1).unwrap();
    assert_eq!(said.best, ["three"]);
    assert!(said.of("three").unwrap().probability > 0.9, "{said:?}");
    let true_mean = pixels
        .iter()
        .map(|&(l, s)| f64::from(l.abs_diff(60).pow(2) + s.abs_diff(50).pow(2)))
        .map(|far| 600.0 * (-far / 12.0).exp())
        .sum::<f64>()
        / pixels.len() as f64;
    let amplitude = said.of("three").unwrap().amplitude.unwrap();
    let off = (amplitude.value.0 - true_mean) / amplitude.std.0;
    assert!(off.abs() < 3.0, "{amplitude:?}, {true_mean}");
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let none = Identifier::new(&plain(), &[], Beliefs::default()).err();
    assert_eq!(none, Some(IdentifyError::NoTarget));
    let short = [Target { gas: "x".into(), per_ppmm_k: vec![1.0; 3] }];
    let error = Identifier::new(&plain(), &short, Beliefs::default()).err();
    assert_eq!(error, Some(IdentifyError::BadTarget { gas: "x".into(), bands: BANDS }));
}

#[test]
fn a_gas_that_nobody_listed_is_none_of_these() {
    let gases = library();
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    // As rough as the library, and like none of it.
    let rough =
        |b: usize| 2e-4 * (1.9 * b as f64).sin() * (-0.5 * ((b as f64 - 24.0) / 7.0).powi(2)).exp();
    let per_ppmm_k = (0..BANDS).map(rough).collect();
    let stranger = Target { gas: "stranger".into(), per_ppmm_k };
    let said = identifier.identify(&seen(&[(&stranger, 80_000.0)], 7));
    assert!(said.unlisted_probability > 0.9, "{said:?}");
    assert!(said.named(0.5).next().is_none(), "{said:?}");
    let listed = identifier.identify(&seen(&[(&gases[5], 80_000.0)], 7));
    assert!(listed.unlisted_probability < 0.3, "{listed:?}");
}

#[test]
fn more_of_a_gas_than_plumes_have_is_not_believed() {
    let mut gases = library();
    gases[5].per_ppmm_k.iter_mut().for_each(|t| *t *= 1e-2);
    let identifier = Identifier::new(&plain(), &gases, Beliefs::default()).unwrap();
    let said = identifier.identify(&seen(&[(&gases[5], 8e6)], 8));
    assert!(said.of("g5").unwrap().probability < 0.5, "{said:?}");
}
