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
    assert!((seen.latitude.0 - 34.454_7).abs() < 1e-3, "{seen:?}");
    assert!((seen.longitude.0 + 118.599).abs() < 1e-2, "{seen:?}");
    assert!((steps.area_m2() - 225.0).abs() < 0.5, "{steps:?}");
}
