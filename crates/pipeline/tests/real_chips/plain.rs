//! The matched filter that everybody writes first: one mean and one covariance of the whole scene,
//! no shrinkage, nothing left out. Written apart from ours, to compare with.

/// Its bands and the change of ln radiance per ppm m in each.
pub(crate) struct Plain {
    pub(crate) bands: Vec<usize>,
    pub(crate) unit: Vec<f64>,
}

impl Plain {
    /// Enhancement of every pixel of a cube in order line, sample, band.
    pub(crate) fn enhancement_ppmm(&self, cube: &[f32], bands: usize) -> Vec<f32> {
        let pixels: Vec<Vec<f64>> = cube
            .chunks_exact(bands)
            .map(|pixel| self.bands.iter().map(|&b| f64::from(pixel[b])).collect())
            .collect();
        let (n, p) = (pixels.len() as f64, self.bands.len());
        let mean: Vec<f64> = (0..p).map(|b| pixels.iter().map(|x| x[b]).sum::<f64>() / n).collect();
        let mut covariance = vec![vec![0.0; p]; p];
        for x in &pixels {
            for (i, row) in covariance.iter_mut().enumerate() {
                for (j, c) in row.iter_mut().enumerate() {
                    *c += (x[i] - mean[i]) * (x[j] - mean[j]) / (n - 1.0);
                }
            }
        }
        let target: Vec<f64> = mean.iter().zip(&self.unit).map(|(m, s)| m * s).collect();
        let weights = solved(covariance, target.clone());
        let dot = |a: &[f64]| a.iter().zip(&weights).map(|(a, w)| a * w).sum::<f64>();
        let information = dot(&target);
        pixels.iter().map(|x| ((dot(x) - dot(&mean)) / information) as f32).collect()
    }
}

/// x of `a x = b` by elimination with pivots.
fn solved(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[i][k].abs().total_cmp(&a[j][k].abs())).unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        let row = a[k].clone();
        for i in k + 1..n {
            let by = a[i][k] / row[k];
            a[i].iter_mut().zip(&row).skip(k).for_each(|(x, r)| *x -= by * r);
            b[i] -= by * b[k];
        }
    }
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - known) / a[k][k];
    }
    b
}
