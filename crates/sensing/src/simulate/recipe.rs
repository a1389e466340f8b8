//! What the user asks for: a scene in words and numbers. Every key has a default but the plumes.

mod check;
mod thermal;

use serde::{Deserialize, Serialize};

pub use check::RecipeError;
pub use thermal::ThermalChoice;

/// A scene to build. Keys carry their units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipe {
    /// Seed of every number drawn: the same recipe gives the same bytes.
    pub seed: u64,
    /// Size in pixels.
    pub scene: SceneSize,
    /// Who looks.
    pub instrument: InstrumentChoice,
    /// Sun and sensor.
    pub view: View,
    /// Where the scene is on the map.
    pub place: Place,
    /// Gases between sun, ground and sensor.
    pub air: Air,
    /// What the ground is made of.
    pub ground: GroundMix,
    /// Warmth, for a thermal imager: its light is the ground's own and not the sun's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thermal: Option<ThermalChoice>,
    /// Wind that carries every plume that has none of its own.
    pub wind: WindChoice,
    /// Plumes one by one.
    pub plume: Vec<PlumeChoice>,
    /// Plumes drawn at random.
    pub plumes: Option<RandomPlumes>,
    /// What spoils real scenes.
    pub defects: Defects,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            seed: 1,
            scene: SceneSize::default(),
            instrument: InstrumentChoice::default(),
            view: View::default(),
            place: Place::default(),
            air: Air::default(),
            ground: GroundMix::default(),
            thermal: None,
            wind: WindChoice::default(),
            plume: Vec::new(),
            plumes: None,
            defects: Defects::default(),
        }
    }
}

/// Size of the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SceneSize {
    /// Rows, along track.
    pub lines: usize,
    /// Detector columns.
    pub samples: usize,
}

impl Default for SceneSize {
    fn default() -> Self {
        Self { lines: 400, samples: 200 }
    }
}

/// The instrument and how it departs from its ideal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstrumentChoice {
    /// `aviris-ng` or `emit`, thermal `hytes`, `mako` or `hyper-cam`; ignored when `file` is given.
    pub name: String,
    /// Own instrument: CSV with the columns `center_nm`, `fwhm_nm`, `noise_a`, `noise_b`, `noise_c`.
    pub file: Option<String>,
    /// Width of a line of `hyper-cam`; 4 when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution_per_cm: Option<f64>,
    /// Height above ground; with the instrument's angle it gives the pixel size.
    pub altitude_m: f64,
    /// Ground pixel, when it is not to follow from the height.
    pub pixel_m: Option<f64>,
    /// Factor on the deviation of the noise model. The model is a single reading's; real products
    /// of AVIRIS-NG have about half of it.
    pub noise_scale: f64,
    /// Deviation of a constant factor per column and band (striping).
    pub gain_std: f64,
    /// Wavelength error at the edge columns against the centre, parabolic.
    pub smile_nm: f64,
    /// Radiance at which the detector clips, in the unit of the scene.
    pub ceiling: Option<f64>,
}

impl Default for InstrumentChoice {
    fn default() -> Self {
        Self {
            name: "aviris-ng".into(),
            file: None,
            resolution_per_cm: None,
            altitude_m: 3000.0,
            pixel_m: None,
            noise_scale: 0.5,
            gain_std: 0.003,
            smile_nm: 0.15,
            ceiling: None,
        }
    }
}

/// Directions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct View {
    /// Sun from the vertical.
    pub sun_zenith_deg: f64,
    /// Where the sun stands, clockwise from true north.
    pub sun_azimuth_deg: f64,
    /// Sensor from the vertical.
    pub view_zenith_deg: f64,
}

impl Default for View {
    fn default() -> Self {
        Self { sun_zenith_deg: 32.4, sun_azimuth_deg: 154.0, view_zenith_deg: 4.0 }
    }
}

/// Map position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// UTM zone 1 to 60 on WGS 84.
    pub utm_zone: u8,
    /// Northern hemisphere.
    pub north: bool,
    /// Outer corner of the first pixel.
    pub easting_m: f64,
    /// Outer corner of the first pixel.
    pub northing_m: f64,
    /// Grid bearing of the line axis (where the aircraft flies to): 180 is a map with north up.
    pub heading_deg: f64,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            utm_zone: 13,
            north: true,
            easting_m: 600_000.0,
            northing_m: 3_560_000.0,
            heading_deg: 180.0,
        }
    }
}

/// Columns of clear air.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Air {
    /// Precipitable water.
    pub water_cm: f64,
    /// Relative deviation of the water over the scene.
    pub water_std: f64,
    /// Mixing ratios through the whole air.
    pub co2_ppm: f64,
    /// Methane without plumes.
    pub ch4_ppm: f64,
    /// Nitrous oxide.
    pub n2o_ppm: f64,
    /// Carbon monoxide.
    pub co_ppm: f64,
    /// Vertical aerosol optical depth at 550 nm.
    pub aerosol_depth: f64,
}

impl Default for Air {
    fn default() -> Self {
        Self {
            water_cm: 1.5,
            water_std: 0.03,
            co2_ppm: 420.0,
            ch4_ppm: 1.9,
            n2o_ppm: 0.33,
            co_ppm: 0.1,
            aerosol_depth: 0.1,
        }
    }
}

/// Shares of the land and its texture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroundMix {
    /// Share of built-up land: roofs, roads, gardens.
    pub urban: f64,
    /// Share of open water.
    pub water: f64,
    /// Weights of the fields outside towns.
    pub green: f64,
    /// Bare soil.
    pub soil: f64,
    /// Dry vegetation.
    pub dry: f64,
    /// Typical size of a field.
    pub patch_m: f64,
    /// Height of the hills, one deviation.
    pub relief_m: f64,
    /// Deviation of brightness inside one field.
    pub texture: f64,
    /// How much of a field is its own; the rest is what all fields of its kind share.
    pub field_contrast: f64,
    /// Size of the spectral differences inside one kind of ground; 1 is as in real scenes.
    pub variability: f64,
}

impl Default for GroundMix {
    fn default() -> Self {
        Self {
            urban: 0.15,
            water: 0.02,
            green: 0.2,
            soil: 0.45,
            dry: 0.35,
            patch_m: 180.0,
            relief_m: 20.0,
            texture: 0.1,
            field_contrast: 1.0,
            variability: 1.0,
        }
    }
}

/// Wind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WindChoice {
    /// Speed at plume height.
    pub speed_m_s: f64,
    /// Where it blows from, clockwise from grid north.
    pub from_deg: f64,
}

impl Default for WindChoice {
    fn default() -> Self {
        Self { speed_m_s: 3.5, from_deg: 250.0 }
    }
}

/// Shape of a plume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlumeKind {
    /// Steady plume that spreads evenly.
    Gaussian,
    /// Puffs in a turbulent wind: meander and gaps.
    Puffs,
    /// Outline from a picture.
    Mask,
}

/// One plume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlumeChoice {
    /// Its shape.
    pub kind: PlumeKind,
    /// Slug of the gas.
    pub gas: String,
    /// Place of the source; of the picture's first pixel for a mask.
    pub line: f64,
    /// Place of the source; of the picture's first pixel for a mask.
    pub sample: f64,
    /// Emission rate.
    pub rate_kg_h: f64,
    /// Wind of this plume.
    #[serde(default)]
    pub wind: Option<WindChoice>,
    /// How far downwind gas is followed.
    #[serde(default = "default_length")]
    pub length_m: f64,
    /// Deviation of the wind's fluctuations over its mean; `puffs` only.
    #[serde(default = "default_turbulence")]
    pub turbulence: f64,
    /// PNG whose red or white pixels are plume; `mask` only.
    #[serde(default)]
    pub mask: Option<String>,
}

fn default_length() -> f64 {
    2500.0
}

fn default_turbulence() -> f64 {
    0.22
}

/// Plumes drawn at random, rates evenly in their logarithm, away from the edges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomPlumes {
    /// How many.
    pub count: usize,
    /// Slug of the gas.
    pub gas: String,
    /// Shape: `gaussian` or `puffs`.
    #[serde(default = "default_kind")]
    pub kind: PlumeKind,
    /// Smallest and largest rate.
    pub rate_kg_h: [f64; 2],
    /// Deviation of the wind direction from plume to plume.
    #[serde(default)]
    pub direction_std_deg: f64,
}

fn default_kind() -> PlumeKind {
    PlumeKind::Puffs
}

/// What spoils real scenes; nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Defects {
    /// Detector columns that read zero.
    pub dead_columns: Vec<usize>,
    /// Detector columns with ten times the noise.
    pub noisy_columns: Vec<usize>,
    /// Share of the scene under cloud.
    pub clouds: f64,
    /// Number of gas flares.
    pub flares: usize,
    /// Share of each line that holds no data, as in a scene turned to north.
    pub border: f64,
}
