use cathartes_core::geometry::{Crs, Geometry, MapGrid};

use super::*;

fn info() -> CubeInfo {
    CubeInfo {
        lines: 10,
        samples: 10,
        bands: Vec::new(),
        good: Vec::new(),
        fwhm_estimated: false,
        instrument: None,
        radiance_unit: None,
        geometry: Geometry::Map(MapGrid {
            crs: Crs::Geographic,
            origin: [-105.178_6, 39.742_5],
            per_sample: [1e-5, 0.0],
            per_line: [0.0, -1e-5],
        }),
        time: Some("2003-10-17T19:30:30Z".parse().unwrap()),
        sun_zenith_deg: Some(33.0),
        view_zenith_deg: None,
        notes: Vec::new(),
    }
}

#[test]
fn the_user_knows_best_then_the_file_then_the_almanac() {
    let unsaid = CubeInfo { sun_zenith_deg: None, ..info() };
    let placeless = CubeInfo { geometry: Geometry::Unknown, ..unsaid.clone() };

    assert!(slant(&info(), Some(20.0)).1.starts_with("sun zenith 20.0 degrees, as given"));
    assert!(slant(&info(), None).1.starts_with("sun zenith 33.0 degrees, from the file"));
    assert!(slant(&unsaid, None).1.starts_with("sun zenith 50.1 degrees, from time and place"));
    assert!(slant(&placeless, None).1.contains("assumed"));
}

#[test]
fn a_view_aside_is_taken_from_the_file() {
    let aside = CubeInfo { view_zenith_deg: Some(12.5), ..info() };

    let (slant, said) = slant(&aside, None);

    assert_eq!(slant.view_zenith, Degrees(12.5));
    assert!(said.ends_with("view zenith 12.5 degrees, from the file"), "{said}");
}

#[test]
fn a_sun_below_the_ground_is_not_believed() {
    let time = Some("2003-10-17T07:30:30Z".parse().unwrap());
    let night = CubeInfo { sun_zenith_deg: None, time, ..info() };
    assert!(slant(&night, None).1.contains("the sun was down"));
}

#[test]
fn the_height_of_an_aircraft_is_told_by_its_pixels_unless_the_user_knows() {
    let said = |info: &CubeInfo, told| path(info, None, told);
    let placeless = CubeInfo { geometry: Geometry::Unknown, ..info() };

    assert!((said(&info(), None).height.unwrap().0 - 855.0).abs() < 10.0);
    assert!(said(&info(), None).said.contains("assumed from pixels of 0.9 m"));
    assert_eq!(said(&info(), Some(Metres(3000.0))).height, Some(Metres(3000.0)));
    assert_eq!(said(&placeless, None).height, None);
}
