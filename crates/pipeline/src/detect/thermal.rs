//! A scene of heat: all gases at once, plumes first and their names after.
//!
//! ```text
//! bands → radiance per µm → air → targets → bank → plumes → names → columns, rates
//! ```
//!
//! A plume is an object before it has a name. It then counts for the gas that most probably is in it;
//! one whose gases cannot be told apart, or are not in the library, is listed as what it is.

mod air;
mod naming;
mod quantity;

use anyhow::{Context, ensure};
use cathartes_core::{
    cube::{Cube, CubeInfo},
    gas::CrossSection,
    plume::PixelPlace,
    radiance::RadianceUnit,
    signature::Signature,
    spectrum::Band,
    units::{Degrees, Kelvin, PpmMetres},
};
use cathartes_sensing::{
    bank::{Bank, BankOptions, Target},
    identify::{self, Beliefs, Identifier, PlumePixels},
    plumes::{self, Drawing, Ground},
    signature::{SignatureError, Standing, one_pass_factor, signature_along_where_tabulated},
    thermal::{contrast, targets},
};
use rayon::prelude::*;

use super::{
    bands::BandPlan,
    load,
    scene::{Found, Scene, Timings},
};
use crate::gas;

pub(crate) use air::ThermalAir;

/// From here on the ground's own heat is what is seen.
const HEAT_FROM_NM: f64 = 6_000.0;
/// Where the air lets heat through, nm.
const WINDOW_NM: std::ops::RangeInclusive<f64> = 7_400.0..=14_000.0;
/// Fewest bands.
const FEWEST_BANDS: usize = 16;
/// A plume of the size that limits are told for.
const SMALL_PLUME_PX: usize = 30;
const SMALL_PLUME_WIDE_PX: u32 = 10;
/// Pixels that tell how warm the ground is.
const SOME_PIXELS: usize = 4_000;

/// Whether most of an image's bands see heat.
pub(crate) fn is_thermal(info: &CubeInfo) -> bool {
    sees_heat(&info.bands)
}

/// Whether most of some bands see heat.
pub(crate) fn sees_heat(bands: &[Band]) -> bool {
    let warm = bands.iter().filter(|band| band.center.0 > HEAT_FROM_NM).count();
    2 * warm > bands.len()
}

/// A gas with what the instrument sees of it.
pub(crate) struct Sought<'a> {
    pub(crate) gas: &'a CrossSection,
    pub(crate) signature: Signature,
}

/// The scene in memory and everything a plume is judged with.
pub(crate) struct Warmth<'a> {
    pub(crate) cube: Cube,
    pub(crate) air: ThermalAir,
    pub(crate) sought: Vec<Sought<'a>>,
    pub(crate) notes: Vec<String>,
}

/// Searches a thermal scene for every gas asked for.
pub(crate) fn search(scene: &Scene<'_>, timings: &mut Timings) -> anyhow::Result<Vec<Found>> {
    let task = scene.task;
    task.step("reading", 0);
    let warmth = timings.of("read", || Warmth::read(scene))?;
    let targets = timings.of("targets", || warmth.targets(scene))?;
    task.step("searching", 1);
    let options = BankOptions { seed: task.options.seed, ..BankOptions::default() };
    let bank = timings.of("bank", || Bank::learn(&warmth.cube, &targets, options))?;
    let any = timings.of("decide", || bank.any());
    task.step("plumes", 2);
    let ground = ground(scene);
    let drawing = Drawing {
        decision: &any.maps.decision,
        significance: &any.maps.significance,
        background: Some(&any.decoys),
    };
    let find = scene.find_options(&warmth.sought[0].gas.gas);
    let shapes = timings.of("plumes", || plumes::shapes(drawing, &ground, &find));
    task.step("names", 3);
    let significance = &any.maps.significance;
    let case =
        naming::Case { scene, warmth: &warmth, bank: &bank, kinds: task.kinds, significance };
    let names =
        timings.of("names", || shapes.par_iter().map(|shape| case.name(shape)).collect::<Vec<_>>());
    let seen = quantity::Seen { case: &case, any: &any, ground: &ground };
    Ok(timings.of("quantities", || seen.by_gas(&shapes, &names)))
}

/// What gases of a small plume would be judged with, were it at one of these places: line and sample.
pub(crate) fn identifiers(
    scene: &Scene<'_>,
    places: &[(usize, usize)],
) -> anyhow::Result<Vec<Identifier>> {
    let seed = scene.task.options.seed;
    let warmth = Warmth::read(scene)?;
    let targets = warmth.targets(scene)?;
    let options = BankOptions { seed, ..BankOptions::default() };
    let bank = Bank::learn(&warmth.cube, &targets, options)?;
    let one = |&(line, sample): &(usize, usize)| {
        let pixels: Vec<(u32, u32)> = (0..SMALL_PLUME_PX as u32)
            .map(|i| {
                (line as u32 + i / SMALL_PLUME_WIDE_PX, sample as u32 + i % SMALL_PLUME_WIDE_PX)
            })
            .collect();
        let plume = PlumePixels { pixels: &pixels, relative_contrast: None };
        let (lens, _) = identify::look(&bank, &plume, seed)?;
        Ok(Identifier::new(&lens, bank.targets(), Beliefs::default())?)
    };
    places.iter().map(one).collect()
}

fn ground(scene: &Scene<'_>) -> Ground {
    let info = scene.source.info();
    let (lines, samples) = (info.lines as f64, info.samples as f64);
    let middle = PixelPlace { line_px: lines / 2.0, sample_px: samples / 2.0 };
    Ground { steps: info.geometry.steps(middle), wind: scene.wind }
}

impl<'a> Warmth<'a> {
    fn read(scene: &Scene<'a>) -> anyhow::Result<Self> {
        let (info, options) = (scene.source.info(), scene.task.options);
        let plan = plan(info)?;
        let needed = (info.lines * info.samples * plan.groups.len() * 4) as u64 * 3;
        ensure!(
            needed <= options.memory_bytes,
            "a thermal scene is searched whole: {:.1} GB are needed and {:.1} allowed; give --memory, or \
             cut the line",
            needed as f64 / 1e9,
            options.memory_bytes as f64 / 1e9
        );
        let _share = scene.task.budget.take(needed);
        let (mut cube, mut notes) =
            load::load(scene.source, 0..info.lines, &plan, options.invalid)?;
        notes.splice(0..0, plan.notes.iter().cloned());
        per_um(&mut cube, info)?;
        let (sought, left_out) = sought(scene, &cube)?;
        notes.extend(left_out);
        let air = ThermalAir::of(scene, &cube)?;
        notes.extend(air.said.iter().cloned());
        Ok(Self { cube, air, sought, notes })
    }

    /// What each gas does to the radiance over ground of the scene's own warmth.
    fn targets(&self, scene: &Scene<'_>) -> anyhow::Result<Vec<Target>> {
        let ground = self.ground().unwrap_or(Kelvin(300.0));
        let made = self.sought.iter().map(|s| targets::target(&self.air.air, &s.signature, ground));
        let made: Vec<Target> = made.collect::<Result<_, _>>()?;
        ensure!(!made.is_empty(), "no gas asked for shows in {}", scene.task.path.display());
        Ok(made)
    }

    /// The middle brightness temperature of the ground.
    fn ground(&self) -> Option<Kelvin> {
        let clear = contrast::clear_bands(&self.air.air, &[]);
        let spectra = self.cube.data.chunks_exact(self.cube.bands.len());
        let every = (spectra.len() / SOME_PIXELS).max(1);
        let mut seen: Vec<f64> = spectra
            .step_by(every)
            .filter_map(|x| Some(contrast::ground(x, &self.air.air, &clear)?.value.0))
            .filter(|kelvin| kelvin.is_finite())
            .collect();
        seen.sort_by(f64::total_cmp);
        seen.get(seen.len() / 2).map(|kelvin| Kelvin(*kelvin))
    }
}

/// The good bands in which heat crosses the air, by rising wavelength.
fn plan(info: &CubeInfo) -> anyhow::Result<BandPlan> {
    let center = |&i: &usize| info.bands[i].center.0;
    let mut inside: Vec<usize> =
        (0..info.bands.len()).filter(|i| info.good[*i] && WINDOW_NM.contains(&center(i))).collect();
    inside.sort_by(|a, b| center(a).total_cmp(&center(b)));
    ensure!(
        inside.len() >= FEWEST_BANDS,
        "{} good bands lie between {:.1} and {:.1} um, where heat crosses the air; {FEWEST_BANDS} are \
         needed to tell gases from ground",
        inside.len(),
        WINDOW_NM.start() / 1e3,
        WINDOW_NM.end() / 1e3
    );
    let notes = vec![format!("thermal scene: {} bands", inside.len())];
    let window = inside.len();
    Ok(BandPlan { groups: inside.into_iter().map(|i| vec![i]).collect(), window, notes })
}

/// Radiance in W m⁻² sr⁻¹ µm⁻¹, in place.
fn per_um(cube: &mut Cube, info: &CubeInfo) -> anyhow::Result<()> {
    let remedy = "write `data units = W m-2 sr-1 um-1`, or what it is, into the header";
    let text = info.radiance_unit.as_deref().with_context(|| {
        format!("the image does not say its unit of radiance, without which nothing has a temperature; {remedy}")
    })?;
    let unit = RadianceUnit::read(text)
        .with_context(|| format!("`{text}` is no unit of radiance known here; {remedy}"))?;
    let factors: Vec<f32> =
        cube.bands.iter().map(|band| unit.per_um_factor(band.center) as f32).collect();
    cube.data.par_chunks_mut(factors.len()).for_each(|spectrum| {
        spectrum.iter_mut().zip(&factors).for_each(|(x, f)| *x *= f);
    });
    Ok(())
}

/// The gases that can be looked for, and what is said of the others. One that the user named and that
/// is hardly tabulated is refused; of "all" it is left out.
fn sought<'a>(scene: &Scene<'a>, cube: &Cube) -> anyhow::Result<(Vec<Sought<'a>>, Vec<String>)> {
    let view = Degrees(scene.source.info().view_zenith_deg.unwrap_or(0.0));
    let pass = one_pass_factor(view)?;
    let gases = &scene.task.gases;
    let made: Vec<Option<(usize, Signature)>> = gases
        .par_iter()
        .map(|gas| signature(gas, cube, pass, scene))
        .collect::<Result<_, SignatureError>>()?;
    let (mut sought, mut missing, mut partly) = (Vec::new(), Vec::new(), Vec::new());
    for (gas, made) in gases.iter().zip(made) {
        let slug = gas.gas.slug.as_str();
        match made.filter(|(tabulated, made)| 2 * tabulated >= cube.bands.len() && shows(made)) {
            Some((tabulated, signature)) => {
                if tabulated < cube.bands.len() {
                    partly.push(format!("{slug} ({tabulated} of {} bands)", cube.bands.len()));
                }
                sought.push(Sought { gas, signature });
            }
            None if scene.task.every => missing.push(slug),
            None => anyhow::bail!(
                "{slug} is tabulated in less than half of the image's {} thermal bands, or leaves no mark \
                 in them: leave it out, or import a cross-section that covers them",
                cube.bands.len()
            ),
        }
    }
    ensure!(!sought.is_empty(), "none of the gases asked for is tabulated where this image looks");
    let said = |what: &str, of: Vec<String>| {
        (!of.is_empty()).then(|| format!("{what}: {}", of.join(", ")))
    };
    let missing = missing.into_iter().map(str::to_owned).collect();
    let notes = [
        said("not tabulated or without a mark in these bands, so not looked for", missing),
        said("tabulated in part, without weight in the other bands", partly),
    ];
    Ok((sought, notes.into_iter().flatten().collect()))
}

/// In how many bands a gas is tabulated, and its signature, zero in the others. Heat has crossed what
/// clean air holds of the gas between plume and sensor.
fn signature(
    gas: &CrossSection,
    cube: &Cube,
    pass: f64,
    scene: &Scene<'_>,
) -> Result<Option<(usize, Signature)>, SignatureError> {
    let below = scene.light.height.map_or(1.0, gas::share_below);
    let standing: Vec<Standing> = gas::standing_column(gas)
        .map(|column| Standing { gas, column: PpmMetres(column.0 * below) })
        .into_iter()
        .collect();
    let made = signature_along_where_tabulated(gas, &cube.bands, pass, &standing)?;
    Ok(made.map(|(kept, some)| (kept.len(), over_all(&kept, some, cube))))
}

fn over_all(kept: &[usize], some: Signature, cube: &Cube) -> Signature {
    let spread = |values: &[f64]| {
        let mut all = vec![0.0; cube.bands.len()];
        kept.iter().zip(values).for_each(|(&band, value)| all[band] = *value);
        all
    };
    Signature {
        bands: cube.bands.clone(),
        unit_per_ppmm: spread(&some.unit_per_ppmm),
        table: some.table.iter().map(|row| spread(row)).collect(),
        ..some
    }
}

/// Whether a gas takes anything a detector could notice: a ten-thousandth at 10,000 ppm m.
fn shows(signature: &Signature) -> bool {
    signature.unit_per_ppmm.iter().any(|s| s.abs() > 1e-8)
}
