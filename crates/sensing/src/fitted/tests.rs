use cathartes_core::plume::Plume;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::{
    look_alike::{Evidence, judge},
    plumes::{self, FindOptions},
    search::{SearchOptions, search},
    toy::{self, Recipe, Toy},
};

const BANDS: usize = 73;
const SAMPLES: usize = 64;
const RECIPE: Recipe =
    Recipe { lines: 240, samples: SAMPLES, bands: BANDS, seed: 1, peak_ppmm: 800.0, plumes: 2 };

/// The plumes of a scene that are real, of no more pixels than a spectrum takes in, with what is fitted to each; `signature` is taken for the gas.
fn fitted(toy: &Toy, signature: &Signature) -> Vec<(Plume, Vec<FittedSpectrum>)> {
    let maps = search(&toy.cube, &toy.signature, &SearchOptions::default()).unwrap();
    let options = FindOptions::new(plumes::tests::methane());
    let mut plumes = plumes::find(&maps, &plumes::Ground::default(), &options);
    plumes.retain(|plume| plume.pixels.len() <= 300 && mean(toy, &plume.pixels) > 100.0);
    let evidence = Evidence {
        cube: &toy.cube,
        first_line: 0,
        maps: &maps,
        signature,
        others: &[],
        window_bands: BANDS,
        seed: 1,
    };
    let verdicts = judge(&plumes, &evidence).into_iter();
    let fits: Vec<_> = verdicts.map(|verdict| verdict.unwrap().spectrum.fits).collect();
    for plume in &mut plumes {
        plume.pixels.retain(|&(l, s)| maps.decision.at(l as usize, s as usize) > 0.0);
    }
    plumes.into_iter().zip(fits).collect()
}

/// The true column over some pixels.
fn mean(toy: &Toy, pixels: &[(u32, u32)]) -> f64 {
    let at = |&(l, s): &(u32, u32)| f64::from(toy.truth[l as usize * SAMPLES + s as usize]);
    pixels.iter().map(at).sum::<f64>() / pixels.len() as f64
}

fn column(fit: &FittedSpectrum) -> Estimate<f64> {
    let column = fit.gases[0].column.unwrap();
    Estimate { value: column.value.0, std: column.std.0 }
}

/// Narrow lines where the gas of the toy has others.
fn other_gas(like: &Signature) -> Signature {
    let lines =
        |nm: f64| -4e-5 * (1.0 + (nm / 3.1).sin()) * (-((nm - 2250.0) / 90.0).powi(2)).exp();
    let unit: Vec<f64> = like.bands.iter().map(|b| lines(b.center.0)).collect();
    Signature {
        gas: "other".into(),
        table: like.columns.iter().map(|c| unit.iter().map(|u| u * c.0).collect()).collect(),
        unit_per_ppmm: unit,
        ..like.clone()
    }
}

/// Spectra of made-up ground: brightness, a slope, and noise that differs from band to band.
fn ground(n: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = || -> f64 { random.sample(StandardNormal) };
    let one = |_| {
        let (bright, slope) = (0.1 * normal(), 0.02 * normal());
        let band = |b: usize| bright + slope * b as f64 / BANDS as f64;
        (0..BANDS).map(|b| band(b) + 0.002 * (1.0 + b as f64 / BANDS as f64) * normal()).collect()
    };
    (0..n).map(one).collect()
}

#[test]
fn a_plume_and_its_pixels_give_their_columns_back() {
    let mut away = Vec::new();
    for seed in 1001..=1004 {
        let toy = toy::scene(Recipe { seed, ..RECIPE });
        for (plume, fits) in fitted(&toy, &toy.signature) {
            assert_eq!((fits[0].pixel, fits[0].pixels), (None, plume.pixels.len()));
            let (found, truth) = (column(&fits[0]), mean(&toy, &plume.pixels));
            assert!((found.value - truth).abs() < 3.0 * found.std, "{seed}: {found:?} {truth}");
            assert!(found.std < 0.05 * truth, "{seed}: {found:?} {truth}");
            for fit in &fits[1..] {
                assert!(plume.pixels.contains(&fit.pixel.unwrap()));
                let found = column(fit);
                away.push((found.value - mean(&toy, &[fit.pixel.unwrap()])) / found.std);
            }
        }
    }

    let n = away.len() as f64;
    let within = away.iter().filter(|z| z.abs() < 2.0).count() as f64 / n;
    assert!(n >= 36.0 && within > 0.85, "{within} of {n} pixels");
}

#[test]
fn what_its_gas_leaves_of_a_plume_is_ground_and_what_another_leaves_is_not() {
    for seed in 1001..=1003 {
        let toy = toy::scene(Recipe { seed, ..RECIPE });
        let (own, other) = (toy.signature.clone(), other_gas(&toy.signature));
        for ((_, right), (_, wrong)) in fitted(&toy, &own).iter().zip(&fitted(&toy, &other)) {
            let (right, wrong) = (&right[0], &wrong[0]);
            assert!((0.5..2.0).contains(&right.chi2_per_band), "{seed}: {}", right.chi2_per_band);
            assert!(wrong.chi2_per_band > 3.0 * right.chi2_per_band, "{}", wrong.chi2_per_band);
            let pairs = right.residual_ln.iter().zip(&right.noise_ln);
            let square = pairs.map(|(r, n)| (r / n).powi(2)).sum::<f64>() / BANDS as f64;
            assert!((0.3..2.0).contains(&square), "{seed}: {square}");
        }
    }
}

#[test]
fn free_ground_that_was_not_learnt_from_has_a_chi2_of_one() {
    for n in [100, 240, 2000] {
        let scatter = Scatter::learn(&ground(n, 1), BANDS).unwrap();
        let unseen = ground(300, 2);
        let chi2 = unseen.iter().map(|y| scatter.fit(y, &[]).unwrap().chi2_per_band);
        let mean = chi2.sum::<f64>() / 300.0;

        assert!((mean - 1.0).abs() < 0.1, "{n}: {mean}");
    }
}

#[test]
fn two_gases_are_fitted_together_and_their_parts_add_up() {
    let scatter = Scatter::learn(&ground(240, 1), BANDS).unwrap();
    let (one, two) = (toy::signature(BANDS), other_gas(&toy::signature(BANDS)));
    let marks = [Mark::Column(&one), Mark::Amplitude("other", two.unit_per_ppmm.clone())];
    let (mut within, seen) = (0, ground(100, 3));
    for ground in &seen {
        let made = one.log_transmittance(PpmMetres(3000.0)).into_iter().zip(&two.unit_per_ppmm);
        let seen: Vec<f64> = ground.iter().zip(made).map(|(y, (a, b))| y + a + 500.0 * b).collect();

        let fit = scatter.fit(&seen, &marks).unwrap();

        let (column, amplitude) = (fit.gases[0].column.unwrap(), fit.gases[1].amplitude.unwrap());
        let near =
            |value: f64, truth: f64, std: f64| usize::from((value - truth).abs() < 2.0 * std);
        within += near(column.value.0, 3000.0, column.std.0);
        within += near(amplitude.value.0, 500.0, amplitude.std.0);
        for b in 0..BANDS {
            let gases: f64 = fit.gases.iter().map(|gas| gas.fitted_ln[b]).sum();
            assert!((fit.fitted_ln[b] - gases - fit.ground_ln[b]).abs() < 1e-12);
            let whole = fit.fitted_ln[b] + fit.residual_ln[b];
            assert!((whole - fit.measured_ln[b]).abs() < 1e-12);
        }
    }
    assert!((180..200).contains(&within), "{within} of 200 within two sigma");
}

#[test]
fn what_cannot_be_known_is_not_fitted() {
    assert!(Scatter::learn(&ground(FEWEST - 1, 1), BANDS).is_none());
    let scatter = Scatter::learn(&ground(240, 1), BANDS).unwrap();
    let nothing = Mark::Amplitude("nothing", vec![0.0; BANDS]);
    assert!(scatter.fit(&ground(1, 2)[0], &[nothing]).is_none());
    assert!(scatter.fit(&[f64::NAN; BANDS], &[]).is_none());
}
