use super::*;
use crate::invert::air::Flow;

fn wander(interval_s: f64, count: usize) -> Wander {
    let flow = Flow {
        along: [1.0, 0.0],
        speed: 3.0,
        calm: false,
        stray: 1.0,
        spread: [0.2, 0.1],
        ppm_m3_s: 410.0,
        way: None,
    };
    let readings = Readings {
        sights: Vec::new(),
        flows: vec![flow; count],
        strays: Vec::new(),
        times: (0..count).map(|i| interval_s * i as f64).collect(),
        values: vec![0.0; count],
        level: 0.0,
        order: Vec::new(),
        runs: std::iter::once(0..count).collect(),
        sensors: vec![0],
    };
    Wander::new(&readings, 7)
}

#[test]
fn no_reading_feels_two_knots_that_move_at_once() {
    let wander = wander(300.0, 49);
    assert_eq!(wander.range(), 7..31);
    for (reading, &left) in wander.hats.left.iter().enumerate() {
        let mut felt = [0, 1].map(|odd| wander.felt(reading, odd));
        felt.sort_unstable();
        assert_eq!(felt, [left, left + 1]);
    }
}

#[test]
fn readings_of_the_moment_feel_gusts_that_means_do_not() {
    let (of_moments, of_means) = (wander(1.0, 600), wander(300.0, 49));
    assert!(of_moments.std > 2.0 * of_means.std, "{} {}", of_moments.std, of_means.std);
    assert_eq!(of_moments.hats.knots, 48);
}
