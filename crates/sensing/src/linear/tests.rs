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
    let mut fast = vec![0.0; P * P];
    add_outer(&rows, P, &mut fast, &mut Vec::new());

    let worst = plain(&rows).iter().zip(&fast).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < 2e-3, "{worst} of sums around 700");
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
