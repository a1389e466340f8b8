//! The two pages on the way to an issuer and back.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use cathartes_store::{Account, CredentialKind, NewCredential, Proof};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    access::{cookie, same},
    app::App,
    oidc::{Identity, Journey, Oidc},
    problem::Problem,
    session_routes,
};

/// What a browser sets out with waits here.
const COOKIE: &str = "cathartes_journey";
/// How long a journey may take, s.
const LONGEST_S: u32 = 600;

#[derive(Debug, Deserialize)]
pub(crate) struct Departure {
    #[serde(default)]
    invitation: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Arrival {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Sends a browser to the issuer.
pub(crate) async fn start(
    State(app): State<App>,
    Query(departure): Query<Departure>,
) -> Result<Response, Problem> {
    let odd = |c: char| !c.is_ascii_alphanumeric();
    if departure.invitation.contains(odd) {
        return Err(Problem::bad_request(
            "this is no invitation: use the link as you were given it",
        ));
    }
    let (there, journey) = issuer(&app)?.set_out(departure.invitation).await.map_err(gateway)?;
    with_cookie(&app, &journey.cookie(), LONGEST_S, Redirect::to(&there).into_response())
}

/// Takes a browser in that comes back.
pub(crate) async fn arrive(
    State(app): State<App>,
    headers: HeaderMap,
    Query(arrival): Query<Arrival>,
) -> Result<Response, Problem> {
    let oidc = issuer(&app)?;
    if let Some(error) = arrival.error {
        let more = arrival.error_description.unwrap_or_default();
        let detail = format!("the issuer did not let you in: {error} {more}");
        return Err(Problem::new(StatusCode::UNAUTHORIZED, detail.trim_end()));
    }
    let lost = || Problem::bad_request("you did not set out from here, or long ago: sign in again");
    let journey = cookie(&headers, COOKIE).and_then(Journey::from_cookie).ok_or_else(lost)?;
    let (code, state) = arrival.code.zip(arrival.state).ok_or_else(lost)?;
    if !same(state.as_bytes(), journey.state.as_bytes()) {
        return Err(lost());
    }
    let invitation = journey.invitation.clone();
    let identity = oidc.arrive(code, journey).await.map_err(gateway)?;
    let account = account(&app, identity, &invitation).await?;
    let entered = session_routes::entered(&app, &account, |_| inside()).await?;
    with_cookie(&app, "", 0, entered)
}

/// Whose account an identity opens; a new one when it holds an invitation.
async fn account(app: &App, identity: Identity, invitation: &str) -> Result<Account, Problem> {
    let Identity { subject, name } = identity;
    let known = app.store.holder(CredentialKind::Identity, &subject).await?;
    if let Some(account) = known {
        return Ok(account);
    }
    if invitation.is_empty() {
        let detail = "the issuer knows you and we do not: ask an administrator for an invitation";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let nameless = "the issuer tells no name for you: ask it for `preferred_username` or `email`";
    let name = name.ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, nameless))?;
    let (kind, label) = (CredentialKind::Identity, name.clone());
    let new = NewCredential { kind, subject, label, detail: String::new() };
    let proof = Proof::Identity(&new);
    Ok(app.store.accept(invitation, Timestamp::now(), &name, proof).await?)
}

/// A page that goes on by itself: a redirect would count as coming from the issuer, and take no cookie
/// along that is for this site alone.
fn inside() -> Response {
    let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Cathartes</title>\
                <meta http-equiv=\"refresh\" content=\"0;url=/\"><a href=\"/\">Go on</a></html>";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(page)).into_response()
}

fn with_cookie(
    app: &App,
    value: &str,
    age_s: u32,
    mut response: Response,
) -> Result<Response, Problem> {
    let secure = app.secure();
    // Lax: it has to come along when the issuer sends the browser back.
    let cookie =
        format!("{COOKIE}={value}; Path=/oidc; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}");
    let value =
        HeaderValue::from_str(&cookie).map_err(|_| Problem::bad_request("an odd cookie"))?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

fn issuer(app: &App) -> Result<&Oidc, Problem> {
    let none = || Problem::absent("issuer of identities", "(start the server with --oidc-issuer)");
    app.oidc.as_deref().ok_or_else(none)
}

fn gateway(why: String) -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY, why)
}
