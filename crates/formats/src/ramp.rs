//! One perceptually uniform scale of colours for quantities, in pictures and tiles alike.

/// Red, green, blue.
pub type Rgb = [u8; 3];

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

/// What of the scale a quantity of nothing has: the darkest end is for black.
const LEAST: f64 = 0.12;

/// Colour of a share of the scale; below 0 and above 1 are its ends, and no number is the lower.
#[must_use]
pub fn inferno(share: f64) -> Rgb {
    let share = if share.is_nan() { 0.0 } else { share };
    let x = share.clamp(0.0, 1.0) * (INFERNO.len() - 1) as f64;
    let i = (x as usize).min(INFERNO.len() - 2);
    mix(INFERNO[i], INFERNO[i + 1], x - i as f64)
}

/// Colour of a quantity as a share of the one at the end of the scale.
#[must_use]
pub fn of_quantity(share: f64) -> Rgb {
    inferno(LEAST + (1.0 - LEAST) * share)
}

/// `share` of `over` on `under`.
#[must_use]
pub fn mix(under: Rgb, over: Rgb, share: f64) -> Rgb {
    let one = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    [0, 1, 2].map(|i| one(under[i], over[i]))
}
