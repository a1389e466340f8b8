//! ED-318 of EUROCAE: zones for unmanned aircraft as `GeoJSON`.
//!
//! ```text
//! {"type": "FeatureCollection", "features": [{"type": "Feature",
//!   "properties": {"identifier": "LER12", "country": "ESP", "type": "PROHIBITED", "variant": "COMMON",
//!                  "limitedApplicability": [period …]?, "zoneAuthority": [{"purpose": "AUTHORIZATION"}], …},
//!   "geometry": {"type": "Polygon" | "MultiPolygon" | "Point", "coordinates": …,
//!                "layer": {"lower": 0, "lowerReference": "AGL", "upper": 120, "upperReference": "AGL", "uom": "m"},
//!                "extent": {"subType": "Circle", "radius": 500}?}            of a Point
//!             | {"type": "GeometryCollection", "geometries": [geometry …]}}]}
//! ```
//!
//! The variants in use that have the properties in a `UASZone`, or the layer as `verticalLayer` beside it, are read too.

use cathartes_core::{
    airspace::{Authority, Polygon, TimeWindow, Volume},
    units::Metres,
};
use serde_json::{Value, json};

use super::{
    AirspaceError, Exported, Imported, Intent,
    ed::{self, Layer, Sheet},
    error::within,
    json::{self, Fields, Json},
    layout, rings,
    straight::{self, Followed},
    when::filled,
    zone::{Zone, Zones},
};

/// Reads zones.
///
/// # Errors
///
/// [`AirspaceError`] with the feature and vertex: one zone that cannot be read is none that could be left out.
pub fn read(bytes: &[u8], intent: &Intent) -> Result<Imported, AirspaceError> {
    intent.checked()?;
    let document = json::parse(bytes)?;
    let fields = document.object()?;
    if fields.need("type", Json::text)? != "FeatureCollection" {
        return Err(AirspaceError::new("no FeatureCollection; give an ED-318 file"));
    }
    let mut zones = Zones::default();
    if fields.get("metadata").is_some_and(|data| data.object().is_ok_and(dated)) {
        zones.note(
            "the data set says from when to when it is valid; the authority has to say that itself",
        );
    }
    for (i, value) in fields.need("features", Json::list)?.iter().enumerate() {
        feature(value, intent, &mut zones).map_err(within("feature", i))?;
    }
    Ok(zones.done())
}

fn dated(metadata: Fields<'_>) -> bool {
    ["validFrom", "validTo"].iter().any(|name| metadata.get(name).is_some())
}

fn feature(value: &Json, intent: &Intent, zones: &mut Zones) -> Result<(), AirspaceError> {
    let fields = value.object()?;
    let outer = fields.need("properties", Json::object)?;
    let inner = outer.maybe("UASZone", Json::object)?.unwrap_or(outer);
    let name = inner.need("identifier", Json::text)?;
    let word = inner.need("type", Json::text)?;
    let make = || {
        let mut zone = ed::zone(name, word, intent);
        let custom = |variant: &str| variant.eq_ignore_ascii_case("CUSTOMIZED");
        if inner.get("variant").is_some_and(|v| v.text().is_ok_and(custom)) {
            zone.note("the zone is customised for somebody; see that it is the right one");
        }
        zone
    };
    let geometry =
        fields.get("geometry").ok_or_else(|| AirspaceError::new("no `geometry`; give one"))?;
    let shared = outer.get("verticalLayer");
    for geometry in flat(geometry)? {
        let mut zone = make();
        let windows = applicability(inner, &mut zone)?;
        let volume = volume(geometry, shared, &mut zone)?;
        zones.add(zone, volume, windows)?;
    }
    Ok(())
}

fn applicability(
    properties: Fields<'_>,
    zone: &mut Zone,
) -> Result<Vec<TimeWindow>, AirspaceError> {
    let windows = properties.maybe("limitedApplicability", |value| ed::periods(value, zone))?;
    Ok(windows.unwrap_or_default())
}

/// The geometries of a collection, or the one.
fn flat(geometry: &Json) -> Result<Vec<&Json>, AirspaceError> {
    let fields = geometry.object()?;
    if fields.need("type", Json::text)? != "GeometryCollection" {
        return Ok(vec![geometry]);
    }
    let all = fields.need("geometries", Json::list)?;
    let nested = all.iter().enumerate().map(|(i, one)| flat(one).map_err(within("geometry", i)));
    Ok(nested.collect::<Result<Vec<_>, _>>()?.concat())
}

fn volume(
    geometry: &Json,
    shared: Option<&Json>,
    zone: &mut Zone,
) -> Result<Volume, AirspaceError> {
    let fields = geometry.object()?;
    let layer = fields.get("layer").or(shared).map(layer).transpose()?.unwrap_or_default();
    let (floor, ceiling) = layer.limits(zone)?;
    let polygons = match fields.need("type", Json::text)? {
        "Polygon" => vec![fields.need("coordinates", |rings| polygon(rings, zone))?],
        "MultiPolygon" => {
            let mut all = Vec::new();
            for (i, rings) in fields.need("coordinates", Json::list)?.iter().enumerate() {
                all.push(polygon(rings, zone).map_err(within("polygon", i))?);
            }
            all
        }
        "Point" => vec![fields.need("coordinates", |middle| around(middle, fields, zone))?],
        _ => {
            let what = "a geometry without an inside; give a Polygon, a MultiPolygon or a Point with its extent";
            return Err(AirspaceError::new(what));
        }
    };
    Ok(Volume { polygons, floor, ceiling })
}

fn layer(value: &Json) -> Result<Layer<'_>, AirspaceError> {
    let fields = value.object()?;
    let number = |name| fields.maybe(name, ed::some_number).map(Option::flatten);
    let text = |name| fields.maybe(name, ed::some_text).map(Option::flatten);
    Ok(Layer {
        lower: number("lower")?,
        lower_reference: text("lowerReference")?,
        upper: number("upper")?,
        upper_reference: text("upperReference")?,
        feet: ed::feet(text("uom")?)?,
    })
}

/// A polygon whose edges are straight on the map.
pub(super) fn polygon(value: &Json, zone: &mut Zone) -> Result<Polygon, AirspaceError> {
    let mut put = 0;
    let mut rings = Vec::new();
    for (i, ring) in filled(value)?.iter().enumerate() {
        let followed = straight::places(ring).and_then(straight::ring_of_map);
        put += followed.as_ref().map_or(0, Followed::put);
        rings.push(followed.and_then(Followed::checked).map_err(within("ring", i))?);
    }
    if put > 0 {
        zone.note(format_args!(
            "{put} vertices were put into edges that are long and straight on the map"
        ));
    }
    Ok(Polygon { rings })
}

fn around(middle: &Json, fields: Fields<'_>, zone: &mut Zone) -> Result<Polygon, AirspaceError> {
    let radius = fields.need("extent", |extent| {
        let extent = extent.object()?;
        extent.need("radius", Json::number)
    })?;
    let ring = ed::circle(straight::place(middle)?, Metres(radius), zone)?;
    Ok(Polygon { rings: vec![rings::checked(ring)?] })
}

/// Writes the clauses as zones of a country, by its three letters as in ISO 3166.
///
/// # Errors
///
/// [`AirspaceError`] when the country is no three letters.
pub fn write(authority: &Authority, country: &str) -> Result<Exported, AirspaceError> {
    let country = ed::country(country)?;
    let (sheets, notes) = ed::sheets(authority);
    let features: Vec<Value> =
        sheets.iter().map(|sheet| written(sheet, authority, &country)).collect();
    let file = json!({
        "type": "FeatureCollection",
        "name": authority.number,
        "features": features,
    });
    Ok(Exported { text: layout::text(&file), notes })
}

fn written(sheet: &Sheet, authority: &Authority, country: &str) -> Value {
    let mut properties = json!({
        "identifier": sheet.code,
        "country": country,
        "name": [{ "text": sheet.name }],
        "type": sheet.restriction,
        "variant": "COMMON",
        "message": [{ "text": sheet.message }],
        "zoneAuthority": [{ "purpose": "AUTHORIZATION", "name": [{ "text": authority.issuer }] }],
    });
    if let (Some(properties), false) = (properties.as_object_mut(), sheet.periods.is_empty()) {
        properties.insert("limitedApplicability".to_owned(), Value::from(sheet.periods.clone()));
    }
    json!({ "type": "Feature", "properties": properties, "geometry": geometry(sheet) })
}

fn geometry(sheet: &Sheet) -> Value {
    let layer = json!({
        "lower": sheet.lower.0, "lowerReference": sheet.lower.1,
        "upper": sheet.upper.0, "upperReference": sheet.upper.1,
        "uom": "m",
    });
    match &sheet.polygons[..] {
        [one] => json!({ "type": "Polygon", "coordinates": one, "layer": layer }),
        all => json!({ "type": "MultiPolygon", "coordinates": all, "layer": layer }),
    }
}

#[cfg(test)]
mod tests;
