//! What the user says of the wind: one value, or a CSV by time.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, bail, ensure};
use cathartes_core::{
    estimate::Estimate,
    units::{Degrees, MetresPerSecond},
    wind::Wind,
};
use cathartes_formats::wind_csv::WindSeries;
use jiff::Timestamp;

/// Wind as the user gives it.
#[derive(Debug, Clone, PartialEq)]
pub enum WindSource {
    /// The same for every scene.
    Constant(Wind),
    /// By time.
    ByTime {
        /// Where it was read.
        file: PathBuf,
        /// Its rows.
        series: WindSeries,
    },
}

impl WindSource {
    /// Reads `SPEED,FROM_DEG,SD`, or the file of that name.
    ///
    /// # Errors
    ///
    /// When it is neither, or a number is out of range; the sentence says which.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let path = Path::new(text);
        if path.exists() {
            return Self::read_file(path);
        }
        let numbers: Vec<f64> = text
            .split(',')
            .map(|part| f64::from_str(part.trim()))
            .collect::<Result<_, _>>()
            .with_context(|| {
                format!("wind `{text}` is neither SPEED,FROM_DEG,SD nor a file; write 3.2,270,0.8")
            })?;
        let [speed, from, sd] = numbers[..] else {
            bail!("wind `{text}` has {} numbers, not three: SPEED,FROM_DEG,SD", numbers.len());
        };
        Ok(Self::Constant(checked(speed, from, sd).with_context(|| format!("wind `{text}`"))?))
    }

    fn read_file(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| path.display().to_string())?;
        let series = WindSeries::read(&text).with_context(|| path.display().to_string())?;
        Ok(Self::ByTime { file: path.to_owned(), series })
    }

    /// The file it comes from, when it does.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Constant(_) => None,
            Self::ByTime { file, .. } => Some(file),
        }
    }

    /// The wind of a scene.
    ///
    /// # Errors
    ///
    /// When winds come by time and the scene has none, or none near any of them.
    pub fn at(&self, time: Option<Timestamp>) -> anyhow::Result<Wind> {
        match self {
            Self::Constant(wind) => Ok(*wind),
            Self::ByTime { file, series } => {
                let time = time.context(
                    "the scene does not say when it was flown; give its wind as SPEED,FROM_DEG,SD",
                )?;
                series.at(time).with_context(|| file.display().to_string())
            }
        }
    }
}

fn checked(speed: f64, from: f64, sd: f64) -> anyhow::Result<Wind> {
    ensure!((0.0..=100.0).contains(&speed), "a speed of {speed} m/s; give 0 to 100");
    ensure!((0.0..=360.0).contains(&from), "a bearing of {from} degrees; give 0 to 360");
    ensure!((0.0..=100.0).contains(&sd), "a deviation of {sd} m/s; give 0 to 100");
    let speed = Estimate { value: MetresPerSecond(speed), std: MetresPerSecond(sd) };
    Ok(Wind { speed, from: Degrees(from) })
}

#[cfg(test)]
mod tests;
