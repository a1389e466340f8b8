use std::path::Path;

use proptest::prelude::*;

use super::*;

/// Two channels of our own making: width 30 nm, τ 0.8, path 3, sky 2 W m⁻² sr⁻¹ µm⁻¹.
const GOOD: &str = "
1ST SPECTRAL  LOS CHAN  TRANSM
(NANOMETERS)       NO.
------------  ---  ---
 10000.0 1 1 1e-6 1e-7 290.0 1.38e-5 3.0 30.0 9950.0 10050.0 8.9e-6 1e-7 0.0 0.0 0.0 4.8e-6 0.0 1e-7 1e-7 1e-7 0.8 0.001 0.0 0.8 0.0  CENTER: 10000.00 NM   FWHM:  28.2 NM
 10018.0 1 2 1e-6 1e-7 290.0 1.38e-5 3.0 30.0 9968.0 10068.0 9.0e-6 0.0 0.0 0.0 0.0 4.9e-6 1e-7 1e-7 1e-7 1e-7 0.8 0.001 0.0 0.8 0.0
";

fn refused(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    parse(&GOOD.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn radiance_is_per_micrometre_and_the_sky_is_what_the_path_lets_through() {
    let channels = parse(GOOD).unwrap();

    assert_eq!(channels.bands[0].fwhm, Nanometres(28.2));
    assert!((channels.bands[1].fwhm.0 - 30.0 / AREA_OVER_FWHM).abs() < 1e-9, "without words");
    let sky = channels.sky_radiance.unwrap();
    for (k, sky) in sky.iter().enumerate() {
        assert!((channels.path_radiance[k] - 3.0).abs() < 1e-9);
        assert!((channels.transmittance[k] - 0.8).abs() < 1e-12);
        // 4.8e-6 over 30 nm is 1.6 W m-2 sr-1 um-1 behind a transmittance of 0.8.
        assert!((sky - 2.0).abs() < 2e-2, "{sky}");
    }
}

#[test]
fn a_ground_that_reflects_nothing_tells_no_sky() {
    let black = GOOD.replace("0.8 0.0\n", "0.8 1.0\n");
    assert_eq!(parse(&black).unwrap().sky_radiance, None);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    assert!(refused("(NANOMETERS)", "(MICRONS)").starts_with("no heading of a MODTRAN channel"));
    assert!(refused("------------", "============").starts_with("no heading"));
    assert!(refused("4.8e-6", "x").starts_with("line 5: `x` in column 17 is no number"));
    assert!(refused("10000.0 1 1", "-1.0 1 1").starts_with("line 5: centre and width"));
    assert!(
        refused("0.8 0.0  CENTER", "7.8 0.0  CENTER").starts_with("line 5: a transmittance of 7.8")
    );
    assert!(refused("FWHM:  28.2", "FWHM:  wide").starts_with("line 5: centre and width"));
    let bare = &GOOD[..GOOD.find(" 10000").unwrap()];
    assert_eq!(parse(bare).unwrap_err(), ChannelsError::Empty);
}

#[test]
fn a_real_table_adds_up_and_has_the_temperatures_of_air() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/lwir/H2OSTR-1.0000_O3STR-0.2000.chn");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("{} is not there: no real table was read", path.display());
        return;
    };
    let channels = parse(&text).unwrap();
    let sky = channels.sky_radiance.unwrap();

    assert_eq!(channels.bands.len(), 256);
    for row in text.lines().skip(5) {
        let c: Vec<f64> = row.split_whitespace().map_while(|w| w.parse().ok()).collect();
        let parts = c[11] + c[12] + c[13] + c[14] + c[15] + c[16];
        assert!((parts / c[6] - 1.0).abs() < 1e-5, "{row}");
    }
    // Emission of the path over 1 - tau is a black body as warm as air; that of ozone and of methane is
    // as cold as the stratosphere: the tables are for a sensor above it.
    for (b, band) in channels.bands.iter().enumerate() {
        let um = band.center.0 * 1e-3;
        let body = |kelvin: f64| 1.191e8 / um.powi(5) / ((14_388.0 / (um * kelvin)).exp() - 1.0);
        let opaque = channels.path_radiance[b] / (1.0 - channels.transmittance[b]);
        let high = um < 7.9 || (9.1..10.2).contains(&um);
        let coldest = if high { 215.0 } else { 255.0 };
        assert!((body(coldest)..body(305.0)).contains(&opaque), "{um} um: {opaque}");
        assert!(sky[b] > 0.0 && sky[b] < body(300.0), "{um} um: sky {}", sky[b]);
    }
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..GOOD.len(), junk in "\\PC{0,6}") {
        let mut text = GOOD.to_owned();
        text.insert_str(at, &junk);
        let _ = parse(&text);
    }
}
