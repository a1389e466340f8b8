//! What recipients found, back among the observations: once an answer, by the same way as every report.
//!
//! | outcome | becomes |
//! |---|---|
//! | dismantled, seized | a seizure at the place that was released, B1 |
//! | arrests | another sign there, B1 |
//! | nothing found, wrong place | nothing there, B2; where they say the right place, another sign at that, B2 |
//! | already known, cannot act | nothing: neither tells whether it was there |
//!
//! The place is that of the product the draft was made of, which never changes, so the same answer makes the same
//! observation however often this runs, and the record keeps one that says the same once. All answers to one release are
//! one collection: who corrects an answer has looked once. Sites that change by it come back into the queue by
//! themselves, which is how a next look is asked for.

use anyhow::Context;
use cathartes_core::{
    geometry::LatLon,
    marking::Marking,
    observation::{
        Credibility, Draft, Grade, Observation, OriginChain, Period, Reliability, Sign, What,
        Whereabouts,
    },
    source::Ellipse90,
    units::{Degrees, Metres},
};
use cathartes_release::product::{Product, Value};
use cathartes_store::{Actor, Answer, Outcome, Release, Store, TakenFrom};
use serde::Deserialize;
use uuid::Uuid;

/// Answers that are read at a time.
const PAGE: u32 = 500;
/// How well a telephone on the spot knows where it is, in words of people who were there.
const ON_THE_SPOT_M: f64 = 200.0;
/// A place without an ellipse is known no better than this.
const ROUGHLY_M: f64 = 1_000.0;

/// What came back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// So many observations are new.
    pub new: usize,
    /// So many were there already.
    pub known: u64,
    /// So many releases could not be read.
    pub failed: u64,
}

/// How far outcomes have been brought back. It is no record: whoever begins anew finds everything there already.
#[derive(Debug, Clone, Default)]
pub struct Returning {
    last: Option<Uuid>,
}

impl Returning {
    /// Makes observations of all outcomes that came since the last time; the first time, of all there are.
    ///
    /// # Errors
    ///
    /// When the record does not answer.
    pub async fn bring(&mut self, store: &Store, actor: &Actor) -> anyhow::Result<Returned> {
        let mut returned = Returned::default();
        loop {
            let page = store.outcomes(self.last, PAGE).await?;
            for answer in &page {
                one(store, actor, answer, &mut returned).await?;
                self.last = Some(answer.id);
            }
            if page.len() < PAGE as usize {
                return Ok(returned);
            }
        }
    }
}

/// Brings one back. What cannot be read is told of and passed over: the others are not to wait for it.
async fn one(
    store: &Store,
    actor: &Actor,
    answer: &Answer,
    returned: &mut Returned,
) -> anyhow::Result<()> {
    match said(store, answer).await {
        Ok(some) if some.is_empty() => {}
        Ok(some) => {
            let added = store.add_observations(actor, &some).await?;
            returned.new += added.new.len();
            returned.known += added.known;
        }
        Err(error) => {
            let answer = answer.id;
            tracing::warn!(%answer, error = format!("{error:#}"), "an outcome cannot be brought back");
            returned.failed += 1;
        }
    }
    Ok(())
}

async fn said(store: &Store, answer: &Answer) -> anyhow::Result<Vec<(Observation, TakenFrom)>> {
    let release = store.release(answer.release).await?.context("the release is gone")?;
    let draft = store.draft(release.draft).await?.context("its draft is gone")?;
    let product = store.blobs().whole(&draft.what.product.sha256).await?;
    let product: Product = serde_json::from_slice(&product).context("its product")?;
    let (sha256, row) = (release.dossier.sha256.clone(), answer.number.unsigned_abs());
    let from = TakenFrom::File { sha256, row };
    let drafts = drafts(&release, &product, answer)?;
    drafts.into_iter().map(|draft| Ok((Observation::new(draft)?, from.clone()))).collect()
}

/// What else an answer says.
#[derive(Debug, Deserialize)]
struct Details {
    place: Option<LatLon>,
}

/// What an answer says of the world.
fn drafts(release: &Release, product: &Product, answer: &Answer) -> anyhow::Result<Vec<Draft>> {
    let (place, ellipse) = released_place(product).context("the product has no place")?;
    let draft = |sign, credibility, place, ellipse| Draft {
        what: What::Told { sign },
        place: Whereabouts::Point { place, ellipse },
        when: Period { from: answer.at, to: answer.at },
        grade: Grade { reliability: Reliability::B, credibility },
        origin: OriginChain {
            collector: release.recipient.clone(),
            collection: Some(release.id.to_string()),
            handed_on_by: Vec::new(),
        },
        marking: marking(product),
    };
    let there = |sign| draft(sign, Credibility::Confirmed, place, ellipse);
    let gone = || draft(Sign::NothingThere, Credibility::ProbablyTrue, place, ellipse);
    Ok(match answer.outcome {
        Some(Outcome::Dismantled | Outcome::Seized) => vec![there(Sign::Seizure)],
        Some(Outcome::Arrests) => vec![there(Sign::Other)],
        Some(Outcome::NothingFound) => vec![gone()],
        Some(Outcome::WrongPlace) => {
            let details = serde_json::from_value::<Details>(answer.details.clone()).ok();
            let elsewhere = details.and_then(|details| details.place);
            let right = elsewhere
                .map(|at| draft(Sign::Other, Credibility::ProbablyTrue, at, round(ON_THE_SPOT_M)));
            [gone()].into_iter().chain(right).collect()
        }
        Some(Outcome::AlreadyKnown | Outcome::CannotAct) | None => Vec::new(),
    })
}

/// As closely held as the closest field of what it is about, so that an answer opens nothing. What nobody marked stays
/// with us.
fn marking(product: &Product) -> Marking {
    let fields = product.fields.keys().map(|path| product.marking_of(path));
    Marking::high_water_of(fields).unwrap_or_default()
}

/// Where the product says it is.
fn released_place(product: &Product) -> Option<(LatLon, Ellipse90)> {
    let named = |name: &str| product.fields.iter().find(|(path, _)| path.as_str() == name);
    match named("place")?.1 {
        Value::Place { place, ellipse } => Some((*place, *ellipse)),
        Value::Circle { middle, radius } => Some((*middle, round(radius.0))),
        Value::Cell { corners } => {
            let mean = |of: fn(&LatLon) -> f64| corners.iter().map(of).sum::<f64>() / 4.0;
            let latitude = Degrees(mean(|corner| corner.latitude.0));
            let longitude = Degrees(mean(|corner| corner.longitude.0));
            Some((LatLon { latitude, longitude }, round(ROUGHLY_M)))
        }
        _ => None,
    }
}

fn round(radius_m: f64) -> Ellipse90 {
    let radius = Metres(radius_m);
    Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) }
}

#[cfg(test)]
mod tests;
