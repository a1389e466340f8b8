//! The little linear algebra a filter needs, sequential and therefore the same for any thread
//! count. Matrices are square, row by row, `f64`; symmetric ones hold at least the lower half.

use faer::{
    Accum, MatMut, MatRef, Par,
    linalg::matmul::{
        self,
        triangular::{self, BlockStructure},
    },
};
use wide::f32x8;

/// Adds `Σ y` and, to the lower half of `outer`, `Σ y yᵀ` over the rows (each as long as `sum`).
///
/// Ground differs first of all in brightness, which all bands share. Summed in `f32` as it comes,
/// its square would drown what tells gas from ground. So each row is split into its mean `b` and
/// the rest `r`, whose products are small,
///
/// ```text
/// y = b 1 + r,   Σ yyᵀ = Σ rrᵀ + c 1ᵀ + 1 cᵀ + Σ b² 11ᵀ,   c = Σ b r.
/// ```
///
/// `Σ rrᵀ` is summed in `f32` over blocks of rows and in `f64` across them.
pub(crate) fn add_products(
    rows: &[f32],
    sum: &mut [f64],
    outer: &mut [f64],
    scratch: &mut Vec<f32>,
) {
    const BLOCK: usize = 256;
    let p = sum.len();
    scratch.resize(p * p + BLOCK * p, 0.0);
    let (products, rest) = scratch.split_at_mut(p * p);
    for block in rows.chunks(BLOCK * p) {
        let rest = &mut rest[..block.len()];
        let Split { cross, square } = split(block, rest, sum);
        let r = MatRef::from_column_major_slice(rest, p, rest.len() / p);
        triangular::matmul(
            MatMut::from_row_major_slice_mut(products, p, p),
            BlockStructure::TriangularLower,
            Accum::Replace,
            r,
            BlockStructure::Rectangular,
            r.transpose(),
            BlockStructure::Rectangular,
            1.0,
            Par::Seq,
        );
        for (a, row) in products.chunks_exact(p).enumerate() {
            let own = cross[a] + square;
            for ((sum, &x), c) in outer[a * p..=a * p + a].iter_mut().zip(row).zip(&cross) {
                *sum += f64::from(x) + own + c;
            }
        }
    }
}

/// `Σ b r` and `Σ b²`.
struct Split {
    cross: Vec<f64>,
    square: f64,
}

/// Splits rows into mean and rest and adds `Σ y`; sums are in `f32` over sixteen rows and in `f64`
/// beyond.
fn split(rows: &[f32], rest: &mut [f32], sum: &mut [f64]) -> Split {
    let p = sum.len();
    let mut out = Split { cross: vec![0.0; p], square: 0.0 };
    let (mut cross, mut plain) = (vec![0.0_f32; p], vec![0.0_f32; p]);
    for (rows, rest) in rows.chunks(16 * p).zip(rest.chunks_mut(16 * p)) {
        cross.fill(0.0);
        plain.fill(0.0);
        for (row, rest) in rows.chunks_exact(p).zip(rest.chunks_exact_mut(p)) {
            let mean = sum32(row) / p as f32;
            out.square += f64::from(mean).powi(2);
            for (((r, &y), c), s) in rest.iter_mut().zip(row).zip(&mut cross).zip(&mut plain) {
                *r = y - mean;
                *c += mean * *r;
                *s += y;
            }
        }
        let parts = out.cross.iter_mut().zip(&cross).chain(sum.iter_mut().zip(&plain));
        parts.for_each(|(all, &part)| *all += f64::from(part));
    }
    out
}

/// Sum in eight lanes.
fn sum32(values: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let eights = values.chunks_exact(8);
    let tail: f32 = eights.remainder().iter().sum();
    for eight in eights {
        for k in 0..8 {
            lanes[k] += eight[k];
        }
    }
    lanes.iter().sum::<f32>() + tail
}

/// Lower Cholesky factor in place; `None` when the matrix is not positive definite.
pub(crate) fn cholesky(a: &mut [f64], p: usize) -> Option<()> {
    for i in 0..p {
        let (above, rest) = a.split_at_mut(i * p);
        let row = &mut rest[..p];
        for j in 0..i {
            let other = &above[j * p..j * p + p];
            row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
        }
        let pivot = row[i] - dot(&row[..i], &row[..i]);
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        row[i] = pivot.sqrt();
    }
    Some(())
}

/// Solves `L x = b` in place for a lower Cholesky factor.
pub(crate) fn forward(l: &[f64], b: &mut [f64]) {
    let p = b.len();
    for i in 0..p {
        b[i] = (b[i] - dot(&l[i * p..i * p + i], &b[..i])) / l[i * p + i];
    }
}

/// Solves `Lᵀ x = b` in place for a lower Cholesky factor.
pub(crate) fn backward(l: &[f64], b: &mut [f64]) {
    let p = b.len();
    for i in (0..p).rev() {
        let x = b[i] / l[i * p + i];
        b[i] = x;
        for (earlier, &w) in b[..i].iter_mut().zip(&l[i * p..i * p + i]) {
            *earlier -= x * w;
        }
    }
}

/// L⁻¹ of a lower Cholesky factor, by rows padded with zeros.
pub(crate) fn inverse_lower(l: &[f64], p: usize) -> Vec<f64> {
    let mut rows = vec![0.0_f64; p * p];
    for i in 0..p {
        let (above, rest) = rows.split_at_mut(i * p);
        let (row, pivot) = (&mut rest[..p], l[i * p + i]);
        for (k, other) in above.chunks_exact(p).enumerate() {
            let factor = l[i * p + k] / pivot;
            row[..=k].iter_mut().zip(&other[..=k]).for_each(|(r, o)| *r -= factor * o);
        }
        row[i] = pivot.recip();
    }
    rows
}

/// Rows of `a` (each `k` long) times the transpose of the rows of `b`, row by row into `out`.
pub(crate) fn rows_times_rows(a: &[f32], b: &[f32], k: usize, out: &mut [f32]) {
    let (n, m) = (a.len() / k, b.len() / k);
    matmul::matmul(
        MatMut::from_row_major_slice_mut(out, n, m),
        Accum::Replace,
        MatRef::from_row_major_slice(a, n, k),
        MatRef::from_row_major_slice(b, m, k).transpose(),
        1.0,
        Par::Seq,
    );
}

/// Sum of products, in eight lanes so that the order is fixed and the machine can go wide.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for k in 0..8 {
            lanes[k] += x[k] * y[k];
        }
    }
    lanes.iter().sum::<f64>() + tail
}

/// The same in `f32`, for pixels.
pub(crate) fn dot32(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (a16, b16) = (a.chunks_exact(16), b.chunks_exact(16));
    let tail: f32 = a16.remainder().iter().zip(b16.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a16.zip(b16) {
        for k in 0..16 {
            lanes[k] += x[k] * y[k];
        }
    }
    lanes.iter().sum::<f32>() + tail
}

/// Four rows with one: each as [`dot32`] has it, to the last bit, but their sums need not wait for each other.
pub(crate) fn dots32(rows: [&[f32]; 4], b: &[f32]) -> [f32; 4] {
    let halves = |x: &[f32; 16]| {
        [0, 8].map(|from| f32x8::from(std::array::from_fn::<f32, 8, _>(|k| x[from + k])))
    };
    let (whole, tail) = b.as_chunks::<16>();
    let parts = rows.map(|row| row.as_chunks::<16>().0);
    let mut lanes = [[f32x8::ZERO; 2]; 4];
    for (at, y) in whole.iter().enumerate() {
        let y = halves(y);
        for (lanes, part) in lanes.iter_mut().zip(&parts) {
            let x = halves(&part[at]);
            (0..2).for_each(|k| lanes[k] += x[k] * y[k]);
        }
    }
    std::array::from_fn(|k| {
        let rest = &rows[k][16 * whole.len()..];
        let rest: f32 = rest.iter().zip(tail).map(|(x, y)| x * y).sum();
        lanes[k].into_iter().flat_map(f32x8::to_array).sum::<f32>() + rest
    })
}

#[cfg(test)]
mod tests;
