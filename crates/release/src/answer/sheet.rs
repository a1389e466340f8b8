//! The printed sheet: two levels of code, one for the release and one for what is said of it.
//!
//! ```text
//! 7K3M-9QXA-20TB          the release: its answer code, once at the top
//!   2F0C-81ZD  assigned   the line: which, five symbols of a MAC by the key of the release, two that check
//!   …
//! typed in, or read aloud on the telephone:   7K3M-9QXA-20TB 2F0C-81ZD
//!                                             7K3M-9QXA-20TB 90QE-WW3K 120 kg
//! ```
//!
//! Who does not have the sheet makes up a line that holds once in 2²⁵ tries. What stands behind the codes (an amount, a
//! number of arrests, a place) is not covered by them: it is taken as said on the telephone.

use super::{
    Answer, AnswerError, Details, Goods, OutcomeCode, Reason, Seized, State, Unit, amount,
    code::{self, AnswerCode, CodeError},
    count,
    keys::{self, Tag},
    place,
};

/// Symbols of a line: which, MAC, check.
const LINE: usize = 8;
const MAC: usize = 5;

/// What one line of the sheet says, with its code.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it says.
    pub answer: Answer,
    /// What is typed for it.
    pub code: String,
}

/// What somebody typed from a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The release.
    pub release: AnswerCode,
    /// The code of the line.
    line: [u8; LINE],
    /// What stands behind it.
    more: String,
}

/// Why a line that was typed says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Not two codes.
    #[error("write the code of the sheet and the code of its line, as 7K3M-9QXA-20TB 2F0C-81ZD")]
    Form,
    /// The code of the release.
    #[error("the code of the sheet: {0}")]
    Release(CodeError),
    /// The code of the line.
    #[error("the code of the line: {0}")]
    Line(CodeError),
    /// The code of a line that this sheet does not have.
    #[error(
        "the code of the line does not belong to this sheet: compare both, or nobody printed it"
    )]
    Forged,
    /// What stands behind the codes.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

/// What each line says, in the order of their numbers, which never changes.
fn said() -> Vec<Answer> {
    let states = [State::Received, State::Assigned, State::OnTheWay].map(Answer::state);
    let outcomes = OutcomeCode::ALL.into_iter().filter(|code| *code != OutcomeCode::CannotAct);
    let dispute = Answer::state(State::Dispute);
    let reasons = Reason::ALL
        .into_iter()
        .map(|reason| Answer { reason: Some(reason), ..Answer::outcome(OutcomeCode::CannotAct) });
    states
        .into_iter()
        .chain(outcomes.map(Answer::outcome))
        .chain([dispute])
        .chain(reasons)
        .collect()
}

/// The lines of the sheet of a release, by its key.
#[must_use]
pub fn lines(key: &Tag) -> Vec<Line> {
    let line = |(number, answer)| Line { answer, code: code::written(&line_code(key, number)) };
    (0..).zip(said()).map(line).collect()
}

fn line_code(key: &Tag, number: u8) -> [u8; LINE] {
    let mac = keys::tag(key, "sheet", &[number]);
    let bits = mac.iter().take(4).fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
    let mut line = [0; LINE];
    line[0] = number;
    for (at, symbol) in line.iter_mut().skip(1).take(MAC).enumerate() {
        *symbol = (bits >> (5 * at)) as u8 & 31;
    }
    let check = code::check_of(&line[..=MAC]);
    line[MAC + 1..].copy_from_slice(&check);
    line
}

/// Reads a line as somebody typed it; what it says is known with the key of its release.
///
/// # Errors
///
/// [`SheetError`] for what is no line.
pub fn typed(text: &str) -> Result<Typed, SheetError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (codes, more) = words.split_at(words.len().min(2));
    let [release, line] = codes else { return Err(SheetError::Form) };
    Ok(Typed {
        release: release.parse().map_err(SheetError::Release)?,
        line: code::read(line).map_err(SheetError::Line)?,
        more: more.join(" "),
    })
}

impl Typed {
    /// What it says.
    ///
    /// # Errors
    ///
    /// [`SheetError::Forged`] when the line is not of the sheet with this key, [`SheetError::Answer`] when what stands
    /// behind the codes cannot be read.
    pub fn answer(&self, key: &Tag) -> Result<Answer, SheetError> {
        let number = self.line[0];
        let known = said().into_iter().nth(usize::from(number));
        let mut answer = known.ok_or(SheetError::Forged)?;
        let ours = line_code(key, number);
        // No short cut: the time does not tell how much of a guess was right.
        if ours.iter().zip(&self.line).fold(0, |all, (a, b)| all | (a ^ b)) != 0 {
            return Err(SheetError::Forged);
        }
        more(&mut answer, &self.more)?;
        Ok(answer.checked()?)
    }

    /// What the record knows it by: the same typed again is the same answer.
    #[must_use]
    pub fn form(&self) -> Vec<u8> {
        format!("sheet {} {}", self.release, code::written(&self.line)).into_bytes()
    }
}

/// What stands behind the codes, by what the line is about.
fn more(answer: &mut Answer, text: &str) -> Result<(), AnswerError> {
    let text = text.trim();
    answer.details = match answer.outcome {
        _ if text.is_empty() => Details::default(),
        Some(OutcomeCode::Seized | OutcomeCode::Dismantled) => {
            Details { seized: vec![quantity(text)?], ..Details::default() }
        }
        Some(OutcomeCode::Arrests) => Details { arrests: Some(count(text)?), ..Details::default() },
        Some(OutcomeCode::WrongPlace) => {
            Details { place: Some(place(text)?), ..Details::default() }
        }
        _ => {
            text.clone_into(&mut answer.note);
            Details::default()
        }
    };
    Ok(())
}

fn quantity(text: &str) -> Result<Seized, AnswerError> {
    let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    let unit = match text[number.len()..].trim().to_lowercase().as_str() {
        "kg" | "kilo" | "kilos" => Unit::Kg,
        "l" | "litro" | "litros" | "litre" | "litres" => Unit::L,
        "" | "piezas" | "pza" | "pzas" | "pieces" => Unit::Pieces,
        _ => return Err(AnswerError::Amount(text.chars().take(40).collect())),
    };
    Ok(Seized { goods: Goods::Other, amount: amount(number)?, unit })
}

#[cfg(test)]
mod tests;
