//! Which gases of the library a real sky shows, and where.

use cathartes_core::{air::Sky, radiance::RadianceUnit, units::PerCm};
use cathartes_formats::aeri;
use cathartes_sensing::thermal::planck::brightness;

use crate::{least_squares::fit, real};

/// Mean radiance of all spectra as brightness temperature, K.
fn mean_kelvin(sky: &Sky) -> Vec<f64> {
    let per_um = |nu: &PerCm| RadianceUnit::MilliWattPerWavenumber.per_um_factor(nu.to_nm());
    let mean = |i: usize| {
        sky.spectra.iter().map(|s| f64::from(s.radiance[i])).sum::<f64>() / sky.spectra.len() as f64
    };
    let kelvin = |(i, nu): (usize, &PerCm)| brightness(nu.to_nm(), mean(i) * per_um(nu)).unwrap().0;
    sky.wavenumbers.iter().enumerate().map(kelvin).collect()
}

/// Less the mean of 31 neighbours.
fn fine(values: &[f64]) -> Vec<f64> {
    (0..values.len())
        .map(|i| {
            let near = &values[i.saturating_sub(15)..(i + 16).min(values.len())];
            values[i] - near.iter().sum::<f64>() / near.len() as f64
        })
        .collect()
}

fn normed(values: Vec<f64>) -> Vec<f64> {
    let rms = (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt();
    values.into_iter().map(|v| v / rms).collect()
}

/// Significance of each gas in a spectral window, by the fine structure of the sky.
fn shown(sky: &Sky, window: std::ops::Range<f64>, gases: &[&str]) -> Vec<f64> {
    let library = cathartes_pipeline::gas::library(None).unwrap();
    let inside: Vec<usize> =
        (0..sky.wavenumbers.len()).filter(|&i| window.contains(&sky.wavenumbers[i].0)).collect();
    let kelvin = mean_kelvin(sky);
    let y = fine(&inside.iter().map(|&i| kelvin[i]).collect::<Vec<_>>());
    let columns: Vec<Vec<f64>> = gases
        .iter()
        .map(|slug| {
            let gas = library.iter().find(|g| g.gas.slug == *slug).unwrap();
            // Mean over the resolution; strong lines of water grow with the root of their strength.
            let sigma = |i: usize| {
                let near = |d: i32| gas.at(PerCm(sky.wavenumbers[i].0 + 0.2 * f64::from(d)));
                let mean = (-1..=1).filter_map(near).sum::<f64>() / 3.0;
                if *slug == "h2o" { mean.max(0.0).sqrt() } else { mean }
            };
            normed(fine(&inside.iter().map(|&i| sigma(i)).collect::<Vec<_>>()))
        })
        .collect();
    let fit = fit(&columns, &y);
    fit.coefficients.iter().zip(&fit.deviations).map(|(c, s)| c / s).collect()
}

#[test]
fn a_real_sky_shows_water_where_its_lines_are_and_no_ammonia() {
    let Some(path) = real("aeri/sgpaerich1C1.b1.20190501.000342.nc") else { return };
    let sky = aeri::read(&path).unwrap();
    let kelvin = mean_kelvin(&sky);
    let at = |nu: f64| {
        let i = sky.wavenumbers.partition_point(|n| n.0 < nu);
        kelvin[i]
    };
    println!(
        "{} spectra; brightness at 680, 830, 900, 1000, 1042, 1130 cm-1: {:.1?} K",
        sky.spectra.len(),
        [680.0, 830.0, 900.0, 1000.0, 1042.0, 1130.0].map(at)
    );
    let gases = ["h2o", "nh3", "co2", "o3"];
    for window in [830.0..900.0, 900.0..1_000.0, 1_000.0..1_080.0, 1_080.0..1_200.0] {
        let z = shown(&sky, window.clone(), &gases);
        println!("{window:?} cm-1: {gases:?} at {z:.1?} deviations");
        assert!(z[0] > 12.0, "water in {window:?}: {z:?}");
        assert!(z[1].abs() < 4.0, "no ammonia in {window:?}: {z:?}");
    }
    // Carbon dioxide near 680 cm-1 is opaque: the air around the instrument.
    assert!((285.0..291.0).contains(&at(680.0)));
}
