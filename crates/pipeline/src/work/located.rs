//! Sources from traces become findings: the point, and around it the ellipse that holds the source
//! nine times in ten.

use std::path::Path;

use anyhow::bail;
use cathartes_core::{geometry::LatLon, units::Degrees};
use cathartes_store::{Kind, NewFinding, Results, Work};
use serde_json::{Value, json};

use super::{
    Found, said,
    searched::{json_of, object, provenance},
};
use crate::{
    gas,
    locate::{self, Job, Located},
};

pub(super) fn locate(work: &Work, folder: &Path) -> anyhow::Result<Found> {
    let Work::Locate { readings, wind, site, seed, .. } = work else {
        bail!("this is no location of sources");
    };
    let input = |name: &String| folder.join("in").join(name);
    let job = Job {
        readings: input(readings),
        wind: input(wind),
        log_map: None,
        site: site.as_ref().map(input),
        gas: None,
        plumes: Vec::new(),
        next_leg: None,
        out: folder.join("out"),
        seed: *seed,
        draws: None,
        force: false,
        gas_folder: gas::default_folder(),
    };
    let located = locate::run(&job, &|_| {})?;
    let mut results = Results::default();
    let mut notes = Vec::with_capacity(located.len());
    for one in &located {
        let (before, found) = (results.findings.len(), sources(one)?);
        let said = said::by_location(work, one, &found);
        let said = said.into_iter().map(|(of, said)| (of.map(|at| before + at), said));
        results.observations.extend(said);
        results.findings.extend(found);
        notes.push(one.words.first().cloned().unwrap_or_default());
    }
    results.note = notes.join("; ");
    Ok(Found { results, files: Vec::new() })
}

fn sources(located: &Located) -> anyhow::Result<Vec<NewFinding>> {
    let provenance = provenance(&located.folder)?;
    let file = located.folder.join("sources.geojson");
    // Nobody said where on Earth the readings were taken: then there is no such file.
    let features = if file.is_file() { json_of(&file)? } else { json!({ "features": [] }) };
    let features = features["features"].as_array().cloned().unwrap_or_default();
    let of = |number: u32, kind: &str| {
        let this = |feature: &&Value| {
            feature["properties"]["source"] == number && feature["geometry"]["type"] == kind
        };
        features.iter().find(this)
    };
    let one = |source: &cathartes_core::source::Source| {
        let point = of(source.number, "Point");
        let place = point.and_then(|point| {
            let pair = point["geometry"]["coordinates"].as_array()?;
            let (longitude, latitude) = (pair.first()?.as_f64()?, pair.get(1)?.as_f64()?);
            Some(LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) })
        });
        let mut properties = match point {
            Some(point) => object(point["properties"].clone()),
            None => object(json!({ "source": source })),
        };
        properties.insert("words".to_owned(), json!(located.words));
        NewFinding {
            kind: Kind::Source,
            gas: Some(located.location.gas.clone()),
            place,
            begins: located.measured.map(|(first, _)| first),
            ends: located.measured.map(|(_, last)| last),
            geometry: of(source.number, "Polygon").map(|area| area["geometry"].clone()),
            properties,
            provenance: provenance.clone(),
            scene: None,
            supersedes: None,
        }
    };
    Ok(located.location.sources.iter().map(one).collect())
}
