//! Profiles: kinds of emitter and the gases over them, one TOML a kind. They belong to the user; those
//! of the folder `profiles` are inside the executable as examples.
//!
//! ```text
//! id = "dairy"                          a-z, 0-9 and -, at most 40
//! standing = "innocent"                 or "of_interest"
//! prior_weight = 10.0                   above 0: how common, against the other kinds
//! sources = ["EMEP/EEA air pollutant emission inventory guidebook"]    1 to 8 titles
//!
//! [name]
//! en = "Dairy farm"
//! es = "Granja lechera"
//!
//! [[gas]]                               1 to 40
//! gas = "nh3"                           slug of the gas library
//! presence_probability = 0.9            0 to 1
//! persistence = "continuous"            or "daily", "occasional"
//! ```
//!
//! Nothing else can be written: an unknown key is refused with its line. A profile says what the air
//! over a place may hold and where that is published; it has no room for how anything is made. Text is
//! one line of at most [`LONGEST_TEXT`] characters.

use cathartes_core::emitter::{EmittedGas, EmitterKind, Names, Standing};
use serde::Deserialize;

/// Most characters of a name or a title.
pub const LONGEST_TEXT: usize = 160;
/// Largest profile, bytes.
pub const MAX_BYTES: usize = 64 << 10;
const MOST_SOURCES: usize = 8;
const MOST_GASES: usize = 40;
const LONGEST_ID: usize = 40;

/// The profiles inside the executable.
const BUILTIN: [&str; 10] = [
    include_str!("../../../profiles/brick-kiln.toml"),
    include_str!("../../../profiles/dairy.toml"),
    include_str!("../../../profiles/dry-cleaner.toml"),
    include_str!("../../../profiles/fertiliser-store.toml"),
    include_str!("../../../profiles/landfill.toml"),
    include_str!("../../../profiles/mixed-solvent-release.toml"),
    include_str!("../../../profiles/paint-shop.toml"),
    include_str!("../../../profiles/power-plant.toml"),
    include_str!("../../../profiles/refinery.toml"),
    include_str!("../../../profiles/wastewater.toml"),
];

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not UTF-8.
    #[error("byte {at}: the profile is no UTF-8 text; save it as UTF-8")]
    NoText {
        /// First bad byte.
        at: usize,
    },
    /// Larger than any profile.
    #[error("the profile has {bytes} bytes of at most {MAX_BYTES}; is it the right file?")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No TOML, or keys that a profile has not.
    #[error(
        "line {line}: {reason}; a profile holds id, standing, prior_weight, sources, [name] with en and \
         es, and [[gas]] with gas, presence_probability and persistence, nothing else"
    )]
    Refused {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value that cannot be.
    #[error("`{key}`: {remedy}")]
    Invalid {
        /// Which key.
        key: String,
        /// What should stand there.
        remedy: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    standing: Standing,
    prior_weight: f64,
    sources: Vec<String>,
    name: Names,
    gas: Vec<EmittedGas>,
}

/// The profiles inside the executable, by id.
///
/// # Errors
///
/// [`ProfileError`] when the executable was built from a damaged profile.
pub fn builtin() -> Result<Vec<EmitterKind>, ProfileError> {
    BUILTIN.iter().map(|text| parse(text.as_bytes())).collect()
}

/// Reads a profile.
///
/// # Errors
///
/// [`ProfileError`] with the place and the remedy.
pub fn parse(bytes: &[u8]) -> Result<EmitterKind, ProfileError> {
    if bytes.len() > MAX_BYTES {
        return Err(ProfileError::TooLarge { bytes: bytes.len() });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|e| ProfileError::NoText { at: e.valid_up_to() })?;
    let file: File = toml::from_str(text).map_err(|e| refused(text, &e))?;
    check(&file)?;
    let File { id, standing, prior_weight, sources, name, gas } = file;
    Ok(EmitterKind { id, name, standing, prior_weight, gases: gas, sources })
}

fn refused(text: &str, error: &toml::de::Error) -> ProfileError {
    let at = error.span().map_or(0, |span| span.start);
    let line = text.get(..at).map_or(1, |before| before.split('\n').count());
    let reason = error.message().lines().next().unwrap_or_default().chars().take(200).collect();
    ProfileError::Refused { line, reason }
}

fn check(file: &File) -> Result<(), ProfileError> {
    let invalid = |key: &str, remedy| Err(ProfileError::Invalid { key: key.to_owned(), remedy });
    if !slug(&file.id) {
        return invalid("id", "write at most 40 of a-z, 0-9 and -");
    }
    if !(file.prior_weight > 0.0 && file.prior_weight <= 1e6) {
        return invalid("prior_weight", "write a number above 0 and at most 1000000");
    }
    if !(1..=MOST_SOURCES).contains(&file.sources.len()) {
        return invalid("sources", "name 1 to 8 public documents");
    }
    if !(1..=MOST_GASES).contains(&file.gas.len()) {
        return invalid("gas", "give 1 to 40 gases");
    }
    let mut texts = file.sources.iter().chain([&file.name.en, &file.name.es]);
    if !texts.all(|t| one_line(t)) {
        return invalid("name and sources", "write one line of at most 160 characters each");
    }
    for (at, gas) in file.gas.iter().enumerate() {
        if !slug(&gas.gas) {
            return invalid("gas.gas", "write the slug of a gas: at most 40 of a-z, 0-9 and -");
        }
        if !(0.0..=1.0).contains(&gas.presence_probability) {
            return invalid("gas.presence_probability", "write a number from 0 to 1");
        }
        if file.gas.iter().take(at).any(|other| other.gas == gas.gas) {
            return invalid("gas.gas", "name every gas once");
        }
    }
    Ok(())
}

fn slug(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(plain)
}

fn one_line(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= LONGEST_TEXT
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests;
