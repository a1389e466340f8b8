use super::*;

#[test]
fn every_preset_has_rising_bands_within_the_window_and_a_law_for_each() {
    for instrument in presets() {
        let bands = &instrument.bands;
        assert_eq!(bands.len(), instrument.noise.len(), "{}", instrument.slug);
        assert!(bands.windows(2).all(|p| p[0].center.0 < p[1].center.0), "{}", instrument.slug);
        assert!(bands.iter().all(|b| (7_500.0..13_200.0).contains(&b.center.0)));
    }
    assert_eq!(hytes().bands.len(), 256);
    assert_eq!(mako().bands.len(), 128);
}

#[test]
fn half_the_resolution_halves_the_width_and_costs_the_root_of_two_in_noise() {
    let (coarse, fine) = (hyper_cam(PerCm(4.0)), hyper_cam(PerCm(2.0)));
    let middle = |i: &Instrument| {
        let k = i.bands.iter().position(|b| b.center.0 > 10_000.0).unwrap();
        (i.bands[k].fwhm.0, i.noise[k].c)
    };
    let ((w4, n4), (w2, n2)) = (middle(&coarse), middle(&fine));

    assert!((w4 / w2 - 2.0).abs() < 0.01, "{w4} {w2}");
    assert!((n2 / n4 - 2.0_f64.sqrt()).abs() < 0.01, "{n4} {n2}");
    // 4 cm-1 at 1,000 cm-1 is 40 nm.
    assert!((w4 - 40.0).abs() < 0.5, "{w4}");
}

#[test]
fn the_noise_of_hytes_is_its_stated_temperature() {
    let hytes = hytes();
    for (band, law) in hytes.bands.iter().zip(&hytes.noise) {
        let kelvin = 10.0 * law.std(0.8) / band_radiance_slope(band, Kelvin(300.0));
        assert!((kelvin - 0.2).abs() < 1e-9);
    }
}
