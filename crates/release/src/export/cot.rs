//! Cursor on Target, event 2.0, as XML and as TAK protocol version 1.
//!
//! | part | holds |
//! |---|---|
//! | `uid` | what the recipient knows the subject by, so that a later release moves the mark and adds none |
//! | `type` | a spot on the map, or what is drawn on it by hand where there is no spot to show: a circle, an outline |
//! | `how` | `h-e`, estimated by people |
//! | `time`, `start`, `stale` | when the release was made, and until when it holds |
//! | `point` | the middle, with `ce` as far as the ground reaches; heights are unknown, which is 9999999 |
//! | `access`, `caveat`, `releasableTo` | handling: TLP, what that means, and the recipient |
//! | `detail` | `contact`, `shape`, `precisionlocation`, `remarks` |
//!
//! One event for the content and for each of its sources that has a place; without a place there is none. The protocol
//! frames are a `0xbf`, the version and a `0xbf` before a message of the mesh, a `0xbf` and the length before one of a stream.

use cathartes_core::geometry::LatLon;
use jiff::Timestamp;
use prost::Message;

use super::{
    columns::{Group, groups},
    ground, instant,
    xml::Element,
};
use crate::{
    gate::{Content, Releasable},
    product::Value,
    words,
};

mod protobuf;

/// What no height and no error is written as.
const UNKNOWN: f64 = 9_999_999.0;
const HOW: &str = "h-e";
/// Urgency in the middle; takes the place of an earlier one; has to arrive.
const QOS: &str = "5-r-g";
/// An operation, no exercise.
const OPEX: &str = "o";
const MAGIC: u8 = 0xbf;
const VERSION: u8 = 1;

/// Of types that say nothing of whose a place is.
fn kind(place: &Value) -> &'static str {
    match place {
        Value::Circle { .. } => "u-d-c-c",
        Value::Cell { .. } => "u-d-f",
        _ => "b-m-p-s-m",
    }
}

struct Event<'a> {
    uid: String,
    kind: &'static str,
    place: &'a Value,
    group: Group<'a>,
    latitude_deg: f64,
    longitude_deg: f64,
    reach_m: f64,
}

/// An XML document for each place, one after the other, as a stream of TAK has them.
#[must_use]
pub fn cot(releasable: &Releasable<Content>) -> String {
    events(releasable).iter().map(|event| document(releasable, event).document()).collect()
}

/// A message of TAK protocol version 1 for each place, framed for a stream.
#[must_use]
pub fn tak_stream(releasable: &Releasable<Content>) -> Vec<u8> {
    let framed = |event: &Event| {
        let mut bytes = vec![MAGIC];
        bytes.extend(message(releasable, event).encode_length_delimited_to_vec());
        bytes
    };
    events(releasable).iter().flat_map(framed).collect()
}

/// A datagram of TAK protocol version 1 for each place, framed for a mesh.
#[must_use]
pub fn tak_mesh(releasable: &Releasable<Content>) -> Vec<Vec<u8>> {
    let framed = |event: &Event| {
        let mut bytes = vec![MAGIC, VERSION, MAGIC];
        bytes.extend(message(releasable, event).encode_to_vec());
        bytes
    };
    events(releasable).iter().map(framed).collect()
}

/// What takes the marks of a release off the map again, for each of its places.
#[must_use]
pub fn cot_recalled(releasable: &Releasable<Content>, recalled: Timestamp) -> String {
    let deletion = |event: &Event| {
        let link = [("uid", event.uid.as_str()), ("relation", "none"), ("type", "none")]
            .into_iter()
            .fold(Element::new("link"), |link, (name, value)| link.with(name, value));
        let detail = Element::new("detail").child(&link).child(&Element::new("__forcedelete"));
        let uid = format!("{}.recalled", event.uid);
        let stale = recalled + jiff::SignedDuration::from_hours(24);
        head(releasable, &uid, "t-x-d-d", [recalled, stale])
            .child(&point([0.0, 0.0], UNKNOWN))
            .child(&detail)
            .document()
    };
    events(releasable).iter().map(deletion).collect()
}

fn events(releasable: &Releasable<Content>) -> Vec<Event<'_>> {
    let subject = &releasable.what().subject;
    groups(releasable)
        .into_iter()
        .filter_map(|group| {
            let place = group.place?;
            let (middle, reach) = ground::middle(place)?;
            let [longitude_deg, latitude_deg] = ground::corner(middle);
            let uid = match group.number {
                None => subject.clone(),
                Some(number) => format!("{subject}.{number}"),
            };
            Some(Event {
                uid,
                kind: kind(place),
                place,
                group,
                latitude_deg,
                longitude_deg,
                reach_m: reach.0,
            })
        })
        .collect()
}

fn document(releasable: &Releasable<Content>, event: &Event) -> Element {
    let terms = releasable.terms();
    let details = [contact(event), precision()].into_iter();
    head(releasable, &event.uid, event.kind, [terms.made, terms.expires])
        .child(&point([event.latitude_deg, event.longitude_deg], event.reach_m))
        .child(&Element::new("detail").children(details.chain(other_details(releasable, event))))
}

/// An event with its attributes, from when to when.
fn head(
    releasable: &Releasable<Content>,
    uid: &str,
    kind: &str,
    [from, to]: [Timestamp; 2],
) -> Element {
    let terms = releasable.terms();
    Element::new("event")
        .with("version", "2.0")
        .with("uid", uid)
        .with("type", kind)
        .with("how", HOW)
        .with("time", &instant(from))
        .with("start", &instant(from))
        .with("stale", &instant(to))
        .with("qos", QOS)
        .with("opex", OPEX)
        .with("access", terms.tlp.word())
        .with("caveat", words::tlp(terms.recipient.language, terms.tlp))
        .with("releasableTo", &terms.recipient.code)
}

fn point([latitude_deg, longitude_deg]: [f64; 2], reach_m: f64) -> Element {
    let numbers = [
        ("lat", latitude_deg),
        ("lon", longitude_deg),
        ("hae", UNKNOWN),
        ("ce", reach_m),
        ("le", UNKNOWN),
    ];
    numbers
        .into_iter()
        .fold(Element::new("point"), |point, (name, value)| point.with(name, &value.to_string()))
}

fn contact(event: &Event) -> Element {
    Element::new("contact").with("callsign", &event.group.title)
}

fn precision() -> Element {
    Element::new("precisionlocation").with("geopointsrc", "Calculated").with("altsrc", "???")
}

/// What the messages of the protocol have no fields for.
fn other_details(releasable: &Releasable<Content>, event: &Event) -> Vec<Element> {
    let remarks = Element::of("remarks", &remarks(releasable, &event.group));
    shape(event.place).into_iter().chain([remarks]).collect()
}

/// What is drawn around a mark: half axes, m, and the bearing of the long one; a cell by its corners.
fn shape(place: &Value) -> Vec<Element> {
    let ellipse = |[major, minor, angle]: [f64; 3]| {
        let numbers = [("major", major), ("minor", minor), ("angle", angle)];
        let ellipse = numbers
            .into_iter()
            .fold(Element::new("ellipse"), |e, (name, value)| e.with(name, &value.to_string()));
        vec![Element::new("shape").child(&ellipse)]
    };
    let corner = |place: &LatLon| {
        Element::new("link").with("point", &format!("{},{}", place.latitude.0, place.longitude.0))
    };
    match place {
        Value::Place { ellipse: e, .. } => ellipse([e.semi_major.0, e.semi_minor.0, e.bearing.0]),
        Value::Circle { radius, .. } => ellipse([radius.0, radius.0, 360.0]),
        Value::Cell { corners } => corners.iter().chain(corners.first()).map(corner).collect(),
        _ => Vec::new(),
    }
}

fn remarks(releasable: &Releasable<Content>, group: &Group) -> String {
    let (terms, language) = (releasable.terms(), releasable.terms().recipient.language);
    let head = format!("{} {}", terms.tlp.word(), terms.release);
    let said = group.fields.iter().filter(|(_, value)| !matches!(value, Value::Picture(_)));
    let lines = said.map(|(path, value)| {
        format!("{}: {}", words::label(language, path), words::value(language, path, value))
    });
    [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn message(releasable: &Releasable<Content>, event: &Event) -> protobuf::TakMessage {
    let terms = releasable.terms();
    let millisecond = |at: Timestamp| u64::try_from(at.as_millisecond()).unwrap_or(0);
    let details = other_details(releasable, event);
    protobuf::TakMessage {
        cot_event: Some(protobuf::CotEvent {
            r#type: event.kind.to_owned(),
            access: terms.tlp.word().to_owned(),
            qos: QOS.to_owned(),
            opex: OPEX.to_owned(),
            uid: event.uid.clone(),
            send_time_ms: millisecond(terms.made),
            start_time_ms: millisecond(terms.made),
            stale_time_ms: millisecond(terms.expires),
            how: HOW.to_owned(),
            latitude_deg: event.latitude_deg,
            longitude_deg: event.longitude_deg,
            height_m: UNKNOWN,
            circular_error_m: event.reach_m,
            linear_error_m: UNKNOWN,
            detail: Some(protobuf::Detail {
                xml: details.iter().map(Element::written).collect(),
                contact: Some(protobuf::Contact { callsign: event.group.title.clone() }),
                precision_location: Some(protobuf::PrecisionLocation {
                    point_source: "Calculated".to_owned(),
                    height_source: "???".to_owned(),
                }),
            }),
            caveat: words::tlp(terms.recipient.language, terms.tlp).to_owned(),
            releasable_to: terms.recipient.code.clone(),
        }),
    }
}

#[cfg(test)]
mod tests;
