//! Stored numbers to `f32`, and rows of bands to pixels.
//!
//! No data declared arrives as NaN. A NaN nobody declared arrives as infinity, so that whoever
//! checks the values can tell the two apart.

use super::layout::{Layout, Sample};

/// What becomes of the declared no-data value and of NaN.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ignore {
    /// NaN, which equals nothing, when no number is declared.
    value: f64,
    /// What a NaN in the file arrives as.
    nan: f32,
}

impl Ignore {
    pub(super) fn new(declared: Option<f64>) -> Self {
        let nan = if declared.is_some_and(f64::is_nan) { f32::NAN } else { f32::INFINITY };
        Self { value: declared.unwrap_or(f64::NAN), nan }
    }

    /// For numbers stored as `f32`, whatever digits the header gives the value.
    pub(super) fn clean(self, number: f32) -> f32 {
        let nan = if number.is_nan() { self.nan } else { number };
        if number == self.value as f32 { f32::NAN } else { nan }
    }

    /// For numbers of any other kind: compared before digits are lost.
    fn narrow(self, number: f64) -> f32 {
        let nan = if number.is_nan() { self.nan } else { number as f32 };
        if number == self.value { f32::NAN } else { nan }
    }
}

/// Decodes every number of `bytes` into `out`, no data and all.
pub(super) fn decode(layout: Layout, ignore: Ignore, bytes: &[u8], out: &mut [f32]) {
    macro_rules! numbers {
        ($kind:ty, $clean:expr) => {{
            let (numbers, _) = bytes.as_chunks::<{ size_of::<$kind>() }>();
            let pairs = out.iter_mut().zip(numbers);
            if layout.big_endian {
                pairs.for_each(|(out, bytes)| *out = $clean(<$kind>::from_be_bytes(*bytes)));
            } else {
                pairs.for_each(|(out, bytes)| *out = $clean(<$kind>::from_le_bytes(*bytes)));
            }
        }};
    }
    match layout.sample {
        Sample::F32 => numbers!(f32, |x| ignore.clean(x)),
        Sample::F64 => numbers!(f64, |x| ignore.narrow(x)),
        Sample::U8 => numbers!(u8, |x| ignore.narrow(f64::from(x))),
        Sample::I16 => numbers!(i16, |x| ignore.narrow(f64::from(x))),
        Sample::U16 => numbers!(u16, |x| ignore.narrow(f64::from(x))),
        Sample::I32 => numbers!(i32, |x| ignore.narrow(f64::from(x))),
        Sample::U32 => numbers!(u32, |x| ignore.narrow(f64::from(x))),
        Sample::I64 => numbers!(i64, |x| ignore.narrow(x as f64)),
        Sample::U64 => numbers!(u64, |x| ignore.narrow(x as f64)),
    }
}

/// Rows of bands, `stride` numbers from one to the next.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) numbers: &'a [f32],
    pub(super) stride: usize,
    pub(super) count: usize,
}

/// Pixels of `stride` numbers, of which the rows fill those from `first` on.
pub(super) struct Pixels<'a> {
    pub(super) numbers: &'a mut [f32],
    pub(super) stride: usize,
    pub(super) first: usize,
}

/// Side of the square that is turned in registers and first-level cache.
const SIDE: usize = 8;

/// Turns rows of bands into pixels, square by square: reading whole rows would write one number to
/// each of hundreds of cache lines before it came back to any.
pub(super) fn transpose(rows: Rows, pixels: Pixels, clean: impl Fn(f32) -> f32 + Copy) {
    let samples = pixels.numbers.len() / pixels.stride;
    let (whole_samples, whole_bands) = (samples / SIDE * SIDE, rows.count / SIDE * SIDE);
    let Pixels { numbers: out, stride, first } = pixels;
    for s in (0..whole_samples).step_by(SIDE) {
        for b in (0..whole_bands).step_by(SIDE) {
            let from = &rows.numbers[b * rows.stride + s..];
            turn(from, rows.stride, &mut out[s * stride + first + b..], stride, clean);
        }
    }
    let rest = |s: usize, b: usize| clean(rows.numbers[b * rows.stride + s]);
    for s in 0..samples {
        let from = if s < whole_samples { whole_bands } else { 0 };
        for b in from..rows.count {
            out[s * stride + first + b] = rest(s, b);
        }
    }
}

#[inline]
fn turn(
    from: &[f32],
    from_stride: usize,
    to: &mut [f32],
    to_stride: usize,
    clean: impl Fn(f32) -> f32,
) {
    let mut square = [[0.0; SIDE]; SIDE];
    for (b, row) in from.chunks(from_stride).take(SIDE).enumerate() {
        for (s, number) in row.iter().take(SIDE).enumerate() {
            square[s][b] = clean(*number);
        }
    }
    for (pixel, row) in to.chunks_mut(to_stride).zip(&square) {
        pixel[..SIDE].copy_from_slice(row);
    }
}

#[cfg(test)]
mod tests;
