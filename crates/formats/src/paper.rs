//! Pages of paper as PDF: text that wraps, rows of two columns, tables, pictures, a plain map. What does not fit on a page
//! goes on to the next.
//!
//! Points from the upper left corner of an A4 page; letters are those of `DejaVu`, inside the file. The same calls give the
//! same bytes: nothing in a file tells when, where or by what it was made.

mod face;
mod map;
mod sheet;

pub use face::{Face, Letters, width_pt, wrapped};
pub use map::{Drawn, MapBox};

/// Width of a page.
pub const WIDTH_PT: f32 = 595.0;
/// Height of a page.
pub const HEIGHT_PT: f32 = 842.0;
const MARGIN_PT: f32 = 48.0;
/// From line to line, in sizes of the letters.
const LEADING: f32 = 1.35;

/// A colour, red, green and blue.
pub type Ink = [u8; 3];
/// For text.
pub const BLACK: Ink = [20, 26, 31];
/// For what is beside it.
pub const GREY: Ink = [110, 118, 125];
/// For text on a dark ground.
pub const WHITE: Ink = [255, 255, 255];

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The letters inside the program are damaged.
    #[error("the built-in typeface cannot be read; this build is damaged")]
    Typeface,
    /// A picture whose bytes are not three a pixel.
    #[error("a picture of {width_px} x {height_px} pixels has {bytes} bytes, not three a pixel")]
    Picture {
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
        /// What it has.
        bytes: usize,
    },
    /// The library that writes pages refuses them.
    #[error("the page could not be written: {0}")]
    Written(String),
}

/// A picture to be put on paper: three bytes a pixel, from the upper left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// The pixels.
    pub rgb: Vec<u8>,
}

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Text { at: [f32; 2], letters: Letters, text: String },
    Line { points: Vec<[f32; 2]>, closed: bool, ink: Ink, width: f32 },
    Filled { rings: Vec<Vec<[f32; 2]>>, ink: Ink, opacity: f32, within: Option<[f32; 4]> },
    Picture { at: [f32; 2], size: [f32; 2], picture: Picture },
}

/// What stands at the head and the foot of a page besides its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// How far the page may go, in its own colour on black, head and foot, at the right.
    pub label: String,
    /// Its colour.
    pub ink: Ink,
    /// At the head, left.
    pub head: String,
    /// At the foot, left.
    pub foot: String,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Over it.
    pub name: String,
    /// How wide it is.
    pub width_pt: f32,
    /// Numbers stand at the right.
    pub right: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Sheet {
    items: Vec<Item>,
    running: Option<Running>,
}

/// Pages as they fill.
#[derive(Debug, Clone)]
pub struct Paper {
    pages: Vec<Sheet>,
    y: f32,
    title: String,
    language: String,
    running: Option<Running>,
}

impl Paper {
    /// Empty paper.
    #[must_use]
    pub fn new(title: &str, language: &str) -> Self {
        let (title, language) = (title.to_owned(), language.to_owned());
        Self { pages: vec![Sheet::default()], y: MARGIN_PT, title, language, running: None }
    }

    /// What this page and those after it have at head and foot.
    pub fn run(&mut self, running: Running) {
        if let Some(page) = self.pages.last_mut() {
            page.running = Some(running.clone());
        }
        self.running = Some(running);
    }

    /// Goes on to the next page.
    pub fn turn(&mut self) {
        self.pages.push(Sheet { items: Vec::new(), running: self.running.clone() });
        self.y = MARGIN_PT;
    }

    /// Goes on to the next page where this much does not fit.
    pub fn room(&mut self, height_pt: f32) {
        if self.y + height_pt > HEIGHT_PT - MARGIN_PT {
            self.turn();
        }
    }

    /// How far down this page is filled.
    #[must_use]
    pub fn y_pt(&self) -> f32 {
        self.y
    }

    /// Goes on from here, to set columns side by side or to leave something free.
    pub fn go_to(&mut self, y_pt: f32) {
        self.y = y_pt;
    }

    /// How many pages there are.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    /// A line of bold letters.
    pub fn heading(&mut self, text: &str, size_pt: f32) {
        self.y += 0.4 * size_pt;
        let letters = Letters { size_pt, face: Face::Bold, ink: BLACK };
        self.block(text, letters, [MARGIN_PT, WIDTH_PT - MARGIN_PT]);
        self.y += 0.2 * size_pt;
    }

    /// Lines of text from margin to margin.
    pub fn paragraph(&mut self, text: &str, size_pt: f32) {
        let letters = Letters { size_pt, face: Face::Regular, ink: BLACK };
        self.block(text, letters, [MARGIN_PT, WIDTH_PT - MARGIN_PT]);
    }

    /// A name and what it is, side by side.
    pub fn row(&mut self, name: &str, what: &str, size_pt: f32) {
        const NAMES: f32 = 150.0;
        self.room(size_pt * LEADING);
        let (page, y) = (self.pages.len(), self.y);
        let grey = Letters { size_pt, face: Face::Regular, ink: GREY };
        self.block(name, grey, [MARGIN_PT, MARGIN_PT + NAMES - 8.0]);
        let below = self.y;
        if self.pages.len() == page {
            self.y = y;
        }
        let black = Letters { ink: BLACK, ..grey };
        self.block(what, black, [MARGIN_PT + NAMES, WIDTH_PT - MARGIN_PT]);
        self.y = self.y.max(below);
    }

    /// Lines of text between two sides of the page.
    pub fn block(&mut self, text: &str, letters: Letters, [left_pt, right_pt]: [f32; 2]) {
        let size = letters.size_pt;
        for line in wrapped(text, letters, right_pt - left_pt) {
            self.room(size * LEADING);
            self.text(&line, letters, [left_pt, self.y + size]);
            self.y += size * LEADING;
        }
    }

    /// One line of text on a base line, wherever that is.
    pub fn text(&mut self, text: &str, letters: Letters, at_pt: [f32; 2]) {
        self.put(Item::Text { at: at_pt, letters, text: text.to_owned() });
    }

    /// A filled area: left, top, right, bottom.
    pub fn filled(&mut self, bounds_pt: [f32; 4], ink: Ink) {
        let rings = vec![corners(bounds_pt)];
        self.put(Item::Filled { rings, ink, opacity: 1.0, within: None });
    }

    /// A line from point to point.
    pub fn line(&mut self, points_pt: &[[f32; 2]], ink: Ink, width_pt: f32) {
        let points = points_pt.to_vec();
        self.put(Item::Line { points, closed: false, ink, width: width_pt });
    }

    /// The frame of an area: left, top, right, bottom.
    pub fn framed(&mut self, bounds_pt: [f32; 4], ink: Ink, width_pt: f32) {
        self.put(Item::Line { points: corners(bounds_pt), closed: true, ink, width: width_pt });
    }

    /// Dark squares of a code in rows, in a square of this side from its upper left corner.
    pub fn squares(&mut self, rows: &[Vec<bool>], at_pt: [f32; 2], side_pt: f32) {
        let one = side_pt / rows.len().max(1) as f32;
        let [left, top] = at_pt;
        let dark = rows.iter().enumerate().flat_map(|(y, row)| {
            row.iter()
                .enumerate()
                .filter(|(_, dark)| **dark)
                .map(move |(x, _)| (x as f32, y as f32))
        });
        let square = |(x, y): (f32, f32)| {
            corners([left + x * one, top + y * one, left + (x + 1.0) * one, top + (y + 1.0) * one])
        };
        let rings = dark.map(square).collect();
        self.put(Item::Filled { rings, ink: [0; 3], opacity: 1.0, within: None });
    }

    /// A picture in a box of this size from its upper left corner, in its own proportions; what it takes of the box.
    ///
    /// # Errors
    ///
    /// [`PaperError::Picture`] when its bytes are not three a pixel.
    pub fn picture(
        &mut self,
        picture: &Picture,
        at_pt: [f32; 2],
        box_pt: [f32; 2],
    ) -> Result<[f32; 2], PaperError> {
        let Picture { width_px, height_px, ref rgb } = *picture;
        let pixels = u64::from(width_px) * u64::from(height_px);
        if pixels == 0 || pixels.saturating_mul(3) != rgb.len() as u64 {
            return Err(PaperError::Picture { width_px, height_px, bytes: rgb.len() });
        }
        let scale = (box_pt[0] / width_px as f32).min(box_pt[1] / height_px as f32);
        let size = [width_px as f32 * scale, height_px as f32 * scale];
        self.put(Item::Picture { at: at_pt, size, picture: picture.clone() });
        Ok(size)
    }

    /// A table from the left margin; its names stand over it again on every page.
    pub fn table(&mut self, columns: &[Column], rows: &[Vec<String>], size_pt: f32) {
        let letters = Letters { size_pt, face: Face::Regular, ink: BLACK };
        let height_of = |row: &Vec<String>| Self::cells_height(columns, row, letters);
        self.names(columns, size_pt, rows.first().map_or(0.0, height_of));
        for row in rows {
            let (height, pages) = (height_of(row), self.pages.len());
            self.room(height);
            if self.pages.len() > pages {
                self.names(columns, size_pt, height);
            }
            self.cells(columns, row, letters);
        }
        self.y += 0.5 * size_pt;
    }

    /// With room for the row below them, as high as it is.
    fn names(&mut self, columns: &[Column], size_pt: f32, below_pt: f32) {
        let names = columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        let letters = Letters { size_pt, face: Face::Bold, ink: GREY };
        self.room(Self::cells_height(columns, &names, letters) + 0.3 * size_pt + below_pt);
        self.cells(columns, &names, letters);
        let right = MARGIN_PT + columns.iter().map(|column| column.width_pt).sum::<f32>();
        self.line(&[[MARGIN_PT, self.y], [right, self.y]], GREY, 0.5);
        self.y += 0.3 * size_pt;
    }

    fn cells_height(columns: &[Column], row: &[String], letters: Letters) -> f32 {
        let lines = |(column, text): (&Column, &String)| {
            wrapped(text, letters, column.width_pt - letters.size_pt).len()
        };
        let most = columns.iter().zip(row).map(lines).max().unwrap_or(1);
        most as f32 * letters.size_pt * LEADING
    }

    fn cells(&mut self, columns: &[Column], row: &[String], letters: Letters) {
        let (top, size) = (self.y, letters.size_pt);
        let (mut left, mut below) = (MARGIN_PT, top);
        for (column, text) in columns.iter().zip(row) {
            let inner = column.width_pt - size;
            let mut y = top;
            for line in wrapped(text, letters, inner) {
                let aside = if column.right { inner - width_pt(&line, letters) } else { 0.0 };
                self.text(&line, letters, [left + aside, y + size]);
                y += size * LEADING;
            }
            below = below.max(y);
            left += column.width_pt;
        }
        self.y = below;
    }

    /// The file.
    ///
    /// # Errors
    ///
    /// [`PaperError`] when it cannot be written.
    pub fn finish(self) -> Result<Vec<u8>, PaperError> {
        sheet::file(self)
    }
}

/// Corners of left, top, right, bottom.
fn corners([left, top, right, bottom]: [f32; 4]) -> Vec<[f32; 2]> {
    vec![[left, top], [right, top], [right, bottom], [left, bottom]]
}

#[cfg(test)]
mod tests;
