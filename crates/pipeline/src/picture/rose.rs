//! A wind rose: how often the wind blew from where.

use anyhow::anyhow;
use cathartes_core::trace::{Trace, WindReading};
use plotters::{prelude::*, style::text_anchor::HPos};

use super::{
    canvas::Area,
    located::{GUIDE, SMALL},
    marks::{self, Type},
};

pub(super) const RADIUS_PX: i32 = 62;
const SECTORS: usize = 16;
/// Slower winds come from nowhere, m/s.
const CALM_M_S: f64 = 0.3;
const PETAL: RGBColor = RGBColor(110, 150, 190);

/// Draws the rose of all winds of a trace around a place of the sheet.
pub(super) fn draw(area: &Area<'_>, middle: (i32, i32), trace: &Trace) -> anyhow::Result<()> {
    let own = trace.wind.own.iter().flat_map(|own| &own.1);
    let winds: Vec<&WindReading> = trace.wind.common.iter().chain(own).collect();
    let shares = shares(&winds);
    let most = shares.iter().copied().fold(0.0, f64::max).max(1e-9);
    let radius = f64::from(RADIUS_PX);
    for part in [0.5, 1.0] {
        let ring = Circle::new(middle, (radius * part) as i32, GUIDE.stroke_width(1));
        area.draw(&ring).map_err(|error| anyhow!("{error}"))?;
    }
    for (sector, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let petal = petal(middle, sector, radius * share / most);
        let shape = Polygon::new(petal, PETAL.filled());
        area.draw(&shape).map_err(|error| anyhow!("{error}"))?;
    }
    let mean = winds.iter().map(|wind| speed(wind)).sum::<f64>() / winds.len().max(1) as f64;
    let centred = Type { anchor: HPos::Center, ..SMALL };
    let (x, y) = middle;
    marks::text(area, "wind comes from", (x, y - RADIUS_PX - 18), centred)?;
    let words = format!("mean {mean:.1} m/s; outer ring {:.0} %", 100.0 * most);
    marks::text(area, &words, (x + 20, y + RADIUS_PX + 18), centred)
}

fn speed(wind: &WindReading) -> f64 {
    wind.east.0.hypot(wind.north.0)
}

/// Of all winds, by the sixteenth of the compass they come from; north first, clockwise.
fn shares(winds: &[&WindReading]) -> [f64; SECTORS] {
    let mut shares = [0.0; SECTORS];
    for wind in winds.iter().filter(|wind| speed(wind) > CALM_M_S) {
        let from = (-wind.east.0).atan2(-wind.north.0).to_degrees().rem_euclid(360.0);
        let sector = (from / 360.0 * SECTORS as f64).round() as usize % SECTORS;
        shares[sector] += 1.0 / winds.len() as f64;
    }
    shares
}

fn petal(middle: (i32, i32), sector: usize, length: f64) -> Vec<(i32, i32)> {
    let width = std::f64::consts::TAU / SECTORS as f64;
    let at = |turn: f64| {
        let (sin, cos) = ((sector as f64 + turn) * width).sin_cos();
        let (x, y) = (f64::from(middle.0) + length * sin, f64::from(middle.1) - length * cos);
        (x.round() as i32, y.round() as i32)
    };
    [-0.42, -0.14, 0.14, 0.42].into_iter().map(at).chain([middle]).collect()
}

#[cfg(test)]
mod tests;
