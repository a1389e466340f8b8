//! Everything that leaves is written here, and takes a [`Releasable`] alone.
//!
//! The same release gives the same bytes: nothing here asks a clock or a die, and fields are in the order of their names.
//! Every form holds every field but pictures, which leave as [`pictures`]; what a field has no place for in a form stands
//! there in words.

use jiff::Timestamp;

mod columns;
mod cot;
mod geo_json;
pub(crate) mod ground;
mod kml;
mod picture;
mod stix;
mod text;
mod xml;

pub use cot::{cot, cot_recalled, tak_mesh, tak_stream, tak_stream_recalled};
pub use geo_json::geojson;
pub use kml::kml;
pub use picture::{PictureError, pictures};
pub use stix::{stix, stix_recalled};
pub use text::{subject, text};

use crate::{
    gate::{Content, Releasable},
    words::{self, either},
};

/// A form in which a release leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `GeoJSON`, RFC 7946.
    GeoJson,
    /// KML 2.2.
    Kml,
    /// Cursor on Target 2.0.
    Cot,
    /// TAK protocol version 1, as a stream.
    Tak,
    /// STIX 2.1.
    Stix,
    /// Plain text for e-mail.
    Text,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::GeoJson, Self::Kml, Self::Cot, Self::Tak, Self::Stix, Self::Text];

    /// What it is called at the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// What files of it end with.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.row().1
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::GeoJson => ("geojson", "geojson", "application/geo+json"),
            Self::Kml => ("kml", "kml", "application/vnd.google-earth.kml+xml"),
            Self::Cot => ("cot", "cot", "application/xml"),
            Self::Tak => ("tak", "tak", "application/octet-stream"),
            Self::Stix => ("stix", "stix.json", "application/stix+json;version=2.1"),
            Self::Text => ("text", "txt", "text/plain; charset=utf-8"),
        }
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let known = Self::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| format!("`{name}` is no form of a release: {}", names()))
    }
}

/// A release in one form.
#[must_use]
pub fn write(format: Format, releasable: &Releasable<Content>) -> Vec<u8> {
    match format {
        Format::GeoJson => geojson(releasable).into_bytes(),
        Format::Kml => kml(releasable).into_bytes(),
        Format::Cot => cot(releasable).into_bytes(),
        Format::Tak => tak_stream(releasable),
        Format::Stix => stix(releasable).into_bytes(),
        Format::Text => text(releasable).into_bytes(),
    }
}

/// That a release was taken back, in one form: `CoT` and TAK take its marks off the map, STIX revokes its objects, and the
/// others hold a notice in place of what they held.
#[must_use]
pub fn write_recalled(
    format: Format,
    releasable: &Releasable<Content>,
    recalled: Timestamp,
) -> Vec<u8> {
    let notice = || {
        let language = releasable.terms().recipient.language;
        let said = either(language, "Recalled, do not act on it", "Retirada, no actúe según ella");
        releasable.with_notice(format!("{said}: {}", words::moment(language, recalled)))
    };
    match format {
        Format::Cot => cot_recalled(releasable, recalled).into_bytes(),
        Format::Tak => tak_stream_recalled(releasable, recalled),
        Format::Stix => stix_recalled(releasable, recalled).into_bytes(),
        Format::GeoJson | Format::Kml | Format::Text => write(format, &notice()),
    }
}

/// To the millisecond, as both `CoT` and STIX write moments.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests;
