use proptest::prelude::*;

use super::*;

const P: usize = 11;

fn rows(n: usize) -> Vec<f32> {
    (0..n * P).map(|i| ((i * i % 101) as f32 / 50.0 - 1.0) + (i as f32 * 0.37).sin()).collect()
}

fn plain(rows: &[f32]) -> Vec<f64> {
    let mut out = vec![0.0; P * P];
    for row in rows.chunks_exact(P) {
        for a in 0..P {
            for b in 0..=a {
                out[a * P + b] += f64::from(row[a]) * f64::from(row[b]);
            }
        }
    }
    out
}

#[test]
fn the_outer_sum_is_the_sum_of_outer_products() {
    let rows = rows(700);
    let (mut sum, mut fast) = (vec![0.0; P], vec![0.0; P * P]);
    add_products(&rows, &mut sum, &mut fast, &mut Vec::new());

    for (band, sum) in sum.iter().enumerate() {
        let exact: f64 = rows.iter().skip(band).step_by(P).map(|y| f64::from(*y)).sum();
        assert!((sum - exact).abs() < 1e-4, "{sum} for {exact}");
    }
    let worst = plain(&rows).iter().zip(&fast).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < 2e-3, "{worst} of sums around 700");
}

/// Rows of one brightness a row, 0.35, over what tells bands apart, 0.003.
fn bright_rows(n: usize) -> Vec<f32> {
    let brightness = |row: usize| 0.35 * (row as f32 * 1.7).sin();
    (0..n * P).map(|i| brightness(i / P) + 0.003 * ((i * i % 103) as f32 / 51.0 - 1.0)).collect()
}

#[test]
fn brightness_does_not_drown_what_tells_bands_apart() {
    let rows = bright_rows(1000);
    let (exact, mut fast) = (plain(&rows), vec![0.0; P * P]);
    add_products(&rows, &mut [0.0; P], &mut fast, &mut Vec::new());

    // What the sums say of the difference of two bands: Σ (yₐ − y_b)².
    let of = |m: &[f64], a: usize, b: usize| m[a * P + a] + m[b * P + b] - 2.0 * m[a * P + b];
    for (a, b) in [(1, 0), (7, 3), (10, 9)] {
        let (exact, fast) = (of(&exact, a, b), of(&fast, a, b));
        assert!((fast / exact - 1.0).abs() < 1e-5, "{fast} for {exact}");
    }
}

#[test]
fn a_factor_solves_its_own_matrix() {
    let a = plain(&rows(300));
    let mut factor = a.clone();
    cholesky(&mut factor, P).unwrap();
    let truth: Vec<f64> = (0..P).map(|i| 1.0 + i as f64).collect();
    let mut x: Vec<f64> =
        (0..P).map(|i| (0..P).map(|j| a[i.max(j) * P + i.min(j)] * truth[j]).sum()).collect();

    forward(&factor, &mut x);
    backward(&factor, &mut x);

    assert!(x.iter().zip(&truth).all(|(x, t)| (x - t).abs() < 1e-9), "{x:?}");
}

#[test]
fn a_flat_matrix_has_no_factor() {
    assert!(cholesky(&mut [1.0; 9], 3).is_none());
    assert!(cholesky(&mut [f64::NAN; 9], 3).is_none());
}

proptest! {
    #[test]
    fn four_products_at_once_are_each_to_the_last_bit_what_they_are_alone(
        numbers in prop::collection::vec(-1e3_f32..1e3, 5 * 53),
        length in 1_usize..53,
    ) {
        let row = |k: usize| &numbers[53 * k..53 * k + length];
        let together = dots32([row(0), row(1), row(2), row(3)], row(4));
        let alone = [0, 1, 2, 3].map(|k| dot32(row(k), row(4)));
        prop_assert_eq!(together.map(f32::to_bits), alone.map(f32::to_bits));
    }
}
