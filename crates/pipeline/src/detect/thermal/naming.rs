//! What each plume of a thermal scene holds.

use cathartes_core::{
    emitter::{EmitterKind, EmitterVerdict},
    estimate::Estimate,
    identification::Identification,
    units::{Kelvin, PpmMetres},
};
use cathartes_sensing::{
    bank::Bank,
    emitter,
    identify::{self, Beliefs, PlumePixels, shown},
    look_alike::PlumeSpectrum,
    plumes::Shape,
    thermal::contrast::{self, Contrast},
};

use super::{Sought, Warmth};
use crate::detect::scene::Scene;

/// From here on a gas is called by its name.
const NAMED_FROM: f64 = 0.5;
/// Contrast is told from none at so many deviations.
pub(super) const CONTRAST_SIGMAS: u32 = 2;
/// Bands that tell how warm a pixel is, at most.
const MOST_CLEAR: usize = 12;

/// What plumes are named with.
pub(super) struct Case<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) warmth: &'a Warmth<'a>,
    pub(super) bank: &'a Bank<'a>,
    pub(super) kinds: &'a [EmitterKind],
}

/// What a plume is listed as.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Label {
    /// A gas, by its place among those sought.
    Gas(usize),
    /// One of several, by their places.
    OneOf(Vec<usize>),
    /// None that was sought, or nobody knows which.
    Unknown,
}

/// What one plume holds.
pub(super) struct Name {
    pub(super) label: Label,
    /// Absent when the plume leaves too little ground to compare it with.
    pub(super) identification: Option<Identification>,
    pub(super) spectrum: Option<PlumeSpectrum>,
    /// What kind of emitter it speaks for.
    pub(super) emitter: Option<EmitterVerdict>,
    /// Why there is no identification.
    pub(super) note: Option<String>,
}

impl Case<'_> {
    pub(super) fn name(&self, shape: &Shape) -> Name {
        let plume = PlumePixels { pixels: &shape.pixels, relative_contrast: None };
        let seed = self.scene.task.options.seed;
        match identify::identify(self.bank, &plume, Beliefs::default(), seed) {
            Ok(identification) => self.known(shape, identification),
            Err(why) => {
                let note = Some(format!("not identified: {why}"));
                let label = Label::Unknown;
                Name { label, identification: None, spectrum: None, emitter: None, note }
            }
        }
    }

    fn known(&self, shape: &Shape, mut identification: Identification) -> Name {
        let label = self.label(&identification);
        for gas in &mut identification.gases {
            let sought = self.place(&gas.gas).map(|place| &self.warmth.sought[place]);
            gas.column = gas
                .amplitude
                .zip(sought)
                .and_then(|(found, sought)| self.contrast(&shape.pixels, sought)?.column(found));
        }
        let best = identification.best.iter().filter_map(|slug| {
            let amplitude = identification.of(slug)?.amplitude?;
            Some((self.place(slug)?, amplitude.value.0))
        });
        let seed = self.scene.task.options.seed;
        let spectrum = shown(self.bank, &shape.pixels, &best.collect::<Vec<_>>(), seed);
        let emitter = Some(emitter::judge(&identification, self.kinds));
        Name { label, identification: Some(identification), spectrum, emitter, note: None }
    }

    fn place(&self, slug: &str) -> Option<usize> {
        self.warmth.sought.iter().position(|s| s.gas.gas.slug == slug)
    }

    fn label(&self, identification: &Identification) -> Label {
        if let Some(gas) = identification.named(NAMED_FROM).next() {
            return self.place(&gas.gas).map_or(Label::Unknown, Label::Gas);
        }
        let group = identification.groups.iter().find(|group| group.probability >= NAMED_FROM);
        let places = group.map(|group| group.gases.iter().filter_map(|gas| self.place(gas)));
        places.map_or(Label::Unknown, |places| Label::OneOf(places.collect()))
    }

    /// The middle contrast over a plume, in bands its gas leaves alone.
    fn contrast(&self, pixels: &[(u32, u32)], sought: &Sought<'_>) -> Option<Contrast> {
        let bands = self.quiet(sought);
        let mut seen: Vec<Estimate<Kelvin>> = pixels
            .iter()
            .filter_map(|&(l, s)| self.ground(l as usize, s as usize, &bands))
            .collect();
        seen.sort_by(|a, b| a.value.0.total_cmp(&b.value.0));
        let middle = *seen.get(seen.len() / 2)?;
        Some(Contrast::between(middle, self.warmth.air.plume?, CONTRAST_SIGMAS))
    }

    /// Clear bands that a gas leaves alone, a few of them.
    pub(super) fn quiet(&self, sought: &Sought<'_>) -> Vec<usize> {
        let clear = contrast::clear_bands(&self.warmth.air.air, &[&sought.signature]);
        let every = clear.len().div_ceil(MOST_CLEAR).max(1);
        clear.into_iter().step_by(every).collect()
    }

    /// How warm the ground of a pixel looks.
    pub(super) fn ground(
        &self,
        line: usize,
        sample: usize,
        bands: &[usize],
    ) -> Option<Estimate<Kelvin>> {
        let seen =
            contrast::ground(self.warmth.cube.spectrum(line, sample), &self.warmth.air.air, bands)?;
        seen.value.0.is_finite().then_some(seen)
    }
}

/// An unknown column.
pub(super) const NO_COLUMN: Estimate<PpmMetres> =
    Estimate { value: PpmMetres(f64::NAN), std: PpmMetres(f64::NAN) };
