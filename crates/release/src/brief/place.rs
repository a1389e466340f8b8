//! Where it is: a map, and the same in three ways to write a place, with what gas and how much of it.

use std::collections::BTreeMap;

use cathartes_core::geometry::LatLon;
use cathartes_formats::paper::{BLACK, Drawn, Face, Ink, MapBox};

use super::{
    layout::{LEFT, Page, RIGHT, letters},
    take,
};
use crate::{
    coordinates,
    export::ground,
    product::{FieldPath, Value},
    words::{self, either, figures},
};

const MAP_WIDTH: f32 = 288.0;
const MAP_HEIGHT: f32 = 206.0;
const AREA: Ink = [200, 60, 20];
const OTHERS: Ink = [90, 100, 110];
/// How much of its surroundings a map shows: the area is a third of it.
const AROUND: f64 = 2.6;
/// Of the small map in its corner.
const SMALL: f32 = 76.0;
/// What that shows north and south of the place: a country, or the part of it that one knows.
const SMALL_HALF_DEG: f64 = 5.0;
const LAND: Ink = [120, 130, 138];

pub(super) fn place(
    page: &mut Page<'_>,
    fields: &mut BTreeMap<&FieldPath, &Value>,
    lines: &[Vec<LatLon>],
) {
    let (place, gases) = (take(fields, "place"), take(fields, "gases"));
    let rate = take(fields, "rate");
    let drawn = drawn(place, fields);
    page.paper.room(MAP_HEIGHT + 12.0);
    let top = page.paper.y_pt() + 4.0;
    let beside = if drawn.is_empty() { LEFT } else { LEFT + MAP_WIDTH + 14.0 };
    if !drawn.is_empty() {
        let small = if lines.is_empty() { 0.0 } else { SMALL };
        let size = MapBox {
            left_pt: LEFT,
            top_pt: top,
            width_pt: MAP_WIDTH,
            height_pt: MAP_HEIGHT,
            around_ratio: AROUND,
            corner_pt: [small; 2],
        };
        page.paper.map_in(&drawn, size);
        around(page, place, lines, top);
    }
    page.paper.go_to(top - 2.0);
    let column = [beside, RIGHT];
    where_(page, place, column);
    let of = |name: &str, value: Option<&Value>| {
        let path = FieldPath::new(name).ok()?;
        Some((words::label(page.language, &path), words::value(page.language, &path, value?)))
    };
    let rows = [of("gases", gases), of("rate", rate)];
    for (label, said) in rows.into_iter().flatten() {
        page.label(&label, column);
        page.paper.block(&said, letters(9.5, Face::Narrow, BLACK), column);
        page.space(3.0);
    }
    let below = if drawn.is_empty() { top } else { top + MAP_HEIGHT + 6.0 };
    page.paper.go_to(page.paper.y_pt().max(below));
}

/// Where on Earth it is, in the corner of the map.
fn around(page: &mut Page<'_>, place: Option<&Value>, lines: &[Vec<LatLon>], top: f32) {
    let Some((middle, _)) = place.and_then(ground::middle).filter(|_| !lines.is_empty()) else {
        return;
    };
    let line = |places_deg: Vec<[f64; 2]>, ink: Ink, width_pt: f32| Drawn {
        places_deg,
        closed: false,
        ink,
        width_pt,
        fill: None,
        framed: false,
    };
    let degrees = |at: &LatLon| [at.longitude.0, at.latitude.0];
    let [x, y] = degrees(&middle);
    // What is on the other side of the Earth is not drawn through this one.
    let near = |at: &LatLon| {
        let east = (at.longitude.0 - x + 540.0).rem_euclid(360.0) - 180.0;
        east.abs() < 90.0 && (at.latitude.0 - y).abs() < 3.0 * SMALL_HALF_DEG
    };
    let parts = lines.iter().flat_map(|places| places.chunk_by(|a, b| near(a) && near(b)));
    let parts = parts.filter(|part| part.len() > 1);
    let mut drawn: Vec<Drawn> =
        parts.map(|part| line(part.iter().map(degrees).collect(), LAND, 0.5)).collect();
    drawn.extend(cross([x, y], 0.06 * SMALL_HALF_DEG).map(|across| line(across, AREA, 1.4)));
    let bounds = [LEFT, top, LEFT + SMALL, top + SMALL];
    page.paper.map_around(&drawn, [x, y], SMALL_HALF_DEG, bounds);
}

/// The place in three ways, and how far it may be off.
fn where_(page: &mut Page<'_>, place: Option<&Value>, column: [f32; 2]) {
    let language = page.language;
    page.label(either(language, "Where", "Dónde"), column);
    let body = letters(9.5, Face::Narrow, BLACK);
    let Some((value, (middle, _))) = place.and_then(|value| Some((value, ground::middle(value)?)))
    else {
        let none = either(language, "No place is given.", "No se indica el lugar.");
        page.paper.block(none, body, column);
        page.space(3.0);
        return;
    };
    let how = match value {
        Value::Circle { radius, .. } => {
            let radius = figures(radius.0);
            either(
                language,
                format!("Somewhere within {radius} m of this point:"),
                format!("En algún punto a menos de {radius} m de aquí:"),
            )
        }
        Value::Place { ellipse, .. } => {
            let [long, short] = [ellipse.semi_major, ellipse.semi_minor].map(|m| figures(m.0));
            either(
                language,
                format!("Here; nine times in ten within {long} m x {short} m:"),
                format!("Aquí; nueve de cada diez veces a menos de {long} m x {short} m:"),
            )
        }
        _ => either(
            language,
            "Somewhere in the tinted square around this point:".to_owned(),
            "En algún punto del cuadro teñido en torno a este punto:".to_owned(),
        ),
    };
    page.paper.block(&how, body, column);
    page.space(2.0);
    let forms = [
        (either(language, "Decimal degrees", "Grados decimales"), coordinates::decimal(middle)),
        (
            either(language, "Degrees, minutes, seconds", "Grados, minutos, segundos"),
            coordinates::dms(middle),
        ),
        ("MGRS", coordinates::mgrs(middle).unwrap_or_default()),
    ];
    for (label, said) in forms.into_iter().filter(|(_, said)| !said.is_empty()) {
        page.paper.block(label, super::layout::small(), column);
        page.paper.block(&said, letters(9.5, Face::Mono, BLACK), column);
        page.space(2.0);
    }
    page.space(3.0);
}

/// Two lines that cross in a place and reach as far north as they do east.
fn cross([x, y]: [f64; 2], north_deg: f64) -> [Vec<[f64; 2]>; 2] {
    let east = north_deg / y.to_radians().cos().max(0.01);
    [vec![[x - east, y], [x + east, y]], vec![[x, y - north_deg], [x, y + north_deg]]]
}

/// The area, over it the cross of a place, and the areas of its sources.
fn drawn(place: Option<&Value>, fields: &BTreeMap<&FieldPath, &Value>) -> Vec<Drawn> {
    let area = |value: &Value, ink: Ink| {
        let line = move |places_deg: Vec<[f64; 2]>, fill: Option<Ink>| Drawn {
            places_deg,
            closed: fill.is_some(),
            ink,
            width_pt: 1.2,
            fill,
            framed: true,
        };
        let mut all: Vec<_> =
            ground::rings(value).into_iter().map(|ring| line(ring, Some(ink))).collect();
        if let Value::Place { place, ellipse } = value {
            let north = (0.25 * ellipse.semi_major.0).max(5.0) / 111_000.0;
            let across = cross([place.longitude.0, place.latitude.0], north);
            all.extend(across.map(|across| line(across, None)));
        }
        all
    };
    let others = fields.iter().filter(|(path, _)| path.kind() == "sources[*].place");
    let mut all: Vec<Drawn> = others.flat_map(|(_, value)| area(value, OTHERS)).collect();
    all.extend(place.into_iter().flat_map(|value| area(value, AREA)));
    all
}
