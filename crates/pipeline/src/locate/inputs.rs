//! Everything a run reads, and its digests.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use cathartes_core::provenance::Input;
use cathartes_formats::{
    flight_log::{self, LogMap},
    readings::{Gap, LeftOut, Table},
    readings_csv, seen_plumes,
    site::{self, Site},
    trace_wind_csv::{self, WindTable},
};

use super::Job;
use crate::digest::Running;

/// Larger than any table or log we take, bytes.
const LARGEST_BYTES: u64 = 1 << 30;

/// What the files said.
pub(super) struct Inputs {
    pub(super) table: Table,
    pub(super) gaps: Vec<Gap>,
    /// Rows of the readings before any was left out.
    pub(super) rows: usize,
    pub(super) wind: WindTable,
    pub(super) site: Site,
    pub(super) plumes: Vec<seen_plumes::Seen>,
    /// Plumes without a place, and look-alikes.
    pub(super) silent_plumes: usize,
    pub(super) files: Vec<Input>,
}

impl Inputs {
    /// Rows of the wind that were left out.
    pub(super) fn wind_left_out(&self) -> &[LeftOut] {
        &self.wind.left_out
    }
}

/// Reads and sifts.
pub(super) fn read(job: &Job) -> anyhow::Result<Inputs> {
    let mut files = Vec::new();
    let readings = bytes(&job.readings, &mut files)?;
    let named = |path: &Path| path.display().to_string();
    let mut table = match &job.log_map {
        Some(map) => {
            let text = bytes(map, &mut files)?;
            let parsed = LogMap::parse(&text).with_context(|| named(map))?;
            flight_log::read(&readings, &parsed).with_context(|| named(&job.readings))?
        }
        None if is_log(&job.readings) => bail!(
            "{}: a flight log does not say where it holds its gas: give --log-map",
            named(&job.readings)
        ),
        None => readings_csv::read(&readings).with_context(|| named(&job.readings))?,
    };
    drop(readings);
    let rows = table.rows.len() + table.left_out.len();
    let gaps = table.sift();
    if table.rows.is_empty() {
        let why = table.left_out.first().map(|left| format!("row {}: {}", left.row, left.reason));
        bail!(
            "{}: no reading can be kept ({}); correct the file",
            named(&job.readings),
            why.unwrap_or_else(|| "it has none".to_owned())
        );
    }
    let text = bytes(&job.wind, &mut files)?;
    let wind = trace_wind_csv::read(&text).with_context(|| named(&job.wind))?;
    let site = match &job.site {
        Some(path) => {
            let text = bytes(path, &mut files)?;
            site::parse(&text).with_context(|| named(path))?
        }
        None => Site::default(),
    };
    let (mut plumes, mut silent_plumes) = (Vec::new(), 0);
    for path in &job.plumes {
        let text = bytes(path, &mut files)?;
        let (seen, silent) = seen_plumes::read(&text).with_context(|| named(path))?;
        plumes.extend(seen);
        silent_plumes += silent;
    }
    Ok(Inputs { table, gaps, rows, wind, site, plumes, silent_plumes, files })
}

fn is_log(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| ["tlog", "ulg"].iter().any(|log| end.eq_ignore_ascii_case(log)))
}

fn bytes(path: &PathBuf, files: &mut Vec<Input>) -> anyhow::Result<Vec<u8>> {
    let named = || path.display().to_string();
    let file = File::open(path).with_context(named)?;
    ensure!(!file.metadata().with_context(named)?.is_dir(), "{} is a folder; name a file", named());
    let mut bytes = Vec::new();
    file.take(LARGEST_BYTES + 1).read_to_end(&mut bytes).with_context(named)?;
    ensure!(bytes.len() as u64 <= LARGEST_BYTES, "{}: more than 1 GiB; divide it", named());
    let mut running = Running::default();
    running.add(&bytes);
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    files.push(running.finish(&name));
    Ok(bytes)
}
