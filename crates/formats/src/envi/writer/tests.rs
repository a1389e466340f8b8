use cathartes_core::{
    cube::{CubeSource, Window},
    geometry::Geometry,
    spectrum::Band,
    units::Nanometres,
};
use proptest::prelude::*;

use super::*;
use crate::envi::EnviSource;

fn info(lines: usize, samples: usize, bands: usize) -> CubeInfo {
    CubeInfo {
        lines,
        samples,
        bands: (0..bands)
            .map(|b| Band { center: Nanometres(2100.0 + 5.01 * b as f64), fwhm: Nanometres(5.7) })
            .collect(),
        good: (0..bands).map(|b| b != 1).collect(),
        fwhm_estimated: false,
        instrument: None,
        radiance_unit: Some("uW cm-2 nm-1 sr-1".into()),
        geometry: Geometry::Unknown,
        time: Some("2026-11-23T12:00:00.5Z".parse().unwrap()),
        sun_zenith_deg: Some(33.25),
        view_zenith_deg: None,
        notes: Vec::new(),
    }
}

fn any_layout() -> impl Strategy<Value = Layout> {
    (0..3_usize, 0..Sample::ALL.len(), any::<bool>()).prop_map(|(i, s, big_endian)| Layout {
        interleave: Interleave::ALL[i],
        sample: Sample::ALL[s],
        big_endian,
    })
}

/// Numbers every kind can hold, with some no data among them.
fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|i| if i % 7 == 3 { f32::NAN } else { (i * 31 % 251) as f32 }).collect()
}

fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        layout in any_layout(),
        (lines, samples, bands) in (1..20_usize, 1..40_usize, 2..30_usize),
        cut in any::<prop::sample::Index>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.img");
        let info = info(lines, samples, bands);
        let image = numbers(lines * samples * bands);
        let mut writer = Writer::create(&path, &info, layout).unwrap();
        let cut = cut.index(lines);
        let at = cut * samples * bands;
        writer.write_lines(cut, &image[at..]).unwrap();
        writer.write_lines(0, &image[..at]).unwrap();
        writer.finish().unwrap();

        let source = EnviSource::open(&path, None).unwrap();
        let window = Window { lines: 0..lines, samples: 0..samples };
        let mut seen = vec![0.0; image.len()];
        source.read(&window, &(0..bands).collect::<Vec<_>>(), &mut seen).unwrap();

        prop_assert_eq!(source.info(), &info);
        prop_assert!(same(&seen, &image));
    }

    #[test]
    fn a_window_is_the_part_of_the_whole(
        layout in any_layout(),
        (l, s) in (0..6_usize, 0..20_usize),
        bands in prop::collection::vec(0..20_usize, 0..25),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let image = numbers(6 * 20 * 20);
        let mut writer = Writer::create(&path, &info(6, 20, 20), layout).unwrap();
        writer.write_lines(0, &image).unwrap();
        writer.finish().unwrap();

        let source = EnviSource::open(&dir.path().join("x.hdr"), None).unwrap();
        let window = Window { lines: l..6, samples: s..20 };
        let mut seen = vec![0.0; window.pixels() * bands.len()];
        source.read(&window, &bands, &mut seen).unwrap();

        let mut wanted = Vec::new();
        for line in l..6 {
            for sample in s..20 {
                wanted.extend(bands.iter().map(|band| image[(line * 20 + sample) * 20 + band]));
            }
        }
        prop_assert!(same(&seen, &wanted));
    }
}

fn written(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn nothing_half_written_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.img");
    let mut writer = Writer::create(&path, &info(2, 2, 2), Layout::USUAL).unwrap();
    writer.write_lines(0, &[1.0; 4]).unwrap();
    assert_eq!(written(dir.path()), ["x.img.partial"]);

    let error = writer.finish().unwrap_err().to_string();

    assert!(error.ends_with("line 2 was never written; write every line before finishing"));
    assert_eq!(written(dir.path()), [""; 0]);
}

#[test]
fn a_number_that_does_not_fit_is_refused_where_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    let layout = Layout { sample: Sample::U8, ..Layout::USUAL };
    let mut writer = Writer::create(&dir.path().join("x"), &info(1, 2, 2), layout).unwrap();

    for bad in [256.0, -1.0, f32::INFINITY, 255.0] {
        let error = writer.write_lines(0, &[1.0, 2.0, bad, 3.0]).unwrap_err().to_string();
        let wanted = format!(
            "line 1, sample 2, band 1: {bad} cannot be stored as data type 1; write 32-bit floats"
        );
        assert!(error.ends_with(&wanted), "{error}");
    }
}

#[test]
fn lines_that_are_none_of_the_image_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(&dir.path().join("x"), &info(2, 2, 2), Layout::USUAL).unwrap();
    assert!(writer.write_lines(0, &[0.0; 3]).is_err());
    assert!(writer.write_lines(1, &[0.0; 8]).is_err());
    assert!(writer.write_lines(usize::MAX, &[0.0; 8]).is_err());
}
