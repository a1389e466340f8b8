use cathartes_core::geometry::Geometry;

use super::*;
use crate::gas;

/// 376 to 2500 nm every 5 nm, as AVIRIS-NG.
fn info() -> CubeInfo {
    let band = |i| Band { center: Nanometres(376.0 + 5.0 * f64::from(i)), fwhm: Nanometres(5.5) };
    let bands: Vec<Band> = (0..425).map(band).collect();
    CubeInfo {
        lines: 1000,
        samples: 500,
        good: vec![true; bands.len()],
        bands,
        fwhm_estimated: false,
        instrument: None,
        radiance_unit: None,
        geometry: Geometry::Unknown,
        time: None,
        sun_zenith_deg: None,
        view_zenith_deg: None,
        notes: Vec::new(),
    }
}

fn methane() -> CrossSection {
    gas::find("ch4", &gas::library(None).unwrap()).unwrap().clone()
}

#[test]
fn methane_has_its_usual_window() {
    let info = info();
    let plan = BandPlan::choose(&info, &methane(), None, false).unwrap();

    let centers: Vec<f64> = plan.bands(&info).iter().map(|b| b.center.0).collect();
    assert_eq!((plan.window, plan.groups.len()), (73, 73));
    assert_eq!((centers[0], centers[72]), (2126.0, 2486.0));
}

#[test]
fn bands_called_bad_are_left_out_and_falling_ones_turned() {
    let mut info = info();
    info.bands.reverse();
    info.good[3] = false;

    let plan = BandPlan::choose(&info, &methane(), Some(&(2400.0..=2490.0)), false).unwrap();

    let centers: Vec<f64> = plan.bands(&info).iter().map(|b| b.center.0).collect();
    assert!(centers.is_sorted());
    assert!(!plan.read().contains(&3));
    assert_eq!(plan.window, 17);
}

#[test]
fn wider_bands_follow_the_window_and_are_means() {
    let info = info();
    let plan = BandPlan::choose(&info, &methane(), None, true).unwrap();

    assert!(plan.groups[plan.window..].iter().all(|group| group.len() == BINNED));
    let first = plan.bands(&info)[plan.window];
    assert!((first.center.0 - 1508.5).abs() < 1e-9, "{first:?}");
    assert!(first.fwhm.0 > 13.0 && first.fwhm.0 < 16.0, "{first:?}");
}

#[test]
fn a_window_without_bands_says_so() {
    let refused = BandPlan::choose(&info(), &methane(), Some(&(2490.0..=2499.0)), false);
    let sentence = refused.unwrap_err().to_string();
    assert!(sentence.starts_with("the window 2490-2499 nm holds"), "{sentence}");
}

#[test]
fn a_scene_of_few_pixels_has_few_bands_and_one_pass() {
    let chip = CubeInfo { lines: 10, samples: 10, ..info() };
    let plan = BandPlan::choose(&chip, &methane(), None, true).unwrap();

    assert!(plan.is_little_ground(100) && !plan.is_little_ground(500_000));
    assert_eq!((plan.window, plan.groups.len()), (25, 25));
    assert!(plan.groups[..24].iter().all(|group| group.len() == 3));
    assert!(plan.bands(&chip)[0].fwhm.0 > 9.0);
}
