//! One plume by itself: where its gas is, and its spectrum against the gas's.

use std::path::Path;

use anyhow::anyhow;
use cathartes_core::{
    gas::Gas,
    geometry::{Geometry, PixelSteps},
    plume::Plume,
    wind::Wind,
};
use cathartes_sensing::{look_alike::PlumeSpectrum, maps::SearchMaps};
use plotters::{prelude::*, style::text_anchor::HPos};

use super::{
    canvas::{Area, Canvas},
    colour::inferno,
    marks::{self, PLAIN, Type, thousands},
    top_ppmm,
    view::View,
};
use crate::font::FAMILY;

const WIDTH_PX: usize = 1240;
const HEIGHT_PX: usize = 640;
const MAP_PX: f64 = 440.0;
const MAP_LEFT: usize = 24;
const MAP_TOP: usize = 96;
const SEEN: RGBColor = RGBColor(40, 44, 52);
const GAS: RGBColor = RGBColor(0, 114, 178);
/// Of several gases, each its own (Okabe and Ito's colours, told apart by every eye).
const PARTS: [RGBColor; 5] = [
    GAS,
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
];
const SCATTER: RGBColor = RGBColor(214, 219, 224);

/// What the picture is made from.
pub(crate) struct PlumePicture<'a> {
    pub(crate) scene: &'a str,
    pub(crate) geometry: &'a Geometry,
    pub(crate) gas: &'a Gas,
    pub(crate) maps: &'a SearchMaps,
    pub(crate) plume: &'a Plume,
    pub(crate) spectrum: Option<&'a PlumeSpectrum>,
    /// How many of the spectrum's leading bands are the gas's window.
    pub(crate) window: usize,
    pub(crate) wind: Option<Wind>,
}

pub(crate) fn draw(path: &Path, picture: &PlumePicture<'_>) -> anyhow::Result<()> {
    let mut canvas = Canvas::new(WIDTH_PX, HEIGHT_PX, [255; 3]);
    let steps = picture.geometry.steps(picture.plume.origin);
    let view = picture.view(steps.as_ref());
    let maps = picture.maps;
    let top =
        top_ppmm(&maps.enhancement_ppmm, &maps.sigma_ppmm, std::slice::from_ref(picture.plume));
    picture.paint(&mut canvas, &view, top);
    marks::colour_bar(&mut canvas, (MAP_LEFT + MAP_PX as usize + 18, MAP_TOP + 26), 200, top)?;
    canvas.draw(|area| {
        marks::outline(area, &view, picture.plume)?;
        marks::ring(area, &view, picture.plume.origin)?;
        picture.beside(area, &view, steps.as_ref())?;
        picture.head(area)?;
        picture.charts(area)
    })?;
    canvas.save(path)
}

impl PlumePicture<'_> {
    /// The plume and some ground around it, as square as the image allows.
    fn view(&self, steps: Option<&PixelSteps>) -> View {
        let reach = |of: &dyn Fn(&(u32, u32)) -> u32| {
            let low = self.plume.pixels.iter().map(of).min().unwrap_or(0) as usize;
            let high = self.plume.pixels.iter().map(of).max().unwrap_or(0) as usize + 1;
            let margin = ((high - low) / 4).max(8);
            (low + high, high - low + 2 * margin)
        };
        let tall = steps.map_or(1.0, |s| (s.per_line.0 / s.per_sample.0).clamp(0.05, 20.0));
        let ((line, down), (sample, across)) = (reach(&|p| p.0), reach(&|p| p.1));
        let side = (across as f64).max(down as f64 * tall);
        let decision = &self.maps.decision;
        let lines = around(line, (side / tall) as usize, decision.lines);
        let samples = around(sample, side as usize, decision.samples);
        let across = MAP_PX / (samples.len() as f64).max(lines.len() as f64 * tall);
        View { lines, samples, left: MAP_LEFT, top: MAP_TOP, across, down: across * tall }
    }

    fn paint(&self, canvas: &mut Canvas, view: &View, top: f64) {
        for row in 0..view.height() {
            for column in 0..view.width() {
                let at = (view.lines_under(row).start, view.samples_under(column).start);
                let value = f64::from(self.maps.enhancement_ppmm.at(at.0, at.1));
                let colour = if value.is_nan() { [150; 3] } else { inferno(value / top) };
                canvas.set(view.left + column, view.top + row, colour);
            }
        }
    }

    /// Unit, scale, north and wind beside and below the map.
    fn beside(
        &self,
        area: &Area<'_>,
        view: &View,
        steps: Option<&PixelSteps>,
    ) -> anyhow::Result<()> {
        let x = MAP_LEFT as i32 + MAP_PX as i32 + 18;
        let small = Type { size: 15, ..PLAIN };
        marks::text(area, "ppm-m", (x, MAP_TOP as i32 + 8), small)?;
        let below = view.bottom() as i32 + 26;
        marks::ring_key(area, (MAP_LEFT as i32 + 10, below + 44))?;
        let head = if self.wind.is_some() { "head, upwind" } else { "strongest place" };
        marks::text(area, head, (MAP_LEFT as i32 + 28, below + 44), small)?;
        let Some(steps) = steps else {
            let sentence = "no geometry: scale and north unknown";
            return marks::text(area, sentence, (MAP_LEFT as i32, below), small);
        };
        let metres = steps.per_sample.0 / view.across;
        marks::scale_bar(area, (MAP_LEFT as i32, below - 4), metres, 140.0)?;
        marks::north(area, (x + 42, MAP_TOP as i32 + 300), steps)?;
        if let Some(wind) = self.wind {
            let toward = marks::toward(steps, wind.from.0 + 180.0);
            let at = (x + 42, MAP_TOP as i32 + 396);
            marks::arrow(area, at, 30.0, toward, GAS)?;
            let label = format!("wind {:.1} m/s", wind.speed.value.0);
            let centred = Type { anchor: HPos::Center, colour: GAS, ..small };
            marks::text(area, &label, (at.0, at.1 + 48), centred)?;
        }
        Ok(())
    }

    fn head(&self, area: &Area<'_>) -> anyhow::Result<()> {
        let plume = self.plume;
        let title =
            format!("{}: plume {} of {}", self.scene, plume.number, self.gas.name.to_lowercase());
        let x = MAP_LEFT as i32;
        marks::text(area, &title, (x, 26), Type { size: 22, bold: true, ..PLAIN })?;
        let mut facts = Vec::new();
        if let (Some(rate), Some(range)) = (plume.rate_by_mass, plume.rate_by_mass_range) {
            let (low, high) = (figures(range.low.0), figures(range.high.0));
            facts.push(format!("{} kg/h (90 %: {low} to {high})", figures(rate.value.0)));
        }
        if let Some(mass) = plume.mass {
            let places = usize::from(mass.value.0.abs() < 100.0);
            facts.push(format!("{:.places$} ± {:.places$} kg of gas", mass.value.0, mass.std.0));
        }
        if plume.peak.value.0.is_finite() {
            let (peak, std) = (thousands(plume.peak.value.0), thousands(plume.peak.std.0));
            facts.push(format!("peak {peak} ± {std} ppm-m"));
        }
        if let Some(gas) = plume.identification.as_ref().and_then(|known| known.gases.first()) {
            let (percent, words) = (100.0 * gas.probability, gas.likelihood);
            facts.push(format!("{} {percent:.0} % ({words})", gas.gas));
        }
        facts.push(format!("false-alarm probability {:.0e}", plume.false_alarm_probability));
        if let Some(rival) = plume.look_alike.as_ref().filter(|rival| rival.flagged) {
            facts.push(format!("looks rather like {}", rival.rival));
        }
        marks::text(area, &facts.join("     "), (x, 58), PLAIN)
    }

    fn charts(&self, area: &Area<'_>) -> anyhow::Result<()> {
        let (left, top) = (600, MAP_TOP as i32 - 12);
        let Some(spectrum) = self.spectrum else {
            let sentence = "No spectrum: too little ground around the plume to compare it with.";
            return marks::text(area, sentence, (left, top + 40), PLAIN);
        };
        let shown = Shown::of(spectrum, self.window);
        let right = area.margin(top, 12, left, 12);
        let (upper, lower) = right.split_vertically(350);
        self.spectrum_chart(&upper, &shown, spectrum).map_err(|error| anyhow!("{error}"))?;
        residual_chart(&lower, &shown).map_err(|error| anyhow!("{error}"))
    }

    fn spectrum_chart<'a>(
        &self,
        area: &Area<'a>,
        shown: &Shown,
        spectrum: &PlumeSpectrum,
    ) -> Result<(), Box<dyn std::error::Error + 'a>> {
        let what = if spectrum.parts_ln.is_empty() {
            "Light the plume takes, % (difference of ground taken off)"
        } else {
            "Change of radiance over the plume, % (difference of ground taken off)"
        };
        let range = shown.with_legend(shown.range(&[&shown.seen, &shown.gas]));
        let mut chart = axes(area, what, shown.nm_range(), range)?;
        let band = shown.nm.iter().zip(&shown.sigma).map(|(x, s)| (*x, *s));
        let back = shown.nm.iter().zip(&shown.sigma).rev().map(|(x, s)| (*x, -*s));
        chart
            .draw_series([Polygon::new(band.chain(back).collect::<Vec<_>>(), SCATTER.filled())])?;
        let mut curves = vec![("seen".to_owned(), shown.seen.clone(), SEEN)];
        if spectrum.parts_ln.is_empty() {
            let (name, column) = (self.gas.name.to_lowercase(), thousands(spectrum.column_ppmm));
            curves.push((format!("{name}, {column} ppm-m, fitted"), shown.gas.clone(), GAS));
        }
        for ((gas, part), colour) in spectrum.parts_ln.iter().zip(PARTS) {
            curves.push((format!("{gas}, fitted"), percent(part, self.window), colour));
        }
        for (label, values, colour) in curves {
            chart
                .draw_series(LineSeries::new(shown.points(&values), colour.stroke_width(2)))?
                .label(label)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
        }
        chart
            .draw_series(std::iter::empty::<Rectangle<(f64, f64)>>())?
            .label("scatter of ground, ± 1 deviation")
            .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 18, y + 5)], SCATTER.filled()));
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerLeft)
            .background_style(WHITE.mix(0.85))
            .label_font((FAMILY, 15))
            .draw()?;
        Ok(())
    }
}

/// A range of some length around half of `doubled`, inside `0..end`.
fn around(doubled: usize, length: usize, end: usize) -> std::ops::Range<usize> {
    let first = (doubled / 2).saturating_sub(length / 2).min(end.saturating_sub(length));
    first..(first + length.max(1)).min(end)
}

/// Changes of ln radiance in the window, in per cent.
fn percent(ln: &[f64], window: usize) -> Vec<f64> {
    ln.iter().take(window).map(|ln| 100.0 * ln.exp_m1()).collect()
}

/// A spectrum in the window, in per cent, by rising wavelength.
struct Shown {
    nm: Vec<f64>,
    /// Gas and what the fit leaves; the fitted difference of surfaces taken off.
    seen: Vec<f64>,
    gas: Vec<f64>,
    residual: Vec<f64>,
    sigma: Vec<f64>,
}

impl Shown {
    fn of(spectrum: &PlumeSpectrum, window: usize) -> Self {
        let percent = |values: &[f64]| percent(values, window);
        let cleared: Vec<f64> = spectrum
            .gas_ln
            .iter()
            .zip(&spectrum.residual_ln)
            .map(|(gas, left)| gas + left)
            .collect();
        Self {
            nm: spectrum.wavelengths_nm.iter().take(window).copied().collect(),
            seen: percent(&cleared),
            gas: percent(&spectrum.gas_ln),
            residual: percent(&spectrum.residual_ln),
            sigma: percent(&spectrum.sigma_ln),
        }
    }

    fn points(&self, values: &[f64]) -> Vec<(f64, f64)> {
        self.nm.iter().copied().zip(values.iter().copied()).collect()
    }

    fn nm_range(&self) -> std::ops::Range<f64> {
        let low = self.nm.first().copied().unwrap_or_default();
        low..self.nm.last().copied().unwrap_or_default().max(low + 1.0)
    }

    /// A range with some air that holds zero, the scatter and the values.
    fn range(&self, of: &[&Vec<f64>]) -> std::ops::Range<f64> {
        let both = self.sigma.iter().flat_map(|s| [*s, -*s]);
        let values = || of.iter().flat_map(|v| v.iter().copied()).chain(both.clone());
        let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
        let air = (0.1 * (high - low)).max(1e-3);
        low - air..high + air
    }
}

impl Shown {
    /// The range, stretched down where the curves would run behind the legend in the lower left.
    fn with_legend(&self, range: std::ops::Range<f64>) -> std::ops::Range<f64> {
        /// The legend's share of width and height.
        const LEGEND: [f64; 2] = [0.5, 0.28];
        let behind = (self.nm.len() as f64 * LEGEND[0]).ceil() as usize;
        let curves = [&self.seen, &self.gas].into_iter().flat_map(|v| v.iter().take(behind));
        let lowest = curves.copied().fold(f64::INFINITY, f64::min);
        let needed = (lowest - LEGEND[1] * range.end) / (1.0 - LEGEND[1]);
        range.start.min(needed)..range.end
    }
}

type Chart<'a, 'b> = ChartContext<
    'a,
    BitMapBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn axes<'a, 'b>(
    area: &'a Area<'b>,
    what: &str,
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
) -> Result<Chart<'a, 'b>, Box<dyn std::error::Error + 'b>> {
    let mut chart = ChartBuilder::on(area)
        .caption(what, (FAMILY, 17))
        .margin_right(16)
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .max_light_lines(0)
        .y_labels(6)
        .x_desc("wavelength, nm")
        .x_label_formatter(&|nm| format!("{nm:.0}"))
        .y_label_formatter(&|percent| format!("{percent:.1}"))
        .label_style((FAMILY, 14))
        .light_line_style(RGBColor(244, 245, 247))
        .bold_line_style(RGBColor(226, 229, 233))
        .draw()?;
    Ok(chart)
}

fn residual_chart<'a>(
    area: &Area<'a>,
    shown: &Shown,
) -> Result<(), Box<dyn std::error::Error + 'a>> {
    let what = "What the fit leaves, %";
    let mut chart = axes(area, what, shown.nm_range(), shown.range(&[&shown.residual]))?;
    let band = shown.nm.iter().zip(&shown.sigma).map(|(x, s)| (*x, *s));
    let back = shown.nm.iter().zip(&shown.sigma).rev().map(|(x, s)| (*x, -*s));
    chart.draw_series([Polygon::new(band.chain(back).collect::<Vec<_>>(), SCATTER.filled())])?;
    chart.draw_series(LineSeries::new(shown.points(&shown.residual), SEEN.stroke_width(2)))?;
    Ok(())
}

/// Three significant figures, as people read them.
fn figures(value: f64) -> String {
    match value.abs() {
        x if x >= 100.0 => {
            let power = 10.0_f64.powf(x.log10().floor() - 2.0);
            thousands((value / power).round() * power)
        }
        x if x >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
