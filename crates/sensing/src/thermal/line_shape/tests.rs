use super::*;
use crate::thermal::instruments::WIDTH_OVER_SAMPLING_RATIO;

const ALL: [Apodisation; 3] =
    [Apodisation::NortonBeerMedium, Apodisation::Hamming, Apodisation::Triangular];

#[test]
fn the_widths_are_those_of_the_table() {
    let width = |a: Apodisation| a.width_ratio();
    assert!((width(Apodisation::Boxcar) - 1.207).abs() < 0.001);
    assert!((width(Apodisation::Triangular) - 1.772).abs() < 0.001);
    assert!((width(Apodisation::Hamming) - 1.815).abs() < 0.005);
    let norton_beer = width(Apodisation::NortonBeerMedium);
    assert!((norton_beer - WIDTH_OVER_SAMPLING_RATIO).abs() < 0.01, "{norton_beer}");
}

#[test]
fn a_triangle_gives_a_sinc_squared() {
    for at in [0.3, 0.9, 1.7, 2.6] {
        let x = PI * at / 2.0;
        let sinc = (x.sin() / x).powi(2);
        let line = Apodisation::Triangular.line_share(PerCm(at), PerCm(1.0));
        assert!((line - sinc).abs() < 1e-4, "{at}: {line} {sinc}");
    }
}

/// Narrow lines, one every few cm⁻¹ and of many strengths, as the Q and R branches of ammonia.
fn lines() -> Vec<(f64, f64)> {
    (0..60)
        .map(|i| {
            let at = f64::from(i);
            (900.0 + 1.7 * at + 0.9 * (2.3 * at).sin(), (1.0 + (1.9 * at).sin()).powi(3))
        })
        .collect()
}

/// Largest difference of a spectrum seen by the line and by the Gaussian of its width, over the
/// largest value.
fn off(apodisation: Apodisation, sampling: f64) -> f64 {
    let width = sampling * apodisation.width_ratio();
    let gauss = |x: f64| (-4.0 * std::f64::consts::LN_2 * (x / width).powi(2)).exp();
    let line = |x: f64| apodisation.line_share(PerCm(x), PerCm(sampling));
    let reach = 40.0 * sampling;
    let area = |shape: &dyn Fn(f64) -> f64| -> f64 {
        let steps = 1_600;
        (0..steps)
            .map(|i| shape(reach * (f64::from(i) / f64::from(steps) * 2.0 - 1.0)))
            .sum::<f64>()
            * 2.0
            * reach
            / f64::from(steps)
    };
    let (of_line, of_gauss) = (area(&line), area(&gauss));
    let lines = lines();
    let (mut worst, mut top) = (0.0_f64, 0.0_f64);
    for i in 0..40 {
        let nu = 920.0 + 1.5 * f64::from(i);
        let see = |shape: &dyn Fn(f64) -> f64, area: f64| -> f64 {
            lines.iter().map(|(at, s)| s * shape(nu - at)).sum::<f64>() / area
        };
        let (real, ours) = (see(&line, of_line), see(&gauss, of_gauss));
        worst = worst.max((real - ours).abs());
        top = top.max(real);
    }
    worst / top
}

#[test]
fn the_gaussian_of_the_same_width_is_off_by_a_few_hundredths_and_a_sinc_by_much_more() {
    for sampling in [4.0 / WIDTH_OVER_SAMPLING_RATIO, 1.0 / WIDTH_OVER_SAMPLING_RATIO] {
        for apodisation in ALL {
            let off = off(apodisation, sampling);
            println!("{apodisation:?} at {sampling:.2} cm-1: {off:.4}");
            assert!(off < 0.08, "{apodisation:?}: {off}");
        }
        let sinc = off(Apodisation::Boxcar, sampling);
        println!("Boxcar at {sampling:.2} cm-1: {sinc:.4}");
        assert!(sinc > off(Apodisation::NortonBeerMedium, sampling));
    }
}
