//! Plumes from the maps of a search: where each is, how surely, how much gas it holds.
//!
//! The decision map says which pixels (`segment`), how often background alone would say so
//! (`tail`), and where the edge is (`outline`); the quantity map, which no threshold has touched,
//! is summed for the mass (`mass`, `stencil`).

use cathartes_core::{
    estimate::Estimate,
    gas::Gas,
    geometry::PixelSteps,
    plume::{PixelPlace, Plume},
    raster::Raster,
    units::{Kilograms, Metres, PpmMetres, SquareMetres},
    wind::Wind,
};
use rayon::prelude::*;

use crate::{
    maps::SearchMaps,
    plumes::stencil::Stencil,
    rate::{self, Rates},
};

mod fine;
pub(crate) mod frame;
pub(crate) mod mass;
mod outline;
mod segment;
pub(crate) mod stencil;
mod tail;

use frame::{Frame, Step, dot, length, minus};
use segment::{Levels, Lie, Patch};

pub use mass::mass;
pub(crate) use segment::clusters;

/// Share of false plumes that `look_alike` lets pass: what it flags need not be kept out by the
/// threshold. One in ten of 264 on simulated ground (seeds below 100).
const UNFLAGGED: f64 = 0.1;
/// Smaller scenes do not show `look_alike` enough ground: nothing is flagged there.
const JUDGED_FROM_PIXELS: usize = 10_000;

/// What is known of the ground and the air under a scene.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ground {
    /// Size and direction of a pixel; without it lengths, masses and rates are absent.
    pub steps: Option<PixelSteps>,
    /// Wind at plume height; without it rates are absent. Ignored without `steps`: nobody knows
    /// then which way the image lies.
    pub wind: Option<Wind>,
}

/// How to look for plumes.
#[derive(Debug, Clone, PartialEq)]
pub struct FindOptions {
    /// The gas searched for.
    pub gas: Gas,
    /// False plumes accepted in this scene, on average, that `look_alike` does not flag.
    pub expected_false_alarms: f64,
    /// Deviations of the decision map down to which a plume grows from its seed.
    pub grow_above: f64,
    /// Fewest pixels of a plume.
    pub min_pixels: usize,
    /// Where background is sampled to learn its scatter.
    pub seed: u64,
}

impl FindOptions {
    /// One false plume in ten scenes, grown down to two deviations, four pixels at least.
    #[must_use]
    pub fn new(gas: Gas) -> Self {
        Self { gas, expected_false_alarms: 0.1, grow_above: 2.0, min_pixels: 4, seed: 1 }
    }
}

/// The two maps that draw plumes: which pixels, and where the edge is.
#[derive(Debug, Clone, Copy)]
pub struct Drawing<'m> {
    /// Significance integrated over space.
    pub decision: &'m Raster,
    /// Significance of every single pixel.
    pub significance: &'m Raster,
    /// What background alone decides, where that is known apart; else it is told from the decision
    /// itself.
    pub background: Option<&'m Raster>,
}

/// Where a plume is and how surely; what it holds is another matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Pixels inside, as (line, sample).
    pub pixels: Vec<(u32, u32)>,
    /// Closed rings along pixel edges, outer ring first.
    pub outline: Vec<Vec<PixelPlace>>,
    /// Head of the plume, as in [`Plume::origin`].
    pub origin: PixelPlace,
    /// As in [`Plume::false_alarm_probability`].
    pub false_alarm_probability: f64,
}

/// The plumes of a scene, strongest first.
#[must_use]
pub fn find(maps: &SearchMaps, ground: &Ground, options: &FindOptions) -> Vec<Plume> {
    let (decision, significance) = (&maps.decision, &maps.significance);
    let drawing = Drawing { decision, significance, background: None };
    let judged = decision.values.len() >= JUDGED_FROM_PIXELS;
    let shapes = drawn(drawing, ground, options, if judged { UNFLAGGED } else { 1.0 });
    measure(maps, &shapes, ground, options)
}

/// The plumes of some shapes, numbered in their order, by the quantity map of the gas they are of.
#[must_use]
pub fn measure(
    maps: &SearchMaps,
    shapes: &[Shape],
    ground: &Ground,
    options: &FindOptions,
) -> Vec<Plume> {
    let free = free(maps, shapes.iter().map(|shape| shape.pixels.clone()));
    let scene = Scene { maps, ground, options, lie: Lie::of(ground), free: &free };
    let numbered = shapes.par_iter().enumerate();
    numbered.map(|(n, shape)| scene.plume(n as u32 + 1, shape.clone())).collect()
}

/// The outlines of a scene's plumes, strongest first, from the maps that decide alone. Nobody judges
/// these for look-alikes: all false ones count among those expected.
#[must_use]
pub fn shapes(drawing: Drawing, ground: &Ground, options: &FindOptions) -> Vec<Shape> {
    drawn(drawing, ground, options, 1.0)
}

/// The outlines, when so large a share of the false ones will pass for plumes.
fn drawn(drawing: Drawing, ground: &Ground, options: &FindOptions, unflagged: f64) -> Vec<Shape> {
    let decision = drawing.decision;
    let tail =
        drawing.background.map_or_else(|| tail::Tail::measure(decision), tail::Tail::of_background);
    let seed = tail.level_for(options.expected_false_alarms / unflagged).max(options.grow_above);
    let grow = options.grow_above;
    let levels = Levels { seed, join: 0.5 * (seed + grow), grow };
    let lie = Lie::of(ground);
    let fine = fine::fine(drawing.significance);
    let both = segment::Maps { decision, fine: &fine };
    segment::patches(both, levels, options.min_pixels, &lie)
        .iter()
        .map(|patch| Shape::of(patch, decision, &lie, tail.probability(patch.peak, unflagged)))
        .collect()
}

impl Shape {
    fn of(patch: &Patch, decision: &Raster, lie: &Lie, false_alarm_probability: f64) -> Self {
        let pixels = places(&patch.pixels, decision.samples);
        let origin = origin(&pixels, decision, lie);
        Self { outline: outline::rings(&pixels), origin, false_alarm_probability, pixels }
    }
}

impl Lie {
    fn of(ground: &Ground) -> Self {
        let frame = Frame::of(ground.steps.as_ref());
        let downwind = ground.steps.and(ground.wind.as_ref()).map(frame::downwind);
        Self { frame, downwind }
    }
}

/// The head: of the places where the decision passes half its peak (below that the blur of the
/// spatial test reaches out upwind of any source), the one farthest upwind; the strongest when the
/// wind is not known.
fn origin(pixels: &[(u32, u32)], decision: &Raster, lie: &Lie) -> PixelPlace {
    let decision = |p: &(u32, u32)| decision.at(p.0 as usize, p.1 as usize);
    let peak = pixels.iter().map(decision).fold(f32::MIN, f32::max);
    let strong = pixels.iter().filter(|p| decision(p) >= 0.5 * peak);
    let along =
        |p: &(u32, u32), downwind| dot(lie.frame.step(f64::from(p.0), f64::from(p.1)), downwind);
    let head = match lie.downwind {
        Some(downwind) => strong.min_by(|a, b| along(a, downwind).total_cmp(&along(b, downwind))),
        None => strong.max_by(|a, b| decision(a).total_cmp(&decision(b))),
    };
    let (line, sample) = head.copied().unwrap_or_default();
    PixelPlace { line_px: f64::from(line) + 0.5, sample_px: f64::from(sample) + 0.5 }
}

/// Pixels with a value and without a plume near them.
pub(crate) fn free_of(maps: &SearchMaps, plumes: &[Plume]) -> Vec<bool> {
    free(maps, plumes.iter().map(|plume| plume.pixels.clone()))
}

fn free(maps: &SearchMaps, plumes: impl Iterator<Item = Vec<(u32, u32)>>) -> Vec<bool> {
    let (values, sigmas) = (&maps.enhancement_ppmm.values, &maps.sigma_ppmm.values);
    let mut free: Vec<bool> =
        values.iter().zip(sigmas).map(|(v, s)| v.is_finite() && s.is_finite()).collect();
    let (lines, samples) = (maps.decision.lines, maps.decision.samples);
    for pixels in plumes {
        for (l, s) in mass::grown(&pixels, mass::SKIRT_PX, lines, samples) {
            free[l as usize * samples + s as usize] = false;
        }
    }
    free
}

fn places(pixels: &[usize], samples: usize) -> Vec<(u32, u32)> {
    pixels.iter().map(|&i| ((i / samples) as u32, (i % samples) as u32)).collect()
}

/// Everything a plume is measured against.
struct Scene<'a> {
    maps: &'a SearchMaps,
    ground: &'a Ground,
    options: &'a FindOptions,
    lie: Lie,
    free: &'a [bool],
}

impl Scene<'_> {
    fn plume(&self, number: u32, shape: Shape) -> Plume {
        let Shape { pixels, outline, origin, false_alarm_probability } = shape;
        let scale = self.ground.steps;
        let rates = self.rates(&pixels);
        Plume {
            number,
            gas: self.options.gas.slug.clone(),
            origin,
            false_alarm_probability,
            peak: self.peak(&pixels),
            length: scale.map(|_| Metres(self.extent(&outline))),
            area: scale.map(|_| SquareMetres(pixels.len() as f64 * self.lie.frame.pixel_area())),
            mass: scale.map(|_| self.mass(&pixels)),
            rate_by_mass: rates.by_mass.map(|r| r.estimate),
            rate_by_mass_range: rates.by_mass.map(|r| r.range),
            rate_by_sections: rates.by_sections.map(|r| r.estimate),
            rate_by_sections_range: rates.by_sections.map(|r| r.range),
            look_alike: None,
            identification: None,
            emitter: None,
            pixels,
            outline,
        }
    }

    /// The largest pixel, as measured: the largest of many is biased upwards by noise.
    fn peak(&self, pixels: &[(u32, u32)]) -> Estimate<PpmMetres> {
        let (value, std) = pixels
            .iter()
            .map(|&(l, s)| (l as usize, s as usize))
            .map(|(l, s)| (self.maps.enhancement_ppmm.at(l, s), self.maps.sigma_ppmm.at(l, s)))
            .filter(|(value, _)| value.is_finite())
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap_or((0.0, f32::INFINITY));
        Estimate { value: PpmMetres(f64::from(value)), std: PpmMetres(f64::from(std)) }
    }

    /// The farthest two corners of the outer ring lie apart.
    fn extent(&self, outline: &[Vec<PixelPlace>]) -> f64 {
        let corners: Vec<Step> = outline
            .first()
            .into_iter()
            .flatten()
            .map(|p| self.lie.frame.step(p.line_px, p.sample_px))
            .collect();
        let apart = |a: &Step| corners.iter().map(|b| length(minus(*a, *b))).fold(0.0, f64::max);
        corners.iter().map(apart).fold(0.0, f64::max)
    }

    fn quantity(&self) -> stencil::Ground<'_> {
        stencil::Ground {
            value: &self.maps.enhancement_ppmm,
            sigma: &self.maps.sigma_ppmm,
            free: self.free,
        }
    }

    fn rates(&self, pixels: &[(u32, u32)]) -> Rates {
        let Some(wind) = self.ground.steps.and(self.ground.wind.as_ref()) else {
            return Rates::default();
        };
        let air = rate::Air {
            frame: self.lie.frame,
            wind,
            molar_mass: self.options.gas.molar_mass,
            seed: self.options.seed,
        };
        rate::rates(pixels, &self.quantity(), &air)
    }

    fn mass(&self, pixels: &[(u32, u32)]) -> Estimate<Kilograms> {
        let sum = self.around(pixels).sum(&self.quantity(), self.options.seed);
        let per_pixel = self.lie.frame.pixel_area();
        let kg = |ppmm: f64| mass(ppmm * per_pixel, self.options.gas.molar_mass);
        let std = sum.std.hypot(mass::SCALE * sum.value);
        Estimate { value: kg(sum.value), std: kg(std) }
    }

    /// The outline grown over the skirts, and free pixels around it, none of them downwind, where
    /// the plume goes on below the threshold.
    fn around(&self, pixels: &[(u32, u32)]) -> Stencil {
        let Raster { lines, samples, .. } = self.maps.decision;
        let inner = mass::grown(pixels, mass::SKIRT_PX, lines, samples);
        let wide = ((pixels.len() as f64).sqrt() * 0.5).clamp(4.0, 15.0) as i32;
        let centre = self.centre(pixels);
        let ring = mass::grown(pixels, mass::SKIRT_PX + wide, lines, samples)
            .into_iter()
            .filter(|&(l, s)| self.free[l as usize * samples + s as usize])
            .filter(|&(l, s)| !self.is_downwind(centre, (l, s)))
            .collect();
        Stencil { inner: inner.into_iter().map(|(l, s)| (l, s, 1.0)).collect(), ring }
    }

    fn centre(&self, pixels: &[(u32, u32)]) -> Step {
        let n = pixels.len() as f64;
        let sum =
            pixels.iter().fold((0.0, 0.0), |c, p| (c.0 + f64::from(p.0), c.1 + f64::from(p.1)));
        self.lie.frame.step(sum.0 / n, sum.1 / n)
    }

    /// Within 45° of the wind from the centre.
    fn is_downwind(&self, centre: Step, (l, s): (i32, i32)) -> bool {
        self.lie.downwind.is_some_and(|downwind| {
            let way = minus(self.lie.frame.step(f64::from(l), f64::from(s)), centre);
            dot(way, downwind) > length(way) * 0.5_f64.sqrt()
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
