//! What a search leaves in its folder, except the report.

use std::{borrow::Cow, path::Path};

use cathartes_core::{geometry::Geometry, plume::Plume, raster::Raster};
use cathartes_formats::{
    cog::{self, Layer, Map},
    plume_geojson,
};

use rayon::prelude::*;

use super::scene::{Found, Scene};
use crate::{
    ortho,
    picture::{self, PlumePicture, Quicklook},
};

pub(crate) fn write(folder: &Path, scene: &Scene<'_>, found: &[Found]) -> anyhow::Result<()> {
    let geometry = &scene.source.info().geometry;
    let several = found.len() > 1;
    let all: Vec<Plume> = found.iter().flat_map(|f| f.plumes.iter().cloned()).collect();
    let (maps, pictures) = rayon::join(
        || found.iter().try_for_each(|one| write_maps(folder, geometry, one)),
        || {
            let overview = found.iter().any(|one| one.overview);
            found.iter().try_for_each(|one| {
                if one.overview || !overview {
                    let plumes = if overview { &all } else { &one.plumes };
                    draw_scene(folder, scene, (one, plumes), several && !overview)?;
                }
                draw_plumes(folder, scene, one, several && !overview)
            })
        },
    );
    maps.and(pictures)?;
    let info = scene.source.info();
    let plumes: Vec<_> =
        found.iter().flat_map(|f| f.plumes.iter().map(|plume| (plume, &f.gas.gas))).collect();
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

fn draw_plumes(
    folder: &Path,
    scene: &Scene<'_>,
    found: &Found,
    several: bool,
) -> anyhow::Result<()> {
    let gas = &found.gas.gas;
    let slug = &gas.slug;
    let pairs: Vec<_> = found.plumes.iter().zip(&found.spectra).collect();
    pairs.into_par_iter().try_for_each(|(plume, spectrum)| {
        let n = plume.number;
        let name = if several { format!("plume-{slug}-{n}.png") } else { format!("plume-{n}.png") };
        let picture = PlumePicture {
            scene: scene.task.name,
            geometry: &scene.source.info().geometry,
            gas,
            maps: &found.maps,
            plume,
            spectrum: spectrum.as_ref(),
            window: found.window,
            wind: scene.wind,
        };
        picture::plume(&folder.join(name), &picture)
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
