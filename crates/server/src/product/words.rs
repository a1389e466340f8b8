//! What is said of a subject in plain words, in both languages, when nobody says it better.

use cathartes_release::{recipient::Language, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody wrote for a recipient; what is absent is said in usual words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Told {
    /// A heading.
    pub title: Option<String>,
    /// What was found, in English.
    pub what_en: Option<String>,
    /// What was found, in Spanish.
    pub what_es: Option<String>,
    /// What is not known, in English.
    pub unknown_en: Option<String>,
    /// What is not known, in Spanish.
    pub unknown_es: Option<String>,
}

impl Told {
    /// These words, and in their place others where they are said.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            title: other.title.or(self.title),
            what_en: other.what_en.or(self.what_en),
            what_es: other.what_es.or(self.what_es),
            unknown_en: other.unknown_en.or(self.unknown_en),
            unknown_es: other.unknown_es.or(self.unknown_es),
        }
    }

    /// What each field of words says.
    pub(super) fn or_usual(&self, gases: &[String]) -> [(&'static str, String); 5] {
        let said = |one: &Option<String>, usual: String| one.clone().unwrap_or(usual);
        [
            ("title", said(&self.title, title(gases))),
            ("what.en", said(&self.what_en, what_en(gases))),
            ("what.es", said(&self.what_es, what_es(gases))),
            ("unknown.en", said(&self.unknown_en, UNKNOWN_EN.to_owned())),
            ("unknown.es", said(&self.unknown_es, UNKNOWN_ES.to_owned())),
        ]
    }
}

const UNKNOWN_EN: &str = "Whether anybody is there now, and what stands on the ground, is not known: it was seen from the air alone.";
const UNKNOWN_ES: &str =
    "No se sabe si hay alguien ahora ni qué hay en el terreno: solo se vio desde el aire.";

fn title(gases: &[String]) -> String {
    match gases {
        [] => "Posible fuente oculta · Possible hidden source".to_owned(),
        gases => {
            let (es, en) = (named(Language::Es, gases), named(Language::En, gases));
            format!("Posible fuente oculta: {es} · Possible hidden source: {en}")
        }
    }
}

fn what_en(gases: &[String]) -> String {
    match gases {
        [] => "Signs of hidden chemical work were found at this place.".to_owned(),
        gases => format!(
            "Gas rises from this place that may come of hidden chemical work: {}.",
            gases.join(", ")
        ),
    }
}

fn what_es(gases: &[String]) -> String {
    match gases {
        [] => "En este lugar se hallaron indicios de trabajo químico clandestino.".to_owned(),
        gases => format!(
            "De este lugar sale gas que puede venir de trabajo químico clandestino: {}.",
            gases.join(", ")
        ),
    }
}

fn named(language: Language, gases: &[String]) -> String {
    let names: Vec<&str> = gases.iter().map(|slug| words::gas(language, slug)).collect();
    names.join(", ")
}
