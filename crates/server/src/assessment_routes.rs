//! What analysts conclude, how likely that is, and what it was drawn from.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_core::identification::Likelihood;
use cathartes_store::{Assessment, Confidence, NewAssessment, Source, Subject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, Body},
    problem::{Problem, Refusals},
    review_routes::{self, SubjectView},
};

/// Longest text, in characters.
const LONGEST_TEXT: usize = 20_000;
/// Most sources of one.
const MOST_SOURCES: usize = 1_000;

/// An assessment to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeAssessment {
    /// `finding`, which is a plume or a source, or `site`.
    kind: String,
    /// Its id.
    id: Uuid,
    /// What follows from what was observed.
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
    /// How likely, in the terms of ICD 203: almost no chance, very unlikely, unlikely, roughly even chance, likely, very
    /// likely or almost certain.
    likelihood: String,
    /// How far to rely on that: low, moderate or high.
    #[schema(value_type = String)]
    confidence: Confidence,
    /// What it was drawn from, at least one.
    #[schema(min_items = 1)]
    sources: Vec<SourceView>,
    /// An earlier one of the same thing, of anybody, that this one takes the place of.
    supersedes: Option<Uuid>,
    /// A number of your choice: the same sent again with it is kept once.
    key: Option<Uuid>,
}

/// What an assessment was drawn from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceView {
    /// finding, site, observation or scene.
    kind: String,
    /// Its id.
    id: Uuid,
}

/// An assessment that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentView {
    /// Its id.
    id: Uuid,
    /// Of what kind of thing.
    kind: &'static str,
    /// Of which.
    subject: Uuid,
    /// What it says.
    text: String,
    /// How likely.
    likelihood: String,
    /// How far to rely on that.
    #[schema(value_type = String)]
    confidence: Confidence,
    /// What it was drawn from.
    sources: Vec<SourceView>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom.
    by: String,
    /// The earlier one it takes the place of.
    supersedes: Option<Uuid>,
    /// The later one that takes its place.
    superseded_by: Option<Uuid>,
}

impl From<Source> for SourceView {
    fn from(source: Source) -> Self {
        let (kind, id) = match source {
            Source::Finding(id) => ("finding", id),
            Source::Site(id) => ("site", id),
            Source::Observation(id) => ("observation", id),
            Source::Scene(id) => ("scene", id),
        };
        Self { kind: kind.to_owned(), id }
    }
}

impl TryFrom<SourceView> for Source {
    type Error = Problem;

    fn try_from(SourceView { kind, id }: SourceView) -> Result<Self, Problem> {
        match kind.as_str() {
            "finding" => Ok(Self::Finding(id)),
            "site" => Ok(Self::Site(id)),
            "observation" => Ok(Self::Observation(id)),
            "scene" => Ok(Self::Scene(id)),
            other => {
                let detail =
                    format!("`{other}` is no source: write finding, site, observation or scene");
                Err(Problem::bad_request(detail))
            }
        }
    }
}

impl From<Assessment> for AssessmentView {
    fn from(Assessment { id, what, at, by, superseded_by }: Assessment) -> Self {
        let NewAssessment { subject, text, likelihood, confidence, sources, supersedes, .. } = what;
        let (kind, subject) = (subject.word(), subject.id());
        let (likelihood, sources) =
            (likelihood.to_string(), sources.into_iter().map(SourceView::from).collect());
        Self {
            id,
            kind,
            subject,
            text,
            likelihood,
            confidence,
            sources,
            at,
            by,
            supersedes,
            superseded_by,
        }
    }
}

/// Keeps an assessment.
#[utoipa::path(post, path = "/api/v1/assessments", tag = "reviews", request_body = MakeAssessment,
    responses((status = 201, body = AssessmentView), Refusals))]
pub(crate) async fn make(
    State(app): State<App>,
    caller: Caller,
    Body(made): Body<MakeAssessment>,
) -> Result<(StatusCode, Json<AssessmentView>), Problem> {
    caller.needs(Permission::Judge)?;
    let MakeAssessment { kind, id, text, likelihood, confidence, sources, supersedes, key } = made;
    let (length, count) = (text.chars().count(), sources.len());
    if length > LONGEST_TEXT || count > MOST_SOURCES {
        let detail = format!(
            "{length} characters and {count} sources: at most {LONGEST_TEXT} and {MOST_SOURCES}"
        );
        return Err(Problem::bad_request(detail));
    }
    let new = NewAssessment {
        subject: Subject::new(&kind, id)?,
        text,
        likelihood: term(&likelihood)?,
        confidence,
        sources: sources.into_iter().map(Source::try_from).collect::<Result<_, _>>()?,
        supersedes,
        key,
    };
    let kept = app.store.add_assessment(&caller.actor(), &new).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// A term of likelihood as people write it, or with underscores as programs do.
fn term(words: &str) -> Result<Likelihood, Problem> {
    let all = Likelihood::FROM_PROBABILITY.map(|(_, term)| term);
    let spoken = words.replace('_', " ");
    let known = all.into_iter().find(|term| term.to_string() == spoken);
    known.ok_or_else(|| {
        let all = all.map(|term| term.to_string()).join(", ");
        Problem::bad_request(format!("`{words}` is no likelihood: {all}"))
    })
}

/// The assessments of a plume, a source or a site, oldest first. Whoever is to look a second time does not see what others
/// concluded in this round.
#[utoipa::path(get, path = "/api/v1/assessments", tag = "reviews", params(SubjectView),
    responses((status = 200, body = Vec<AssessmentView>), Refusals))]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<SubjectView>,
) -> Result<Json<Vec<AssessmentView>>, Problem> {
    let subject = asked.subject()?;
    let standing = app.store.standing(subject).await?;
    let (_, blind) = review_routes::told(&app, &caller, subject, standing.as_ref()).await?;
    Ok(Json(told(&app, subject, (&caller, blind)).await?))
}

/// Assessments as whoever asks may see them, who does not see those of others since a moment.
pub(crate) async fn told(
    app: &App,
    subject: Subject,
    (caller, blind): (&Caller, Option<Timestamp>),
) -> Result<Vec<AssessmentView>, Problem> {
    let me = caller.actor().to_string();
    let seen = |one: &Assessment| one.by == me || blind.is_none_or(|since| one.at < since);
    let all = app.store.assessments(subject).await?.into_iter();
    Ok(all.filter(seen).map(AssessmentView::from).collect())
}
