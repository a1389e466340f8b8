use super::*;

const FLOW: Flow =
    Flow { along: [1.0, 0.0], speed: 3.0, calm: false, spread: [0.15, 0.09], ppm_m3_s: 410.0 };

fn shape(lid: Option<f64>) -> Shape {
    Shape { half_width: 1.0, lid, wider: [1.1, 0.9] }
}

fn point(place: [f64; 3]) -> Sight {
    Sight { from: place, reach: None }
}

/// U ∫∫ C dy dz over a section across, in units of the rate.
fn flux(lid: Option<f64>, x: f64) -> f64 {
    let (step, top) = (0.2, lid.unwrap_or(60.0));
    let mut sum = 0.0;
    for i in -400..400 {
        for j in 0..(top / step) as i32 {
            let place = [x, f64::from(i) * step, (f64::from(j) + 0.5) * step];
            sum += share(&shape(lid), &FLOW, &point(place), [0.0, 0.0, 2.0]).mean;
        }
    }
    sum * step * step * FLOW.speed / FLOW.ppm_m3_s
}

#[test]
fn every_section_across_carries_the_rate() {
    for (lid, x) in [(None, 20.0), (None, 80.0), (Some(12.0), 20.0), (Some(12.0), 150.0)] {
        let flux = flux(lid, x);
        assert!((flux - 1.0).abs() < 2e-3, "lid {lid:?}, {x} m: {flux}");
    }
}

/// Mean along a beam by brute force.
fn fine(sight: &Sight, source: [f64; 3]) -> Share {
    let (n, reach) = (200_000, sight.reach.unwrap());
    let mut sum = Share::default();
    for i in 0..n {
        let t = (f64::from(i) + 0.5) / f64::from(n);
        let place = std::array::from_fn(|k| sight.from[k] + t * reach[k]);
        let s = share(&shape(None), &FLOW, &point(place), source);
        sum.mean += s.mean / f64::from(n);
        sum.swing += s.swing / f64::from(n);
    }
    sum
}

#[test]
fn a_beam_is_the_mean_of_its_points() {
    let beam = |from, reach| Sight { from, reach: Some(reach) };
    for sight in [
        beam([30.0, -40.0, 2.0], [0.0, 90.0, 1.0]),
        beam([25.0, -10.0, 2.0], [40.0, 30.0, 0.5]),
        beam([-20.0, 5.0, 3.0], [120.0, -12.0, 0.0]),
        beam([60.0, 0.5, 2.0], [0.0, 3.0, 2.0]),
    ] {
        let (got, want) =
            (share(&shape(None), &FLOW, &sight, [3.0, 1.0, 2.0]), fine(&sight, [3.0, 1.0, 2.0]));
        assert!((got.mean / want.mean - 1.0).abs() < 0.01, "{got:?} {want:?}");
        assert!((got.swing / want.swing - 1.0).abs() < 0.02, "{got:?} {want:?}");
    }
}

#[test]
fn nothing_is_carried_upwind() {
    let sight = Sight { from: [-30.0, -20.0, 2.0], reach: Some([20.0, 40.0, 0.0]) };
    assert_eq!(share(&shape(None), &FLOW, &sight, [0.0; 3]), Share::default());
}

#[test]
fn turning_the_wind_turns_the_plume() {
    let turned = FLOW.turned([0.0, 1.0]);
    let north = share(&shape(None), &turned, &point([0.0, 30.0, 2.0]), [0.0, 0.0, 2.0]);
    let east = share(&shape(None), &FLOW, &point([30.0, 0.0, 2.0]), [0.0, 0.0, 2.0]);
    assert!((north.mean - east.mean).abs() < 1e-9 * east.mean);
}

#[test]
fn the_quick_exponential_is_the_exponential() {
    for i in 0..70_000 {
        let x = -f64::from(i) * 0.01 + 0.003_7;
        assert!((exp(x) / x.exp() - 1.0).abs() < 1e-9, "{x}");
    }
}
