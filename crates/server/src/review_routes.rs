//! What analysts decide of plumes, sources and sites, and who looks at what meanwhile.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use cathartes_store::{Claim, NewReview, Review, ReviewRule, Stage, Standing, Subject, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::{Asked, At, Body},
    problem::{Problem, Refusals},
};

/// How long a claim lasts; a page that is looked at asks again before.
pub(crate) const LASTS: Duration = Duration::from_secs(600);
/// Longest reason.
const LONGEST_REASON: usize = 10_000;

/// What is looked at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SubjectView {
    /// `finding`, which is a plume or a source, or `site`.
    kind: String,
    /// Its id.
    id: Uuid,
}

impl SubjectView {
    pub(crate) fn subject(&self) -> Result<Subject, Problem> {
        Ok(Subject::new(&self.kind, self.id)?)
    }
}

impl From<Subject> for SubjectView {
    fn from(subject: Subject) -> Self {
        Self { kind: subject.word().to_owned(), id: subject.id() }
    }
}

/// A review to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeReview {
    /// `finding`, which is a plume or a source, or `site`.
    kind: String,
    /// Its id.
    id: Uuid,
    /// confirm, reject, `cannot_tell`, `second_look` or collect.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// Why; a rejection needs it.
    #[serde(default)]
    #[schema(max_length = 10000)]
    reason: String,
    /// An earlier review of yours of the same thing, that this one takes the place of.
    supersedes: Option<Uuid>,
    /// A number of your choice: the same sent again with it is kept once.
    key: Option<Uuid>,
}

/// A review that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewView {
    /// Its id.
    id: Uuid,
    /// Of what kind of thing.
    kind: &'static str,
    /// Of which.
    subject: Uuid,
    /// The verdict.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// Why.
    reason: String,
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

/// Who looks at what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimView {
    /// At what kind of thing.
    kind: &'static str,
    /// At which.
    id: Uuid,
    /// Who.
    by: String,
    /// Until then, unless they ask again.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

impl From<Review> for ReviewView {
    fn from(Review { id, what, at, by, superseded_by, .. }: Review) -> Self {
        let NewReview { subject, verdict, reason, supersedes, .. } = what;
        let (kind, subject) = (subject.word(), subject.id());
        Self { id, kind, subject, verdict, reason, at, by, supersedes, superseded_by }
    }
}

impl From<Claim> for ClaimView {
    fn from(Claim { subject, by, until }: Claim) -> Self {
        Self { kind: subject.word(), id: subject.id(), by, until }
    }
}

/// Takes something to look at, so that nobody else does by accident; again, to keep it for longer.
#[utoipa::path(post, path = "/api/v1/claims", tag = "reviews", request_body = SubjectView,
    responses((status = 200, body = ClaimView), Refusals))]
pub(crate) async fn claim(
    State(app): State<App>,
    caller: Caller,
    Body(SubjectView { kind, id }): Body<SubjectView>,
) -> Result<Json<ClaimView>, Problem> {
    caller.needs(Permission::Judge)?;
    let (subject, now) = (Subject::new(&kind, id)?, Timestamp::now());
    Ok(Json(app.store.claim(&caller.actor(), subject, now, LASTS).await?.into()))
}

/// Gives it back.
#[utoipa::path(delete, path = "/api/v1/claims/{kind}/{id}", tag = "reviews",
    params(("kind" = String, Path, description = "finding or site"), ("id" = Uuid, Path, description = "Its id")),
    responses((status = 204), Refusals))]
pub(crate) async fn give_back(
    State(app): State<App>,
    caller: Caller,
    At((kind, id)): At<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    caller.needs(Permission::Judge)?;
    app.store.release_claim(&caller.actor(), Subject::new(&kind, id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who looks at what now.
#[utoipa::path(get, path = "/api/v1/claims", tag = "reviews",
    responses((status = 200, body = Vec<ClaimView>), Refusals))]
pub(crate) async fn claims(
    State(app): State<App>,
    _: Caller,
) -> Result<Json<Vec<ClaimView>>, Problem> {
    let claims = app.store.claims(Timestamp::now()).await?;
    Ok(Json(claims.into_iter().map(ClaimView::from).collect()))
}

/// Keeps a review, which ends the claim of whoever makes it. Nobody reviews what somebody else looks at.
#[utoipa::path(post, path = "/api/v1/reviews", tag = "reviews", request_body = MakeReview,
    responses((status = 201, body = ReviewView), Refusals))]
pub(crate) async fn review(
    State(app): State<App>,
    caller: Caller,
    Body(made): Body<MakeReview>,
) -> Result<(StatusCode, Json<ReviewView>), Problem> {
    caller.needs(Permission::Judge)?;
    let length = made.reason.chars().count();
    if length > LONGEST_REASON {
        let detail = format!("the reason has {length} characters: at most {LONGEST_REASON}");
        return Err(Problem::bad_request(detail));
    }
    let MakeReview { kind, id, verdict, reason, supersedes, key } = made;
    let new = NewReview { subject: Subject::new(&kind, id)?, verdict, reason, supersedes, key };
    let rule =
        ReviewRule { second_look: app.second_look, may_settle: caller.may(Permission::Settle) };
    let kept = app.store.add_review(&caller.actor(), &new, rule, Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// The reviews of a plume, a source or a site, oldest first, with those that were superseded. Whoever is to look a second
/// time sees of others' reviews of this round only that they are there.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviews", params(SubjectView),
    responses((status = 200, body = Vec<Told>), Refusals))]
pub(crate) async fn reviews(
    State(app): State<App>,
    caller: Caller,
    Asked(SubjectView { kind, id }): Asked<SubjectView>,
) -> Result<Json<Vec<Told>>, Problem> {
    let subject = Subject::new(&kind, id)?;
    let standing = app.store.standing(subject).await?;
    Ok(Json(told(&app, &caller, subject, standing.as_ref()).await?.0))
}

/// A review, or that there is one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Told {
    /// All of it.
    Whole(ReviewView),
    /// Somebody has looked, and whoever asks is to look without knowing what they said.
    Hidden(HiddenView),
}

impl Told {
    /// Its id, where it is of this account.
    pub(crate) fn own(&self, name: &str) -> Option<Uuid> {
        match self {
            Self::Whole(review) if is(&review.by, name) => Some(review.id),
            _ => None,
        }
    }
}

/// Whether somebody, as the record writes them, is this account.
fn is(by: &str, name: &str) -> bool {
    by.strip_prefix("account:").unwrap_or(by) == name
}

impl ClaimView {
    /// Until when this account holds it.
    pub(crate) fn own(&self, name: &str) -> Option<Timestamp> {
        is(&self.by, name).then_some(self.until)
    }
}

/// That there is a review.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HiddenView {
    /// Its id.
    id: Uuid,
    /// Of what kind of thing.
    kind: &'static str,
    /// Of which.
    subject: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Always true.
    hidden: bool,
}

/// The reviews of a subject as whoever asks may see them, and the moment since when others' looks are hidden
/// from them, where they are.
pub(crate) async fn told(
    app: &App,
    caller: &Caller,
    subject: Subject,
    standing: Option<&Standing>,
) -> Result<(Vec<Told>, Option<Timestamp>), Problem> {
    let (reviews, me) = (app.store.reviews(subject).await?, caller.actor().to_string());
    let blind = standing.filter(|standing| {
        let looked = |review: &Review| review.round == standing.round && review.by == me;
        standing.stage == Stage::Second
            && caller.may(Permission::Judge)
            && !caller.may(Permission::Settle)
            && !reviews.iter().any(looked)
    });
    let one = |review: Review| match blind {
        Some(standing) if review.round == standing.round => {
            let (subject, Review { id, at, .. }) = (review.what.subject, review);
            let (kind, subject) = (subject.word(), subject.id());
            Told::Hidden(HiddenView { id, kind, subject, at, hidden: true })
        }
        _ => Told::Whole(review.into()),
    };
    let since = blind.map(|standing| standing.round_began);
    Ok((reviews.into_iter().map(one).collect(), since))
}
