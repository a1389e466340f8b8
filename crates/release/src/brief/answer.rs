//! How to answer: a code for a telephone, the same as a link, and what is typed in where there is no network.

use cathartes_formats::paper::{BLACK, Face, WHITE};
use qrcode::{Color, EcLevel, QrCode};

use super::{
    BriefError,
    layout::{ACCENT, LEFT, PALE, Page, RIGHT, letters, small},
};
use crate::words::either;

const SIDE: f32 = 92.0;
/// Light squares around a code, which readers need: ISO/IEC 18004 asks for four.
const QUIET: f32 = 4.0;

pub(super) fn answer(page: &mut Page<'_>) -> Result<(), BriefError> {
    const HEIGHT: f32 = SIDE + 12.0;
    let (language, terms) = (page.language, page.terms);
    let rows = squares(&terms.answer_link)?;
    page.paper.room(HEIGHT + 4.0);
    let top = page.paper.y_pt() + 2.0;
    page.paper.filled([LEFT, top, RIGHT, top + HEIGHT], PALE);
    page.paper.filled([LEFT + 6.0, top + 6.0, LEFT + 6.0 + SIDE, top + 6.0 + SIDE], WHITE);
    let quiet = SIDE * QUIET / (rows.len() as f32 + 2.0 * QUIET);
    page.paper.squares(&rows, [LEFT + 6.0 + quiet, top + 6.0 + quiet], SIDE - 2.0 * quiet);
    let column = [LEFT + SIDE + 20.0, RIGHT - 8.0];
    page.paper.go_to(top + 7.0);
    let ask = either(language, "Answer", "Responda");
    page.paper.block(ask, letters(12.0, Face::Bold, ACCENT), column);
    let how = either(
        language,
        "Received, assigned, on the way, what you found, or where we are wrong: two taps, no account.",
        "Recibido, asignado, en camino, qué encontró, o en qué nos equivocamos: dos toques, sin cuenta.",
    );
    page.paper.block(how, letters(9.0, Face::Narrow, BLACK), column);
    page.space(3.0);
    page.paper.block(&terms.answer_link, letters(8.0, Face::Mono, BLACK), column);
    page.space(2.0);
    let code = either(
        language,
        "Code, where there is no network or the page asks for it",
        "Código, si no hay red o la página lo pide",
    );
    page.paper.block(code, small(), column);
    page.paper.block(&terms.answer_code, letters(13.0, Face::Mono, BLACK), column);
    page.paper.go_to((top + HEIGHT).max(page.paper.y_pt()) + 4.0);
    Ok(())
}

/// Rows of dark squares.
fn squares(link: &str) -> Result<Vec<Vec<bool>>, BriefError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(BriefError::Code)?;
    let dark: Vec<bool> = code.to_colors().iter().map(|color| *color == Color::Dark).collect();
    Ok(dark.chunks(code.width()).map(<[bool]>::to_vec).collect())
}
