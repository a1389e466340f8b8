//! What a run leaves behind for one gas.

use std::path::Path;

use cathartes_formats::source_geojson;

use super::{Results, report};
use crate::picture;

pub(super) fn write(folder: &Path, results: &Results<'_>) -> anyhow::Result<()> {
    let Results { one, location, .. } = results;
    let trace = &one.trace;
    report::write_sources(folder, results)?;
    if let Some(text) = source_geojson::text(location, trace.frame, &one.volume.volume) {
        std::fs::write(folder.join("sources.geojson"), text)?;
    }
    let title = title(results);
    let look = picture::Located {
        title: &title,
        gas: &one.gas.gas,
        trace,
        volume: &one.volume.volume,
        location,
        plumes: &one.options.plumes,
    };
    picture::map(&folder.join("map.png"), &look)?;
    picture::fit(&folder.join("fit.png"), &look)?;
    picture::chains(&folder.join("chains.png"), &look)?;
    report::write(folder, results)
}

/// The site's name, else the file's.
fn title(results: &Results<'_>) -> String {
    let file = || {
        let path = &results.job.readings;
        path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
    };
    results.inputs.site.name.clone().unwrap_or_else(file)
}
