//! Positions of aircraft in Cursor-on-Target events, alone, one after the other or within `<events>`.
//!
//! ```text
//! <event version="2.0" uid="UAS-17" type="a-f-A-M-H-Q" time="2026-10-05T08:00:00Z" ... caveat="..." releasableTo="...">
//!   <point lat="32.1" lon="-116.8" hae="1480.5" ce="10" le="15"/>
//!   <detail> <sensor fov="45" vfov="30" range="2100" .../> </detail>
//! </event>
//! ```
//!
//! `hae` is above the ellipsoid, 9999999 not known. An aircraft is its `uid`. Only aircraft are read
//! (types `a-?-A`): all else that moves is a fault, because people and vehicles are not tracked here. Of a
//! `sensor` the fields of view and the range are taken; its directions count from north, not from the
//! aircraft. Reading ends at the first damage, with a fault.
//!
//! M. J. Kristan et al., "Cursor-on-Target Message Router User's Guide", MITRE MP090284, 2009.

use std::collections::BTreeMap;

use cathartes_core::{
    flown::{
        Corrupt, Flaw, FlownLog, Handling, HandlingItem, Height, LogFix, LogPlace, Lost, View,
    },
    units::{Degrees, Metres},
};
use jiff::Timestamp;

use super::{
    FlownError,
    gather::{Gather, bare_fix, place},
};
use crate::observations::markup::{Step, root, walk};

const UNKNOWN: f64 = 9_999_999.0;

/// Whether its outermost element is `event` or `events`.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    root(bytes).is_some_and(|name| name == "event" || name == "events")
}

/// Reads the events of one aircraft.
///
/// # Errors
///
/// [`FlownError`] when no event has a position, or they are of several aircraft.
pub fn read(bytes: &[u8]) -> Result<FlownLog, FlownError> {
    gathered(bytes)?.log(None)
}

pub(super) fn gathered(bytes: &[u8]) -> Result<Gather, FlownError> {
    let mut gather = Gather::default();
    events(bytes, LogPlace::Row, &mut gather)?;
    Ok(gather)
}

/// Takes all events; `place` says where in the log the how-manieth is, from 1.
pub(super) fn events(
    bytes: &[u8],
    place: impl Fn(u64) -> LogPlace,
    gather: &mut Gather,
) -> Result<(), FlownError> {
    let (mut row, mut done) = (0, Ok(()));
    let mut open: Option<Event> = None;
    let walked = walk(bytes, |step| match step {
        Step::Open(name, attributes) if name == "event" => {
            row += 1;
            open = Some(Event { own: attributes.into_iter().collect(), ..Event::default() });
        }
        Step::Open(name, attributes) => {
            if let Some(event) = &mut open {
                event.holds(&name, attributes);
            }
        }
        Step::Close(name) if name == "event" => {
            if let (Some(event), Ok(())) = (open.take(), &done) {
                done = event.give(place(row), gather);
            }
        }
        Step::Text(_) | Step::Close(_) => {}
    });
    done?;
    if walked.is_err() {
        let what = Flaw::Corrupt(Corrupt::Unreadable("no XML from here on"));
        gather.fault(place(row + 1), None, what);
    }
    Ok(())
}

type Attributes = BTreeMap<String, String>;

#[derive(Default)]
struct Event {
    own: Attributes,
    point: Attributes,
    sensor: Attributes,
}

impl Event {
    fn holds(&mut self, name: &str, attributes: Vec<(String, String)>) {
        match name {
            "point" if self.point.is_empty() => self.point = attributes.into_iter().collect(),
            "sensor" if self.sensor.is_empty() => self.sensor = attributes.into_iter().collect(),
            _ => {}
        }
    }

    fn give(&self, at: LogPlace, gather: &mut Gather) -> Result<(), FlownError> {
        let own = |name: &str| self.own.get(name).map_or("", |text| text.trim());
        let time = own("time").parse::<Timestamp>().ok();
        if let Some(said) = self.handling() {
            gather.handle(at, time, said);
        }
        let mut kind = own("type").split('-');
        if kind.next() != Some("a") || kind.nth(1) != Some("A") {
            gather.fault(at, time, Flaw::NoAircraft);
            return Ok(());
        }
        let Some(time) = time else {
            gather.fault(at, None, Flaw::NoTime);
            return Ok(());
        };
        if self.point.is_empty() {
            gather.fault(at, Some(time), Flaw::PositionLost(Lost::Absent));
            return Ok(());
        }
        let angle = |name| number(&self.point, name).unwrap_or(f64::NAN);
        let height = number(&self.point, "hae").filter(|m| *m < UNKNOWN);
        let view = self.view();
        let fix = LogFix {
            height: height.map_or(Height::Unknown, |m| Height::AboveEllipsoid(Metres(m))),
            view: (view != View::default()).then(|| Box::new(view)),
            ..bare_fix(time, place(angle("lat"), angle("lon")))
        };
        let uid = own("uid");
        gather.fix(at, (!uid.is_empty()).then_some(uid), fix)
    }

    fn view(&self) -> View {
        View {
            horizontal_field: number(&self.sensor, "fov").map(Degrees),
            vertical_field: number(&self.sensor, "vfov").map(Degrees),
            slant_range: number(&self.sensor, "range").map(Metres),
            ..View::default()
        }
    }

    /// What it says of how it is to be held; nobody says a classification that can be compared.
    fn handling(&self) -> Option<Handling> {
        let items = [("caveat", HandlingItem::Caveats), ("releasableTo", HandlingItem::Releasing)];
        let said = items.into_iter().filter_map(|(name, item)| {
            let text = self.own.get(name)?.trim();
            (!text.is_empty()).then(|| (item, text.to_owned()))
        });
        let handling = Handling { classification: None, said: said.collect() };
        (!handling.said.is_empty()).then_some(handling)
    }
}

fn number(attributes: &Attributes, name: &str) -> Option<f64> {
    attributes.get(name)?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests;
