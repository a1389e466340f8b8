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
fn the_ellipse_of_a_source_reaches_a_fifth_farther_than_nine_in_ten_draws() {
    let draws = around([10.0, -5.0], 3.0);
    let told = told(&draws);
    let [source] = told.as_slice() else { panic!("{told:?}") };
    assert!((source.place.east.0 - 10.0).abs() < 0.5, "{source:?}");
    let (sin, cos) = source.ellipse.bearing.0.to_radians().sin_cos();
    let within = |draw: &&Draw| {
        let [e, n] = [0, 1].map(|k| draw.sources[0].0[k]);
        let (e, n) = (e - source.place.east.0, n - source.place.north.0);
        let (along, across) = (e * sin + n * cos, e * cos - n * sin);
        let far = (along / source.ellipse.semi_major.0).hypot(across / source.ellipse.semi_minor.0);
        far * FARTHER <= 1.0
    };
    assert_eq!(draws.iter().filter(within).count(), 360, "of 400");
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
