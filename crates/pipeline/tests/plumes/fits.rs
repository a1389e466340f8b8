//! Gases fitted to the spectra of plumes, against the columns that were put there.

use cathartes_core::plume::Plume;
use cathartes_sensing::fitted::FittedSpectrum;

use crate::{
    seeds,
    trial::{Laboratory, Trial},
};

/// The mean spectrum of a plume is that of so many of its pixels.
const MOST_PIXELS: usize = 300;

/// One spectrum against the truth.
struct Score {
    of_plume: bool,
    truth_ppmm: f64,
    over_truth: f64,
    /// Error in the deviations it was told with.
    z: f64,
    chi2: f64,
}

/// The pixels that a spectrum is the mean of.
fn pixels(trial: &Trial, plume: &Plume, fit: &FittedSpectrum) -> Vec<(u32, u32)> {
    if let Some(pixel) = fit.pixel {
        return vec![pixel];
    }
    let decision = |p: &(u32, u32)| trial.decision.at(p.0 as usize, p.1 as usize);
    let mut pixels = plume.pixels.clone();
    pixels.retain(|pixel| decision(pixel) > 0.0);
    pixels.sort_by(|a, b| decision(b).total_cmp(&decision(a)).then(a.cmp(b)));
    pixels.truncate(MOST_PIXELS);
    pixels
}

fn scores(trial: &Trial) -> Vec<Score> {
    let Some((plume, Some(verdict))) = trial.matched() else { return Vec::new() };
    let truth = trial.enhancement.as_ref().unwrap();
    let score = |fit: &FittedSpectrum| {
        let pixels = pixels(trial, plume, fit);
        assert_eq!(pixels.len(), fit.pixels);
        let held = pixels.iter().map(|&(l, s)| f64::from(truth.at(l as usize, s as usize)));
        let truth_ppmm = held.sum::<f64>() / pixels.len() as f64;
        let column = fit.gases[0].column.unwrap();
        Score {
            of_plume: fit.pixel.is_none(),
            truth_ppmm,
            over_truth: column.value.0 / truth_ppmm,
            z: (column.value.0 - truth_ppmm) / column.std.0,
            chi2: fit.chi2_per_band,
        }
    };
    verdict.spectrum.fits.iter().map(score).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn columns_of_simulated_plumes_and_pixels_are_where_their_sigma_says() {
    let laboratory = Laboratory::open();
    let scores: Vec<Score> =
        seeds(12).flat_map(|seed| scores(&laboratory.with_plume(seed))).collect();
    let (plumes, pixels): (Vec<_>, Vec<_>) = scores.iter().partition(|score| score.of_plume);
    for score in &plumes {
        println!(
            "{:.0} ppm m: found over truth {:.3}, {:.1} sigma, chi2 {:.2}",
            score.truth_ppmm, score.over_truth, score.z, score.chi2
        );
    }
    let within = |of: &[&Score], sigmas: f64| {
        of.iter().filter(|score| score.z.abs() < sigmas).count() as f64 / of.len() as f64
    };
    let chi2 = |of: &[&Score]| median(of.iter().map(|score| score.chi2).collect());
    println!(
        "{} plumes: within two sigma {:.2}, chi2 {:.2}; {} pixels: {:.2}, {:.2}",
        plumes.len(),
        within(&plumes, 2.0),
        chi2(&plumes),
        pixels.len(),
        within(&pixels, 2.0),
        chi2(&pixels)
    );
    let over_truth = median(plumes.iter().map(|score| score.over_truth).collect());
    assert!(plumes.len() >= 10 && (0.95..1.05).contains(&over_truth), "{over_truth}");
    assert!(within(&plumes, 2.0) >= 0.75 && within(&pixels, 2.0) >= 0.9);
    assert!((0.4..4.0).contains(&chi2(&plumes)) && (0.3..1.5).contains(&chi2(&pixels)));
}
