//! What a release says in plain words, in English and Spanish: how likely, how sure, which gas, which field, when.
//!
//! How likely something is and how far to rely on that are kept apart, as ICD 203 (Analytic Standards, 2015) asks: no
//! sentence made here holds both. Numbers have a point in both languages, as coordinates and instruments do, and as
//! Mexico and Central America write.

use cathartes_core::{identification::Likelihood, observation::Period};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};

use crate::{
    coordinates::decimal,
    product::{FieldPath, ProductKind, Value},
    recipient::{Language, Tlp},
};

mod tables;

use tables::{FIELDS, GASES, MONTHS};

/// The one of two sentences that somebody reads.
#[must_use]
pub fn either<T>(language: Language, en: T, es: T) -> T {
    match language {
        Language::En => en,
        Language::Es => es,
    }
}

/// A term of ICD 203.
#[must_use]
pub fn likelihood(language: Language, likelihood: Likelihood) -> &'static str {
    let (en, es) = match likelihood {
        Likelihood::AlmostNoChance => ("almost no chance", "casi ninguna posibilidad"),
        Likelihood::VeryUnlikely => ("very unlikely", "muy improbable"),
        Likelihood::Unlikely => ("unlikely", "improbable"),
        Likelihood::RoughlyEvenChance => ("roughly even chance", "tan probable como improbable"),
        Likelihood::Likely => ("likely", "probable"),
        Likelihood::VeryLikely => ("very likely", "muy probable"),
        Likelihood::AlmostCertain => ("almost certain", "casi seguro"),
    };
    either(language, en, es)
}

/// A term of ICD 203 with the probabilities it stands for: "very likely (80 to 95 %)".
#[must_use]
pub fn probability(language: Language, probability: f64) -> String {
    let term = Likelihood::of(probability);
    let (from, to) = match term {
        Likelihood::AlmostNoChance => (1, 5),
        Likelihood::VeryUnlikely => (5, 20),
        Likelihood::Unlikely => (20, 45),
        Likelihood::RoughlyEvenChance => (45, 55),
        Likelihood::Likely => (55, 80),
        Likelihood::VeryLikely => (80, 95),
        Likelihood::AlmostCertain => (95, 99),
    };
    format!("{} ({from} {} {to} %)", likelihood(language, term), either(language, "to", "a"))
}

/// How far to rely on a judgement; what is none of low, moderate and high stays as it is.
#[must_use]
pub fn confidence(language: Language, word: &str) -> &str {
    match (word, language) {
        ("low", Language::Es) => "baja",
        ("moderate", Language::Es) => "moderada",
        ("high", Language::Es) => "alta",
        _ => word,
    }
}

/// The name of a gas of the library; what is not in it stays as it is.
#[must_use]
pub fn gas(language: Language, slug: &str) -> &str {
    let known = GASES.iter().find(|(known, ..)| *known == slug);
    known.map_or(slug, |(_, en, es)| either(language, en, es))
}

/// What a field is called; of several, with its number from 1: "Source 2: place".
#[must_use]
pub fn label(language: Language, path: &FieldPath) -> String {
    let kind = path.kind();
    let Some(field) = FIELDS.iter().find(|field| field.path == kind) else {
        return path.as_str().replace('.', ": ");
    };
    let label = either(language, field.en, field.es);
    match number(path) {
        Some(number) => label.replace('#', &number.to_string()),
        None => label.to_owned(),
    }
}

/// Where a field stands among others for those who read them: the title first, what is not known behind what is.
#[must_use]
pub fn order(path: &FieldPath) -> (usize, Option<u64>) {
    let kind = path.kind();
    let known = FIELDS.iter().position(|field| field.path == kind);
    (known.unwrap_or(FIELDS.len()), number(path))
}

/// The number in the first brackets of a path, from 1.
pub(crate) fn number(path: &FieldPath) -> Option<u64> {
    let (_, rest) = path.as_str().split_once('[')?;
    let (digits, _) = rest.split_once(']')?;
    digits.parse::<u64>().ok()?.checked_add(1)
}

/// What a field holds, as a sentence has it.
#[must_use]
pub fn value(language: Language, path: &FieldPath, value: &Value) -> String {
    let say = |en: &str, es: &str| either(language, en, es).to_owned();
    let field = path.as_str();
    match value {
        Value::Place { place, ellipse } => {
            let [long, short] = [ellipse.semi_major, ellipse.semi_minor].map(|m| figures(m.0));
            let around = say("nine times in ten within", "nueve de cada diez veces a menos de");
            format!("{}; {around} {long} m x {short} m", decimal(*place))
        }
        Value::Circle { middle, radius } => {
            let within = say("somewhere within", "en algún punto a menos de");
            let of = say("m of", "m de");
            format!("{within} {} {of} {}", figures(radius.0), decimal(*middle))
        }
        Value::Cell { corners } => {
            let within = say("somewhere within", "en algún punto entre");
            format!("{within} {}", corners.map(decimal).join("; "))
        }
        Value::Observed(when) => period(language, *when),
        Value::At { at } => moment(language, *at),
        Value::Rate(range) => {
            let to = say("to", "a");
            let chance = say("with nine chances in ten", "en nueve de cada diez casos");
            format!("{} {to} {} kg/h {chance}", figures(range.low.0), figures(range.high.0))
        }
        Value::Probability { probability: p } => probability(language, *p),
        Value::Name { name } if field == "confidence" => confidence(language, name).to_owned(),
        Value::Name { name } => name.clone(),
        Value::Names { names } if field == "gases" => {
            names.iter().map(|name| gas(language, name)).collect::<Vec<_>>().join(", ")
        }
        Value::Names { names } => names.join(", "),
        Value::Words { words } => words.clone(),
        Value::Id { id } => id.to_string(),
        Value::Alias { alias } => alias.clone(),
        Value::Picture(image) => {
            let picture = say("picture of", "imagen de");
            format!("{picture} {} x {} px", image.width_px, image.height_px)
        }
    }
}

/// A moment to the minute: "5 October 2026, 15:04 UTC".
#[must_use]
pub fn moment(language: Language, at: Timestamp) -> String {
    let at = Offset::UTC.to_datetime(at);
    format!("{}, {} UTC", day(language, at.date()), clock(at))
}

fn day(language: Language, date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month().unsigned_abs()) - 1);
    let (en, es) = month.copied().unwrap_or_default();
    match language {
        Language::En => format!("{} {en} {}", date.day(), date.year()),
        Language::Es => format!("{} de {es} de {}", date.day(), date.year()),
    }
}

fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// From when to when; within one day that day is said once.
#[must_use]
pub fn period(language: Language, period: Period) -> String {
    let [from, to] = [period.from, period.to].map(|at| Offset::UTC.to_datetime(at));
    let and = either(language, "to", "a");
    if period.from == period.to {
        moment(language, period.from)
    } else if from.date() == to.date() {
        format!("{}, {} {and} {} UTC", day(language, from.date()), clock(from), clock(to))
    } else {
        format!("{} {and} {}", moment(language, period.from), moment(language, period.to))
    }
}

/// Of what kind a content is.
#[must_use]
pub fn kind(language: Language, kind: ProductKind) -> &'static str {
    match kind {
        ProductKind::Site => either(language, "Site", "Sitio"),
        ProductKind::Finding => either(language, "Gas release", "Emisión de gas"),
    }
}

/// How far it may be handed on, in words.
#[must_use]
pub fn tlp(language: Language, tlp: Tlp) -> &'static str {
    let (en, es) = match tlp {
        Tlp::Red => ("For those it is sent to, and nobody else.", "Solo para quien lo recibe."),
        Tlp::AmberStrict => ("Only within your body.", "Solo dentro de su institución."),
        Tlp::Amber => (
            "Within your body and to those it serves, where they need it.",
            "Dentro de su institución y a quienes esta sirve, si lo necesitan.",
        ),
        Tlp::Green => {
            ("Within your community, not in public.", "Dentro de su comunidad, no en público.")
        }
        Tlp::Clear => ("May be handed on freely.", "Puede difundirse libremente."),
    };
    either(language, en, es)
}

/// A number with three significant figures and no more digits than it needs.
#[must_use]
pub fn figures(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits.abs());
    let rounded =
        if digits >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale };
    rounded.to_string()
}

#[cfg(test)]
mod tests;
