//! What makes a map readable: outlines, numbers, scale bar, north arrow, colour bar.

use anyhow::anyhow;
use cathartes_core::{
    geometry::PixelSteps,
    plume::{PixelPlace, Plume},
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    canvas::{Area, Canvas},
    colour::inferno,
    view::View,
};
use crate::font::FAMILY;

pub(super) const INK: RGBColor = RGBColor(30, 34, 40);
pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);
const FAINT: RGBColor = RGBColor(190, 195, 200);

/// How a text stands.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) size: i32,
    pub(super) colour: RGBColor,
    pub(super) bold: bool,
    pub(super) anchor: HPos,
}

pub(super) const PLAIN: Type = Type { size: 17, colour: INK, bold: false, anchor: HPos::Left };

/// Writes a line; `at` is its middle height.
pub(super) fn text(
    area: &Area<'_>,
    what: &str,
    at: (i32, i32),
    letters: Type,
) -> anyhow::Result<()> {
    let weight = if letters.bold { FontStyle::Bold } else { FontStyle::Normal };
    let style = TextStyle::from((FAMILY, letters.size, weight).into_font())
        .color(&letters.colour)
        .pos(Pos::new(letters.anchor, VPos::Center));
    area.draw(&Text::new(what.to_owned(), at, style)).map_err(|error| anyhow!("{error}"))
}

/// A line of some width.
pub(super) fn line(
    area: &Area<'_>,
    points: &[(i32, i32)],
    colour: RGBColor,
    width: u32,
) -> anyhow::Result<()> {
    let path = PathElement::new(points.to_vec(), colour.stroke_width(width));
    area.draw(&path).map_err(|error| anyhow!("{error}"))
}

fn filled(area: &Area<'_>, points: &[(i32, i32)], colour: RGBColor) -> anyhow::Result<()> {
    let shape = Polygon::new(points.to_vec(), colour.filled());
    area.draw(&shape).map_err(|error| anyhow!("{error}"))
}

/// A plume's rings, white with a dark edge so that they stand out on any ground.
pub(super) fn outline(area: &Area<'_>, view: &View, plume: &Plume) -> anyhow::Result<()> {
    let flagged = plume.look_alike.as_ref().is_some_and(|rival| rival.flagged);
    let colour = if flagged { FAINT } else { PAPER };
    for ring in &plume.outline {
        let points: Vec<(i32, i32)> = ring.iter().map(|&place| view.place(place)).collect();
        line(area, &points, INK, 3)?;
        line(area, &points, colour, 1)?;
    }
    Ok(())
}

/// A plume's number beside its upper right corner, kept inside the view.
pub(super) fn number(area: &Area<'_>, view: &View, plume: &Plume) -> anyhow::Result<()> {
    let corners = || plume.outline.iter().flatten().map(|&place| view.place(place));
    let right = corners().map(|p| p.0).max().unwrap_or_default();
    let top = corners().map(|p| p.1).min().unwrap_or_default();
    let flagged = plume.look_alike.as_ref().is_some_and(|rival| rival.flagged);
    let label = format!("{}{}", plume.number, if flagged { "?" } else { "" });
    let half = 6 + 5 * label.len() as i32;
    let x = (right + half + 4).clamp(view.left as i32 + half, view.right() as i32 - half);
    let y = (top - 8).clamp(view.top as i32 + 12, view.bottom() as i32 - 12);
    tag(area, &label, (x, y))
}

/// A number on a dark ground.
pub(super) fn tag(area: &Area<'_>, label: &str, (x, y): (i32, i32)) -> anyhow::Result<()> {
    let half = 6 + 5 * label.len() as i32;
    let tag = [(x - half, y - 11), (x + half, y - 11), (x + half, y + 11), (x - half, y + 11)];
    filled(area, &tag, INK)?;
    text(area, label, (x, y), Type { bold: true, colour: PAPER, anchor: HPos::Center, ..PLAIN })
}

/// A bar of a round length, at most so many sheet pixels.
pub(super) fn scale_bar(
    area: &Area<'_>,
    at: (i32, i32),
    metres_per_px: f64,
    most_px: f64,
) -> anyhow::Result<()> {
    let metres = round_down(most_px * metres_per_px);
    let (x, y) = at;
    let end = x + (metres / metres_per_px).round() as i32;
    line(area, &[(x, y), (end, y)], INK, 4)?;
    for tick in [x, end] {
        line(area, &[(tick, y - 6), (tick, y + 6)], INK, 2)?;
    }
    let label =
        if metres >= 1000.0 { format!("{} km", metres / 1000.0) } else { format!("{metres} m") };
    text(area, &label, (x, y + 20), PLAIN)
}

/// An arrow to the north, in the pixel grid as it lies.
pub(super) fn north(area: &Area<'_>, at: (i32, i32), steps: &PixelSteps) -> anyhow::Result<()> {
    arrow(area, at, 34.0, toward(steps, 0.0), INK)?;
    let (x, y) = toward(steps, 0.0);
    let letter = (at.0 + (x * 52.0) as i32, at.1 + (y * 52.0) as i32);
    text(area, "N", letter, Type { bold: true, anchor: HPos::Center, ..PLAIN })
}

/// A bearing as a direction on the sheet (x to the right, y down).
pub(super) fn toward(steps: &PixelSteps, bearing_deg: f64) -> (f64, f64) {
    let along = |axis: f64| (bearing_deg - axis).to_radians().cos();
    let (x, y) = (along(steps.sample_bearing.0), along(steps.line_bearing.0));
    let length = x.hypot(y).max(1e-9);
    (x / length, y / length)
}

/// An arrow centred on `at`.
pub(super) fn arrow(
    area: &Area<'_>,
    at: (i32, i32),
    half: f64,
    (dx, dy): (f64, f64),
    colour: RGBColor,
) -> anyhow::Result<()> {
    let point = |along: f64, beside: f64| {
        let x = f64::from(at.0) + along * dx - beside * dy;
        let y = f64::from(at.1) + along * dy + beside * dx;
        (x.round() as i32, y.round() as i32)
    };
    line(area, &[point(-half, 0.0), point(half * 0.5, 0.0)], colour, 3)?;
    filled(area, &[point(half, 0.0), point(half * 0.3, 9.0), point(half * 0.3, -9.0)], colour)
}

/// The colours from zero (bottom) to `top`, with ticks and their unit.
pub(super) fn colour_bar(
    canvas: &mut Canvas,
    (x, y): (usize, usize),
    height: usize,
    top: f64,
) -> anyhow::Result<()> {
    const WIDTH: usize = 22;
    for row in 0..height {
        let colour = inferno(1.0 - row as f64 / (height - 1).max(1) as f64);
        for column in 0..WIDTH {
            canvas.set(x + column, y + row, colour);
        }
    }
    let (x, y, height) = (x as i32, y as i32, height as i32);
    let right = x + WIDTH as i32;
    canvas.draw(|area| {
        line(area, &[(x, y), (right, y), (right, y + height), (x, y + height), (x, y)], INK, 1)?;
        for tick in ticks(top) {
            let at = y + height - (f64::from(height) * tick / top).round() as i32;
            line(area, &[(right, at), (right + 6, at)], INK, 1)?;
            text(area, &thousands(tick), (right + 11, at), PLAIN)?;
        }
        Ok(())
    })
}

/// Four to six even ticks from zero.
fn ticks(top: f64) -> Vec<f64> {
    let step = round_up(top / 5.0);
    (0..=10).map(|i| f64::from(i) * step).filter(|tick| *tick <= top * 1.001).collect()
}

/// `12345.6` as `12,346`.
pub(super) fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    let sign = if value <= -0.5 { "-" } else { "" };
    format!("{sign}{}", groups.join(","))
}

/// The next of 1, 2, 5, 10, … at or above.
pub(super) fn round_up(value: f64) -> f64 {
    let power = 10.0_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= value * 0.999).unwrap_or(10.0 * power)
}

/// The next of 1, 2, 5, 10, … at or below.
fn round_down(value: f64) -> f64 {
    let power = 10.0_f64.powf(value.log10().floor());
    let steps = [5.0, 2.0, 1.0].map(|step| step * power);
    steps.into_iter().find(|step| *step <= value * 1.001).unwrap_or(power)
}

/// A place in a plume marked with a ring.
pub(super) fn ring(area: &Area<'_>, view: &View, at: PixelPlace) -> anyhow::Result<()> {
    ring_key(area, view.place(at))
}

/// The same ring on the sheet, for a key.
pub(super) fn ring_key(area: &Area<'_>, centre: (i32, i32)) -> anyhow::Result<()> {
    for (colour, width) in [(INK, 5), (RGBColor(90, 220, 255), 3)] {
        area.draw(&Circle::new(centre, 8, colour.stroke_width(width)))
            .map_err(|error| anyhow!("{error}"))?;
    }
    Ok(())
}
