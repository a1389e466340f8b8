//! Significance blurred just enough to see the edge of a plume.
//!
//! A decision map that integrates over many pixels is high far beyond a strong plume: its widest
//! kernel still touches it. The edge is taken from a map with a narrow Gaussian instead, brought
//! to unit deviation by its lower side, median less 15.87 % quantile, where no gas is.

use cathartes_core::raster::Raster;

/// Width of the blur, pixels.
const WIDTH: f64 = 1.2;

/// The blurred map; NaN stays NaN and gives nothing to its neighbours.
pub(crate) fn fine(significance: &Raster) -> Raster {
    let reach = (3.0 * WIDTH).ceil() as i64;
    let kernel: Vec<f32> =
        (-reach..=reach).map(|d| (-0.5 * (d as f64 / WIDTH).powi(2)).exp() as f32).collect();
    let valid = |keep: &dyn Fn(f32) -> f32| Raster {
        values: significance
            .values
            .iter()
            .map(|&z| if z.is_finite() { keep(z) } else { 0.0 })
            .collect(),
        ..*significance
    };
    let both = |map: Raster| blurred(&blurred(&map, &kernel, (0, 1)), &kernel, (1, 0));
    let (sum, share) = (both(valid(&|z| z)), both(valid(&|_| 1.0)));
    let mut map = significance.clone();
    for ((z, sum), share) in map.values.iter_mut().zip(&sum.values).zip(&share.values) {
        *z = if z.is_finite() { sum / share.sqrt() } else { f32::NAN };
    }
    let unit = lower_deviation(&map.values);
    map.values.iter_mut().for_each(|z| *z /= unit);
    map
}

fn blurred(map: &Raster, kernel: &[f32], (dl, ds): (i64, i64)) -> Raster {
    let reach = (kernel.len() / 2) as i64;
    let mut out = Raster::filled(map.lines, map.samples, 0.0);
    for line in 0..map.lines as i64 {
        for (k, weight) in (-reach..=reach).zip(kernel) {
            let from = line + k * dl;
            if !(0..map.lines as i64).contains(&from) {
                continue;
            }
            let row = map.line(from as usize);
            let at = line as usize * map.samples;
            let (skip, shift) = ((-k * ds).max(0) as usize, (k * ds).max(0) as usize);
            let to = out.values[at..at + map.samples].iter_mut().skip(skip);
            to.zip(row.iter().skip(shift)).for_each(|(o, v)| *o += weight * v);
        }
    }
    out
}

/// Deviation of the lower side, 1 when there is nothing to measure.
fn lower_deviation(values: &[f32]) -> f32 {
    let mut seen: Vec<f32> = values.iter().copied().filter(|z| z.is_finite()).collect();
    if seen.len() < 10 {
        return 1.0;
    }
    let n = seen.len();
    let low = *seen.select_nth_unstable_by((n as f64 * 0.1587) as usize, f32::total_cmp).1;
    let middle = *seen.select_nth_unstable_by(n / 2, f32::total_cmp).1;
    if middle > low { middle - low } else { 1.0 }
}
