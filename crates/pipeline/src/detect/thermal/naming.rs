//! What each plume of a thermal scene holds.

use cathartes_core::{
    emitter::{EmitterKind, EmitterVerdict},
    estimate::Estimate,
    identification::Identification,
    raster::Raster,
    units::{Kelvin, PpmMetres},
};
use cathartes_sensing::{
    bank::{Bank, Target},
    emitter,
    fitted::FittedGas,
    identify::{self, Beliefs, Identifier, IdentifyError, PlumePixels, shown},
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
/// Column of the heart of a plume, which makes most of its spectrum, over the mean of its pixels.
const HEART_RATIO: f64 = 2.0;
/// Plumes that take less of the light bend by less than shapes are allowed to be wrong.
const THIN_DEPTH: f64 = 0.1;
/// Bands that tell how warm a pixel is, at most.
const MOST_CLEAR: usize = 12;

/// What plumes are named with.
pub(super) struct Case<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) warmth: &'a Warmth<'a>,
    pub(super) bank: &'a Bank<'a>,
    pub(super) kinds: &'a [EmitterKind],
    /// Of any gas.
    pub(super) significance: &'a Raster,
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
        match self.identification(shape) {
            Ok(identification) => self.known(shape, identification),
            Err(why) => {
                let note = Some(format!("not identified: {why}"));
                let label = Label::Unknown;
                Name { label, identification: None, spectrum: None, emitter: None, note }
            }
        }
    }

    /// First as if the plume were thin; then, with the shapes of its gases bent as thick as they were
    /// found, once more: unbent, what a thick gas lacks is put down to others.
    fn identification(&self, shape: &Shape) -> Result<Identification, IdentifyError> {
        let plume = PlumePixels { pixels: &shape.pixels, relative_contrast: None };
        let (lens, seen) = identify::look(self.bank, &plume, self.scene.task.options.seed)?;
        let sought = &self.warmth.sought;
        let contrasts: Vec<Option<Contrast>> =
            sought.iter().map(|sought| self.contrast(&shape.pixels, sought)).collect();
        let named = |targets: &[Target]| {
            let identifier = Identifier::new(&lens, targets, Beliefs::default())?;
            let mut known = identifier.identify(&seen);
            self.add_columns(&contrasts, &mut known);
            Ok(known)
        };
        let thin = named(self.bank.targets())?;
        let bent: Vec<Target> =
            self.bank.targets().iter().map(|target| self.bent(target, &thin)).collect();
        if bent == self.bank.targets() { Ok(thin) } else { named(&bent) }
    }

    /// A target as a gas of the column found makes it; as it was, when there is none to speak of.
    fn bent(&self, target: &Target, known: &Identification) -> Target {
        let column = known
            .of(&target.gas)
            .filter(|gas| gas.probability >= NAMED_FROM)
            .and_then(|gas| Some(gas.column?.value.0 * HEART_RATIO).filter(|column| *column > 1.0));
        let Some((column, place)) = column.zip(self.place(&target.gas)) else {
            return target.clone();
        };
        let signature = &self.warmth.sought[place].signature;
        let depth = signature.log_transmittance(PpmMetres(column));
        if depth.iter().all(|ln| ln.abs() < THIN_DEPTH) {
            return target.clone();
        }
        let bend = |((t, ln), unit): ((&f64, f64), &f64)| {
            if *unit < 0.0 { t * ln.exp_m1() / (unit * column) } else { *t }
        };
        let bands = target.per_ppmm_k.iter().zip(depth).zip(&signature.unit_per_ppmm);
        Target { gas: target.gas.clone(), per_ppmm_k: bands.map(bend).collect() }
    }

    /// Columns by the contrast of each gas sought.
    fn add_columns(&self, contrasts: &[Option<Contrast>], known: &mut Identification) {
        for gas in &mut known.gases {
            let contrast = self.place(&gas.gas).and_then(|place| contrasts[place]);
            gas.column = gas.amplitude.zip(contrast).and_then(|(found, c)| c.column(found));
        }
    }

    fn known(&self, shape: &Shape, identification: Identification) -> Name {
        let label = self.label(&identification);
        let best = identification.best.iter().filter_map(|slug| {
            let amplitude = identification.of(slug)?.amplitude?;
            Some((self.place(slug)?, amplitude.value.0))
        });
        let seed = self.scene.task.options.seed;
        let best: Vec<(usize, f64)> = best.collect();
        let mut spectrum = shown(self.bank, &shape.pixels, &best, self.significance, seed);
        let fits = spectrum.iter_mut().flat_map(|spectrum| &mut spectrum.fits);
        for gas in fits.flat_map(|fit| &mut fit.gases) {
            gas.column = column(gas, &identification);
        }
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

/// The column of a fitted gas by the contrast that the plume was identified with.
fn column(gas: &FittedGas, known: &Identification) -> Option<Estimate<PpmMetres>> {
    let (fitted, told) = (gas.amplitude?, known.of(&gas.gas)?);
    let (amplitude, column) = (told.amplitude?, told.column?);
    let contrast = amplitude.value.0 / column.value.0;
    let relative = |value: f64, std: f64| (std / value).powi(2);
    // What the contrast adds: the column was as uncertain as it and the amplitude are together.
    let of_contrast =
        relative(column.value.0, column.std.0) - relative(amplitude.value.0, amplitude.std.0);
    let value = fitted.value.0 / contrast;
    let std = (fitted.std.0 / contrast).hypot(value * of_contrast.max(0.0).sqrt());
    let column = Estimate { value: PpmMetres(value), std: PpmMetres(std) };
    (value.is_finite() && std.is_finite()).then_some(column)
}

/// An unknown column.
pub(super) const NO_COLUMN: Estimate<PpmMetres> =
    Estimate { value: PpmMetres(f64::NAN), std: PpmMetres(f64::NAN) };
