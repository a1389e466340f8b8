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
    /// Its fields, as people want to read them.
    pub(super) fields: Vec<(&'a FieldPath, &'a Value)>,
}

/// The content as a whole, then each of its sources.
pub(super) fn groups(releasable: &Releasable<Content>) -> Vec<Group<'_>> {
    let (content, language) = (releasable.what(), releasable.terms().recipient.language);
    let mut numbers: Vec<_> = content.fields.keys().map(source).chain([None]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let group = |number: Option<u64>| {
        let mut fields: Vec<_> =
            content.fields.iter().filter(|(path, _)| source(path) == number).collect();
        fields.sort_by_key(|(path, _)| words::order(path));
        let place = fields.iter().find(|(path, value)| {
            let last = path.as_str().rsplit('.').next();
            last == Some("place")
                && matches!(value, Value::Place { .. } | Value::Circle { .. } | Value::Cell { .. })
        });
        let title = match number {
            None => title(content, language),
            Some(number) => format!("{} {number}", either(language, "Source", "Fuente")),
        };
        Group { number, title, place: place.map(|(_, value)| *value), fields }
    };
    numbers.into_iter().map(group).collect()
}

/// The number of the source that a field is of.
fn source(path: &FieldPath) -> Option<u64> {
    path.as_str().strip_prefix("sources[")?.split_once("].")?;
    words::number(path)
}

/// What a content is called: its title, or its kind and what the recipient knows it by.
pub(super) fn title(content: &Content, language: Language) -> String {
    let title = content.fields.iter().find(|(path, _)| path.as_str() == "title");
    match title {
        Some((_, Value::Words { words } | Value::Name { name: words })) => words.clone(),
        _ => format!("{} {}", words::kind(language, content.kind), content.subject),
    }
}

/// The columns of a group behind those that every group has. No two have one name: what a field holds must not hide what
/// the release says of itself.
pub(super) fn columns(releasable: &Releasable<Content>, group: &Group) -> Vec<Column> {
    let language = releasable.terms().recipient.language;
    let mut columns = of_release(releasable, group);
    for (path, value) in &group.fields {
        for mut column in of_field(language, path, value) {
            while columns.iter().any(|other| other.name == column.name) {
                column.name.push('_');
            }
            columns.push(column);
        }
    }
    columns
}

/// Names and labels, English and Spanish.
type Name = [&'static str; 4];

fn of_release(releasable: &Releasable<Content>, group: &Group) -> Vec<Column> {
    let (content, terms) = (releasable.what(), releasable.terms());
    let (language, tlp) = (terms.recipient.language, terms.tlp);
    let handling = |language| json!(words::tlp(language, tlp));
    let rows: [(Name, Json); 12] = [
        (["name", "nombre", "Name", "Nombre"], json!(group.title)),
        (["release", "entrega", "Release", "Entrega"], json!(terms.release)),
        (["subject", "asunto", "Subject", "Asunto"], json!(content.subject)),
        (["kind", "tipo", "Kind", "Tipo"], json!(words::kind(language, content.kind))),
        (["source", "fuente", "Source", "Fuente"], json!(group.number)),
        (["tlp", "tlp", "TLP 2.0", "TLP 2.0"], json!(tlp.word())),
        (
            ["handling_en", "manejo_en", "Handling (English)", "Manejo (inglés)"],
            handling(Language::En),
        ),
        (
            ["handling_es", "manejo_es", "Handling (Spanish)", "Manejo (español)"],
            handling(Language::Es),
        ),
        (["releasable_to", "destinatario", "For", "Para"], json!(terms.recipient.code)),
        (["made", "elaborado", "Made", "Elaborado"], json!(terms.made)),
        (["expires", "vence", "Holds until", "Válido hasta"], json!(terms.expires)),
        (["supersedes", "sustituye_a", "Supersedes", "Sustituye a"], json!(terms.supersedes)),
    ];
    let column = |([en, es, label_en, label_es], value): (Name, Json)| Column {
        name: either(language, en, es).to_owned(),
        label: either(language, label_en, label_es).to_owned(),
        value,
    };
    rows.into_iter().map(column).collect()
}

fn of_field(language: Language, path: &FieldPath, value: &Value) -> Vec<Column> {
    let (base, label) = (base(language, path), words::label(language, path));
    // The number of a source is a column of its own.
    let own =
        label.split_once(": ").filter(|_| source(path).is_some()).map(|(_, own)| own.to_owned());
    let label = own.unwrap_or(label);
    let column = |([en, es, label_en, label_es], value): (Name, Json)| {
        let end = either(language, en, es);
        match either(language, label_en, label_es) {
            "" => Column { name: base.clone(), label: label.clone(), value },
            said => {
                Column { name: format!("{base}_{end}"), label: format!("{label} ({said})"), value }
            }
        }
    };
    parts(path, value).into_iter().map(column).collect()
}

/// What the columns of a field are called in front of what they hold; of a source, as if there were one alone.
fn base(language: Language, path: &FieldPath) -> String {
    let whole = path.as_str();
    let own = match source(path) {
        Some(_) => whole.split_once('.').map_or(whole, |(_, own)| own),
        None => whole,
    };
    let step = |step: &str| match step.parse::<u64>() {
        Ok(number) => number.saturating_add(1).to_string(),
        Err(_) => word(language, step).to_owned(),
    };
    let steps = own.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.map(step).collect::<Vec<_>>().join("_")
}

fn word(language: Language, word: &str) -> &str {
    let known = match word {
        "title" => ("title", "titulo"),
        "what" => ("what", "que"),
        "unknown" => ("unknown", "no_se_sabe"),
        "place" => ("place", "lugar"),
        "observed" => ("observed", "observado"),
        "rate" => ("rate", "tasa"),
        "likelihood" => ("likelihood", "probabilidad"),
        "confidence" => ("confidence", "confianza"),
        "expires" => ("holds_until", "valido_hasta"),
        "platform" => ("platform", "plataforma"),
        "collection" => ("collection", "recoleccion"),
        "images" => ("picture", "imagen"),
        "ledger" => ("evidence", "indicio"),
        "scenes" => ("scene", "escena"),
        "words" => ("words", "texto"),
        other => (other, other),
    };
    either(language, known.0, known.1)
}

const PLAIN: Name = [""; 4];
const ENGLISH: Name = ["en", "en", "English", "inglés"];
const SPANISH: Name = ["es", "es", "Spanish", "español"];
const MGRS: Name = ["mgrs", "mgrs", "MGRS", "MGRS"];

/// The ends of the names of its columns and of their labels, and what they hold.
fn parts(path: &FieldPath, value: &Value) -> Vec<(Name, Json)> {
    let plain = |value: Json| vec![(PLAIN, value)];
    let said = |language| json!(words::value(language, path, value));
    let in_words = || [(ENGLISH, said(Language::En)), (SPANISH, said(Language::Es))];
    match value {
        Value::Place { .. } | Value::Circle { .. } | Value::Cell { .. } => of_ground(value),
        Value::Observed(period) => vec![
            (["from", "desde", "from", "desde"], json!(period.from)),
            (["to", "hasta", "to", "hasta"], json!(period.to)),
        ],
        Value::Rate(range) => vec![
            (
                ["low_90_kg_h", "minima_90_kg_h", "least, 90 %, kg/h", "mínima, 90 %, kg/h"],
                json!(range.low),
            ),
            (
                ["high_90_kg_h", "maxima_90_kg_h", "most, 90 %, kg/h", "máxima, 90 %, kg/h"],
                json!(range.high),
            ),
        ],
        Value::Probability { probability } => {
            let number = (["probability", "valor", "from 0 to 1", "de 0 a 1"], json!(probability));
            [number].into_iter().chain(in_words()).collect()
        }
        Value::Name { .. } if path.as_str() == "confidence" => in_words().into(),
        Value::Names { names } if path.as_str() == "gases" => {
            [(PLAIN, json!(names.join(", ")))].into_iter().chain(in_words()).collect()
        }
        Value::Names { names } => plain(json!(names.join(", "))),
        Value::At { at } => plain(json!(at)),
        Value::Name { name: text }
        | Value::Words { words: text }
        | Value::Alias { alias: text } => plain(json!(text)),
        Value::Id { id } => plain(json!(id)),
        Value::Picture(image) => vec![
            (["width_px", "ancho_px", "width, px", "ancho, px"], json!(image.width_px)),
            (["height_px", "alto_px", "height, px", "alto, px"], json!(image.height_px)),
        ],
    }
}

fn of_ground(value: &Value) -> Vec<(Name, Json)> {
    match value {
        Value::Place { place, ellipse } => vec![
            (
                ["latitude_deg", "latitud_grados", "latitude, °", "latitud, °"],
                json!(place.latitude),
            ),
            (
                ["longitude_deg", "longitud_grados", "longitude, °", "longitud, °"],
                json!(place.longitude),
            ),
            (MGRS, json!(mgrs(*place))),
            (
                [
                    "semi_major_90_m",
                    "semieje_mayor_90_m",
                    "long half axis, 90 %, m",
                    "semieje mayor, 90 %, m",
                ],
                json!(ellipse.semi_major),
            ),
            (
                [
                    "semi_minor_90_m",
                    "semieje_menor_90_m",
                    "short half axis, 90 %, m",
                    "semieje menor, 90 %, m",
                ],
                json!(ellipse.semi_minor),
            ),
            (
                [
                    "bearing_deg",
                    "rumbo_grados",
                    "bearing of the long axis, °",
                    "rumbo del eje mayor, °",
                ],
                json!(ellipse.bearing),
            ),
        ],
        Value::Circle { middle, radius } => vec![
            (
                [
                    "middle_latitude_deg",
                    "centro_latitud_grados",
                    "latitude of the middle, °",
                    "latitud del centro, °",
                ],
                json!(middle.latitude),
            ),
            (
                [
                    "middle_longitude_deg",
                    "centro_longitud_grados",
                    "longitude of the middle, °",
                    "longitud del centro, °",
                ],
                json!(middle.longitude),
            ),
            (
                ["middle_mgrs", "centro_mgrs", "MGRS of the middle", "MGRS del centro"],
                json!(mgrs(*middle)),
            ),
            (["radius_m", "radio_m", "radius, m", "radio, m"], json!(radius)),
        ],
        Value::Cell { corners } => {
            let squares = corners.map(mgrs).map(Option::unwrap_or_default).join("; ");
            vec![(
                ["corners_mgrs", "esquinas_mgrs", "MGRS of the corners", "MGRS de las esquinas"],
                json!(squares),
            )]
        }
        _ => Vec::new(),
    }
}
