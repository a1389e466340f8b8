use cathartes_core::{cube::ReadError, geometry::Geometry, spectrum::Band, units::Nanometres};

use super::*;

/// An image that knows its numbers: line * 100 + sample * 10 + band, with some replaced.
struct Image {
    info: CubeInfo,
    replaced: Vec<((usize, usize, usize), f32)>,
    holes: bool,
}

impl CubeSource for Image {
    fn info(&self) -> &CubeInfo {
        &self.info
    }

    fn declares_no_data(&self) -> bool {
        self.holes
    }

    fn read(&self, window: &Window, bands: &[usize], out: &mut [f32]) -> Result<(), ReadError> {
        let mut out = out.iter_mut();
        for line in window.lines.clone() {
            for sample in window.samples.clone() {
                for &band in bands {
                    let at = (line, sample, band);
                    let own = (100 * line + 10 * sample + band + 1) as f32;
                    let value = self.replaced.iter().find(|r| r.0 == at).map_or(own, |r| r.1);
                    *out.next().unwrap() = value;
                }
            }
        }
        Ok(())
    }
}

fn image(replaced: &[((usize, usize, usize), f32)]) -> Image {
    let band = |i| Band { center: Nanometres(2100.0 + 5.0 * f64::from(i)), fwhm: Nanometres(5.0) };
    let info = CubeInfo {
        lines: 40,
        samples: 3,
        bands: (0..6).map(band).collect(),
        good: vec![true; 6],
        fwhm_estimated: false,
        instrument: None,
        radiance_unit: None,
        geometry: Geometry::Unknown,
        time: None,
        sun_zenith_deg: None,
        view_zenith_deg: None,
        notes: Vec::new(),
    };
    Image { info, replaced: replaced.to_vec(), holes: false }
}

fn plan() -> BandPlan {
    let groups = vec![vec![4], vec![5], vec![0, 1, 2]];
    BandPlan { groups, window: 2, notes: Vec::new() }
}

fn refused(image: &Image) -> String {
    load(image, 0..40, &plan(), Invalid::Refuse).unwrap_err().to_string()
}

#[test]
fn reads_lines_in_order_and_averages_groups() {
    let (cube, notes) = load(&image(&[]), 3..40, &plan(), Invalid::Refuse).unwrap();

    assert_eq!((cube.lines, cube.samples, cube.bands.len()), (37, 3, 3));
    assert_eq!(cube.spectrum(0, 0), [305.0, 306.0, 302.0]);
    assert_eq!(cube.spectrum(36, 2), [3925.0, 3926.0, 3922.0]);
    assert!(notes.is_empty());
}

#[test]
fn says_where_the_first_value_is_that_is_no_radiance() {
    let sentence = refused(&image(&[((33, 1, 5), f32::INFINITY), ((20, 2, 4), f32::NAN)]));
    assert!(
        sentence.starts_with("line 20, sample 2, band 4 (from 0; 2120.0 nm) is NaN"),
        "{sentence}"
    );
}

#[test]
fn a_band_that_is_not_used_may_hold_anything() {
    assert!(load(&image(&[((20, 2, 3), f32::NAN)]), 0..40, &plan(), Invalid::Refuse).is_ok());
}

#[test]
fn a_pixel_without_data_is_one_only_where_the_file_says_so() {
    let hole: Vec<_> = (0..6).map(|band| ((7, 0, band), f32::NAN)).collect();

    assert!(refused(&image(&hole)).starts_with("line 7, sample 0, band 4"));
    let declared = Image { holes: true, ..image(&hole) };
    let (cube, notes) = load(&declared, 0..40, &plan(), Invalid::Refuse).unwrap();
    assert!(cube.spectrum(7, 0).iter().all(|x| x.is_nan()) && notes.is_empty());
}

#[test]
fn columns_of_zeros_are_named() {
    let zeros: Vec<_> =
        (0..40).flat_map(|line| (0..6).map(move |band| ((line, 1, band), 0.0))).collect();

    let sentence = refused(&image(&zeros));
    assert!(sentence.starts_with("all of column 1 (sample, from 0) is zero"), "{sentence}");

    let (_, notes) = load(&image(&zeros), 0..40, &plan(), Invalid::Mask).unwrap();
    assert_eq!(notes, ["1 columns of zeros left out (samples from 0: 1)"]);
}

#[test]
fn masked_values_take_their_pixel_with_them() {
    let torn = image(&[((20, 2, 4), f32::NAN), ((39, 0, 1), f32::NEG_INFINITY)]);

    let (cube, notes) = load(&torn, 0..40, &plan(), Invalid::Mask).unwrap();

    assert!(cube.spectrum(20, 2).iter().all(|x| x.is_nan()));
    assert!(cube.spectrum(39, 0).iter().all(|x| x.is_nan()));
    assert!(notes[0].starts_with("2 pixels with NaN or infinite radiance left out"), "{notes:?}");
    assert_eq!(cube.data.iter().filter(|x| x.is_nan()).count(), 6);
}
