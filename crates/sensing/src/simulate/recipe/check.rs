//! What a recipe may ask for.

use super::{PlumeKind, Recipe};

/// Why a recipe cannot be cooked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// A number outside what makes sense.
    #[error("`{key}` is {value}; it has to be {range}")]
    Range {
        /// The key with its table.
        key: &'static str,
        /// What the recipe says.
        value: String,
        /// What it may be.
        range: &'static str,
    },
    /// A plume that misses something its kind needs.
    #[error("plume {number}: {what}")]
    Plume {
        /// Number from 1, in order of the recipe.
        number: usize,
        /// What is wrong and what to do.
        what: String,
    },
}

impl Recipe {
    /// Refuses what would make no scene.
    ///
    /// # Errors
    ///
    /// [`RecipeError`] names the key and the range.
    pub fn check(&self) -> Result<(), RecipeError> {
        let i = &self.instrument;
        let checks = [
            ("scene.lines", self.scene.lines as f64, 1.0, 1e6, "from 1 to 1,000,000"),
            ("scene.samples", self.scene.samples as f64, 1.0, 20_000.0, "from 1 to 20,000"),
            ("instrument.altitude_m", i.altitude_m, 10.0, 1e6, "from 10 to 1,000,000"),
            ("instrument.pixel_m", i.pixel_m.unwrap_or(1.0), 0.05, 1e4, "from 0.05 to 10,000"),
            ("instrument.noise_scale", i.noise_scale, 0.0, 100.0, "from 0 to 100"),
            ("instrument.gain_std", i.gain_std, 0.0, 0.2, "from 0 to 0.2"),
            ("instrument.smile_nm", i.smile_nm, -2.0, 2.0, "from -2 to 2"),
            ("view.sun_zenith_deg", self.view.sun_zenith_deg, 0.0, 80.0, "from 0 to 80"),
            ("view.view_zenith_deg", self.view.view_zenith_deg, 0.0, 60.0, "from 0 to 60"),
            ("place.utm_zone", f64::from(self.place.utm_zone), 1.0, 60.0, "from 1 to 60"),
            ("air.water_cm", self.air.water_cm, 0.0, 8.0, "from 0 to 8"),
            ("air.water_std", self.air.water_std, 0.0, 0.2, "from 0 to 0.2"),
            ("air.aerosol_depth", self.air.aerosol_depth, 0.0, 3.0, "from 0 to 3"),
            ("ground.urban", self.ground.urban, 0.0, 1.0, "from 0 to 1"),
            ("ground.water", self.ground.water, 0.0, 1.0, "from 0 to 1"),
            ("ground.patch_m", self.ground.patch_m, 1.0, 1e5, "from 1 to 100,000"),
            ("ground.relief_m", self.ground.relief_m, 0.0, 2000.0, "from 0 to 2,000"),
            ("ground.texture", self.ground.texture, 0.0, 1.0, "from 0 to 1"),
            ("ground.field_contrast", self.ground.field_contrast, 0.0, 1.0, "from 0 to 1"),
            ("ground.variability", self.ground.variability, 0.0, 20.0, "from 0 to 20"),
            ("wind.speed_m_s", self.wind.speed_m_s, 0.3, 60.0, "from 0.3 to 60"),
            ("defects.clouds", self.defects.clouds, 0.0, 1.0, "from 0 to 1"),
            ("defects.border", self.defects.border, 0.0, 0.9, "from 0 to 0.9"),
        ];
        for (key, value, low, high, range) in checks {
            if !(low..=high).contains(&value) {
                return Err(RecipeError::Range { key, value: value.to_string(), range });
            }
        }
        self.check_thermal()?;
        self.check_plumes()
    }

    fn check_plumes(&self) -> Result<(), RecipeError> {
        for (n, plume) in self.plume.iter().enumerate() {
            let wrong = |what: &str| Err(RecipeError::Plume { number: n + 1, what: what.into() });
            let wind = plume.wind.unwrap_or(self.wind);
            if !(plume.rate_kg_h > 0.0 && plume.rate_kg_h.is_finite()) {
                return wrong("`rate_kg_h` has to be above 0");
            }
            if !(0.3..=60.0).contains(&wind.speed_m_s) {
                return wrong("`wind.speed_m_s` has to be from 0.3 to 60");
            }
            if !(1.0..=100_000.0).contains(&plume.length_m) {
                return wrong("`length_m` has to be from 1 to 100,000");
            }
            if !(0.0..=1.0).contains(&plume.turbulence) {
                return wrong("`turbulence` has to be from 0 to 1");
            }
            if (plume.kind == PlumeKind::Mask) != plume.mask.is_some() {
                return wrong("`mask = \"outline.png\"` belongs to kind \"mask\", and only there");
            }
        }
        let Some(random) = &self.plumes else { return Ok(()) };
        let [low, high] = random.rate_kg_h;
        if !(low > 0.0 && high >= low && high.is_finite()) {
            let value = format!("[{low}, {high}]");
            let range = "two rates above 0, the smaller first";
            return Err(RecipeError::Range { key: "plumes.rate_kg_h", value, range });
        }
        if random.kind == PlumeKind::Mask {
            let range = "gaussian or puffs: a mask needs its own [[plume]] with a picture";
            return Err(RecipeError::Range { key: "plumes.kind", value: "mask".into(), range });
        }
        Ok(())
    }
}
