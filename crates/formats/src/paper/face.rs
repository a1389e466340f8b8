//! The letters, how wide a text is in them, and where it breaks.

use std::sync::OnceLock;

use super::Ink;

/// A cut of the one typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// For text.
    Regular,
    /// For headings.
    Bold,
    /// For much text in little room.
    Narrow,
    /// The same, bold.
    NarrowBold,
    /// Every letter as wide as every other: for what is typed in.
    Mono,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letters {
    /// How large.
    pub size_pt: f32,
    /// In which cut.
    pub face: Face,
    /// In which colour.
    pub ink: Ink,
}

impl Face {
    pub(super) const ALL: [Self; 5] =
        [Self::Regular, Self::Bold, Self::Narrow, Self::NarrowBold, Self::Mono];

    pub(super) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => dejavu::sans::regular(),
            Self::Bold => dejavu::sans::bold(),
            Self::Narrow => dejavu::sans_condensed::regular(),
            Self::NarrowBold => dejavu::sans_condensed::bold(),
            Self::Mono => dejavu::sans_mono::bold(),
        }
    }

    fn read(self) -> Option<&'static ttf_parser::Face<'static>> {
        static READ: [OnceLock<Option<ttf_parser::Face<'static>>>; 5] =
            [const { OnceLock::new() }; 5];
        let read = READ.get(self as usize)?;
        read.get_or_init(|| ttf_parser::Face::parse(self.bytes(), 0).ok()).as_ref()
    }
}

/// How wide a text is on one line. Pairs that stand closer are not counted, so that no line is wider than this says.
#[must_use]
pub fn width_pt(text: &str, letters: Letters) -> f32 {
    let Some(face) = letters.face.read() else { return f32::MAX };
    // A letter that the face does not have is drawn as its first glyph, a box.
    let advance = |letter: char| {
        let glyph = face.glyph_index(letter).unwrap_or_default();
        f32::from(face.glyph_hor_advance(glyph).unwrap_or_default())
    };
    text.chars().map(advance).sum::<f32>() / f32::from(face.units_per_em()) * letters.size_pt
}

/// Lines of a text no wider than this: it breaks at blanks, and within a word that is wider than a line; a line end in it
/// ends a line.
#[must_use]
pub fn wrapped(text: &str, letters: Letters, within_pt: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        for word in part.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width_pt(&longer, letters) <= within_pt {
                line = longer;
                continue;
            }
            lines.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
            line = broken(word, letters, within_pt, &mut lines);
        }
        lines.push(line);
    }
    lines
}

/// Puts a word into lines and gives what is left of it for the last.
fn broken(word: &str, letters: Letters, within_pt: f32, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    for letter in word.chars() {
        line.push(letter);
        if width_pt(&line, letters) > within_pt && line.chars().nth(1).is_some() {
            line.pop();
            lines.push(std::mem::replace(&mut line, letter.to_string()));
        }
    }
    line
}
