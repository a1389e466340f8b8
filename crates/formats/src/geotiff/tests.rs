use cathartes_core::{
    geometry::{Crs, Geometry},
    units::Nanometres,
};
use proptest::prelude::*;

use super::*;
use crate::band_table;

const ENMAP: &str =
    "ENMAP01-____L1C-DT0000000001_20230817T205129Z_001_V010402_20230818T000000Z-SPECTRAL_IMAGE.TIF";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

fn table() -> BandTable {
    band_table::parse("center_nm,fwhm_nm\n2100,8\n2110,8\n2120,8\n2130,8\n2140,8\n2150,8\n")
        .unwrap()
}

fn beside(name: &str) -> Beside {
    Beside {
        table: (name == "plain_strips.tif").then(table),
        enmap: (name == ENMAP)
            .then(|| std::fs::read_to_string(enmap_file(&fixture(name)).unwrap()).unwrap()),
    }
}

fn opened(name: &str) -> GeotiffSource {
    open_bytes(name, std::fs::read(fixture(name)).unwrap(), &beside(name)).unwrap()
}

/// What `fixtures/make/geotiff.py` wrote, by band of the file.
fn float(line: usize, sample: usize, band: usize) -> f32 {
    line as f32 + sample as f32 / 64.0 + band as f32 / 4096.0
}

fn integer(line: usize, sample: usize, band: usize) -> f32 {
    (1 + 1000 * band + 25 * line + sample) as f32
}

fn written(name: &str, line: usize, sample: usize, band: usize) -> f32 {
    let nothing = (line, sample) == (3, 5) || (line, sample, band) == (35, 19, 5);
    match name {
        "pixel_tiles.tif" | "sparse_tiles.tif" if nothing => f32::NAN,
        "sparse_tiles.tif" if line >= 16 || sample >= 16 => f32::NAN,
        "pixel_tiles.tif" | "plain_strips.tif" | "sparse_tiles.tif" => float(line, sample, band),
        "band_tiles_big.tif" => integer(line, sample, band),
        ENMAP => {
            let band = [0, 3, 1, 4, 2, 5][band];
            if (line, sample) == (3, 5) || (line, sample, band) == (35, 19, 5) {
                return f32::NAN;
            }
            integer(line, sample, band) / f32::from(1024u16 << (band % 2)) - 0.5
        }
        _ => panic!("{name}"),
    }
}

const FILES: [&str; 5] =
    ["pixel_tiles.tif", "band_tiles_big.tif", "plain_strips.tif", "sparse_tiles.tif", ENMAP];

fn read(source: &GeotiffSource, window: &Window, bands: &[usize]) -> Result<Vec<f32>, ReadError> {
    let mut out = vec![0.0; window.pixels() * bands.len()];
    source.read(window, bands, &mut out)?;
    Ok(out)
}

fn expected(name: &str, window: &Window, bands: &[usize]) -> Vec<u32> {
    let pixels = window.lines.clone().flat_map(|l| window.samples.clone().map(move |s| (l, s)));
    let values = pixels.flat_map(|(l, s)| bands.iter().map(move |&b| written(name, l, s, b)));
    values.map(f32::to_bits).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn everything() -> Window {
    Window { lines: 0..36, samples: 0..20 }
}

const BANDS: [usize; 6] = [0, 1, 2, 3, 4, 5];

#[test]
fn every_number_is_the_one_the_other_program_wrote() {
    for name in FILES {
        let source = opened(name);
        let info = source.info();
        assert_eq!((info.lines, info.samples, info.bands.len()), (36, 20, 6), "{name}");
        let found = read(&source, &everything(), &BANDS).unwrap();
        assert_eq!(bits(&found), expected(name, &everything(), &BANDS), "{name}");
    }
}

proptest! {
    #[test]
    fn every_window_and_choice_of_bands_holds_its_own_numbers(
        file in 0..FILES.len(),
        (l, s) in (0usize..36, 0usize..20),
        (dl, ds) in (0usize..=36, 0usize..=20),
        bands in proptest::collection::vec(0usize..6, 0..5),
    ) {
        let source = opened(FILES[file]);
        let window = Window { lines: l..(l + dl).min(36), samples: s..(s + ds).min(20) };
        for _ in 0..2 {
            let found = read(&source, &window, &bands).unwrap();
            prop_assert_eq!(bits(&found), expected(FILES[file], &window, &bands));
        }
    }

    #[test]
    fn damaged_bytes_never_get_out_as_a_panic(
        file in 0..FILES.len(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let name = FILES[file];
        let mut bytes = std::fs::read(fixture(name)).unwrap();
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(source) = open_bytes(name, bytes, &beside(name)) {
            let (lines, samples) = (source.info().lines.min(40), source.info().samples.min(40));
            let _ = read(&source, &Window { lines: 0..lines, samples: 0..samples }, &[0, 5]);
        }
    }
}

#[test]
fn a_file_cut_short_is_an_error_at_every_fiftieth() {
    for name in FILES {
        let whole = std::fs::read(fixture(name)).unwrap();
        for part in 0..50 {
            let cut = whole[..whole.len() * part / 50].to_vec();
            let read =
                open_bytes(name, cut, &beside(name)).map(|s| read(&s, &everything(), &BANDS));
            assert!(!matches!(read, Ok(Ok(_))), "{name} cut to {part}/50 reads");
        }
    }
}

#[test]
fn a_flipped_bit_in_a_deflated_tile_is_an_error_that_names_the_place() {
    let whole = std::fs::read(fixture("pixel_tiles.tif")).unwrap();
    let streams = (0..whole.len() - 40).filter(|&at| whole[at..at + 2] == [0x78, 0x9c]);
    let mut named = 0;
    for at in streams {
        let mut bytes = whole.clone();
        bytes[at + 40] ^= 0x10;
        let source = open_bytes("x.tif", bytes, &Beside::default()).unwrap();
        let error = read(&source, &everything(), &BANDS).unwrap_err();
        assert!(error.message.starts_with("radiance of lines "), "{error}");
        assert!(error.message.ends_with("the file is damaged: fetch it again"), "{error}");
        named += 1;
    }
    assert_eq!(named, 3 * 2, "tiles of 16 x 16 in 36 x 20 pixels");
}

#[test]
fn a_sweep_of_lines_unpacks_each_tile_once() {
    for (name, tiles) in [("pixel_tiles.tif", 3 * 2), ("band_tiles_big.tif", 3 * 2 * 2)] {
        let source = opened(name);
        for line in 0..36 {
            let window = Window { lines: line..line + 1, samples: 0..20 };
            let found = read(&source, &window, &[4, 1]).unwrap();
            assert_eq!(bits(&found), expected(name, &window, &[4, 1]));
        }
        assert_eq!(source.tiles.unpacked(), tiles, "{name}");
    }
}

#[test]
fn bands_come_from_what_is_there() {
    let centres = |name| {
        let bands = opened(name).info.bands;
        bands.iter().map(|band| (band.center.0 * 10.0).round() / 10.0).collect::<Vec<f64>>()
    };
    for name in ["pixel_tiles.tif", "band_tiles_big.tif", "plain_strips.tif"] {
        assert_eq!(centres(name), [2100.0, 2110.0, 2120.0, 2130.0, 2140.0, 2150.0], "{name}");
    }
    assert_eq!(centres(ENMAP), [980.0, 985.0, 990.0, 995.0, 1000.0, 1005.0]);
    assert_eq!(opened(ENMAP).info.bands[1].fwhm, Nanometres(8.75));
    assert!((opened("band_tiles_big.tif").info.bands[2].fwhm.0 - 8.5).abs() < 1e-9);
}

#[test]
fn enmap_says_time_and_sun_and_what_was_done() {
    let info = opened(ENMAP).info;
    assert_eq!(info.time.unwrap().to_string(), "2023-08-17T20:51:29.5Z");
    assert_eq!(info.sun_zenith_deg, Some(31.75));
    assert_eq!(info.notes.len(), 2, "{:?}", info.notes);
}

#[test]
fn each_half_of_an_enmap_product_finds_its_own_bands() {
    let xml = beside(ENMAP).enmap.unwrap();
    let first = |name: &str| enmap::spectrum(name, 3, &xml).unwrap().bands[0].center;
    assert_eq!(first("ENMAP-SPECTRAL_IMAGE_VNIR.TIF"), Nanometres(980.0));
    assert_eq!(first("ENMAP-SPECTRAL_IMAGE_SWIR.TIF"), Nanometres(985.0));
    let said = enmap::spectrum("x.tif", 4, &xml).unwrap_err().to_string();
    assert!(said.starts_with("METADATA.XML describes 6 bands, the image has 4"), "{said}");
}

#[test]
fn pixels_lie_where_the_keys_say() {
    let grid = |name| match opened(name).info.geometry {
        Geometry::Map(grid) => grid,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(grid("pixel_tiles.tif").crs, Crs::Utm { zone: 13, north: true });
    assert_eq!(grid("pixel_tiles.tif").origin, [500_000.0, 3_900_000.0]);
    assert_eq!(grid("pixel_tiles.tif").per_line, [0.0, -30.0]);
    // Written as a raster of points; GDAL's origin is the corner all the same.
    assert_eq!(grid("band_tiles_big.tif").crs, Crs::Utm { zone: 19, north: false });
    assert_eq!(grid("band_tiles_big.tif").origin, [500_000.0, 3_900_000.0]);
    assert_eq!(grid(ENMAP).crs, Crs::Geographic);
}

#[test]
fn a_map_we_do_not_know_is_no_place_and_says_so() {
    let info = opened("sparse_tiles.tif").info;
    assert_eq!(info.geometry, Geometry::Unknown);
    insta::assert_snapshot!(info.notes.join("; "), @"EPSG 3857 is neither UTM on WGS 84 nor geographic WGS 84: results stay in pixel coordinates");
}

#[test]
fn without_wavelengths_it_says_how_to_give_them() {
    let said = |name| open(&fixture(name), None).err().unwrap().to_string();
    insta::assert_snapshot!(said("plain_strips.tif"), @"it has 6 bands and no wavelengths; give a CSV with the columns `center_nm` and `fwhm_nm`, or put the METADATA.XML of the product beside it");
    insta::assert_snapshot!(said("wrong_no_unit.tif"), @"the metadata of the bands has `wavelength` in no unit; add `wavelength_units` (nm or um) or give a CSV");
}

#[test]
fn wavelengths_that_do_not_fit_are_refused() {
    let bytes = || std::fs::read(fixture("plain_strips.tif")).unwrap();
    let said = |text| {
        let table = Some(band_table::parse(text).unwrap());
        let beside = Beside { table, enmap: None };
        open_bytes("x", bytes(), &beside).err().unwrap().to_string()
    };
    insta::assert_snapshot!(said("center_nm\n2100\n2110\n"), @"the table of bands has 2 bands, the image 6; give one line for each");
    insta::assert_snapshot!(said("center_nm\n1\n2\n3\n3\n5\n6\n"), @"the table of bands has 3 nm at band 4, where wavelengths must rise or fall from band to band; correct it");
}

#[test]
fn a_chunk_that_declares_more_than_the_file_can_hold_is_refused() {
    let mut bytes = std::fs::read(fixture("plain_strips.tif")).unwrap();
    // ImageWidth (256, SHORT or LONG, one value) of the first directory becomes 2^31.
    let at = bytes.windows(4).position(|tag| tag == [0, 1, 3, 0]).unwrap();
    bytes[at + 2] = 4;
    bytes[at + 8..at + 12].copy_from_slice(&(1u32 << 31).to_le_bytes());
    let beside = beside("plain_strips.tif");
    let said = open_bytes("x", bytes, &beside).err().unwrap().to_string();
    assert!(said.starts_with("it declares "), "{said}");
}
