use cathartes_core::{
    estimate::Estimate,
    units::{PpmMetres, PpmMetresKelvin},
};
use serde_json::json;

use super::*;

fn fit(pixel: Option<(u32, u32)>) -> FittedSpectrum {
    FittedSpectrum {
        pixel,
        pixels: if pixel.is_some() { 1 } else { 40 },
        measured_ln: vec![-0.031, -0.02],
        noise_ln: vec![0.001, 0.001],
        ground_ln: vec![-0.01, 0.0],
        fitted_ln: vec![-0.03, -0.02],
        residual_ln: vec![-0.001, 0.0],
        gases: vec![FittedGas {
            gas: "nh3".into(),
            column: pixel.map(|_| Estimate { value: PpmMetres(41.0), std: PpmMetres(3.0) }),
            amplitude: Some(Estimate { value: PpmMetresKelvin(123.0), std: PpmMetresKelvin(4.5) }),
            fitted_ln: vec![-0.02, -0.02],
        }],
        chi2_per_band: 1.1,
    }
}

fn spectrum(fits: Vec<FittedSpectrum>) -> PlumeSpectrum {
    PlumeSpectrum {
        // A third band lies outside of the window.
        wavelengths_nm: vec![10_350.0, 10_400.0, 11_000.0],
        observed_ln: Vec::new(),
        sigma_ln: Vec::new(),
        fitted_ln: Vec::new(),
        gas_ln: Vec::new(),
        residual_ln: Vec::new(),
        column_ppmm: f64::NAN,
        parts_ln: Vec::new(),
        fits,
    }
}

#[test]
fn arrays_are_as_long_as_the_wavelengths_and_what_is_not_known_is_left_out() {
    let curves = spectrum(vec![fit(None), fit(Some((7, 11)))]).fits;
    let curves: Vec<Curve<'_>> = curves.iter().map(curve).collect();

    let gases = |column: bool| {
        let mut gas = json!({
            "gas": "nh3",
            "column_times_contrast_ppm_m_k": 123.0,
            "column_times_contrast_sigma_ppm_m_k": 4.5,
            "fitted": [-0.02, -0.02],
        });
        if column {
            gas["column_ppm_m"] = json!(41.0);
            gas["sigma_ppm_m"] = json!(3.0);
        }
        json!([gas])
    };
    let mut plume = json!({
        "of": "plume", "pixels": 40,
        "measured": [-0.031, -0.02], "noise": [0.001, 0.001], "ground": [-0.01, 0.0],
        "fitted": [-0.03, -0.02], "residual": [-0.001, 0.0],
        "gases": gases(false), "chi2_per_band": 1.1,
    });
    assert_eq!(serde_json::to_value(&curves[0]).unwrap(), plume);
    for (key, value) in [("of", json!("pixel")), ("pixels", json!(1)), ("gases", gases(true))] {
        plume[key] = value;
    }
    (plume["line"], plume["sample"]) = (json!(7), json!(11));
    assert_eq!(serde_json::to_value(&curves[1]).unwrap(), plume);
}

#[test]
fn a_plume_whose_ground_is_not_known_has_no_spectrum() {
    assert!(!is_known(None));
    assert!(!is_known(Some(&spectrum(Vec::new()))));
    assert!(is_known(Some(&spectrum(vec![fit(None)]))));
}
