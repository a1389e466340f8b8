//! Passwords: argon2id, a few at a time, off the threads that answer.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use axum::http::StatusCode;

use crate::{app::App, problem::Problem};

/// Shortest password, as NIST SP 800-63B asks of one that stands alone.
const SHORTEST: usize = 15;
const LONGEST: usize = 1_024;
/// What is compared with where there is no such account, so that the time tells nothing.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$TMvZ3eyOZP0HkbpfdVnHRTVGoRuEC9FSp9CLhB0g9ZI";

/// The hash of a password that is good enough.
pub(crate) async fn hash(app: &App, password: String) -> Result<String, Problem> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Problem::bad_request(format!(
            "the password has {length} characters: {SHORTEST} to {LONGEST}, a sentence does well"
        )));
    }
    let hashed = work(app, move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hashed.await?.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "no random numbers"))
}

/// Whether a password is that of a hash; of none, when there is no such account.
pub(crate) async fn fits(
    app: &App,
    hash: Option<String>,
    password: String,
) -> Result<bool, Problem> {
    let there = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let verify =
        move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
    Ok(work(app, verify).await? && there)
}

async fn work<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let gone = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is being stopped");
    let _turn = app.hashing.acquire().await.map_err(gone)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is being stopped"))
}

#[cfg(test)]
mod tests;
