//! A page of a brief: its head, its words, its lists.

use std::collections::BTreeMap;

use cathartes_formats::paper::{
    BLACK, Face, GREY, Ink, Letters, Paper, PaperError, Picture, Running, WIDTH_PT, wrapped,
};

use super::tlp_ink;
use crate::{
    gate::{Content, Terms},
    product::{FieldPath, Value},
    recipient::Language,
    words::{self, either},
};

pub(super) const LEFT: f32 = 48.0;
pub(super) const RIGHT: f32 = WIDTH_PT - LEFT;
/// Of headings and of what is marked.
pub(super) const ACCENT: Ink = [16, 74, 108];
/// Of what frames and underlays.
pub(super) const PALE: Ink = [236, 241, 245];
const LEADING: f32 = 1.35;
/// Of the pictures under what is not known, with their names.
const PICTURES_HEIGHT: f32 = 88.0;
/// Of the width, for when, until when and instead of what.
const SHARES: [f32; 3] = [0.46, 0.33, 0.21];

/// What is being written.
pub(super) struct Page<'p> {
    pub(super) paper: &'p mut Paper,
    pub(super) terms: &'p Terms,
    pub(super) language: Language,
}

pub(super) fn letters(size_pt: f32, face: Face, ink: Ink) -> Letters {
    Letters { size_pt, face, ink }
}

/// Beside pictures and under codes.
pub(super) fn small() -> Letters {
    letters(7.5, Face::Narrow, GREY)
}

fn text() -> Letters {
    letters(9.5, Face::Narrow, BLACK)
}

impl<'p> Page<'p> {
    pub(super) fn begin(
        paper: &'p mut Paper,
        terms: &'p Terms,
        language: Language,
        turned: bool,
    ) -> Self {
        if turned {
            paper.turn();
        }
        Self { paper, terms, language }
    }

    pub(super) fn running(&mut self, foot: &str) {
        let to = either(self.language, "For", "Para");
        self.paper.run(Running {
            label: self.terms.tlp.word().to_owned(),
            ink: tlp_ink(self.terms.tlp),
            head: format!("{to}: {}", self.terms.recipient.name),
            foot: foot.to_owned(),
        });
    }

    pub(super) fn space(&mut self, height_pt: f32) {
        self.paper.go_to(self.paper.y_pt() + height_pt);
    }

    pub(super) fn title(&mut self, title: Option<&str>, content: &Content) {
        let kind = words::kind(self.language, content.kind);
        let over = format!("{kind} {} · {}", content.subject, self.terms.release);
        self.space(4.0);
        self.paper.block(&over, letters(8.5, Face::NarrowBold, ACCENT), [LEFT, RIGHT]);
        self.paper.block(title.unwrap_or(kind), letters(18.0, Face::Bold, BLACK), [LEFT, RIGHT]);
        self.space(2.0);
    }

    pub(super) fn lead(&mut self, text: &str) {
        self.paper.block(text, letters(11.0, Face::Narrow, BLACK), [LEFT, RIGHT]);
        self.space(4.0);
    }

    /// When it was seen, until when it holds and what it takes the place of, side by side.
    pub(super) fn times(&mut self, observed: Option<&Value>) {
        let language = self.language;
        let mut cells = Vec::new();
        if let Some(value) = observed {
            let path = FieldPath::new("observed").map(|path| words::value(language, &path, value));
            cells.push((either(language, "Seen", "Observado"), path.unwrap_or_default()));
        }
        let until = words::moment(language, self.terms.expires);
        cells.push((either(language, "Holds until", "Válido hasta"), until));
        if let Some(earlier) = &self.terms.supersedes {
            let label = either(language, "Takes the place of", "Sustituye a");
            cells.push((label, earlier.clone()));
        }
        // A period takes more room than a moment, and that more than a name.
        let shares: f32 = SHARES.iter().take(cells.len()).sum();
        let wide = |n: usize| SHARES.get(n).map_or(0.0, |share| share / shares * (RIGHT - LEFT));
        let lines = |(n, (_, words)): (usize, &(&str, String))| {
            wrapped(words, text(), wide(n) - 16.0).len()
        };
        let most = cells.iter().enumerate().map(lines).max().unwrap_or(1) as f32;
        let height = most * 9.5 * LEADING + 18.0;
        self.paper.room(height + 4.0);
        let (top, mut left) = (self.paper.y_pt(), LEFT + 8.0);
        self.paper.filled([LEFT, top, RIGHT, top + height], PALE);
        for (n, (label, words)) in cells.iter().enumerate() {
            self.paper.text(label, letters(7.5, Face::NarrowBold, ACCENT), [left, top + 11.0]);
            self.paper.go_to(top + 12.5);
            self.paper.block(words, text(), [left, left + wide(n) - 16.0]);
            left += wide(n);
        }
        self.paper.go_to(top + height + 4.0);
    }

    /// A word over what follows.
    pub(super) fn label(&mut self, label: &str, [left, right]: [f32; 2]) {
        self.paper.block(label, letters(8.5, Face::NarrowBold, ACCENT), [left, right]);
    }

    /// How high a text is between two sides.
    pub(super) fn height(text: &str, letters: Letters, [left, right]: [f32; 2]) -> f32 {
        wrapped(text, letters, right - left).len() as f32 * letters.size_pt * LEADING
    }

    /// What is not known, with two pictures under it, beside what to do.
    pub(super) fn two_lists(
        &mut self,
        unknown: Option<&str>,
        to_do: &[String],
        pictures: &[(FieldPath, Picture)],
    ) -> Result<(), PaperError> {
        let language = self.language;
        let middle = LEFT + 0.44 * (RIGHT - LEFT);
        let (left, right) = ([LEFT, middle - 8.0], [middle + 8.0, RIGHT]);
        let unknown = unknown.unwrap_or(either(
            language,
            "Nothing was said about this.",
            "No se dijo nada al respecto.",
        ));
        let inner = [right[0] + 12.0, right[1]];
        let listed: f32 = to_do.iter().map(|item| Self::height(item, text(), inner) + 1.5).sum();
        let said = Self::height(unknown, text(), left);
        let under = if pictures.is_empty() { 0.0 } else { PICTURES_HEIGHT };
        let height = listed.max(said + under) + 16.0;
        self.paper.room(height);
        let top = self.paper.y_pt();
        self.label(either(language, "What is not known", "Qué no se sabe"), left);
        self.paper.block(unknown, text(), left);
        self.row_of_pictures(pictures, [left[0], left[1], PICTURES_HEIGHT - 18.0])?;
        self.paper.go_to(top);
        self.label(either(language, "What to do", "Qué hacer"), right);
        for (n, item) in to_do.iter().enumerate() {
            let y = self.paper.y_pt();
            let number = letters(9.5, Face::NarrowBold, ACCENT);
            self.paper.text(&(n + 1).to_string(), number, [right[0], y + 9.5]);
            self.paper.block(item, text(), inner);
            self.space(1.5);
        }
        self.paper.go_to(top + height);
        Ok(())
    }

    /// Pictures side by side, each with its name, between two sides and no higher than this.
    pub(super) fn row_of_pictures(
        &mut self,
        pictures: &[(FieldPath, Picture)],
        [from, to, height]: [f32; 3],
    ) -> Result<(), PaperError> {
        const GAP: f32 = 8.0;
        let (top, mut left, mut lowest) = (self.paper.y_pt() + 5.0, from, 0.0_f32);
        let width = (to - from + GAP) / pictures.len().max(1) as f32 - GAP;
        for (path, picture) in pictures {
            let [wide, high] = self.paper.picture(picture, [left, top], [width, height])?;
            self.paper.text(&words::label(self.language, path), small(), [left, top + high + 9.0]);
            left += wide + GAP;
            lowest = lowest.max(high);
        }
        self.paper.go_to(top + lowest + 12.0);
        Ok(())
    }

    /// The fields that stand nowhere else.
    pub(super) fn rest(&mut self, fields: &BTreeMap<&FieldPath, &Value>) {
        if fields.is_empty() {
            return;
        }
        self.space(2.0);
        self.label(either(self.language, "Also", "Además"), [LEFT, RIGHT]);
        for (path, value) in fields {
            let label = words::label(self.language, path);
            self.paper.row(&label, &words::value(self.language, path, value), 8.0);
        }
        self.space(2.0);
    }
}

/// What the recipient is asked to do.
pub(super) fn to_do(language: Language, terms: &Terms, content: &Content) -> Vec<String> {
    let place = FieldPath::new("place").ok().and_then(|path| content.fields.get(&path));
    let search = match place {
        Some(Value::Circle { .. } | Value::Cell { .. }) => Some(either(
            language,
            "Search the whole tinted area: the source may be anywhere in it, and not in its middle.",
            "Busque en toda el área teñida: la fuente puede estar en cualquier punto, no en el centro.",
        )),
        Some(Value::Place { .. }) => Some(either(
            language,
            "Begin at the cross; nine times in ten the source is within the tinted ellipse.",
            "Empiece por la cruz; nueve de cada diez veces la fuente está dentro de la elipse teñida.",
        )),
        _ => None,
    };
    let receipt = either(
        language,
        "Say that you have it: read the code below with a telephone, or type it in.",
        "Confirme que lo recibió: lea el código de abajo con un teléfono, o escríbalo.",
    );
    let care = either(
        language,
        "Treat the place as a leak of gas that may be poisonous or burn: come with the wind at your back and with those \
         who are trained and equipped for it.",
        "Trate el lugar como una fuga de gas que puede ser tóxico o inflamable: acérquese con el viento a la espalda y con \
         personal formado y equipado para ello.",
    );
    let outcome = either(
        language,
        "Say what you found, also when it was nothing: it makes the next one better.",
        "Diga qué encontró, también si no hubo nada: así el próximo aviso será mejor.",
    );
    let further = words::tlp(language, terms.tlp);
    let all = [Some(receipt), search, Some(care), Some(outcome), Some(further)];
    all.into_iter().flatten().map(str::to_owned).collect()
}
