//! The form without a network: one file that is kept on the telephone and writes answers as a file that its key signs.
//!
//! It is the only place with a script, and it is never run by a page of ours: it leaves as a file. Where scripts do not
//! run, it is the sheet.

use std::fmt::Write as _;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use cathartes_core::provenance::hexadecimal;
use cathartes_release::{
    answer::{Goods, NOTE_CHARS, Unit, code::AnswerCode, keys, sheet, words as say},
    recipient::Language,
};
use cathartes_store::Release;

use super::{
    door::{self, Guest},
    html::{self, STYLE, escaped, t},
    opened,
    pages::answer_words,
};
use crate::app::App;

const SCRIPT: &str = include_str!("offline.js");

/// The form of a release, as a file.
pub(super) async fn read(
    State(app): State<App>,
    Path(alias): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (guest, release) = super::released(&app, &headers, &alias).await?;
    let language = door::language(&headers, Some(&guest.body));
    let name = format!("{}.html", release.alias);
    let text = form(language, &guest, &release);
    let text = text.ok_or_else(|| super::no_release(&headers, &guest))?;
    let taken = opened::taken(&app, &guest, &release, &name).await;
    taken.map_err(|problem| super::trouble(&headers, &problem))?;
    Ok(html::attachment(text, "text/html; charset=utf-8", &name))
}

fn form(language: Language, guest: &Guest, release: &Release) -> Option<String> {
    let code: AnswerCode = release.answer_code.parse().ok()?;
    let key = keys::of_release(&guest.kept.what.secret.0, &code);
    let lines = sheet::lines(&key);
    let title = t(language, "Responder sin red", "Answer without a network");
    let mut body = format!("<h1>{title}: {}</h1>", escaped(&release.alias));
    let _ = write!(
        body,
        "<div id=\"form\" hidden data-key=\"{}\" data-code=\"{code}\"><p>{}</p>",
        hexadecimal(&key),
        t(
            language,
            "Elija, agregue y mande el archivo cuando haya red, o pásele a alguien su texto. Guarde este archivo como \
             guarda la hoja: quien lo tenga puede responder por usted.",
            "Choose, add, and send the file when there is a network, or hand somebody its text. Keep this file as you keep \
             the sheet: whoever has it can answer in your place.",
        )
    );
    let answers =
        lines.iter().map(|line| (line.answer.name(), answer_words(language, &line.answer)));
    body.push_str(&select("say", t(language, "Respuesta", "Answer"), answers));
    body.push_str(&input(
        "amount",
        t(language, "Cantidad decomisada (opcional)", "Amount seized (optional)"),
    ));
    let units =
        Unit::ALL.map(|unit| (unit.word().to_owned(), say::unit(unit, language).to_owned()));
    body.push_str(&select("unit", t(language, "Unidad", "Unit"), units.into_iter()));
    let goods =
        Goods::ALL.map(|goods| (goods.word().to_owned(), say::goods(goods, language).to_owned()));
    body.push_str(&select("goods", t(language, "De qué", "Of what"), goods.into_iter()));
    body.push_str(&input("arrests", t(language, "Detenciones (opcional)", "Arrests (optional)")));
    let _ = write!(
        body,
        "<label for=\"note\">{}</label><textarea id=\"note\" rows=\"3\" maxlength=\"{NOTE_CHARS}\"></textarea>\
         <p id=\"wrong\" class=\"warn\" role=\"alert\" hidden>{}</p><button id=\"add\" class=\"go\">{}</button>\
         <div id=\"done\" hidden><p class=\"said\" role=\"status\">{}: <b id=\"count\"></b></p>\
         <p class=\"more\"><a id=\"save\" download=\"{}.json\">{}</a></p>\
         <label for=\"file\">{}</label><textarea id=\"file\" rows=\"6\" readonly></textarea></div></div>",
        t(
            language,
            "Algo más (opcional). No escriba nombres de nadie.",
            "Anything else (optional). Write nobody's name."
        ),
        t(language, "Escriba solo cifras, como 12.5.", "Write digits alone, as 12.5."),
        t(language, "Agregar al archivo", "Add to the file"),
        t(language, "Respuestas en el archivo", "Answers in the file"),
        escaped(&release.alias),
        t(language, "Guardar el archivo", "Save the file"),
        t(language, "O copie este texto", "Or copy this text"),
    );
    let _ = write!(
        body,
        "<h2>{}</h2><p class=\"code\">{code}</p><dl>",
        t(language, "O dicte dos códigos", "Or read out two codes")
    );
    for line in &lines {
        let _ = write!(
            body,
            "<dt>{}</dt><dd class=\"code\">{}</dd>",
            answer_words(language, &line.answer),
            line.code
        );
    }
    let lang = t(language, "es", "en");
    Some(format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main>{body}</dl></main><script>{SCRIPT}</script></body></html>"
    ))
}

fn input(id: &str, label: &str) -> String {
    format!(
        "<label for=\"{id}\">{label}</label><input id=\"{id}\" inputmode=\"decimal\" maxlength=\"20\" autocomplete=\"off\">"
    )
}

fn select(id: &str, label: &str, options: impl Iterator<Item = (String, String)>) -> String {
    let mut shown = String::new();
    for (word, name) in options {
        let _ = write!(shown, "<option value=\"{word}\">{name}</option>");
    }
    format!("<label for=\"{id}\">{label}</label><select id=\"{id}\">{shown}</select>")
}
