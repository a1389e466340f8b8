//! Could it be something else? Every plume before the court of look-alikes.

use cathartes_core::{cube::Cube, gas::CrossSection, plume::Plume, signature::Signature};
use cathartes_sensing::{
    look_alike::{self, Evidence, PlumeSpectrum, Verdict},
    maps::SearchMaps,
};

use super::{bands::BandPlan, light::LightPath, load, scene::Scene};
use crate::gas;

/// Gases that clean air holds and that stand in the way of others.
const RIVALS: [&str; 4] = ["h2o", "co2", "ch4", "n2o"];
/// Lines read either side of a plume when the scene is not in memory.
const AROUND_LINES: usize = 200;

/// What plumes are judged with.
pub(crate) struct Doubt<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) plan: &'a BandPlan,
    pub(crate) signature: &'a Signature,
    pub(crate) maps: &'a SearchMaps,
}

impl Doubt<'_> {
    /// Says of every plume what else it may be; gives the spectra.
    pub(crate) fn settle(
        &self,
        plumes: &mut [Plume],
        cube: Option<&Cube>,
        gas: &CrossSection,
    ) -> anyhow::Result<Vec<Option<PlumeSpectrum>>> {
        if plumes.is_empty() {
            return Ok(Vec::new());
        }
        let others = self.others(gas)?;
        let verdicts = match cube {
            Some(cube) => look_alike::judge(plumes, &self.evidence(cube, 0, &others)),
            None => plumes
                .iter()
                .map(|plume| self.nearby(plume, &others))
                .collect::<anyhow::Result<_>>()?,
        };
        let spectra = plumes.iter_mut().zip(verdicts).map(|(plume, verdict)| {
            verdict.map(|Verdict { look_alike, spectrum }| {
                plume.look_alike = Some(look_alike);
                spectrum
            })
        });
        Ok(spectra.collect())
    }

    fn evidence<'e>(
        &'e self,
        cube: &'e Cube,
        first_line: usize,
        others: &'e [(String, Signature)],
    ) -> Evidence<'e> {
        let seed = self.scene.task.options.seed;
        let window_bands = self.plan.window;
        let (maps, signature) = (self.maps, self.signature);
        Evidence { cube, first_line, maps, signature, others, window_bands, seed }
    }

    /// Other gases that are tabulated in every band of the search.
    fn others(&self, gas: &CrossSection) -> anyhow::Result<Vec<(String, Signature)>> {
        let library = gas::library(self.scene.task.options.gas_folder.as_deref())?;
        let bands = self.plan.bands(self.scene.source.info());
        let rivals = library
            .iter()
            .filter(|other| RIVALS.contains(&other.gas.slug.as_str()) && other.gas != gas.gas);
        Ok(rivals
            .filter_map(|other| {
                let LightPath { slant, height, .. } = self.scene.light;
                let made = gas::signature_under_sky(other, &bands, slant, height).ok()?;
                Some((other.gas.name.to_lowercase(), made))
            })
            .collect())
    }

    /// One plume of a scene that is not in memory: its lines are read again.
    fn nearby(
        &self,
        plume: &Plume,
        others: &[(String, Signature)],
    ) -> anyhow::Result<Option<Verdict>> {
        let rows = || plume.pixels.iter().map(|p| p.0 as usize);
        let (first, last) = (rows().min().unwrap_or(0), rows().max().unwrap_or(0));
        let lines = first.saturating_sub(AROUND_LINES)
            ..(last + AROUND_LINES + 1).min(self.maps.decision.lines);
        let invalid = self.scene.task.options.invalid;
        let (cube, _) = load::load(self.scene.source, lines.clone(), self.plan, invalid)?;
        let evidence = self.evidence(&cube, lines.start, others);
        Ok(look_alike::judge(std::slice::from_ref(plume), &evidence).pop().flatten())
    }
}
