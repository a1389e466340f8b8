use proptest::prelude::*;

use super::*;

const FLOW: Flow = Flow {
    along: [1.0, 0.0],
    speed: 3.0,
    calm: false,
    stray: 1.0,
    spread: [0.15, 0.09],
    ppm_m3_s: 410.0,
    way: None,
};

fn shape(lid: Option<f64>) -> Shape {
    Shape { half_width: 1.0, lid, wider: [1.1, 0.9], turn: [f64x4::ONE, f64x4::ZERO] }
}

fn point(place: [f64; 3]) -> Sight {
    Sight { from: place, reach: None }
}

/// Mean and swing of one reading.
fn one(shape: &Shape, sight: &Sight, source: [f64; 3]) -> [f64; 2] {
    let share = share(shape, &Pack::new(&[FLOW], &[*sight]), source);
    [share.mean, share.swing].map(|lanes| lanes.to_array()[0])
}

/// U ∫∫ C dy dz over a section across, in units of the rate.
fn flux(lid: Option<f64>, x: f64) -> f64 {
    let (step, top) = (0.2, lid.unwrap_or(60.0));
    let mut sum = 0.0;
    for i in -400..400 {
        for j in 0..(top / step) as i32 {
            let place = [x, f64::from(i) * step, (f64::from(j) + 0.5) * step];
            sum += one(&shape(lid), &point(place), [0.0, 0.0, 2.0])[0];
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

/// Mean and swing along a beam by brute force.
fn fine(shape: &Shape, sight: &Sight, source: [f64; 3]) -> [f64; 2] {
    let (n, reach) = (5_000, sight.reach.unwrap());
    let mut sum = [0.0; 2];
    for i in 0..n {
        let t = (f64::from(i) + 0.5) / f64::from(n);
        let place = std::array::from_fn(|k| sight.from[k] + t * reach[k]);
        let s = one(shape, &point(place), source);
        (0..2).for_each(|k| sum[k] += s[k] / f64::from(n));
    }
    sum
}

/// How near a beam comes to the middle of the ground, m.
fn nearest(from: [f64; 3], reach: [f64; 3]) -> f64 {
    let along = -(from[0] * reach[0] + from[1] * reach[1]);
    let t = (along / (reach[0].powi(2) + reach[1].powi(2)).max(1e-9)).clamp(0.0, 1.0);
    (from[0] + t * reach[0]).hypot(from[1] + t * reach[1])
}

fn beam(from: [f64; 3], reach: [f64; 3]) -> Sight {
    Sight { from, reach: Some(reach) }
}

#[test]
fn a_beam_across_the_wind_is_the_mean_of_its_points_to_a_thousandth() {
    for lid in [None, Some(9.0)] {
        for sight in [
            beam([30.0, -40.0, 2.0], [0.0, 90.0, 0.0]),
            beam([60.0, 0.5, 2.0], [0.0, 3.0, 2.0]),
            beam([12.0, 3.0, 2.0], [0.0, 40.0, 1.0]),
        ] {
            let (got, want) = (
                one(&shape(lid), &sight, [3.0, 1.0, 2.0]),
                fine(&shape(lid), &sight, [3.0, 1.0, 2.0]),
            );
            let off = [0, 1].map(|k| got[k] / want[k] - 1.0);
            assert!(off[0].abs() < 1e-3 && off[1].abs() < 5e-3, "{off:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_beam_that_passes_five_metres_off_is_the_mean_of_its_points_to_three_hundredths(
        from in [-60.0..60.0, -60.0..60.0, 0.5..8.0],
        to in [-60.0..60.0, -60.0..60.0, 0.5..8.0],
        height in 0.0..6.0,
    ) {
        let reach = std::array::from_fn(|k| to[k] - from[k]);
        prop_assume!(nearest(from, reach) > 5.0);
        let (sight, source) = (beam(from, reach), [0.0, 0.0, height]);
        let (got, want) = (one(&shape(None), &sight, source), fine(&shape(None), &sight, source));
        // What a beam of this length reads when it lies 15 m downwind and level with the source.
        let length = reach[0].hypot(reach[1]).max(1.0);
        let large = fine(&shape(None), &beam([15.0, -0.5 * length, height], [0.0, length, 0.0]), source);
        for k in 0..2 {
            let off = (got[k] - want[k]).abs();
            prop_assert!(off < 0.03 * want[k].max(large[k]), "{} {} {}", got[k], want[k], large[k]);
        }
    }

    #[test]
    fn a_short_beam_is_closed_as_well_as_it_is_summed(
        from in [10.0..60.0, -20.0..20.0, 0.5..8.0],
        reach in [-1.0..1.0, -20.0..20.0, -1.0..1.0],
    ) {
        let plume = Plume {
            shape: &shape(None),
            along: [f64x4::ONE, f64x4::ZERO],
            height: 2.0,
            growth: [f64x4::splat(0.165), f64x4::splat(0.081)],
            strength: f64x4::ONE,
        };
        let end = |t: f64| End {
            y: f64x4::splat(from[1] + t * reach[1]),
            z: f64x4::splat(from[2] + t * reach[2]),
            far: f64x4::splat(from[0] + t * reach[0] + 1.0 / 0.165),
        };
        let behind = f64x4::splat(1.0 / 0.165);
        let ends = [end(0.0), end(1.0)];
        let (closed, summed) = (plume.closed(ends, behind), plume.summed(ends, behind));
        let [closed, summed] = [closed, summed].map(|s| s.mean.to_array()[0]);
        // Of what air on the axis holds there.
        let most = 1.0 / (0.165 * 0.081 * from[0] * (from[0] + 6.0));
        prop_assert!((closed - summed).abs() < 0.06 * summed + 2e-3 * most, "{closed} {summed} {most}");
    }

    #[test]
    fn a_line_through_a_gaussian_is_closed(
        from in [-5.0..5.0, -5.0..5.0],
        to in [-5.0..5.0, -5.0..5.0],
    ) {
        let splat = |x: f64| f64x4::splat(x);
        let got = line_of_gauss([splat(from[0]), splat(to[0])], [splat(from[1]), splat(to[1])]);
        let n = 4_000;
        let point = |i: i32| {
            let r = (f64::from(i) + 0.5) / f64::from(n);
            let u = [0, 1].map(|k: usize| from[k] + r * (to[k] - from[k]));
            (-0.5 * (u[0] * u[0] + u[1] * u[1])).exp()
        };
        let want = (0..n).map(point).sum::<f64>() / f64::from(n);
        prop_assert!((got.to_array()[0] - want).abs() < 1e-6, "{got:?} {want}");
    }
}

#[test]
fn four_readings_at_once_are_each_what_they_are_alone() {
    let sights = [
        point([20.0, 3.0, 2.0]),
        beam([30.0, -40.0, 2.0], [0.0, 90.0, 1.0]),
        point([-4.0, 0.0, 2.0]),
    ];
    let together = share(&shape(None), &Pack::new(&[FLOW; 3], &sights), [1.0, 0.0, 2.0]);
    for (lane, sight) in sights.iter().enumerate() {
        let alone = one(&shape(None), sight, [1.0, 0.0, 2.0])[0];
        let off = (together.mean.to_array()[lane] - alone).abs();
        assert!(off <= 1e-6 * alone, "{lane}: {off} of {alone}");
    }
}

#[test]
fn nothing_is_carried_upwind() {
    let sight = beam([-30.0, -20.0, 2.0], [20.0, 40.0, 0.0]);
    assert_eq!(one(&shape(None), &sight, [0.0; 3]), [0.0; 2]);
}

#[test]
fn turning_the_wind_turns_the_plume() {
    let turned = Shape { turn: [f64x4::ZERO, f64x4::ONE], ..shape(None) };
    let north = one(&turned, &point([0.0, 30.0, 2.0]), [0.0, 0.0, 2.0]);
    let east = one(&shape(None), &point([30.0, 0.0, 2.0]), [0.0, 0.0, 2.0]);
    assert!((north[0] - east[0]).abs() < 1e-9 * east[0]);
}

#[test]
fn the_quick_exponential_is_the_exponential() {
    for i in 0..39_000 {
        let x = -f64::from(i) * 0.001 + 0.000_37;
        let got = exp(f64x4::splat(x)).to_array()[0];
        assert!((got / x.exp() - 1.0).abs() < 2e-7, "{x}");
    }
}
