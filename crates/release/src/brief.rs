//! The brief: what a release says, on paper, for somebody who has a minute and no computer.
//!
//! One page in the language of the recipient, and one in the other. How likely something is and how far to rely on that
//! stand apart, as ICD 203 asks. Every field that leaves stands on each page; what has no place of its own stands at the end.
//! The same release gives the same bytes.

mod answer;
mod layout;
mod place;
mod scales;

use std::collections::BTreeMap;

use cathartes_core::geometry::LatLon;
use cathartes_formats::paper::{Face, Paper, PaperError, Picture};

use crate::{
    dossier::{Recall, RecallReason, Setting},
    gate::{Content, Releasable, Terms},
    product::{FieldPath, Image, Value},
    recipient::{Language, Tlp},
    words::{self, either},
};
use layout::{ACCENT, LEFT, Page, RIGHT};

/// Of pictures after the second.
const MORE_HEIGHT: f32 = 150.0;

/// Why there is no brief.
#[derive(Debug, thiserror::Error)]
pub enum BriefError {
    /// The page cannot be written.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The link is too long for a code.
    #[error(
        "the link to answer by does not fit a code that a telephone reads: {0}; make it shorter"
    )]
    Code(qrcode::types::QrError),
}

/// The brief of a release, with the checkpoint of the audit log and a map of what lies around.
///
/// # Errors
///
/// [`BriefError`] when it cannot be written.
pub fn brief(
    releasable: &Releasable<Content>,
    setting: Setting<'_>,
) -> Result<Vec<u8>, BriefError> {
    let (content, terms) = (releasable.what(), releasable.terms());
    let mut paper = begun(terms, &terms.release);
    for (n, language) in languages(terms).into_iter().enumerate() {
        let mut page = Page::begin(&mut paper, terms, language, n > 0);
        page.running(&format!("{} · {}", terms.release, setting.checkpoint));
        one(&mut page, content, setting.lines)?;
    }
    Ok(paper.finish()?)
}

/// The brief that takes a release back.
///
/// # Errors
///
/// [`BriefError`] when it cannot be written.
pub fn recall(
    of: &Releasable<Content>,
    recall: Recall<'_>,
    checkpoint: &str,
) -> Result<Vec<u8>, BriefError> {
    let terms = of.terms();
    let mut paper = begun(terms, recall.name);
    for (n, language) in languages(terms).into_iter().enumerate() {
        let mut page = Page::begin(&mut paper, terms, language, false);
        if n == 0 {
            page.running(&format!("{} · {checkpoint}", recall.name));
        }
        page.space(28.0);
        taken_back(&mut page, &of.what().subject, recall);
        // The page to answer by speaks both languages.
        if n == 0 {
            answer::answer(&mut page)?;
        }
    }
    Ok(paper.finish()?)
}

fn begun(terms: &Terms, name: &str) -> Paper {
    let (title, language) = match terms.recipient.language {
        Language::Es => (format!("Entrega {name}"), "es"),
        Language::En => (format!("Release {name}"), "en"),
    };
    Paper::new(&title, language)
}

fn languages(terms: &Terms) -> [Language; 2] {
    match terms.recipient.language {
        Language::Es => [Language::Es, Language::En],
        Language::En => [Language::En, Language::Es],
    }
}

/// What is read first and what has to be done, at a glance; then the rest.
fn one(page: &mut Page<'_>, content: &Content, lines: &[Vec<LatLon>]) -> Result<(), BriefError> {
    let mut fields: BTreeMap<&FieldPath, &Value> = content.fields.iter().collect();
    let language = page.language;
    // What is said in the other language is on the other page.
    let own = either(language, "en", "es");
    let mut words_of = |name: &str| {
        let text = take(&mut fields, &format!("{name}.{own}")).map(said);
        let other = either(language, "es", "en");
        let in_other = take(&mut fields, &format!("{name}.{other}")).map(said);
        text.or(in_other)
    };
    let (what, unknown) = (words_of("what"), words_of("unknown"));
    let title = take(&mut fields, "title").map(said);
    page.title(title.as_deref(), content);
    if let Some(what) = &what {
        page.lead(what);
    }
    page.times(take(&mut fields, "observed"));
    place::place(page, &mut fields, lines);
    scales::scales(page, take(&mut fields, "likelihood"), take(&mut fields, "confidence"));
    let pictures = pictures(&mut fields);
    let (first, more) = pictures.split_at(pictures.len().min(2));
    let to_do = layout::to_do(language, page.terms, content);
    page.two_lists(unknown.as_deref(), &to_do, first)?;
    // The terms say until when it holds.
    fields.retain(|path, value| {
        path.as_str() != "expires"
            || !matches!(value, Value::At { at } if *at == page.terms.expires)
    });
    answer::answer(page)?;
    page.rest(&fields);
    for row in more.chunks(3) {
        page.paper.room(MORE_HEIGHT + 20.0);
        page.row_of_pictures(row, [LEFT, RIGHT, MORE_HEIGHT])?;
    }
    Ok(())
}

/// Takes a field out of those that are to be told.
fn take<'c>(fields: &mut BTreeMap<&FieldPath, &'c Value>, path: &str) -> Option<&'c Value> {
    fields.remove(&FieldPath::new(path).ok()?)
}

/// The words of a value that has some.
fn said(value: &Value) -> String {
    match value {
        Value::Words { words: text }
        | Value::Name { name: text }
        | Value::Alias { alias: text } => text.clone(),
        _ => String::new(),
    }
}

/// Takes the pictures out of the fields.
fn pictures(fields: &mut BTreeMap<&FieldPath, &Value>) -> Vec<(FieldPath, Picture)> {
    let picture = |(path, value): (&&FieldPath, &&Value)| match value {
        Value::Picture(Image { width_px, height_px, rgb }) => {
            let (width_px, height_px, rgb) = (*width_px, *height_px, rgb.clone());
            Some(((*path).clone(), Picture { width_px, height_px, rgb }))
        }
        _ => None,
    };
    let pictures = fields.iter().filter_map(picture).collect();
    fields.retain(|_, value| !matches!(value, Value::Picture(_)));
    pictures
}

fn taken_back(page: &mut Page<'_>, subject: &str, recall: Recall<'_>) {
    let language = page.language;
    let release = page.terms.release.clone();
    let big = layout::letters(26.0, Face::Bold, [160, 16, 40]);
    page.paper.block(either(language, "DO NOT USE", "NO UTILIZAR"), big, [LEFT, RIGHT]);
    let sentence = either(
        language,
        format!("Release {release} about {subject} is recalled."),
        format!("La entrega {release} sobre {subject} queda anulada."),
    );
    page.paper.block(&sentence, layout::letters(16.0, Face::Bold, ACCENT), [LEFT, RIGHT]);
    page.space(10.0);
    let why = match recall.reason {
        RecallReason::Wrong => either(
            language,
            "What it said turned out to be wrong.",
            "Lo que decía resultó ser incorrecto.",
        ),
        RecallReason::SentInError => {
            either(language, "It was sent in error.", "Se envió por error.")
        }
        RecallReason::Outdated => either(
            language,
            "It held once and does not hold any more.",
            "Fue válida, pero ya no lo es.",
        ),
        RecallReason::AsToldThere => either(
            language,
            "The reason stands on the page to answer by.",
            "El motivo está en la página para responder.",
        ),
    };
    page.lead(why);
    let to_do = either(
        language,
        "Stop what is going on because of it. Delete its copies, or mark them as recalled. Tell those to whom you handed \
         it on. If somebody is on the way, call them back.",
        "Detenga lo que esté en marcha por ella. Borre las copias o márquelas como anuladas. Avise a quienes se la haya \
         pasado. Si alguien va en camino, hágalo volver.",
    );
    page.lead(to_do);
    let label = either(language, "Recalled", "Anulada el");
    let name = either(language, "This notice", "Este aviso");
    page.paper.row(label, &words::moment(language, recall.made), 10.0);
    page.paper.row(name, recall.name, 10.0);
    page.space(12.0);
}

/// The colour of a label: FIRST, Traffic Light Protocol 2.0.
fn tlp_ink(tlp: Tlp) -> [u8; 3] {
    match tlp {
        Tlp::Red => [255, 43, 43],
        Tlp::AmberStrict | Tlp::Amber => [255, 192, 0],
        Tlp::Green => [51, 255, 0],
        Tlp::Clear => [255, 255, 255],
    }
}

#[cfg(test)]
pub(crate) mod tests;
