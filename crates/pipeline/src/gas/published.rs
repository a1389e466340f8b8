//! Our methane signature against the band values of mag1c, by AVIRIS-NG band, 2122-2488 nm.
//! `cargo test -p cathartes-pipeline published -- --nocapture` prints the figures of
//! `docs/validation/gas.md`.

use cathartes_core::{gas::Segment, units::Nanometres};
use cathartes_sensing::signature::signature;

use super::*;

const COLUMNS: [f64; 6] = [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0];
const SLANT: Slant = Slant { sun_zenith: Degrees(30.0), view_zenith: Degrees(0.0) };

struct Published {
    bands: Vec<Band>,
    target: Vec<f64>,
    /// By column, then band.
    ln_t: Vec<Vec<f64>>,
}

fn published() -> Published {
    let text = std::fs::read_to_string("../../fixtures/mag1c_aviris_ng.csv").unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|field| field.parse().unwrap()).collect())
        .collect();
    Published {
        bands: rows
            .iter()
            .map(|r| Band { center: Nanometres(r[0]), fwhm: Nanometres(r[1]) })
            .collect(),
        target: rows.iter().map(|r| r[2]).collect(),
        ln_t: (0..6).map(|k| rows.iter().map(|r| r[3 + k]).collect()).collect(),
    }
}

fn methane() -> CrossSection {
    find("ch4", &library(None).unwrap()).unwrap().clone()
}

/// Largest and root-mean-square difference as a share of the strongest band, and the factor by
/// which ours, as a filter, would scale the published one.
fn apart(ours: &[f64], theirs: &[f64]) -> (f64, f64, f64) {
    let peak = theirs.iter().fold(0.0_f64, |p, t| p.max(t.abs()));
    let off: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| (a - b) / peak).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let rms = (dot(&off, &off) / off.len() as f64).sqrt();
    (off.iter().fold(0.0, |m, d| m.max(d.abs())), rms, dot(ours, theirs) / dot(theirs, theirs))
}

/// Slope of the best straight line through the origin's offset and all columns: mag1c's target.
fn slope(made: &Signature, band: usize) -> f64 {
    let xs: Vec<f64> = std::iter::once(0.0).chain(COLUMNS).collect();
    let ys: Vec<f64> = xs.iter().map(|&c| made.log_transmittance(PpmMetres(c))[band]).collect();
    let n = xs.len() as f64;
    let (mx, my) = (xs.iter().sum::<f64>() / n, ys.iter().sum::<f64>() / n);
    let top: f64 = xs.iter().zip(&ys).map(|(x, y)| (x - mx) * (y - my)).sum();
    top / xs.iter().map(|x| (x - mx).powi(2)).sum::<f64>()
}

#[test]
fn methane_agrees_with_the_published_bands() {
    let truth = published();
    let methane = methane();
    let clear = signature(&methane, &truth.bands, SLANT).unwrap();
    let sky = signature_under_sky(&methane, &truth.bands, SLANT, None).unwrap();
    for (name, made) in [("no air", &clear), ("under sky", &sky)] {
        for (k, &column) in COLUMNS.iter().enumerate() {
            let ours = made.log_transmittance(PpmMetres(column));
            let (max, rms, scale) = apart(&ours, &truth.ln_t[k]);
            println!("{name:9} {column:6} ppm-m  max {max:.4}  rms {rms:.4}  scale {scale:.4}");
            if name == "under sky" {
                assert!(rms < 0.03 && (scale - 1.0).abs() < 0.05, "{column}: {rms} {scale}");
            }
        }
    }
    let fitted: Vec<f64> = (0..truth.bands.len()).map(|b| slope(&sky, b)).collect();
    let (max, rms, scale) = apart(&fitted, &truth.target);
    println!("under sky, target: max {max:.4}  rms {rms:.4}  scale {scale:.4}");
    assert!(rms < 0.03 && (scale - 1.0).abs() < 0.05, "{rms} {scale}");
    for (b, band) in truth.bands.iter().enumerate() {
        println!(
            "| {:.1} | {:.3} | {:.3} | {:.3} |",
            band.center.0,
            -1e6 * truth.target[b],
            -1e6 * fitted[b],
            -1e6 * clear.unit_per_ppmm[b]
        );
    }
}

/// Methane's fine table with its cells averaged to a width.
fn averaged(methane: &CrossSection, step: f64) -> CrossSection {
    let fine = methane.segments.iter().find(|s| s.step.0 < 0.15).unwrap();
    let n = (step / fine.step.0).round() as usize;
    let mean = |c: &[f32]| c.iter().sum::<f32>() / c.len() as f32;
    CrossSection {
        segments: vec![Segment {
            start: cathartes_core::units::PerCm(fine.start.0 + (step - fine.step.0) / 2.0),
            step: cathartes_core::units::PerCm(step),
            sigma_cm2: fine.sigma_cm2.chunks_exact(n).map(mean).collect(),
        }],
        ..methane.clone()
    }
}

#[test]
fn coarse_cells_are_good_up_to_the_column_we_say() {
    let bands = published().bands;
    let fine = signature(&methane(), &bands, SLANT).unwrap();
    assert_eq!(fine.coarse_above, None);
    for step in [0.5, 1.0, 2.0] {
        let coarse = signature(&averaged(&methane(), step), &bands, SLANT).unwrap();
        let over = |c: f64| {
            let column = PpmMetres(c);
            let (a, b) = (fine.log_transmittance(column), coarse.log_transmittance(column));
            apart(&b, &a).2 - 1.0
        };
        let true_limit = (0..500).map(|k| 10.0 * 1.02_f64.powi(k)).find(|&c| over(c) > 0.05);
        let (stated, true_limit) = (coarse.coarse_above.unwrap().0, true_limit.unwrap());
        println!(
            "cells of {step} cm-1: 5 % too strong from {true_limit:.0} ppm-m, stated {stated:.0}"
        );
        assert!((1.0..10.0).contains(&(true_limit / stated)), "{step}: {true_limit} {stated}");
    }
}

#[test]
fn a_line_of_gases_says_from_where_it_is_too_coarse() {
    let bands: Vec<Band> = (0..90)
        .map(|i| Band { center: Nanometres(1950.0 + 5.0 * f64::from(i)), fwhm: Nanometres(5.8) })
        .collect();
    for slug in ["co2", "nh3", "n2o", "h2o", "co", "ch4"] {
        let gas = find(slug, &library(None).unwrap()).unwrap().clone();
        let made = signature_under_sky(&gas, &bands, SLANT, None).unwrap();
        println!("{slug}: {:?}, {} rows", made.coarse_above, made.columns.len());
        assert_eq!(made.coarse_above.is_none(), slug == "ch4");
    }
}
