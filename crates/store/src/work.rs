//! What jobs are about.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A file that a job reads, kept as a blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneFile {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub sha256: Digest,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Work {
    /// Search an image for gases.
    Detect {
        /// The image and what lies beside it.
        files: Vec<SceneFile>,
        /// Which of them is the image, or its header.
        image: String,
        /// Names of gases.
        gases: Vec<String>,
        /// Wind, as `cathartes detect --wind` takes it.
        wind: Option<String>,
        /// Start of the acquisition, where the image does not say.
        time: Option<Timestamp>,
        /// Seed of every number drawn.
        seed: u64,
    },
    /// Find sources from gas traces.
    Locate {
        /// Readings, winds and what else there is.
        files: Vec<SceneFile>,
        /// Which of them has the readings.
        readings: String,
        /// Which of them has the winds.
        wind: String,
        /// Which of them says what is known of the site.
        site: Option<String>,
        /// Seed of every number drawn.
        seed: u64,
    },
    /// Fold observations, acts and the register into sites, up to here or farther.
    Fold {
        /// How much there was when it was asked for.
        to: Extent,
        /// The day since 1970 for which it was asked because sites grow old, where nothing else is new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<i64>,
    },
}

/// How many observations, acts and registers there are, or were taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Number of the last observation.
    pub observations: i64,
    /// Number of the last act.
    pub acts: i64,
    /// Number of the last register.
    pub registers: i64,
}

impl Work {
    /// What it reads.
    #[must_use]
    pub fn files(&self) -> &[SceneFile] {
        match self {
            Self::Detect { files, .. } | Self::Locate { files, .. } => files,
            Self::Fold { .. } => &[],
        }
    }

    /// A word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Detect { .. } => "detect",
            Self::Locate { .. } => "locate",
            Self::Fold { .. } => "fold",
        }
    }
}
