//! The sheet by which a release is answered without a network: its codes, to be printed or kept on the telephone.

use std::fmt::Write as _;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use cathartes_release::{
    answer::{code::AnswerCode, keys, sheet},
    recipient::Language,
};
use cathartes_store::Release;

use super::{
    door::{self, Guest},
    html::{Page, escaped, t},
    pages::answer_words,
};
use crate::app::App;

/// The sheet of a release.
pub(super) async fn read(
    State(app): State<App>,
    Path(alias): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (guest, release) = super::released(&app, &headers, &alias).await?;
    let language = door::language(&headers, Some(&guest.body));
    let page = page(language, &guest, &release);
    let page = page.ok_or_else(|| super::no_release(&headers, &guest))?;
    Ok(page.answer(StatusCode::OK))
}

fn page(language: Language, guest: &Guest, release: &Release) -> Option<Page> {
    let code: AnswerCode = release.answer_code.parse().ok()?;
    let key = keys::of_release(&guest.kept.what.secret.0, &code);
    let title = t(language, "Responder sin red", "Answer without a network");
    let alias = escaped(&release.alias);
    let mut body = format!(
        "<p class=\"more\"><a href=\"/p/r/{alias}\">← {alias}</a></p><h1>{title}</h1><p>{}</p><p class=\"code\">{code}</p><dl>",
        t(
            language,
            "Imprima o guarde esta hoja. Sin red, dicte por radio o teléfono, o mande por mensaje, el código de la hoja \
             y el de su respuesta. Detrás puede decir una cantidad, un número de detenciones o un lugar.",
            "Print or keep this sheet. Without a network, read out by radio or telephone, or send by message, the code of \
             the sheet and that of your answer. Behind it you may say an amount, a number of arrests or a place.",
        ),
    );
    for line in sheet::lines(&key) {
        let _ = write!(
            body,
            "<dt>{}</dt><dd class=\"code\">{}</dd>",
            answer_words(language, &line.answer),
            line.code
        );
    }
    body.push_str("</dl>");
    let other = Some(format!("/p/r/{}/sheet", release.alias));
    Some(Page { language, title: title.to_owned(), other, body })
}
