use super::*;
use crate::toy::{self, EMPTY};

#[test]
fn taking_pixels_out_equals_never_having_had_them() {
    let cube = toy::scene(EMPTY).cube;
    let used = vec![true; cube.lines * cube.samples];
    let plume: Vec<bool> = (0..used.len()).map(|i| i % 17 == 3).collect();
    let rest: Vec<bool> = plume.iter().map(|p| !p).collect();

    let taken = masked(&cube, &sums(&cube, &used), &used, &plume);
    let never = sums(&cube, &rest);

    for column in 0..cube.samples {
        let (a, b) = (pooled(&taken, column, 2).unwrap(), pooled(&never, column, 2).unwrap());
        assert_eq!(a.n, b.n);
        let scale = b.covariance[0];
        let apart =
            |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
        assert!(apart(&a.covariance, &b.covariance) < 1e-5 * scale);
        assert!(apart(&a.mean, &b.mean) < 1e-5 * b.mean[0]);
    }
}

#[test]
fn columns_of_other_gain_pool_without_trace() {
    let cube = toy::scene(EMPTY).cube;
    let used = vec![true; cube.lines * cube.samples];
    let mut doubled = cube.clone();
    for (at, x) in doubled.data.iter_mut().enumerate() {
        if (at / cube.bands.len()) % cube.samples == 5 {
            *x *= 2.0;
        }
    }

    let a = pooled(&sums(&cube, &used), 4, 3).unwrap();
    let b = pooled(&sums(&doubled, &used), 4, 3).unwrap();

    assert!(a.covariance.iter().zip(&b.covariance).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn an_empty_column_has_no_moments() {
    let cube = toy::scene(EMPTY).cube;
    let used: Vec<bool> = (0..cube.lines * cube.samples).map(|i| i % cube.samples != 7).collect();
    let sums = sums(&cube, &used);

    assert!(pooled(&sums, 7, 3).is_none());
    assert_eq!(pooled(&sums, 8, 1).unwrap().n, 2 * (cube.lines - 1));
}
