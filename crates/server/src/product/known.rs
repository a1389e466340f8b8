//! Reading what the record keeps of a subject, and nothing more.

use std::collections::BTreeSet;

use cathartes_core::{geometry::LatLon, marking::Marking, observation::Period, units::Metres};
use cathartes_formats::raster_tile::{self, CLOSE_UP_SIDE_PX};
use cathartes_release::{
    product::{FieldPath, Image},
    residual::Pass,
};
use cathartes_store::{
    Bbox, Finding, KeptObservation, KeptSortie, Scene, SceneQuery, Store, StoreError, Subject,
    TakenFrom, TimeRange,
};
use uuid::Uuid;

use super::{Known, Said, is_seen};

/// Flights that are asked for.
const SORTIES: u32 = 20;
/// Scenes of a place that are asked for.
const PASSES: u32 = 200;
/// Most close-ups of one subject.
const PICTURES: usize = 4;
/// How far a close-up reaches from its middle: the least and the most.
const REACH_M: (f64, f64) = (300.0, 5_000.0);

/// What there is of a subject; none when there is no such thing.
///
/// # Errors
///
/// [`StoreError`] when the record does not answer.
pub(crate) async fn known(store: &Store, subject: Subject) -> Result<Option<Known>, StoreError> {
    let Some(standing) = store.standing(subject).await? else { return Ok(None) };
    let site = match subject {
        Subject::Site(id) => store.site(id).await?,
        Subject::Finding(_) => None,
    };
    let observations = match &site {
        Some(site) => store.observations(&site.observations).await?,
        None => Vec::new(),
    };
    let findings = findings(store, subject, &observations).await?;
    if site.is_none() && findings.is_empty() {
        return Ok(None);
    }
    let scenes = scenes(store, &findings).await?;
    Ok(Some(Known {
        subject,
        passes: passes(store, standing.place).await?,
        standing,
        sorties: sorties(store, &scenes).await?,
        pictures: pictures(store, &findings, &scenes).await?,
        findings,
        site,
        scenes,
        observations,
        reviews: store.reviews(subject).await?,
        assessments: store.assessments(subject).await?,
        marking: marking(store, subject).await?,
    }))
}

/// How somebody said that it is held; a field that is none any more says nothing.
async fn marking(store: &Store, subject: Subject) -> Result<Option<Said>, StoreError> {
    let Some(kept) = store.marking(subject).await? else { return Ok(None) };
    let path = |(path, marking)| Some((FieldPath::new(path).ok()?, marking));
    Ok(Some((kept.what.marking, kept.what.overrides.into_iter().filter_map(path).collect())))
}

/// What follows for the marking of a subject from its observations alone.
///
/// # Errors
///
/// [`StoreError`] when the record does not answer.
pub(crate) async fn derived(
    store: &Store,
    subject: Subject,
) -> Result<Option<Marking>, StoreError> {
    let Subject::Site(id) = subject else { return Ok(None) };
    let Some(site) = store.site(id).await? else { return Ok(None) };
    Ok(super::high_water(&store.observations(&site.observations).await?))
}

/// The finding itself, or those that saw a site, once each.
async fn findings(
    store: &Store,
    subject: Subject,
    observations: &[KeptObservation],
) -> Result<Vec<Finding>, StoreError> {
    let ids: BTreeSet<Uuid> = match subject {
        Subject::Finding(id) => [id].into(),
        Subject::Site(_) => observations.iter().filter_map(seen).collect(),
    };
    let mut findings = Vec::with_capacity(ids.len());
    for id in ids {
        findings.extend(store.finding(id).await?);
    }
    Ok(findings)
}

fn seen(kept: &KeptObservation) -> Option<Uuid> {
    match kept.taken_from {
        TakenFrom::Finding(id) if is_seen(&kept.observation) => Some(id),
        _ => None,
    }
}

async fn scenes(store: &Store, findings: &[Finding]) -> Result<Vec<Scene>, StoreError> {
    let ids: BTreeSet<Uuid> = findings.iter().filter_map(|finding| finding.found.scene).collect();
    let mut scenes = Vec::with_capacity(ids.len());
    for id in ids {
        scenes.extend(store.scene(id).await?);
    }
    Ok(scenes)
}

/// What flew when the scenes were taken; a plan did not.
async fn sorties(store: &Store, scenes: &[Scene]) -> Result<Vec<KeptSortie>, StoreError> {
    let mut all = Vec::new();
    for at in scenes.iter().filter_map(|scene| scene.scene.time) {
        let time = TimeRange { from: Some(at), to: Some(at) };
        let flown = store.sorties(time, SORTIES).await?;
        all.extend(flown.into_iter().filter(|kept| kept.sortie.kind == "flown"));
    }
    all.sort_unstable_by_key(|kept| kept.id);
    all.dedup_by_key(|kept| kept.id);
    Ok(all)
}

/// When each instrument saw a place, as far as the record knows.
async fn passes(store: &Store, place: Option<LatLon>) -> Result<Vec<Pass>, StoreError> {
    let Some(bbox) = place.and_then(|place| Bbox::around(&[place])) else { return Ok(Vec::new()) };
    let query =
        SceneQuery { bbox: Some(bbox), dated: true, limit: PASSES, ..SceneQuery::default() };
    let pass = |scene: &Scene| {
        let at = scene.scene.time?;
        let sensor = scene.scene.properties.get("instrument")?.as_str()?.to_owned();
        Some(Pass { sensor, period: Period { from: at, to: at } })
    };
    Ok(store.scenes(&query).await?.items.iter().filter_map(pass).collect())
}

/// A close-up of each finding in its map of its gas. A map that cannot be drawn is no picture: its evidence page says so.
async fn pictures(
    store: &Store,
    findings: &[Finding],
    scenes: &[Scene],
) -> Result<Vec<Image>, StoreError> {
    let mut pictures = Vec::new();
    for finding in findings.iter().take(PICTURES) {
        let scene = finding.found.scene.and_then(|id| scenes.iter().find(|scene| scene.id == id));
        let (Some(scene), Some(middle)) = (scene, finding.found.place) else { continue };
        let map = format!("enhancement.{}.tif", finding.found.gas.as_deref().unwrap_or_default());
        let Some(asset) = scene.scene.assets.iter().find(|asset| asset.name == map) else {
            continue;
        };
        let reader = store.blobs().reader(&asset.sha256).await?;
        let reach = reach(finding);
        let drawn = tokio::task::spawn_blocking(move || close_up(reader, middle, reach)).await;
        pictures.extend(drawn.ok().flatten());
    }
    Ok(pictures)
}

fn close_up(
    map: impl std::io::Read + std::io::Seek,
    middle: LatLon,
    reach: Metres,
) -> Option<Image> {
    match raster_tile::close_up(map, middle, reach) {
        Ok(rgb) => {
            Some(Image { width_px: CLOSE_UP_SIDE_PX, height_px: CLOSE_UP_SIDE_PX, rgb: rgb? })
        }
        Err(error) => {
            tracing::warn!(%error, "a finding has no close-up");
            None
        }
    }
}

/// As far as the plume is long, and some ground around it.
fn reach(finding: &Finding) -> Metres {
    let length = super::number(&finding.found.properties, "length_m").unwrap_or_default();
    Metres((1.25 * length).clamp(REACH_M.0, REACH_M.1))
}
