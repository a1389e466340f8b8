use cathartes_core::{provenance::Provenance, units::Nanometres};

use super::*;

pub(crate) fn nobody() -> Provenance {
    Provenance { inputs: vec![], version: String::new(), seed: 0, parameters: vec![] }
}

fn table(value: impl Fn(f64) -> f64) -> Air {
    let bands: Vec<Band> = (0..200)
        .map(|i| Band { center: Nanometres(8_000.0 + 20.0 * f64::from(i)), fwhm: Nanometres(30.0) })
        .collect();
    let values: Vec<f64> = bands.iter().map(|b| value(b.center.0)).collect();
    Air {
        bands,
        transmittance: values.clone(),
        path_radiance: values.clone(),
        sky_radiance: Some(values),
        provenance: nobody(),
    }
}

fn at(center: f64, fwhm: f64) -> Band {
    Band { center: Nanometres(center), fwhm: Nanometres(fwhm) }
}

#[test]
fn the_own_bands_of_a_table_give_its_own_numbers() {
    let table = table(|nm| (nm / 77.0).sin());
    assert_eq!(resample(&table, &table.bands).unwrap(), table);
}

#[test]
fn a_wide_band_sees_a_line_as_wide_as_both_together() {
    // A line of 30 nm in the table, seen by a band of 90: the peak falls to 30/90.
    let line = |nm: f64| (-4.0 * std::f64::consts::LN_2 * ((nm - 10_000.0) / 30.0).powi(2)).exp();
    let seen = resample(&table(line), &[at(10_000.0, 90.0), at(10_045.0, 90.0)]).unwrap();

    assert!((seen.transmittance[0] - 1.0 / 3.0).abs() < 0.01, "{}", seen.transmittance[0]);
    assert!((seen.transmittance[1] / seen.transmittance[0] - 0.5).abs() < 0.01);
}

#[test]
fn between_narrow_channels_a_straight_line_is_kept() {
    let seen = resample(&table(|nm| nm), &[at(9_011.0, 10.0), at(9_500.0, 200.0)]).unwrap();
    assert!((seen.path_radiance[0] - 9_011.0).abs() < 1e-9);
    assert!((seen.path_radiance[1] - 9_500.0).abs() < 1e-6);
}

#[test]
fn a_band_outside_the_table_is_refused_by_its_place() {
    let said = resample(&table(|_| 0.5), &[at(9_000.0, 30.0), at(12_100.0, 30.0)]);
    let said = said.unwrap_err().to_string();
    assert!(said.starts_with("band 1 (from 0) at 12100.0 nm lies outside"), "{said}");
    let mut short = table(|_| 0.5);
    short.bands.truncate(1);
    assert_eq!(resample(&short, &[]).unwrap_err(), AirError::Short { channels: 1 });
}

#[test]
fn a_selection_keeps_the_order_asked_for() {
    let some = select(&table(|nm| nm), &[7, 2]);
    assert_eq!(some.transmittance, [8_140.0, 8_040.0]);
    assert_eq!(some.bands[0].center, Nanometres(8_140.0));
}
