//! Pages as the library that writes PDF wants them.

use krilla::{
    Document, SerializeSettings,
    color::rgb,
    geom::{Path, PathBuilder, Point, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    text::{Font, TextDirection},
};

use super::{
    BLACK, Face, GREY, HEIGHT_PT, Ink, Item, Letters, MARGIN_PT, Paper, PaperError, Picture,
    Running, WIDTH_PT, corners, width_pt, wrapped,
};

/// Where the foot of a page stands.
const FOOT_PT: f32 = HEIGHT_PT - 22.0;

pub(super) fn file(paper: Paper) -> Result<Vec<u8>, PaperError> {
    let settings = SerializeSettings { xmp_metadata: false, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(Metadata::new().title(paper.title).language(paper.language));
    let face = |face: Face| Font::new(face.bytes().into(), 0).ok_or(PaperError::Typeface);
    let faces = Face::ALL.map(face).into_iter().collect::<Result<Vec<_>, _>>()?;
    let page_settings = PageSettings::from_wh(WIDTH_PT, HEIGHT_PT)
        .ok_or_else(|| PaperError::Written("a page of no size".to_owned()))?;
    let pages = paper.pages.len();
    for (n, sheet) in paper.pages.into_iter().enumerate() {
        let mut page = document.start_page_with(page_settings.clone());
        let mut surface = page.surface();
        let running = sheet.running.map_or(Vec::new(), |running| running.items(n + 1, pages));
        for item in sheet.items.into_iter().chain(running) {
            draw(&mut surface, item, &faces);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| PaperError::Written(format!("{error:?}")))
}

impl Running {
    /// Head and foot of a page.
    fn items(self, page: usize, pages: usize) -> Vec<Item> {
        let label = Letters { size_pt: 12.0, face: Face::Bold, ink: self.ink };
        let small = Letters { size_pt: 7.0, face: Face::Narrow, ink: GREY };
        let right = WIDTH_PT - MARGIN_PT;
        let left = right - width_pt(&self.label, label) - 12.0;
        let text = |text: &str, letters, at| Item::Text { at, letters, text: text.to_owned() };
        let mut items = Vec::new();
        for base in [32.0, FOOT_PT] {
            let bounds = [left, base - 13.0, right, base + 5.0];
            let rings = vec![corners(bounds)];
            items.push(Item::Filled { rings, ink: [0; 3], opacity: 1.0, within: None });
            items.push(text(&self.label, label, [left + 6.0, base]));
        }
        let head = Letters { ink: BLACK, ..small };
        for (n, line) in wrapped(&self.head, head, left - 58.0).iter().take(2).enumerate() {
            items.push(text(line, head, [MARGIN_PT, 28.0 + 9.0 * n as f32]));
        }
        let foot = wrapped(&format!("{page} / {pages} · {}", self.foot), small, left - 58.0);
        for (n, line) in foot.iter().take(3).enumerate() {
            items.push(text(line, small, [MARGIN_PT, FOOT_PT - 7.0 + 9.0 * n as f32]));
        }
        items
    }
}

fn draw(surface: &mut Surface<'_>, item: Item, faces: &[Font]) {
    match item {
        Item::Text { at: [x, y], letters, text } => {
            let Some(face) = faces.get(letters.face as usize) else { return };
            surface.set_stroke(None);
            surface.set_fill(Some(fill(letters.ink, 1.0)));
            let (at, size) = (Point::from_xy(x, y), letters.size_pt);
            surface.draw_text(at, face.clone(), size, &text, false, TextDirection::Auto);
        }
        Item::Line { points, closed, ink, width } => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: paint(ink), width, ..Stroke::default() }));
            if let Some(path) = path(&[points], closed) {
                surface.draw_path(&path);
            }
        }
        Item::Filled { rings, ink, opacity, within } => {
            let within = within.and_then(|bounds| path(&[corners(bounds)], true));
            if let Some(within) = &within {
                surface.push_clip_path(within, &FillRule::NonZero);
            }
            surface.set_stroke(None);
            surface.set_fill(Some(fill(ink, opacity)));
            if let Some(path) = path(&rings, true) {
                surface.draw_path(&path);
            }
            if within.is_some() {
                surface.pop();
            }
        }
        Item::Picture { at: [x, y], size: [width, height], picture } => {
            surface.push_transform(&Transform::from_translate(x, y));
            if let Some(size) = Size::from_wh(width, height) {
                surface.draw_image(image(&picture), size);
            }
            surface.pop();
        }
    }
}

fn image(picture: &Picture) -> Image {
    let rgba = picture.rgb.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], u8::MAX]);
    Image::from_rgba8(rgba.collect(), picture.width_px, picture.height_px)
}

fn paint([red, green, blue]: Ink) -> krilla::paint::Paint {
    rgb::Color::new(red, green, blue).into()
}

fn fill(ink: Ink, opacity: f32) -> Fill {
    let opacity = NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE);
    Fill { paint: paint(ink), opacity, ..Fill::default() }
}

fn path(rings: &[Vec<[f32; 2]>], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for ring in rings {
        let Some(([x, y], rest)) = ring.split_first() else { continue };
        path.move_to(*x, *y);
        for [x, y] in rest {
            path.line_to(*x, *y);
        }
        if closed {
            path.close();
        }
    }
    path.finish()
}
