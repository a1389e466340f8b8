//! What the audit log is at a moment, in so few words that they fit on a sheet of paper.
//!
//! ```text
//! cathartes/audit
//! 10000000                                            how many entries
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=        root of the tree over them (RFC 6962), base64
//! 2026-05-04T10:00:00Z                                when this was said
//! ```

use std::{fmt, str::FromStr};

use base64ct::{Base64, Encoding as _};
use jiff::Timestamp;

use crate::provenance::hexadecimal;

const HEAD: &str = "cathartes/audit";
/// Groups of hexadecimal digits in the short form, and digits of a group.
const GROUPS: usize = 12;
const DIGITS: usize = 4;

/// The root of the tree over the entries of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeRoot(pub [u8; 32]);

impl fmt::Display for TreeRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

/// What the log is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many entries it has.
    pub entries: u64,
    /// The root over them.
    pub root: TreeRoot,
    /// When this was said.
    pub at: Timestamp,
}

impl Checkpoint {
    /// For paper: the number of entries and the first 48 digits of the root.
    #[must_use]
    pub fn short(&self) -> String {
        let digits = self.root.to_string();
        let groups = (0..GROUPS).map(|i| &digits[i * DIGITS..(i + 1) * DIGITS]);
        format!("{} {}", self.entries, groups.collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = Base64::encode_string(&self.root.0);
        write!(f, "{HEAD}\n{}\n{root}\n{}\n", self.entries, self.at)
    }
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not four lines that each end.
    #[error("a checkpoint is four lines: `{HEAD}`, number of entries, root, time")]
    Lines,
    /// A line says something else.
    #[error("line {line} of the checkpoint: `{said}` is no {should}")]
    Line {
        /// Which, from 1.
        line: u8,
        /// What stands there.
        said: String,
        /// What should.
        should: &'static str,
    },
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [HEAD, entries, root, at, ""] = lines.as_slice() else {
            return Err(CheckpointError::Lines);
        };
        let wrong = |line, said: &str, should| {
            let said = said.chars().take(80).collect();
            move || CheckpointError::Line { line, said, should }
        };
        let number = entries.parse().ok().filter(|n: &u64| n.to_string() == **entries);
        let mut bytes = [0; 32];
        let decoded = Base64::decode(root, &mut bytes).is_ok_and(|found| found.len() == 32);
        Ok(Self {
            entries: number.ok_or_else(wrong(2, entries, "number of entries"))?,
            root: decoded.then_some(TreeRoot(bytes)).ok_or_else(wrong(
                3,
                root,
                "root in base64",
            ))?,
            at: at.parse().map_err(|_| wrong(4, at, "time in UTC")())?,
        })
    }
}

#[cfg(test)]
mod tests;
