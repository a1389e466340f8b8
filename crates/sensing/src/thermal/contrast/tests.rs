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
fn the_width_of_a_band_moves_its_temperature_by_the_same_at_every_temperature() {
    let air = air(&[0.9; 40]);
    for band in [0, 39] {
        let window = Clear::new(&air, band);
        for kelvin in [250.0, 275.0, 325.0, 350.0] {
            let light = 0.9 * band_radiance(&air.bands[band], Kelvin(kelvin)) + 0.6;
            let pixel = vec![light as f32; 40];
            // The rounding of the pixel to f32 is worth 1e-4 K too.
            let seen = window.kelvin(&pixel).unwrap();
            assert!((seen - kelvin).abs() < 4e-4, "{kelvin}: {seen}");
        }
    }
}

#[test]
fn the_ground_of_a_cube_is_that_of_its_pixels_on_one_thread_and_two() {
    let air = air(&[0.9, 0.8, 0.7]);
    let data: Vec<f32> =
        (0..90).map(|i| if i == 4 { f32::NAN } else { 6.0 + 0.05 * i as f32 }).collect();
    let cube = Cube { lines: 5, samples: 6, bands: air.bands.clone(), data };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| grounds(&cube, &air, &[0, 1, 2]))
    };
    let (one, two) = (on(1), on(2));
    for i in 0..30 {
        let own = ground(&cube.data[3 * i..3 * i + 3], &air, &[0, 1, 2]).unwrap();
        assert_eq!(one.value.values[i].to_bits(), (own.value.0 as f32).to_bits());
        assert_eq!(one.value.values[i].to_bits(), two.value.values[i].to_bits());
        assert_eq!(one.std.values[i].to_bits(), two.std.values[i].to_bits());
    }
    let dark = Cube { data: vec![0.0; 90], ..cube.clone() };
    assert!(grounds(&dark, &air, &[0, 1, 2]).value.values.iter().all(|v| v.is_nan()));
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
