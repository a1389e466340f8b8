//! A content as the columns of a table, for maps and geographic information systems.
//!
//! Names of columns are in the language of the recipient, with their unit; words stand in both languages, in two columns
//! that end with `_en` and `_es`. Every field of the content has its columns, so nothing is left out and nothing added.

use serde_json::{Value as Json, json};

use crate::{
    coordinates::mgrs,
    gate::{Content, Releasable},
    product::{FieldPath, Value},
    recipient::Language,
    words::{self, either},
};

/// A name in the language of the recipient, what people call it there, and what it holds.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: Json,
}

/// Fields that belong together, and the ground they are about.
pub(super) struct Group<'a> {
    /// Of a source, from 1; none: of the content as a whole.
    pub(super) number: Option<u64>,
    /// What it is called: the title, or "Source 2".
    pub(super) title: String,
    /// The place it is about.
    pub(super) place: Option<&'a Value>,
    /// Its fields, without those of all.
    pub(super) fields: Vec<(&'a FieldPath, &'a Value)>,
}

/// The content as a whole, then each of its sources.
pub(super) fn groups(releasable: &Releasable<Content>) -> Vec<Group<'_>> {
    let (content, language) = (releasable.what(), releasable.terms().recipient.language);
    let source = |path: &FieldPath| {
        let (whole, _) = path.as_str().split_once("].")?;
        whole.starts_with("sources[").then(|| words::number(path)).flatten()
    };
    let mut numbers: Vec<_> = content.fields.keys().map(source).collect();
    numbers.push(None);
    numbers.sort_unstable();
    numbers.dedup();
    let group = |number: Option<u64>| {
        let fields: Vec<_> = content.fields.iter().filter(|(p, _)| source(p) == number).collect();
        let place = fields.iter().find(|(path, value)| {
            path.as_str().rsplit('.').next() == Some("place") && is_ground(value)
        });
        Group {
            number,
            title: number.map_or_else(|| title(content, language), |n| source_title(language, n)),
            place: place.map(|(_, value)| *value),
            fields,
        }
    };
    numbers.into_iter().map(group).collect()
}

fn is_ground(value: &Value) -> bool {
    matches!(value, Value::Place { .. } | Value::Circle { .. } | Value::Cell { .. })
}

fn source_title(language: Language, number: u64) -> String {
    format!("{} {number}", either(language, "Source", "Fuente"))
}

/// What a content is called: its title, or its kind and what the recipient knows it by.
pub(super) fn title(content: &Content, language: Language) -> String {
    let title = content.fields.iter().find(|(path, _)| path.as_str() == "title");
    match title {
        Some((_, Value::Words { words } | Value::Name { name: words })) => words.clone(),
        _ => format!("{} {}", words::kind(language, content.kind), content.subject),
    }
}

/// What every part of a release says of itself.
pub(super) fn of_release(releasable: &Releasable<Content>) -> Vec<Column> {
    let (content, terms) = (releasable.what(), releasable.terms());
    let language = terms.recipient.language;
    let rows = [
        (("release", "entrega"), ("Release", "Entrega"), json!(terms.release)),
        (("subject", "asunto"), ("Subject", "Asunto"), json!(content.subject)),
        (("kind", "tipo"), ("Kind", "Tipo"), json!(words::kind(language, content.kind))),
        (("tlp", "tlp"), ("Handling", "Manejo"), json!(terms.tlp.word())),
        (
            ("handling_en", "manejo_en"),
            ("Handling (English)", "Manejo (inglés)"),
            json!(words::tlp(Language::En, terms.tlp)),
        ),
        (
            ("handling_es", "manejo_es"),
            ("Handling (Spanish)", "Manejo (español)"),
            json!(words::tlp(Language::Es, terms.tlp)),
        ),
        (("releasable_to", "destinatario"), ("For", "Para"), json!(terms.recipient.code)),
        (("made", "elaborado"), ("Made", "Elaborado"), json!(terms.made)),
        (("expires", "vence"), ("Holds until", "Válido hasta"), json!(terms.expires)),
        (("supersedes", "sustituye_a"), ("Supersedes", "Sustituye a"), json!(terms.supersedes)),
    ];
    let column =
        |((en, es), (label_en, label_es), value): ((&str, &str), (&str, &str), Json)| Column {
            name: either(language, en, es).to_owned(),
            label: either(language, label_en, label_es).to_owned(),
            value,
        };
    rows.into_iter().map(column).collect()
}

/// The columns of a field.
pub(super) fn of_field(language: Language, path: &FieldPath, value: &Value) -> Vec<Column> {
    let (base, label) = (base(language, path), words::label(language, path));
    let column = |((en, es), value): ((&str, &str), Json)| {
        let end = either(language, en, es);
        let name = if end.is_empty() { base.clone() } else { format!("{base}_{end}") };
        let said =
            if end.is_empty() { String::new() } else { format!(" ({})", end.replace('_', " ")) };
        Column { name, label: format!("{label}{said}"), value }
    };
    parts(path, value).into_iter().map(column).collect()
}

/// What a column of a field is called in front of its unit.
fn base(language: Language, path: &FieldPath) -> String {
    const SPANISH: [(&str, &str); 15] = [
        ("title", "titulo"),
        ("what", "que"),
        ("unknown", "no_se_sabe"),
        ("place", "lugar"),
        ("observed", "observado"),
        ("rate", "tasa"),
        ("likelihood", "probabilidad"),
        ("confidence", "confianza"),
        ("expires", "valido_hasta"),
        ("platform", "plataforma"),
        ("collection", "recoleccion"),
        ("id", "numero"),
        ("sources", "fuente"),
        ("images", "imagen"),
        ("words", "texto"),
    ];
    let word = |word: &str| {
        let known = SPANISH.iter().find(|(en, _)| *en == word);
        match (language, known) {
            (Language::Es, Some((_, es))) => (*es).to_owned(),
            // The release has a column of this name.
            _ if word == "expires" => "holds_until".to_owned(),
            _ => word.to_owned(),
        }
    };
    let steps = path.as_str().split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.map(word).collect::<Vec<_>>().join("_")
}

/// The ends of the names of its columns, English and Spanish, and what they hold.
fn parts(path: &FieldPath, value: &Value) -> Vec<((&'static str, &'static str), Json)> {
    let plain = |value: Json| vec![(("", ""), value)];
    let in_words = || {
        let said = |language| json!(words::value(language, path, value));
        [(("en", "en"), said(Language::En)), (("es", "es"), said(Language::Es))]
    };
    match value {
        Value::Place { place, ellipse } => vec![
            (("latitude_deg", "latitud_grados"), json!(place.latitude.0)),
            (("longitude_deg", "longitud_grados"), json!(place.longitude.0)),
            (("mgrs", "mgrs"), json!(mgrs(*place))),
            (("semi_major_90_m", "semieje_mayor_90_m"), json!(ellipse.semi_major.0)),
            (("semi_minor_90_m", "semieje_menor_90_m"), json!(ellipse.semi_minor.0)),
            (("bearing_deg", "rumbo_grados"), json!(ellipse.bearing.0)),
        ],
        Value::Circle { middle, radius } => vec![
            (("middle_latitude_deg", "centro_latitud_grados"), json!(middle.latitude.0)),
            (("middle_longitude_deg", "centro_longitud_grados"), json!(middle.longitude.0)),
            (("middle_mgrs", "centro_mgrs"), json!(mgrs(*middle))),
            (("radius_m", "radio_m"), json!(radius.0)),
        ],
        Value::Cell { corners } => {
            let squares = corners.map(mgrs).map(Option::unwrap_or_default);
            vec![(("corners_mgrs", "esquinas_mgrs"), json!(squares.join("; ")))]
        }
        Value::Observed(period) => {
            vec![(("from", "desde"), json!(period.from)), (("to", "hasta"), json!(period.to))]
        }
        Value::At { at } => plain(json!(at)),
        Value::Rate(range) => vec![
            (("low_90_kg_h", "minima_90_kg_h"), json!(range.low.0)),
            (("high_90_kg_h", "maxima_90_kg_h"), json!(range.high.0)),
        ],
        Value::Probability { probability } => {
            let number = (("probability", "valor"), json!(probability));
            [number].into_iter().chain(in_words()).collect()
        }
        Value::Name { .. } if path.as_str() == "confidence" => in_words().into(),
        Value::Name { name } => plain(json!(name)),
        Value::Names { names } if path.as_str() == "gases" => {
            [(("", ""), json!(names.join(", ")))].into_iter().chain(in_words()).collect()
        }
        Value::Names { names } => plain(json!(names.join(", "))),
        Value::Words { words } => plain(json!(words)),
        Value::Id { id } => plain(json!(id)),
        Value::Alias { alias } => plain(json!(alias)),
        Value::Picture(image) => vec![
            (("width_px", "ancho_px"), json!(image.width_px)),
            (("height_px", "alto_px"), json!(image.height_px)),
        ],
    }
}
