//! The light path: how slant the sun stood over a scene and how much air was below the sensor, and
//! who says so.

use cathartes_core::{
    cube::CubeInfo,
    plume::PixelPlace,
    units::{Degrees, Metres},
};
use cathartes_sensing::signature::Slant;

use crate::sun;

/// Assumed when nobody says anything: the mean over the daytime hours in which scenes are flown.
const USUAL_SUN_ZENITH_DEG: f64 = 40.0;
/// Below this the sun does not light the ground.
const LOWEST_SUN_ZENITH_DEG: f64 = 85.0;

/// Smaller pixels are an aircraft's.
const AIRCRAFT_PIXEL_M: f64 = 20.0;
/// Angle of a pixel of the imaging spectrometers that fly (AVIRIS-NG, AVIRIS-3), rad.
const PIXEL_RAD: f64 = 1e-3;

/// The way of the light to the sensor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LightPath {
    pub(crate) slant: Slant,
    /// Of the sensor above the ground; above all air when absent.
    pub(crate) height: Option<Metres>,
    /// Who says so.
    pub(crate) said: String,
}

/// The light path of a scene, from what the user tells and the file holds.
pub(crate) fn path(info: &CubeInfo, sun_zenith: Option<f64>, height: Option<Metres>) -> LightPath {
    let (slant, light) = slant(info, sun_zenith);
    let (height, air) = sensor_height(info, height);
    LightPath { slant, height, said: format!("{light}; {air}") }
}

fn sensor_height(info: &CubeInfo, told: Option<Metres>) -> (Option<Metres>, String) {
    if let Some(height) = told {
        return (told, format!("sensor {:.0} m above the ground, as given", height.0));
    }
    let pixel = info.geometry.steps(middle(info)).map(|steps| steps.per_sample.0);
    match pixel.filter(|pixel| *pixel < AIRCRAFT_PIXEL_M) {
        Some(pixel) => {
            let height = Metres(pixel / PIXEL_RAD);
            let said = format!(
                "sensor {:.0} m above the ground, assumed from pixels of {pixel:.1} m; give --height",
                height.0
            );
            (Some(height), said)
        }
        None => (None, "sensor above all air, assumed; give --height".to_owned()),
    }
}

/// The slant, and a sentence on where it comes from. A sensor looks straight down unless the file
/// says otherwise.
fn slant(info: &CubeInfo, told: Option<f64>) -> (Slant, String) {
    let (zenith, from) = sun_zenith(info, told);
    let view = match info.view_zenith_deg {
        Some(view) => format!("view zenith {view:.1} degrees, from the file"),
        None => "view straight down".to_owned(),
    };
    let sentence = format!("sun zenith {zenith:.1} degrees, {from}; {view}");
    let view_zenith = Degrees(info.view_zenith_deg.unwrap_or(0.0));
    (Slant { sun_zenith: Degrees(zenith), view_zenith }, sentence)
}

fn sun_zenith(info: &CubeInfo, told: Option<f64>) -> (f64, &'static str) {
    if let Some(zenith) = told {
        return (zenith, "as given");
    }
    if let Some(zenith) = info.sun_zenith_deg {
        return (zenith, "from the file");
    }
    let computed =
        info.time.zip(info.geometry.locate(middle(info))).map(|(t, p)| sun::zenith(t, p).0);
    match computed {
        Some(zenith) if zenith <= LOWEST_SUN_ZENITH_DEG => (zenith, "from time and place"),
        Some(_) => (
            USUAL_SUN_ZENITH_DEG,
            "assumed, because by time and place the sun was down; give --sun-zenith",
        ),
        None => (
            USUAL_SUN_ZENITH_DEG,
            "assumed, because the file says neither it nor time and place; give --sun-zenith",
        ),
    }
}

fn middle(info: &CubeInfo) -> PixelPlace {
    PixelPlace { line_px: info.lines as f64 / 2.0, sample_px: info.samples as f64 / 2.0 }
}

#[cfg(test)]
mod tests;
