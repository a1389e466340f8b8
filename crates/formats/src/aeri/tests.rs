use std::path::PathBuf;

use super::*;

fn real() -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/lwir/aeri/sgpaerich1C1.b1.20190501.000342.nc");
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("{} is not there: no real sky was read", path.display());
    }
    bytes
}

#[test]
fn the_sky_of_a_real_file_is_read_with_its_times() {
    let Some(bytes) = real() else { return };
    let sky = read_bytes(bytes).unwrap();

    let (first, last) = (sky.wavenumbers[0].0, sky.wavenumbers[sky.wavenumbers.len() - 1].0);
    assert!((519.0..521.0).contains(&first) && (1_799.0..1_802.0).contains(&last));
    assert!((60..=68).contains(&sky.spectra.len()), "{}", sky.spectra.len());
    let time = sky.spectra[0].time.unwrap().to_string();
    assert!(time.starts_with("2019-05-01T00:"), "{time}");
    let times: Vec<_> = sky.spectra.iter().map(|s| s.time.unwrap()).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(sky.spectra.iter().all(|s| s.radiance.len() == sky.wavenumbers.len()));
}

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/aeri.nc")
}

#[test]
fn spectra_under_a_closed_hatch_are_left_out_and_missing_values_are_none() {
    let sky = read(&fixture()).unwrap();

    assert_eq!((sky.wavenumbers.len(), sky.spectra.len()), (40, 2));
    assert_eq!(sky.wavenumbers[39], PerCm(819.5));
    let times: Vec<String> = sky.spectra.iter().map(|s| s.time.unwrap().to_string()).collect();
    assert_eq!(times, ["2026-11-26T10:00:00Z", "2026-11-26T10:00:36Z"]);
    for (spectrum, ten) in sky.spectra.iter().zip([0.0, 20.0]) {
        for (i, (nu, value)) in sky.wavenumbers.iter().zip(&spectrum.radiance).enumerate() {
            let missing = ten > 0.0 && i == 7;
            let right = (f64::from(*value) - (100.0 + ten + nu.0 / 1000.0)).abs() < 1e-4;
            assert!(if missing { value.is_nan() } else { right }, "{i}: {value}");
        }
    }
}

#[test]
fn a_file_cut_short_or_damaged_is_an_error_and_no_panic() {
    let bytes = std::fs::read(fixture()).unwrap();
    assert!(read_bytes(bytes[..bytes.len() / 2].to_vec()).is_err());
    for at in (0..bytes.len()).step_by(7) {
        let mut torn = bytes.clone();
        torn[at] ^= 0x5a;
        let _ = read_bytes(torn);
    }
}

#[test]
fn a_cube_is_no_sky_and_the_error_says_what_is_missing() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/emit_plain.nc");
    let said = read(&path).unwrap_err().to_string();
    assert!(said.contains("emit_plain.nc") && said.contains("there is no `wnum`"), "{said}");
}

#[test]
fn the_start_of_time_is_read_and_what_is_none_is_none() {
    let at = since("seconds since 2019-05-01 00:03:42 0:00").unwrap();
    assert_eq!(at.to_string(), "2019-05-01T00:03:42Z");
    assert_eq!(since("hours since 2019-05-01 00:03:42"), None);
    assert_eq!(since("seconds since the flood and after"), None);
}
