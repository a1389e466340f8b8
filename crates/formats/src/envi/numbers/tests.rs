use super::*;

#[test]
fn runs_are_the_bands_that_follow_one_another() {
    let found = |bands: &[usize], most| runs(bands, most).collect::<Vec<_>>();
    assert_eq!(found(&[4, 5, 6, 2, 3, 9], 9), [(0, 4..7), (3, 2..4), (5, 9..10)]);
    assert_eq!(found(&[4, 5, 6, 7], 3), [(0, 4..7), (3, 7..8)]);
    assert_eq!(found(&[1, 1, 0], 3), [(0, 1..2), (1, 1..2), (2, 0..1)]);
    assert_eq!(found(&[], 3), []);
}
