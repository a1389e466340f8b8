//! Where it is: a map, and the same in three ways to write a place, with what gas and how much of it.

use std::collections::BTreeMap;

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

pub(super) fn place(page: &mut Page<'_>, fields: &mut BTreeMap<&FieldPath, &Value>) {
    let (place, gases) = (take(fields, "place"), take(fields, "gases"));
    let rate = take(fields, "rate");
    let drawn = drawn(place, fields);
    page.paper.room(MAP_HEIGHT + 12.0);
    let top = page.paper.y_pt() + 4.0;
    let beside = if drawn.is_empty() { LEFT } else { LEFT + MAP_WIDTH + 14.0 };
    if !drawn.is_empty() {
        let size = MapBox {
            left_pt: LEFT,
            top_pt: top,
            width_pt: MAP_WIDTH,
            height_pt: MAP_HEIGHT,
            around_ratio: AROUND,
        };
        page.paper.map_in(&drawn, size);
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
            let east = north / place.latitude.0.to_radians().cos().max(0.01);
            let [x, y] = [place.longitude.0, place.latitude.0];
            all.push(line(vec![[x - east, y], [x + east, y]], None));
            all.push(line(vec![[x, y - north], [x, y + north]], None));
        }
        all
    };
    let others = fields.iter().filter(|(path, _)| path.kind() == "sources[*].place");
    let mut all: Vec<Drawn> = others.flat_map(|(_, value)| area(value, OTHERS)).collect();
    all.extend(place.into_iter().flat_map(|value| area(value, AREA)));
    all
}
