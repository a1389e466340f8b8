use cathartes_core::{
    gas::{Gas, Segment},
    units::{GramsPerMole, Kelvin, Nanometres},
};
use proptest::prelude::*;

use super::*;

const SLANT: Slant = Slant { sun_zenith: Degrees(30.0), view_zenith: Degrees(0.0) };

fn gas(segments: Vec<Segment>) -> CrossSection {
    CrossSection {
        gas: Gas {
            slug: "x".into(),
            name: "Ex".into(),
            formula: "X".into(),
            cas: String::new(),
            molar_mass: GramsPerMole(1.0),
        },
        segments,
        temperature: Kelvin(296.0),
        source: String::new(),
        citation: String::new(),
        terms: String::new(),
    }
}

fn even(start: f64, step: f64, n: usize, sigma: impl Fn(f64) -> f64) -> Segment {
    let sigma_cm2 = (0..n).map(|i| sigma(start + step * i as f64) as f32).collect();
    Segment { start: PerCm(start), step: PerCm(step), sigma_cm2 }
}

/// Lorentz lines 0.14 cm⁻¹ wide, 5 apart, as strong as methane's.
fn lines(step: f64) -> CrossSection {
    let line = |nu: f64| {
        let x = (nu - 4300.0).rem_euclid(5.0) - 2.5;
        1e-19 * 0.07 * 0.07 / (x * x + 0.07 * 0.07)
    };
    let fine = step / 50.0;
    let mean = move |nu: f64| {
        (0..50).map(|k| line(nu - step / 2.0 + fine * (f64::from(k) + 0.5))).sum::<f64>() / 50.0
    };
    gas(vec![even(4100.0, step, (500.0 / step) as usize, mean)])
}

fn band(center: f64, fwhm: f64) -> Band {
    Band { center: Nanometres(center), fwhm: Nanometres(fwhm) }
}

fn bands() -> Vec<Band> {
    (0..10).map(|i| band(2280.0 + 5.0 * f64::from(i), 5.6)).collect()
}

fn seen(gas: &CrossSection, column: f64) -> Vec<f64> {
    signature(gas, &bands(), SLANT).unwrap().log_transmittance(PpmMetres(column))
}

#[test]
fn a_grey_gas_absorbs_as_beer_and_lambert_say() {
    let grey = gas(vec![even(4000.0, 1.0, 1000, |_| 1e-21)]);
    let made = signature(&grey, &bands(), SLANT).unwrap();
    let per_ppmm = -1e-21 * MOLECULES_PER_PPMM * (1.0 / 30_f64.to_radians().cos() + 1.0);

    for column in [0.0, 1.0, 730.0, 50_000.0] {
        for value in made.log_transmittance(PpmMetres(column)) {
            assert!((value - per_ppmm * column).abs() <= 1e-6 * (per_ppmm * column).abs());
        }
    }
}

fn cells(gas: &CrossSection) -> Cells {
    Cells::cut(gas, &bands(), SLANT.air_mass_factor().unwrap(), &[])
}

#[test]
fn the_linear_signature_is_the_limit_of_small_columns() {
    let methane_like = lines(0.1);
    let made = signature(&methane_like, &bands(), SLANT).unwrap();
    let worst = |column: f64, values: Vec<f64>| -> f64 {
        let off = |(value, unit): (f64, &f64)| (value / (unit * column) - 1.0).abs();
        values.into_iter().zip(&made.unit_per_ppmm).map(off).fold(0.0, f64::max)
    };
    let exact = |column| worst(column, table::row(&cells(&methane_like), column).1);
    let tabled = |column| worst(column, made.log_transmittance(PpmMetres(column)));

    assert!(exact(1e-3) < 1e-6 && exact(1e-2) < 1e-5, "{} {}", exact(1e-3), exact(1e-2));
    assert!(tabled(0.01) < 5e-4, "{}", tabled(0.01));
    assert!(tabled(20_000.0) > 0.3, "lines must saturate, {}", tabled(20_000.0));
}

#[test]
fn between_its_rows_the_table_is_right_to_a_thousandth() {
    let methane_like = lines(0.1);
    let cells = cells(&methane_like);
    let made = signature(&methane_like, &bands(), SLANT).unwrap();
    for k in 0..200 {
        let column = 0.5 * 1.059_f64.powi(k);
        let (_, truth) = table::row(&cells, column);
        for (value, truth) in made.log_transmittance(PpmMetres(column)).iter().zip(&truth) {
            assert!((value / truth - 1.0).abs() < 1e-3, "{column} ppm-m: {value} for {truth}");
        }
    }
}

#[test]
fn resolved_lines_saturate_and_averaged_ones_too_late() {
    let (fine, coarse) = (seen(&lines(0.05), 20_000.0), seen(&lines(2.0), 20_000.0));
    for (fine, coarse) in fine.iter().zip(&coarse) {
        assert!(coarse / fine > 1.5, "{coarse} {fine}");
    }
    assert_eq!(signature(&lines(0.1), &bands(), SLANT).unwrap().coarse_above, None);
    assert!(signature(&lines(2.0), &bands(), SLANT).unwrap().coarse_above.is_some());
}

#[test]
fn gas_that_stands_in_the_air_hides_gas_of_the_plume() {
    let gas = lines(0.1);
    let air = [Standing { gas: &gas, column: PpmMetres(15_000.0) }];
    let clear = signature(&gas, &bands(), SLANT).unwrap();
    let shaded = signature_in_air(&gas, &bands(), SLANT, &air).unwrap();
    let exact = |column| table::row(&cells(&gas), column).1;
    let (both, before) = (exact(18_000.0), exact(15_000.0));

    for (b, value) in shaded.log_transmittance(PpmMetres(3000.0)).iter().enumerate() {
        let truth = both[b] - before[b];
        assert!((value / truth - 1.0).abs() < 1e-3, "{value} {truth}");
        assert!(shaded.unit_per_ppmm[b] / clear.unit_per_ppmm[b] < 0.8);
    }
}

#[test]
fn black_bands_stay_finite() {
    let black = gas(vec![even(4000.0, 1.0, 1000, |_| 1e-17)]);
    let made = signature(&black, &bands(), SLANT).unwrap();
    let per_ppmm = made.unit_per_ppmm[0];
    for value in made.log_transmittance(TOP) {
        assert!((value / (per_ppmm * TOP.0) - 1.0).abs() < 1e-3, "{value}");
    }
}

#[test]
fn bands_finer_than_the_tabulation_read_its_cells() {
    let steps = gas(vec![even(1000.0, 25.0, 9, |nu| 1e-20 * (nu - 999.0))]);
    let made = signature(&steps, &[band(1e7 / 1051.0, 3.0), band(1e7 / 1060.0, 3.0)], SLANT);
    let unit = made.unwrap().unit_per_ppmm;
    assert!((unit[0] / unit[1] - 1.0).abs() < 1e-9, "{unit:?}");
}

#[test]
fn not_tabulated_is_an_error_and_not_transparent() {
    let two = gas(vec![even(4000.0, 1.0, 500, |_| 1e-21), even(6000.0, 1.0, 500, |_| 1e-21)]);
    let asked = [band(2300.0, 5.0), band(2000.0, 5.0), band(1600.0, 5.0), band(500.0, 5.0)];

    assert_eq!(
        signature(&two, &asked, SLANT).unwrap_err().to_string(),
        "x is tabulated over 1539-1667 nm, 2222-2500 nm; 2 of 4 bands lie outside, from 500.0 to \
         2000.0 nm. Not tabulated is not transparent: choose other bands, or import a \
         cross-section that covers them"
    );
    assert_eq!(covered(&two, &asked).unwrap(), [true, false, true, false]);
    let (kept, made) = signature_where_tabulated(&two, &asked, SLANT, &[]).unwrap().unwrap();
    assert_eq!((kept, made.bands.len()), (vec![0, 2], 2));
    assert_eq!(signature_where_tabulated(&two, &asked[3..], SLANT, &[]), Ok(None));
}

#[test]
fn a_band_needs_its_wings_tabulated() {
    let short = gas(vec![even(4300.0, 1.0, 101, |_| 1e-21)]);
    let edge = 1e7 / 4400.5;
    assert!(signature(&short, &[band(edge + 7.6, 5.0)], SLANT).is_ok());
    assert!(signature(&short, &[band(edge + 7.4, 5.0)], SLANT).is_err());
}

#[test]
fn refuses_bands_and_suns_that_cannot_be() {
    let gas = lines(1.0);
    let said = |bands: &[Band], sun: f64| {
        let slant = Slant { sun_zenith: Degrees(sun), ..SLANT };
        signature(&gas, bands, slant).unwrap_err().to_string()
    };
    assert_eq!(
        said(&[band(2300.0, 5.0), band(2300.0, f64::NAN)], 30.0),
        "band 1 (from 0) has centre 2300 nm and width NaN nm; both must be positive"
    );
    assert_eq!(said(&bands(), 95.0), "sun zenith of 95 degrees; it must be 0 or more and under 89");
}

proptest! {
    #[test]
    fn more_gas_never_lets_more_light_through(a in 0.0..60_000.0_f64, more in 0.0..10_000.0_f64) {
        let gas = lines(0.5);
        for (less, more) in seen(&gas, a).iter().zip(seen(&gas, a + more)) {
            prop_assert!(more <= *less);
        }
    }
}
