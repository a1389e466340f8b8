//! One release as its recipient sees it: whether it holds, where to look, what was found, what was answered, how to answer,
//! what to take along.

use std::fmt::Write as _;

use cathartes_release::{
    answer::Answer,
    coordinates,
    gate::Content,
    product::{FieldPath, Value},
    recipient::{Language, Tlp},
    words,
};
use jiff::Timestamp;

use super::{
    forms,
    html::{Page, escaped, t},
    map,
    pages::{Standing, answer_words, leave, moment, trouble},
};

/// An answer that is kept, with what we said to it.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// Which answer to the release, from 1.
    pub(super) number: i64,
    pub(super) at: Timestamp,
    pub(super) answer: Answer,
    /// Until when we answer, where it is a dispute.
    pub(super) due: Option<Timestamp>,
    pub(super) reply: Option<(Timestamp, String)>,
}

/// A message of ours about the release.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) at: Timestamp,
    pub(super) kind: &'static str,
    pub(super) text: String,
}

/// One release as its recipient sees it.
#[derive(Debug)]
pub(super) struct View {
    pub(super) alias: String,
    pub(super) made: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) standing: Standing,
    pub(super) tlp: Tlp,
    /// What the sealed dossier says.
    pub(super) content: Content,
    /// Files of it: name and size in bytes.
    pub(super) files: Vec<(String, u64)>,
    pub(super) told: Vec<Told>,
    pub(super) notes: Vec<Note>,
    /// What just happened, as sentences.
    pub(super) news: Vec<String>,
    pub(super) trouble: Option<String>,
    pub(super) hidden: forms::Hidden,
}

/// One release.
pub(super) fn release(language: Language, view: &View) -> Page {
    let heading = title_of(language, &view.content);
    let mut body = format!(
        "<p class=\"more\"><a href=\"/p\">← {}</a></p>",
        t(language, "Todos los avisos", "All notices")
    );
    for news in &view.news {
        let _ = write!(body, "<p class=\"said\" role=\"status\">{}</p>", escaped(news));
    }
    body.push_str(&trouble(view.trouble.as_deref().unwrap_or_default()));
    let _ = write!(
        body,
        "<h1>{}</h1><p><span class=\"code\">{}</span> · {}</p>",
        escaped(&heading),
        escaped(&view.alias),
        moment(language, view.made)
    );
    let _ = write!(
        body,
        "<p class=\"more\"><a href=\"#answer\">{} ↓</a></p>",
        t(language, "Responder", "Answer")
    );
    body.push_str(&standing(language, view));
    body.push_str(&place(language, &view.content));
    body.push_str(&fields(language, &view.content));
    body.push_str(&answers(language, view));
    body.push_str(&forms::all(language, &view.hidden));
    body.push_str(&files(language, view));
    let _ = write!(
        body,
        "<p><small>{} {}</small></p>{}",
        view.tlp.word(),
        escaped(words::tlp(language, view.tlp)),
        leave(language)
    );
    Page { language, title: heading, other: Some(format!("/p/r/{}", view.alias)), body }
}

/// What stands above it. Titles are in English; in Spanish the kind and the gases are said, and the title stands among the
/// fields.
fn title_of(language: Language, content: &Content) -> String {
    let named = |name: &str| content.fields.iter().find(|(path, _)| path.as_str() == name);
    let said = |name| named(name).map(|(path, value)| words::value(language, path, value));
    let kind = words::kind(language, content.kind);
    match (language, said("title"), said("gases")) {
        (Language::En, Some(title), _) => title,
        (_, _, Some(gases)) => format!("{kind}: {gases}"),
        _ => kind.to_owned(),
    }
}

/// Whether it still holds, before anything else is read.
fn standing(language: Language, view: &View) -> String {
    let mut body = String::new();
    let Standing { recalled, superseded_by, supersedes, expired } = &view.standing;
    if let Some((at, reason)) = recalled {
        let _ = write!(
            body,
            "<p class=\"warn\" role=\"alert\">{} ({}). {} {}</p>",
            t(language, "Este aviso fue retirado", "This notice was recalled"),
            moment(language, *at),
            escaped(reason),
            t(
                language,
                "No actúe por él. Lo que usted responda se sigue registrando.",
                "Do not act on it. What you answer is still recorded."
            )
        );
    }
    if let Some(later) = superseded_by {
        let later = escaped(later);
        let _ = write!(
            body,
            "<p class=\"warn\" role=\"alert\">{}: <a href=\"/p/r/{later}\">{later}</a></p>",
            t(
                language,
                "Hay un aviso corregido que sustituye a este",
                "A corrected notice takes the place of this one"
            )
        );
    }
    if let Some(earlier) = supersedes {
        let earlier = escaped(earlier);
        let _ = write!(
            body,
            "<p class=\"said\">{}: <a href=\"/p/r/{earlier}\">{earlier}</a></p>",
            t(language, "Corrige y sustituye al aviso", "Corrects and takes the place of")
        );
    }
    let until = moment(language, view.expires);
    if *expired {
        let _ = write!(
            body,
            "<p class=\"warn\">{} ({until}). {}</p>",
            t(language, "Este aviso venció", "This notice has expired"),
            t(
                language,
                "Su respuesta todavía sirve y se registra.",
                "Your answer is still of use and is recorded."
            )
        );
    } else {
        let _ = write!(
            body,
            "<p><small>{} {until}</small></p>",
            t(language, "Vale hasta:", "Holds until:")
        );
    }
    body
}

/// Where to look: in words, as numbers in three ways, on a grid, and for whatever map is on the telephone.
fn place(language: Language, content: &Content) -> String {
    let Some((path, value)) = content.fields.iter().find(|(path, _)| path.as_str() == "place")
    else {
        let none = t(language, "Este aviso no lleva lugar.", "This notice has no place.");
        return format!("<p>{none}</p>");
    };
    let mut body = format!(
        "<h2>{}</h2><p>{}</p>",
        t(language, "Dónde", "Where"),
        escaped(&words::value(language, path, value))
    );
    if let Some(ground) = map::ground(value) {
        let decimal = coordinates::decimal(ground.middle);
        let mgrs = coordinates::mgrs(ground.middle);
        let _ = write!(
            body,
            "<p class=\"more\"><a href=\"geo:{plain}?q={plain}\">{open}</a></p><dl><dt>{centre}</dt><dd class=\"code\">{decimal}</dd>\
             <dd>{dms}</dd>",
            plain = decimal.replace(' ', ""),
            open =
                t(language, "Abrir en el mapa del teléfono", "Open in the map of this telephone"),
            centre = t(language, "Centro", "Middle"),
            dms = escaped(&coordinates::dms(ground.middle)),
        );
        if let Some(mgrs) = mgrs {
            let _ = write!(body, "<dd>MGRS {mgrs}</dd>");
        }
        body.push_str("</dl>");
    }
    body.push_str(&map::svg(value, language).unwrap_or_default());
    body
}

/// The other fields, in the order in which somebody asks: what, when, how likely, how sure, what is not known.
fn fields(language: Language, content: &Content) -> String {
    let mine = t(language, "es", "en");
    let shown = |path: &FieldPath, value: &Value| {
        let name = path.as_str();
        let another =
            name.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "es" | "en") && end != mine);
        let above = name == "title" && language == Language::En;
        !another
            && !above
            && !matches!(name, "place" | "expires")
            && !matches!(value, Value::Picture(_))
    };
    let first = |name: &str| {
        let kinds = ["what", "observed", "gases", "rate", "likelihood", "confidence", "unknown"];
        kinds.iter().position(|kind| name.starts_with(kind)).unwrap_or(kinds.len())
    };
    let mut all: Vec<_> =
        content.fields.iter().filter(|(path, value)| shown(path, value)).collect();
    all.sort_by_key(|(path, _)| first(path.as_str()));
    let mut body = String::from("<dl>");
    for (path, value) in all {
        let (label, value) = (words::label(language, path), words::value(language, path, value));
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", escaped(&label), escaped(&value));
    }
    body.push_str("</dl>");
    body
}

/// What was said so far, what we said to it, and what else we have to say.
fn answers(language: Language, view: &View) -> String {
    let mut body = String::new();
    if !view.told.is_empty() {
        let _ = write!(
            body,
            "<h2>{}</h2><ul>",
            t(language, "Lo que usted respondió", "What you answered")
        );
        for told in &view.told {
            let _ = write!(
                body,
                "<li>{} <small>({})</small>",
                escaped(&answer_words(language, &told.answer)),
                moment(language, told.at)
            );
            if !told.answer.note.is_empty() {
                let _ = write!(body, "<br>«{}»", escaped(&told.answer.note));
            }
            body.push_str(&reply(language, told));
            body.push_str("</li>");
        }
        body.push_str("</ul>");
    }
    if !view.notes.is_empty() {
        let _ = write!(
            body,
            "<h2>{}</h2><ul>",
            t(language, "Lo que le devolvemos", "What you get back")
        );
        for note in &view.notes {
            let _ = write!(
                body,
                "<li><b>{}</b> <small>({})</small><br>{}</li>",
                note.kind,
                moment(language, note.at),
                escaped(&note.text)
            );
        }
        body.push_str("</ul>");
    }
    body
}

fn reply(language: Language, told: &Told) -> String {
    match (&told.reply, told.due) {
        (Some((at, text)), _) => format!(
            "<p class=\"said\"><b>{}</b> <small>({})</small><br>{}</p>",
            t(language, "Nuestra respuesta", "Our reply"),
            moment(language, *at),
            escaped(text)
        ),
        (None, Some(due)) => format!(
            "<p class=\"said\">{} {}</p>",
            t(language, "Le respondemos a más tardar:", "We reply by:"),
            moment(language, due)
        ),
        (None, None) => String::new(),
    }
}

/// What can be taken along.
fn files(language: Language, view: &View) -> String {
    let mut body =
        format!("<h2>{}</h2><ul class=\"rows\">", t(language, "Para llevar", "To take along"));
    for (name, bytes) in &view.files {
        let _ = write!(
            body,
            "<li><a href=\"/p/r/{}/f/{}\" download>{} <small>({})</small></a></li>",
            escaped(&view.alias),
            escaped(name),
            escaped(name),
            size(*bytes)
        );
    }
    let _ = write!(
        body,
        "<li><a href=\"/p/r/{alias}/sheet\">{}</a></li><li><a href=\"/p/r/{alias}/offline\" download>{} <small>(20 kB)</small></a></li></ul>",
        t(language, "Hoja para responder sin red", "Sheet to answer without a network"),
        t(language, "Formulario para responder sin red", "Form to answer without a network"),
        alias = escaped(&view.alias),
    );
    body
}

/// How much it costs to fetch.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1_000))
    } else {
        format!("{:.1} MB", bytes as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests;
