//! Where sources may be: as the site says, else around the readings and upwind of them, gas being from there.
//!
//! Upwind the ground reaches farther by the extent of the readings times the length of the mean of the wind's unit
//! vectors: all of it in steady wind, nothing in wind from all around.

use cathartes_core::{
    trace::{LocalPlace, SearchVolume, Span, Trace},
    units::Metres,
};
use cathartes_formats::site::Site;

/// Least and most that is searched beyond the outermost reading, and its share of their extent.
const LEAST_MARGIN_M: f64 = 20.0;
const MOST_MARGIN_M: f64 = 200.0;
const MARGIN_SHARE: f64 = 0.25;
/// Most that is searched farther upwind.
const MOST_UPWIND_M: f64 = 500.0;
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
    let (east, north) = (span(trace, |place| place.east.0), span(trace, |place| place.north.0));
    let reach = length(&east).max(length(&north)).min(MOST_UPWIND_M);
    let [u, v] = mean_wind(trace).map(|w| w * reach);
    let (east, north) = (upwind(east, u), upwind(north, v));
    let up = Span { from: Metres(0.0), to: Metres(USUAL_HEIGHT_M) };
    let note = format!(
        "no search volume was given: {:.0} to {:.0} m east, {:.0} to {:.0} m north and up to {USUAL_HEIGHT_M} m \
         above the ground are searched, which is around the readings and upwind of them",
        east.from.0, east.to.0, north.from.0, north.to.0
    );
    Chosen { volume: SearchVolume { east, north, up }, note: Some(note) }
}

fn length(span: &Span) -> f64 {
    span.to.0 - span.from.0
}

/// A span that reaches farther to where wind of one sign comes from.
fn upwind(span: Span, by: f64) -> Span {
    Span { from: Metres(span.from.0 - by.max(0.0)), to: Metres(span.to.0 + (-by).max(0.0)) }
}

/// Mean of the unit vectors of where the wind blows to, east and north; nothing without any.
fn mean_wind(trace: &Trace) -> [f64; 2] {
    let own = trace.wind.own.iter().flat_map(|(_, record)| record);
    let (mut sum, mut count) = ([0.0; 2], 0.0_f64);
    for wind in trace.wind.common.iter().chain(own) {
        let speed = wind.east.0.hypot(wind.north.0);
        if speed > 0.0 {
            sum = [sum[0] + wind.east.0 / speed, sum[1] + wind.north.0 / speed];
            count += 1.0;
        }
    }
    sum.map(|s| s / count.max(1.0))
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
