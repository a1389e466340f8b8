//! What went wrong, for people and programs: RFC 9457, `application/problem+json`.

use std::time::Duration;

use axum::{
    Json,
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cathartes_release::policy::PolicyError;
use cathartes_store::StoreError;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::desk::DeskError;

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of trouble, in a few words.
    pub(crate) title: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// What is wrong, where, and what to do.
    pub(crate) detail: String,
    /// When to ask again.
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("trouble").to_owned();
        Self { title, status: status.as_u16(), detail: detail.into(), retry_after_s: None }
    }

    /// Too much was asked for, or tried: it may be again after a while.
    pub(crate) fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        let retry_after_s = Some(wait.as_secs() + 1);
        Self { retry_after_s, ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// What a database or a decoder says is for its keeper, not for whoever asked.
    pub(crate) fn internal(error: &impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        let detail = "the server could not do this: its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    pub(crate) fn absent(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {what} `{id}`"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after_s = self.retry_after_s;
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer realm=\"cathartes\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let status = match &error {
            StoreError::Absent { .. } => StatusCode::NOT_FOUND,
            StoreError::Conflict { .. } | StoreError::LeaseLost(_) => StatusCode::CONFLICT,
            StoreError::Refused(_) => StatusCode::BAD_REQUEST,
            StoreError::Database(_)
            | StoreError::Migration(_)
            | StoreError::Blobs(_)
            | StoreError::Disk { .. }
            | StoreError::Damaged { .. } => {
                return Self::internal(&error);
            }
        };
        Self::new(status, error.to_string())
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let status = match error {
            DeskError::Store(error) => return error.into(),
            DeskError::Policy(PolicyError::Refused { .. }) => StatusCode::FORBIDDEN,
            DeskError::Gate(_) | DeskError::Outdated { .. } | DeskError::NoKey => {
                StatusCode::CONFLICT
            }
            DeskError::Rules { .. } => StatusCode::BAD_REQUEST,
            DeskError::Policy(PolicyError::Unusable(_))
            | DeskError::Dossier { .. }
            | DeskError::Random(_) => return Self::internal(&error),
        };
        Self::new(status, error.to_string())
    }
}

macro_rules! rejections {
    ($($rejection:ty),*) => {$(
        impl From<$rejection> for Problem {
            fn from(rejection: $rejection) -> Self {
                Self::new(rejection.status(), rejection.body_text())
            }
        }
    )*};
}

rejections!(QueryRejection);

impl From<JsonRejection> for Problem {
    /// JSON that says something else than what is asked for is a bad request like any other.
    fn from(rejection: JsonRejection) -> Self {
        let status = match rejection.status() {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self::new(status, rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    /// What is no id is the id of nothing.
    fn from(rejection: PathRejection) -> Self {
        Self::new(StatusCode::NOT_FOUND, rejection.body_text())
    }
}

/// What any request may be answered with, for the description of the interface.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the description of the interface alone")]
pub(crate) enum Refusals {
    /// The request says something that cannot be.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(#[to_schema] Problem),
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorised(#[to_schema] Problem),
    /// Whoever is signed in may not do this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    Absent(#[to_schema] Problem),
    /// Somebody was faster.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// More at once than is taken.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// Not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(#[to_schema] Problem),
    /// Too many tries, or requests of one account.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] Problem),
}
