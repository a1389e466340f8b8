//! What the pictures of located sources show, and how they show the ground.

use cathartes_core::{
    gas::Gas,
    source::Location,
    trace::{LocalPlace, SearchVolume, Trace},
};
use cathartes_sensing::invert::SeenPlume;
use plotters::style::RGBColor;

use super::marks::{INK, PLAIN, Type};
use crate::locate::counted;

/// Readings.
pub(super) const SENSOR: RGBColor = RGBColor(25, 95, 170);
/// What the model says.
pub(super) const MODEL: RGBColor = RGBColor(200, 40, 40);
/// Lines that only guide the eye.
pub(super) const GUIDE: RGBColor = RGBColor(214, 218, 222);
pub(super) const SMALL: Type = Type { size: 15, ..PLAIN };
pub(super) const TITLE: Type = Type { size: 22, bold: true, colour: INK, ..PLAIN };

/// One gas and all that is known of its sources.
#[derive(Clone, Copy)]
pub(crate) struct Located<'a> {
    pub(crate) title: &'a str,
    pub(crate) gas: &'a Gas,
    pub(crate) trace: &'a Trace,
    pub(crate) volume: &'a SearchVolume,
    pub(crate) location: &'a Location,
    /// What imagers saw.
    pub(crate) plumes: &'a [SeenPlume],
}

impl Located<'_> {
    /// "chilbolton: 1 source of methane".
    pub(super) fn headline(&self) -> String {
        let gas = self.gas.name.to_lowercase();
        let found = match self.location.sources.len() {
            0 => format!("no source of {gas} named"),
            1 => format!("1 source of {gas}"),
            n => format!("{n} sources of {gas}"),
        };
        format!("{}: {found}", self.title)
    }

    /// "973 readings of 7 sensors over 2.3 hours".
    pub(super) fn effort(&self) -> String {
        let readings = &self.trace.readings;
        let sensors = (0..self.trace.sensors.len())
            .filter(|sensor| readings.iter().any(|reading| reading.sensor == *sensor))
            .count();
        let times = || readings.iter().map(|reading| reading.time.0);
        let span =
            times().fold(f64::NEG_INFINITY, f64::max) - times().fold(f64::INFINITY, f64::min);
        let (length, unit) = clock(span);
        format!(
            "{} of {} over {:.1} {unit}",
            counted(readings.len(), "reading"),
            counted(sensors, "sensor"),
            span / length
        )
    }
}

/// The unit people count such a span in: seconds of it, and its name.
pub(super) fn clock(span_s: f64) -> (f64, &'static str) {
    match span_s {
        s if s < 300.0 => (1.0, "seconds"),
        s if s < 2.0 * 3600.0 => (60.0, "minutes"),
        s if s < 4.0 * 86_400.0 => (3600.0, "hours"),
        _ => (86_400.0, "days"),
    }
}

/// A piece of ground on a sheet, north up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    pub(super) west_m: f64,
    pub(super) north_m: f64,
    pub(super) px_per_m: f64,
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Share of the ground left free around everything.
const FREE: f64 = 0.05;
/// No side of the ground is longer or shorter than this, px.
const LONGEST_PX: f64 = 860.0;
const SHORTEST_PX: f64 = 420.0;

impl Ground {
    /// Holds the search volume, every sensor, every source and the next leg.
    pub(super) fn around(look: &Located<'_>, left: usize, top: usize) -> Self {
        let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let mut add = |east: f64, north: f64| {
            let [w, s, e, n] = bounds;
            bounds = [w.min(east), s.min(north), e.max(east), n.max(north)];
        };
        let volume = look.volume;
        add(volume.east.from.0, volume.north.from.0);
        add(volume.east.to.0, volume.north.to.0);
        let ends = look.trace.readings.iter().flat_map(|reading| reading.probe.ends());
        let legs = look.location.next_leg.iter().flat_map(|leg| leg.track.iter().copied());
        ends.chain(legs).for_each(|place| add(place.east.0, place.north.0));
        let [west, south, east, north] = bounds;
        let longest = (east - west).max(north - south).max(1.0);
        let free = FREE * longest;
        let px_per_m = LONGEST_PX / (longest + 2.0 * free);
        let side = |length: f64| ((length + 2.0 * free) * px_per_m).max(SHORTEST_PX);
        let (width, height) = (side(east - west), side(north - south));
        Self {
            west_m: f64::midpoint(west, east) - width / px_per_m / 2.0,
            north_m: f64::midpoint(south, north) + height / px_per_m / 2.0,
            px_per_m,
            left,
            top,
            width: width.round() as usize,
            height: height.round() as usize,
        }
    }

    pub(super) fn at(&self, east_m: f64, north_m: f64) -> (i32, i32) {
        let x = self.left as f64 + (east_m - self.west_m) * self.px_per_m;
        let y = self.top as f64 + (self.north_m - north_m) * self.px_per_m;
        (x.round() as i32, y.round() as i32)
    }

    pub(super) fn place(&self, place: &LocalPlace) -> (i32, i32) {
        self.at(place.east.0, place.north.0)
    }

    /// East and north of the middle of a sheet pixel.
    pub(super) fn under(&self, x: usize, y: usize) -> (f64, f64) {
        let (right, down) = ((x - self.left) as f64 + 0.5, (y - self.top) as f64 + 0.5);
        (self.west_m + right / self.px_per_m, self.north_m - down / self.px_per_m)
    }

    pub(super) fn right(&self) -> usize {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> usize {
        self.top + self.height
    }
}
