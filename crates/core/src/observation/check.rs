//! What an observation must be.

use super::{Draft, OriginChain, Sight, What, Whereabouts};
use crate::{geometry::LatLon, marking::Marking, source::Ellipse90, units::Metres};

/// Longest identifier, bytes.
const LONGEST: usize = 80;
/// Most hands it may have gone through, and bodies it may be for.
const MOST_NAMES: usize = 32;
/// Most corners of an area.
const MOST_CORNERS: usize = 4096;
/// Farther apart than one statement can be about.
const WIDEST: Metres = Metres(1e6);

/// What cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is {value}; {remedy}")]
pub struct ObservationError {
    /// Which field.
    pub field: &'static str,
    /// What it holds.
    pub value: String,
    /// What should stand there.
    pub remedy: &'static str,
}

type Checked = Result<(), ObservationError>;

pub(super) fn draft(draft: &Draft) -> Checked {
    what(&draft.what)?;
    place(&draft.place)?;
    if draft.when.from > draft.when.to {
        let value = format!("{} to {}", draft.when.from, draft.when.to);
        return refuse("when", value, "it ends before it begins: exchange the two");
    }
    let searched = matches!(draft.what, What::Searched { .. });
    if searched && !matches!(draft.place, Whereabouts::Area { .. }) {
        return refuse("place", "no area".into(), "give the ground that was searched as a polygon");
    }
    origin(&draft.origin)?;
    marking(&draft.marking)
}

fn refuse(field: &'static str, value: String, remedy: &'static str) -> Checked {
    Err(ObservationError { field, value, remedy })
}

fn within(field: &'static str, value: f64, low: f64, high: f64, remedy: &'static str) -> Checked {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    refuse(field, value.to_string(), remedy)
}

fn what(what: &What) -> Checked {
    match what {
        What::GasSeen { gas, sight: seen, profile_ln_ratio } => {
            slug("gas", gas)?;
            sight(seen)?;
            let remedy = "a logarithm from -50 to 50, or leave it out";
            within("profile_ln_ratio", profile_ln_ratio.unwrap_or(0.0), -50.0, 50.0, remedy)
        }
        What::Searched { gas, sight: seen } => {
            slug("gas", gas)?;
            sight(seen)
        }
        What::Told { .. } => Ok(()),
    }
}

/// Nothing is certain: a sensor that always sees would make one miss final.
fn sight(sight: &Sight) -> Checked {
    let remedy = "a probability from 0.001 to 0.999";
    within("detection_probability", sight.detection_probability, 0.001, 0.999, remedy)?;
    let remedy = "false detections a square kilometre, from 0.000001 to 1000";
    within("false_alarms_per_km2", sight.false_alarms_per_km2, 1e-6, 1e3, remedy)
}

fn place(place: &Whereabouts) -> Checked {
    match place {
        Whereabouts::Point { place, ellipse: around } => {
            on_earth("place", *place)?;
            ellipse(around)
        }
        Whereabouts::Area { ring: corners } => ring(corners),
        Whereabouts::Bearing { from, bearing, bearing_std, reach } => {
            on_earth("from", *from)?;
            let remedy = "degrees from true north, 0 to 360";
            within("bearing", bearing.0, 0.0, 360.0, remedy)?;
            let remedy = "a deviation from 0.01 to 45 degrees";
            within("bearing_std", bearing_std.0, 0.01, 45.0, remedy)?;
            within("reach", reach.0, 1.0, WIDEST.0, "metres, 1 to 1000000")
        }
    }
}

fn on_earth(field: &'static str, place: LatLon) -> Checked {
    within(field, place.latitude.0, -90.0, 90.0, "latitude from -90 to 90 degrees")?;
    within(field, place.longitude.0, -180.0, 360.0, "longitude from -180 to 180 degrees")
}

fn ellipse(ellipse: &Ellipse90) -> Checked {
    let remedy = "half axes that hold the truth nine times in ten, 0.1 to 1000000 m";
    within("semi_major", ellipse.semi_major.0, 0.1, WIDEST.0, remedy)?;
    within(
        "semi_minor",
        ellipse.semi_minor.0,
        0.1,
        ellipse.semi_major.0,
        "0.1 m to the long half axis",
    )?;
    within("bearing", ellipse.bearing.0, -360.0, 360.0, "degrees from true north to the long axis")
}

fn ring(ring: &[LatLon]) -> Checked {
    let corners = ring.len();
    if !(3..=MOST_CORNERS).contains(&corners) {
        return refuse("ring", format!("{corners} corners"), "give 3 to 4096, the first not again");
    }
    ring.iter().try_for_each(|corner| on_earth("ring", *corner))?;
    let first = ring[0];
    // Doubled area and extent in degrees about the first corner, whichever side of 180° it is on.
    let flat = |p: &LatLon| {
        let east = (p.longitude.0 - first.longitude.0 + 540.0).rem_euclid(360.0) - 180.0;
        (east, p.latitude.0 - first.latitude.0)
    };
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    let doubled: f64 =
        pairs.map(|(a, b)| (flat(a), flat(b))).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    if doubled.abs() < 1e-12 {
        return refuse("ring", "flat".into(), "give corners that enclose ground");
    }
    let wide = ring.iter().map(flat).any(|(east, north)| east.abs() > 20.0 || north.abs() > 20.0);
    if wide {
        return refuse("ring", "wider than 20 degrees".into(), "divide the area");
    }
    Ok(())
}

fn origin(origin: &OriginChain) -> Checked {
    identifier("collector", &origin.collector)?;
    origin.collection.iter().try_for_each(|c| identifier("collection", c))?;
    names("handed_on_by", &origin.handed_on_by)
}

fn marking(marking: &Marking) -> Checked {
    names("releasable_to", &marking.releasable_to)
}

fn names(field: &'static str, names: &[String]) -> Checked {
    if names.len() > MOST_NAMES {
        return refuse(field, format!("{} names", names.len()), "give at most 32");
    }
    names.iter().try_for_each(|name| identifier(field, name))
}

fn identifier(field: &'static str, text: &str) -> Checked {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:".contains(&b);
    if (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(());
    }
    refuse(
        field,
        shown(text),
        "an identifier of a sensor, an office or a document: at most 80 letters, digits and -_./: \
         without blanks; names of persons are not kept",
    )
}

fn slug(field: &'static str, text: &str) -> Checked {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=40).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(());
    }
    refuse(field, shown(text), "the slug of a gas: at most 40 of a-z, 0-9 and -")
}

/// As much of a text as an error may repeat.
fn shown(text: &str) -> String {
    let some: String =
        text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{some}`")
}
