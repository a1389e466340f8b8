//! Colours: one perceptually uniform scale for quantities, and the stretch of scenes.

use super::canvas::Rgb;

/// Ten even steps of `inferno` (Smith and van der Walt 2015, CC0): brightness rises evenly, also
/// in print and for the colour-blind.
const INFERNO: [Rgb; 10] = [
    [0, 0, 4],
    [27, 12, 65],
    [74, 12, 107],
    [120, 28, 109],
    [165, 44, 96],
    [207, 68, 70],
    [237, 105, 37],
    [251, 155, 6],
    [247, 209, 61],
    [252, 255, 164],
];

/// Colour of a share of the scale; below 0 and above 1 are its ends, and no number is the lower.
pub(super) fn inferno(share: f64) -> Rgb {
    let share = if share.is_nan() { 0.0 } else { share };
    let x = share.clamp(0.0, 1.0) * (INFERNO.len() - 1) as f64;
    let i = (x as usize).min(INFERNO.len() - 2);
    mix(INFERNO[i], INFERNO[i + 1], x - i as f64)
}

/// `share` of `over` on `under`.
pub(super) fn mix(under: Rgb, over: Rgb, share: f64) -> Rgb {
    let one = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    [0, 1, 2].map(|i| one(under[i], over[i]))
}

/// Radiance to brightness: 2 % of pixels black, 2 % white, the middle lifted as eyes do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    low: f32,
    high: f32,
}

impl Stretch {
    pub(super) fn learn(values: impl Iterator<Item = f32>) -> Self {
        let known: Vec<f32> = values.filter(|value| value.is_finite()).collect();
        let at = |share| super::quantile(known.clone(), share).unwrap_or_default() as f32;
        Self { low: at(0.02), high: at(0.98) }
    }

    pub(super) fn apply(self, value: f32) -> u8 {
        let span = self.high - self.low;
        let share = if span > 0.0 { ((value - self.low) / span).clamp(0.0, 1.0) } else { 0.5 };
        if share.is_nan() { 0 } else { (255.0 * share.powf(1.0 / 1.4)).round() as u8 }
    }
}
