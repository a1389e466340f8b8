use cathartes_core::{spectrum::Band, units::Nanometres};
use proptest::prelude::*;

use super::*;
use crate::thermal::{air::tests::nobody, planck::band_radiance};

fn kelvin(value: f64, std: f64) -> Estimate<Kelvin> {
    Estimate { value: Kelvin(value), std: Kelvin(std) }
}

fn air(taus: &[f64]) -> Air {
    let band =
        |b: usize| Band { center: Nanometres(10_000.0 + 40.0 * b as f64), fwhm: Nanometres(40.0) };
    Air {
        bands: (0..taus.len()).map(band).collect(),
        transmittance: taus.to_vec(),
        path_radiance: vec![0.6; taus.len()],
        sky_radiance: None,
        provenance: nobody(),
    }
}

/// A gas with exact exponentials, so that a band of one line saturates as it should.
fn gas(unit: &[f64]) -> Signature {
    let columns: Vec<f64> = (0..400).map(|k| f64::from(k * k) * 0.5).collect();
    let row = |c: f64| unit.iter().map(|u| u * c).collect::<Vec<f64>>();
    Signature {
        gas: "nh3".into(),
        bands: air(&vec![0.9; unit.len()]).bands,
        unit_per_ppmm: unit.to_vec(),
        table: columns.iter().map(|&c| row(c)).collect(),
        columns: columns.into_iter().map(PpmMetres).collect(),
        air_mass_factor: 1.0,
        coarse_above: None,
    }
}

#[test]
fn ground_as_warm_as_the_plume_is_no_contrast_and_gives_no_column() {
    let none = Contrast::between(kelvin(300.0, 0.3), kelvin(299.5, 1.0), 2);
    assert!(matches!(none, Contrast::NoContrast(_)));
    let found = Estimate { value: PpmMetresKelvin(100.0), std: PpmMetresKelvin(10.0) };
    assert_eq!(none.column(found), None);

    for warm in [10.0, -10.0] {
        let seen = Contrast::between(kelvin(300.0 + warm, 0.6), kelvin(300.0, 0.8), 3);
        let found = Estimate { value: PpmMetresKelvin(50.0 * warm), std: PpmMetresKelvin(20.0) };
        let column = seen.column(found).unwrap();
        assert!((column.value.0 - 50.0).abs() < 1e-9, "either sign of the contrast gives the gas");
        // 20 ppm-m K over 10 K, and 10 % of contrast.
        assert!((column.std.0 - 2.0_f64.hypot(5.0)).abs() < 1e-9, "{column:?}");
    }
}

#[test]
fn the_temperature_of_the_ground_is_read_through_the_air() {
    let air = air(&[0.9, 0.8, 0.7, 0.95, 0.9]);
    let pixel: Vec<f32> = (0..5)
        .map(|b| {
            let body = band_radiance(&air.bands[b], Kelvin(303.0));
            (air.transmittance[b] * body + air.path_radiance[b]) as f32
        })
        .collect();
    let seen = ground(&pixel, &air, &[0, 1, 2, 3, 4]).unwrap();
    assert!((seen.value.0 - 303.0).abs() < 1e-3, "{seen:?}");
    assert_eq!(ground(&[0.0; 5], &air, &[0, 1]), None);
    assert_eq!(ground(&pixel, &air, &[]), None);
}

#[test]
fn clear_bands_are_where_neither_air_nor_gas_absorbs() {
    let gas = gas(&[-1e-3, 0.0, -2e-5, 0.0, -1e-3]);
    assert_eq!(clear_bands(&air(&[0.9, 0.9, 0.9, 0.5, 0.9]), &[&gas]), [1, 2]);
    assert_eq!(clear_bands(&air(&[0.9, 0.9, 0.9, 0.5, 0.9]), &[]), [0, 1, 2, 4]);
}

#[test]
fn a_plume_no_column_of_the_table_explains_is_opaque() {
    let gas = gas(&[-1e-2]);
    assert_eq!(thick(PpmMetres(99.0), &gas, &[1.0]).map(|c| c.0 > 400.0), Some(true));
    assert_eq!(thick(PpmMetres(101.0), &gas, &[1.0]), None);
    assert_eq!(thick(PpmMetres(-3.0), &gas, &[1.0]), Some(PpmMetres(-3.0)));
}

proptest! {
    #[test]
    fn a_thick_column_comes_back_from_its_linear_answer(column in 0.1..3_000.0_f64) {
        let unit = [-1e-3, -3e-4, 0.0, -5e-5];
        let gas = gas(&unit);
        let weights = [5.0, 2.0, 1.0, 0.5];
        let share = |b: usize| weights[b] * (unit[b] * column).exp_m1() / unit[b];
        let linear = (share(0) + share(1) + share(3)) / 7.5;
        let back = thick(PpmMetres(linear), &gas, &weights).unwrap();
        prop_assert!((back.0 / column - 1.0).abs() < 2e-3, "{column} {linear} {back}");
    }
}
