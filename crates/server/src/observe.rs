//! Around every request: its time, its line in the log, and headers that hold for all answers.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::app::App;

pub(crate) async fn request(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let matched = request.extensions().get::<MatchedPath>();
    // The pattern, not the address: addresses hold tokens and ids.
    let route = matched.map_or("none", MatchedPath::as_str).to_owned();
    let start = Instant::now();
    let mut response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    app.metrics.answered(&method, &route, status, took);
    tracing::info!(method, route, status, ms = took.as_secs_f64() * 1e3, "request");
    let headers = response.headers_mut();
    let usual = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in usual {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
