use proptest::prelude::*;

use super::*;

fn place(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

/// How far the middle of the circle is from places all along a ring of corners, the least and the most.
fn ways_m(middle: LatLon, ring: &[LatLon]) -> (f64, f64) {
    let next = ring.iter().cycle().skip(1);
    let along = ring.iter().zip(next).flat_map(|(from, to)| {
        let (bearing, length) = bearing_and_distance(*from, *to);
        (0..16).map(move |i| destination(*from, bearing, Metres(length.0 * f64::from(i) / 16.0)))
    });
    along.fold((f64::MAX, 0.0), |(least, most), at| {
        let way = bearing_and_distance(middle, at).1.0;
        (least.min(way), most.max(way))
    })
}

proptest! {
    #[test]
    fn no_edge_cuts_the_circle_and_none_is_more_than_ten_metres_off(
        x in -180.0..180.0, y in -90.0..90.0, size in 0.0..4.7,
    ) {
        let (middle, radius) = (place(x, y), 20.0 * 10_f64.powf(size));
        let (least, most) = ways_m(middle, &circle(middle, Metres(radius), Side::Outside).unwrap());
        prop_assert!(least >= radius && most <= radius + 10.0, "{} {}", least - radius, most - radius);

        let (least, most) = ways_m(middle, &circle(middle, Metres(radius), Side::Inside).unwrap());
        prop_assert!(most <= radius + 1e-6 && least >= radius - 10.0, "{} {}", least - radius, most - radius);
    }
}

#[test]
fn a_circle_has_no_more_corners_than_it_needs() {
    let corners = |radius| circle(place(0.0, 0.0), Metres(radius), Side::Outside).unwrap().len();
    assert_eq!([100.0, 5_000.0, 100_000.0].map(corners), [18, 75, 332]);
}

#[test]
fn a_circle_without_a_radius_is_refused() {
    for radius in [0.0, -1.0, f64::NAN, 3e6] {
        assert!(circle(place(0.0, 0.0), Metres(radius), Side::Inside).is_err());
    }
}
