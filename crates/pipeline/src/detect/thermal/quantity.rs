//! Columns, masses and rates of the gases that plumes were named after.

use std::collections::HashSet;

use cathartes_core::{
    estimate::Estimate,
    gas::{CrossSection, Gas, OF_ALL_AIR},
    plume::{LookAlike, Plume},
    raster::Raster,
    signature::Signature,
    units::{GramsPerMole, Kelvin, PpmMetres, PpmMetresKelvin},
};
use cathartes_sensing::{
    bank::{AnyGas, GasMaps},
    maps::{Chosen, SearchMaps},
    plumes::{self, Ground, Shape},
    thermal::contrast::{self, Contrast},
};
use rayon::prelude::*;

use super::naming::{CONTRAST_SIGMAS, Case, Label, NO_COLUMN, Name};
use crate::detect::scene::Found;

/// Linear answers at which thick plumes are tabulated, ppm m: steps of a fifth from here.
const FIRST_PPMM: f64 = 10.0;
const STEP_RATIO: f64 = 1.2;
const STEPS: i32 = 48;

/// What plumes are measured in.
pub(super) struct Seen<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) any: &'a AnyGas,
    pub(super) ground: &'a Ground,
}

impl Seen<'_> {
    /// First what holds for all gases, then the plumes of each name, numbered through.
    pub(super) fn by_gas(&self, shapes: &[Shape], names: &[Name]) -> Vec<Found> {
        let mut found = vec![self.overview(names)];
        let mut done = HashSet::new();
        for name in names {
            if done.insert(&name.label) {
                let own = (0..names.len()).filter(|i| names[*i].label == name.label);
                found.push(self.of_label(&name.label, own.collect(), (shapes, names)));
            }
        }
        found
    }

    fn overview(&self, names: &[Name]) -> Found {
        let mut notes = self.case.warmth.notes.clone();
        let sought = self.case.warmth.sought.len();
        notes.push(format!(
            "{sought} gases looked for at once, worth {:.1} independent ones",
            self.any.independent_ratio
        ));
        notes.extend(names.iter().enumerate().filter_map(|(i, name)| {
            name.note.as_ref().map(|note| format!("plume {}: {note}", i + 1))
        }));
        let gas = stand_in("any", "any gas");
        Found { overview: true, ..self.found(gas, None, (Vec::new(), Vec::new()), notes) }
    }

    fn of_label(
        &self,
        label: &Label,
        own: Vec<usize>,
        (shapes, names): (&[Shape], &[Name]),
    ) -> Found {
        let sought = &self.case.warmth.sought;
        let (gas, place) = match label {
            Label::Gas(place) => (sought[*place].gas.clone(), Some(*place)),
            Label::OneOf(places) => {
                let of = |pick: fn(&Gas) -> &String, between: &str| {
                    let words = places.iter().map(|p| pick(&sought[*p].gas.gas).as_str());
                    words.collect::<Vec<_>>().join(between)
                };
                (stand_in(&of(|g| &g.slug, "-or-"), &of(|g| &g.name, " or ")), None)
            }
            Label::Unknown => (stand_in("unidentified", "unidentified gas"), None),
        };
        let spectra = own.iter().map(|i| names[*i].spectrum.clone()).collect();
        let mut found = self.found(gas, place, (Vec::new(), spectra), Vec::new());
        let shapes: Vec<Shape> = own.iter().map(|i| shapes[*i].clone()).collect();
        let find = self.case.scene.find_options(&found.gas.gas);
        found.plumes = plumes::measure(&found.maps, &shapes, self.ground, &find);
        for (plume, i) in found.plumes.iter_mut().zip(own) {
            plume.number = i as u32 + 1;
            plume.identification.clone_from(&names[i].identification);
            plume.emitter.clone_from(&names[i].emitter);
            if OF_ALL_AIR.contains(&found.gas.gas.slug.as_str()) {
                plume.look_alike = Some(air_own(&found.gas.gas));
            }
            if place.is_none() {
                unmeasured(plume);
            } else if !shows(plume, &found.maps.enhancement_ppmm) {
                unmeasured(plume);
                let n = plume.number;
                found.notes.push(format!(
                    "plume {n}: no contrast between ground and gas over most of it, so no column, mass or rate"
                ));
            }
        }
        found
    }

    fn found(
        &self,
        gas: CrossSection,
        place: Option<usize>,
        (plumes, spectra): (Vec<Plume>, Vec<Option<cathartes_sensing::look_alike::PlumeSpectrum>>),
        notes: Vec<String>,
    ) -> Found {
        let warmth = self.case.warmth;
        let maps = self.maps(place);
        let signature = place.map_or_else(
            || Signature {
                gas: gas.gas.slug.clone(),
                bands: warmth.cube.bands.clone(),
                unit_per_ppmm: vec![0.0; warmth.cube.bands.len()],
                columns: Vec::new(),
                table: Vec::new(),
                air_mass_factor: warmth.sought[0].signature.air_mass_factor,
                coarse_above: None,
            },
            |place| warmth.sought[place].signature.clone(),
        );
        let window = warmth.cube.bands.len();
        Found { gas, notes, signature, maps, plumes, spectra, window, overview: false }
    }

    /// The maps of a gas; of no gas in particular, those that decide alone.
    fn maps(&self, place: Option<usize>) -> SearchMaps {
        let (cube, any) = (&self.case.warmth.cube, &self.any.maps);
        let nothing = || Raster::filled(cube.lines, cube.samples, f32::NAN);
        let chosen = Chosen {
            filter: "bank".to_owned(),
            reasons: vec![
                "signed whitened filter of every gas at once, by kinds of ground".to_owned(),
            ],
            bands_nm: cube.bands.iter().map(|band| band.center.0).collect(),
        };
        let own = place.and_then(|place| Some((place, self.case.bank.gas(place)?)));
        let (enhancement_ppmm, sigma_ppmm, significance) = match own {
            Some((place, gas)) => {
                let (enhancement, sigma) = self.quantity(place, &gas);
                (enhancement, sigma, gas.significance)
            }
            None => (nothing(), nothing(), any.significance.clone()),
        };
        SearchMaps {
            enhancement_ppmm,
            sigma_ppmm,
            significance,
            decision: any.decision.clone(),
            masks: self.case.bank.masks.clone(),
            chosen,
        }
    }

    /// Column and sigma of every pixel, NaN without contrast.
    fn quantity(&self, place: usize, gas: &GasMaps) -> (Raster, Raster) {
        let sought = &self.case.warmth.sought[place];
        let warmth = self.case.warmth;
        let grounds = contrast::grounds(&warmth.cube, &warmth.air.air, &self.case.quiet(sought));
        let contrast = |at: usize| {
            let (value, std) = (grounds.value.values[at], grounds.std.values[at]);
            let ground = Estimate { value: Kelvin(f64::from(value)), std: Kelvin(f64::from(std)) };
            Some(Contrast::between(ground, warmth.air.plume?, CONTRAST_SIGMAS))
        };
        let bend = Bend::new(&sought.signature, &self.case.bank.targets()[place].per_ppmm_k);
        let samples = gas.amplitude_ppmm_k.samples;
        let column = |at: usize| {
            let (amplitude, std) = (gas.amplitude_ppmm_k.values[at], gas.sigma_ppmm_k.values[at]);
            let found = Estimate {
                value: PpmMetresKelvin(f64::from(amplitude)),
                std: PpmMetresKelvin(f64::from(std)),
            };
            let thin = contrast(at).and_then(|c| c.column(found)).unwrap_or(NO_COLUMN);
            let (value, times) = bend.thick(thin.value.0);
            (value as f32, (thin.std.0 * times) as f32)
        };
        let all = 0..gas.amplitude_ppmm_k.values.len();
        let (values, sigmas) = all.into_par_iter().map(column).unzip();
        let raster = |values| Raster { lines: gas.amplitude_ppmm_k.lines, samples, values };
        (raster(values), raster(sigmas))
    }
}

/// Thick plumes by the answer of a linear filter to them.
struct Bend(Vec<(f64, f64)>);

impl Bend {
    /// Each band weighs as its target does alone: the share it has where ground is white.
    fn new(signature: &Signature, target: &[f64]) -> Self {
        let weights: Vec<f64> = target.iter().map(|t| t * t).collect();
        let answers = (0..STEPS).map(|k| FIRST_PPMM * STEP_RATIO.powi(k));
        let known = answers.map_while(|linear| {
            Some((linear, contrast::thick(PpmMetres(linear), signature, &weights)?.0))
        });
        Self(std::iter::once((0.0, 0.0)).chain(known).collect())
    }

    /// The column behind a linear answer, and how many times the linear sigma it is uncertain.
    fn thick(&self, linear: f64) -> (f64, f64) {
        let Some(last) = self.0.len().checked_sub(1).filter(|n| *n > 0) else {
            return (linear, 1.0);
        };
        let k = self.0.partition_point(|(x, _)| *x <= linear).clamp(1, last);
        let ((x0, y0), (x1, y1)) = (self.0[k - 1], self.0[k]);
        let slope = (y1 - y0) / (x1 - x0);
        if linear <= 0.0 || linear.is_nan() {
            return (linear, 1.0);
        }
        ((y0 + (linear - x0) * slope).min(self.0[last].1), slope)
    }
}

/// Something to list plumes under that is no gas of the library.
fn stand_in(slug: &str, name: &str) -> CrossSection {
    let gas = Gas {
        slug: slug.to_owned(),
        name: name.to_owned(),
        formula: String::new(),
        cas: String::new(),
        molar_mass: GramsPerMole(f64::NAN),
    };
    CrossSection {
        gas,
        segments: Vec::new(),
        temperature: Kelvin(296.0),
        source: String::new(),
        citation: String::new(),
        terms: String::new(),
    }
}

/// More or less of what the air holds anyway, over ground that differs, looks like a plume of it.
fn air_own(gas: &Gas) -> LookAlike {
    let rival = format!("the air's own {}", gas.name.to_lowercase());
    LookAlike { rival, ln_evidence_ratio: 0.0, flagged: true }
}

/// Whether most of a plume has a column.
fn shows(plume: &Plume, enhancement: &Raster) -> bool {
    let known = |(l, s): &&(u32, u32)| enhancement.at(*l as usize, *s as usize).is_finite();
    2 * plume.pixels.iter().filter(known).count() > plume.pixels.len()
}

/// What is no gas has no column, mass or rate.
fn unmeasured(plume: &mut Plume) {
    plume.peak = NO_COLUMN;
    plume.mass = None;
    plume.rate_by_mass = None;
    plume.rate_by_mass_range = None;
    plume.rate_by_sections = None;
    plume.rate_by_sections_range = None;
}
