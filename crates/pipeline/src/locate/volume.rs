//! Where sources may be: as the site says, else around the readings.

use cathartes_core::{
    trace::{LocalPlace, SearchVolume, Span, Trace},
    units::Metres,
};
use cathartes_formats::site::Site;

/// Least and most that is searched beyond the outermost reading, and its share of their extent.
const LEAST_MARGIN_M: f64 = 20.0;
const MOST_MARGIN_M: f64 = 200.0;
const MARGIN_SHARE: f64 = 0.25;
/// How high sources are when nobody knows.
const USUAL_HEIGHT_M: f64 = 5.0;

/// A volume, and what to tell when it was not given.
pub(super) struct Chosen {
    pub(super) volume: SearchVolume,
    pub(super) note: Option<String>,
}

pub(super) fn choose(site: &Site, trace: &Trace) -> Chosen {
    if let Some(volume) = site.search {
        return Chosen { volume, note: None };
    }
    let east = span(trace, |place| place.east.0);
    let north = span(trace, |place| place.north.0);
    let up = Span { from: Metres(0.0), to: Metres(USUAL_HEIGHT_M) };
    let note = format!(
        "no search volume was given: {:.0} to {:.0} m east, {:.0} to {:.0} m north and up to {USUAL_HEIGHT_M} m \
         above the ground are searched, which is around the readings",
        east.from.0, east.to.0, north.from.0, north.to.0
    );
    Chosen { volume: SearchVolume { east, north, up }, note: Some(note) }
}

fn span(trace: &Trace, axis: impl Fn(&LocalPlace) -> f64) -> Span {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for reading in &trace.readings {
        for value in reading.probe.ends().map(|place| axis(&place)) {
            (low, high) = (low.min(value), high.max(value));
        }
    }
    let margin = (MARGIN_SHARE * (high - low)).clamp(LEAST_MARGIN_M, MOST_MARGIN_M);
    Span { from: Metres(low - margin), to: Metres(high + margin) }
}

#[cfg(test)]
mod tests;
