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
use jiff::{SignedDuration, Timestamp};
use prost::Message;

use super::{
    columns::{Group, groups},
    ground::{self, Corner},
    instant,
    xml::Element,
};
use crate::{
    gate::{Content, Releasable, Terms},
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
const SOURCE: &str = "Calculated";
const NO_SOURCE: &str = "???";
const MAGIC: u8 = 0xbf;
const VERSION: u8 = 1;
/// How long an event waits for those whose marks it takes off.
const DELETES_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

struct Event {
    uid: String,
    kind: &'static str,
    from: Timestamp,
    to: Timestamp,
    at: Corner,
    reach_m: f64,
    /// What it is called; none: it takes a mark off.
    callsign: Option<String>,
    /// What the messages of the protocol have no fields for.
    details: Vec<Element>,
}

/// An XML document for each place, one after the other, as a stream of TAK has them.
#[must_use]
pub fn cot(releasable: &Releasable<Content>) -> String {
    documents(releasable, &events(releasable))
}

/// Events that take the marks of a release off the map again.
#[must_use]
pub fn cot_recalled(releasable: &Releasable<Content>, recalled: Timestamp) -> String {
    documents(releasable, &deletions(releasable, recalled))
}

/// A message of TAK protocol version 1 for each place, framed for a stream.
#[must_use]
pub fn tak_stream(releasable: &Releasable<Content>) -> Vec<u8> {
    stream(releasable, &events(releasable))
}

/// The same of events that take the marks of a release off the map again.
#[must_use]
pub fn tak_stream_recalled(releasable: &Releasable<Content>, recalled: Timestamp) -> Vec<u8> {
    stream(releasable, &deletions(releasable, recalled))
}

/// A datagram of TAK protocol version 1 for each place, framed for a mesh.
#[must_use]
pub fn tak_mesh(releasable: &Releasable<Content>) -> Vec<Vec<u8>> {
    let framed = |event: &Event| {
        let mut bytes = vec![MAGIC, VERSION, MAGIC];
        bytes.extend(message(releasable.terms(), event).encode_to_vec());
        bytes
    };
    events(releasable).iter().map(framed).collect()
}

fn documents(releasable: &Releasable<Content>, events: &[Event]) -> String {
    events.iter().map(|event| document(releasable.terms(), event).document()).collect()
}

fn stream(releasable: &Releasable<Content>, events: &[Event]) -> Vec<u8> {
    let framed = |event: &Event| {
        let mut bytes = vec![MAGIC];
        bytes.extend(message(releasable.terms(), event).encode_length_delimited_to_vec());
        bytes
    };
    events.iter().flat_map(framed).collect()
}

fn events(releasable: &Releasable<Content>) -> Vec<Event> {
    let (subject, terms) = (&releasable.what().subject, releasable.terms());
    let event = |group: Group| {
        let place = group.place?;
        let (middle, reach) = ground::middle(place)?;
        let remarks = Element::of("remarks", &remarks(releasable, &group));
        Some(Event {
            uid: match group.number {
                None => subject.clone(),
                Some(number) => format!("{subject}.{number}"),
            },
            kind: kind(place),
            from: terms.made,
            to: terms.expires,
            at: ground::corner(middle),
            reach_m: reach.0,
            callsign: Some(group.title),
            details: shape(place).into_iter().chain([remarks]).collect(),
        })
    };
    groups(releasable).into_iter().filter_map(event).collect()
}

fn deletions(releasable: &Releasable<Content>, recalled: Timestamp) -> Vec<Event> {
    let deletion = |event: Event| {
        let link = Element::new("link").with("uid", &event.uid);
        let link = link.with("relation", "none").with("type", "none");
        Event {
            uid: format!("{}.recalled", event.uid),
            kind: "t-x-d-d",
            from: recalled,
            to: recalled.saturating_add(DELETES_FOR).unwrap_or(Timestamp::MAX),
            at: [0.0, 0.0],
            reach_m: UNKNOWN,
            callsign: None,
            details: vec![link, Element::new("__forcedelete")],
        }
    };
    events(releasable).into_iter().map(deletion).collect()
}

/// Of types that say nothing of whose a place is.
fn kind(place: &Value) -> &'static str {
    match place {
        Value::Circle { .. } => "u-d-c-c",
        Value::Cell { .. } => "u-d-f",
        _ => "b-m-p-s-m",
    }
}

/// What is drawn around a mark: half axes, m, and the bearing of the long one; a cell by its corners.
fn shape(place: &Value) -> Vec<Element> {
    let ellipse = |[major, minor, angle]: [f64; 3]| {
        let numbers = [("major", major), ("minor", minor), ("angle", angle)];
        vec![Element::new("shape").child(&Element::new("ellipse").numbers(&numbers))]
    };
    let corner = |place: &LatLon| {
        let [longitude, latitude] = ground::corner(*place);
        Element::new("link").with("point", &format!("{latitude},{longitude}"))
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

fn document(terms: &Terms, event: &Event) -> Element {
    let [longitude_deg, latitude_deg] = event.at;
    let point = Element::new("point").numbers(&[
        ("lat", latitude_deg),
        ("lon", longitude_deg),
        ("hae", UNKNOWN),
        ("ce", event.reach_m),
        ("le", UNKNOWN),
    ]);
    let named = event.callsign.iter().flat_map(|callsign| {
        let source = Element::new("precisionlocation").with("geopointsrc", SOURCE);
        [Element::new("contact").with("callsign", callsign), source.with("altsrc", NO_SOURCE)]
    });
    let detail = Element::new("detail").children(named);
    Element::new("event")
        .with("version", "2.0")
        .with("uid", &event.uid)
        .with("type", event.kind)
        .with("how", HOW)
        .with("time", &instant(event.from))
        .with("start", &instant(event.from))
        .with("stale", &instant(event.to))
        .with("qos", QOS)
        .with("opex", OPEX)
        .with("access", terms.tlp.word())
        .with("caveat", words::tlp(terms.recipient.language, terms.tlp))
        .with("releasableTo", &terms.recipient.code)
        .child(&point)
        .child(&event.details.iter().fold(detail, Element::child))
}

fn message(terms: &Terms, event: &Event) -> protobuf::TakMessage {
    let millisecond = |at: Timestamp| u64::try_from(at.as_millisecond()).unwrap_or(0);
    let callsign = event.callsign.as_ref();
    let detail = protobuf::Detail {
        xml: event.details.iter().map(Element::written).collect(),
        contact: callsign.map(|callsign| protobuf::Contact { callsign: callsign.clone() }),
        precision_location: callsign.map(|_| protobuf::PrecisionLocation {
            point_source: SOURCE.to_owned(),
            height_source: NO_SOURCE.to_owned(),
        }),
    };
    protobuf::TakMessage {
        cot_event: Some(protobuf::CotEvent {
            r#type: event.kind.to_owned(),
            access: terms.tlp.word().to_owned(),
            qos: QOS.to_owned(),
            opex: OPEX.to_owned(),
            uid: event.uid.clone(),
            send_time_ms: millisecond(event.from),
            start_time_ms: millisecond(event.from),
            stale_time_ms: millisecond(event.to),
            how: HOW.to_owned(),
            latitude_deg: event.at[1],
            longitude_deg: event.at[0],
            height_m: UNKNOWN,
            circular_error_m: event.reach_m,
            linear_error_m: UNKNOWN,
            detail: Some(detail),
            caveat: words::tlp(terms.recipient.language, terms.tlp).to_owned(),
            releasable_to: terms.recipient.code.clone(),
        }),
    }
}

#[cfg(test)]
mod tests;
