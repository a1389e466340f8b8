//! Colours: the scale of quantities, and the stretch of scenes.

pub(super) use cathartes_formats::ramp::{inferno, mix, of_quantity};

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
