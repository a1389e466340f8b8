//! What came, what waits, what was decided, and how far those who decide agree.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Json, extract::State};
use cathartes_core::{
    agreement::{kappa_ratio, wilson_ratio, within_one_ratio},
    estimate::Interval90,
};
use cathartes_release::figures::{Share, truth_of};
use cathartes_store::{Arrivals, Decision, Outcome, StageCount, Verdict};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::{
    access::Caller,
    app::App,
    params::Asked,
    problem::{Problem, Refusals},
};

const DAY_S: i64 = 86_400;
const USUAL_DAYS: i64 = 30;
const MOST_DAYS: i64 = 366;
/// So long the same is told again: it is counted, and many ask.
const KEPT: Duration = Duration::from_secs(10);
/// What can be the outcome of a look that is compared.
const OPINIONS: [Verdict; 4] =
    [Verdict::Confirm, Verdict::Reject, Verdict::CannotTell, Verdict::Collect];

/// Of how many days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Days {
    /// Up to today, by UTC; 30 when absent.
    #[param(minimum = 1, maximum = 366)]
    days: Option<i64>,
}

/// What came and was decided day by day, what waits, how long decisions took, how far two who look without knowing of each
/// other agree, how often plumes of each instrument are confirmed, and how often recipients found what it showed. Intervals hold the truth nine times in ten. At most ten seconds
/// old.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "reviews", params(Days),
    responses((status = 200, body = Object), Refusals))]
pub(crate) async fn statistics(
    State(app): State<App>,
    _: Caller,
    Asked(Days { days }): Asked<Days>,
) -> Result<Json<Value>, Problem> {
    let days = days.unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::bad_request(format!("days is {days}: write 1 to {MOST_DAYS}")));
    }
    // Who comes meanwhile waits for the same count instead of counting again.
    let mut kept = app.statistics.lock().await;
    kept.retain(|_, (made, _)| made.elapsed() < KEPT);
    if let Some((_, told)) = kept.get(&days) {
        return Ok(Json(Value::clone(told)));
    }
    let told = Arc::new(counted(&app, days, Timestamp::now()).await?);
    kept.insert(days, (Instant::now(), Arc::clone(&told)));
    Ok(Json(Value::clone(&told)))
}

async fn counted(app: &App, days: i64, now: Timestamp) -> Result<Value, Problem> {
    let today = now.as_second().div_euclid(DAY_S);
    let day = |number: i64| Timestamp::from_second(number * DAY_S).unwrap_or(now);
    let first = today - days + 1;
    let since = day(first);
    let decisions = app.store.decisions(since).await?;
    let mut by_day: BTreeMap<i64, Vec<&Decision>> = BTreeMap::new();
    for decision in &decisions {
        by_day.entry(decision.at.as_second().div_euclid(DAY_S)).or_default().push(decision);
    }
    let mut told = Vec::new();
    for number in first..=today {
        let Arrivals { scenes, plumes, sources, observations } =
            app.store.arrivals(day(number), day(number + 1)).await?;
        let decided = by_day.get(&number).map_or(&[][..], Vec::as_slice);
        let of = |verdict| decided.iter().filter(|decision| decision.verdict == verdict).count();
        told.push(json!({
            "day": day(number).strftime("%Y-%m-%d").to_string(),
            "scenes": scenes,
            "plumes": plumes,
            "sources": sources,
            "observations": observations,
            "decided": {
                "confirm": of(Verdict::Confirm),
                "reject": of(Verdict::Reject),
                "cannot_tell": of(Verdict::CannotTell),
            },
        }));
    }
    let waiting: Vec<Value> = app.store.stage_counts().await?.iter().map(waits).collect();
    Ok(json!({
        "days": told,
        "waiting": waiting,
        "waited_s": waited(&decisions),
        "agreement": agreement(&app.store.blind_pairs(since).await?),
        "instruments": instruments(app.store.decided_by_instrument(since).await?),
        "outcomes": outcomes(app.store.outcomes_by_instrument(since).await?),
    }))
}

fn waits(one: &StageCount) -> Value {
    let StageCount { sort, stage, count, oldest } = one;
    json!({ "what": sort.word(), "stage": stage.word(), "count": count, "oldest": oldest })
}

/// From the beginning of a round to its decision.
fn waited(decisions: &[Decision]) -> Value {
    let took = |decision: &Decision| decision.at.duration_since(decision.began).as_secs_f64();
    let mut all: Vec<f64> = decisions.iter().map(took).collect();
    all.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let last = all.len().checked_sub(1)?;
        all.get((share * last as f64).round() as usize).copied()
    };
    json!({ "median": at(0.5), "p90": at(0.9), "count": all.len() })
}

/// The first look downward, the second across.
fn agreement(pairs: &[[Verdict; 2]]) -> Value {
    let mut table = vec![vec![0_u64; OPINIONS.len()]; OPINIONS.len()];
    for pair in pairs {
        let [first, second] = pair.map(|said| OPINIONS.iter().position(|one| *one == said));
        if let Some((first, second)) = first.zip(second) {
            table[first][second] += 1;
        }
    }
    let kappa = kappa_ratio(&table);
    let same: u64 = (0..OPINIONS.len()).map(|i| table[i][i]).sum();
    let count: u64 = table.iter().flatten().sum();
    json!({
        "pairs": count,
        "kappa": kappa.map(|kappa| kappa.value),
        "interval": kappa.map(|kappa| ends(within_one_ratio(kappa))),
        "same": same,
        "verdicts": OPINIONS.map(Verdict::word),
        "table": table,
    })
}

fn ends(Interval90 { low, high }: Interval90<f64>) -> [f64; 2] {
    [low, high]
}

/// How often what an instrument showed was confirmed, of what was confirmed or rejected.
fn instruments(decided: Vec<(Option<String>, Verdict, u64)>) -> Vec<Value> {
    let mut by_name: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    for (name, verdict, count) in decided {
        let counts = by_name.entry(name.unwrap_or_else(|| "unknown".to_owned())).or_default();
        match verdict {
            Verdict::Confirm => counts[0] += count,
            Verdict::Reject => counts[1] += count,
            Verdict::CannotTell => counts[2] += count,
            Verdict::SecondLook | Verdict::Collect => {}
        }
    }
    let one = |(instrument, [confirmed, rejected, cannot_tell]): (String, [u64; 3])| {
        let of = confirmed + rejected;
        json!({
            "instrument": instrument,
            "confirmed": confirmed,
            "rejected": rejected,
            "cannot_tell": cannot_tell,
            "precision": (of > 0).then(|| confirmed as f64 / of as f64),
            "interval": wilson_ratio(confirmed, of).map(ends),
        })
    };
    by_name.into_iter().map(one).collect()
}

/// How often what an instrument showed was there, of outcomes that tell.
fn outcomes(came: Vec<(Option<String>, Outcome, u64)>) -> Vec<Value> {
    let mut by_name: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    for (name, outcome, count) in came {
        let counts = by_name.entry(name.unwrap_or_else(|| "unknown".to_owned())).or_default();
        counts[truth_of(outcome.word()) as usize] += count;
    }
    let one = |(instrument, [there, not_there, untold]): (String, [u64; 3])| {
        let share = Share::new(there, there + not_there);
        json!({
            "instrument": instrument,
            "there": there,
            "not_there": not_there,
            "untold": untold,
            "precision": share.ratio(),
            "interval": share.interval_ratio.map(ends),
            "few": share.is_of_few(),
        })
    };
    by_name.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests;
