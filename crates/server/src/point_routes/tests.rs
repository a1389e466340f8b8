use cathartes_core::geometry::LatLon;

use super::*;

fn point(number: u128, [longitude, latitude]: [f64; 2], ln_odds: f64) -> SitePoint {
    let place = LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    SitePoint { id: SiteId(number), place, ln_odds }
}

#[test]
fn an_answer_is_as_long_as_what_it_says_and_says_it_where_its_form_has_it() {
    let points =
        vec![point(7, [-179.999_999_9, 45.5], 0.0), point(u128::MAX, [180.0, -90.0], 40.0)];
    let told = SitePoints { fold: 9, whole: false, points, gone: vec![SiteId(3)], more: false };
    let bytes = written(&told);
    let [head, each, other] = BYTES;
    assert_eq!(bytes.len(), head + 2 * each + other);
    assert_eq!(&bytes[..4], b"pts1");
    let word = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!([4, 8, 12, 16, 20].map(word), [0, 2, 1, 9, 0]);
    assert_eq!([24, 28].map(word), [-1_799_999_999, 1_800_000_000]);
    assert_eq!([32, 36].map(word), [455_000_000, -900_000_000]);
    let id = |at: usize| u128::from_be_bytes(bytes[at..at + 16].try_into().unwrap());
    assert_eq!([40, 56, 72].map(id), [7, u128::MAX, 3]);
    assert_eq!(bytes[88..], [128, 255]);
}

#[test]
fn of_more_than_fit_it_says_that_there_are_more() {
    let told = SitePoints { fold: 2, whole: true, more: true, ..SitePoints::default() };
    assert_eq!(written(&told)[4..16], [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}
