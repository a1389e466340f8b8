use super::*;

fn look(second: i64, west: f64, limit: Option<f64>) -> Look {
    let corner = |east: f64, north: f64| LatLon {
        latitude: Degrees(north),
        longitude: Degrees((west + east + 180.0).rem_euclid(360.0) - 180.0),
    };
    Look {
        time: Timestamp::from_second(1_790_000_000 + second).unwrap(),
        corners: [corner(0.0, 0.0), corner(0.01, 0.0), corner(0.01, 0.01), corner(0.0, 0.01)],
        limit: limit.map(KgPerHour),
    }
}

/// A hundredth of a degree square at the equator.
const SQUARE_M2: f64 = 1_113.194_9 * 1_105.743;

fn close(area: SquareMetres, squares: f64) -> bool {
    (area.0 / SQUARE_M2 - squares).abs() < 1e-3
}

#[test]
fn ground_that_is_seen_twice_counts_once() {
    let looks: Vec<Look> = (0..11).map(|i| look(i, 7.0 + 0.001 * i as f64, None)).collect();
    let found = searched(&looks);
    assert_eq!((found.len(), found[0].looks, found[0].polygons.len()), (1, 11, 1));
    assert!(close(found[0].area, 2.0), "{:?}", found[0].area);
}

#[test]
fn the_antimeridian_is_no_edge() {
    let found = searched(&[look(0, 179.995, None), look(1, -179.995, None)]);
    assert_eq!(found[0].polygons.len(), 1);
    assert!(close(found[0].area, 2.0), "{:?}", found[0].area);
}

#[test]
fn what_would_be_found_tells_areas_apart() {
    let found =
        searched(&[look(0, 7.0, Some(2.0)), look(1, 7.02, Some(30.0)), look(2, 7.03, Some(30.5))]);
    let limits: Vec<f64> = found.iter().map(|area| area.limit.unwrap().0).collect();
    assert_eq!(found.iter().map(|area| area.looks).collect::<Vec<_>>(), [1, 2]);
    // Never told lower than it is.
    assert!(limits[0] >= 2.0 && limits[1] >= 30.5, "{limits:?}");
}

#[test]
fn nothing_looked_at_is_nothing_searched() {
    assert_eq!(searched(&[]), []);
}

#[test]
fn ground_that_was_flown_around_is_not_searched() {
    let ring = (0..4).flat_map(|i| [(i, 0), (4, i), (4 - i, 4), (0, 4 - i)]);
    let looks: Vec<Look> = ring
        .map(|(east, north)| {
            let mut look = look(0, 7.0 + 0.01 * f64::from(east), None);
            for corner in &mut look.corners {
                corner.latitude.0 += 0.01 * f64::from(north);
            }
            look
        })
        .collect();
    let found = searched(&looks);
    assert!(close(found[0].area, 16.0), "{:?}", found[0].area);
    assert!(found[0].polygons.len() > 1);
}
