//! A picture of a cross-section: thermal window above, shortwave below.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use cathartes_core::{gas::CrossSection, units::PerCm};
use cathartes_sensing::signature::ranges;
use plotters::{coord::Shift, prelude::*};

use super::listing::{WINDOWS, points};
use crate::font;

const SIZE: (u32, u32) = (1200, 840);
const INK: RGBColor = RGBColor(24, 60, 110);
const UNKNOWN: RGBColor = RGBColor(225, 225, 225);
/// Powers of ten shown below the strongest line.
const DECADES: f64 = 5.0;

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// Writes the picture as PNG; the file appears only when it is whole.
///
/// # Errors
///
/// When the name does not end in `.png` or the file cannot be written.
pub fn plot(gas: &CrossSection, path: &Path) -> Result<()> {
    ensure!(
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png")),
        "{}: pictures are PNG; give a name that ends in .png",
        path.display()
    );
    let beside = path.with_extension("part.png");
    let drawn = draw(gas, &beside).map_err(|e| anyhow!("{}: {e}", path.display()));
    let kept = drawn
        .and_then(|()| std::fs::rename(&beside, path).with_context(|| path.display().to_string()));
    if kept.is_err() {
        // Nothing half-drawn stays; when it was never begun there is nothing to remove.
        let _ = std::fs::remove_file(&beside);
    }
    kept
}

fn draw(gas: &CrossSection, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    font::register()?;
    let root = BitMapBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!("{}, {}, {} K", gas.gas.name, gas.gas.formula, gas.temperature.0);
    root.draw(&Text::new(title, (20, 14), (font::FAMILY, 26)))?;
    let panels = root.margin(50, 40, 10, 10).split_evenly((2, 1));
    for (area, window) in panels.iter().zip(WINDOWS) {
        panel(area, gas, window)?;
    }
    let grey = (font::FAMILY, 13).into_font().color(&RGBColor(90, 90, 90));
    let source: String = gas.source.chars().take(150).collect();
    let more = if source.len() < gas.source.len() { ".." } else { "" };
    root.draw(&Text::new(format!("Source: {source}{more}"), (20, SIZE.1 as i32 - 24), grey))?;
    root.present()?;
    Ok(())
}

fn panel(
    area: &Area,
    gas: &CrossSection,
    (name, low, high): (&str, PerCm, PerCm),
) -> Result<(), Box<dyn std::error::Error>> {
    let shown: Vec<(f64, f64)> =
        points(gas).filter(|(nu, _)| (low.0..=high.0).contains(nu)).collect();
    let top = shown.iter().fold(0.0_f64, |m, p| m.max(p.1));
    let microns = (high.to_nm().0 / 1000.0, low.to_nm().0 / 1000.0);
    let caption = format!("{name}, {:.1}-{:.1} µm", microns.0, microns.1);
    let top = if top > 0.0 { (top * 1.5).log10() } else { -18.0 };
    let floor = top - DECADES;
    let mut chart = ChartBuilder::on(area)
        .caption(caption, (font::FAMILY, 17))
        .margin_top(6)
        .margin_right(20)
        .x_label_area_size(42)
        .y_label_area_size(88)
        .build_cartesian_2d(low.0..high.0, floor..top)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc("wavenumber, cm⁻¹")
        .y_desc("cross-section, cm² per molecule")
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_labels(DECADES as usize + 1)
        .y_label_formatter(&|y| format!("1e{y:.0}"))
        .label_style((font::FAMILY, 14))
        .axis_desc_style((font::FAMILY, 15))
        .draw()?;
    for (from, to) in untabulated(gas, low.0, high.0) {
        chart.draw_series([Rectangle::new([(from, floor), (to, top)], UNKNOWN.filled())])?;
        if to - from > 0.2 * (high.0 - low.0) {
            let at = (from + 0.35 * (to - from), f64::midpoint(floor, top));
            chart.draw_series([Text::new("not tabulated", at, (font::FAMILY, 16))])?;
        }
    }
    for (from, to) in ranges(gas) {
        let line = shown
            .iter()
            .filter(|(nu, _)| (from.0..=to.0).contains(nu))
            .map(|(nu, sigma)| (*nu, sigma.log10().max(floor)));
        chart.draw_series(LineSeries::new(line, INK.stroke_width(1)))?;
    }
    Ok(())
}

/// Parts of a range where nothing is known.
fn untabulated(gas: &CrossSection, low: f64, high: f64) -> Vec<(f64, f64)> {
    let mut parts = Vec::new();
    let mut reached = low;
    for (from, to) in ranges(gas) {
        if from.0 > reached {
            parts.push((reached, from.0.min(high)));
        }
        reached = reached.max(to.0);
        if reached >= high {
            return parts;
        }
    }
    parts.push((reached, high));
    parts
}
