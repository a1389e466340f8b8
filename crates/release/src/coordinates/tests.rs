use cathartes_core::units::Degrees;
use proptest::prelude::*;

use super::*;

fn at(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

#[test]
fn decimals_have_a_metre_and_no_negative_zero() {
    assert_eq!(decimal(at(32.456_789, -116.512_344)), "32.45679, -116.51234");
    assert_eq!(decimal(at(-0.000_001, 0.0)), "0.00000, 0.00000");
}

#[test]
fn seconds_never_reach_sixty() {
    assert_eq!(dms(at(32.456_789, -116.512_344)), "32°27′24.4″N 116°30′44.4″W");
    assert_eq!(dms(at(-0.999_999_9, 9.999_999_9)), "1°00′00.0″S 10°00′00.0″E");
    assert_eq!(dms(at(-0.000_001, -0.000_001)), "0°00′00.0″N 0°00′00.0″E");
    assert_eq!(dms(at(f64::NAN, 1.0)), "NaN 1°00′00.0″E");
}

/// What the library of `GEOTRANS` (`mgrs` 1.6.0, Python) answers, a point in each kind of zone.
const REFERENCE: [(f64, f64, &str); 31] = [
    (32.456_789, -116.512_344, "11SNR4583291173"),
    (1e-7, 1e-7, "31NAA6602100000"),
    (-1e-7, -1e-7, "30MZE3397899999"),
    (19.4326, -99.1332, "14QMG8601748700"),
    (-12.0464, -77.0428, "18LTM7761767487"),
    (-34.6, -58.38, "21HUB7345870448"),
    (60.39299, 5.32415, "32VKN9747700830"),
    (60.0, 3.1, "32VJM7120366091"),
    (78.22, 15.65, "33XWG1481383004"),
    (78.9, 11.9, "33XVH3340460581"),
    (74.0, 8.9, "31XFC8125221017"),
    (77.0, 20.9, "33XXF4792154201"),
    (76.0, 33.2, "37XCE4360642873"),
    (80.1, 27.3, "35XNJ0575892762"),
    (83.999, -30.1, "25XEP3383428833"),
    (84.001, -30.1, "YUB6568423275"),
    (84.5, 123.4, "ZHL1015936388"),
    (89.9999, 45.0, "ZAG0000799992"),
    (90.0, 0.0, "ZAH0000000000"),
    (-79.99, 100.2, "47CNM2328419290"),
    (-80.01, 100.2, "BQL9426003111"),
    (-85.05, -160.7, "AYG1825181007"),
    (-89.5, -0.3, "AZN9970955511"),
    (-90.0, 0.0, "BAN0000000000"),
    (1.3, 179.999, "60NZG3378143887"),
    (1.3, -179.999, "01NAB6621843887"),
    (-17.7, 178.0, "60KXF0604442723"),
    (71.99, 4.4, "31WEV4830888378"),
    (40.0, -3.0, "30TWK0000027757"),
    (55.99, 4.0, "31UEC6238205417"),
    (64.0001, 4.0, "31WEL4891097408"),
];

#[test]
fn squares_are_those_of_geotrans() {
    for (latitude, longitude, square) in REFERENCE {
        let ours = mgrs(at(latitude, longitude)).unwrap();
        assert_eq!(ours.replace(' ', ""), square, "{latitude}, {longitude}");
    }
}

#[test]
fn what_is_not_on_the_earth_has_no_square() {
    assert_eq!(mgrs(at(90.1, 0.0)), None);
    assert_eq!(mgrs(at(f64::NAN, 0.0)), None);
    assert_eq!(mgrs(at(0.0, f64::INFINITY)), None);
}

proptest! {
    #[test]
    fn every_place_has_a_square(latitude in -90.0..=90.0, longitude in -400.0..400.0) {
        let square = mgrs(at(latitude, longitude));
        prop_assert!(square.is_some(), "{} {}", latitude, longitude);
        let square = square.unwrap();
        let digits = square.bytes().rev().take_while(|b| *b != b' ' ).count();
        prop_assert_eq!(digits, 5);
        prop_assert_eq!(mgrs(at(latitude, longitude + 360.0)).map(|s| s[..6].to_owned()), Some(square[..6].to_owned()));
    }
}
