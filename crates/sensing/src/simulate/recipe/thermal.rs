//! Warmth of a thermal scene.

use serde::{Deserialize, Serialize};

use super::{Recipe, RecipeError};

/// Temperatures of ground, air and plumes. Kinds of ground depart from the mean by themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThermalChoice {
    /// Mean of the ground.
    pub ground_k: f64,
    /// Deviation of the slow field over it.
    pub ground_std_k: f64,
    /// Open water.
    pub water_k: f64,
    /// Air at the ground; it cools by 6.5 K per km of height.
    pub air_k: f64,
    /// Plumes over the air at the ground: warm from a stack, cool from a leak of liquid.
    pub plume_excess_k: f64,
    /// Ozone of the whole air, Dobson units.
    pub ozone_du: f64,
}

impl Default for ThermalChoice {
    fn default() -> Self {
        Self {
            ground_k: 306.0,
            ground_std_k: 1.5,
            water_k: 293.0,
            air_k: 298.0,
            plume_excess_k: 0.0,
            ozone_du: 300.0,
        }
    }
}

impl Recipe {
    /// Refuses warmth that no scene has, and what belongs to sunlight.
    pub(super) fn check_thermal(&self) -> Result<(), RecipeError> {
        let resolution = self.instrument.resolution_per_cm.unwrap_or(4.0);
        let mut checks = vec![(
            "instrument.resolution_per_cm",
            resolution,
            (0.5, 6.0, "from 0.5 to 6; a coarser line is another instrument"),
        )];
        if let Some(t) = &self.thermal {
            let scene = (240.0, 340.0, "from 240 to 340");
            let none = (0.0, 0.0, "0 in a `[thermal]` scene");
            checks.extend([
                ("thermal.ground_k", t.ground_k, scene),
                ("thermal.ground_std_k", t.ground_std_k, (0.0, 15.0, "from 0 to 15")),
                ("thermal.water_k", t.water_k, (265.0, 340.0, "from 265 to 340")),
                ("thermal.air_k", t.air_k, scene),
                ("thermal.plume_excess_k", t.plume_excess_k, (-60.0, 100.0, "from -60 to 100")),
                ("thermal.ozone_du", t.ozone_du, (0.0, 600.0, "from 0 to 600")),
                ("defects.clouds", self.defects.clouds, none),
                ("defects.flares", self.defects.flares as f64, none),
            ]);
        }
        for (key, value, (low, high, range)) in checks {
            if !(low..=high).contains(&value) {
                return Err(RecipeError::Range { key, value: value.to_string(), range });
            }
        }
        Ok(())
    }
}
