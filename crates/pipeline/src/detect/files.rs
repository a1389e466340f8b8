//! What a search leaves in its folder, except the report.

use std::{borrow::Cow, path::Path};

use cathartes_core::{gas::Gas, geometry::Geometry, plume::Plume, raster::Raster};
use cathartes_formats::{
    cog::{self, Layer, Map},
    plume_geojson::{self, Listed},
};
use cathartes_sensing::look_alike::PlumeSpectrum;
use rayon::prelude::*;

use super::{
    scene::{Found, Scene},
    spectrum,
};
use crate::{
    ortho,
    picture::{self, PlumePicture, Quicklook},
};

pub(crate) fn write(folder: &Path, scene: &Scene<'_>, found: &[Found]) -> anyhow::Result<()> {
    let geometry = &scene.source.info().geometry;
    let apart = apart(found);
    let all: Vec<Plume> = found.iter().flat_map(|f| f.plumes.iter().cloned()).collect();
    let (maps, pictures) = rayon::join(
        || found.iter().try_for_each(|one| write_maps(folder, geometry, one)),
        || {
            let overview = found.iter().any(|one| one.overview);
            found.iter().try_for_each(|one| {
                if one.overview || !overview {
                    let plumes = if overview { &all } else { &one.plumes };
                    draw_scene(folder, scene, (one, plumes), apart)?;
                }
                draw_plumes(folder, scene, one, apart)
            })
        },
    );
    maps.and(pictures)?;
    let info = scene.source.info();
    let named: Vec<Named<'_>> = found.iter().flat_map(|one| named(one, apart)).collect();
    let plumes: Vec<Listed<'_>> = named.iter().map(Named::listed).collect();
    let described = plume_geojson::Scene {
        name: scene.task.name,
        time: info.time,
        geometry: &info.geometry,
        wind: scene.wind,
    };
    plume_geojson::write(&folder.join("plumes.geojson"), &described, &plumes)?;
    Ok(())
}

/// With several gases, each searched for by itself, each picture has its gas in its name.
fn draw_scene(
    folder: &Path,
    scene: &Scene<'_>,
    (found, plumes): (&Found, &[Plume]),
    several: bool,
) -> anyhow::Result<()> {
    let gas = &found.gas.gas;
    let look = Quicklook {
        scene: scene.task.name,
        source: scene.source,
        gas,
        maps: &found.maps,
        plumes,
        overview: found.overview,
    };
    let slug = &gas.slug;
    let name = if several { format!("quicklook.{slug}.png") } else { "quicklook.png".to_owned() };
    picture::quicklook(&folder.join(name), &look)
}

/// A plume with the names of its files.
struct Named<'a> {
    plume: &'a Plume,
    gas: &'a Gas,
    spectrum: Option<&'a PlumeSpectrum>,
    picture: String,
    /// Absent when too little ground was known to make a spectrum of.
    spectrum_file: Option<String>,
}

impl Named<'_> {
    fn listed(&self) -> Listed<'_> {
        Listed {
            plume: self.plume,
            gas: self.gas,
            picture: Some(&self.picture),
            spectrum: self.spectrum_file.as_deref(),
        }
    }
}

/// Whether every gas was searched for by itself beside others: then plumes are numbered anew for each.
fn apart(found: &[Found]) -> bool {
    found.len() > 1 && !found.iter().any(|one| one.overview)
}

fn named(found: &Found, apart: bool) -> impl Iterator<Item = Named<'_>> {
    let gas = &found.gas.gas;
    found.plumes.iter().zip(&found.spectra).map(move |(plume, spectrum)| {
        let (n, slug) = (plume.number, &gas.slug);
        let stem = if apart { format!("plume-{slug}-{n}") } else { format!("plume-{n}") };
        let spectrum = spectrum.as_ref();
        let known = spectrum::is_known(spectrum);
        let spectrum_file = known.then(|| format!("{stem}.spectrum.json"));
        Named { plume, gas, spectrum, picture: format!("{stem}.png"), spectrum_file }
    })
}

/// Picture and spectrum of every plume.
fn draw_plumes(folder: &Path, scene: &Scene<'_>, found: &Found, apart: bool) -> anyhow::Result<()> {
    let all: Vec<Named<'_>> = named(found, apart).collect();
    all.into_par_iter().try_for_each(|one| {
        if let (Some(name), Some(spectrum)) = (&one.spectrum_file, one.spectrum) {
            spectrum::write(&folder.join(name), scene.task.name, one.plume, spectrum)?;
        }
        let picture = PlumePicture {
            scene: scene.task.name,
            geometry: &scene.source.info().geometry,
            gas: one.gas,
            maps: &found.maps,
            plume: one.plume,
            spectrum: one.spectrum,
            window: found.window,
            wind: scene.wind,
        };
        picture::plume(&folder.join(&one.picture), &picture)
    })
}

/// The quantity map of a gas with its deviation, and apart from it the map that decides.
fn write_maps(folder: &Path, geometry: &Geometry, found: &Found) -> anyhow::Result<()> {
    let (gas, maps) = (&found.gas.gas, &found.maps);
    let layer = |what: &str, unit, raster| (format!("{} {what}", gas.name), unit, raster);
    let quantity = [
        layer("enhancement", "ppm-m", &maps.enhancement_ppmm),
        layer("enhancement, one standard deviation", "ppm-m", &maps.sigma_ppmm),
    ];
    let decision = [
        layer("significance integrated over space", "deviations", &maps.decision),
        layer("significance of single pixels", "deviations", &maps.significance),
    ];
    let file = |what: &str| folder.join(format!("{what}.{}.tif", gas.slug));
    let quantified = maps.enhancement_ppmm.values.iter().any(|value| value.is_finite());
    let (quantity, decision) = rayon::join(
        || if quantified { write_map(&file("enhancement"), geometry, &quantity) } else { Ok(()) },
        || write_map(&file("significance"), geometry, &decision),
    );
    quantity.and(decision)
}

fn write_map(
    path: &Path,
    geometry: &Geometry,
    layers: &[(String, &'static str, &Raster); 2],
) -> anyhow::Result<()> {
    let table = match geometry {
        Geometry::PerPixel(grid) => ortho::lookup(grid),
        Geometry::Map(_) | Geometry::Unknown => None,
    };
    let values: Vec<Cow<'_, [f32]>> = layers
        .iter()
        .map(|(_, _, raster)| match &table {
            Some(table) => Cow::Owned(ortho::resample(raster, table)),
            None => Cow::Borrowed(raster.values.as_slice()),
        })
        .collect();
    let first = layers[0].2;
    let (rows, columns, grid) = match (&table, geometry) {
        (Some(table), _) => (table.rows, table.columns, Some(table.grid)),
        (None, Geometry::Map(grid)) => (first.lines, first.samples, Some(*grid)),
        (None, _) => (first.lines, first.samples, None),
    };
    let layers = layers
        .iter()
        .zip(&values)
        .map(|((description, unit, _), values)| Layer {
            description: description.clone(),
            unit,
            values,
        })
        .collect();
    cog::write(path, &Map { rows, columns, layers, grid })?;
    Ok(())
}
