use cathartes_core::units::Nanometres;
use proptest::prelude::*;

use super::*;

const GOOD: &str = "ENVI
; written by hand
description = { a = b,
  two lines }
Lines = 3
samples = 4
bands = 2
header offset = 0
interleave = Bil
data type = 4
byte order = 0
wavelength units = Micrometers
wavelength = { 2.10,
 2.20 }
fwhm = { 0.01, 0.01 }
";

fn read(text: &str) -> Result<Header, String> {
    Header::parse(text, None).map_err(|error| error.to_string())
}

fn with(from: &str, to: &str) -> Result<Header, String> {
    assert!(GOOD.contains(from), "{from}");
    read(&GOOD.replace(from, to))
}

fn refused(from: &str, to: &str) -> String {
    with(from, to).unwrap_err()
}

#[test]
fn reads_what_it_needs() {
    let header = read(GOOD).unwrap();

    assert_eq!((header.frame.lines, header.frame.samples, header.bands.len()), (3, 4, 2));
    assert_eq!(header.frame.layout, Layout::USUAL);
    assert_eq!(header.bands[1].center, Nanometres(2200.0));
    assert_eq!(header.bands[1].fwhm, Nanometres(10.0));
    assert!(!header.fwhm_estimated && header.good == [true, true] && header.frame.notes.is_empty());
}

#[test]
fn wavenumbers_become_wavelengths_and_may_fall_in_step() {
    let text = GOOD
        .replace("Micrometers", "Wavenumber")
        .replace("{ 2.10,\n 2.20 }", "{ 1000, 1004 }")
        .replace("{ 0.01, 0.01 }", "{ 4, 4 }");
    let header = read(&text).unwrap();

    assert_eq!(header.bands[0].center, Nanometres(10_000.0));
    assert!((header.bands[1].center.0 - 9_960.159).abs() < 1e-3);
    // From 998 to 1,002 cm-1.
    assert!((header.bands[0].fwhm.0 - (1e7 / 998.0 - 1e7 / 1002.0)).abs() < 1e-9);
    let estimated = read(&text.replace("fwhm", "other")).unwrap();
    assert!((estimated.bands[0].fwhm.0 - 39.841).abs() < 1e-3);

    let wide = read(&text.replace("{ 4, 4 }", "{ 4, 2009 }")).unwrap_err();
    assert!(wide.starts_with("line 14: `fwhm` of band 2 cannot be `2009`; it is wider"), "{wide}");
    let still = read(&text.replace("1004", "1000")).unwrap_err();
    assert!(still.contains("does not rise"), "{still}");
}

#[test]
fn reads_what_it_may_find() {
    let header = read(&format!(
        "{GOOD}bbl = {{1, 0}}\ndata ignore value = -9999\nsun elevation = 30\ndata units = W\n\
         acquisition time = 2020-05-01T10:20:30Z\ndata gain values = {{2, 1}}\n"
    ))
    .unwrap();

    assert_eq!(header.good, [true, false]);
    assert_eq!(header.frame.ignore, Some(-9999.0));
    assert_eq!(header.sun_zenith_deg, Some(60.0));
    assert_eq!(header.radiance_unit.as_deref(), Some("W"));
    assert_eq!(header.time.unwrap().to_string(), "2020-05-01T10:20:30Z");
    assert_eq!(header.scale, Some(vec![[2.0, 0.0], [1.0, 0.0]]));
}

#[test]
fn says_what_is_wrong_where_and_what_to_do() {
    assert_eq!(read("GIF89a").unwrap_err(), "not an ENVI header: the first line must be `ENVI`");
    assert_eq!(read("").unwrap_err(), "not an ENVI header: the first line must be `ENVI`");
    assert_eq!(
        refused("wavelength units", "units"),
        "line 13: `wavelength` has no unit: nanometres and micrometres differ by a thousand; add \
         `wavelength units = Nanometers` (or Micrometers)"
    );
    assert_eq!(
        refused("Micrometers", "Unknown"),
        "line 12: `wavelength units` cannot be `Unknown`; write Nanometers, Micrometers or \
         Wavenumber"
    );
    assert_eq!(
        refused("bands = 2", "bands = 3"),
        "line 13: `wavelength` has 2 entries, `bands` says 3; correct one of them"
    );
    assert_eq!(
        refused("0.01, 0.01 }", "0.01"),
        "line 15: `fwhm` opens a brace that never closes; add the `}`"
    );
    assert_eq!(
        refused("byte order = 0", "Lines = 9"),
        "line 11: `lines` is given twice; remove one"
    );
    assert_eq!(
        refused("data type = 4", "data type = 6"),
        "line 10: `data type` cannot be `6`; use 1, 2, 3, 4, 5, 12, 13, 14 or 15"
    );
    for bad in ["inf", "-2.20", "nan", "two"] {
        assert_eq!(
            refused("2.20", bad),
            format!(
                "line 13: `wavelength` of band 2 cannot be `{bad}`; write a number that makes \
                 sense there"
            )
        );
    }
    assert_eq!(
        refused("2.20", "2.1"),
        "line 13: `wavelength` 2100 nm of band 2 does not rise above the 2100 nm before it; put \
         the bands in order of rising wavelength"
    );
    assert_eq!(
        refused("wavelength = { 2.10,\n 2.20 }", ""),
        "`wavelength` is missing; add it with `wavelength units`, or give the bands in a file \
         (--wavelengths)"
    );
    assert_eq!(
        refused("byte order = 0\n", ""),
        "`byte order` is missing; write 0 for the least significant byte first, 1 for the most"
    );
    assert_eq!(
        refused("bands = 2", "bands = 2\nfile compression = 1"),
        "line 8: `file compression` cannot be `1`; unpack the image first (`gdal_translate -of \
         ENVI`)"
    );
}

#[test]
fn a_missing_width_is_the_spacing_and_says_so() {
    let header = with("fwhm = { 0.01, 0.01 }", "").unwrap();

    assert!(header.fwhm_estimated);
    assert!((header.bands[0].fwhm.0 - 100.0).abs() < 1e-9);
    assert_eq!(
        header.frame.notes,
        ["the header has no `fwhm`: estimated as the spacing of the bands"]
    );
}

#[test]
fn band_names_that_are_wavelengths_count() {
    let named =
        |names: &str| with("wavelength = { 2.10,\n 2.20 }", &format!("band names = {{{names}}}"));
    let header = named("2100.5 Nanometers, 2110 Nanometers").unwrap();
    assert_eq!(header.bands[0].center, Nanometres(2100.5));
    assert_eq!(header.frame.notes, ["the header has no `wavelength`: taken from its band names"]);

    assert!(named("red, green").unwrap_err().starts_with("`wavelength` is missing"));
    let mixed = named("2100.5 Nanometers, 2.11 Micrometers").unwrap_err();
    assert!(mixed.starts_with("line 13: `band names` of band 2 cannot be"), "{mixed}");
}

#[test]
fn an_aviris_ng_product_needs_no_unit_and_tells_its_time() {
    let product = GOOD
        .replace("a = b", "chunk/ang20170323t202244_rdn")
        .replace("wavelength units = Micrometers\n", "");
    let header = read(&product.replace("2.10", "2100").replace("2.20", "2200")).unwrap();
    assert_eq!(header.bands[0].center, Nanometres(2100.0));
    assert_eq!(header.time.unwrap().to_string(), "2017-03-23T20:22:44Z");
    assert_eq!(header.frame.notes.len(), 2);

    // Numbers that are no nanometres of that instrument are not taken for some.
    assert!(read(&product).unwrap_err().contains("has no unit"));
}

#[test]
fn bands_given_beside_take_the_place_of_the_header() {
    let band = Band { center: Nanometres(1000.0), fwhm: Nanometres(5.0) };
    let bare = GOOD.replace("wavelength", "w");
    let table = |n| BandTable { bands: vec![band; n], fwhm_estimated: n == 2 };
    let header = Header::parse(&bare, Some(&table(2))).unwrap();
    assert_eq!(header.bands, [band; 2]);
    assert!(header.fwhm_estimated && header.frame.notes.len() == 1);
    let error = Header::parse(&bare, Some(&table(3))).unwrap_err().to_string();
    assert!(error.starts_with("`bands` says 2, the file of wavelengths given has 3"), "{error}");
}

proptest! {
    #[test]
    fn never_panics(text in "(ENVI\n)?[a-z ={},;0-9.\n]{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn never_panics_near_the_truth(at in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(at, &junk);
        let _ = read(&text);
    }
}
