use super::*;

#[test]
fn a_utm_pixel_is_where_proj_puts_it() {
    let grid = MapGrid {
        crs: Crs::Utm { zone: 11, north: true },
        origin: [353_128.751_647_949, 3_813_729.766_068_41],
        per_sample: [15.0, 0.0],
        per_line: [0.0, -15.0],
    };
    let geometry = Geometry::Map(grid);
    let corner = PixelPlace { line_px: 0.0, sample_px: 0.0 };

    let seen = geometry.locate(corner).unwrap();
    let steps = geometry.steps(corner).unwrap();

    // cs2cs EPSG:32611 EPSG:4326, PROJ 9.1.1.
    assert!((seen.latitude.0 - 34.454_664_823_4).abs() < 1e-9, "{seen:?}");
    assert!((seen.longitude.0 + 118.598_907_716_1).abs() < 1e-9, "{seen:?}");
    // The scale of the plane is 0.99986 there: 225 m² of it are 225.06 m² of ground.
    assert!((steps.area_m2() - 225.06).abs() < 0.05, "{steps:?}");
    // West of its middle the map's east turns north: 1.599° sin 34.455° = 0.905°.
    assert!((steps.sample_bearing.0 - 89.095).abs() < 1e-3, "{steps:?}");
}

#[test]
fn the_south_has_its_own_false_northing() {
    let south = Crs::Utm { zone: 23, north: false };
    let places = south.unproject(&[[500_000.0, 6_250_000.0], [700_000.0, 7_200_000.5]]);

    // cs2cs EPSG:32723 EPSG:4326, PROJ 9.1.1.
    let wanted = [(-33.890_365_228_6, -45.0), (-25.303_162_193_4, -43.013_381_623_0)];
    for (seen, (latitude, longitude)) in places.iter().zip(wanted) {
        assert!((seen.latitude.0 - latitude).abs() < 1e-9, "{seen:?}");
        assert!((seen.longitude.0 - longitude).abs() < 1e-9, "{seen:?}");
    }
    assert_eq!(south.epsg(), 32723);
}

/// A plane of degrees, so that every answer is known: 0.1° a line southward, 0.2° a sample.
fn tilted(lines: usize, samples: usize, west: f64) -> Geometry {
    let cells = || (0..lines).flat_map(move |l| (0..samples).map(move |s| (l as f64, s as f64)));
    Geometry::PerPixel(Box::new(PixelGrid {
        lines,
        samples,
        latitudes_deg: cells().map(|(l, s)| 10.0 - 0.1 * l + 0.01 * s).collect(),
        longitudes_deg: cells().map(|(_, s)| wrapped(west + 0.2 * s)).collect(),
        glt: None,
    }))
}

fn seen(geometry: &Geometry, line_px: f64, sample_px: f64) -> (f64, f64) {
    let place = geometry.locate(PixelPlace { line_px, sample_px }).unwrap();
    (place.latitude.0, place.longitude.0)
}

#[test]
fn between_pixel_centres_and_beyond_them_places_are_linear() {
    let geometry = tilted(3, 4, 20.0);
    for (line, sample) in [(0.5, 0.5), (1.3, 2.9), (2.5, 3.5), (0.0, 0.0), (3.0, 4.0), (-1.0, 6.0)]
    {
        let (latitude, longitude) = seen(&geometry, line, sample);
        let wanted = 10.0 - 0.1 * (line - 0.5) + 0.01 * (sample - 0.5);
        assert!((latitude - wanted).abs() < 1e-12, "{line} {sample}: {latitude}");
        assert!((longitude - (20.0 + 0.2 * (sample - 0.5))).abs() < 1e-12, "{line} {sample}");
    }
}

#[test]
fn the_antimeridian_is_no_edge() {
    let geometry = tilted(2, 4, 179.7);
    assert!((seen(&geometry, 1.0, 2.0).1 - 180.0).abs() < 1e-9);
    assert!((seen(&geometry, 1.0, 2.5).1 + 179.9).abs() < 1e-9);
    let steps = geometry.steps(PixelPlace { line_px: 1.0, sample_px: 2.0 }).unwrap();
    assert!((21_000.0..23_000.0).contains(&steps.per_sample.0), "{steps:?}");
}

#[test]
fn grids_too_small_to_have_neighbours_do_not_panic() {
    let at = PixelPlace { line_px: 0.7, sample_px: 0.2 };
    assert_eq!(tilted(0, 0, 0.0).locate(at), None);
    assert_eq!(tilted(0, 3, 0.0).locate(at), None);
    assert_eq!(seen(&tilted(1, 1, 20.0), 0.9, 0.1), (10.0, 20.0));
    let nan = PixelPlace { line_px: f64::NAN, sample_px: 0.0 };
    assert_eq!(tilted(2, 2, 0.0).locate(nan), None);
}

#[test]
fn a_hole_in_the_places_is_nowhere() {
    let Geometry::PerPixel(mut grid) = tilted(3, 3, 0.0) else { panic!("no grid of pixels") };
    grid.latitudes_deg[4] = f64::NAN;
    let geometry = Geometry::PerPixel(grid);
    assert_eq!(geometry.locate(PixelPlace { line_px: 1.2, sample_px: 1.2 }), None);
}

#[test]
fn there_and_back_is_the_same_place() {
    for (longitude, latitude) in [(-118.6, 34.4), (151.2, -33.9), (179.99, 12.0), (-179.99, -8.0)] {
        let place = LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
        let crs = Crs::utm_around(place);
        let origin = crs.project(&[place])[0];
        let grid = MapGrid { crs, origin, per_sample: [1.0, 0.0], per_line: [0.0, -1.0] };

        let back = grid.locate(PixelPlace { line_px: 0.0, sample_px: 0.0 }).unwrap();

        assert!(bearing_and_distance(place, back).1.0 < 1e-3, "{place:?} {back:?}");
    }
}

#[test]
fn a_place_just_beyond_its_zone_projects_to_the_same_plane() {
    let crs = Crs::Utm { zone: 60, north: true };
    let at = |longitude| LatLon { latitude: Degrees(10.0), longitude: Degrees(longitude) };

    let plane = crs.project(&[at(179.999), at(-179.999)]);

    // 0.002 degrees of longitude at 10 degrees north.
    assert!((plane[1][0] - plane[0][0] - 219.3).abs() < 1.0, "{plane:?}");
}
