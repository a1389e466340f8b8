//! What a search or a location found, as observations: gas seen at a place, and ground searched.
//!
//! A sensor's word is worth its sight: how often it sees what emits, and how many false detections a square
//! kilometre brings. What a hidden source emits nobody knows, so the first is what was measured over the range of
//! rates that sources were given; the second is what was stated to the search.

use std::collections::BTreeSet;

use cathartes_core::{
    cube::CubeInfo,
    emitter::{EmitterKind, Standing},
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, OriginChain, Period, Reliability, Sight, What,
        Whereabouts,
    },
    plume::PixelPlace,
    source::{Ellipse90, Source},
    trace::SearchVolume,
    units::{Degrees, Metres},
};
use cathartes_store::{NewFinding, SceneFile, Work, digest_of};
use jiff::Timestamp;
use serde_json::Value;

use super::searched::FALSE_ALARMS;
use crate::locate::Located;

/// 25 of 48 plumes of 20 to 2,000 kg/h, evenly in the logarithm, were found and not flagged
/// (`docs/validation/plumes.md`, whole lines).
const PLUMES_FOUND_FRACTION: f64 = 25.0 / 48.0;
/// 323 of 444 sources (`docs/validation/locate.md`, the first 178 simulated sites).
const SOURCES_FOUND_FRACTION: f64 = 323.0 / 444.0;
/// Four false sources in 178 sites, likewise.
const FALSE_SOURCES_A_SITE: f64 = 4.0 / 178.0;
/// The head of a plume is within 1.6 pixels of its source half of the time (`docs/validation/plumes.md`); if it
/// strays alike in both directions, nine times in ten within so many times that.
const HEAD_90_PX: f64 = 1.6 * 1.823;

/// Observations, each with the place of its finding in the list; those without are of the scene.
pub(super) type Said = Vec<(Option<usize>, Observation)>;

/// A scene that was searched.
pub(super) struct SearchedScene<'a> {
    pub(super) work: &'a Work,
    pub(super) info: &'a CubeInfo,
    pub(super) time: Option<Timestamp>,
    pub(super) ring: &'a [LatLon],
    pub(super) gases: &'a [&'a str],
}

/// What a search says. A scene that nobody knows the place or the time of says nothing; a plume that may be
/// something else, neither.
pub(super) fn by_search(
    scene: &SearchedScene<'_>,
    plumes: &[NewFinding],
    kinds: &[EmitterKind],
) -> Said {
    let Some((time, area_km2, pixel)) = scene.known() else { return Vec::new() };
    let (from, to) = (time, time);
    let origin = origin("imager", scene.work.files());
    let sight = sight(PLUMES_FOUND_FRACTION, FALSE_ALARMS / area_km2);
    let draft = |what, place| draft(what, place, Period { from, to }, origin.clone());
    let searched = scene.gases.iter().map(|gas| {
        let ring = scene.ring.to_vec();
        let what = What::Searched { gas: (*gas).to_owned(), sight };
        (None, draft(what, Whereabouts::Area { ring }))
    });
    let radius = Metres((HEAD_90_PX * pixel.0).max(1.0));
    let seen = plumes.iter().enumerate().filter_map(|(number, plume)| {
        let gas = plume.gas.clone()?;
        let place = plume.place?;
        if plume.properties.get("look_alike_flagged") == Some(&Value::Bool(true)) {
            return None;
        }
        let profile_ln_ratio = profile_ln_ratio(plume, kinds);
        let what = What::GasSeen { gas, sight, profile_ln_ratio };
        Some((Some(number), draft(what, circle(place, radius))))
    });
    searched.chain(seen).filter_map(|(of, draft)| Some((of, draft?))).collect()
}

impl SearchedScene<'_> {
    /// When, how much ground, and how far from pixel to pixel.
    fn known(&self) -> Option<(Timestamp, f64, Metres)> {
        let (line_px, sample_px) = (0.5 * self.info.lines as f64, 0.5 * self.info.samples as f64);
        let steps = self.info.geometry.steps(PixelPlace { line_px, sample_px })?;
        let pixels = self.info.lines as f64 * self.info.samples as f64;
        let area_km2 = 1e-6 * steps.area_m2() * pixels;
        let known = area_km2.is_finite() && area_km2 > 0.0 && !self.ring.is_empty();
        Some((self.time?, area_km2, Metres(steps.area_m2().sqrt()))).filter(|_| known)
    }
}

/// What a location of sources says; nothing when nobody knows where or when it was measured.
pub(super) fn by_location(work: &Work, located: &Located, findings: &[NewFinding]) -> Said {
    let Some((from, to)) = located.measured else { return Vec::new() };
    let SearchVolume { east, north, .. } = located.location.density.volume;
    let area_km2 = 1e-6 * (east.to.0 - east.from.0) * (north.to.0 - north.from.0);
    let origin = origin("trace", work.files());
    let one = |(number, (source, finding)): (usize, (&Source, &NewFinding))| {
        let doubt = (1.0 - source.existence_probability).max(FALSE_SOURCES_A_SITE);
        let sight = sight(SOURCES_FOUND_FRACTION, doubt / area_km2);
        let what = What::GasSeen { gas: finding.gas.clone()?, sight, profile_ln_ratio: None };
        let place = Whereabouts::Point { place: finding.place?, ellipse: source.ellipse };
        Some((Some(number), draft(what, place, Period { from, to }, origin.clone())?))
    };
    located.location.sources.iter().zip(findings).enumerate().filter_map(one).collect()
}

/// How much better the gases fit what is looked for than what is not: the odds that the plume was given, over those
/// of the kinds themselves.
fn profile_ln_ratio(plume: &NewFinding, kinds: &[EmitterKind]) -> Option<f64> {
    let of_interest = plume.properties.get("of_interest_probability")?.as_f64()?;
    let of_interest = of_interest.clamp(1e-9, 1.0 - 1e-9);
    let weight = |standing: Standing| -> f64 {
        let these = kinds.iter().filter(|kind| kind.standing == standing);
        these.map(|kind| kind.prior_weight).sum()
    };
    let before = weight(Standing::OfInterest) / weight(Standing::Innocent);
    let ratio = (of_interest / (1.0 - of_interest) / before).ln();
    ratio.is_finite().then(|| ratio.clamp(-50.0, 50.0))
}

/// Files that hold the same are one look at the world, whatever they are called.
fn origin(collector: &str, files: &[SceneFile]) -> OriginChain {
    let held: BTreeSet<&str> = files.iter().map(|file| file.sha256.0.as_str()).collect();
    let held: Vec<&str> = held.into_iter().collect();
    let name: String = digest_of(held.concat().as_bytes()).0.chars().take(12).collect();
    let collection = Some(format!("files:{name}"));
    OriginChain { collector: collector.to_owned(), collection, handed_on_by: Vec::new() }
}

fn sight(detection_probability: f64, false_alarms_per_km2: f64) -> Sight {
    Sight { detection_probability, false_alarms_per_km2: false_alarms_per_km2.clamp(1e-6, 1e3) }
}

fn circle(place: LatLon, radius: Metres) -> Whereabouts {
    let ellipse = Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) };
    Whereabouts::Point { place, ellipse }
}

/// Nobody graded a sensor, and nobody said who may have it: then it is held as closely as can be.
fn draft(what: What, place: Whereabouts, when: Period, origin: OriginChain) -> Option<Observation> {
    let (reliability, credibility) = (Reliability::F, Credibility::CannotBeJudged);
    let grade = Grade { reliability, credibility };
    let draft = Draft { what, place, when, grade, origin, marking: Marking::default() };
    match Observation::new(draft) {
        Ok(observation) => Some(observation),
        Err(error) => {
            tracing::warn!(%error, "a finding says nothing of sites");
            None
        }
    }
}

#[cfg(test)]
mod tests;
