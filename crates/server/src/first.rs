//! The page behind an invitation: a name, a password, and one is in. No script, no other page.

#![allow(clippy::unused_async, reason = "a handler is async, whether it waits for anything or not")]

use axum::{
    Form,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{account_routes, app::App, problem::Problem, session_routes};

#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Filled {
    token: String,
    name: String,
    password: String,
}

pub(crate) async fn page(State(app): State<App>, Query(link): Query<Link>) -> Response {
    show(&app, StatusCode::OK, &link.token, "")
}

pub(crate) async fn accept(State(app): State<App>, Form(filled): Form<Filled>) -> Response {
    let made =
        account_routes::made(&app, filled.token.clone(), &filled.name, filled.password).await;
    let entered = match made {
        Ok(account) => {
            let there = |_: &_| Redirect::to("/").into_response();
            session_routes::entered(&app, &account, there).await
        }
        Err(problem) => Err(problem),
    };
    entered.unwrap_or_else(|Problem { status, detail, .. }| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        show(&app, status, &filled.token, &detail)
    })
}

fn show(app: &App, status: StatusCode, token: &str, trouble: &str) -> Response {
    let (token, trouble) = (escaped(token), escaped(trouble));
    let instead = app.oidc.as_ref().map_or_else(String::new, |oidc| {
        let who = escaped(oidc.host());
        format!(
            "<p>Or <a href=\"/oidc/start?invitation={token}\">sign in at {who}</a> instead.</p>"
        )
    });
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Cathartes</title>\
         <style>body{{font:1rem/1.5 sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem}}\
         input,button{{font:inherit;width:100%;padding:.5rem;margin:.25rem 0 1rem;box-sizing:border-box}}\
         .trouble{{color:#a00}}</style>\
         <h1>Your account</h1><p class=\"trouble\" role=\"alert\">{trouble}</p>\
         <form method=\"post\" action=\"/first\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <label>Name<input name=\"name\" autocomplete=\"username\" required></label>\
         <label>Password, 15 characters or more\
         <input name=\"password\" type=\"password\" autocomplete=\"new-password\" minlength=\"15\" required></label>\
         <button>Make the account</button></form>{instead}</html>"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                  frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Html(page)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
