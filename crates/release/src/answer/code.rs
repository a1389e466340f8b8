//! Codes that people read aloud and type: Crockford's base 32 with two check symbols.
//!
//! ```text
//! c(x) = m(x) x² + r(x),   r(x) = m(x) x² mod g(x),   g(x) = (x − α)(x − α²)   over GF(32), α⁵ = α² + 1
//! S1 = c(α),  S2 = c(α²):  both 0 for a code;  one wrong symbol e at x^p:  S1 = e α^p,  S2 = e α^2p
//! ```
//!
//! This is the Reed–Solomon code of distance 3 (Reed and Solomon, 1960): any two wrong symbols are found, and so is any
//! two that changed places, next to each other or not. Of many wrong symbols one in 1,024 cases is not. Where one symbol
//! is wrong we can say which, so that somebody looks at it again; nothing is ever mended. Codes have 31 symbols at most.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// No I, L, O, U: nothing that looks like a digit (D. Crockford).
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols of an answer code before its check.
const DATA: usize = 10;
const CHECK: usize = 2;
/// Bytes that an answer code is made of; two bits are used of the first.
pub const ENTROPY_BYTES: usize = 7;

/// What is typed in to answer a release: twelve symbols, `XXXX-XXXX-XXXX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnswerCode([u8; DATA + CHECK]);

/// Why a text is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Too short or too long.
    #[error("the code has {has} letters and digits: it should have {wanted}")]
    Length {
        /// How many there are.
        has: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A sign that no code has.
    #[error("`{letter}` at {position} is in no code")]
    Letter {
        /// Where, from 1.
        position: usize,
        /// The sign.
        letter: char,
    },
    /// One symbol is wrong as it seems.
    #[error("the code is not right: look again at symbol {position}")]
    One {
        /// Where, from 1.
        position: usize,
    },
    /// More than one.
    #[error("the code is not right: compare it once more")]
    Several,
}

impl AnswerCode {
    /// A code of random bytes.
    #[must_use]
    pub fn of_entropy(entropy: [u8; ENTROPY_BYTES]) -> Self {
        let bits = entropy.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let mut code = [0; DATA + CHECK];
        for (at, symbol) in code.iter_mut().take(DATA).enumerate() {
            *symbol = (bits >> (5 * at)) as u8 & 31;
        }
        let check = check_of(&code[..DATA]);
        code[DATA..].copy_from_slice(&check);
        Self(code)
    }
}

impl fmt::Display for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&written(&self.0))
    }
}

impl FromStr for AnswerCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        read(text).map(Self)
    }
}

impl TryFrom<String> for AnswerCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<AnswerCode> for String {
    fn from(code: AnswerCode) -> Self {
        code.to_string()
    }
}

/// The symbols behind some data that make a code of them.
pub(super) fn check_of(data: &[u8]) -> [u8; CHECK] {
    let shift = |[high, low]: [u8; CHECK], symbol: &u8| {
        let over = symbol ^ high;
        // g(x) = x² + 6x + 8: α + α² = 6, α³ = 8.
        [low ^ times(over, 6), times(over, 8)]
    };
    data.iter().fold([0; CHECK], shift)
}

/// In fours with a hyphen between them.
pub(super) fn written(symbols: &[u8]) -> String {
    let letter = |symbol: &u8| char::from(SYMBOLS[usize::from(symbol & 31)]);
    let fours = symbols.chunks(4).map(|four| four.iter().map(letter).collect::<String>());
    fours.collect::<Vec<_>>().join("-")
}

/// What somebody typed, in capitals or not, with hyphens and blanks or without, `O` for `0`, `I` and `L` for `1`.
pub(super) fn read<const N: usize>(text: &str) -> Result<[u8; N], CodeError> {
    let parts =
        |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '.' | '_');
    let letters: Vec<char> = text.chars().filter(parts).take(4 * N + 4).collect();
    let mut code = [0; N];
    if letters.len() != N {
        return Err(CodeError::Length { has: letters.len(), wanted: N });
    }
    for (at, letter) in letters.into_iter().enumerate() {
        code[at] = symbol(letter).ok_or(CodeError::Letter { position: at + 1, letter })?;
    }
    holds(&code).map(|()| code)
}

fn symbol(letter: char) -> Option<u8> {
    let plain = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    SYMBOLS.iter().position(|symbol| char::from(*symbol) == plain).map(|at| at as u8)
}

/// Whether a code holds; where it does not, when that is one place.
fn holds(code: &[u8]) -> Result<(), CodeError> {
    let at = |root| code.iter().fold(0, |sum, symbol| times(sum, root) ^ symbol);
    let (first, second) = (at(2), at(4));
    if first == 0 && second == 0 {
        return Ok(());
    }
    // α^p = S2 / S1: the power is found by trying, there are 31.
    let mut power = 1;
    for position in (1..=code.len()).rev() {
        if first != 0 && times(first, power) == second {
            return Err(CodeError::One { position });
        }
        power = times(power, 2);
    }
    Err(CodeError::Several)
}

/// The product in GF(32).
fn times(a: u8, b: u8) -> u8 {
    let mut product = 0_u16;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= u16::from(a) << bit;
        }
    }
    for bit in (5..9).rev() {
        if product >> bit & 1 == 1 {
            // α⁵ = α² + 1.
            product ^= 0b10_0101 << (bit - 5);
        }
    }
    product as u8
}

#[cfg(test)]
mod tests;
