//! The whole scene: ground in colours, gas over it, plumes outlined and numbered.

use std::path::Path;

use cathartes_core::{
    cube::{CubeInfo, CubeSource, Window},
    gas::Gas,
    plume::{PixelPlace, Plume},
};
use cathartes_sensing::maps::SearchMaps;

use super::{
    canvas::{Canvas, Rgb},
    colour::{Stretch, mix, of_quantity},
    marks::{self, PLAIN, Type},
    scale, top_ppmm,
    view::View,
};

/// Red, green and blue of the eye, nm, and how far a band may be off.
const TRUE_NM: [f64; 3] = [645.0, 555.0, 465.0];
const NEAR_NM: f64 = 25.0;
/// Gas shows from this many deviations of the decision on, in full from one more.
const SHOWN_ABOVE: f64 = 2.5;
/// The decision that has the end of the scale, where all gases are shown at once.
const SUREST: f64 = 8.0;
const SIDE_PX: usize = 230;
const HEAD_PX: usize = 76;
const MARGIN_PX: usize = 20;
const LEAST_MAP_PX: usize = 460;
const MISSING: Rgb = [120, 120, 120];

/// What the picture is made from.
pub(crate) struct Quicklook<'a> {
    pub(crate) scene: &'a str,
    pub(crate) source: &'a dyn CubeSource,
    pub(crate) gas: &'a Gas,
    pub(crate) maps: &'a SearchMaps,
    pub(crate) plumes: &'a [Plume],
    /// Whether all gases are shown at once, by how surely there is one.
    pub(crate) overview: bool,
}

pub(crate) fn draw(path: &Path, look: &Quicklook<'_>) -> anyhow::Result<()> {
    let info = look.source.info();
    let (across, down) = scale(info.lines, info.samples, &info.geometry);
    let view = View {
        lines: 0..info.lines,
        samples: 0..info.samples,
        left: MARGIN_PX,
        top: HEAD_PX,
        across,
        down,
    };
    let width = MARGIN_PX + view.width().max(LEAST_MAP_PX) + SIDE_PX;
    let height = HEAD_PX + view.height().max(430) + MARGIN_PX;
    let mut canvas = Canvas::new(width, height, [255; 3]);
    let maps = look.maps;
    let top = if look.overview {
        SUREST
    } else {
        top_ppmm(&maps.enhancement_ppmm, &maps.sigma_ppmm, look.plumes)
    };
    let (bands, true_colour) = colours(info);
    look.paint(&mut canvas, &view, &bands, top)?;
    canvas.draw(|area| {
        for plume in look.plumes {
            marks::outline(area, &view, plume)?;
        }
        look.plumes.iter().try_for_each(|plume| marks::number(area, &view, plume))
    })?;
    look.explain(&mut canvas, &view, top)?;
    look.head(&mut canvas, info, &bands, true_colour)?;
    canvas.save(path)
}

/// The bands of the image that show the ground.
pub(crate) fn ground_bands(info: &CubeInfo) -> [usize; 3] {
    colours(info).0
}

/// The three bands of the picture, and whether they are what the eye sees.
fn colours(info: &CubeInfo) -> ([usize; 3], bool) {
    let good: Vec<usize> = (0..info.bands.len()).filter(|&i| info.good[i]).collect();
    let off = |i: usize, nm: f64| (info.bands[i].center.0 - nm).abs();
    let nearest = |nm: f64| {
        good.iter().copied().min_by(|&a, &b| off(a, nm).total_cmp(&off(b, nm))).unwrap_or_default()
    };
    let seen = TRUE_NM.map(nearest);
    if seen.iter().zip(TRUE_NM).all(|(&i, nm)| off(i, nm) <= NEAR_NM) {
        return (seen, true);
    }
    let centers = || good.iter().map(|&i| info.bands[i].center.0);
    let low = centers().fold(f64::INFINITY, f64::min);
    let span = centers().fold(f64::NEG_INFINITY, f64::max) - low;
    ([0.85, 0.5, 0.15].map(|share| nearest(low + share * span)), false)
}

impl Quicklook<'_> {
    /// Ground, darkened a little, and gas over it where the decision map sees it.
    fn paint(
        &self,
        canvas: &mut Canvas,
        view: &View,
        bands: &[usize; 3],
        top: f64,
    ) -> anyhow::Result<()> {
        let samples = self.source.info().samples;
        let mut rows = vec![0.0; view.height() * samples * 3];
        for (row, out) in rows.chunks_exact_mut(samples * 3).enumerate() {
            let first = view.lines_under(row).start;
            self.source.read(
                &Window { lines: first..first + 1, samples: 0..samples },
                bands,
                out,
            )?;
        }
        let stretches = [0, 1, 2].map(|c| Stretch::learn(rows.iter().copied().skip(c).step_by(3)));
        for (row, ground) in rows.chunks_exact(samples * 3).enumerate() {
            for column in 0..view.width() {
                let under = view.samples_under(column);
                let spectrum = &ground[3 * under.start..3 * under.start + 3];
                let seen = spectrum.iter().all(|x| x.is_finite());
                let ground = [0, 1, 2].map(|c| stretches[c].apply(spectrum[c]));
                let ground = if seen { mix([0; 3], ground, 0.85) } else { MISSING };
                let colour = self.over(ground, view, (row, column), top);
                canvas.set(view.left + column, view.top + row, colour);
            }
        }
        Ok(())
    }

    /// Of the image pixels under a picture pixel, the one most like gas speaks.
    fn over(&self, ground: Rgb, view: &View, (row, column): (usize, usize), top: f64) -> Rgb {
        let decision = &self.maps.decision;
        let most = view
            .lines_under(row)
            .flat_map(|l| view.samples_under(column).map(move |s| (l, s)))
            .filter(|&(l, s)| decision.at(l, s).is_finite())
            .max_by(|a, b| decision.at(a.0, a.1).total_cmp(&decision.at(b.0, b.1)));
        let Some((l, s)) = most else { return ground };
        let share = (f64::from(decision.at(l, s)) - SHOWN_ABOVE).clamp(0.0, 1.0);
        let shown = if self.overview { decision } else { &self.maps.enhancement_ppmm };
        let value = f64::from(shown.at(l, s)) / top;
        mix(ground, of_quantity(value), 0.9 * share)
    }

    /// The side panel.
    fn explain(&self, canvas: &mut Canvas, view: &View, top: f64) -> anyhow::Result<()> {
        let info = self.source.info();
        let left = MARGIN_PX + view.width().max(LEAST_MAP_PX) + 24;
        let x = left as i32;
        let small = Type { size: 15, ..PLAIN };
        marks::colour_bar(canvas, (left, HEAD_PX + 52), 180, top)?;
        let middle =
            PixelPlace { line_px: info.lines as f64 / 2.0, sample_px: info.samples as f64 / 2.0 };
        canvas.draw(|area| {
            let y = HEAD_PX as i32;
            let bold = Type { bold: true, ..PLAIN };
            marks::text(area, &self.gas.name, (x, y + 8), bold)?;
            let what = if self.overview { "deviations" } else { "enhancement, ppm-m" };
            marks::text(area, what, (x, y + 30), PLAIN)?;
            let below = y + 256;
            marks::text(area, "shown where surer than", (x, below), small)?;
            marks::text(area, &format!("{SHOWN_ABOVE} deviations;"), (x, below + 19), small)?;
            marks::text(area, "outlined: plumes", (x, below + 38), small)?;
            if self.plumes.iter().any(|p| p.look_alike.as_ref().is_some_and(|l| l.flagged)) {
                marks::text(area, "grey, with ?: look-alike", (x, below + 57), small)?;
            }
            let Some(steps) = info.geometry.steps(middle) else {
                marks::text(area, "no geometry:", (x, below + 95), small)?;
                return marks::text(area, "scale, north unknown", (x, below + 114), small);
            };
            marks::north(area, (x + 160, below + 140), &steps)?;
            marks::scale_bar(area, (x, below + 140), steps.per_sample.0 / view.across, 110.0)
        })
    }

    fn head(
        &self,
        canvas: &mut Canvas,
        info: &CubeInfo,
        bands: &[usize; 3],
        true_colour: bool,
    ) -> anyhow::Result<()> {
        let found = match self.plumes.len() {
            0 => "no plume".to_owned(),
            1 => "1 plume".to_owned(),
            n => format!("{n} plumes"),
        };
        let nm = bands.map(|i| format!("{:.0}", info.bands[i].center.0)).join(", ");
        let kind = if true_colour { "true" } else { "false" };
        let when = info.time.map(|time| format!("{}, ", time.strftime("%Y-%m-%d %H:%M UTC")));
        let under = format!("{}ground in {kind} colour ({nm} nm)", when.unwrap_or_default());
        canvas.draw(|area| {
            let x = MARGIN_PX as i32;
            let title = format!("{}: {found} of {}", self.scene, self.gas.name.to_lowercase());
            marks::text(area, &title, (x, 24), Type { size: 22, bold: true, ..PLAIN })?;
            marks::text(area, &under, (x, 52), Type { size: 15, ..PLAIN })
        })
    }
}
