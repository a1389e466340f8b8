use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn turning_is_the_same_as_moving_number_by_number(
        (samples, count) in (1..70_usize, 1..20_usize),
        (before, after, gap) in (0..5_usize, 0..5_usize, 0..4_usize),
    ) {
        let from = samples + gap;
        let numbers: Vec<f32> = (0..(count - 1) * from + samples).map(|i| i as f32).collect();
        let stride = before + count + after;
        let mut seen = vec![-1.0; samples * stride];

        let pixels = Pixels { numbers: &mut seen, stride, first: before };
        transpose(Rows { numbers: &numbers, stride: from, count }, pixels, |x| x + 0.5);

        for (at, x) in seen.iter().enumerate() {
            let (sample, band) = (at / stride, at % stride);
            let inside = (before..before + count).contains(&band);
            let moved = || (( band - before) * from + sample) as f32 + 0.5;
            prop_assert_eq!(*x, if inside { moved() } else { -1.0 });
        }
    }
}

#[test]
fn numbers_are_compared_with_no_data_before_digits_are_lost() {
    let layout = |sample| Layout { sample, ..Layout::USUAL };
    let ignore = Ignore::new(Some(16_777_217.0), Sample::I32);
    let bytes = [16_777_216_i32, 16_777_217].map(i32::to_le_bytes).concat();
    let mut out = [0.0; 2];
    decode(layout(Sample::I32), &bytes, &mut out, |x| ignore.narrow(x));
    assert!(out[0] == 16_777_216.0 && out[1].is_nan());

    // A header that writes -3.4028235e38 with fewer digits than the file holds.
    let ignore = Ignore::new(Some(-3.402_823_5e38), Sample::F32);
    assert!(ignore.clean(f32::MIN).is_nan());
    assert_eq!(Ignore::new(None, Sample::F32).clean(-9999.0), -9999.0);
}
