//! Plans: requirements, a fleet, authorities and a wind in; sorties with their certificates and the papers of those who
//! fly them out.
//!
//! ```text
//! plans.json                          what was planned, what is left and why
//! NAME.track.json, NAME.certificate.json
//! NAME.plan, NAME.waypoints, NAME.kml, NAME.gpx, NAME.geojson
//! NAME.brief.en.pdf, NAME.brief.es.pdf
//! ```

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use cathartes_core::{
    certificate::Verdict,
    site::Site,
    sortie::{Aircraft, Fleet, Sortie},
};
use cathartes_formats::{
    airspace::track,
    fleet, platform, requirements,
    sortie_out::{self, Outgoing},
};
use cathartes_store::{SiteQuery, Store};
use cathartes_tasking::{Conditions, Left, Method, Plan, Tasking, plan};
use serde_json::json;

use crate::{
    comply::{Rules, bytes, put},
    outcome::Outcome,
    wind::WindSource,
};

mod brief;

pub use cathartes_core::units::{Kelvin, Kilopascals};

/// Sites of a record that are taken into account.
const MOST_SITES: u32 = 10_000;

/// What to plan, and where to.
#[derive(Debug, Clone)]
pub struct Job {
    /// What somebody wants known.
    pub requirements: PathBuf,
    /// What there is to fly.
    pub fleet: PathBuf,
    /// Authorities that hold together.
    pub authorities: Vec<PathBuf>,
    /// The ground.
    pub ground: Option<PathBuf>,
    /// The wind, as `cathartes detect --wind` takes it: everywhere what it is when the first aircraft is ready.
    pub wind: String,
    /// Ground less air.
    pub contrast: Option<Kelvin>,
    /// At mean sea level.
    pub pressure: Option<Kilopascals>,
    /// What is believed of sites.
    pub sites: Vec<Site>,
    /// Of the dice of the search.
    pub seed: u64,
    /// Where the results go.
    pub out: PathBuf,
    /// Whether results of an earlier run may be replaced.
    pub force: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Each sortie in a line.
    pub sorties: Vec<String>,
    /// What nobody looks at, and why.
    pub left: Vec<Left>,
    /// How much of what is wanted known the sorties are expected to tell.
    pub expected_information_share: f64,
}

/// Plans sorties and writes what is needed to fly them. No sortie is written that is not certified as kept.
///
/// # Errors
///
/// When a file cannot be read or says nothing usable, nothing can be planned at all, or the disk refuses.
pub fn run(job: &Job) -> anyhow::Result<Planned> {
    let named = |path: &Path| path.display().to_string();
    let platforms = platform::builtin()?;
    let fleet = fleet::parse(&bytes(&job.fleet)?, &platforms).with_context(|| named(&job.fleet))?;
    let wanted = requirements::parse(&bytes(&job.requirements)?)
        .with_context(|| named(&job.requirements))?;
    let rules = Rules::open(&job.authorities, job.ground.as_deref())?;
    let ready = fleet.aircraft.iter().map(|aircraft| aircraft.ready.from).min();
    let wind = WindSource::read(&job.wind)?.at(ready)?;
    let tasking = Tasking {
        airspace: rules.airspace(),
        fleet: &fleet,
        requirements: &wanted,
        sites: &job.sites,
        conditions: Conditions { wind, contrast: job.contrast, pressure: job.pressure },
    };
    let plan = plan(&tasking, Method::usual(job.seed))?;
    let outcome = Outcome::begin(&job.out, job.force)?;
    let files = Files { folder: outcome.folder(), rules: &rules };
    for planned in &plan.sorties {
        files.write(&planned.sortie, aircraft(&fleet, &planned.sortie.aircraft)?)?;
    }
    let text = serde_json::to_string_pretty(&summary(&plan))? + "\n";
    fs::write(outcome.folder().join("plans.json"), text)?;
    outcome.finish()?;
    Ok(Planned {
        sorties: plan.sorties.iter().map(|planned| in_words(&planned.sortie)).collect(),
        left: plan.left,
        expected_information_share: plan.expected_information_share,
    })
}

/// What a record believes of sites.
///
/// # Errors
///
/// When the database does not answer.
pub async fn sites_of(store: &Store) -> anyhow::Result<Vec<Site>> {
    let query = SiteQuery { limit: MOST_SITES, ..SiteQuery::default() };
    Ok(store.sites(&query).await?.items)
}

fn aircraft<'a>(fleet: &'a Fleet, id: &str) -> anyhow::Result<&'a Aircraft> {
    let found = fleet.aircraft.iter().find(|one| one.id == id);
    found.with_context(|| format!("the fleet has no aircraft `{id}`"))
}

/// Where the files of a sortie go.
struct Files<'a> {
    folder: &'a Path,
    rules: &'a Rules,
}

impl Files<'_> {
    fn write(&self, sortie: &Sortie, aircraft: &Aircraft) -> anyhow::Result<()> {
        let name = &sortie.id;
        // What is certified are the bytes of the file, read again.
        let file = track::write(&sortie.track).into_bytes();
        let certificate = self.rules.certify(&track::read(&file)?, &file);
        ensure!(
            certificate.verdict == Verdict::Kept,
            "{name} was planned but is {}: {}",
            certificate.verdict,
            certificate.why.join("; ")
        );
        put(self.folder, &format!("{name}."), &file, &certificate)?;
        let out = Outgoing { sortie, aircraft, authorities: self.rules.read() };
        let one = std::slice::from_ref(sortie);
        for (ending, text) in [
            ("plan", sortie_out::qground(&out)),
            ("waypoints", sortie_out::waypoints(&out)),
            ("kml", sortie_out::kml(one)),
            ("gpx", sortie_out::gpx(one)),
            ("geojson", sortie_out::geojson(one)),
        ] {
            fs::write(self.folder.join(format!("{name}.{ending}")), text)?;
        }
        for language in brief::Language::ALL {
            let page = brief::page(&out, &certificate, language)?;
            fs::write(self.folder.join(format!("{name}.brief.{}.pdf", language.code())), page)?;
        }
        Ok(())
    }
}

fn in_words(sortie: &Sortie) -> String {
    let visits: Vec<&str> = sortie.visits.iter().map(|visit| visit.requirement.as_str()).collect();
    let from = sortie.track.fixes.first().map(|fix| fix.time).unwrap_or_default();
    format!(
        "{} {} from {from}: {} in {:.1} h, {:.1} h to spare",
        sortie.id,
        sortie.aircraft,
        visits.join(", "),
        sortie.duration.0 / 3_600.0,
        sortie.endurance_left.0 / 3_600.0
    )
}

fn summary(plan: &Plan) -> serde_json::Value {
    let sorties = plan.sorties.iter().map(|planned| {
        let sortie = &planned.sortie;
        let visits = sortie.visits.iter().map(|visit| {
            json!({
                "requirement": visit.requirement,
                "sensor": visit.sensor,
                "pattern": visit.pattern.word(),
                "height_m": visit.height,
                "from": visit.time.from,
                "to": visit.time.to,
                "detection_probability": visit.detection_probability,
            })
        });
        json!({
            "sortie": sortie.id,
            "aircraft": sortie.aircraft,
            "duration_s": sortie.duration,
            "endurance_left_s": sortie.endurance_left,
            "expected_information_share": sortie.expected_information_share,
            "visits": visits.collect::<Vec<_>>(),
        })
    });
    let left =
        plan.left.iter().map(|left| json!({ "requirement": left.requirement, "why": left.why }));
    json!({
        "expected_information_share": plan.expected_information_share,
        "sorties": sorties.collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
    })
}
