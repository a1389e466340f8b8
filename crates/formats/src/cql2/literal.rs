//! What fields are compared with.

use cathartes_core::{
    filter::{Area, Literal},
    geometry::LatLon,
    units::Degrees,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    Cql2Error,
    words::{Word, Words},
};

const EXPECTED: &str = "a number, a text in single quotes, TIMESTAMP('…') or DATE('…')";

pub(super) fn read(words: &mut Words) -> Result<Literal, Cql2Error> {
    if words.keyword("TIMESTAMP") {
        return bracketed(words, "a time as 2026-11-26T12:00:00Z", |text| text.parse().ok());
    }
    if words.keyword("DATE") {
        return bracketed(words, "a day as 2026-11-26", |text| {
            let day: Date = text.parse().ok()?;
            TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
        });
    }
    match words.next() {
        Some(Word::Number(number)) => Ok(Literal::Number(number)),
        Some(Word::Text(text)) => Ok(Literal::Text(text)),
        _ => Err(words.last_unexpected(EXPECTED)),
    }
}

fn bracketed(
    words: &mut Words,
    expected: &'static str,
    moment: impl FnOnce(&str) -> Option<Timestamp>,
) -> Result<Literal, Cql2Error> {
    words.expect('(', "an opening bracket")?;
    let moment = match words.next() {
        Some(Word::Text(text)) => moment(&text),
        _ => None,
    };
    let moment = moment.ok_or_else(|| words.last_unexpected(expected))?;
    words.expect(')', "a closing bracket")?;
    Ok(Literal::Moment(moment))
}

/// A box, or a place, which is a box of no size.
pub(super) fn area(words: &mut Words) -> Result<Area, Cql2Error> {
    if words.keyword("POINT") {
        words.expect('(', "an opening bracket")?;
        let (longitude, latitude) = (degrees(words, 180.0)?, degrees(words, 90.0)?);
        words.expect(')', "a closing bracket")?;
        return Ok(Area::of(LatLon { latitude, longitude }));
    }
    words.expect_keyword("BBOX", "BBOX(west, south, east, north) or POINT(longitude latitude)")?;
    words.expect('(', "an opening bracket")?;
    let west = degrees(words, 180.0)?;
    words.expect(',', "a comma")?;
    let south = degrees(words, 90.0)?;
    words.expect(',', "a comma")?;
    let east = degrees(words, 180.0)?;
    words.expect(',', "a comma")?;
    let north = degrees(words, 90.0)?;
    words.expect(')', "a closing bracket")?;
    Ok(Area { west, south, east, north })
}

fn degrees(words: &mut Words, most: f64) -> Result<Degrees, Cql2Error> {
    match words.next() {
        Some(Word::Number(number)) if number.abs() <= most => Ok(Degrees(number)),
        _ => Err(words.last_unexpected("degrees within ±180 east or ±90 north")),
    }
}
