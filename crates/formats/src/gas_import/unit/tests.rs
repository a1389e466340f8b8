use std::f64::consts::LN_10;

use super::*;

fn sigma(unit: &str) -> f64 {
    Unit::parse(unit).unwrap().sigma(1.0, 1.0)
}

#[test]
fn one_of_each_unit_is_what_a_hand_calculation_gives() {
    for (unit, truth) in [
        ("cm2/molecule", 1.0),
        ("cross_section_cm2_per_molecule", 1.0),
        ("cm2/molecule (base 10)", LN_10),
        ("(micromol/mol)-1m-1 (base 10)", LN_10 / 2.4794e15),
        ("(micromol/mol)-1m-1 (base e)", 1.0 / 2.4794e15),
        ("1/(ppm m)", LN_10 / 2.4794e15),
        ("m2/mol", 1.660_539e-20),
        ("ABSORBANCE", LN_10),
        ("Transmittance", 0.0),
    ] {
        let value = sigma(unit);
        assert!((value - truth).abs() <= 1e-6 * truth, "{unit}: {value}");
    }
}

#[test]
fn an_unknown_unit_lists_the_known_ones() {
    let said = Unit::parse("furlongs").unwrap_err().to_string();
    assert!(said.starts_with("unknown value unit `furlongs`; known: cm2/molecule,"), "{said}");
    let said = abscissa("eV").unwrap_err().to_string();
    assert_eq!(
        said,
        "unknown abscissa unit `eV`; known: 1/cm (cm-1), micrometers (um), nanometers (nm)"
    );
}

#[test]
fn a_ppm_metre_holds_the_molecules_of_an_ideal_gas() {
    let molecules = along_path(100.0, 101_325.0 * 1e-6, Kelvin(296.0));
    assert!((molecules / PER_PPMM - 1.0).abs() < 2e-4, "{molecules}");
}

#[test]
fn lengths_pressures_and_temperatures_need_units_they_know() {
    assert_eq!(
        (length_cm("5 CM"), length_cm("10 m"), length_cm("3 ft")),
        (Some(5.0), Some(1000.0), None)
    );
    assert_eq!(pressure_pa("101.3 kPa"), Some(101_300.0));
    assert_eq!(pressure_pa("150 mmHg (NOTE: high)").map(f64::round), Some(19_998.0));
    assert_eq!(
        (pressure_pa("40 PPM"), pressure_pa("mmHg"), pressure_pa("-1 atm")),
        (None, None, None)
    );
    assert_eq!(temperature("23 C"), Some(Kelvin(296.15)));
    assert_eq!(temperature("296.15"), Some(Kelvin(296.15)));
    assert_eq!(temperature("soon"), None);
}
