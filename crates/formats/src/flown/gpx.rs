//! Points of tracks in GPX 1.1.
//!
//! ```text
//! <gpx version="1.1" ...><trk><trkseg>
//!   <trkpt lat="47.1" lon="8.2"> <ele>1180</ele> <time>2026-10-05T08:00:00Z</time> <fix>3d</fix> </trkpt>
//! </trkseg></trk></gpx>
//! ```
//!
//! `ele` is taken as metres above mean sea level, as receivers write it; without it the height is not
//! known. `fix` of `none` or `2d` is a position lost. All tracks and segments are one log; way points and
//! routes are passed over. Reading ends at the first damage, with a fault.
//!
//! GPX 1.1 Schema Documentation, <https://www.topografix.com/GPX/1/1/>.

use std::collections::BTreeMap;

use cathartes_core::{
    flown::{Corrupt, Flaw, FlownLog, Height, LogFix, LogPlace, Lost},
    units::Metres,
};
use jiff::Timestamp;

use super::{
    FlownError,
    gather::{Gather, bare_fix, place},
};
use crate::observations::markup::{Step, root, walk};

/// Whether its outermost element is `gpx`.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    root(bytes).is_some_and(|name| name == "gpx")
}

/// Reads the points of all tracks.
///
/// # Errors
///
/// [`FlownError`] when no point has a place and a time.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let (mut gather, mut row, mut done) = (Gather::default(), 0, Ok(()));
    let mut open: Option<Point> = None;
    let walked = walk(bytes, |step| match step {
        Step::Open(name, attributes) if name == "trkpt" => {
            row += 1;
            let attributes = attributes.into_iter().collect();
            open = Some(Point { attributes, ..Point::default() });
        }
        Step::Open(name, _) => {
            if let Some(point) = &mut open {
                point.within.push(name);
            }
        }
        Step::Text(text) => {
            if let Some(point) = &mut open {
                point.says(&text);
            }
        }
        Step::Close(name) if name == "trkpt" => {
            if let (Some(point), Ok(())) = (open.take(), &done) {
                done = point.give(LogPlace::Row(row), &mut gather);
            }
        }
        Step::Close(_) => {
            if let Some(point) = &mut open {
                point.within.pop();
            }
        }
    });
    done?;
    if walked.is_err() {
        let what = Flaw::Corrupt(Corrupt::Unreadable("no XML from here on"));
        gather.fault(LogPlace::Row(row + 1), None, what);
    }
    Ok(gather)
}

#[derive(Default)]
struct Point {
    attributes: BTreeMap<String, String>,
    /// The elements that are open within it.
    within: Vec<String>,
    height: String,
    time: String,
    fix: String,
}

impl Point {
    fn says(&mut self, text: &str) {
        let [within] = self.within.as_slice() else { return };
        match within.as_str() {
            "ele" => self.height.push_str(text),
            "time" => self.time.push_str(text),
            "fix" => self.fix.push_str(text),
            _ => {}
        }
    }

    fn give(&self, at: LogPlace, gather: &mut Gather) -> Result<(), FlownError> {
        let Ok(time) = self.time.trim().parse::<Timestamp>() else {
            gather.fault(at, None, Flaw::NoTime);
            return Ok(());
        };
        if matches!(self.fix.trim(), "none" | "2d") {
            gather.fault(at, Some(time), Flaw::PositionLost(Lost::NoFix));
            return Ok(());
        }
        let angle = |name: &str| {
            let text = self.attributes.get(name).map_or("", |text| text.trim());
            text.parse().unwrap_or(f64::NAN)
        };
        let height = self.height.trim().parse().ok().filter(|m: &f64| m.is_finite());
        let fix = LogFix {
            height: height.map_or(Height::Unknown, |m| Height::AboveSeaLevel(Metres(m))),
            ..bare_fix(time, place(angle("lat"), angle("lon")))
        };
        gather.fix(at, None, fix)
    }
}

#[cfg(test)]
mod tests;
