//! What can be wrong with an airspace file, with the place in it as people count: from 1.

use std::fmt::Display;

use super::MAX_BYTES;

/// Why a file holds no authority, track or airspace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AirspaceError {
    /// Larger than any.
    #[error("the file has {bytes} bytes of at most {MAX_BYTES}; is it the right one?")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not JSON, or a field that stands twice.
    #[error("line {line}, column {column}: {reason}; mend the JSON there")]
    NoJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// Somebody asks for a flight with weapons. There is none, and the attempt is worth a line in the log.
    #[error(
        "{at}: weapons are no purpose and never will be; the purposes are chemical survey, imagery, signals and maritime"
    )]
    WeaponsRefused {
        /// Where in the file.
        at: String,
    },
    /// Anything else.
    #[error("{}", sentence(at, what))]
    Refused {
        /// Where in the file; empty when it is all of it.
        at: String,
        /// What is wrong, and what to do.
        what: String,
    },
}

fn sentence(at: &str, what: &str) -> String {
    if at.is_empty() { what.to_owned() } else { format!("{at}: {what}") }
}

impl AirspaceError {
    /// A fault whose place is told by those around it.
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self::Refused { at: String::new(), what: what.into() }
    }

    fn inside(self, outer: impl Display) -> Self {
        let join =
            |at: &str| if at.is_empty() { outer.to_string() } else { format!("{outer}, {at}") };
        match self {
            Self::Refused { at, what } => Self::Refused { at: join(&at), what },
            Self::WeaponsRefused { at } => Self::WeaponsRefused { at: join(&at) },
            whole @ (Self::TooLarge { .. } | Self::NoJson { .. }) => whole,
        }
    }
}

/// Tells of a fault that it lies in something numbered; the number is from 0 here and from 1 for people.
pub(super) fn within(what: &str, index: usize) -> impl FnOnce(AirspaceError) -> AirspaceError {
    move |error| error.inside(format_args!("{what} {}", index + 1))
}

/// Tells of a fault that it lies in something that has a name.
pub(super) fn inside(outer: &str) -> impl FnOnce(AirspaceError) -> AirspaceError {
    move |error| error.inside(outer)
}
