use std::path::PathBuf;

use cathartes_core::{
    geometry::{Crs, Geometry, MapGrid},
    plume::PixelPlace,
    units::Nanometres,
};
use proptest::prelude::*;

use super::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

const FILES: [&str; 4] = ["emit_l1b.nc", "aviris3_l1b.nc", "aviris3_by_table.nc", "emit_plain.nc"];

/// What `fixtures/make/netcdf.py` wrote.
fn written(line: usize, sample: usize, band: usize) -> f32 {
    if (line, sample) == (3, 5) || (line, sample, band) == (19, 13, 11) {
        return f32::NAN;
    }
    line as f32 + sample as f32 / 64.0 + band as f32 / 4096.0
}

fn read(source: &NetcdfSource, window: &Window, bands: &[usize]) -> Result<Vec<f32>, ReadError> {
    let mut out = vec![0.0; window.pixels() * bands.len()];
    source.read(window, bands, &mut out)?;
    Ok(out)
}

fn expected(window: &Window, bands: &[usize]) -> Vec<f32> {
    let pixels = window.lines.clone().flat_map(|l| window.samples.clone().map(move |s| (l, s)));
    pixels.flat_map(|(l, s)| bands.iter().map(move |&b| written(l, s, b))).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn everything() -> Window {
    Window { lines: 0..20, samples: 0..14 }
}

#[test]
fn every_number_is_the_one_the_other_program_wrote() {
    let bands: Vec<usize> = (0..12).collect();
    for name in FILES {
        let source = open(&fixture(name)).unwrap();
        let info = source.info();
        assert_eq!((info.lines, info.samples, info.bands.len()), (20, 14, 12), "{name}");
        let found = read(&source, &everything(), &bands).unwrap();
        assert_eq!(bits(&found), bits(&expected(&everything(), &bands)), "{name}");
    }
}

proptest! {
    #[test]
    fn every_window_and_choice_of_bands_holds_its_own_numbers(
        file in 0..FILES.len(),
        (l, s) in (0usize..20, 0usize..14),
        (dl, ds) in (0usize..=20, 0usize..=14),
        bands in proptest::collection::vec(0usize..12, 0..6),
    ) {
        let source = open(&fixture(FILES[file])).unwrap();
        let window = Window { lines: l..(l + dl).min(20), samples: s..(s + ds).min(14) };
        for _ in 0..2 {
            let found = read(&source, &window, &bands).unwrap();
            prop_assert_eq!(bits(&found), bits(&expected(&window, &bands)));
        }
    }

    #[test]
    fn damaged_bytes_never_get_out_as_a_panic(
        file in 0..FILES.len(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = bytes(FILES[file]);
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(source) = open_bytes("x", bytes) {
            let _ = read(&source, &everything(), &[0, 7]);
        }
    }
}

#[test]
fn a_sweep_of_lines_unpacks_each_chunk_once() {
    for name in ["emit_l1b.nc", "aviris3_l1b.nc"] {
        let source = open(&fixture(name)).unwrap();
        for line in 0..20 {
            let window = Window { lines: line..line + 1, samples: 0..14 };
            let found = read(&source, &window, &[6, 7]).unwrap();
            assert_eq!(bits(&found), bits(&expected(&window, &[6, 7])));
        }
        // Three rows of chunks; 14 samples are three chunks of 5 or of 6; bands 6, 7 are in one.
        assert_eq!(source.tiles.unpacked(), 9, "{name}");
    }
}

#[test]
fn bands_carry_centre_width_and_judgement() {
    let source = open(&fixture("emit_l1b.nc")).unwrap();
    let info = source.info();
    assert_eq!(info.bands[1].center, Nanometres(2110.0));
    assert_eq!(info.bands[1].fwhm, Nanometres(8.5));
    assert_eq!(info.good.iter().position(|good| !good), Some(4));
    assert_eq!(info.radiance_unit.as_deref(), Some("uW/cm^2/SR/nm"));
    assert_eq!(info.time.unwrap().to_string(), "2023-08-17T20:51:29Z");
    assert_eq!(info.notes, [""; 0]);
}

#[test]
fn widths_a_file_lacks_are_estimated_and_said() {
    let source = open(&fixture("emit_plain.nc")).unwrap();
    let info = source.info();
    assert!(info.fwhm_estimated);
    assert!((info.bands[0].center.0 - 2100.0).abs() < 1e-9, "given in um");
    assert!((info.bands[0].fwhm.0 - 10.0).abs() < 1e-9);
    assert_eq!(info.geometry, Geometry::Unknown);
    assert_eq!(info.notes.len(), 2, "{:?}", info.notes);
}

#[test]
fn pixels_lie_where_the_file_says() {
    for (name, crs, origin) in [
        ("emit_l1b.nc", Crs::Geographic, [-104.001, 35.001]),
        ("aviris3_l1b.nc", Crs::Utm { zone: 13, north: true }, [500_000.0, 3_900_000.0]),
    ] {
        let source = open(&fixture(name)).unwrap();
        let geometry = &source.info().geometry;
        let place = geometry.locate(PixelPlace { line_px: 4.5, sample_px: 2.5 }).unwrap();
        assert!((place.latitude.0 - (35.0 - 4.0 / 2048.0 + 2.0 / 8192.0)).abs() < 1e-9, "{name}");
        let Geometry::PerPixel(grid) = geometry else { panic!("{name}: {geometry:?}") };
        let glt = grid.glt.as_ref().unwrap();
        assert_eq!((glt.rows, glt.columns, glt.grid.crs), (22, 16, crs));
        assert_eq!(glt.grid.origin, origin);
        let cell = |row: usize, column: usize| glt.cells[row * 16 + column];
        assert_eq!(cell(0, 3), None, "0 is no pixel");
        assert_eq!(cell(1, 1), Some((0, 0)), "tables count from 1");
        assert_eq!(cell(2, 2), Some((1, 1)), "a borrowed pixel is that pixel");
        assert_eq!(cell(20, 14), Some((19, 13)));
    }
}

#[test]
fn without_latitudes_the_lookup_table_places_the_pixels() {
    let source = open(&fixture("aviris3_by_table.nc")).unwrap();
    let geometry = &source.info().geometry;
    let first = PixelPlace { line_px: 0.5, sample_px: 0.5 };
    let cell = MapGrid {
        crs: Crs::Utm { zone: 13, north: true },
        origin: [500_000.0, 3_900_000.0],
        per_sample: [8.0, 0.0],
        per_line: [0.0, -8.0],
    };
    let by_table = geometry.locate(first).unwrap();
    // The image begins one cell in from the corner of the table.
    let by_grid = Geometry::Map(cell).locate(PixelPlace { line_px: 1.5, sample_px: 1.5 }).unwrap();
    assert!((by_table.latitude.0 - by_grid.latitude.0).abs() < 1e-9);
    assert!((by_table.longitude.0 - by_grid.longitude.0).abs() < 1e-9);
    assert_eq!(
        source.info().notes,
        ["no latitude and longitude: places come from the lookup table"]
    );
}

#[test]
fn a_wrong_layout_is_one_sentence() {
    let said = |name: &str| open(&fixture(name)).err().unwrap().to_string();
    insta::assert_snapshot!(said("wrong_reflectance.nc"), @"there is `reflectance`, `sensor_band_parameters`; expected a variable or group `radiance`; give the L1B radiance file of EMIT (EMIT_L1B_RAD_*.nc) or AVIRIS-3 (AV3*_L1B_RDN_*.nc)");
    insta::assert_snapshot!(said("wrong_axes.nc"), @"`radiance` has shape [4, 3, 2]; expected [downtrack, crosstrack, bands] with the 4 bands of `wavelengths`; use the file as its producer made it, not an excerpt that moved its axes");
    insta::assert_snapshot!(said("wrong_no_bands.nc"), @"there is no group `sensor_band_parameters`; expected `sensor_band_parameters/wavelengths`, the band centres in nm; give the L1B radiance file of EMIT (EMIT_L1B_RAD_*.nc) or AVIRIS-3 (AV3*_L1B_RDN_*.nc)");
    insta::assert_snapshot!(said("wrong_unit.nc"), @"`sensor_band_parameters/wavelengths` is in `cm-1`; expected nm or um; correct its attribute `units`");
    insta::assert_snapshot!(said("wrong_order.nc"), @"`sensor_band_parameters/wavelengths` is 2100 nm at band 3; expected wavelengths that rise or fall from band to band; correct or drop that band");
}

#[test]
fn a_file_cut_short_is_an_error_at_every_fiftieth() {
    for name in FILES {
        let whole = bytes(name);
        for part in 0..50 {
            let cut = whole[..whole.len() * part / 50].to_vec();
            let read = open_bytes("x", cut).map(|s| read(&s, &everything(), &[0, 11]));
            assert!(!matches!(read, Ok(Ok(_))), "{name} cut to {part}/50 reads");
        }
    }
}

#[test]
fn a_flipped_bit_in_a_chunk_is_an_error_that_names_the_chunk() {
    let whole = bytes("aviris3_l1b.nc");
    let bands: Vec<usize> = (0..12).collect();
    let streams = (0..whole.len() - 40).filter(|&at| matches!(whole[at..at + 2], [0x78, 0x5e]));
    let mut named = 0;
    for at in streams {
        let mut bytes = whole.clone();
        bytes[at + 40] ^= 0x10;
        // The planes of places are packed too; those are refused when the file is opened.
        let Ok(source) = open_bytes("x.nc", bytes) else { continue };
        let error = read(&source, &everything(), &bands).unwrap_err();
        assert_eq!(error.file, "x.nc");
        assert!(error.message.starts_with("radiance of lines "), "{error}");
        assert!(error.message.ends_with("the file is damaged: fetch it again"), "{error}");
        named += 1;
    }
    assert_eq!(named, 3 * 3 * 3, "one for each chunk of 5 bands, 8 lines, 6 samples");
}

#[test]
fn a_window_outside_is_refused() {
    let source = open(&fixture("emit_l1b.nc")).unwrap();
    let window = Window { lines: 19..21, samples: 0..14 };
    let error = read(&source, &window, &[0]).unwrap_err();
    assert!(error.message.contains("lies outside 20 lines"), "{error}");
    assert!(read(&source, &everything(), &[12]).is_err());
    assert!(source.read(&everything(), &[0], &mut [0.0; 3]).is_err());
}

#[test]
fn what_is_no_hdf5_is_said_to_be_damaged() {
    let error = open_bytes("x", b"GIF89a".to_vec()).err().unwrap().to_string();
    assert!(error.starts_with("the file does not decode"), "{error}");
}

#[test]
fn one_thread_and_four_read_the_same_bits() {
    let bands: Vec<usize> = (0..12).collect();
    let with = |threads: usize, name: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let source = open(&fixture(name)).unwrap();
        bits(&pool.install(|| read(&source, &everything(), &bands)).unwrap())
    };
    for name in FILES {
        assert_eq!(with(1, name), with(4, name), "{name}");
    }
}

/// The fixtures in a folder of their own, under the names their producers give them.
fn together(names: [(&str, &str); 2]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (name, fixture_name) in names {
        std::fs::copy(fixture(fixture_name), folder.path().join(name)).unwrap();
    }
    let radiance = folder.path().join(names[0].0);
    (folder, radiance)
}

#[test]
fn angles_come_from_the_companion_beside() {
    let pairs = [
        [
            ("EMIT_L1B_RAD_001_20230817T205129_2322914_007.nc", "emit_l1b.nc"),
            ("EMIT_L1B_OBS_001_20230817T205129_2322914_007.nc", "emit_obs.nc"),
        ],
        [
            ("AV320230927t190252_003_L1B_RDN_3f4aef90_RDN.nc", "aviris3_l1b.nc"),
            ("AV320230927t190252_003_L1B_ORT_12345678_OBS.nc", "aviris3_obs.nc"),
        ],
    ];
    // Per line five pixels with 40 and 12 degrees, six with 42 and 8; the rest has none.
    let mean = |a: f64, b: f64| {
        let secant = |d: f64| d.to_radians().cos().recip();
        (11.0 / (5.0 * secant(a) + 6.0 * secant(b))).acos().to_degrees()
    };
    for pair in pairs {
        let (_folder, radiance) = together(pair);
        let source = open(&radiance).unwrap();
        let info = source.info();
        assert!((info.sun_zenith_deg.unwrap() - mean(40.0, 42.0)).abs() < 1e-6, "{info:?}");
        assert!((info.view_zenith_deg.unwrap() - mean(12.0, 8.0)).abs() < 1e-6);
        assert!(info.notes[0].contains(pair[1].0), "{:?}", info.notes);
        assert_eq!(source.files().len(), 2);
    }
}

#[test]
fn a_companion_of_no_use_is_noted_and_left() {
    let radiance = ("AV320230927t190252_003_L1B_RDN_3f4aef90_RDN.nc", "aviris3_l1b.nc");
    let name = "AV320230927t190252_003_L1B_ORT_12345678_OBS.nc";
    let left = |fixture_name| {
        let (_folder, radiance) = together([radiance, (name, fixture_name)]);
        let source = open(&radiance).unwrap();
        assert_eq!((source.info().sun_zenith_deg, source.files().len()), (None, 1));
        source.info().notes[0].clone()
    };

    assert!(
        left("aviris3_obs_short.nc").contains("is of [12, 14] lines and samples, not [20, 14]")
    );
    assert!(
        left("emit_l1b.nc").contains("there is no `obs` and no group `observation_parameters`")
    );
    assert!(left("README.md").contains("does not decode"));
    let (_folder, other) = together([radiance, ("AV320230927t190252_004_X_OBS.nc", "emit_obs.nc")]);
    assert_eq!(open(&other).unwrap().info().notes, [""; 0]);
}

#[test]
fn damaged_angles_never_get_out_as_a_panic() {
    for name in ["emit_obs.nc", "aviris3_obs.nc"] {
        let whole = bytes(name);
        assert!(angles_of_bytes(whole.clone()).is_ok());
        for at in (0..whole.len()).step_by(37) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            if let Ok(angles) = angles_of_bytes(bytes) {
                assert!((0.0..89.0).contains(&angles.sun_zenith_deg), "{angles:?}");
            }
        }
    }
}
