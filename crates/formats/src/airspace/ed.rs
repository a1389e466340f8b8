//! What ED-269 and ED-318 of EUROCAE share: words of restriction, limits of height, and times.
//!
//! Heights above the ellipsoid are not known above the sea without a map of the geoid, which lies between 107 m below
//! the ellipsoid and 86 m above it (EGM2008).

use cathartes_core::{
    airspace::{Limit, Rule, TimeWindow},
    geometry::LatLon,
    units::Metres,
};

use super::{
    AirspaceError, Intent,
    circle::{self, Side},
    json::Json,
    zone::{FOOT_M, Lacking, Zone},
};

mod times;
mod written;

pub(super) use times::periods;
pub(super) use written::{Sheet, country, sheets};

const GEOID_LOWEST_M: f64 = -107.0;
const GEOID_HIGHEST_M: f64 = 86.0;
/// What stands for no ceiling in files that have to have one; nothing flies there.
pub(super) const ENDLESS_M: f64 = 99_999.0;

/// A zone of a word of restriction: prohibited, or what the intent says where it is only asked for or free.
pub(super) fn zone(name: &str, restriction: &str, intent: &Intent) -> Zone {
    let word = restriction.to_uppercase().replace("AUTHORIS", "AUTHORIZ");
    match word.as_str() {
        "REQ_AUTHORIZATION" | "NO_RESTRICTION" => Zone::intended(name, intent),
        "PROHIBITED" => Zone::prohibited(name),
        word => {
            let mut zone = Zone::prohibited(name);
            zone.note(format_args!(
                "`{}` depends on what an authority cannot say; taken as a prohibition",
                crate::observations::first_line(word)
            ));
            zone
        }
    }
}

/// Limits of height as a file has them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Layer<'a> {
    pub(super) lower: Option<f64>,
    pub(super) lower_reference: Option<&'a str>,
    pub(super) upper: Option<f64>,
    pub(super) upper_reference: Option<&'a str>,
    pub(super) feet: bool,
}

/// Whether a unit is feet.
pub(super) fn feet(unit: Option<&str>) -> Result<bool, AirspaceError> {
    match unit.map(str::to_lowercase).as_deref() {
        None | Some("m" | "") => Ok(false),
        Some("ft") => Ok(true),
        Some(_) => Err(AirspaceError::new("no unit of height; write m or ft")),
    }
}

impl Layer<'_> {
    /// Floor and ceiling.
    pub(super) fn limits(&self, zone: &mut Zone) -> Result<(Limit, Option<Limit>), AirspaceError> {
        let metres = |height: f64| if self.feet { height * FOOT_M } else { height };
        let remedy = "write the limit and its reference";
        let lower =
            self.lower.map(metres).map(|h| limit(h, self.lower_reference, zone, Edge::Floor));
        let lacking = Lacking { what: "no lower limit", remedy };
        let floor = zone.floor(lower.transpose()?.flatten(), lacking)?;
        let upper = self.upper.map(metres);
        if zone.rule == Rule::Forbid && upper.is_some_and(|upper| upper >= ENDLESS_M) {
            return Ok((floor, None));
        }
        let upper = upper.map(|h| limit(h, self.upper_reference, zone, Edge::Ceiling));
        let lacking = Lacking { what: "no upper limit", remedy };
        Ok((floor, zone.ceiling(upper.transpose()?.flatten(), lacking)?))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Floor,
    Ceiling,
}

/// `None` where the reference is missing.
fn limit(
    height_m: f64,
    reference: Option<&str>,
    zone: &mut Zone,
    edge: Edge,
) -> Result<Option<Limit>, AirspaceError> {
    Ok(match reference.map(str::to_uppercase).as_deref() {
        Some("AGL") => Some(Limit::Agl(Metres(height_m))),
        Some("AMSL") => Some(Limit::Amsl(Metres(height_m))),
        Some("WGS84") => {
            let (larger, by) = match edge {
                Edge::Floor => ("86 m lower above the sea", -GEOID_HIGHEST_M),
                Edge::Ceiling => ("107 m higher above the sea", -GEOID_LOWEST_M),
            };
            zone.widen("a height above the ellipsoid", larger, "give it as AMSL")?;
            Some(Limit::Amsl(Metres(height_m + by)))
        }
        None | Some("") => None,
        Some(_) => {
            return Err(AirspaceError::new("no reference of height; write AGL, AMSL or WGS84"));
        }
    })
}

/// A ring around a place.
pub(super) fn circle(
    middle: LatLon,
    radius: Metres,
    zone: &mut Zone,
) -> Result<Vec<LatLon>, AirspaceError> {
    let (side, word) = match zone.rule {
        Rule::Forbid => (Side::Outside, "around"),
        Rule::Permit => (Side::Inside, "within"),
    };
    let ring = circle::circle(middle, radius, side)?;
    let (corners, most) = (ring.len(), circle::ERROR);
    zone.note(format_args!(
        "the circle is a polygon of {corners} corners {word} it, at most {most} away"
    ));
    Ok(ring)
}

/// Texts of a field that is one or several.
pub(super) fn texts(value: &Json) -> Result<Vec<&str>, AirspaceError> {
    match value {
        Json::List(list) => list.iter().map(Json::text).collect(),
        one => Ok(vec![one.text()?]),
    }
}

/// A text that may be empty or null where there is none.
pub(super) fn some_text(value: &Json) -> Result<Option<&str>, AirspaceError> {
    match value {
        Json::Null => Ok(None),
        value => Ok(Some(value.text()?).filter(|text| !text.is_empty())),
    }
}

/// A number that may be null where there is none.
pub(super) fn some_number(value: &Json) -> Result<Option<f64>, AirspaceError> {
    if *value == Json::Null { Ok(None) } else { value.number().map(Some) }
}

/// The windows of a zone that is always in force.
pub(super) const ALWAYS: Vec<TimeWindow> = Vec::new();
