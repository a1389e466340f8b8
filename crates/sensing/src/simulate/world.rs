//! The light of a scene: the sun's, or the ground's own heat.

use cathartes_core::{
    gas::CrossSection,
    scenery::{Instrument, NoiseLaw, Scenery},
};

use super::{SimulateError, heat::Heat, layout, light::Light, optics::Optics, recipe::Recipe};

/// Thermal imagers look between these, nm.
const THERMAL_NM: [f64; 2] = [7_000.0, 14_000.0];
/// Sunlight is tabulated up to here, nm.
const SUNLIT_NM: f64 = 2_600.0;

/// Where the light comes from, with its tables.
#[derive(Debug)]
pub(super) enum World {
    Sunlit(Optics),
    Warm(Box<Heat>),
}

impl World {
    pub(super) fn new(
        recipe: &Recipe,
        scenery: &Scenery,
        instrument: &Instrument,
        library: &[CrossSection],
        gases: &[&CrossSection],
    ) -> Result<Self, SimulateError> {
        let range_nm = layout::range_nm(instrument);
        refuse_other_light(recipe, instrument, range_nm)?;
        if recipe.thermal.is_some() {
            let heat = Heat::new(recipe, instrument, &scenery.surfaces, library, gases);
            return Ok(Self::Warm(Box::new(heat)));
        }
        let altitude_m = recipe.instrument.altitude_m;
        let light = Light::new(scenery, library, (&recipe.air, &recipe.view), altitude_m, range_nm);
        let way = |degrees: f64| degrees.to_radians().cos().recip();
        let mass_factor = way(recipe.view.sun_zenith_deg) + way(recipe.view.view_zenith_deg);
        let geometry = (recipe.scene.samples, recipe.instrument.smile_nm, mass_factor);
        let (bands, surfaces) = (&instrument.bands, &scenery.surfaces);
        Ok(Self::Sunlit(Optics::new(&light, bands, surfaces, gases, geometry)))
    }

    /// Strongest change of log radiance of a gas at 1,000 ppm m.
    pub(super) fn strongest(&self, gas: usize) -> f32 {
        match self {
            Self::Sunlit(optics) => optics.strongest(gas),
            Self::Warm(heat) => heat.strongest(gas),
        }
    }

    /// Unit of the radiance.
    pub(super) fn unit(&self) -> &'static str {
        match self {
            Self::Sunlit(_) => "uW cm-2 nm-1 sr-1",
            Self::Warm(_) => "W m-2 sr-1 um-1",
        }
    }

    /// A law of noise, which is for uW cm⁻² nm⁻¹ sr⁻¹, in the unit of the radiance.
    pub(super) fn law(&self, law: &NoiseLaw) -> [f32; 3] {
        let scale = match self {
            Self::Sunlit(_) => 1.0,
            Self::Warm(_) => 10.0_f64,
        };
        [law.a * scale.sqrt(), law.b * scale, law.c * scale].map(|v| v as f32)
    }

    pub(super) fn heat(&self) -> Option<&Heat> {
        match self {
            Self::Sunlit(_) => None,
            Self::Warm(heat) => Some(heat),
        }
    }
}

fn refuse_other_light(
    recipe: &Recipe,
    instrument: &Instrument,
    [low_nm, high_nm]: [f64; 2],
) -> Result<(), SimulateError> {
    let thermal = low_nm >= THERMAL_NM[0] && high_nm <= THERMAL_NM[1];
    let name = instrument.slug.clone();
    match recipe.thermal {
        Some(_) if !thermal => Err(SimulateError::NotThermal { name, low_nm, high_nm }),
        None if high_nm > SUNLIT_NM => Err(SimulateError::NeedsThermal { name, low_nm, high_nm }),
        _ => Ok(()),
    }
}
