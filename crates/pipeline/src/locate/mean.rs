//! Long records are averaged: what a minute of readings says of a source, its mean says as well.
//!
//! Readings of one sensor within the same piece of time become one, at their mean time and mean place,
//! with the row of the first. A piece ends where the sensor has moved: no two of its places are farther
//! apart than [`STILL_M`], because gas a few metres on is other gas. More than [`OFTEN`] are averaged over
//! a second, in which no plume changes; more than [`MOST_READINGS`] over pieces as short as leave no more,
//! and where the way of the sensors asks for more than that, more are left.

use cathartes_core::{
    trace::{LocalPlace, Probe, Reading, Trace},
    units::{Metres, PartsPerMillion, Seconds},
};

/// More than these are averaged over a second.
const OFTEN: usize = 1000;
const MOMENT_S: f64 = 1.0;
/// More than these over as long as it takes.
const MOST_READINGS: usize = 3000;
/// Places of one mean are no farther apart than this.
const STILL_M: f64 = 3.0;
/// Where the way asks for more than [`MOST_READINGS`], pieces of time may leave this share on top, so
/// that sensors that stay keep their moments.
const ON_TOP: f64 = 0.1;
/// Pieces grow by this until they are long enough.
const GROWTH: f64 = 1.25;

/// Averages in place, and says so.
pub(super) fn thin(trace: &mut Trace) -> Option<String> {
    let count = trace.readings.len();
    let (first, last) = (trace.readings.first()?.time.0, trace.readings.last()?.time.0);
    if count <= OFTEN {
        return None;
    }
    let by_sensor = by_sensor(trace);
    let pieces = |length_s: f64| -> Vec<&[Reading]> {
        by_sensor.iter().flat_map(|own| cut(own, first, length_s)).collect()
    };
    let by_way = pieces(f64::INFINITY).len();
    let most = MOST_READINGS.max(by_way + (ON_TOP * by_way as f64) as usize);
    let many = count > MOST_READINGS;
    let least_s = if many { (last - first) / MOST_READINGS as f64 } else { 0.0 };
    let mut length_s = least_s.max(MOMENT_S);
    let mut kept = pieces(length_s);
    if kept.len() == count {
        return None;
    }
    while kept.len() > most && length_s < last - first {
        length_s *= GROWTH;
        kept = pieces(length_s);
    }
    trace.readings = kept.into_iter().filter_map(mean).collect();
    trace.readings.sort_by(|a, b| a.time.0.total_cmp(&b.time.0).then(a.sensor.cmp(&b.sensor)));
    Some(words(count, length_s, (trace.readings.len(), by_way > by_sensor.len())))
}

fn words(count: usize, length_s: f64, (left, moved): (usize, bool)) -> String {
    let way =
        if moved { format!(" and no more than {STILL_M:.0} m of way") } else { String::new() };
    let many = if left > MOST_READINGS { "; fewer would blur where they were taken" } else { "" };
    format!(
        "{count} readings were averaged over {length_s:.1} s{way} to {left}, sensor by sensor{many}"
    )
}

fn by_sensor(trace: &Trace) -> Vec<Vec<Reading>> {
    let mut by_sensor =
        vec![Vec::new(); trace.readings.iter().map(|r| r.sensor + 1).max().unwrap_or(0)];
    for reading in &trace.readings {
        by_sensor[reading.sensor].push(*reading);
    }
    by_sensor.retain(|own| !own.is_empty());
    by_sensor
}

/// Readings of one sensor, cut where a piece of time ends and where the sensor has moved.
fn cut(own: &[Reading], first: f64, length_s: f64) -> Vec<&[Reading]> {
    let at = |reading: &Reading| ((reading.time.0 - first) / length_s) as u64;
    let mut room = Room::default();
    own.chunk_by(|a, b| {
        let together = at(a) == at(b) && room.holds(a, b);
        if !together {
            room = Room::default();
        }
        together
    })
    .collect()
}

/// The box around the ends of the probes of one piece.
#[derive(Default)]
struct Room(Vec<[[f64; 2]; 3]>);

impl Room {
    /// Takes the second reading in, which follows the first, unless the box would be too large.
    fn holds(&mut self, before: &Reading, next: &Reading) -> bool {
        let axes = |place: LocalPlace| [place.east.0, place.north.0, place.up.0];
        if self.0.is_empty() {
            self.0 = before.probe.ends().map(|end| axes(end).map(|x| [x, x])).collect();
        }
        if next.probe.ends().count() != self.0.len() {
            return false;
        }
        for (room, end) in self.0.iter_mut().zip(next.probe.ends()) {
            for (span, x) in room.iter_mut().zip(axes(end)) {
                *span = [span[0].min(x), span[1].max(x)];
            }
        }
        let across2 =
            |room: &[[f64; 2]; 3]| room.iter().map(|s| (s[1] - s[0]).powi(2)).sum::<f64>();
        self.0.iter().all(|room| across2(room) <= STILL_M * STILL_M)
    }
}

fn mean(readings: &[Reading]) -> Option<Reading> {
    let first = readings.first()?;
    let n = readings.len() as f64;
    let mean = |value: &dyn Fn(&Reading) -> f64| readings.iter().map(value).sum::<f64>() / n;
    let place = |end: usize| {
        let axis = |of: &dyn Fn(LocalPlace) -> f64| {
            Metres(mean(&|reading| reading.probe.ends().nth(end).map_or(f64::NAN, of)))
        };
        LocalPlace {
            east: axis(&|place| place.east.0),
            north: axis(&|place| place.north.0),
            up: axis(&|place| place.up.0),
        }
    };
    let probe = match first.probe {
        Probe::Beam(..) => Probe::Beam(place(0), place(1)),
        Probe::Point(_) => Probe::Point(place(0)),
    };
    let (time, value) = (mean(&|reading| reading.time.0), mean(&|reading| reading.value.0));
    Some(Reading { time: Seconds(time), value: PartsPerMillion(value), probe, ..*first })
}

#[cfg(test)]
mod tests;
