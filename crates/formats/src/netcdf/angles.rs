//! Sun and view angles from the companion file of observation parameters.
//!
//! | product | name beside the radiance | angles |
//! |---|---|---|
//! | EMIT L1B | `RAD` in the name is `OBS` | `obs` [downtrack, crosstrack, bands], named by `sensor_band_parameters/observation_bands` |
//! | AVIRIS-3 L1B | the same flight and scene (the first two words of the name), ends in `_OBS.nc` | `observation_parameters/{to_sun_zenith, to_sensor_zenith}` [lines, samples] |
//!
//! Angles are from the vertical on the ground, in degrees. A light path is as long as the secant, so
//! what stands for the scene is the angle with the mean secant of its pixels.

use std::path::{Path, PathBuf};

use hdf5_reader::{Dataset, SliceInfo, SliceInfoElem};

use super::{
    NetcdfError,
    variables::{self, Variables, path},
};

/// Light from lower than this does not reach the ground, degrees.
const LOWEST_DEG: f64 = 89.0;
/// How the two angles are called, signs and blanks as `_`.
const NAMES: [&str; 2] = ["to_sun_zenith", "to_sensor_zenith"];

/// Mean angles of a scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Angles {
    /// Lines and samples of the file.
    pub shape: [usize; 2],
    /// The sun's, from the vertical.
    pub sun_zenith_deg: f64,
    /// The sensor's, from the vertical.
    pub view_zenith_deg: f64,
}

/// The companion of a radiance file, when one lies beside it.
pub(super) fn companion(radiance: &Path) -> Option<PathBuf> {
    let name = radiance.file_name()?.to_str()?;
    let folder = radiance.parent()?;
    if let Some((before, after)) = name.split_once("_RAD_") {
        let beside = folder.join(format!("{before}_OBS_{after}"));
        return beside.is_file().then_some(beside);
    }
    let flight: Vec<&str> = name.splitn(3, '_').collect();
    let [line, scene, _] = flight[..] else { return None };
    let start = format!("{line}_{scene}_");
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut found = std::fs::read_dir(folder).ok()?.filter_map(|entry| {
        let file = entry.ok()?.file_name().into_string().ok()?;
        (file.starts_with(&start) && file.ends_with("_OBS.nc"))
            .then(|| radiance.with_file_name(file))
    });
    // Two of them would leave a choice that is not ours.
    found.next().filter(|_| found.next().is_none())
}

/// Reads the angles of either layout.
pub(super) fn angles(file: &Variables) -> Result<Angles, NetcdfError> {
    let (sun, view) = match file.find("/", "obs")? {
        Some(obs) => {
            let [sun, view] = bands_of(file)?;
            (layer(&obs, Some(sun))?, layer(&obs, Some(view))?)
        }
        None => (airborne(file, NAMES[0])?, airborne(file, NAMES[1])?),
    };
    if sun.shape != view.shape {
        return Err(unlike(format!("the angles have shapes {:?} and {:?}", sun.shape, view.shape)));
    }
    let mean = |layer: &Layer, name: &str| {
        layer
            .mean_deg()
            .ok_or_else(|| unlike(format!("`{name}` holds no angle of 0 to 89 degrees")))
    };
    let (sun_zenith_deg, view_zenith_deg) = (mean(&sun, NAMES[0])?, mean(&view, NAMES[1])?);
    Ok(Angles { shape: sun.shape, sun_zenith_deg, view_zenith_deg })
}

/// One angle of every pixel.
struct Layer {
    shape: [usize; 2],
    degrees: Vec<f32>,
}

impl Layer {
    /// The angle with the mean secant; none when no pixel has an angle.
    fn mean_deg(&self) -> Option<f64> {
        let known =
            self.degrees.iter().map(|d| f64::from(*d)).filter(|d| (0.0..LOWEST_DEG).contains(d));
        let (count, secants) =
            known.fold((0_u32, 0.0), |(n, sum), d| (n + 1, sum + d.to_radians().cos().recip()));
        (count > 0).then(|| (f64::from(count) / secants).min(1.0).acos().to_degrees())
    }
}

/// Where in `obs` the two angles are, by the names of its bands.
fn bands_of(file: &Variables) -> Result<[usize; 2], NetcdfError> {
    const GROUP: &str = "/sensor_band_parameters";
    let missing = || unlike(format!("there is no `{}`", path(GROUP, "observation_bands")));
    let names = file.find(GROUP, "observation_bands")?.ok_or_else(missing)?;
    let names = variables::texts(GROUP, "observation_bands", &names)?;
    let at = |wanted: &str| {
        let found = names.iter().position(|name| plain(name).starts_with(wanted));
        found.ok_or_else(|| unlike(format!("no band of `obs` is called `{wanted}`")))
    };
    Ok([at(NAMES[0])?, at(NAMES[1])?])
}

fn airborne(file: &Variables, wanted: &str) -> Result<Layer, NetcdfError> {
    const GROUP: &str = "/observation_parameters";
    let missing = |what: String| unlike(format!("there is no {what}"));
    if !file.members("/")?.0.iter().any(|name| name == GROUP.trim_matches('/')) {
        return Err(missing(format!("`obs` and no group `{}`", GROUP.trim_matches('/'))));
    }
    let names = file.members(GROUP)?.1;
    let name = names.iter().find(|name| plain(name).starts_with(wanted));
    let name = name.ok_or_else(|| missing(format!("variable `{}`", path(GROUP, wanted))))?;
    let dataset = file.find(GROUP, name)?;
    layer(&dataset.ok_or_else(|| missing(format!("variable `{}`", path(GROUP, wanted))))?, None)
}

/// A plane of two dimensions, or one band of three.
fn layer(dataset: &Dataset, band: Option<usize>) -> Result<Layer, NetcdfError> {
    let shape = match (dataset.shape(), band) {
        (&[lines, samples], None) => [lines, samples],
        (&[lines, samples, bands], Some(band)) if (band as u64) < bands => [lines, samples],
        (shape, _) => return Err(unlike(format!("the angles have shape {shape:?}"))),
    };
    let whole = |end| SliceInfoElem::Slice { start: 0, end, step: 1 };
    let mut selections = vec![whole(shape[0]), whole(shape[1])];
    selections.extend(band.map(|band| SliceInfoElem::Index(band as u64)));
    let degrees = variables::floats(dataset, &SliceInfo { selections })
        .map_err(|reason| NetcdfError::Damaged { what: "the angles".into(), reason })?;
    Ok(Layer { shape: shape.map(|extent| extent as usize), degrees })
}

/// A name in small letters, everything else as `_`.
fn plain(name: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.trim().chars().map(letter).collect()
}

fn unlike(found: String) -> NetcdfError {
    NetcdfError::Layout {
        found,
        expected: "sun and sensor zenith as EMIT and AVIRIS-3 L1B OBS files have them".into(),
        remedy: "use the OBS file as its producer made it, or give --sun-zenith",
    }
}
