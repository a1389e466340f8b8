//! Everything that speaks for and against one plume, source or site, in one answer.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    observation::ObservationId,
    site::{Site, SiteId},
    units::Metres,
};
use cathartes_store::{
    Around, AuditEntry, Finding, KeptObservation, Scene, Stage, Standing, StoreError, Subject,
    TimeRange,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::try_join;
use uuid::Uuid;

use crate::{
    access::Caller,
    app::App,
    assessment_routes::{self, AssessmentView},
    ogc,
    params::At,
    problem::{Problem, Refusals},
    queue_routes::{Place, words},
    review_routes::{self, ClaimView, Told},
    site_routes,
};

/// How far around is looked.
const NEAR: Metres = Metres(5_000.0);
/// What is told of each kind of neighbour.
const NEIGHBOURS: usize = 20;
const EMITTERS: usize = 10;
/// Findings and observations so long before and after.
const BESIDE: SignedDuration = SignedDuration::from_hours(30 * 24);
const ENTRIES: u32 = 100;

/// What it is about, as the record has it.
struct About {
    subject: Subject,
    standing: Standing,
    finding: Option<Finding>,
    site: Option<Site>,
    scene: Option<Scene>,
}

/// Everything that speaks for and against something: the thing itself, the scene it was seen in, what lies around it, the
/// register, who looked at it and what they said, as far as whoever asks may know before they look themselves.
#[utoipa::path(get, path = "/api/v1/evidence/{kind}/{id}", tag = "reviews",
    params(("kind" = String, Path, description = "finding or site"), ("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, body = Object), (status = 307, description = "merged into another"), Refusals))]
pub(crate) async fn evidence(
    State(app): State<App>,
    caller: Caller,
    At((kind, id)): At<(String, Uuid)>,
) -> Result<Response, Problem> {
    let subject = Subject::new(&kind, id)?;
    let Some(about) = about(&app, subject).await? else {
        let other = match subject {
            Subject::Site(site) => app.store.stands_as(site).await?,
            Subject::Finding(_) => None,
        };
        let other = other.ok_or_else(|| Problem::absent(subject.word(), id))?;
        let link = app.link(&format!("/api/v1/evidence/site/{other}"));
        return Ok(Redirect::temporary(&link).into_response());
    };
    let standing = &about.standing;
    // At once: one after the other, each would wait for its turn behind everybody else's.
    let (claim, site, nearby, register, said) = try_join!(
        claim(&app, subject),
        site(&app, &about),
        nearby(&app, &about),
        register(&app, standing.place),
        said(&app, &about, &caller),
    )?;
    let Said { reviews, assessments, history } = said;
    caller.witness.sees("evidence.read", subject);
    if let Some(why) = under(&caller, claim.as_ref(), &reviews) {
        caller.witness.because(why);
    }
    Ok(Json(json!({
        "kind": subject.word(),
        "id": id,
        "what": standing.sort.word(),
        "words": words(standing),
        "gas": standing.gas,
        "place": standing.place.map(Place::from),
        "standing": stands(standing),
        "claim": claim,
        "finding": about.finding.as_ref().map(|finding| ogc::feature(&app, finding)),
        "site": site,
        "scene": about.scene.as_ref().map(scene),
        "nearby": nearby,
        "register": register,
        "reviews": reviews,
        "assessments": assessments,
        "history": history,
    }))
    .into_response())
}

/// Under what it is looked at: a claim or a review of whoever asks; none: their role alone.
fn under(caller: &Caller, claim: Option<&ClaimView>, reviews: &[Told]) -> Option<Value> {
    let name = &caller.account().name;
    let claim = claim.and_then(|claim| claim.own(name));
    let review = || reviews.iter().find_map(|review| review.own(name));
    let claimed = claim.map(|until| json!({ "claim": until }));
    claimed.or_else(|| review().map(|review| json!({ "review": review })))
}

/// The thing itself; none when there is no such thing.
async fn about(app: &App, subject: Subject) -> Result<Option<About>, Problem> {
    let Some(standing) = app.store.standing(subject).await? else { return Ok(None) };
    let (finding, site) = match subject {
        Subject::Finding(id) => (app.store.finding(id).await?, None),
        Subject::Site(id) => (None, app.store.site(id).await?),
    };
    if finding.is_none() && site.is_none() {
        return Ok(None);
    }
    let scene = match finding.as_ref().and_then(|finding| finding.found.scene) {
        Some(scene) => app.store.scene(scene).await?,
        None => None,
    };
    Ok(Some(About { subject, standing, finding, site, scene }))
}

fn stands(standing: &Standing) -> Value {
    // What was corrected waits for nobody: `superseded_by` of the finding says why.
    let stage = match standing.stage {
        Stage::Corrected => Stage::Decided,
        stage => stage,
    };
    json!({
        "stage": stage.word(),
        "since": standing.since,
        "verdict": standing.verdict,
        "round": standing.round,
    })
}

fn scene(Scene { id, scene, .. }: &Scene) -> Value {
    let asset = |asset: &cathartes_store::Asset| {
        let cathartes_store::Asset { name, media_type, size_bytes, .. } = asset;
        json!({ "name": name, "media_type": media_type, "size_bytes": size_bytes })
    };
    json!({
        "id": id,
        "name": scene.name,
        "time": scene.time,
        "properties": scene.properties,
        "assets": scene.assets.iter().map(asset).collect::<Vec<_>>(),
    })
}

async fn claim(app: &App, subject: Subject) -> Result<Option<ClaimView>, Problem> {
    Ok(app.store.claim_on(subject, Timestamp::now()).await?.map(ClaimView::from))
}

async fn site(app: &App, about: &About) -> Result<Option<Value>, Problem> {
    match &about.site {
        Some(site) => Ok(Some(site_routes::whole(app, site).await?)),
        None => Ok(None),
    }
}

/// What people said and did, as far as whoever asks may know.
struct Said {
    reviews: Vec<Told>,
    assessments: Vec<AssessmentView>,
    history: Vec<Value>,
}

async fn said(app: &App, about: &About, caller: &Caller) -> Result<Said, Problem> {
    let (subject, standing) = (about.subject, Some(&about.standing));
    let (reviews, blind) = review_routes::told(app, caller, subject, standing).await?;
    let assessments = assessment_routes::told(app, subject, (caller, blind));
    let (assessments, history) = try_join!(assessments, history(app, about, blind))?;
    Ok(Said { reviews, assessments, history })
}

/// What lies around: findings of other searches, sites, and what was observed of the sites around.
async fn nearby(app: &App, about: &About) -> Result<Value, Problem> {
    let Some(place) = about.standing.place else {
        return Ok(json!({ "findings": [], "sites": [], "observations": [] }));
    };
    let id = about.subject.id();
    let around = Around { place, radius: NEAR, time: beside(about), limit: NEIGHBOURS + 1 };
    let (findings, (sites, observations)) =
        try_join!(app.store.findings_around(&around), sites_with_observations(app, &around))?;
    let far = |mut all: Value, distance: Metres| {
        all["distance_m"] = json!(distance.0);
        all
    };
    let findings = findings.iter().filter(|(finding, _)| finding.id != id);
    let findings = findings.map(|(finding, distance)| far(ogc::feature(app, finding), *distance));
    let sites = sites.iter().filter(|(site, _)| site.id != SiteId(id.as_u128()));
    let sites = sites.map(|(site, distance)| far(site_routes::summary(site), *distance));
    let observations = observations.iter();
    let observations =
        observations.map(|(kept, distance)| far(site_routes::observation(kept), *distance));
    Ok(json!({
        "findings": findings.take(NEIGHBOURS).collect::<Vec<_>>(),
        "sites": sites.take(NEIGHBOURS).collect::<Vec<_>>(),
        "observations": observations.collect::<Vec<_>>(),
    }))
}

type Near<T> = Vec<(T, Metres)>;

async fn sites_with_observations(
    app: &App,
    around: &Around,
) -> Result<(Near<Site>, Near<KeptObservation>), StoreError> {
    let sites = app.store.sites_around(around).await?;
    let said: Vec<ObservationId> =
        sites.iter().flat_map(|(site, _)| site.observations.iter().copied()).collect();
    let here = Around { limit: NEIGHBOURS, ..*around };
    let observations = app.store.observations_around(&here, &said).await?;
    Ok((sites, observations))
}

/// A month before and after it was seen.
fn beside(about: &About) -> TimeRange {
    let found = about.finding.as_ref().and_then(|f| f.found.begins.zip(f.found.ends));
    let observed = about.site.as_ref().map(Site::observed).map(|period| (period.from, period.to));
    let recorded = about.standing.round_began;
    let (begins, ends) = found.or(observed).unwrap_or((recorded, recorded));
    TimeRange {
        from: Some(begins.saturating_sub(BESIDE).unwrap_or(Timestamp::MIN)),
        to: Some(ends.saturating_add(BESIDE).unwrap_or(Timestamp::MAX)),
    }
}

/// Licensed emitters around a place, the nearest first.
async fn register(app: &App, place: Option<LatLon>) -> Result<Vec<Value>, Problem> {
    let Some(place) = place else { return Ok(Vec::new()) };
    let all = app.register().await?;
    let mut near: Vec<_> = all
        .iter()
        .map(|emitter| (emitter, bearing_and_distance(place, emitter.place).1))
        .filter(|(_, distance)| distance.0 <= NEAR.0)
        .collect();
    near.sort_by(|one, other| one.1.0.total_cmp(&other.1.0));
    let told = |(emitter, distance): (&cathartes_core::site::LicensedEmitter, Metres)| {
        json!({
            "name": emitter.name,
            "gases": emitter.gases,
            "place": Place::from(emitter.place),
            "radius_m": emitter.radius.0,
            "distance_m": distance.0,
        })
    };
    Ok(near.into_iter().take(EMITTERS).map(told).collect())
}

/// What was done to it, the newest first; who looked is not told to whom that is hidden.
async fn history(
    app: &App,
    about: &About,
    blind: Option<Timestamp>,
) -> Result<Vec<Value>, Problem> {
    let mut subjects = vec![about.subject.to_string(), about.subject.id().to_string()];
    let job = about.finding.as_ref().and_then(|finding| finding.job);
    subjects.extend(job.map(|job| job.to_string()));
    let entries = app.store.audit_about(&subjects, ENTRIES).await?;
    let told = |entry: AuditEntry| {
        let AuditEntry { seq, at, actor, action, .. } = entry;
        let hidden = blind.is_some_and(|since| at >= since) && action.starts_with("review.");
        let by = if hidden { "somebody".to_owned() } else { actor };
        json!({ "seq": seq, "at": at, "action": action, "by": by })
    };
    Ok(entries.into_iter().map(told).collect())
}
