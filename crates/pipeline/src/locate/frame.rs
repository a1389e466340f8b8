//! Readings, winds and plumes brought into one frame: metres from one place, seconds from one moment.

use std::collections::HashSet;

use anyhow::{Context, bail, ensure};
use cathartes_core::{
    estimate::Estimate,
    gas::CrossSection,
    source::Ellipse90,
    trace::{Frame, LocalPlace, Trace, WindReading, WindRecord},
    units::{Degrees, KgPerHour, Metres, Seconds},
};
use cathartes_formats::{
    readings::{LeftOut, Reason, Table},
    seen_plumes::Seen,
};
use cathartes_sensing::invert::SeenPlume;

use super::inputs::Inputs;
use crate::gas;

/// The gas of readings when nobody names one.
pub(super) const USUAL_GAS: &str = "ch4";
/// A wind holds so long before its record begins and after it ends.
const LONGEST_REACH: Seconds = Seconds(600.0);
/// The longest time between two winds that is interpolated.
const LONGEST_GAP: Seconds = Seconds(3600.0);
/// Half-width of nine chances in ten on a plane, in deviations of one axis.
const NINE_IN_TEN: f64 = 2.146;

/// One trace a gas, with its wind; what has no wind is left out.
pub(super) fn traces<'l>(
    inputs: &mut Inputs,
    asked: Option<&str>,
    library: &'l [CrossSection],
) -> anyhow::Result<Vec<(&'l CrossSection, Trace)>> {
    let frame = frame(inputs);
    let start = wind_start(inputs, frame)?;
    let traces = inputs.table.traces(frame);
    let wind = inputs.wind.record(
        &inputs.table.sensors.iter().map(|head| head.sensor.clone()).collect::<Vec<_>>(),
        start,
    );
    let usual = inputs.site.gas.as_deref().unwrap_or(USUAL_GAS);
    let mut found: Vec<(&CrossSection, Trace)> = Vec::new();
    for mut trace in traces.into_iter().filter(|trace| !trace.readings.is_empty()) {
        let unnamed = trace.gas.is_empty();
        let name = if unnamed { asked.unwrap_or(usual) } else { &trace.gas };
        let gas = gas::find(name, library)?;
        if let Some(asked) = asked
            && !unnamed
            && gas::find(asked, library)?.gas.slug != gas.gas.slug
        {
            continue;
        }
        ensure!(
            found.iter().all(|(other, _)| other.gas.slug != gas.gas.slug),
            "{} goes by two names in the column `gas`; write one",
            gas.gas.name
        );
        gas.gas.slug.clone_into(&mut trace.gas);
        calm(&mut trace, &wind, &mut inputs.table)?;
        trace.wind = wind.clone();
        found.push((gas, trace));
    }
    if let (true, Some(asked)) = (found.is_empty(), asked) {
        let names = inputs.table.gases.join(", ");
        bail!("no reading is of {asked}; there are readings of {names}");
    }
    Ok(found)
}

/// From the site; else the first place and the first moment.
fn frame(inputs: &Inputs) -> Frame {
    let first = || inputs.table.rows.first().filter(|_| inputs.table.utc).map(|row| row.time);
    Frame {
        origin: inputs.site.origin.or_else(|| inputs.table.first_on_earth()),
        start: inputs.site.start.or_else(first),
    }
}

/// What of the times of the wind is second 0 of the frame.
fn wind_start(inputs: &Inputs, frame: Frame) -> anyhow::Result<Seconds> {
    let what = |utc| if utc { "dates" } else { "seconds" };
    match (inputs.table.utc, inputs.wind.utc) {
        (false, false) => Ok(Seconds(0.0)),
        (true, true) => Ok(frame.start.unwrap_or_default()),
        (readings, wind) => {
            let start = inputs.site.start.with_context(|| {
                let (readings, wind) = (what(readings), what(wind));
                format!(
                    "the readings have {readings}, the wind has {wind}: give `start` in site.toml"
                )
            })?;
            Ok(if wind { start } else { Seconds(0.0) })
        }
    }
}

/// Leaves out readings for which nobody knows the wind.
fn calm(trace: &mut Trace, wind: &WindRecord, table: &mut Table) -> anyhow::Result<()> {
    let spans =
        |reading: &cathartes_core::trace::Reading| near(wind.of(reading.sensor), reading.time);
    let out: HashSet<u64> = trace
        .readings
        .iter()
        .filter(|reading| !spans(reading))
        .map(|reading| reading.row)
        .collect();
    if out.len() == trace.readings.len() {
        let times = trace.readings.first().zip(trace.readings.last());
        let (from, to) = times.map_or((0.0, 0.0), |(a, b)| (a.time.0, b.time.0));
        let winds = wind.own.iter().map(|own| &own.1).chain([&wind.common]).flatten();
        let (first, last) = winds.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), wind| {
            (a.min(wind.time.0), b.max(wind.time.0))
        });
        bail!(
            "no wind was measured near any reading: readings from {from:.0} s to {to:.0} s, wind from \
             {first:.0} s to {last:.0} s; do the two clocks and the sensor numbers agree?"
        );
    }
    trace.readings.retain(|reading| !out.contains(&reading.row));
    let mut rows: Vec<u64> = out.into_iter().collect();
    rows.sort_unstable();
    table.left_out.extend(rows.into_iter().map(|row| LeftOut { row, reason: Reason::NoWind }));
    Ok(())
}

/// Whether winds say what blew at a time.
fn near(winds: &[WindReading], time: Seconds) -> bool {
    let next = winds.partition_point(|wind| wind.time < time);
    let before = next.checked_sub(1).and_then(|i| winds.get(i));
    let apart = |wind: &WindReading| (wind.time.0 - time.0).abs();
    match (before, winds.get(next)) {
        (Some(a), Some(b)) => {
            b.time.0 - a.time.0 <= LONGEST_GAP.0 || apart(a).min(apart(b)) <= LONGEST_REACH.0
        }
        (one, other) => one.or(other).is_some_and(|wind| apart(wind) <= LONGEST_REACH.0),
    }
}

/// A plume of an imager in the frame of the trace.
pub(super) fn seen_plume(seen: &Seen, frame: Frame) -> Option<SeenPlume> {
    let (east, north) = frame.local(seen.origin)?;
    let radius = Metres(NINE_IN_TEN * seen.origin_std.0);
    let rate: Option<Estimate<KgPerHour>> = seen.rate;
    Some(SeenPlume {
        place: LocalPlace { east, north, up: Metres(0.0) },
        ellipse: Ellipse90 { semi_major: radius, semi_minor: radius, bearing: Degrees(0.0) },
        rate,
    })
}

#[cfg(test)]
mod tests;
