use rand::RngExt;

use super::*;

const ROOM: Room = Room { low: [-50.0, -50.0, 0.0], size: [100.0, 100.0, 5.0] };

/// Draws of one source in a square around a place.
fn around(middle: [f64; 2], half_m: f64) -> Vec<Draw> {
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut at = |k: usize| middle[k] + half_m * (2.0 * dice.random::<f64>() - 1.0);
    (0..400)
        .map(|_| Draw {
            sources: vec![([at(0), at(1), 1.0], 2.0)],
            ln_posterior: 0.0,
            ln_likelihood: 0.0,
            scales: Vec::new(),
        })
        .collect()
}

fn told(draws: &[Draw]) -> Vec<Source> {
    sources(&draws.iter().collect::<Vec<_>>(), &ROOM)
}

#[test]
fn a_source_of_one_place_is_told_with_the_ellipse_that_holds_nine_in_ten_draws() {
    let told = told(&around([10.0, -5.0], 3.0));
    assert_eq!(told.len(), 1);
    assert!((told[0].place.east.0 - 10.0).abs() < 0.5, "{:?}", told[0]);
    assert!((2.0..4.5).contains(&told[0].ellipse.semi_major.0), "{:?}", told[0]);
}

#[test]
fn a_source_that_may_be_almost_anywhere_is_not_told() {
    assert!(told(&around([0.0, 0.0], 44.0)).is_empty());
}

#[test]
fn a_source_pressed_against_a_wall_is_not_told() {
    assert!(told(&around([49.0, 0.0], 3.0)).is_empty());
}

#[test]
fn a_number_is_believed_that_two_in_three_draws_have_or_exceed() {
    for (counts, expected) in [
        (&[0.0, 0.38, 0.35, 0.17, 0.1][..], 1),
        (&[0.0, 0.33, 0.39, 0.28], 2),
        (&[0.5, 0.5], 0),
        (&[0.0, 0.0, 1.0], 2),
        (&[1.0], 0),
    ] {
        assert_eq!(believed(counts), expected, "{counts:?}");
    }
}
