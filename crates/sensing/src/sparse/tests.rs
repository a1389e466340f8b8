use super::*;
use crate::{
    statistics,
    toy::{self, EMPTY, Recipe},
};

/// The iteration as the paper writes it: everything formed anew, in double precision.
fn by_the_book(x: &[Vec<f64>], s: &[f64], iterations: usize) -> Vec<f64> {
    let (n, p) = (x.len(), s.len());
    let mean = |x: &[Vec<f64>]| -> Vec<f64> {
        (0..p).map(|b| x.iter().map(|x| x[b]).sum::<f64>() / n as f64).collect()
    };
    let solve = |x: &[Vec<f64>], mu: &[f64], t: &[f64]| -> Vec<f64> {
        let mut c = vec![0.0; p * p];
        for x in x {
            for a in 0..p {
                for b in 0..=a {
                    c[a * p + b] += (x[a] - mu[a]) * (x[b] - mu[b]) / n as f64;
                }
            }
        }
        cholesky(&mut c, p).unwrap();
        let mut w = t.to_vec();
        forward(&c, &mut w);
        backward(&c, &mut w);
        w
    };
    let mut mu = mean(x);
    let mut t: Vec<f64> = mu.iter().zip(s).map(|(m, s)| m * s).collect();
    let r: Vec<f64> = x.iter().map(|x| dot(x, &mu) / dot(&mu, &mu)).collect();
    let mut w = solve(x, &mu, &t);
    let filter =
        |x: &[f64], mu: &[f64], w: &[f64]| -> f64 { (0..p).map(|b| (x[b] - mu[b]) * w[b]).sum() };
    let mut alpha: Vec<f64> =
        (0..n).map(|i| (filter(&x[i], &mu, &w) / (r[i] * dot(&t, &w))).max(0.0)).collect();
    for _ in 0..iterations {
        let omega: Vec<f64> = (0..n).map(|i| 1.0 / (r[i] * (alpha[i] + EPSILON))).collect();
        let cleaned: Vec<Vec<f64>> =
            (0..n).map(|i| (0..p).map(|b| x[i][b] - r[i] * alpha[i] * t[b]).collect()).collect();
        mu = mean(&cleaned);
        t = mu.iter().zip(s).map(|(m, s)| m * s).collect();
        w = solve(&cleaned, &mu, &t);
        alpha = (0..n)
            .map(|i| ((filter(&x[i], &mu, &w) - omega[i]) / (r[i] * dot(&t, &w))).max(0.0))
            .collect();
    }
    alpha
}

/// One pixel: how far the filter and the book are apart, what the book says, and its score.
type Pixel = (f64, f64, f64);

/// Every pixel of one column of a scene, the farthest apart last.
fn apart(toy: &toy::Toy, column: usize) -> Vec<Pixel> {
    let used = vec![true; toy.truth.len()];
    let sums = &statistics::sums(&toy.cube, &used)[column];
    let signature = &toy.signature.unit_per_ppmm;
    let y = statistics::column(&toy.cube, &used, column, &sums.unit);
    let fast = sparse(&y, sums, signature, 30).unwrap();
    let x: Vec<Vec<f64>> = (0..toy.cube.lines)
        .map(|line| toy.cube.spectrum(line, column).iter().map(|x| f64::from(*x)).collect())
        .collect();
    let slow = by_the_book(&x, signature, 30);
    let pairs = fast.enhancement_ppmm.iter().zip(&slow);
    let mut pixels: Vec<Pixel> = pairs
        .zip(&fast.score)
        .map(|((f, s), z)| ((f64::from(*f) - s).abs(), *s, f64::from(*z)))
        .collect();
    pixels.sort_by(|a, b| a.0.total_cmp(&b.0));
    pixels
}

#[test]
fn the_closed_form_equals_the_iteration_as_the_paper_writes_it() {
    for seed in [6, 7] {
        let toy = toy::scene(Recipe {
            lines: 300,
            samples: 8,
            seed,
            peak_ppmm: 4000.0,
            plumes: 2,
            ..EMPTY
        });
        let (mut strong, mut zero) = (0, 0);
        for column in 0..8 {
            let pixels = apart(&toy, column);
            strong += pixels.iter().filter(|p| p.1 > 500.0).count();
            zero += pixels.iter().filter(|p| p.1 == 0.0).count();
            // Double precision throughout, the two agree to 1e-7 ppm m. What is left comes from
            // single precision. It grows at a score of 2: a pixel of score m settles where
            // α² − mσα + σ² = 0, which has a solution from m = 2 on only, and near it settles slowly.
            assert!(pixels[300 - 30].0 < 0.05, "{:?}", &pixels[300 - 30..]);
            assert!(pixels[300 - 6].0 < 0.2, "{:?}", &pixels[300 - 6..]);
            assert!(pixels[300 - 1].0 < 2.0, "{:?}", &pixels[300 - 6..]);
            let far = pixels.iter().filter(|p| p.0 > 0.2);
            assert!(far.clone().all(|p| (p.2 - 2.0).abs() < 0.2), "{:?}", far.collect::<Vec<_>>());
        }
        assert!(strong > 50 && zero > 1000, "{strong} strong, {zero} at zero");
    }
}
