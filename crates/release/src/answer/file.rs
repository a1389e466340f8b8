//! Answers as a file, for where there is no network: canonical JSON with a MAC by the key of the release.
//!
//! ```text
//! {"answers":[{"answer":{"details":{},"state":"assigned"},"at":"2026-11-28T12:00:00Z","key":"…"}],
//!  "form":"cathartes-answers-1","mac":"64 hexadecimal digits","release":"7K3M-9QXA-20TB"}
//!
//! mac = HMAC-SHA-256( key of the release, "file" ‖ 0 ‖ canonical form of the rest )
//! ```
//!
//! Whoever has the sheet or the form of a release has its key, and nobody else but us. It proves to us that the file came
//! from there; it proves nothing to a third, because we could have made it ourselves.

use cathartes_core::provenance::hexadecimal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Answer, AnswerError,
    code::AnswerCode,
    keys::{self, Tag},
};
use crate::canonical::{CanonicalError, canonical};

/// What a file of this kind says it is.
const FORM: &str = "cathartes-answers-1";
/// Nothing longer is read.
pub const MOST_BYTES: usize = 1 << 16;
/// Most answers of one file.
const MOST_ANSWERS: usize = 64;
/// Longest key of an answer.
const KEY_BYTES: usize = 64;

/// One answer of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiledAnswer {
    /// What is said.
    pub answer: Answer,
    /// When, by the clock of whoever said it.
    pub at: Timestamp,
    /// Chosen when it was said: the same file twice is the same answers.
    pub key: String,
}

/// A file whose MAC has not been looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Unproved {
    /// The release it is about.
    pub release: AnswerCode,
    answers: Vec<FiledAnswer>,
    covered: String,
    mac: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Longer than any.
    #[error("the file has {bytes} bytes: answers have {MOST_BYTES} at most")]
    Long {
        /// How many it has.
        bytes: usize,
    },
    /// Not JSON.
    #[error("line {line}, column {column}: {what}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// Another kind of file.
    #[error("`form` is not \"{FORM}\": this is no file of answers")]
    Form,
    /// A field that is not as it should be.
    #[error("`{field}`: {what}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// One of the answers.
    #[error("answer {number}: {what}")]
    Answer {
        /// Which, from 1.
        number: usize,
        /// What is wrong with it.
        what: AnswerError,
    },
    /// Not written by who has the key, or changed since.
    #[error("`mac` does not fit: the file was changed, or made without the sheet of this release")]
    Forged,
    /// What has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// Writes answers to one release.
///
/// # Errors
///
/// [`CanonicalError`] for a number that JSON does not hold.
pub fn write(
    release: &AnswerCode,
    answers: &[FiledAnswer],
    key: &Tag,
) -> Result<String, CanonicalError> {
    let mut file = json!({ "answers": answers, "form": FORM, "release": release });
    let mac = keys::tag(key, "file", canonical(&file)?.as_bytes());
    file["mac"] = json!(hexadecimal(&mac));
    canonical(&file)
}

/// Reads a file.
///
/// # Errors
///
/// [`FileError`] says where it stops being one.
pub fn read(text: &str) -> Result<Unproved, FileError> {
    if text.len() > MOST_BYTES {
        return Err(FileError::Long { bytes: text.len() });
    }
    let json = |error: serde_json::Error| FileError::Json {
        line: error.line(),
        column: error.column(),
        what: error.to_string(),
    };
    let mut file: Value = serde_json::from_str(text).map_err(json)?;
    if file["form"] != FORM {
        return Err(FileError::Form);
    }
    let mac = file.as_object_mut().and_then(|file| file.remove("mac"));
    let mac = mac.as_ref().and_then(Value::as_str).and_then(bytes_of);
    let mac = mac.ok_or_else(|| wrong("mac", "write 64 hexadecimal digits"))?;
    let covered = canonical(&file)?;
    let release = file["release"].as_str().unwrap_or_default().parse();
    let release = release.map_err(|error| wrong("release", error))?;
    let answers = serde_json::from_value(file["answers"].take());
    let answers: Vec<FiledAnswer> = answers.map_err(|error| wrong("answers", error))?;
    if answers.is_empty() || answers.len() > MOST_ANSWERS {
        return Err(wrong("answers", format!("write 1 to {MOST_ANSWERS}")));
    }
    Ok(Unproved { release, answers, covered, mac })
}

impl Unproved {
    /// The answers, when the file was written by who has the key of the release.
    ///
    /// # Errors
    ///
    /// [`FileError`] when it was not, or an answer is none.
    pub fn proved(self, key: &Tag) -> Result<Vec<FiledAnswer>, FileError> {
        if !keys::is_tag(key, "file", self.covered.as_bytes(), &self.mac) {
            return Err(FileError::Forged);
        }
        let checked = |(number, filed): (usize, FiledAnswer)| {
            if filed.key.is_empty() || filed.key.len() > KEY_BYTES {
                return Err(wrong("key", format!("write 1 to {KEY_BYTES} bytes")));
            }
            let answer = filed.answer.checked();
            let answer = answer.map_err(|what| FileError::Answer { number, what })?;
            Ok(FiledAnswer { answer, ..filed })
        };
        (1..).zip(self.answers).map(checked).collect()
    }
}

fn wrong(field: &'static str, what: impl std::fmt::Display) -> FileError {
    FileError::Field { field, what: what.to_string() }
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).map(|value| value as u8)).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests;
