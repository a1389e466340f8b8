//! What the log of a flight says: where the aircraft was, where its sensor looked, how the log is to
//! be held, and what is wrong with it.

use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;

use crate::{
    geometry::LatLon,
    marking::Classification,
    units::{Degrees, Metres, Seconds},
};

/// The log of one aircraft.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlownLog {
    /// What the log calls the aircraft.
    pub platform: Option<String>,
    /// Where it was; no time before the one before it.
    pub fixes: Vec<LogFix>,
    /// What is wrong, in the order of the log. What a fault leaves out stands in no fix.
    pub faults: Vec<LogFault>,
    /// How the log is to be held, when it says so.
    pub handling: Option<Handling>,
}

/// Where the aircraft was at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFix {
    /// The moment.
    pub time: Timestamp,
    /// Over which place.
    pub place: LatLon,
    /// How high.
    pub height: Height,
    /// What a barometer set to 1013.25 hPa shows.
    pub pressure_altitude: Option<Metres>,
    /// How the aircraft lay in the air.
    pub attitude: Option<Attitude>,
    /// Where the sensor looked.
    pub view: Option<Box<View>>,
}

/// A height and what it counts from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Height {
    /// From mean sea level.
    AboveSeaLevel(Metres),
    /// From the ellipsoid of WGS 84; sea level lies up to 107 m below it and 86 m above it.
    AboveEllipsoid(Metres),
    /// The log has none.
    Unknown,
}

/// How an aircraft lies in the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attitude {
    /// Of the nose, from true north, 0 to 360.
    pub heading: Degrees,
    /// Nose up is positive.
    pub pitch: Degrees,
    /// Right wing down is positive.
    pub roll: Degrees,
}

/// Where a sensor looks; angles against the aircraft.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// From the nose, clockwise as seen from above.
    pub azimuth: Option<Degrees>,
    /// Up is positive.
    pub elevation: Option<Degrees>,
    /// Clockwise as seen from behind.
    pub roll: Option<Degrees>,
    /// How much it sees, from left to right.
    pub horizontal_field: Option<Degrees>,
    /// How much it sees, from top to bottom.
    pub vertical_field: Option<Degrees>,
    /// To the ground at the centre.
    pub slant_range: Option<Metres>,
    /// The ground at the centre of the frame.
    pub centre: Option<LatLon>,
    /// How high that ground is above mean sea level.
    pub centre_height: Option<Metres>,
    /// The ground at the corners: upper left, upper right, lower right, lower left.
    pub corners: Option<[LatLon; 4]>,
}

/// Something wrong with a log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFault {
    /// Where.
    pub at: LogPlace,
    /// When, as far as the log knows.
    pub time: Option<Timestamp>,
    /// What.
    pub what: Flaw,
    /// How often in a row; the place and the time are those of the first.
    pub times: u64,
}

/// A place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogPlace {
    /// Byte, from 0.
    Byte(u64),
    /// Line, row, point or event, from 1.
    Row(u64),
    /// Message or datagram, from 1.
    Message(u64),
}

/// What can be wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Flaw {
    /// The fix before is that long ago.
    Gap(Seconds),
    /// A fix earlier than those before it, by so much; left out.
    TimeBack(Seconds),
    /// A fix later than those after it, by so much; left out.
    TimeAhead(Seconds),
    /// A clock that was never set; left out.
    NoTime,
    /// The aircraft did not know where it was; what says so is left out.
    PositionLost(Lost),
    /// Bytes that are not what was written; left out.
    Corrupt(Corrupt),
    /// Packets are missing in front of this one.
    PacketsLost,
    /// The logger says that it wrote nothing for so long.
    Dropped(Seconds),
    /// Farther from the fix before than anything flies.
    Jump {
        /// How far.
        distance: Metres,
        /// In what time.
        seconds: Seconds,
    },
    /// What the aircraft says of its height differs so much from its receiver; the height is not taken.
    HeightsDiffer(Metres),
    /// The aircraft gives its height above home for that above the sea; the height is not taken.
    HeightAboveHome,
    /// The log is to be held otherwise than before.
    HandlingChanges,
    /// Something that is no aircraft; left out.
    NoAircraft,
}

/// How a position is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The receiver has no fix of three dimensions.
    NoFix,
    /// No number, or the one that means unknown.
    NotANumber,
    /// Latitude and longitude of exactly zero.
    ZeroZero,
    /// A number that is no place on the Earth.
    OffTheEarth,
    /// Nothing is said of the position.
    Absent,
}

/// How bytes are not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrupt {
    /// The checksum is another.
    Checksum,
    /// It ends too early.
    Truncated,
    /// It cannot be read, and what of it.
    Unreadable(&'static str),
}

/// How a log is to be held, as the log itself says it. What is read from the log is held likewise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handling {
    /// The strictest that was said. `None`: nothing that can be read; hold it as the strictest.
    pub classification: Option<Classification>,
    /// Everything else that was said, word for word.
    pub said: BTreeSet<(HandlingItem, String)>,
}

/// What a sentence about handling is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandlingItem {
    /// The country that classifies.
    Country,
    /// Compartments and other control.
    Control,
    /// Caveats.
    Caveats,
    /// To whom it may be released.
    Releasing,
    /// By whom it was classified.
    ClassifiedBy,
    /// From what the classification is derived.
    DerivedFrom,
    /// Why it is classified.
    Reason,
    /// From when it no longer is.
    DeclassifyOn,
    /// The system of classification and marking.
    System,
    /// The countries seen.
    ObjectCountries,
    /// Comments.
    Comments,
}

impl HandlingItem {
    /// Its name for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Country => "classifying country",
            Self::Control => "control",
            Self::Caveats => "caveats",
            Self::Releasing => "releasing instructions",
            Self::ClassifiedBy => "classified by",
            Self::DerivedFrom => "derived from",
            Self::Reason => "classified because of",
            Self::DeclassifyOn => "declassified on",
            Self::System => "marking system",
            Self::ObjectCountries => "countries seen",
            Self::Comments => "comments",
        }
    }
}

impl Handling {
    /// Both at once: the strictest classification and all that either says.
    ///
    /// One that has no classification that can be read is the strictest of all.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let both = self.classification.zip(other.classification);
        self.classification = both.map(|(a, b)| a.max(b));
        self.said.extend(other.said);
        self
    }
}

impl fmt::Display for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.classification {
            Some(Classification::Unclassified) => "UNCLASSIFIED",
            Some(Classification::Restricted) => "RESTRICTED",
            Some(Classification::Confidential) => "CONFIDENTIAL",
            Some(Classification::Secret) => "SECRET",
            Some(Classification::TopSecret) => "TOP SECRET",
            None => "classification not readable",
        })?;
        self.said.iter().try_for_each(|(item, text)| write!(f, "; {}: {text}", item.words()))
    }
}

impl fmt::Display for LogPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(at) => write!(f, "byte {at}"),
            Self::Row(at) => write!(f, "row {at}"),
            Self::Message(at) => write!(f, "message {at}"),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap(s) => write!(f, "no position for {:.1} s before this one", s.0),
            Self::TimeBack(s) => write!(f, "its time is {:.3} s before an earlier one", s.0),
            Self::TimeAhead(s) => write!(f, "its time is {:.3} s after a later one", s.0),
            Self::NoTime => f.write_str("the clock is not set"),
            Self::PositionLost(lost) => write!(f, "position lost: {lost}"),
            Self::Corrupt(corrupt) => corrupt.fmt(f),
            Self::PacketsLost => f.write_str("packets are missing in front of it"),
            Self::Dropped(s) => write!(f, "the logger wrote nothing for {:.3} s", s.0),
            Self::Jump { distance, seconds } => {
                write!(f, "{:.0} m in {:.3} s: nothing flies so fast", distance.0, seconds.0)
            }
            Self::HeightsDiffer(m) => {
                write!(f, "its height and that of its receiver differ by {:.0} m", m.0)
            }
            Self::HeightAboveHome => f.write_str("its height counts from home, not from the sea"),
            Self::HandlingChanges => f.write_str("what is said about handling changes"),
            Self::NoAircraft => f.write_str("no aircraft: nothing else is followed here"),
        }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFix => "the receiver has no fix",
            Self::NotANumber => "latitude or longitude is no number",
            Self::ZeroZero => "latitude and longitude are zero",
            Self::OffTheEarth => "latitude or longitude is beyond its range",
            Self::Absent => "nothing is said of it",
        })
    }
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => f.write_str("damaged: its checksum is another"),
            Self::Truncated => f.write_str("damaged: it ends too early"),
            Self::Unreadable(what) => write!(f, "not readable: {what}"),
        }
    }
}

impl fmt::Display for LogFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.fmt(f)?;
        if let Some(time) = self.time {
            write!(f, ", {time}")?;
        }
        write!(f, ": {}", self.what)?;
        if self.times > 1 {
            write!(f, " ({} times in a row)", self.times)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
