use cathartes_core::units::Degrees;
use proptest::prelude::*;

use super::*;

fn place(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn bbox(west: f64, south: f64, east: f64, north: f64) -> Bbox {
    Bbox { west: Degrees(west), south: Degrees(south), east: Degrees(east), north: Degrees(north) }
}

fn holds(ranges: &[(i64, i64)], cell: i64) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&cell))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_place_of_a_box_lies_in_the_cover(
        (west, south) in (-180.0_f64..180.0, -90.0_f64..90.0),
        (width, height) in (-4.0_f64..1.5, -4.0_f64..1.5),
        (x, y) in (0.0_f64..=1.0, 0.0_f64..=1.0),
    ) {
        let (width, height) = (10.0_f64.powf(width), 10.0_f64.powf(height));
        let north = (south + height).min(90.0);
        let east = if west + width > 180.0 { west + width - 360.0 } else { west + width };
        if let Some(ranges) = cover(bbox(west, south, east, north)) {
            let longitude = west + width * x;
            let longitude = if longitude > 180.0 { longitude - 360.0 } else { longitude };
            let cell = of(place(south + (north - south) * y, longitude)).unwrap();
            prop_assert!(holds(&ranges, cell));
        }
    }

    #[test]
    fn a_cover_is_a_few_ranges_in_order(
        (west, south) in (-179.0_f64..179.0, -80.0_f64..80.0), size in -4.0_f64..1.0,
    ) {
        let size = 10.0_f64.powf(size);
        let ranges = cover(bbox(west, south, west + size.min(1.0), south + size)).unwrap();
        prop_assert!(ranges.len() <= 200, "{}", ranges.len());
        prop_assert!(ranges.iter().all(|(first, last)| first <= last));
        prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}

#[test]
fn a_cover_is_not_much_larger_than_its_box() {
    let ranges = cover(bbox(10.0, 45.0, 10.1, 45.1)).unwrap();
    assert!(!holds(&ranges, of(place(45.5, 10.05)).unwrap()));
    assert!(!holds(&ranges, of(place(45.05, 10.6)).unwrap()));
}

#[test]
fn a_good_part_of_the_earth_has_no_cover() {
    assert!(cover(bbox(-180.0, -90.0, 180.0, 90.0)).is_none());
}

#[test]
fn what_is_no_place_has_no_cell() {
    assert_eq!(of(place(f64::NAN, 0.0)), None);
    assert!(of(place(90.0, 180.0)).is_some());
}
