//! A release of gas that is known, located from readings and winds: a real one where its data lies
//! beside the project, else a simulated one.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::number;

const REAL: &str = "../shared/data/traces/chilbolton_source1";

pub(super) const WHERE_TO_LOOK: [(&str, &str); 4] = [
    ("map.png", "where gas comes from, how sure that is, and what was measured where"),
    ("fit.png", "readings against the model, sensor by sensor"),
    ("sources.json", "place, rate and probability of every source"),
    ("report.json", "what was left out and why, and all it takes to do it again"),
];

/// A release and what is true of it.
pub(super) struct Release {
    readings: String,
    wind: String,
    site: &'static str,
    what: &'static str,
    east: f64,
    north: f64,
    rate: f64,
}

impl Release {
    pub(super) fn choose() -> Self {
        let folder = crate::root().join(REAL);
        if folder.is_dir() {
            println!(
                "a real release, of which an open-path laser measured methane for 139 minutes:"
            );
            return Self {
                readings: format!("{REAL}/readings.csv"),
                wind: format!("{REAL}/wind.csv"),
                site: "[search]\neast = [40, 90]\nnorth = [0, 110]\nup = [0, 3]\n",
                what: "Chilbolton 2017 (Hirst et al. 2020, CC BY 4.0)",
                east: 68.91,
                north: 92.75,
                rate: 1.36,
            };
        }
        println!("the real release is left out: {REAL} is not there. A simulated one instead:");
        Self {
            readings: "fixtures/trace_readings.csv".to_owned(),
            wind: "fixtures/trace_wind.csv".to_owned(),
            site: "[search]\neast = [-40, 40]\nnorth = [-50, 50]\nup = [0, 5]\n",
            what: "fixtures/make/trace.py",
            east: 12.0,
            north: -8.0,
            rate: 6.0,
        }
    }

    pub(super) fn write_site(&self, folder: &Path) -> Result<()> {
        let path = folder.join("site.toml");
        fs::write(&path, self.site).with_context(|| path.display().to_string())
    }

    pub(super) fn arguments(&self) -> [&str; 9] {
        let (readings, wind) = (self.readings.as_str(), self.wind.as_str());
        let site = "demo/site.toml";
        ["locate", readings, "--wind", wind, "--site", site, "--out", "demo/located", "--force"]
    }

    /// The truth, and how far what was named is from it.
    pub(super) fn compared(&self, folder: &Path) -> Result<String> {
        let path = folder.join("located/sources.json");
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        Ok(self.beside(&serde_json::from_slice(&bytes)?))
    }

    pub(super) fn beside(&self, found: &Value) -> String {
        let Self { what, east, north, rate, .. } = self;
        let truth = format!("true: {east} m east, {north} m north, {rate} kg/h; {what}\n");
        let near = |source: &Value| {
            let place = &source["place"];
            (number(place, "east") - east).hypot(number(place, "north") - north)
        };
        let sources = found["sources"].as_array().into_iter().flatten();
        let nearest = sources.map(near).min_by(f64::total_cmp);
        let off = nearest.map(|off| format!("the nearest source named is {off:.1} m from it\n"));
        truth + &off.unwrap_or_else(|| "no source is named\n".to_owned())
    }
}
