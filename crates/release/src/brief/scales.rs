//! How likely, and how far to rely on that: two scales, apart.

use cathartes_core::identification::Likelihood;
use cathartes_formats::paper::{BLACK, Face, Ink, WHITE};

use super::layout::{ACCENT, LEFT, PALE, Page, RIGHT, letters, small};
use crate::{
    product::Value,
    recipient::Language,
    words::{self, either},
};

const EMPTY: Ink = [203, 213, 221];
const HEIGHT: f32 = 62.0;

/// A scale of some steps with one of them filled.
struct Scale<'a> {
    label: &'a str,
    said: String,
    steps: usize,
    at: Option<usize>,
    under: String,
}

pub(super) fn scales(page: &mut Page<'_>, likelihood: Option<&Value>, confidence: Option<&Value>) {
    let language = page.language;
    let none = || either(language, "not given", "no se indica").to_owned();
    let likely = match likelihood {
        Some(Value::Probability { probability }) => Some(*probability),
        _ => None,
    };
    let rely = match confidence {
        Some(Value::Name { name }) => Some(name.as_str()),
        _ => None,
    };
    let term = likely.map(Likelihood::of);
    let terms = Likelihood::FROM_PROBABILITY.map(|(_, term)| term);
    page.paper.room(HEIGHT + 8.0);
    let top = page.paper.y_pt() + 2.0;
    let middle = 0.5 * (LEFT + RIGHT);
    let how_likely = Scale {
        label: either(language, "How likely that it is so", "Qué tan probable es"),
        said: likely.map_or_else(none, |p| words::probability(language, p)),
        steps: terms.len(),
        at: term.and_then(|term| terms.iter().position(|other| *other == term)),
        under: either(
            language,
            "from almost no chance to almost certain, in seven steps",
            "de casi ninguna posibilidad a casi seguro, en siete grados",
        )
        .to_owned(),
    };
    let steps = ["low", "moderate", "high"];
    let how_far = Scale {
        label: either(
            language,
            "How far we rely on this judgement",
            "Cuánto confiamos en este juicio",
        ),
        said: rely.map_or_else(none, |word| words::confidence(language, word).to_owned()),
        steps: steps.len(),
        at: rely.and_then(|word| steps.iter().position(|step| *step == word)),
        under: rely.map_or_else(String::new, |word| meaning(language, word).to_owned()),
    };
    draw(page, &how_likely, [LEFT, middle - 5.0], top);
    draw(page, &how_far, [middle + 5.0, RIGHT], top);
    page.paper.go_to(top + HEIGHT + 6.0);
}

fn meaning(language: Language, word: &str) -> &'static str {
    let (en, es) = match word {
        "low" => {
            ("little to go by, or of doubtful worth", "hay poca información, o de valor dudoso")
        }
        "moderate" => (
            "credible, not yet confirmed from every side",
            "creíble, aún sin confirmar por todos los lados",
        ),
        "high" => ("sound evidence from several sides", "pruebas sólidas de varias fuentes"),
        _ => ("", ""),
    };
    either(language, en, es)
}

fn draw(page: &mut Page<'_>, scale: &Scale<'_>, [left, right]: [f32; 2], top: f32) {
    const GAP: f32 = 2.0;
    page.paper.filled([left, top, right, top + HEIGHT], PALE);
    let (from, to) = (left + 8.0, right - 8.0);
    page.paper.text(scale.label, letters(7.5, Face::NarrowBold, ACCENT), [from, top + 12.0]);
    page.paper.text(&scale.said, letters(12.0, Face::Bold, BLACK), [from, top + 27.0]);
    let each = (to - from + GAP) / scale.steps as f32;
    for step in 0..scale.steps {
        let x = from + each * step as f32;
        let reached = scale.at == Some(step);
        let ink = if reached { ACCENT } else { EMPTY };
        page.paper.filled([x, top + 34.0, x + each - GAP, top + 43.0], ink);
        if reached {
            let middle = x + 0.5 * (each - GAP);
            page.paper.filled([middle - 1.5, top + 37.0, middle + 1.5, top + 40.0], WHITE);
        }
    }
    page.paper.text(&scale.under, small(), [from, top + 54.5]);
}
