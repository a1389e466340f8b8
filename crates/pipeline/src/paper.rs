//! Pages of paper as PDF: text that wraps, rows of two columns, a plain map. What does not fit on a page goes on to the next.
//!
//! Points from the upper left corner of an A4 page; letters are those of [`crate::font`], inside the file.

use anyhow::{Context, anyhow};
use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, Stroke},
    text::{Font, TextDirection},
};
use plotters::style::IntoFont;

use crate::font;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 48.0;
const LEADING: f32 = 1.35;
/// Text is measured at this size and scaled, because measures come in whole numbers.
const MEASURED_AT: f64 = 1_000.0;
/// Measures are of a face as high as its size; letters here are as high as their em, which is more.
const EM_RATIO: f32 = 1.17;

/// A colour, red, green and blue.
pub(crate) type Ink = [u8; 3];
pub(crate) const BLACK: Ink = [20, 26, 31];
pub(crate) const GREY: Ink = [110, 118, 125];

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Text { at: [f32; 2], size: f32, bold: bool, ink: Ink, text: String },
    Line { points: Vec<[f32; 2]>, closed: bool, ink: Ink, width: f32 },
}

/// A line or an area of a map, longitude and latitude.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) places: Vec<[f64; 2]>,
    pub(crate) closed: bool,
    pub(crate) ink: Ink,
    pub(crate) width: f32,
    /// Counts for what the map shows.
    pub(crate) framed: bool,
}

/// Pages as they fill.
pub(crate) struct Paper {
    pages: Vec<Vec<Item>>,
    y: f32,
    title: String,
    language: String,
}

impl Paper {
    /// Empty paper.
    pub(crate) fn new(title: &str, language: &str) -> anyhow::Result<Self> {
        font::register().map_err(|error| anyhow!(error))?;
        let (title, language) = (title.to_owned(), language.to_owned());
        Ok(Self { pages: vec![Vec::new()], y: MARGIN, title, language })
    }

    /// Goes on to the next page where this much does not fit.
    fn room(&mut self, height: f32) {
        if self.y + height > HEIGHT - MARGIN {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
    }

    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    pub(crate) fn heading(&mut self, text: &str, size: f32) {
        self.y += 0.4 * size;
        self.lines(text, (size, true, BLACK), MARGIN, WIDTH - MARGIN);
        self.y += 0.2 * size;
    }

    pub(crate) fn paragraph(&mut self, text: &str, size: f32) {
        self.lines(text, (size, false, BLACK), MARGIN, WIDTH - MARGIN);
    }

    /// A name and what it is, side by side.
    pub(crate) fn row(&mut self, name: &str, what: &str, size: f32) {
        const NAMES: f32 = 150.0;
        self.room(size * LEADING);
        let (page, y) = (self.pages.len(), self.y);
        self.lines(name, (size, false, GREY), MARGIN, MARGIN + NAMES - 8.0);
        let below = self.y;
        if self.pages.len() == page {
            self.y = y;
        }
        self.lines(what, (size, false, BLACK), MARGIN + NAMES, WIDTH - MARGIN);
        self.y = self.y.max(below);
    }

    fn lines(&mut self, text: &str, (size, bold, ink): (f32, bool, Ink), left: f32, right: f32) {
        for line in wrapped(text, size, bold, right - left) {
            self.room(size * LEADING);
            let at = [left, self.y + size];
            self.put(Item::Text { at, size, bold, ink, text: line });
            self.y += size * LEADING;
        }
    }

    /// A map of a height, north up, longitudes shortened as they are in its middle.
    pub(crate) fn map(&mut self, drawn: &[Drawn], height: f32) {
        self.room(height + 8.0);
        let (top, wide) = (self.y + 4.0, WIDTH - 2.0 * MARGIN);
        let Some(frame) = Frame::around(drawn, [wide, height]) else { return };
        let inner = |[x, y]: [f64; 2]| {
            let [x, y] = frame.at([x, y]);
            [MARGIN + x, top + y]
        };
        for one in drawn {
            let points = one.places.iter().map(|place| inner(*place)).collect::<Vec<_>>();
            let bounds = [MARGIN, top, MARGIN + wide, top + height];
            for points in clipped(&points, one.closed, bounds) {
                let (ink, width) = (one.ink, one.width);
                self.put(Item::Line { points, closed: false, ink, width });
            }
        }
        let [right, bottom] = [MARGIN + wide, top + height];
        let points = vec![[MARGIN, top], [right, top], [right, bottom], [MARGIN, bottom]];
        self.put(Item::Line { points, closed: true, ink: GREY, width: 0.75 });
        let bar = frame.bar(MARGIN + 10.0, bottom - 10.0);
        self.put(Item::Line { points: bar.0, closed: false, ink: BLACK, width: 1.5 });
        let at = [MARGIN + 10.0, bottom - 14.0];
        self.put(Item::Text { at, size: 7.0, bold: false, ink: BLACK, text: bar.1 });
        self.y = bottom + 6.0;
    }

    /// The file.
    pub(crate) fn finish(self) -> anyhow::Result<Vec<u8>> {
        let mut document = Document::new();
        let metadata = Metadata::new().title(self.title.clone()).language(self.language.clone());
        document.set_metadata(metadata);
        let face = |bytes: &'static [u8]| {
            Font::new(bytes.into(), 0)
                .context("the built-in typeface cannot be read; this build is damaged")
        };
        let faces = [face(dejavu::sans::regular())?, face(dejavu::sans::bold())?];
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).context("a page of no size")?;
        for items in &self.pages {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            for item in items {
                draw(&mut surface, item, &faces);
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| anyhow!("the page could not be written: {error:?}"))
    }
}

fn draw(surface: &mut krilla::surface::Surface<'_>, item: &Item, faces: &[Font; 2]) {
    let paint = |[red, green, blue]: Ink| rgb::Color::new(red, green, blue).into();
    let fill = |ink| Fill { paint: paint(ink), opacity: NormalizedF32::ONE, ..Fill::default() };
    match item {
        Item::Text { at: [x, y], size, bold, ink, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink)));
            let face = faces[usize::from(*bold)].clone();
            surface.draw_text(
                Point::from_xy(*x, *y),
                face,
                *size,
                text,
                false,
                TextDirection::Auto,
            );
        }
        Item::Line { points, closed, ink, width } => {
            let mut path = PathBuilder::new();
            let Some(([x, y], rest)) = points.split_first() else { return };
            path.move_to(*x, *y);
            for [x, y] in rest {
                path.line_to(*x, *y);
            }
            if *closed {
                path.close();
            }
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: paint(*ink),
                width: *width,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

/// Lines of a text no wider than this; a word that is wider than a line stands alone.
fn wrapped(text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut();
        let Some(line) = line else { continue };
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || text_width(&longer, size, bold) <= width {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn text_width(text: &str, size: f32, bold: bool) -> f32 {
    let style =
        if bold { plotters::style::FontStyle::Bold } else { plotters::style::FontStyle::Normal };
    let measured = (font::FAMILY, MEASURED_AT, style).into_font().box_size(text);
    measured.map_or(f32::MAX, |(width, _)| width as f32 / MEASURED_AT as f32 * size * EM_RATIO)
}

/// Where a part of the Earth lies in a rectangle.
struct Frame {
    middle: [f64; 2],
    /// Points a degree, east and north.
    scale: [f64; 2],
    size: [f32; 2],
}

impl Frame {
    fn around(drawn: &[Drawn], size: [f32; 2]) -> Option<Self> {
        let first = drawn.iter().find(|one| one.framed)?.places.first()?[0];
        let framed = drawn.iter().filter(|one| one.framed).flat_map(|one| &one.places);
        let near = framed.map(|[x, y]| [first + aside(*x, first), *y]);
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in near {
            for i in 0..2 {
                low[i] = low[i].min(place[i]);
                high[i] = high[i].max(place[i]);
            }
        }
        let middle = [0, 1].map(|i| f64::midpoint(low[i], high[i]));
        let shrink = middle[1].to_radians().cos().max(0.01);
        let span =
            [(high[0] - low[0]) * shrink, high[1] - low[1]].map(|span| span.max(1e-3) * 1.15);
        let north = (f64::from(size[0]) / span[0]).min(f64::from(size[1]) / span[1]);
        Some(Self { middle, scale: [north * shrink, north], size })
    }

    fn at(&self, [x, y]: [f64; 2]) -> [f32; 2] {
        let east = aside(x, self.middle[0]) * self.scale[0];
        let north = (y - self.middle[1]) * self.scale[1];
        [0.5 * self.size[0] + east as f32, 0.5 * self.size[1] - north as f32]
    }

    /// A bar of a round length, and its words.
    fn bar(&self, x: f32, y: f32) -> (Vec<[f32; 2]>, String) {
        const METRES_PER_DEGREE: f64 = 111_000.0;
        let per_metre = self.scale[1] / METRES_PER_DEGREE;
        let longest_m = 0.3 * f64::from(self.size[0]) / per_metre;
        let decade = 10_f64.powf(longest_m.log10().floor());
        let length_m = [5.0, 2.0, 1.0].map(|n| n * decade).into_iter().find(|m| *m <= longest_m);
        let length_m = length_m.unwrap_or(decade);
        let words = if length_m >= 1_000.0 {
            format!("{} km", length_m / 1e3)
        } else {
            format!("{length_m} m")
        };
        (vec![[x, y], [x + (length_m * per_metre) as f32, y]], words)
    }
}

/// Degrees of longitude from one to another, the short way.
fn aside(longitude: f64, from: f64) -> f64 {
    (longitude - from + 180.0).rem_euclid(360.0) - 180.0
}

/// The parts of a line within a rectangle.
fn clipped(points: &[[f32; 2]], closed: bool, bounds: [f32; 4]) -> Vec<Vec<[f32; 2]>> {
    let mut parts: Vec<Vec<[f32; 2]>> = Vec::new();
    let last = closed.then(|| points.last().zip(points.first())).flatten();
    let pairs = points.windows(2).map(|pair| (pair[0], pair[1]));
    for (from, to) in pairs.chain(last.map(|(a, b)| (*a, *b))) {
        let Some([from, to]) = cut([from, to], bounds) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// Liang and Barsky, A new concept and method for line clipping, ACM Trans. Graph. 3 (1984).
fn cut([from, to]: [[f32; 2]; 2], [left, top, right, bottom]: [f32; 4]) -> Option<[[f32; 2]; 2]> {
    let along = [to[0] - from[0], to[1] - from[1]];
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    let sides = [
        (-along[0], from[0] - left),
        (along[0], right - from[0]),
        (-along[1], from[1] - top),
        (along[1], bottom - from[1]),
    ];
    for (towards, room) in sides {
        if towards == 0.0 && room < 0.0 {
            return None;
        }
        if towards < 0.0 {
            enter = enter.max(room / towards);
        } else if towards > 0.0 {
            leave = leave.min(room / towards);
        }
    }
    let at = |share: f32| [from[0] + share * along[0], from[1] + share * along[1]];
    (enter <= leave).then(|| [at(enter), at(leave)])
}

#[cfg(test)]
mod tests;
