//! Readings against the model, sensor by sensor.

use std::path::Path;

use anyhow::anyhow;
use cathartes_core::{source::Fitted, trace::Reading};
use plotters::{coord::Shift, prelude::*};

use super::{
    canvas::{Area, Canvas},
    located::{GUIDE, Located, MODEL, SENSOR, SMALL, TITLE, clock},
    marks::{self, INK},
};
use crate::font::FAMILY;

const HEAD_PX: i32 = 92;
const PANEL_PX: (usize, usize) = (620, 215);
const MOST_PANELS: usize = 12;
/// Behind the model: what noise and its own error allow.
const ALLOWED: RGBColor = RGBColor(246, 222, 214);

type Panel<'a, 'b> = &'b DrawingArea<BitMapBackend<'a>, Shift>;
/// A reading and what the model makes of it.
type Pair<'t> = (&'t Reading, Option<&'t Fitted>);

/// Writes the picture as PNG.
pub(crate) fn draw(path: &Path, look: &Located<'_>) -> anyhow::Result<()> {
    let shown = sensors(look);
    let columns = shown.len().clamp(1, 2);
    let rows = shown.len().div_ceil(columns).max(1);
    let (width, height) = (columns.max(2) * PANEL_PX.0, rows * PANEL_PX.1 + HEAD_PX as usize);
    let mut canvas = Canvas::new(width, height, [255; 3]);
    canvas.draw(|area| {
        head(area, look, shown.len())?;
        let panels = area.margin(HEAD_PX, 0, 0, 0).split_evenly((rows, columns));
        panels.iter().zip(&shown).try_for_each(|(panel, sensor)| {
            one(panel, look, *sensor).map_err(|error| anyhow!("{error}"))
        })
    })?;
    canvas.save(path)
}

fn head(area: &Area<'_>, look: &Located<'_>, shown: usize) -> anyhow::Result<()> {
    marks::text(area, &look.headline(), (24, 26), TITLE)?;
    let all = look.trace.sensors.len();
    let some = format!("; the {shown} of {all} sensors with the strongest changes");
    let under = format!("{}{}", look.effort(), if shown < all { some } else { String::new() });
    marks::text(area, &under, (24, 52), SMALL)?;
    area.draw(&Circle::new((34, 78), 3, SENSOR.filled())).map_err(|error| anyhow!("{error}"))?;
    marks::text(area, "readings", (46, 78), SMALL)?;
    marks::line(area, &[(140, 78), (166, 78)], MODEL, 2)?;
    marks::text(area, "sources and background", (174, 78), SMALL)?;
    marks::line(area, &[(384, 78), (410, 78)], INK, 1)?;
    marks::text(area, "background", (418, 78), SMALL)?;
    marks::line(area, &[(540, 78), (566, 78)], ALLOWED, 12)?;
    marks::text(area, "allowed by noise and model error, one deviation", (574, 78), SMALL)
}

/// Those with the widest range of readings, in the order of the trace.
fn sensors(look: &Located<'_>) -> Vec<usize> {
    let range = |sensor: usize| {
        let values = pairs(look, sensor).map(|(reading, _)| reading.value.0);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        high - low
    };
    let mut all: Vec<(usize, f64)> = (0..look.trace.sensors.len())
        .map(|sensor| (sensor, range(sensor)))
        .filter(|(_, range)| *range >= 0.0)
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all.truncate(MOST_PANELS);
    let mut shown: Vec<usize> = all.into_iter().map(|(sensor, _)| sensor).collect();
    shown.sort_unstable();
    shown
}

fn pairs<'t>(look: &Located<'t>, sensor: usize) -> impl Iterator<Item = Pair<'t>> {
    let fitted = &look.location.fitted;
    let all = look.trace.readings.iter().enumerate();
    all.filter(move |(_, reading)| reading.sensor == sensor)
        .map(move |(i, reading)| (reading, fitted.get(i)))
}

fn one(
    panel: Panel<'_, '_>,
    look: &Located<'_>,
    sensor: usize,
) -> Result<(), Box<dyn std::error::Error>> {
    let pairs: Vec<Pair<'_>> = pairs(look, sensor).collect();
    let times = || pairs.iter().map(|(reading, _)| reading.time.0);
    let (first, last) = (least(times()), -least(times().map(|t| -t)));
    let (unit, name) = clock(last - first);
    let values = pairs.iter().flat_map(|(reading, fitted)| {
        [reading.value.0, fitted.map_or(reading.value.0, |fitted| fitted.value.0)]
    });
    let values: Vec<f64> = values.collect();
    let (low, high) = (least(values.iter().copied()), -least(values.iter().map(|v| -v)));
    let free = (0.06 * (high - low)).max(1e-4);
    let mut chart = ChartBuilder::on(panel)
        .caption(caption(look, sensor), (FAMILY, 15))
        .margin(6)
        .margin_right(18)
        .x_label_area_size(34)
        .y_label_area_size(60)
        .build_cartesian_2d(
            first / unit..(last / unit).max(first / unit + 1e-9),
            low - free..high + free,
        )?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(GUIDE)
        .x_desc(format!("{name} since the start"))
        .y_desc("ppm")
        .y_labels(5)
        .label_style((FAMILY, 13))
        .axis_desc_style((FAMILY, 13))
        .draw()?;
    let fitted = || pairs.iter().filter_map(|(r, fitted)| Some((r.time.0 / unit, (*fitted)?)));
    let edge = |sign: f64| {
        fitted().map(move |(t, f)| (t, (f.value.0 + sign * f.std.0).clamp(low - free, high + free)))
    };
    let mut band: Vec<(f64, f64)> = edge(1.0).collect();
    band.extend(edge(-1.0).collect::<Vec<_>>().into_iter().rev());
    chart.draw_series([Polygon::new(band, ALLOWED.filled())])?;
    let background = fitted().map(|(t, f)| (t, f.background.0.clamp(low - free, high + free)));
    chart.draw_series(LineSeries::new(background, INK.stroke_width(1)))?;
    let model = fitted().map(|(t, f)| (t, f.value.0));
    chart.draw_series(LineSeries::new(model, MODEL.stroke_width(1)))?;
    let dots =
        pairs.iter().map(|(r, _)| Circle::new((r.time.0 / unit, r.value.0), 2, SENSOR.filled()));
    chart.draw_series(dots)?;
    Ok(())
}

fn caption(look: &Located<'_>, sensor: usize) -> String {
    let name = look.trace.sensors.get(sensor).map_or("", |sensor| sensor.name.as_str());
    let fit = look.location.fit.iter().find(|fit| fit.sensor == sensor);
    fit.map_or_else(
        || name.to_owned(),
        |fit| {
            let (residual, noise) = (fit.relative_residual, fit.noise.0);
            format!("{name}: residual {residual:.2} of what is allowed, noise {noise:.3} ppm")
        },
    )
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}
