use cathartes_core::cube::CubeInfo;
use cathartes_core::geometry::{Crs, Geometry, MapGrid};

use super::*;

fn info(per_line_deg: f64) -> CubeInfo {
    let grid = MapGrid {
        crs: Crs::Geographic,
        origin: [10.0, 45.0],
        per_sample: [0.01, 0.0],
        per_line: [0.0, per_line_deg],
    };
    CubeInfo { lines: 100, samples: 50, geometry: Geometry::Map(grid), ..CubeInfo::default() }
}

#[test]
fn a_footprint_is_anticlockwise_whichever_way_the_image_was_flown() {
    for per_line_deg in [0.01, -0.01] {
        let ring = of(&info(per_line_deg));
        assert_eq!(ring.len(), 4);
        assert!(area_deg2(&ring) > 0.0, "{ring:?}");
        let longitudes: Vec<f64> = ring.iter().map(|p| p.longitude.0).collect();
        assert!(longitudes.contains(&10.0) && longitudes.contains(&10.5), "{longitudes:?}");
    }
}

#[test]
fn an_image_without_geometry_has_no_footprint() {
    assert!(of(&CubeInfo { geometry: Geometry::Unknown, ..info(0.01) }).is_empty());
}
