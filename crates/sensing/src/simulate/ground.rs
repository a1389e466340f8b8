//! Mixed ground: fields, roads, roofs, shrubs and water, mixed below the pixel.
//!
//! Land cover comes from slow random fields; inside towns and fields irregular cells carry their
//! own spectra. Every pixel is a linear mixture of up to eight measured spectra times a brightness
//! (texture, slope towards the sun, shade) and a few smooth spectral modes for the differences no
//! library holds. Linear mixing ends where light bounces twice: between trees, inside canyons.

use cathartes_core::scenery::{Surface, SurfaceClass};

use super::{
    field::{cell, fractal, mix, patch, unit},
    recipe::{GroundMix, View},
};

/// Number of smooth spectral modes.
pub(super) const MODES: usize = 6;

/// What one pixel is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Mixture {
    /// Index of the surface and its share.
    pub(super) parts: Vec<(u32, f32)>,
    /// Factor on the mixed reflectance.
    pub(super) brightness: f32,
    /// Strength of the smooth spectral modes.
    pub(super) modes: [f32; MODES],
    /// Height over the scene's mean, m.
    pub(super) height_m: f32,
}

impl Mixture {
    /// Covers a share of what is there with another surface.
    fn cover(&mut self, surface: u32, share: f32) {
        if share <= 0.0 {
            return;
        }
        for part in &mut self.parts {
            part.1 *= 1.0 - share.min(1.0);
        }
        self.parts.push((surface, share.min(1.0)));
    }
}

/// The ground of one scene.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    mix: GroundMix,
    seed: u64,
    pixel_m: f64,
    urban_above: f32,
    water_above: f32,
    /// Direction towards the sun in pixel axes (sample, line), times tan(zenith).
    sunward: [f32; 2],
    by_class: [Vec<u32>; 6],
}

/// Seeds of the fields, so that each is its own.
#[derive(Clone, Copy)]
enum Of {
    Urban = 1,
    Water,
    Warp,
    Fields,
    Blocks,
    Houses,
    Height,
    Texture,
    Weights,
    Shrubs,
    Modes,
}

impl Ground {
    pub(super) fn new(mix: &GroundMix, surfaces: &[Surface], seed: u64, pixel_m: f64) -> Self {
        let classes = [
            SurfaceClass::Green,
            SurfaceClass::Soil,
            SurfaceClass::Dry,
            SurfaceClass::Asphalt,
            SurfaceClass::Roof,
            SurfaceClass::Water,
        ];
        let by_class = classes.map(|class| {
            (0u32..).zip(surfaces).filter(|(_, s)| s.class == class).map(|(i, _)| i).collect()
        });
        let mut ground = Self {
            mix: mix.clone(),
            seed,
            pixel_m,
            urban_above: f32::MAX,
            water_above: f32::MAX,
            sunward: [0.0; 2],
            by_class,
        };
        ground.urban_above = ground.level(Of::Urban, mix.urban);
        ground.water_above = ground.level(Of::Water, mix.water);
        ground
    }

    /// Tilts the slopes towards the sun; `line_bearing_deg` is where the line axis points.
    pub(super) fn lit_from(mut self, view: &View, line_bearing_deg: f64) -> Self {
        let along = (view.sun_azimuth_deg - line_bearing_deg).to_radians();
        let tan = view.sun_zenith_deg.to_radians().tan();
        // The sample axis points to the left of the line axis, as on a map with north up.
        self.sunward = [(-along.sin() * tan) as f32, (along.cos() * tan) as f32];
        self
    }

    fn own(&self, of: Of) -> u64 {
        mix(self.seed ^ ((of as u64) << 32))
    }

    /// The level a slow field exceeds over a share of the land.
    fn level(&self, of: Of, share: f64) -> f32 {
        if share <= 0.0 {
            return f32::MAX;
        }
        let seed = self.own(of);
        let mut values: Vec<f32> = (0..4096)
            .map(|i| {
                let bits = cell(seed, i, 77);
                let place = [unit(bits), unit(mix(bits))].map(|u| 400.0 * f64::from(u));
                fractal(seed, place, 4, 0.5)
            })
            .collect();
        values.sort_by(f32::total_cmp);
        values[((1.0 - share) * 4095.0) as usize]
    }

    fn pick(&self, class: SurfaceClass, bits: u64) -> u32 {
        let list = &self.by_class[class as usize];
        if list.is_empty() { 0 } else { list[(bits % list.len() as u64) as usize] }
    }

    fn slow(&self, of: Of, place_m: [f64; 2], size_m: f64) -> f32 {
        fractal(self.own(of), place_m.map(|x| x / size_m), 4, 0.5)
    }

    fn height_m(&self, place_m: [f64; 2]) -> f32 {
        let h = fractal(self.own(Of::Height), place_m.map(|x| x / 900.0), 5, 0.42);
        h * self.mix.relief_m as f32
    }

    /// What a pixel is made of.
    pub(super) fn at(&self, line: usize, sample: usize) -> Mixture {
        let place = [sample as f64 * self.pixel_m, line as f64 * self.pixel_m];
        let grain = cell(self.own(Of::Texture), sample as i64, line as i64);
        let mut m = Mixture { parts: Vec::with_capacity(8), ..Mixture::default() };
        let wet = self.slow(Of::Water, place, 700.0) - self.water_above;
        let shore = (0.5 + wet * 700.0 / self.pixel_m as f32 * 0.2).clamp(0.0, 1.0);
        if shore < 1.0 {
            if self.slow(Of::Urban, place, 900.0) > self.urban_above {
                self.town(&mut m, place, grain);
            } else {
                self.country(&mut m, place, grain);
            }
            self.shrubs(&mut m, place);
        }
        m.cover(self.pick(SurfaceClass::Water, self.seed), shore);
        self.light(&mut m, place, grain, shore);
        m
    }

    /// Share of a strip that is `width_m` wide on both sides of a border `distance_m` away.
    fn strip(&self, width_m: f32, distance_m: f32) -> f32 {
        (0.5 + (width_m - distance_m) / self.pixel_m as f32).clamp(0.0, 1.0)
    }

    fn country(&self, m: &mut Mixture, place: [f64; 2], grain: u64) {
        let size = self.mix.patch_m;
        let bend = 0.12 * f64::from(self.slow(Of::Warp, place, 2.0 * size));
        let p = patch(self.own(Of::Fields), place[0] / size + bend, place[1] / size - bend);
        let weights = [self.mix.green, self.mix.soil, self.mix.dry];
        let draw = f64::from(unit(mix(p.id ^ 1))) * weights.iter().sum::<f64>();
        let class = if draw < weights[0] {
            SurfaceClass::Green
        } else if draw < weights[0] + weights[1] {
            SurfaceClass::Soil
        } else {
            SurfaceClass::Dry
        };
        let other =
            if class == SurfaceClass::Soil { SurfaceClass::Dry } else { SurfaceClass::Soil };
        self.blend(m, [class, class, other], p.id, (place, grain));
        if p.border.is_multiple_of(3) {
            let kind =
                if p.border.is_multiple_of(2) { SurfaceClass::Asphalt } else { SurfaceClass::Soil };
            let share = self.strip(3.0, p.to_border * size as f32);
            m.cover(self.pick(kind, p.border / 7), share);
        }
    }

    fn town(&self, m: &mut Mixture, place: [f64; 2], grain: u64) {
        let size = 90.0;
        let p = patch(self.own(Of::Blocks), place[0] / size, place[1] / size);
        let yard = [SurfaceClass::Green, SurfaceClass::Soil, SurfaceClass::Roof];
        self.blend(m, yard, p.id, (place, grain));
        let lot = 22.0;
        let (ix, iy) = ((place[0] / lot).floor(), (place[1] / lot).floor());
        let id = cell(self.own(Of::Houses), ix as i64, iy as i64);
        if unit(id) < 0.75 {
            let half = [4.0 + 5.0 * unit(mix(id ^ 1)), 4.0 + 5.0 * unit(mix(id ^ 2))];
            let off = [place[0] - (ix + 0.5) * lot, place[1] - (iy + 0.5) * lot];
            let inside =
                self.strip(half[0], off[0].abs() as f32) * self.strip(half[1], off[1].abs() as f32);
            // One roof in three follows its block; the others are their own.
            let kind = if mix(id ^ 3).is_multiple_of(3) { p.id } else { mix(id ^ 4) };
            m.cover(self.pick(SurfaceClass::Roof, kind), inside);
        }
        let road = self.strip(5.0, p.to_border * size as f32);
        m.cover(self.pick(SurfaceClass::Asphalt, p.id / 11), road);
    }

    /// Three surfaces of a cell in shares that drift over metres and jump from pixel to pixel.
    fn blend(
        &self,
        m: &mut Mixture,
        classes: [SurfaceClass; 3],
        id: u64,
        (place, grain): ([f64; 2], u64),
    ) {
        let seed = self.own(Of::Weights) ^ id;
        let drift = |k: u64| fractal(seed ^ k, place.map(|x| x / 40.0), 3, 0.6);
        let jump = |k: u64| unit(mix(grain ^ k)) - 0.5;
        let v = self.mix.variability as f32;
        let second = (0.3 + v * (0.12 * drift(1) + 0.12 * jump(1))).clamp(0.0, 0.9);
        let third = (0.08 + v * (0.05 * drift(2) + 0.05 * jump(2))).clamp(0.0, 0.6);
        let own = self.mix.field_contrast as f32;
        for (class, (k, share)) in classes.into_iter().zip([(5, 1.0), (6, second), (7, third)]) {
            if own < 1.0 {
                m.cover(self.pick(class, mix(self.seed ^ k)), share);
            }
            m.cover(self.pick(class, mix(id ^ k)), share * own);
        }
    }

    /// Single plants, a few metres wide.
    fn shrubs(&self, m: &mut Mixture, place: [f64; 2]) {
        let seed = self.own(Of::Shrubs);
        let thick = fractal(seed ^ 9, place.map(|x| x / 250.0), 2, 0.5);
        let here = fractal(seed, place.map(|x| x / 7.0), 2, 0.6) + 0.5 * thick - 1.5;
        let kind = if seed.is_multiple_of(2) { SurfaceClass::Green } else { SurfaceClass::Dry };
        let id = cell(seed, (place[0] / 60.0) as i64, (place[1] / 60.0) as i64);
        m.cover(self.pick(kind, id), (0.6 * here).clamp(0.0, 0.8));
    }

    fn light(&self, m: &mut Mixture, place: [f64; 2], grain: u64, shore: f32) {
        let land = 1.0 - shore;
        m.height_m = self.height_m(place) * land;
        let step = 10.0;
        let rise = [
            self.height_m([place[0] + step, place[1]]) - self.height_m(place),
            self.height_m([place[0], place[1] + step]) - self.height_m(place),
        ];
        // A slope that rises away from the sun faces it.
        let facing = -(rise[0] * self.sunward[0] + rise[1] * self.sunward[1]) / step as f32;
        let t = self.mix.texture as f32;
        let drift = fractal(self.own(Of::Texture), place.map(|x| x / 30.0), 4, 0.65);
        let white = (unit(grain) + unit(mix(grain)) + unit(mix(grain ^ 8)) - 1.5) * 2.0;
        let shade = (drift - 1.6).max(0.0) * 2.0 * t;
        m.brightness = (land * t * (0.8 * drift + 0.5 * white - shade)).exp()
            * (1.0 + land * facing).clamp(0.35, 1.8);
        let v = self.mix.variability as f32;
        for (k, mode) in (0u64..).zip(&mut m.modes) {
            let seed = self.own(Of::Modes) ^ (k << 8);
            let drift = fractal(seed, place.map(|x| x / 60.0), 3, 0.7);
            let white = 3.4 * (unit(mix(grain ^ (31 + k))) - 0.5);
            *mode = v * land * (0.75 * drift + 0.65 * white);
        }
    }
}
