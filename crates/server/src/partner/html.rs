//! Pages for partners, as plain text: one file each, no script, nothing from elsewhere, a style of its own.
//!
//! They are for a telephone of ten years ago with a poor network and for a screen reader: what can be pressed is 48
//! pixels high, what opens is a `details`, what is sent is a form. Nothing that somebody else wrote comes in but by
//! [`escaped`].

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use cathartes_release::recipient::Language;

/// The style. Its digest stands in [`POLICY`]; a test says when it does not.
pub(super) const STYLE: &str = include_str!("partner.css");
/// Nothing runs, nothing is fetched, forms come here alone. Browsers that do not know digests of styles take the word
/// before; all others do not look at it.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline' \
     'sha256-tUHFQqnFWV2GrVBHtKbfU0ALcL1x8CNHEt/f1EWFNDk='; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page in the making.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) language: Language,
    pub(super) title: String,
    /// Where the same page is in the other language; none: a form was sent, and there is no such place.
    pub(super) other: Option<String>,
    /// What stands in it, as HTML.
    pub(super) body: String,
}

/// The one of two that is asked for.
pub(super) fn t(language: Language, es: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Es => es,
        Language::En => en,
    }
}

/// A text of somebody else's between tags or in quotes.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

impl Page {
    /// The whole of it.
    pub(super) fn text(&self) -> String {
        let Self { language, title, other, body } = self;
        let (lang, hreflang) = (t(*language, "es", "en"), t(*language, "en", "es"));
        let word = t(*language, "English", "Español");
        let switch = other.as_ref().map_or_else(String::new, |to| {
            let to = escaped(to);
            format!(
                "<nav aria-label=\"{}\"><a lang=\"{hreflang}\" hreflang=\"{hreflang}\" \
                 href=\"/p/lang/{hreflang}?to={to}\">{word}</a></nav>",
                t(*language, "Idioma", "Language")
            )
        });
        format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex,nofollow\"><meta name=\"color-scheme\" content=\"light dark\">\
             <title>{title}</title><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head>\
             <body><header><b>Cathartes</b>{switch}</header><main>{body}</main></body></html>",
            title = escaped(title),
        )
    }

    /// As an answer.
    pub(super) fn answer(&self, status: StatusCode) -> Response {
        let mut response = (status, Html(self.text())).into_response();
        guard(&mut response);
        response
    }
}

/// What holds for everything that a partner is sent: nobody keeps it, nobody frames it, nobody is told where it came from.
pub(super) fn guard(response: &mut Response) {
    let usual = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store, private"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in usual {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let robots = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert("x-robots-tag", robots);
}

/// A file that is kept under a name.
pub(super) fn attachment(
    what: impl IntoResponse,
    media_type: &'static str,
    name: &str,
) -> Response {
    let mut response = what.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    guard(&mut response);
    response
}

#[cfg(test)]
mod tests;
