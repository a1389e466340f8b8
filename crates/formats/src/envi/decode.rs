//! Stored numbers to `f32`, and rows of bands to pixels.
//! What the header declares to be no data arrives as NaN.

use super::layout::{Layout, Sample};

/// The declared no-data value; nothing equals it when none is declared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ignore(f64);

impl Ignore {
    /// A value declared with more digits than the numbers have is cut to theirs.
    pub(super) fn new(declared: Option<f64>, sample: Sample) -> Self {
        let value = declared.unwrap_or(f64::NAN);
        Self(if sample == Sample::F32 { f64::from(value as f32) } else { value })
    }

    /// For numbers that are `f32` in the file.
    pub(super) fn clean(self, number: f32) -> f32 {
        if number == self.0 as f32 { f32::NAN } else { number }
    }

    /// For numbers of any other kind: compared before digits are lost.
    pub(super) fn narrow(self, number: f64) -> f32 {
        if number == self.0 { f32::NAN } else { number as f32 }
    }

    /// For numbers that need all their digits.
    pub(super) fn keep(self, number: f64) -> f64 {
        if number == self.0 { f64::NAN } else { number }
    }
}

/// Decodes as many numbers as both `bytes` and `out` hold. Whole numbers above 2⁵³ lose digits.
pub(super) fn decode<T>(layout: Layout, bytes: &[u8], out: &mut [T], each: impl Fn(f64) -> T) {
    macro_rules! numbers {
        ($kind:ty) => {{
            let (numbers, _) = bytes.as_chunks::<{ size_of::<$kind>() }>();
            let pairs = out.iter_mut().zip(numbers);
            if layout.big_endian {
                pairs.for_each(|(out, bytes)| *out = each(<$kind>::from_be_bytes(*bytes) as f64));
            } else {
                pairs.for_each(|(out, bytes)| *out = each(<$kind>::from_le_bytes(*bytes) as f64));
            }
        }};
    }
    #[expect(clippy::cast_lossless, reason = "one text for every kind")]
    match layout.sample {
        Sample::U8 => numbers!(u8),
        Sample::I16 => numbers!(i16),
        Sample::I32 => numbers!(i32),
        Sample::F32 => numbers!(f32),
        Sample::F64 => numbers!(f64),
        Sample::U16 => numbers!(u16),
        Sample::U32 => numbers!(u32),
        Sample::I64 => numbers!(i64),
        Sample::U64 => numbers!(u64),
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

/// Samples turned together: one cache line of each row.
const LINE: usize = 16;
/// Side of the square that is turned in registers.
const SIDE: usize = 4;

/// Turns rows of bands into pixels, square by square: reading whole rows would write one number to
/// each of hundreds of cache lines before it came back to any.
pub(super) fn transpose(rows: Rows, pixels: Pixels, clean: impl Fn(f32) -> f32 + Copy) {
    let Pixels { numbers: out, stride, first } = pixels;
    let whole = rows.count / SIDE * SIDE;
    for (strip, out) in out.chunks_mut(LINE * stride).enumerate() {
        let row = |band: usize| &rows.numbers[band * rows.stride + strip * LINE..];
        let samples = out.len() / stride;
        let squared = if samples == LINE { whole } else { 0 };
        for band in (0..squared).step_by(SIDE) {
            let near = |i: usize| &row(band + i).as_chunks::<LINE>().0[0];
            let rows = [near(0), near(1), near(2), near(3)];
            for sample in (0..LINE).step_by(SIDE) {
                let turned = turn(rows, sample, clean);
                for (i, four) in turned.iter().enumerate() {
                    let at = (sample + i) * stride + first + band;
                    out[at..at + SIDE].copy_from_slice(four);
                }
            }
        }
        for band in squared..rows.count {
            let at = first + band;
            out[at..].iter_mut().step_by(stride).zip(row(band)).for_each(|(o, x)| *o = clean(*x));
        }
    }
}

/// Written out, with arrays of known length, so that the compiler sees shuffles and not sixteen
/// checked moves.
#[inline]
fn turn(
    [a, b, c, d]: [&[f32; LINE]; SIDE],
    sample: usize,
    clean: impl Fn(f32) -> f32,
) -> [[f32; SIDE]; SIDE] {
    let pixel = |s: usize| [clean(a[s]), clean(b[s]), clean(c[s]), clean(d[s])];
    [pixel(sample), pixel(sample + 1), pixel(sample + 2), pixel(sample + 3)]
}

#[cfg(test)]
mod tests;
