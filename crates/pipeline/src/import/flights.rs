//! Authorities and flights come into the record: documents as they are, flights with their certificate.

use std::path::Path;

use anyhow::{Context, bail};
use cathartes_core::{
    airspace::{Authority, Limit},
    certificate::Verdict,
    geometry::LatLon,
    track::Track,
};
use cathartes_formats::airspace::authority;
use cathartes_store::{Actor, NewAuthority, NewSortie, Store};
use serde_json::{Value, json};

use crate::comply::{self, About, Rules, Told};

/// Places of a line or a ring on a map at most; the file has them all.
const MOST_PLACES: usize = 2_000;

/// What became of a flight.
#[derive(Debug, Clone)]
pub struct BroughtFlight {
    /// Its name.
    pub sortie: String,
    /// What is claimed of it.
    pub verdict: Verdict,
    /// What keeps it from being kept.
    pub why: Vec<String>,
    /// What is wrong with its log.
    pub faults: Vec<String>,
    /// Whether it was not here before.
    pub new: bool,
}

/// Brings an authority; `false` when it is here already. One that would permit weapons is refused, and that it was tried
/// stands in the audit log.
///
/// # Errors
///
/// When the file cannot be read or says nothing usable, or the record refuses.
pub async fn bring_authority(store: &Store, actor: &Actor, file: &Path) -> anyhow::Result<bool> {
    let (name, bytes) = comply::named(file)?;
    let read = authority::read(&bytes).context(name);
    let read = noted(store, (actor, file), read).await?;
    let document = store.blobs().put(bytes).await?;
    let outline = volumes(&read);
    let Authority { number, issuer, .. } = read;
    let new = NewAuthority { number, issuer, document, outline };
    Ok(store.add_authority(actor, &new).await?.is_some())
}

/// Brings a track or a log, certified against the authorities that the record holds.
///
/// # Errors
///
/// When the file cannot be read, the record holds no authority, or it refuses.
pub async fn bring_flight(
    store: &Store,
    actor: &Actor,
    file: &Path,
    (about, ground): (Option<&Path>, Option<&Path>),
) -> anyhow::Result<BroughtFlight> {
    let about = about.map(About::open).transpose()?;
    let told = noted(store, (actor, file), comply::told(file, about.as_ref())).await?;
    let rules = holding(store, ground).await?;
    let Told { track, bytes, faults, .. } = told;
    let certificate = rules.certify(&track, &bytes);
    let text = serde_json::to_string_pretty(&certificate)? + "\n";
    let (verdict, why) = (certificate.verdict, certificate.why);
    let new = NewSortie {
        name: track.sortie.clone(),
        kind: track.kind.word().to_owned(),
        operator: track.operator.clone(),
        aircraft: track.aircraft.clone(),
        purpose: track.purpose.word().to_owned(),
        begins: track.fixes.first().map(|fix| fix.time).unwrap_or_default(),
        ends: track.fixes.last().map(|fix| fix.time).unwrap_or_default(),
        verdict,
        why: why.clone(),
        outline: line(&track),
        track: store.blobs().put(bytes).await?,
        certificate: store.blobs().put(text.into_bytes()).await?,
    };
    let (_, new) = store.add_sortie(actor, &new).await?;
    Ok(BroughtFlight { sortie: track.sortie, verdict, why, faults, new })
}

/// What was read of a file; that somebody tried to bring weapons in stands in the audit log.
async fn noted<T>(
    store: &Store,
    (actor, file): (&Actor, &Path),
    read: anyhow::Result<T>,
) -> anyhow::Result<T> {
    if let Err(error) = &read
        && comply::is_armed(error)
    {
        store.note_refusal(actor, &file.display().to_string(), &format!("{error:#}")).await?;
    }
    read
}

/// The authorities that the record holds.
async fn holding(store: &Store, ground: Option<&Path>) -> anyhow::Result<Rules> {
    let mut documents = Vec::new();
    for one in store.authorities().await? {
        let bytes = store.blobs().whole(&one.authority.document.sha256).await?;
        documents.push((one.authority.number, bytes));
    }
    if documents.is_empty() {
        bail!(
            "the record holds no authority, and what nothing permits is forbidden: import one by --authority"
        );
    }
    Rules::of(&documents, ground.map(comply::named).transpose()?.as_ref())
}

/// The volumes of an authority for a map.
fn volumes(authority: &Authority) -> Value {
    let features = authority.clauses.iter().map(|clause| {
        let ring = |ring: &Vec<LatLon>| {
            let mut places: Vec<Value> = thinned(ring).map(|place| position(*place)).collect();
            places.extend(places.first().cloned());
            places
        };
        let polygons = clause.volume.polygons.iter();
        let rings: Vec<Vec<Vec<Value>>> =
            polygons.map(|polygon| polygon.rings.iter().map(ring).collect()).collect();
        json!({
            "type": "Feature",
            "geometry": { "type": "MultiPolygon", "coordinates": rings },
            "properties": {
                "clause": format!("{}/{}", authority.number, clause.number),
                "rule": clause.rule.word(),
                "floor": clause.volume.floor.to_string(),
                "ceiling": clause.volume.ceiling.as_ref().map(Limit::to_string),
            },
        })
    });
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() })
}

/// A track for a map.
fn line(track: &Track) -> Value {
    let places: Vec<LatLon> = track.fixes.iter().map(|fix| fix.place).collect();
    let mut line: Vec<Value> = thinned(&places).map(|place| position(*place)).collect();
    line.extend(places.last().map(|place| position(*place)));
    json!({ "type": "LineString", "coordinates": line })
}

fn thinned(places: &[LatLon]) -> impl Iterator<Item = &LatLon> {
    places.iter().step_by(places.len().div_ceil(MOST_PLACES).max(1))
}

fn position(place: LatLon) -> Value {
    json!([place.longitude.0, place.latitude.0])
}
