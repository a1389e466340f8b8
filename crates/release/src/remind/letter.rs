//! The words of a message. It can tell what the release itself says of its terms, and nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Due, Rule, in_language};
use crate::{
    gate::Terms,
    recipient::{Language, Tlp},
};

const NAMES: [&str; 5] = ["release", "sent", "days", "expires", "link"];

/// A message that somebody reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// How far it may be handed on.
    pub tlp: String,
    /// Its head.
    pub subject: String,
    /// In the language of the recipient, then in the other.
    pub text: String,
}

/// All that a message can tell of a release: what left with it already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What the recipient knows it by.
    pub release: String,
    /// What the recipient reads first.
    pub language: Language,
    /// How far it may be handed on.
    pub tlp: Tlp,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// Where the recipient answers.
    pub link: String,
}

impl From<&Terms> for Mention {
    fn from(terms: &Terms) -> Self {
        Self {
            release: terms.release.clone(),
            language: terms.recipient.language,
            tlp: terms.tlp,
            made: terms.made,
            expires: terms.expires,
            link: terms.answer_link.clone(),
        }
    }
}

/// Writes what is due, of what left with the release.
#[must_use]
pub fn letter(due: &Due, rule: &Rule, of: &Mention, now: Timestamp) -> Letter {
    let days = now.duration_since(due.since).as_hours().max(0) / 24;
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let told = |name: &str| match name {
        "release" => of.release.clone(),
        "sent" => day(of.made),
        "days" => days.to_string(),
        "expires" => day(of.expires),
        _ => of.link.clone(),
    };
    let first = of.language;
    let other = if first == Language::Es { Language::En } else { Language::Es };
    let [head, rest] = [first, other].map(|language| in_language(rule, language));
    let text = format!("{}\n\n{}\n", filled(&head.text, told), filled(&rest.text, told));
    let tlp = of.tlp.word().to_owned();
    Letter { subject: filled(&head.subject, told), text, tlp }
}

fn filled(words: &str, told: impl Fn(&str) -> String) -> String {
    let mut text = words.to_owned();
    for name in NAMES {
        let place = format!("{{{name}}}");
        if text.contains(&place) {
            text = text.replace(&place, &told(name));
        }
    }
    text
}

/// Whether words name nothing that cannot be told.
pub(super) fn check(words: &str) -> Result<(), String> {
    if words.trim().is_empty() {
        return Err("it has no words".to_owned());
    }
    let mut rest = words;
    while let Some((_, from)) = rest.split_once('{') {
        let named = from.split_once('}').filter(|(name, _)| NAMES.contains(name));
        let Some((_, after)) = named else {
            let known = NAMES.join("}, {");
            return Err(format!("`{{` begins none of {{{known}}}"));
        };
        rest = after;
    }
    Ok(())
}
