//! Pixel offsets as metres east and north; as pixels right and up when nobody knows the metres.

use cathartes_core::{geometry::PixelSteps, wind::Wind};

/// A step on the ground: east and north, m (pixels right and up without a ground scale).
pub(crate) type Step = [f64; 2];

/// The ground under a pixel grid, taken as flat and evenly spaced over one plume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    per_line: Step,
    per_sample: Step,
}

impl Frame {
    pub(crate) fn of(steps: Option<&PixelSteps>) -> Self {
        let Some(steps) = steps else {
            return Self { per_line: [0.0, -1.0], per_sample: [1.0, 0.0] };
        };
        let along = |bearing: f64, length: f64| {
            let (east, north) = bearing.to_radians().sin_cos();
            [length * east, length * north]
        };
        Self {
            per_line: along(steps.line_bearing.0, steps.per_line.0),
            per_sample: along(steps.sample_bearing.0, steps.per_sample.0),
        }
    }

    pub(crate) fn step(&self, lines: f64, samples: f64) -> Step {
        [0, 1].map(|i| lines * self.per_line[i] + samples * self.per_sample[i])
    }

    pub(crate) fn pixel_area(&self) -> f64 {
        (self.per_sample[0] * self.per_line[1] - self.per_sample[1] * self.per_line[0]).abs()
    }

    /// Side of a square pixel of the same area.
    pub(crate) fn pixel(&self) -> f64 {
        self.pixel_area().sqrt()
    }
}

pub(crate) fn dot(a: Step, b: Step) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

pub(crate) fn minus(a: Step, b: Step) -> Step {
    [a[0] - b[0], a[1] - b[1]]
}

pub(crate) fn length(a: Step) -> f64 {
    a[0].hypot(a[1])
}

/// Where the wind carries things, as a unit step.
pub(crate) fn downwind(wind: &Wind) -> Step {
    let (east, north) = wind.from.0.to_radians().sin_cos();
    [-east, -north]
}

/// The longest axis of weighted places: centre, unit step along the axis, deviation along and
/// across it. `None` when the weights do not sum to something positive.
pub(crate) fn axis(places: impl Iterator<Item = (Step, f64)> + Clone) -> Option<Axis> {
    let (mut total, mut sum) = (0.0, [0.0; 2]);
    for (p, w) in places.clone() {
        total += w;
        sum = [sum[0] + w * p[0], sum[1] + w * p[1]];
    }
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let centre = sum.map(|s| s / total);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (p, w) in places {
        let [x, y] = minus(p, centre);
        xx += w * x * x / total;
        xy += w * x * y / total;
        yy += w * y * y / total;
    }
    let (half, spread) = (0.5 * (xx + yy), (0.5 * (xx - yy)).hypot(xy));
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    Some(Axis {
        centre,
        along: [angle.cos(), angle.sin()],
        deviation: (half + spread).max(0.0).sqrt(),
        deviation_across: (half - spread).max(0.0).sqrt(),
    })
}

/// The longest axis of a cloud of places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    pub(crate) centre: Step,
    pub(crate) along: Step,
    pub(crate) deviation: f64,
    pub(crate) deviation_across: f64,
}
