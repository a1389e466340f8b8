//! The light path: how slant the sun stood over a scene, and who says so.

use cathartes_core::{cube::CubeInfo, plume::PixelPlace, units::Degrees};
use cathartes_sensing::signature::Slant;

use crate::sun;

/// Assumed when nobody says anything: the mean over the daytime hours in which scenes are flown.
const USUAL_SUN_ZENITH_DEG: f64 = 40.0;
/// Below this the sun does not light the ground.
const LOWEST_SUN_ZENITH_DEG: f64 = 85.0;

/// The slant, and a sentence on where it comes from. A sensor looks straight down unless the file
/// says otherwise.
pub(crate) fn slant(info: &CubeInfo, told: Option<f64>) -> (Slant, String) {
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
    let middle =
        PixelPlace { line_px: info.lines as f64 / 2.0, sample_px: info.samples as f64 / 2.0 };
    let computed = info.time.zip(info.geometry.locate(middle)).map(|(t, p)| sun::zenith(t, p).0);
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

#[cfg(test)]
mod tests;
