//! The air of a thermal scene, and how warm its plumes are: from what the user gives, else from the
//! scene.

use anyhow::Context;
use cathartes_core::{
    air::Air,
    cube::Cube,
    estimate::Estimate,
    provenance::Provenance,
    spectrum::Band,
    units::{Kelvin, Nanometres, PerCm},
};
use cathartes_formats::{aeri, modtran_channels};
use cathartes_sensing::thermal::{
    air::resample,
    in_scene::{InSceneOptions, ground_air, in_scene},
    planck::band_brightness,
};

use super::super::scene::Scene;
use crate::digest;

/// Where carbon dioxide makes the sky as warm as the air around the sounder, cm⁻¹.
const OPAQUE_PER_CM: std::ops::RangeInclusive<f64> = 672.0..=680.0;
/// How far the air at a sounder may be from the air of a plume.
const ELSEWHERE_K: f64 = 1.0;
/// A sensor without a height is taken to be so high, m.
const HIGH_M: f64 = 20_000.0;

/// What a thermal scene is corrected with.
#[derive(Debug, Clone)]
pub(crate) struct ThermalAir {
    pub(crate) air: Air,
    /// The plumes' temperature: that of the air at the ground; absent when nothing tells.
    pub(crate) plume: Option<Estimate<Kelvin>>,
    /// Who says so, for the report.
    pub(crate) said: Vec<String>,
}

impl ThermalAir {
    pub(crate) fn of(scene: &Scene<'_>, cube: &Cube) -> anyhow::Result<Self> {
        let options = &scene.task.options.thermal;
        let mut said = Vec::new();
        let mut told = options.air_temperature;
        if let Some(told) = told {
            said.push(format!(
                "air at the ground {:.1} ± {:.1} K, as given",
                told.value.0, told.std.0
            ));
        } else if let Some(path) = &options.sky {
            let (seen, sentence) = from_sky(scene, path)?;
            told = Some(seen);
            said.push(sentence);
        }
        let provenance = Provenance {
            inputs: options.air.iter().map(|file| digest::input(file)).collect::<Result<_, _>>()?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: scene.task.options.seed,
            parameters: Vec::new(),
        };
        let own = in_scene(cube, &InSceneOptions::default(), provenance.clone());
        let height_m = scene.light.height.map_or(HIGH_M, |height| height.0);
        let plume = own.as_ref().map_or(told, |own| Some(ground_air(own, told, height_m)));
        if let (None, Some(plume)) = (told, plume) {
            said.push(format!(
                "air at the ground {:.1} ± {:.1} K, estimated from the scene; give --air-temperature or --sky",
                plume.value.0, plume.std.0
            ));
        }
        let air = match (&options.air, own) {
            (Some(file), _) => {
                said.push(format!("air from the table {}", file.display()));
                from_table(file, &cube.bands, provenance)?
            }
            (None, Ok(own)) => {
                said.push(format!(
                    "air from the scene itself: {} black pixels, clearest band at {:.0} nm",
                    own.black_pixels, cube.bands[own.reference_band].center.0
                ));
                own.air
            }
            (None, Err(why)) => {
                said.push(format!("air taken as perfectly clear, because {why}"));
                clear(&cube.bands, provenance)
            }
        };
        Ok(Self { air, plume, said })
    }
}

fn from_table(
    file: &std::path::Path,
    bands: &[Band],
    provenance: Provenance,
) -> anyhow::Result<Air> {
    let name = || file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(name)?;
    let table = modtran_channels::parse(&text).with_context(name)?.into_air(provenance);
    resample(&table, bands).with_context(name)
}

fn clear(bands: &[Band], provenance: Provenance) -> Air {
    let n = bands.len();
    Air {
        bands: bands.to_vec(),
        transmittance: vec![1.0; n],
        path_radiance: vec![0.0; n],
        sky_radiance: None,
        provenance,
    }
}

/// The warmth of the air around a sounder of the sky, by its reading nearest in time.
fn from_sky(
    scene: &Scene<'_>,
    path: &std::path::Path,
) -> anyhow::Result<(Estimate<Kelvin>, String)> {
    let sky = aeri::read(path)?;
    let wanted = scene.source.info().time;
    let apart = |spectrum: &&cathartes_core::air::SkySpectrum| match (wanted, spectrum.time) {
        (Some(a), Some(b)) => (a.as_second() - b.as_second()).unsigned_abs(),
        _ => 0,
    };
    let name = path.display();
    let reading = sky.spectra.iter().min_by_key(apart);
    let reading = reading.with_context(|| format!("{name}: holds no spectrum of the sky"))?;
    let mut kelvin: Vec<f64> = sky
        .wavenumbers
        .iter()
        .zip(&reading.radiance)
        .filter(|(nu, _)| OPAQUE_PER_CM.contains(&nu.0))
        .filter_map(|(nu, radiance)| warmth(*nu, f64::from(*radiance)))
        .collect();
    kelvin.sort_by(f64::total_cmp);
    let middle = *kelvin.get(kelvin.len() / 2).with_context(|| {
        format!("{name}: has nothing between 672 and 680 cm-1, where the sky is as warm as the air")
    })?;
    let when = reading.time.map_or("a time not told".to_owned(), |time| time.to_string());
    let sentence =
        format!("air at the ground {middle:.1} ± {ELSEWHERE_K:.1} K, from the sky of {when}");
    Ok((Estimate { value: Kelvin(middle), std: Kelvin(ELSEWHERE_K) }, sentence))
}

/// Brightness temperature of a reading in mW m⁻² sr⁻¹ (cm⁻¹)⁻¹.
fn warmth(nu: PerCm, radiance: f64) -> Option<f64> {
    let unit = cathartes_core::radiance::RadianceUnit::MilliWattPerWavenumber;
    let center = nu.to_nm();
    let band = Band { center, fwhm: Nanometres(center.0 / nu.0) };
    Some(band_brightness(&band, radiance * unit.per_um_factor(center))?.0)
}
