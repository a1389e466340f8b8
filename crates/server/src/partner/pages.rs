//! What partners see before they see a release: the door, the list, and what went wrong.

use std::fmt::Write as _;

use cathartes_release::{
    answer::{Answer, words as say},
    coordinates,
    recipient::Language,
    words,
};
use jiff::Timestamp;

use super::html::{Page, escaped, t};

/// What the door says besides asking.
#[derive(Debug, Default)]
pub(super) struct Door<'a> {
    /// Where the form goes.
    pub(super) action: String,
    /// Whether the code of a release is asked for, with what was typed already.
    pub(super) code: Option<&'a str>,
    /// What went wrong, as a sentence.
    pub(super) trouble: String,
    /// What somebody answered before the door closed: names and values of fields.
    pub(super) carried: Vec<(String, String)>,
}

/// One line of the list.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) alias: String,
    pub(super) made: Timestamp,
    pub(super) standing: Standing,
    /// What was said last; none: nothing.
    pub(super) said: Option<Answer>,
    pub(super) opened: bool,
}

/// Whether a release still holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// When and why it was called back.
    pub(super) recalled: Option<(Timestamp, String)>,
    /// The one that takes its place, by what the recipient knows it by.
    pub(super) superseded_by: Option<String>,
    /// The one whose place it takes.
    pub(super) supersedes: Option<String>,
    /// Whether its time is over.
    pub(super) expired: bool,
}

/// The door: a PIN, and a code where none is in the address.
pub(super) fn door(language: Language, door: &Door<'_>) -> Page {
    let title = t(language, "Para abrir", "To open");
    let mut body = format!("<h1>{}</h1>", t(language, "Escriba su PIN", "Type your PIN"));
    if !door.carried.is_empty() {
        let kept = t(
            language,
            "Su respuesta no se ha perdido: escriba su PIN y queda registrada.",
            "Your answer is not lost: type your PIN and it is recorded.",
        );
        let _ = write!(body, "<p class=\"said\" role=\"status\">{kept}</p>");
    }
    body.push_str(&trouble(&door.trouble));
    let _ = write!(body, "<form method=\"post\" action=\"{}\">", escaped(&door.action));
    for (name, value) in &door.carried {
        let (name, value) = (escaped(name), escaped(value));
        let _ = write!(body, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    if let Some(code) = door.code {
        let _ = write!(
            body,
            "<label for=\"code\">{}</label><input id=\"code\" name=\"code\" value=\"{}\" class=\"code\" required \
             maxlength=\"40\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\">\
             <p><small>{}</small></p>",
            t(language, "Código de la hoja", "Code of the sheet"),
            escaped(code),
            t(
                language,
                "Doce letras y cifras, como 7K3M-9QXA-20TB. Los guiones no importan.",
                "Twelve letters and digits, as 7K3M-9QXA-20TB. Hyphens do not matter.",
            ),
        );
    }
    let _ = write!(
        body,
        "<label for=\"pin\">PIN</label><input id=\"pin\" name=\"pin\" type=\"password\" inputmode=\"numeric\" \
         maxlength=\"40\" autocomplete=\"current-password\" required>\
         <button class=\"go\">{}</button></form><p><small>{}</small></p>",
        t(language, "Abrir", "Open"),
        t(
            language,
            "No hace falta cuenta. El PIN lo tiene su oficina de enlace. Al abrir un aviso queda registrado que lo recibió.",
            "No account is needed. Your liaison office has the PIN. Opening a notice records that you received it.",
        ),
    );
    Page { language, title: title.to_owned(), other: Some(door.action.clone()), body }
}

/// A page that says why there is no other.
pub(super) fn closed(language: Language, title: &str, words: &str) -> Page {
    let link = t(language, "Escribir un código", "Type a code");
    let body = format!(
        "<h1>{}</h1><p>{}</p><p class=\"more\"><a href=\"/c\">{link}</a></p>",
        escaped(title),
        escaped(words)
    );
    Page { language, title: title.to_owned(), other: None, body }
}

pub(super) fn trouble(words: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    format!("<p class=\"warn\" role=\"alert\">{}</p>", escaped(words))
}

/// A day, as people of the language write it, with its time.
pub(super) fn moment(language: Language, at: Timestamp) -> String {
    words::moment(language, at)
}

impl Row {
    /// What waits stands first: what was never opened, then what has no outcome, then the rest; the newest of each first.
    pub(super) fn order(&self) -> (u8, std::cmp::Reverse<Timestamp>) {
        let ended = self.standing.recalled.is_some() || self.standing.superseded_by.is_some();
        let outcome = self.said.as_ref().is_some_and(|said| said.outcome.is_some());
        let class = match () {
            () if !self.opened && !ended => 1,
            () if !ended && !outcome && !self.standing.expired => 2,
            () if !ended && !outcome => 3,
            () => 4,
        };
        (class, std::cmp::Reverse(self.made))
    }

    fn words(&self, language: Language) -> String {
        let mut words = Vec::new();
        if self.standing.recalled.is_some() {
            words.push(t(language, "Retirado", "Recalled").to_owned());
        } else if self.standing.superseded_by.is_some() {
            words.push(t(language, "Sustituido por otro", "Superseded").to_owned());
        } else if self.standing.expired {
            words.push(t(language, "Vencido", "Expired").to_owned());
        }
        words.push(match &self.said {
            Some(said) => answer_words(language, said),
            None if self.opened => {
                t(language, "Recibido, sin respuesta", "Received, no answer yet").to_owned()
            }
            None => t(language, "Sin abrir", "Not opened").to_owned(),
        });
        words.join(" · ")
    }
}

/// The list of releases, with the recipient's own figures below.
pub(super) fn list(language: Language, name: &str, rows: &[Row], more: &str) -> Page {
    let title = t(language, "Avisos", "Notices");
    let mut body = format!("<h1>{title}</h1><p>{}</p>", escaped(name));
    if rows.is_empty() {
        let none =
            t(language, "Todavía no hay avisos para usted.", "There are no notices for you yet.");
        let _ = write!(body, "<p>{none}</p>");
    }
    body.push_str("<ul class=\"rows\">");
    for row in rows {
        let _ = write!(
            body,
            "<li><a href=\"/p/r/{alias}\"><b>{alias}</b>{words}<br><small>{made}</small></a></li>",
            alias = escaped(&row.alias),
            words = escaped(&row.words(language)),
            made = moment(language, row.made),
        );
    }
    let _ = write!(body, "</ul>{more}{}", leave(language));
    Page { language, title: title.to_owned(), other: Some("/p".to_owned()), body }
}

pub(super) fn leave(language: Language) -> String {
    format!(
        "<form method=\"post\" action=\"/p/out\"><button>{}</button></form>",
        t(language, "Salir", "Leave")
    )
}

/// What an answer says, in a line.
pub(super) fn answer_words(language: Language, said: &Answer) -> String {
    let mut words = match said.outcome {
        Some(code) => say::outcome(code, language).to_owned(),
        None => say::state(said.state, language).to_owned(),
    };
    if let Some(reason) = said.reason {
        let _ = write!(words, ": {}", say::reason(reason, language));
    }
    for seized in &said.details.seized {
        let (goods, unit) = (say::goods(seized.goods, language), say::unit(seized.unit, language));
        let _ = write!(words, "; {goods}: {} {unit}", seized.amount);
    }
    if let Some(arrests) = said.details.arrests {
        let _ = write!(words, "; {}: {arrests}", t(language, "detenciones", "arrests"));
    }
    if let Some(place) = said.details.place {
        let _ = write!(words, "; {}", coordinates::decimal(place));
    }
    words
}

#[cfg(test)]
mod tests;
