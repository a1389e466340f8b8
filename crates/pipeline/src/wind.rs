//! What the user says of the wind: one value, or a CSV by time.

use std::{path::Path, str::FromStr};

use anyhow::{Context, bail, ensure};
use cathartes_core::{
    estimate::Estimate,
    units::{Degrees, MetresPerSecond},
    wind::Wind,
};
use jiff::Timestamp;
use serde::Deserialize;

/// The columns of a wind file.
pub const COLUMNS: &str = "time_utc,speed_m_per_s,from_deg,speed_sd_m_per_s";

/// Wind as the user gives it.
#[derive(Debug, Clone, PartialEq)]
pub enum WindSource {
    /// The same for every scene.
    Constant(Wind),
    /// By time, rising.
    ByTime(Vec<(Timestamp, Wind)>),
}

#[derive(Deserialize)]
struct Row {
    time_utc: Timestamp,
    speed_m_per_s: f64,
    from_deg: f64,
    speed_sd_m_per_s: f64,
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
        let name = path.display();
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path)?;
        let mut rows = Vec::new();
        for (line, row) in (2..).zip(reader.deserialize()) {
            let row: Row = row.with_context(|| format!("{name}: the columns are {COLUMNS}"))?;
            let wind = checked(row.speed_m_per_s, row.from_deg, row.speed_sd_m_per_s)
                .with_context(|| format!("{name}, line {line}"))?;
            if let Some((before, _)) = rows.last() {
                ensure!(*before < row.time_utc, "{name}, line {line}: times must rise");
            }
            rows.push((row.time_utc, wind));
        }
        ensure!(!rows.is_empty(), "{name} has no rows; the columns are {COLUMNS}");
        Ok(Self::ByTime(rows))
    }

    /// The wind of a scene: the row nearest in time.
    ///
    /// # Errors
    ///
    /// When winds come by time and the scene has none, or none within an hour.
    pub fn at(&self, time: Option<Timestamp>) -> anyhow::Result<Wind> {
        let rows = match self {
            Self::Constant(wind) => return Ok(*wind),
            Self::ByTime(rows) => rows,
        };
        let time = time.context(
            "the scene does not say when it was flown; give its wind as SPEED,FROM_DEG,SD",
        )?;
        let away = |row: &Timestamp| (row.as_second() - time.as_second()).abs();
        let nearest = rows.iter().min_by_key(|(row, _)| away(row));
        match nearest {
            Some((row, wind)) if away(row) <= 3600 => Ok(*wind),
            Some((row, _)) => bail!("no wind within an hour of {time}; the nearest is of {row}"),
            None => bail!("no wind"),
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
