//! The readings of a trace sensor by sensor, each with the air it was taken in.

use std::ops::Range;

use cathartes_core::trace::{LocalPlace, Probe, Reading, Trace, WindReading};

use super::{
    InvertError, Options,
    air::{Flow, flow_at},
    plume::{LANES, Sight},
};

/// Readings of a sensor closer in time than this see the plume of the moment, s.
pub(super) const MOMENT: f64 = 20.0;

/// Readings in the order of their sensors, by time within each.
#[derive(Debug, Clone)]
pub(super) struct Readings {
    pub(super) sights: Vec<Sight>,
    pub(super) flows: Vec<Flow>,
    /// (1 + U₀⁴/U⁴)².
    pub(super) strays: Vec<f64>,
    /// Seconds.
    pub(super) times: Vec<f64>,
    /// ppm above [`Self::level`].
    pub(super) values: Vec<f64>,
    /// Median of all readings, ppm.
    pub(super) level: f64,
    /// Where each stands in the trace.
    pub(super) order: Vec<usize>,
    /// The readings of each sensor that has some.
    pub(super) runs: Vec<Range<usize>>,
    /// Which sensor that is, by its place in the trace.
    pub(super) sensors: Vec<usize>,
}

impl Readings {
    pub(super) fn new(trace: &Trace, options: &Options) -> Result<Self, InvertError> {
        trace.readings.iter().try_for_each(|r| check(r, trace.sensors.len()))?;
        let mut order: Vec<usize> = (0..trace.readings.len()).collect();
        order.sort_by(|&a, &b| {
            let (a, b) = (&trace.readings[a], &trace.readings[b]);
            a.sensor.cmp(&b.sensor).then(a.time.0.total_cmp(&b.time.0))
        });
        let sorted: Vec<&Reading> = order.iter().map(|&i| &trace.readings[i]).collect();
        let (runs, sensors) = runs(&sorted);
        for &sensor in &sensors {
            check_wind(trace.wind.of(sensor), sensor)?;
        }
        let level = median(sorted.iter().map(|r| r.value.0).collect());
        let flow = |r: &&Reading| flow_at(trace.wind.of(r.sensor), r.time.0, options.molar_mass);
        let flows: Vec<Flow> = sorted.iter().map(flow).collect();
        Ok(Self {
            sights: sorted.iter().map(|r| sight(&r.probe)).collect(),
            strays: flows.iter().map(|f| f.stray).collect(),
            flows,
            times: sorted.iter().map(|r| r.time.0).collect(),
            values: sorted.iter().map(|r| r.value.0 - level).collect(),
            level,
            order,
            runs,
            sensors,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// From the first to the last, s; at least one.
    pub(super) fn duration(&self) -> f64 {
        let (low, high) = self.ends();
        (high - low).max(1.0)
    }

    /// Usual time from a reading of a sensor to its next, s.
    pub(super) fn interval(&self) -> f64 {
        let steps = |run: &Range<usize>| -> Vec<f64> {
            self.times[run.clone()].windows(2).map(|w| w[1] - w[0]).collect()
        };
        median(self.runs.iter().flat_map(steps).collect())
    }

    /// Where the wind blows on the whole, of length one.
    pub(super) fn downwind(&self) -> [f64; 2] {
        let [e, n] = [0, 1].map(|k| self.flows.iter().map(|f| f.along[k]).sum::<f64>());
        let length = e.hypot(n).max(1e-12);
        [e / length, n / length]
    }

    /// Mean place on the ground; of beams their middles.
    pub(super) fn middle(&self) -> [f64; 2] {
        [0, 1].map(|k| self.sights.iter().map(|s| s.centre()[k]).sum::<f64>() / self.len() as f64)
    }

    /// First and last time.
    pub(super) fn ends(&self) -> (f64, f64) {
        let fold = |f: fn(f64, f64) -> f64, from: f64| self.times.iter().copied().fold(from, f);
        (fold(f64::min, f64::INFINITY), fold(f64::max, f64::NEG_INFINITY))
    }
}

/// A run of readings, four at a time or what is left of it.
pub(super) fn fours(run: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = run.end;
    run.clone().step_by(LANES).map(move |start| start..(start + LANES).min(end))
}

fn runs(sorted: &[&Reading]) -> (Vec<Range<usize>>, Vec<usize>) {
    let (mut runs, mut sensors, mut start) = (Vec::new(), Vec::new(), 0);
    for run in sorted.chunk_by(|a, b| a.sensor == b.sensor) {
        runs.push(start..start + run.len());
        sensors.push(run[0].sensor);
        start += run.len();
    }
    (runs, sensors)
}

/// The middle of the sorted ones; 0 of none.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn metres(place: &LocalPlace) -> [f64; 3] {
    [place.east.0, place.north.0, place.up.0]
}

fn sight(probe: &Probe) -> Sight {
    match probe {
        Probe::Point(place) => Sight { from: metres(place), reach: None },
        Probe::Beam(from, to) => {
            let (from, to) = (metres(from), metres(to));
            Sight { from, reach: Some(std::array::from_fn(|k| to[k] - from[k])) }
        }
    }
}

fn check(reading: &Reading, sensors: usize) -> Result<(), InvertError> {
    let places = match &reading.probe {
        Probe::Point(place) => vec![metres(place)],
        Probe::Beam(from, to) => vec![metres(from), metres(to)],
    };
    let numbers = places.iter().flatten().chain([&reading.time.0, &reading.value.0]);
    if !numbers.copied().all(f64::is_finite) {
        return Err(InvertError::BadReading { row: reading.row });
    }
    if reading.sensor >= sensors {
        let (row, sensor) = (reading.row, reading.sensor);
        return Err(InvertError::NoSuchSensor { row, sensor, sensors });
    }
    Ok(())
}

fn check_wind(record: &[WindReading], sensor: usize) -> Result<(), InvertError> {
    if record.is_empty() {
        return Err(InvertError::NoWind { sensor });
    }
    let backwards = |i: usize| i > 0 && record[i].time.0 < record[i - 1].time.0;
    let finite = |w: &WindReading| {
        let extra = [w.turbulence_across, w.turbulence_up].map(|d| d.map_or(0.0, |d| d.0));
        let air = [w.temperature.map_or(288.0, |t| t.0), w.pressure.map_or(100.0, |p| p.0)];
        let all = [w.time.0, w.east.0, w.north.0, extra[0], extra[1]];
        all.into_iter().all(f64::is_finite) && air.into_iter().all(|x| x.is_finite() && x > 0.0)
    };
    match (0..record.len()).find(|&i| backwards(i) || !finite(&record[i])) {
        Some(index) => Err(InvertError::BadWind { index }),
        None => Ok(()),
    }
}
