//! Plain text for e-mail, 72 columns wide, in the recipient's language.
//!
//! The one form that is for the recipient alone and no file to hand on, so it alone holds the link and the code of the
//! answer. Likelihood and confidence stand on lines of their own.

use super::columns::{Group, groups, title};
use crate::{
    coordinates::{decimal, dms, mgrs},
    gate::{Content, Releasable},
    product::Value,
    recipient::Language,
    words::{self, either},
};

/// As RFC 3676 advises, so that quoting does not break lines.
const COLUMNS: usize = 72;

/// The subject of the message, one line.
#[must_use]
pub fn subject(releasable: &Releasable<Content>) -> String {
    let terms = releasable.terms();
    let title = title(releasable.what(), terms.recipient.language);
    one_line(&format!("[{}] {}: {title}", terms.tlp.word(), terms.release))
}

/// The message.
#[must_use]
pub fn text(releasable: &Releasable<Content>) -> String {
    let (content, terms) = (releasable.what(), releasable.terms());
    let language = terms.recipient.language;
    let say = |en: &'static str, es: &'static str| either(language, en, es);
    let mut parts = vec![
        paragraph(&format!("{}. {}", terms.tlp.word(), words::tlp(language, terms.tlp))),
        paragraph(&title(content, language)),
    ];
    for group in groups(releasable) {
        parts.push(of_group(language, &group));
    }
    if let Some(earlier) = &terms.supersedes {
        let takes = say("This takes the place of release", "Esto sustituye a la entrega");
        parts.push(paragraph(&format!("{takes} {earlier}.")));
    }
    let until = words::moment(language, terms.expires);
    parts.push(paragraph(&format!("{} {until}.", say("Holds until", "Válido hasta el"))));
    let made = words::moment(language, terms.made);
    let release = &terms.release;
    parts.push(paragraph(&format!("{} {release}, {made}.", say("Release", "Entrega"))));
    parts.push(paragraph(say(
        "Please answer here, even if only that you have received it:",
        "Responda aquí, aunque solo sea para decir que lo recibió:",
    )));
    parts.push(one_line(&terms.answer_link));
    let code = one_line(&terms.answer_code);
    parts.push(paragraph(&format!(
        "{} {code}",
        say("Without a network, with the code:", "Sin red, con el código:")
    )));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn of_group(language: Language, group: &Group) -> String {
    let [own, other] = either(language, [".en", ".es"], [".es", ".en"]);
    let has = |path: String| group.fields.iter().any(|(held, _)| held.as_str() == path);
    let mut lines = Vec::new();
    for (path, value) in &group.fields {
        let twin = path.as_str().strip_suffix(other).map(|stem| format!("{stem}{own}"));
        // Said already, or to be seen, or said in the language of the recipient as well.
        let elsewhere = path.as_str() == "title" || matches!(value, Value::Picture(_));
        if elsewhere || twin.is_some_and(has) {
            continue;
        }
        let label = words::label(language, path);
        lines.push(paragraph(&format!("{label}: {}", words::value(language, path, value))));
        lines.extend(places(value).into_iter().map(|line| format!("  {line}")));
    }
    lines.join("\n")
}

/// The three ways to write a place, a line each; what is not on the Earth has none.
fn places(value: &Value) -> Vec<String> {
    let (Value::Place { place, .. } | Value::Circle { middle: place, .. }) = value else {
        return Vec::new();
    };
    match mgrs(*place) {
        Some(square) => vec![decimal(*place), dms(*place), format!("MGRS {square}")],
        None => Vec::new(),
    }
}

/// Without line breaks and other control characters, so that nothing put in can begin a line.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lines of at most [`COLUMNS`], broken between words; line breaks of the text stay.
fn paragraph(text: &str) -> String {
    text.lines().map(|line| wrapped(&one_line(line))).collect::<Vec<_>>().join("\n")
}

fn wrapped(line: &str) -> String {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > COLUMNS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let gap = if line.is_empty() { "" } else { " " };
            *line = format!("{line}{gap}{word}");
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
