//! Whether chains started apart came together: number of sources and ln of the posterior, draw by draw.

use std::path::Path;

use anyhow::anyhow;
use plotters::{coord::Shift, prelude::*};

use super::{
    canvas::Canvas,
    located::{GUIDE, Located, SENSOR, SMALL, TITLE},
    marks::{self, INK},
};
use crate::font::FAMILY;

const SIZE_PX: (usize, usize) = (1180, 640);
const HEAD_PX: i32 = 78;
/// Where the bars begin.
const BARS_PX: i32 = 860;
/// One a chain, told apart by most people's eyes (Okabe and Ito 2008).
const CHAINS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

type Panel<'a, 'b> = &'b DrawingArea<BitMapBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Writes the picture as PNG.
pub(crate) fn draw(path: &Path, look: &Located<'_>) -> anyhow::Result<()> {
    let mut canvas = Canvas::new(SIZE_PX.0, SIZE_PX.1, [255; 3]);
    canvas.draw(|area| {
        marks::text(area, &look.headline(), (24, 26), TITLE)?;
        marks::text(area, &verdict(look), (24, 54), SMALL)?;
        let below = area.margin(HEAD_PX, 8, 8, 12);
        let (left, right) = below.split_horizontally(BARS_PX);
        let halves = left.split_evenly((2, 1));
        let [upper, lower] = halves.as_slice() else { return Ok(()) };
        let chains = &look.location.chains;
        // Chains beside each other, not over each other.
        let number = |chain: usize, draw: &(u32, f64)| f64::from(draw.0) + 0.07 * chain as f64;
        lines(upper, chains, "number of sources", &number)
            .and_then(|()| lines(lower, chains, "ln of the posterior", &|_, draw| draw.1))
            .and_then(|()| bars(&right, &look.location.count_probability))
            .map_err(|error| anyhow!("{error}"))
    })?;
    canvas.save(path)
}

fn verdict(look: &Located<'_>) -> String {
    let c = look.location.convergence;
    let together = if c.converged { "came together" } else { "did not come together well" };
    format!(
        "{} chains, each with its colour, {together}: R-hat {:.3}, {:.0} effective draws, each the worst of all \
         that is followed",
        look.location.chains.len(),
        c.r_hat,
        c.effective_draws
    )
}

fn lines(
    panel: Panel<'_, '_>,
    chains: &[Vec<(u32, f64)>],
    what: &str,
    value: &dyn Fn(usize, &(u32, f64)) -> f64,
) -> Drawn {
    let draws = chains.iter().map(Vec::len).max().unwrap_or_default().max(2);
    let all = chains.iter().enumerate().flat_map(|(i, c)| c.iter().map(move |draw| value(i, draw)));
    let all: Vec<f64> = all.filter(|value| value.is_finite()).collect();
    let (low, high) =
        all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let free = (0.08 * (high - low)).max(0.25);
    let mut chart = ChartBuilder::on(panel)
        .margin(6)
        .margin_right(24)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..draws as f64, low - free..high + free)?;
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(WHITE)
        .bold_line_style(GUIDE)
        .x_desc("draw")
        .y_desc(what)
        .y_labels(6)
        .label_style((FAMILY, 13))
        .axis_desc_style((FAMILY, 14))
        .x_label_formatter(&|x| format!("{x:.0}"))
        // Between whole numbers of sources there is nothing to label.
        .y_label_formatter(&|y| {
            if (y - y.round()).abs() < 1e-6 { format!("{y:.0}") } else { String::new() }
        });
    mesh.draw()?;
    for (i, chain) in chains.iter().enumerate() {
        let points = chain.iter().enumerate().map(|(draw, at)| (draw as f64, value(i, at)));
        let colour = CHAINS[i % CHAINS.len()];
        chart.draw_series(LineSeries::new(points, colour.stroke_width(1)))?;
    }
    Ok(())
}

/// How many sources there are, with what probability.
fn bars(panel: Panel<'_, '_>, probability: &[f64]) -> Drawn {
    let last = probability.iter().rposition(|p| *p >= 0.005).unwrap_or_default().max(3);
    let mut chart = ChartBuilder::on(panel)
        .margin(6)
        .x_label_area_size(36)
        .y_label_area_size(60)
        .build_cartesian_2d(-0.6..last as f64 + 0.6, 0.0..1.05)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(GUIDE)
        .x_labels(last + 1)
        .x_desc("number of sources")
        .y_desc("probability")
        .y_labels(6)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .label_style((FAMILY, 13))
        .axis_desc_style((FAMILY, 14))
        .draw()?;
    let bar = |(n, p): (usize, &f64)| {
        Rectangle::new([(n as f64 - 0.35, 0.0), (n as f64 + 0.35, *p)], SENSOR.filled())
    };
    chart.draw_series(probability.iter().enumerate().take(last + 1).map(bar))?;
    let zero = [(-0.6, 0.0), (last as f64 + 0.6, 0.0)];
    chart.draw_series(LineSeries::new(zero, INK.stroke_width(1)))?;
    Ok(())
}
