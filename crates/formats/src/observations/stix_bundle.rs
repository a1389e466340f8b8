//! Observations as a STIX 2.1 bundle (OASIS standard, 2021).
//!
//! | object | gives |
//! |---|---|
//! | `observed-data` | when: `first_observed`, `last_observed`; place: a `location` to which a `relationship` leads, or a sighting that names both |
//! | `sighting` | when: `first_seen`, `last_seen`; place: the `location` in `where_sighted_refs`; several make a row each |
//! | `location` | `latitude`, `longitude`, `precision` (m) as the radius of nine in ten |
//!
//! `confidence` becomes credibility by the Admiralty scale of the standard's appendix A (80 and above 1, 60 and above 2,
//! 40 and above 3, 20 and above 4, else 5); `created_by_ref` the collector; `id` the collection; TLP marks the
//! classification (clear unclassified, green restricted, amber confidential, red secret). What the mapping
//! has under [constants] fills in the rest. An observed-data that a sighting names counts with the sighting.
//!
//! Objects about persons are refused: identities of individuals, accounts, addresses of mail, and what points at
//! them. Other objects are passed over.

use std::collections::{BTreeMap, BTreeSet};

use cathartes_core::{geometry::LatLon, units::Degrees};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ImportError, Imported, Mapping, door, geo_json::point, row::Row};

const REMEDY: &str = "give a STIX 2.1 bundle";
const PERSONS: [&str; 4] = ["email-addr", "email-message", "threat-actor", "user-account"];
/// TLP 1 and 2 of the standard.
const MARKS: [(&str, &str); 9] = [
    ("613f2e26-407d-48c7-9eca-b8e91df99dc9", "unclassified"),
    ("34098fce-860f-48ae-8e50-ebd3cc5e41da", "restricted"),
    ("f88d31f6-486f-44da-b317-01333bde0b82", "confidential"),
    ("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "secret"),
    ("94868c89-83c2-464b-929b-a1a8aa3c8487", "unclassified"),
    ("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "restricted"),
    ("55d920b0-5e8b-4f79-9ee9-91f868d9b421", "confidential"),
    ("939a9414-2ddd-4d32-a0cd-375ea402b003", "confidential"),
    ("e828b379-4e03-4974-9ac4-e53a884c97c1", "secret"),
];

type Object = Map<String, Value>;

/// Whether JSON says of itself that it is a bundle.
pub(super) fn is_bundle(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Kind {
        r#type: String,
    }
    serde_json::from_slice(bytes).is_ok_and(|kind: Kind| kind.r#type == "bundle")
}

pub(super) fn read(bytes: &[u8], mapping: &Mapping) -> Result<Imported, ImportError> {
    let refused =
        |line: usize, reason: String| ImportError::Refused { line, reason, remedy: REMEDY };
    let file: Value = serde_json::from_slice(bytes)
        .map_err(|error| refused(error.line(), super::first_line(&error.to_string())))?;
    let objects = file.get("objects").and_then(Value::as_array);
    let objects = objects.ok_or_else(|| refused(1, "there are no `objects`".into()))?;
    let bundle = Bundle::of(objects);
    let mut imported = Imported::default();
    for (row, object) in (1..).zip(objects) {
        let Some(object) = object.as_object() else { continue };
        bundle.read(row, object, mapping, &mut imported);
    }
    Ok(imported)
}

/// What refers to what.
struct Bundle<'b> {
    by_id: BTreeMap<&'b str, &'b Object>,
    /// Ids of what is about persons.
    persons: BTreeSet<&'b str>,
    /// Observed data that a sighting speaks for.
    sighted: BTreeSet<&'b str>,
    /// By observed data: locations that relationships lead to.
    located: BTreeMap<&'b str, Vec<&'b str>>,
}

fn text<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    object.get(name).and_then(Value::as_str)
}

fn texts<'o>(object: &'o Object, name: &str) -> impl Iterator<Item = &'o str> + use<'o> {
    let all = object.get(name).and_then(Value::as_array);
    all.into_iter().flatten().filter_map(Value::as_str)
}

impl<'b> Bundle<'b> {
    fn of(objects: &'b [Value]) -> Self {
        let objects: Vec<&Object> = objects.iter().filter_map(Value::as_object).collect();
        let with_id = objects.iter().filter_map(|o| Some((text(o, "id")?, *o)));
        let is_somebody = |o: &&&Object| {
            let individual = text(o, "identity_class") == Some("individual");
            individual || text(o, "type").is_some_and(|t| PERSONS.contains(&t))
        };
        let mut located: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for object in objects.iter().filter(|o| text(o, "type") == Some("relationship")) {
            if let (Some(from), Some(to)) = (text(object, "source_ref"), text(object, "target_ref"))
            {
                located.entry(from).or_default().push(to);
            }
        }
        let sightings = objects.iter().filter(|o| text(o, "type") == Some("sighting"));
        Self {
            by_id: with_id.collect(),
            persons: objects.iter().filter(is_somebody).filter_map(|o| text(o, "id")).collect(),
            sighted: sightings.flat_map(|o| texts(o, "observed_data_refs")).collect(),
            located,
        }
    }

    fn read(&self, row: u64, object: &Object, mapping: &Mapping, imported: &mut Imported) {
        let (kind, id) =
            (text(object, "type").unwrap_or_default(), text(object, "id").unwrap_or_default());
        let (from, to, places) = match kind {
            "sighting" => {
                ("first_seen", "last_seen", texts(object, "where_sighted_refs").collect())
            }
            "observed-data" if self.sighted.contains(id) => return,
            "observed-data" => {
                let places = self.located.get(id).cloned().unwrap_or_default();
                ("first_observed", "last_observed", places)
            }
            _ if self.persons.contains(id) => {
                return imported.add(row, Err(format!("`{kind}`: {}", door::EXPLANATION)));
            }
            _ => return,
        };
        if let Some(name) = self.somebody(object) {
            return imported.add(row, Err(format!("`{name}`: {}", door::EXPLANATION)));
        }
        let places: Vec<&Object> = places
            .into_iter()
            .filter_map(|place| self.by_id.get(place).copied())
            .filter(|place| text(place, "type") == Some("location"))
            .collect();
        if places.is_empty() {
            let remedy = "name a location with latitude and longitude of this bundle";
            return imported.add(row, Err(format!("{kind} without a place; {remedy}")));
        }
        for place in places {
            imported.add(row, Self::observation(object, place, (from, to), mapping));
        }
    }

    /// What of an object is about a person: a property, or something it refers to.
    fn somebody(&self, object: &Object) -> Option<String> {
        let refers = ["object_refs", "where_sighted_refs", "observed_data_refs"];
        let mut ids = refers.iter().flat_map(|name| texts(object, name));
        let single = ["created_by_ref", "sighting_of_ref"];
        let mut one = single.iter().filter_map(|name| text(object, name));
        let about = ids.find(|id| self.persons.contains(id));
        let about = about.or_else(|| one.find(|id| self.persons.contains(id)));
        let named = || object.keys().find(|name| door::names_somebody(name)).cloned();
        about.map(str::to_owned).or_else(named)
    }

    fn observation(
        object: &Object,
        place: &Object,
        (from, to): (&str, &str),
        mapping: &Mapping,
    ) -> Result<super::Observation, String> {
        let number = |name: &str| place.get(name).and_then(Value::as_f64);
        let pair = number("latitude").zip(number("longitude"));
        let (latitude, longitude) =
            pair.ok_or("a location without latitude and longitude; give both")?;
        let own = super::geo_json::properties_of(&Value::Object(object.clone()))?;
        let mut row = Row::of(mapping, &own);
        let moment = |name: &str| text(object, name).map(str::to_owned);
        row.also("from", moment(from).or_else(|| moment(to)).or_else(|| moment("created")));
        row.also("to", moment(to).or_else(|| moment(from)).or_else(|| moment("created")));
        row.also("radius_90_m", number("precision").map(|m| m.to_string()));
        let confidence = object.get("confidence").and_then(Value::as_u64);
        row.also("credibility", confidence.map(|c| credibility(c).to_string()));
        row.also("collector", text(object, "created_by_ref").map(str::to_owned));
        row.also("collection", text(object, "id").map(str::to_owned));
        row.also("classification", marked(object).map(str::to_owned));
        let (latitude, longitude) = (Degrees(latitude), Degrees(longitude));
        row.observation(Some(Ok(point(LatLon { latitude, longitude }))))
    }
}

fn credibility(confidence: u64) -> u8 {
    match confidence {
        80.. => 1,
        60.. => 2,
        40.. => 3,
        20.. => 4,
        _ => 5,
    }
}

/// The closest of the TLP marks; an unknown mark leaves it to the default, which is the closest of all.
fn marked(object: &Object) -> Option<&'static str> {
    let order = ["unclassified", "restricted", "confidential", "secret"];
    let mut closest = None;
    for mark in texts(object, "object_marking_refs") {
        let known = MARKS.iter().find(|(id, _)| mark.ends_with(id)).map(|(_, word)| *word)?;
        closest = closest.max(order.iter().position(|word| *word == known));
    }
    closest.and_then(|at| order.get(at).copied())
}
