//! Asking for work on files that are here.

use axum::{Json, extract::State, http::StatusCode};
use cathartes_core::provenance::Digest;
use cathartes_store::{SceneFile, Work};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Caller, Permission},
    app::App,
    params::Body,
    problem::{Problem, Refusals},
};

/// Most files of one job.
const MOST_FILES: usize = 32;
const USUAL_SEED: u64 = 1;

/// A file that is here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileRef {
    /// Its name, without a folder.
    name: String,
    /// What it holds.
    sha256: String,
}

/// What is to be done with files that are here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Import {
    /// Search an image for gases.
    Detect {
        /// The image and what lies beside it.
        files: Vec<FileRef>,
        /// Which of them is the image, or its header.
        image: String,
        /// Gases by slug, formula, name or CAS number; a kind of emitter; `all`.
        gases: Vec<String>,
        /// Wind: m/s, degrees it blows from, deviation in m/s.
        wind: Option<String>,
        /// Start of the acquisition, where the image does not say.
        #[schema(value_type = Option<String>, format = DateTime)]
        time: Option<Timestamp>,
        /// Seed of every number drawn; 1 when absent.
        seed: Option<u64>,
    },
    /// Find sources from gas traces.
    Locate {
        /// Readings, winds and what is known of the site.
        files: Vec<FileRef>,
        /// Which of them has the readings.
        readings: String,
        /// Which of them has the winds.
        wind: String,
        /// Which of them says what is known of the site.
        site: Option<String>,
        /// Seed of every number drawn; 1 when absent.
        seed: Option<u64>,
    },
}

/// The job that does it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Asked {
    /// Its id: GET /api/v1/jobs/{id} says how far it is.
    job: Uuid,
}

/// Asks for a search of an image or a location of sources. The same again is the same job.
#[utoipa::path(post, path = "/api/v1/imports", tag = "import", request_body = Import,
    responses((status = 202, body = Asked), Refusals))]
pub(crate) async fn import(
    State(app): State<App>,
    caller: Caller,
    Body(import): Body<Import>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    caller.needs(Permission::Import)?;
    let work = work(import)?;
    let job = app.store.enqueue(&caller.actor(), &work).await?;
    Ok((StatusCode::ACCEPTED, Json(Asked { job })))
}

fn work(import: Import) -> Result<Work, Problem> {
    Ok(match import {
        Import::Detect { files, image, gases, wind, time, seed } => {
            let files = named(files, &[&image])?;
            if gases.is_empty() {
                return Err(Problem::bad_request("`gases` names no gas: [\"ch4\"]"));
            }
            Work::Detect { files, image, gases, wind, time, seed: seed.unwrap_or(USUAL_SEED) }
        }
        Import::Locate { files, readings, wind, site, seed } => {
            let wanted = [Some(&readings), Some(&wind), site.as_ref()];
            let files = named(files, &wanted.into_iter().flatten().collect::<Vec<_>>())?;
            Work::Locate { files, readings, wind, site, seed: seed.unwrap_or(USUAL_SEED) }
        }
    })
}

/// The files, when those that are spoken of are among them and no two are called the same.
fn named(files: Vec<FileRef>, wanted: &[&String]) -> Result<Vec<SceneFile>, Problem> {
    if files.len() > MOST_FILES {
        let count = files.len();
        return Err(Problem::bad_request(format!("{count} files: at most {MOST_FILES} a job")));
    }
    for name in wanted {
        if !files.iter().any(|file| file.name == **name) {
            return Err(Problem::bad_request(format!("`{name}` is not among the files")));
        }
    }
    for (at, file) in files.iter().enumerate() {
        if files[..at].iter().any(|other| other.name == file.name) {
            return Err(Problem::bad_request(format!("two files are called `{}`", file.name)));
        }
    }
    let file = |file: FileRef| SceneFile { name: file.name, sha256: Digest(file.sha256) };
    Ok(files.into_iter().map(file).collect())
}
