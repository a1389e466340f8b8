//! ED-269 of EUROCAE: zones for unmanned aircraft, the older form.
//!
//! ```text
//! {"features": [{"identifier": "LER12", "country": "ESP", "restriction": "PROHIBITED",
//!   "applicability": [period …]?,
//!   "geometry": [{"uomDimensions": "M" | "FT", "lowerLimit": 0, "lowerVerticalReference": "AGL",
//!                 "upperLimit": 120, "upperVerticalReference": "AGL",
//!                 "horizontalProjection": {"type": "Polygon", "coordinates": [[place …] …]}
//!                                       | {"type": "Circle", "center": place, "radius": 500}} …]} …]}
//! ```
//!
//! Of the radius of a circle some hold that it is in metres always, some that it is in the unit of the heights: where
//! both differ a prohibition takes the larger, a permission the smaller.

use cathartes_core::{
    airspace::{Authority, Polygon, Rule, Volume},
    units::Metres,
};
use serde_json::{Value, json};

use super::{
    AirspaceError, Exported, Imported, Intent,
    ed::{self, Layer, Sheet},
    ed318,
    error::within,
    json::{self, Fields, Json},
    layout, rings, straight,
    zone::{FOOT_M, Zone, Zones},
};

/// Reads zones.
///
/// # Errors
///
/// [`AirspaceError`] with the feature and vertex: one zone that cannot be read is none that could be left out.
pub fn read(bytes: &[u8], intent: &Intent) -> Result<Imported, AirspaceError> {
    intent.checked()?;
    let document = json::parse(bytes)?;
    let mut zones = Zones::default();
    for (i, value) in document.object()?.need("features", Json::list)?.iter().enumerate() {
        feature(value, intent, &mut zones).map_err(within("feature", i))?;
    }
    Ok(zones.done())
}

fn feature(value: &Json, intent: &Intent, zones: &mut Zones) -> Result<(), AirspaceError> {
    let fields = value.object()?;
    let name = fields.need("identifier", Json::text)?;
    let word = fields.need("restriction", Json::text)?;
    let list = fields.need("geometry", Json::list)?;
    let mut last: Option<(Zone, Volume)> = None;
    let mut all = Vec::new();
    for (i, value) in list.iter().enumerate() {
        let mut zone = ed::zone(name, word, intent);
        let volume = volume(value, &mut zone).map_err(within("geometry", i))?;
        match &mut last {
            Some((first, whole))
                if (whole.floor, whole.ceiling) == (volume.floor, volume.ceiling) =>
            {
                whole.polygons.extend(volume.polygons);
                first.notes.extend(
                    zone.notes.into_iter().filter(|n| !first.notes.contains(n)).collect::<Vec<_>>(),
                );
            }
            _ => all.extend(last.replace((zone, volume))),
        }
    }
    all.extend(last);
    if all.is_empty() {
        return Err(AirspaceError::new("`geometry` is empty; give the zone a place"));
    }
    for (mut zone, volume) in all {
        let windows = fields.maybe("applicability", |value| ed::periods(value, &mut zone))?;
        zones.add(zone, volume, windows.unwrap_or_default())?;
    }
    Ok(())
}

fn volume(value: &Json, zone: &mut Zone) -> Result<Volume, AirspaceError> {
    let fields = value.object()?;
    let number = |name| fields.maybe(name, ed::some_number).map(Option::flatten);
    let text = |name| fields.maybe(name, ed::some_text).map(Option::flatten);
    let layer = Layer {
        lower: number("lowerLimit")?,
        lower_reference: text("lowerVerticalReference")?,
        upper: number("upperLimit")?,
        upper_reference: text("upperVerticalReference")?,
        feet: ed::feet(text("uomDimensions")?)?,
    };
    let (floor, ceiling) = layer.limits(zone)?;
    let polygon =
        fields.need("horizontalProjection", |value| outline(value.object()?, layer.feet, zone))?;
    Ok(Volume { polygons: vec![polygon], floor, ceiling })
}

fn outline(fields: Fields<'_>, feet: bool, zone: &mut Zone) -> Result<Polygon, AirspaceError> {
    match fields.need("type", Json::text)? {
        "Polygon" => fields.need("coordinates", |rings| ed318::polygon(rings, zone)),
        "Circle" => {
            let middle = fields.need("center", straight::place)?;
            let radius = Metres(radius(fields.need("radius", Json::number)?, feet, zone));
            let ring = ed::circle(middle, radius, zone)?;
            Ok(Polygon { rings: vec![rings::checked(ring)?] })
        }
        _ => Err(AirspaceError::new("no projection; give a Polygon or a Circle")),
    }
}

fn radius(radius: f64, feet: bool, zone: &mut Zone) -> f64 {
    if !feet {
        return radius;
    }
    zone.note("the radius may be in feet as the heights are, or in metres; taken on the safe side");
    if zone.rule == Rule::Forbid { radius } else { radius * FOOT_M }
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
    let file =
        json!({ "title": authority.number, "description": authority.issuer, "features": features });
    Ok(Exported { text: layout::text(&file), notes })
}

fn written(sheet: &Sheet, authority: &Authority, country: &str) -> Value {
    let limited = |period: &Value| {
        let mut period = period.clone();
        if let Some(period) = period.as_object_mut() {
            period.insert("permanent".to_owned(), "NO".into());
        }
        period
    };
    let applicability: Vec<Value> = match &sheet.periods[..] {
        [] => vec![json!({ "permanent": "YES" })],
        some => some.iter().map(limited).collect(),
    };
    json!({
        "identifier": sheet.code,
        "country": country,
        "name": sheet.name.chars().take(200).collect::<String>(),
        "type": "COMMON",
        "restriction": sheet.restriction.replace("AUTHORIZ", "AUTHORIS"),
        "reason": ["OTHER"],
        "message": sheet.message.chars().take(200).collect::<String>(),
        "applicability": applicability,
        "zoneAuthority": [{ "name": authority.issuer, "purpose": "AUTHORIZATION" }],
        "geometry": sheet.polygons.iter().map(|rings| geometry(sheet, rings)).collect::<Vec<_>>(),
    })
}

fn geometry(sheet: &Sheet, rings: &[Vec<[f64; 2]>]) -> Value {
    json!({
        "uomDimensions": "M",
        "lowerLimit": sheet.lower.0, "lowerVerticalReference": sheet.lower.1,
        "upperLimit": sheet.upper.0, "upperVerticalReference": sheet.upper.1,
        "horizontalProjection": { "type": "Polygon", "coordinates": rings },
    })
}

#[cfg(test)]
mod tests;
