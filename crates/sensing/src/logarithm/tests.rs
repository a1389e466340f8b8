use super::*;

#[test]
fn agrees_with_the_library_for_normal_numbers_of_every_size() {
    for k in 0..200_000_u32 {
        let x = f32::from_bits(f32::MIN_POSITIVE.to_bits() + k * 10_650);
        let truth = f64::from(x).ln();
        let off = (f64::from(ln32(x)) - truth).abs();
        assert!(x.is_finite() && off <= 2e-7 * truth.abs().max(1.0), "{x}: {off}");
    }
}
