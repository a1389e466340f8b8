//! Long records are averaged: what a minute of readings says of a source, its mean says as well.
//!
//! Readings of one sensor within the same piece of time become one, at their mean time and mean place,
//! with the row of the first. Pieces are as short as leave at most [`MOST_READINGS`].

use std::collections::BTreeMap;

use cathartes_core::{
    trace::{LocalPlace, Probe, Reading, Trace},
    units::{Metres, PartsPerMillion, Seconds},
};

/// More than these are averaged.
const MOST_READINGS: usize = 3000;
/// Pieces grow by this until they are long enough.
const GROWTH: f64 = 1.25;

/// Averages in place, and says so.
pub(super) fn thin(trace: &mut Trace) -> Option<String> {
    let count = trace.readings.len();
    let (first, last) = (trace.readings.first()?.time.0, trace.readings.last()?.time.0);
    if count <= MOST_READINGS {
        return None;
    }
    let mut piece = (last - first) / MOST_READINGS as f64;
    let mut pieces = cut(trace, first, piece);
    while pieces.len() > MOST_READINGS && piece < last - first {
        piece *= GROWTH;
        pieces = cut(trace, first, piece);
    }
    trace.readings = pieces.into_values().filter_map(|piece| mean(&piece)).collect();
    trace.readings.sort_by(|a, b| a.time.0.total_cmp(&b.time.0).then(a.sensor.cmp(&b.sensor)));
    Some(format!(
        "{count} readings were averaged over {piece:.1} s to {}, sensor by sensor",
        trace.readings.len()
    ))
}

fn cut(trace: &Trace, first: f64, piece: f64) -> BTreeMap<(u64, usize), Vec<Reading>> {
    let mut pieces: BTreeMap<(u64, usize), Vec<Reading>> = BTreeMap::new();
    for reading in &trace.readings {
        let at = ((reading.time.0 - first) / piece) as u64;
        pieces.entry((at, reading.sensor)).or_default().push(*reading);
    }
    pieces
}

fn mean(readings: &[Reading]) -> Option<Reading> {
    let first = readings.first()?;
    let n = readings.len() as f64;
    let mean = |value: &dyn Fn(&Reading) -> f64| readings.iter().map(value).sum::<f64>() / n;
    let probe = match first.probe {
        // Both ends of a beam stay where they are.
        Probe::Beam(..) => first.probe,
        Probe::Point(_) => {
            let axis = |of: &dyn Fn(&LocalPlace) -> f64| {
                mean(&|reading| match &reading.probe {
                    Probe::Point(place) | Probe::Beam(place, _) => of(place),
                })
            };
            Probe::Point(LocalPlace {
                east: Metres(axis(&|place| place.east.0)),
                north: Metres(axis(&|place| place.north.0)),
                up: Metres(axis(&|place| place.up.0)),
            })
        }
    };
    let (time, value) = (mean(&|reading| reading.time.0), mean(&|reading| reading.value.0));
    Some(Reading { time: Seconds(time), value: PartsPerMillion(value), probe, ..*first })
}

#[cfg(test)]
mod tests;
