use cathartes_core::radiance::RadianceUnit;
use proptest::prelude::*;

use super::*;

const UM10: Nanometres = Nanometres(10_000.0);

#[test]
fn a_black_body_of_300_k_shines_with_the_textbook_values() {
    // Stefan and Boltzmann: sigma T^4 / pi over all wavelengths.
    let all: f64 = (0..40_000)
        .map(|i| radiance(Nanometres(1_000.0 + 25.0 * f64::from(i)), Kelvin(300.0)))
        .sum();
    let expected = 5.670_374_419e-8 * 300.0_f64.powi(4) / std::f64::consts::PI;
    assert!((all * 0.025 / expected - 1.0).abs() < 1e-3, "{all}");
    // Wien: the maximum of 300 K is at 2,897.77/300 um.
    let at = |nm: f64| radiance(Nanometres(nm), Kelvin(300.0));
    assert!(at(9_659.2) > at(9_640.0) && at(9_659.2) > at(9_680.0));
}

#[test]
fn per_wavenumber_and_per_micrometre_agree_through_the_table_of_units() {
    let nu = PerCm(931.0);
    let factor = RadianceUnit::WattPerWavenumber.per_um_factor(nu.to_nm());

    let there = radiance_per_wavenumber(nu, Kelvin(290.0)) * factor;

    assert!((there / radiance(nu.to_nm(), Kelvin(290.0)) - 1.0).abs() < 1e-12);
}

#[test]
fn the_slope_is_the_derivative() {
    let step = 1e-3;
    let by_difference = (radiance(UM10, Kelvin(300.0 + step))
        - radiance(UM10, Kelvin(300.0 - step)))
        / (2.0 * step);
    assert!((radiance_slope(UM10, Kelvin(300.0)) / by_difference - 1.0).abs() < 1e-7);
}

#[test]
fn darkness_has_no_temperature() {
    for dark in [0.0, -1.0, f64::NAN] {
        assert_eq!(brightness(UM10, dark), None);
        assert_eq!(band_brightness(&Band { center: UM10, fwhm: Nanometres(44.0) }, dark), None);
    }
}

#[test]
fn the_mean_over_a_wide_band_is_that_of_a_fine_sum() {
    let band = Band { center: UM10, fwhm: Nanometres(100.0) };
    let (mut sum, mut weights) = (0.0, 0.0);
    for i in -4000..=4000 {
        let x = f64::from(i) * 0.1;
        let weight = (-4.0 * std::f64::consts::LN_2 * (x / 100.0).powi(2)).exp();
        sum += weight * radiance(Nanometres(1e4 + x), Kelvin(300.0));
        weights += weight;
    }
    assert!((band_radiance(&band, Kelvin(300.0)) / (sum / weights) - 1.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn brightness_undoes_planck(nm in 7_000.0..14_000.0, t in 180.0..1_000.0, width in 1.0..100.0) {
        let band = Band { center: Nanometres(nm), fwhm: Nanometres(width) };
        let one = brightness(band.center, radiance(band.center, Kelvin(t))).unwrap();
        let other = band_brightness(&band, band_radiance(&band, Kelvin(t))).unwrap();
        prop_assert!((one.0 - t).abs() < 1e-8 && (other.0 - t).abs() < 1e-8);
    }
}
