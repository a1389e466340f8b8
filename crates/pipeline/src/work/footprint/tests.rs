use cathartes_core::geometry::{Crs, MapGrid};

use super::*;

fn map(per_line_deg: f64) -> Geometry {
    Geometry::Map(MapGrid {
        crs: Crs::Geographic,
        origin: [10.0, 45.0],
        per_sample: [0.01, 0.0],
        per_line: [0.0, per_line_deg],
    })
}

#[test]
fn a_footprint_is_anticlockwise_whichever_way_the_image_was_flown() {
    for per_line_deg in [0.01, -0.01] {
        let ring = of(&map(per_line_deg), 100, 50);
        assert_eq!(ring.len(), 4);
        assert!(area_deg2(&ring) > 0.0, "{ring:?}");
        let longitudes: Vec<f64> = ring.iter().map(|p| p.longitude.0).collect();
        assert!(longitudes.contains(&10.0) && longitudes.contains(&10.5), "{longitudes:?}");
    }
}

#[test]
fn an_image_without_geometry_has_no_footprint() {
    assert!(of(&Geometry::Unknown, 100, 50).is_empty());
}
