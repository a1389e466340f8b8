//! The queue, as people see it: what waits, what is being done, what died and why.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_store::{Job, JobState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, At, limit},
    problem::{Problem, Refusals},
};

/// One job.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobView {
    /// Its id.
    id: Uuid,
    /// `detect`, `locate` or `fold`.
    #[serde(rename = "do")]
    work: &'static str,
    /// Names of its files.
    files: Vec<String>,
    /// `queued`, `leased`, `done` or `dead`.
    #[schema(value_type = String)]
    state: JobState,
    /// Times it was begun.
    attempts: i64,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// What went wrong the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished: Option<Timestamp>,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            work: job.work.word(),
            files: job.work.files().iter().map(|file| file.name.clone()).collect(),
            state: job.state,
            attempts: job.attempts,
            owner: job.owner,
            error: job.error,
            note: job.note,
            created: job.created,
            finished: job.finished,
        }
    }
}

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// Only of this state: queued, leased, done or dead.
    state: Option<String>,
    /// At most so many, the newest.
    #[param(minimum = 1)]
    limit: Option<i64>,
}

/// Jobs, the newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "import", params(JobQuery),
    responses((status = 200, body = Vec<JobView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Caller,
    Asked(query): Asked<JobQuery>,
) -> Result<Json<Vec<JobView>>, Problem> {
    let state = query.state.as_deref().map(str::parse).transpose()?;
    let jobs = app.store.jobs(state, limit(query.limit)?).await?;
    Ok(Json(jobs.into_iter().map(JobView::from).collect()))
}

/// One job.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "import",
    params(("id" = Uuid, Path, description = "The job")),
    responses((status = 200, body = JobView), Refusals))]
pub(crate) async fn look(
    State(app): State<App>,
    _: Caller,
    At(id): At<Uuid>,
) -> Result<Json<JobView>, Problem> {
    let job = app.store.job(id).await?.ok_or_else(|| Problem::absent("job", id))?;
    Ok(Json(job.into()))
}

/// Asks for a dead job again.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/revive", tag = "import",
    params(("id" = Uuid, Path, description = "The job")),
    responses((status = 204), Refusals))]
pub(crate) async fn revive(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<StatusCode, Problem> {
    caller.needs(Permission::Import)?;
    app.store.revive(&caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
