//! The map of a location: how likely a source is everywhere, the sources with their ellipses, what was
//! measured where, and the wind.

use std::path::Path;

use anyhow::anyhow;
use cathartes_core::{
    geometry::PixelSteps,
    identification::Likelihood,
    source::{Ellipse90, Source},
    trace::{LocalPlace, Probe},
    units::{Degrees, Metres},
};
use plotters::{prelude::*, style::text_anchor::HPos};

use super::{
    canvas::{Area, Canvas, Rgb},
    colour::{inferno, mix},
    located::{GUIDE, Ground, Located, SENSOR, SMALL, TITLE},
    marks::{self, INK, PAPER, PLAIN, Type},
    rose,
};

const MARGIN_PX: usize = 70;
const HEAD_PX: usize = 104;
const FOOT_PX: usize = 62;
const PANEL_PX: usize = 330;
/// Powers of ten below the top of the scale.
const DECADES: f64 = 3.0;
const BAR_PX: usize = 150;
/// Sources with a line of their own beside the map.
const MOST_LISTED: usize = 5;
const NEXT: RGBColor = RGBColor(20, 130, 70);
const IMAGER: RGBColor = RGBColor(130, 60, 160);
/// Corners of an ellipse.
const CORNERS: usize = 72;
/// Sensors with their name on the map.
const MOST_NAMED: usize = 30;

/// Writes the map as PNG.
pub(crate) fn draw(path: &Path, look: &Located<'_>) -> anyhow::Result<()> {
    let ground = Ground::around(look, MARGIN_PX, HEAD_PX);
    let listed = look.location.sources.len().min(MOST_LISTED);
    let panel =
        HEAD_PX + 72 + BAR_PX + 66 * listed.max(1) + 150 + 2 * rose::RADIUS_PX as usize + 70;
    let height = (ground.bottom() + FOOT_PX).max(panel);
    let mut canvas = Canvas::new(ground.right() + 24 + PANEL_PX, height, [255; 3]);
    let top = top(look);
    paint(&mut canvas, &ground, look, top);
    canvas.draw(|area| {
        axes(area, &ground)?;
        outline(area, &ground, look)?;
        measured(area, &ground, look)?;
        imagers(area, &ground, look)?;
        next_leg(area, &ground, look)?;
        look.location.sources.iter().try_for_each(|source| mark(area, &ground, source))?;
        marks::text(area, &look.headline(), (ground.left as i32, 26), TITLE)?;
        let under = format!("{}; {}", look.effort(), "lines hold a source nine times in ten");
        marks::text(area, &under, (ground.left as i32, 54), SMALL)
    })?;
    panel_beside(&mut canvas, &ground, look, top)?;
    canvas.save(path)
}

/// Expected sources in 100 m² at the top of the scale.
fn top(look: &Located<'_>) -> f64 {
    let most = look.location.density.sources_per_cell.iter().copied().fold(0.0, f64::max);
    let area = cell_area_m2(look);
    if most > 0.0 && area > 0.0 { marks::round_up(most / area * 100.0) } else { 1.0 }
}

fn cell_area_m2(look: &Located<'_>) -> f64 {
    let map = &look.location.density;
    let (e, n) = (map.volume.east, map.volume.north);
    let cells = (map.columns * map.rows).max(1) as f64;
    (e.to.0 - e.from.0) * (n.to.0 - n.from.0) / cells
}

/// From paper over yellow to dark, by the logarithm.
fn shade(share: f64) -> Rgb {
    let share = share.clamp(0.0, 1.0);
    mix([255; 3], inferno(1.0 - 0.75 * share), (5.0 * share).min(1.0))
}

fn paint(canvas: &mut Canvas, ground: &Ground, look: &Located<'_>, top: f64) {
    let map = &look.location.density;
    let (e, n) = (map.volume.east, map.volume.north);
    let per_100_m2 = 100.0 / cell_area_m2(look);
    let cell = |value: f64, from: f64, to: f64, count: usize| {
        let share = (value - from) / (to - from);
        (0.0..1.0).contains(&share).then(|| ((share * count as f64) as usize).min(count - 1))
    };
    for y in ground.top..ground.bottom() {
        for x in ground.left..ground.right() {
            let (east, north) = ground.under(x, y);
            let column = cell(east, e.from.0, e.to.0, map.columns.max(1));
            let row = cell(north, n.from.0, n.to.0, map.rows.max(1));
            let Some((column, row)) = column.zip(row) else { continue };
            let Some(value) = map.sources_per_cell.get(row * map.columns + column) else {
                continue;
            };
            let share = 1.0 + (value * per_100_m2 / top).log10() / DECADES;
            canvas.set(x, y, shade(share));
        }
    }
}

fn axes(area: &Area<'_>, ground: &Ground) -> anyhow::Result<()> {
    let (left, top, right, bottom) =
        (ground.left as i32, ground.top as i32, ground.right() as i32, ground.bottom() as i32);
    let metres = |px: usize| px as f64 / ground.px_per_m;
    let centred = Type { anchor: HPos::Center, ..SMALL };
    let before = Type { anchor: HPos::Right, ..SMALL };
    for east in ticks(ground.west_m, metres(ground.width)) {
        let x = ground.at(east, 0.0).0;
        marks::line(area, &[(x, bottom), (x, bottom + 6)], INK, 1)?;
        marks::text(area, &format!("{east}"), (x, bottom + 17), centred)?;
    }
    for north in ticks(ground.north_m - metres(ground.height), metres(ground.height)) {
        let y = ground.at(0.0, north).1;
        marks::line(area, &[(left - 6, y), (left, y)], INK, 1)?;
        marks::text(area, &format!("{north}"), (left - 10, y), before)?;
    }
    let frame = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    marks::line(area, &frame, INK, 1)?;
    marks::text(area, "metres east", (i32::midpoint(left, right), bottom + 40), centred)?;
    marks::text(area, "metres north", (left - 58, top - 18), SMALL)
}

/// Round values, about six of them.
fn ticks(from: f64, length: f64) -> Vec<f64> {
    let step = marks::round_up(length / 7.0);
    let first = (from / step).ceil() as i64;
    let last = ((from + length) / step).floor() as i64;
    // Adding zero takes the sign off -0.
    (first..=last).map(|i| i as f64 * step + 0.0).collect()
}

/// The edge of what was searched.
fn outline(area: &Area<'_>, ground: &Ground, look: &Located<'_>) -> anyhow::Result<()> {
    let corners = look.volume.ring().map(|(e, n)| ground.at(e.0, n.0));
    corners.windows(2).try_for_each(|pair| dashed(area, pair[0], pair[1], INK))
}

fn dashed(
    area: &Area<'_>,
    from: (i32, i32),
    to: (i32, i32),
    colour: RGBColor,
) -> anyhow::Result<()> {
    const DASH_PX: f64 = 7.0;
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let length = dx.hypot(dy).max(1.0);
    let at = |along: f64| {
        let share = (along / length).min(1.0);
        let x = f64::from(from.0) + share * dx;
        (x.round() as i32, (f64::from(from.1) + share * dy).round() as i32)
    };
    let dashes = (length / (2.0 * DASH_PX)).ceil() as usize;
    (0..dashes).try_for_each(|i| {
        let along = 2.0 * DASH_PX * i as f64;
        marks::line(area, &[at(along), at(along + DASH_PX)], colour, 1)
    })
}

/// Tracks, beams and inlets.
fn measured(area: &Area<'_>, ground: &Ground, look: &Located<'_>) -> anyhow::Result<()> {
    let trace = look.trace;
    for (sensor, about) in trace.sensors.iter().enumerate() {
        let mut probes: Vec<&Probe> =
            trace.readings.iter().filter(|r| r.sensor == sensor).map(|r| &r.probe).collect();
        probes.dedup();
        let Some(first) = probes.first() else { continue };
        let ways: Vec<Vec<(i32, i32)>> = match first {
            Probe::Beam(..) => probes
                .iter()
                .map(|probe| probe.ends().map(|p| ground.place(&p)).collect())
                .collect(),
            Probe::Point(_) => {
                vec![probes.iter().flat_map(|p| p.ends()).map(|p| ground.place(&p)).collect()]
            }
        };
        for way in &ways {
            marks::line(area, way, SENSOR, 1)?;
        }
        if probes.len() > 1 && matches!(first, Probe::Point(_)) {
            continue;
        }
        for &end in ways.iter().flatten() {
            dot(area, end, 4, SENSOR)?;
        }
        let last = ways.last().and_then(|way| way.last()).copied().unwrap_or_default();
        if trace.sensors.len() <= MOST_NAMED {
            let label = Type { size: 13, colour: SENSOR, ..PLAIN };
            marks::text(area, &about.name, (last.0 + 7, last.1 - 8), label)?;
        }
    }
    Ok(())
}

fn dot(area: &Area<'_>, at: (i32, i32), radius: i32, colour: RGBColor) -> anyhow::Result<()> {
    area.draw(&Circle::new(at, radius + 1, PAPER.filled())).map_err(|error| anyhow!("{error}"))?;
    area.draw(&Circle::new(at, radius, colour.filled())).map_err(|error| anyhow!("{error}"))
}

fn imagers(area: &Area<'_>, ground: &Ground, look: &Located<'_>) -> anyhow::Result<()> {
    look.plumes.iter().try_for_each(|plume| {
        marks::line(area, &ring(ground, &plume.place, &plume.ellipse), IMAGER, 2)
    })
}

fn next_leg(area: &Area<'_>, ground: &Ground, look: &Located<'_>) -> anyhow::Result<()> {
    let Some(leg) = &look.location.next_leg else { return Ok(()) };
    let way: Vec<(i32, i32)> = leg.track.iter().map(|place| ground.place(place)).collect();
    marks::line(area, &way, NEXT, 3)?;
    let Some([.., before, end]) = Some(way.as_slice()) else { return Ok(()) };
    let (dx, dy) = (f64::from(end.0 - before.0), f64::from(end.1 - before.1));
    let length = dx.hypot(dy).max(1.0);
    marks::arrow(area, *end, 14.0, (dx / length, dy / length), NEXT)
}

/// An ellipse on the sheet, closed.
fn ring(ground: &Ground, place: &LocalPlace, ellipse: &Ellipse90) -> Vec<(i32, i32)> {
    ellipse.ring(place, CORNERS).iter().map(|(e, n)| ground.at(e.0, n.0)).collect()
}

fn mark(area: &Area<'_>, ground: &Ground, source: &Source) -> anyhow::Result<()> {
    let points = ring(ground, &source.place, &source.ellipse);
    marks::line(area, &points, PAPER, 4)?;
    marks::line(area, &points, INK, 2)?;
    let (x, y) = ground.place(&source.place);
    for (colour, width) in [(PAPER, 4), (INK, 2)] {
        marks::line(area, &[(x - 6, y), (x + 6, y)], colour, width)?;
        marks::line(area, &[(x, y - 6), (x, y + 6)], colour, width)?;
    }
    let right = points.iter().map(|p| p.0).max().unwrap_or(x);
    let at = ((right + 28).min(ground.right() as i32 - 12), y);
    marks::tag(area, &source.number.to_string(), at)
}

/// Scale, sources, key and wind.
fn panel_beside(
    canvas: &mut Canvas,
    ground: &Ground,
    look: &Located<'_>,
    top: f64,
) -> anyhow::Result<()> {
    let left = ground.right() + 24;
    let x = left as i32;
    for row in 0..BAR_PX {
        let colour = shade(1.0 - row as f64 / (BAR_PX - 1) as f64);
        (0..22).for_each(|column| canvas.set(left + column, HEAD_PX + 34 + row, colour));
    }
    canvas.draw(|area| {
        let y = HEAD_PX as i32;
        marks::text(area, "sources expected", (x, y), Type { bold: true, ..SMALL })?;
        marks::text(area, "in 100 m²", (x, y + 18), SMALL)?;
        let (bar, high) = (y + 34, BAR_PX as i32);
        let edge = [(x, bar), (x + 22, bar), (x + 22, bar + high), (x, bar + high), (x, bar)];
        marks::line(area, &edge, GUIDE, 1)?;
        for decade in 0..=DECADES as i32 {
            let at = bar + (f64::from(decade) / DECADES * f64::from(high)) as i32;
            marks::line(area, &[(x + 22, at), (x + 28, at)], INK, 1)?;
            let value = top / 10_f64.powi(decade);
            marks::text(area, &format!("{value}"), (x + 33, at), SMALL)?;
        }
        let y = listed(area, (x, bar + high + 32), look)?;
        let y = key(area, (x, y + 10), look)?;
        let middle = (x + rose::RADIUS_PX + 26, y + rose::RADIUS_PX + 34);
        rose::draw(area, middle, look.trace)?;
        let steps = PixelSteps {
            per_sample: Metres(1.0),
            per_line: Metres(1.0),
            sample_bearing: Degrees(90.0),
            line_bearing: Degrees(180.0),
        };
        let beside = middle.0 + rose::RADIUS_PX + 50;
        marks::north(area, (beside + 30, middle.1 - 20), &steps)?;
        marks::scale_bar(area, (beside, middle.1 + 40), 1.0 / ground.px_per_m, 100.0)
    })
}

/// The sources in words; gives the height below them.
fn listed(area: &Area<'_>, (x, mut y): (i32, i32), look: &Located<'_>) -> anyhow::Result<i32> {
    let sources = &look.location.sources;
    if sources.is_empty() {
        marks::text(area, "no source is named", (x, y), Type { bold: true, ..SMALL })?;
        return Ok(y + 24);
    }
    for source in sources.iter().take(MOST_LISTED) {
        let side = |value: f64, plus, minus| {
            format!("{:.1} m {}", value.abs(), if value < 0.0 { minus } else { plus })
        };
        let place = source.place;
        let (east, north) = (side(place.east.0, "E", "W"), side(place.north.0, "N", "S"));
        let off = source.ellipse.semi_major.0;
        let first = format!("{}: {east}, {north}, ±{off:.1} m", source.number);
        let [rate, low, high] = crate::locate::rate(source);
        let term = Likelihood::of(source.existence_probability).to_string();
        marks::text(area, &first, (x, y), Type { bold: true, ..SMALL })?;
        marks::text(area, &format!("{rate} kg/h ({low} to {high})"), (x + 16, y + 19), SMALL)?;
        marks::text(area, &term, (x + 16, y + 38), SMALL)?;
        y += 64;
    }
    if sources.len() > MOST_LISTED {
        let more = format!("and {} more", sources.len() - MOST_LISTED);
        marks::text(area, &more, (x, y), SMALL)?;
        y += 22;
    }
    Ok(y)
}

/// What the lines mean; gives the height below it.
fn key(area: &Area<'_>, (x, mut y): (i32, i32), look: &Located<'_>) -> anyhow::Result<i32> {
    let mut entry = |what: &str, colour: RGBColor, width| {
        marks::line(area, &[(x, y), (x + 22, y)], colour, width)?;
        marks::text(area, what, (x + 32, y), SMALL)?;
        y += 21;
        anyhow::Ok(())
    };
    entry("where readings are from", SENSOR, 2)?;
    if !look.location.sources.is_empty() {
        entry("source, nine times in ten", INK, 2)?;
    }
    if !look.plumes.is_empty() {
        entry("plume seen by an imager", IMAGER, 2)?;
    }
    if look.location.next_leg.is_some() {
        entry("next leg", NEXT, 3)?;
    }
    dashed(area, (x, y), (x + 22, y), INK)?;
    marks::text(area, "searched", (x + 32, y), SMALL)?;
    Ok(y + 21)
}
