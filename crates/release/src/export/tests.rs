//! Releases to export, and what holds for every form.

use std::collections::BTreeMap;

use cathartes_core::{
    estimate::Interval90,
    geometry::LatLon,
    marking::Classification,
    observation::Period,
    source::Ellipse90,
    units::{Degrees, KgPerHour, Metres},
};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    gate::Terms,
    product::{FieldPath, Image, ProductKind, Value},
    recipient::{Language, Recipient, Tlp},
};

mod others;

pub(super) fn path(text: &str) -> FieldPath {
    FieldPath::new(text).unwrap()
}

pub(super) fn at(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

pub(super) fn circle(latitude: f64, longitude: f64, radius: f64) -> Value {
    Value::Circle { middle: at(latitude, longitude), radius: Metres(radius) }
}

pub(super) fn place(latitude: f64, longitude: f64) -> Value {
    let ellipse =
        Ellipse90 { semi_major: Metres(120.0), semi_minor: Metres(45.5), bearing: Degrees(30.0) };
    Value::Place { place: at(latitude, longitude), ellipse }
}

fn words(text: &str) -> Value {
    Value::Words { words: text.to_owned() }
}

pub(super) fn terms(language: Language) -> Terms {
    Terms {
        release: "R-7F3K".to_owned(),
        recipient: Recipient {
            code: "FGR-SON".to_owned(),
            name: "Fiscalía «Sonora» & Cía. <campo>".to_owned(),
            language,
            ceiling: Classification::Restricted,
            tlp: Tlp::AmberStrict,
            rules: "partner".to_owned(),
        },
        tlp: Tlp::AmberStrict,
        made: "2026-10-06T08:30:00Z".parse().unwrap(),
        expires: "2026-11-05T08:30:00Z".parse().unwrap(),
        supersedes: Some("R-2ABC".to_owned()),
        answer_link: "https://answers.example/a/k9".to_owned(),
        answer_code: "7F3K-99QX".to_owned(),
    }
}

/// A site with two sources and everything that is told of one.
pub(super) fn site() -> Content {
    let hour = |text: &str| text.parse::<Timestamp>().unwrap();
    let fields = [
        ("title", words("Galpón <norte> & «arroyo»")),
        ("what.en", words("Ammonia over a roof, seen twice.\nNo licensed emitter is near.")),
        (
            "what.es",
            words("Amoníaco sobre un techo, visto dos veces.\nNo hay emisor registrado cerca."),
        ),
        ("unknown.en", words("Who is there, and whether it runs today.")),
        ("unknown.es", words("Quién está ahí, y si funciona hoy.")),
        ("place", circle(30.123_456_789, -110.987_654_321, 500.0)),
        (
            "observed",
            Value::Observed(Period {
                from: hour("2026-10-05T15:00:00Z"),
                to: hour("2026-10-05T16:00:00Z"),
            }),
        ),
        ("gases", Value::Names { names: vec!["nh3".into(), "toluene".into()] }),
        ("rate", Value::Rate(Interval90 { low: KgPerHour(10.0), high: KgPerHour(50.0) })),
        ("likelihood", Value::Probability { probability: 0.87 }),
        ("confidence", Value::Name { name: "moderate".into() }),
        ("sensor", Value::Name { name: "an imaging spectrometer".into() }),
        ("sources[0].place", place(30.1235, -110.9877)),
        ("sources[0].rate", Value::Rate(Interval90 { low: KgPerHour(8.0), high: KgPerHour(30.0) })),
        ("sources[1].rate", Value::Rate(Interval90 { low: KgPerHour(1.0), high: KgPerHour(5.0) })),
        (
            "images[0]",
            Value::Picture(Image { width_px: 2, height_px: 1, rgb: vec![1, 2, 3, 4, 5, 6] }),
        ),
    ];
    let fields = fields.map(|(name, value)| (path(name), value));
    Content {
        subject: "S-41QZ".to_owned(),
        kind: ProductKind::Site,
        fields: BTreeMap::from(fields),
    }
}

pub(super) fn to(language: Language, content: Content) -> Releasable<Content> {
    Releasable::of_test(content, terms(language))
}

pub(super) fn with(name: &str, value: Value) -> Content {
    let fields = BTreeMap::from([(path(name), value)]);
    Content { subject: "S-1".to_owned(), kind: ProductKind::Finding, fields }
}

fn any_place() -> impl Strategy<Value = LatLon> {
    (-90.0..=90.0, -180.0..=180.0).prop_map(|(latitude, longitude)| at(latitude, longitude))
}

pub(super) fn any_ground() -> impl Strategy<Value = Value> {
    let ellipse = (1.0..2e5, 0.0..=1.0, 0.0..180.0).prop_map(|(long, share, bearing)| Ellipse90 {
        semi_major: Metres(long),
        semi_minor: Metres(long * share),
        bearing: Degrees(bearing),
    });
    let corners = (any_place(), 1e-4..0.5).prop_map(|(south_west, side)| {
        let (south, west) = (south_west.latitude.0.min(89.0), south_west.longitude.0);
        [(0.0, 0.0), (0.0, side), (side, side), (side, 0.0)].map(|(n, e)| at(south + n, west + e))
    });
    prop_oneof![
        (any_place(), ellipse).prop_map(|(place, ellipse)| Value::Place { place, ellipse }),
        (any_place(), 1.0..2e6).prop_map(|(middle, r)| Value::Circle { middle, radius: Metres(r) }),
        corners.prop_map(|corners| Value::Cell { corners }),
    ]
}

/// Any text, those too that are no XML and no line.
pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\\x00-\\x1f<>&\"' ]{0,9}", "]]>|--!|<!\\[CDATA\\[|&#0;|\u{fffe}"]
}

fn any_value() -> impl Strategy<Value = Value> {
    let moment = || (0_i64..4_000_000_000).prop_map(|s| Timestamp::from_second(s).unwrap());
    prop_oneof![
        any_ground(),
        (moment(), moment()).prop_map(|(from, to)| Value::Observed(Period { from, to })),
        moment().prop_map(|at| Value::At { at }),
        (any::<f64>(), any::<f64>()).prop_map(|(low, high)| Value::Rate(Interval90 {
            low: KgPerHour(low),
            high: KgPerHour(high)
        })),
        any::<f64>().prop_map(|probability| Value::Probability { probability }),
        any_text().prop_map(|name| Value::Name { name }),
        prop::collection::vec(any_text(), 0..3).prop_map(|names| Value::Names { names }),
        any_text().prop_map(|words| Value::Words { words }),
        any::<u128>().prop_map(|id| Value::Id { id: Uuid::from_u128(id) }),
        any_text().prop_map(|alias| Value::Alias { alias }),
        (any::<f64>(), any::<f64>(), any::<f64>()).prop_map(|(lat, lon, r)| circle(lat, lon, r)),
    ]
}

prop_compose! {
    /// Any release at all, to either language.
    pub(super) fn any_release()(
        names in prop::collection::vec(prop_oneof!["place|title|what.en|gases|confidence|likelihood|observed|tlp|release|name|expires", "sources\\[[0-9]{1,25}\\].(place|rate)", "[a-z]{1,4}(\\[[0-9]{1,2}\\])?(.[a-z]{1,3})?"], 0..8),
        values in prop::collection::vec(any_value(), 8),
        said in [any_text(), any_text(), any_text()],
        es in any::<bool>(),
    ) -> Releasable<Content> {
        let paths = names.into_iter().filter_map(|name| FieldPath::new(name).ok());
        let fields = paths.zip(values).collect();
        let [subject, release, name] = said;
        let mut terms = terms(if es { Language::Es } else { Language::En });
        (terms.release, terms.recipient.name) = (release, name);
        Releasable::of_test(Content { subject, kind: ProductKind::Site, fields }, terms)
    }
}

/// A text with every list of corners cut behind its second, so that people can read it.
pub(super) fn readable(text: &str, between: &str) -> String {
    let line = |line: &str| {
        let corners: Vec<&str> = line.split(between).collect();
        match corners.as_slice() {
            [first, second, .., last] if corners.len() > 60 => {
                format!("{first}{between}{second} … {} corners … {last}", corners.len())
            }
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_form_is_known_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let said = "shape".parse::<Format>().unwrap_err();
    assert!(said.starts_with("`shape` is no form of a release: geojson, "), "{said}");
}

#[test]
fn nothing_that_was_recalled_is_told_again_but_what_it_was_known_by() {
    let at = "2026-10-09T10:00:00Z".parse().unwrap();
    for format in [Format::GeoJson, Format::Kml, Format::Text, Format::Cot, Format::Tak] {
        let told = String::from_utf8_lossy(&write_recalled(format, &to(Language::Es, site()), at))
            .into_owned();
        for held in ["30.1", "Amon", "arroyo", "probable"] {
            assert!(!told.contains(held), "{held} in {told}");
        }
        assert!(told.contains("S-41QZ") || told.contains("R-7F3K"), "{told}");
    }
    let told =
        String::from_utf8(write_recalled(Format::Text, &to(Language::Es, site()), at)).unwrap();
    assert!(
        told.contains("Retirada, no actúe según ella: 9 de octubre de 2026, 10:00 UTC"),
        "{told}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_same_release_gives_the_same_bytes(releasable in any_release()) {
        for format in Format::ALL {
            prop_assert_eq!(write(format, &releasable), write(format, &releasable.clone()));
        }
    }
}
