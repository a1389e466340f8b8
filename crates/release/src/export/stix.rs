//! A STIX 2.1 bundle (OASIS, 2021): a report of locations and notes.
//!
//! | object | holds |
//! |---|---|
//! | `identity` | the producer, by its class alone |
//! | `location` | the middle of each place and, as `precision`, how far it reaches |
//! | `note` | a field in words, of its place or of the report; how to handle it, to whom it is released and until when |
//! | `report` | all of them, with what was found as its description and, where it is said, the confidence |
//! | `language-content` | what was found, in the other language |
//!
//! All but the producer carry the marking that OASIS publishes for their TLP; it stands in no bundle, as readers have it.
//! Ids are digests of what the recipient knows the release by, in the form of version 4, which the standard asks for: the
//! same release has the same ids, and two recipients have none in common but that of the producer. Likelihood is a note
//! and never the confidence, for which STIX has a number (its appendix A).

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::{
    columns::{Group, groups, title},
    ground, instant,
};
use crate::{
    gate::{Content, Releasable, Terms},
    product::{FieldPath, Value},
    recipient::{Language, Tlp},
    words::{self, either},
};

mod region;

/// The text of a file.
#[must_use]
pub fn stix(releasable: &Releasable<Content>) -> String {
    bundle(releasable, releasable.terms().made, false)
}

/// The same objects, revoked.
#[must_use]
pub fn stix_recalled(releasable: &Releasable<Content>, recalled: Timestamp) -> String {
    // A version that is not later than the first would be none.
    let first = releasable.terms().made + jiff::SignedDuration::from_millis(1);
    bundle(releasable, recalled.max(first), true)
}

fn bundle(releasable: &Releasable<Content>, modified: Timestamp, revoked: bool) -> String {
    let writer = Writer { terms: releasable.terms(), modified, revoked };
    let mut told = vec![writer.handling()];
    for group in groups(releasable) {
        let location = writer.location(&group);
        let about =
            location.as_ref().map_or_else(|| json!(writer.id("report", "")), |at| at["id"].clone());
        told.extend(location);
        told.extend(
            group.fields.iter().filter_map(|(path, value)| writer.note(path, value, &about)),
        );
    }
    let report = writer.report(releasable.what(), &told);
    let other = writer.other_language(releasable.what(), &report);
    let objects = [producer()].into_iter().chain(told).chain([report]).chain(other);
    let lines: Vec<String> = objects.map(|object| object.to_string()).collect();
    let id = json!(writer.id("bundle", ""));
    format!(
        "{{\n\"type\": \"bundle\",\n\"id\": {id},\n\"objects\": [\n{}\n]\n}}\n",
        lines.join(",\n")
    )
}

struct Writer<'a> {
    terms: &'a Terms,
    modified: Timestamp,
    revoked: bool,
}

impl Writer<'_> {
    /// The id of an object of this release.
    fn id(&self, kind: &str, part: &str) -> String {
        id(kind, &[&self.terms.recipient.code, &self.terms.release, part])
    }

    /// An object with what all of them have.
    fn object(&self, kind: &str, part: &str, own: Json) -> Json {
        let common = json!({
            "type": kind,
            "spec_version": "2.1",
            "id": self.id(kind, part),
            "created_by_ref": producer_id(),
            "created": instant(self.terms.made),
            "modified": instant(self.modified),
            "object_marking_refs": [tlp_id(self.terms.tlp)],
        });
        let (Json::Object(mut object), Json::Object(own)) = (common, own) else {
            return Json::Null;
        };
        if self.revoked {
            object.insert("revoked".to_owned(), json!(true));
        }
        object.extend(own.into_iter().filter(|(_, value)| !value.is_null()));
        Json::Object(object)
    }

    fn location(&self, group: &Group) -> Option<Json> {
        let place = group.place?;
        let (middle, reach) = ground::middle(place)?;
        let [longitude, latitude] = ground::corner(middle);
        let part = group.number.map(|number| number.to_string()).unwrap_or_default();
        let own = json!({
            "name": group.title,
            "latitude": latitude,
            "longitude": longitude,
            "precision": reach.0,
            "region": region::of(middle),
        });
        Some(self.object("location", &part, own))
    }

    /// How far it may go, to whom and for how long, of the report.
    fn handling(&self) -> Json {
        let (terms, language) = (self.terms, self.terms.recipient.language);
        let (code, name) = (&terms.recipient.code, &terms.recipient.name);
        let content = format!(
            "{}. {} {} {code} ({name}). {} {}.",
            terms.tlp.word(),
            words::tlp(language, terms.tlp),
            either(language, "Released to", "Entregado a"),
            either(language, "Holds until", "Válido hasta el"),
            words::moment(language, terms.expires),
        );
        let about = json!(self.id("report", ""));
        self.said("handling", language, either(language, "Handling", "Manejo"), (&content, &about))
    }

    fn said(
        &self,
        part: &str,
        language: Language,
        label: &str,
        (content, about): (&str, &Json),
    ) -> Json {
        let own = json!({
            "lang": code(language),
            "abstract": label,
            "content": content,
            "object_refs": [about],
        });
        self.object("note", part, own)
    }

    /// A field in words, in the language it is in.
    fn note(&self, path: &FieldPath, value: &Value, about: &Json) -> Option<Json> {
        let name = path.as_str();
        let told_elsewhere =
            name == "title" || name.starts_with("what.") || matches!(value, Value::Picture(_));
        let language = match name.rsplit_once('.') {
            Some((_, "en")) => Language::En,
            Some((_, "es")) => Language::Es,
            _ => self.terms.recipient.language,
        };
        let content = words::value(language, path, value);
        let label = words::label(language, path);
        (!told_elsewhere && !content.is_empty())
            .then(|| self.said(&format!("field {name}"), language, &label, (&content, about)))
    }

    fn report(&self, content: &Content, told: &[Json]) -> Json {
        let language = self.terms.recipient.language;
        let ids: Vec<&Json> = told.iter().map(|object| &object["id"]).collect();
        let reference =
            |source: &str, id: &String| json!({ "source_name": source, "external_id": id });
        let known =
            [reference("release", &self.terms.release), reference("subject", &content.subject)];
        let earlier = self.terms.supersedes.as_ref().map(|id| reference("supersedes", id));
        let found = what(content, language).or_else(|| what(content, other(language)));
        let own = json!({
            "lang": code(language),
            "name": title(content, language),
            "description": found,
            "report_types": ["observed-data"],
            "published": instant(self.terms.made),
            "confidence": confidence(content),
            "object_refs": ids,
            "external_references": known.into_iter().chain(earlier).collect::<Vec<_>>(),
        });
        self.object("report", "", own)
    }

    fn other_language(&self, content: &Content, report: &Json) -> Option<Json> {
        let language = self.terms.recipient.language;
        let (_, said) = (what(content, language)?, what(content, other(language))?);
        let contents =
            Map::from_iter([(code(other(language)).to_owned(), json!({ "description": said }))]);
        let own = json!({
            "object_ref": report["id"],
            "object_modified": report["modified"],
            "contents": contents,
        });
        Some(self.object("language-content", "", own))
    }
}

/// When the identity of the producer was first written.
const FIRST: &str = "2026-11-01T00:00:00.000Z";

fn producer_id() -> String {
    id("identity", &["task force"])
}

/// Whoever produced it: a body, the same in every release, and its own creator, as interoperability asks.
fn producer() -> Json {
    json!({
        "type": "identity",
        "spec_version": "2.1",
        "id": producer_id(),
        "created_by_ref": producer_id(),
        "created": FIRST,
        "modified": FIRST,
        "name": "Task force",
        "identity_class": "organization",
    })
}

/// The same for the same words: their digest where version 4 has chance.
fn id(kind: &str, words: &[&str]) -> String {
    let mut digest = Sha256::new_with_prefix(kind);
    for word in words {
        digest.update((word.len() as u64).to_be_bytes());
        digest.update(word);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.finalize()).for_each(|(byte, of_digest)| *byte = of_digest);
    format!("{kind}--{}", Builder::from_random_bytes(bytes).into_uuid())
}

/// The markings that OASIS publishes for TLP 2.0 (STIX common objects, extension definition of 2022).
fn tlp_id(tlp: Tlp) -> String {
    let id = match tlp {
        Tlp::Clear => "94868c89-83c2-464b-929b-a1a8aa3c8487",
        Tlp::Green => "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        Tlp::Amber => "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        Tlp::AmberStrict => "939a9414-2ddd-4d32-a0cd-375ea402b003",
        Tlp::Red => "e828b379-4e03-4974-9ac4-e53a884c97c1",
    };
    format!("marking-definition--{id}")
}

fn code(language: Language) -> &'static str {
    either(language, "en", "es")
}

fn other(language: Language) -> Language {
    either(language, Language::Es, Language::En)
}

/// What was found, in a language.
fn what(content: &Content, language: Language) -> Option<&str> {
    let path = either(language, "what.en", "what.es");
    match content.fields.iter().find(|(held, _)| held.as_str() == path) {
        Some((_, Value::Words { words })) => Some(words),
        _ => None,
    }
}

/// Low, moderate and high as the numbers of STIX.
fn confidence(content: &Content) -> Option<u8> {
    let (_, value) = content.fields.iter().find(|(path, _)| path.as_str() == "confidence")?;
    let Value::Name { name } = value else { return None };
    match name.as_str() {
        "low" => Some(15),
        "moderate" => Some(50),
        "high" => Some(85),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
