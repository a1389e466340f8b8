//! Natural logarithm of many `f32` at once.
//!
//! A number is `2ᵉ m` with `m` between `√½` and `√2`. With `s = (m − 1)/(m + 1)`,
//!
//! ```text
//! ln(2ᵉ m) = e ln 2 + 2 s (1 + s²/3 + s⁴/5 + s⁶/7 + s⁸/9),
//! ```
//!
//! which leaves out less than 4e-10 of the second term. There is no branch and no table, so a loop
//! of it runs in the machine's wide lanes; the library's logarithm takes numbers one by one. Right
//! to 2e-7 of one or of the result, whichever is larger, for every positive normal number; anything
//! else gives a number without meaning.

/// ln of a positive normal number.
#[inline]
pub(crate) fn ln32(x: f32) -> f32 {
    /// Bits of √½: what lies above it in a number's bits is its exponent.
    const ROOT_HALF: i32 = 0x3f35_04f3;
    const MANTISSA: i32 = 0x007f_ffff;
    let above = x.to_bits() as i32 - ROOT_HALF;
    let exponent = (above >> 23) as f32;
    let m = f32::from_bits(((above & MANTISSA) + ROOT_HALF) as u32);
    let s = (m - 1.0) / (m + 1.0);
    let q = s * s;
    let series = 1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0 + q / 9.0)));
    exponent * std::f32::consts::LN_2 + 2.0 * s * series
}

#[cfg(test)]
mod tests;
