use super::*;
use crate::{
    statistics,
    toy::{self, EMPTY},
};

fn moments() -> (Moments, Vec<f64>) {
    let toy = toy::scene(EMPTY);
    let used = vec![true; toy.truth.len()];
    let moments = statistics::pooled(&statistics::sums(&toy.cube, &used), 3, 0).unwrap();
    (moments, toy.signature.unit_per_ppmm)
}

#[test]
fn a_thin_plume_over_the_mean_is_answered_in_full() {
    let (moments, signature) = moments();
    let filter = ColumnFilter::new(&moments, &signature, 0.0).unwrap();
    let pixel: Vec<f32> =
        moments.mean.iter().zip(&signature).map(|(m, s)| (m * (1.0 + 500.0 * s)) as f32).collect();

    let found = f64::from(Folded::from(&filter).score(&pixel)) * filter.sigma_ppmm;

    assert!((found - 500.0).abs() < 2.0, "{found}");
}

#[test]
fn a_gas_without_mark_has_no_filter() {
    let (moments, signature) = moments();
    assert!(ColumnFilter::new(&moments, &vec![0.0; signature.len()], 0.0).is_none());
}

#[test]
fn few_pixels_are_shrunk_more_than_many() {
    let (moments, signature) = moments();
    let shrinkage = |n| leave_one_out_shrinkage(&moments.covariance, signature.len(), n);
    let (few, many) = (shrinkage(60), shrinkage(60_000));
    assert!(few > 3.0 * many && few < 0.9, "{few} {many}");
}

/// The definition: every pixel judged by the covariance of the others.
#[test]
fn the_eigen_form_chooses_what_leaving_out_one_by_one_chooses() {
    let toy = toy::scene(toy::Recipe { lines: 120, samples: 1, bands: 12, ..EMPTY });
    let used = vec![true; 120];
    let sums = statistics::sums(&toy.cube, &used);
    let moments = statistics::pooled(&sums, 0, 0).unwrap();
    let fast = leave_one_out_shrinkage(&moments.covariance, 12, 120);

    let brute = |a: f64| -> f64 {
        let without = |k: usize| {
            let used: Vec<bool> = (0..120).map(|i| i != k).collect();
            let m = statistics::pooled(&statistics::sums(&toy.cube, &used), 0, 0).unwrap();
            let mut c = m.covariance.clone();
            shrink(&mut c, 12, a);
            cholesky(&mut c, 12).unwrap();
            let mut y: Vec<f64> =
                (0..12).map(|b| f64::from(toy.cube.spectrum(k, 0)[b]) / m.mean[b] - 1.0).collect();
            forward(&c, &mut y);
            2.0 * (0..12).map(|i| c[i * 13].ln()).sum::<f64>() + dot(&y, &y)
        };
        (0..120).map(without).sum::<f64>() / 120.0
    };
    let best = (0..=24)
        .map(|k| 10_f64.powf(-6.0 + f64::from(k) / 4.0).min(0.999))
        .min_by(|a, b| brute(*a).total_cmp(&brute(*b)))
        .unwrap();

    assert!(brute(fast) - brute(best) < 0.1, "{fast} against {best}");
}
