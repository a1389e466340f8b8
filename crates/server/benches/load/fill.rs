//! A record of a busy year, written as the bulk importer writes.

use std::time::{Duration, Instant};

use cathartes_core::{
    geometry::LatLon,
    provenance::{Digest, Provenance},
    units::Degrees,
};
use cathartes_server::{Actor, Location, Store};
use cathartes_store::{Asset, Kind, NewFinding, NewScene, Proof, Role};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Load;

/// Findings of one transaction: what is acknowledged at once.
const BATCH: usize = 500;
/// Between two scenes that are recorded while analysts work.
const EVERY: Duration = Duration::from_secs(5);
const START_S: i64 = 1_790_000_000;

/// Fills an empty record; gives every analyst a token for it.
pub(crate) async fn fill(location: &Location, load: Load) -> Vec<String> {
    let store = Store::open(location).await.unwrap();
    let actor = Actor::Command("bench".to_owned());
    let total = load.findings + load.plumes;
    let start = Instant::now();
    let mut done = 0;
    while done < total {
        let end = total.min(done + BATCH);
        let some: Vec<NewFinding> = (done..end).map(|i| finding(i, load.plumes)).collect();
        store.add_findings(&actor, &some).await.unwrap();
        done = end;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{total} findings, {BATCH} a durable commit: {:.0} a second", total as f64 / seconds);
    for i in 0..load.scenes {
        store.add_scene(&actor, &scene(i)).await.unwrap();
    }
    let mut tokens = Vec::new();
    for n in 0..load.analysts {
        tokens.push(analyst(&store, &actor, n).await);
    }
    store.close().await;
    tokens
}

/// Another scene's plumes every few seconds, as a worker records them beside the server.
pub(crate) async fn go_on(location: Location, load: Load) {
    let store = Store::open(&location).await.unwrap();
    let actor = Actor::Command("bench".to_owned());
    let end = Instant::now() + Duration::from_secs(load.seconds);
    while Instant::now() < end {
        let some: Vec<NewFinding> = (0..20).map(|i| finding(i, load.plumes)).collect();
        store.add_findings(&actor, &some).await.unwrap();
        tokio::time::sleep(EVERY).await;
    }
}

async fn analyst(store: &Store, actor: &Actor, n: usize) -> String {
    let (now, day) = (Timestamp::now(), Duration::from_secs(86_400));
    let invitation = store.invite(actor, Role::Analyst, now, day).await.unwrap();
    let (name, proof) = (format!("analyst-{n}"), Proof::Password("none"));
    let account = store.accept(&invitation, now, &name, proof).await.unwrap();
    store.sign_in(&account, false, now, day).await.unwrap().0
}

/// One of a few scenes a day.
fn scene(i: usize) -> NewScene {
    let part = |by: f64| (i as f64 * by).fract();
    let (longitude, latitude) =
        (-117.0 + 20.0 * part(0.618_033_988_75), 26.0 + 6.0 * part(0.754_877_666_2));
    let corner = |east: f64, north: f64| LatLon {
        latitude: Degrees(latitude + north),
        longitude: Degrees(longitude + east),
    };
    NewScene {
        name: format!("line {i}"),
        time: Some(Timestamp::from_second(START_S + i as i64 * 15_000).unwrap()),
        footprint: vec![corner(0.0, 0.0), corner(0.1, 0.0), corner(0.1, 0.1), corner(0.0, 0.1)],
        properties: json!({ "gases": ["ch4"], "plumes": 3 }).as_object().unwrap().clone(),
        provenance: provenance(),
        assets: (0..6).map(asset).collect(),
    }
}

/// What the file holds is not asked for.
fn asset(n: usize) -> Asset {
    Asset {
        name: format!("file-{n}.tif"),
        sha256: Digest(format!("{n:064}")),
        size_bytes: 1_000_000,
        media_type: "image/tiff".to_owned(),
        role: "data".to_owned(),
    }
}

fn provenance() -> Provenance {
    Provenance {
        inputs: Vec::new(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: 1,
        parameters: Vec::new(),
    }
}

/// A drop of sixteen corners that begins at a place and goes as many degrees north-east.
fn outline(longitude: f64, latitude: f64, long_deg: f64) -> Value {
    let corner = |n: usize| {
        let (sin, cos) = (n as f64 / 16.0 * std::f64::consts::TAU).sin_cos();
        let (along, across) = (0.5 * long_deg * (1.0 - cos), 0.1 * long_deg * sin);
        [longitude + along - across, latitude + along + across]
    };
    let mut ring: Vec<[f64; 2]> = (0..16).map(corner).collect();
    ring.push(ring[0]);
    json!({ "type": "Polygon", "coordinates": [ring] })
}

/// Along a border of 2,000 km, spread by the golden ratio; the first are plumes, with outlines of up to two kilometres.
fn finding(i: usize, plumes: usize) -> NewFinding {
    let part = |by: f64| (i as f64 * by).fract();
    let (x, y) = (part(0.618_033_988_75), part(0.754_877_666_2));
    let (longitude, latitude) = (-117.0 + 20.0 * x, 26.0 + 6.0 * y);
    let at = Timestamp::from_second(START_S + i as i64 * 28).unwrap();
    NewFinding {
        kind: if i < plumes { Kind::Plume } else { Kind::Source },
        gas: Some(["ch4", "nh3", "so2"][i % 3].to_owned()),
        place: Some(LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }),
        begins: Some(at),
        ends: Some(at),
        geometry: (i < plumes).then(|| outline(longitude, latitude, 0.02 * part(0.569_840_291))),
        properties:
            json!({ "rate_kg_per_h": 12.5, "rate_low_90_percent_kg_per_h": 7.0, "number": i })
                .as_object()
                .unwrap()
                .clone(),
        provenance: provenance(),
        scene: None,
        supersedes: None,
    }
}
