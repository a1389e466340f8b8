use cathartes_core::{geometry::Geometry, plume::PixelPlace};

use super::*;

/// Pixels of 5 m across and 6 m along a line flown to the north-east, bending a little.
fn bent(lines: usize, samples: usize) -> PixelGrid {
    let crs = Crs::Utm { zone: 11, north: true };
    let grid = MapGrid {
        crs,
        origin: [353_000.0, 3_813_000.0],
        per_sample: [3.0, -4.0],
        per_line: [4.8, 3.6],
    };
    let mut places = Vec::new();
    for line in 0..lines {
        for sample in 0..samples {
            let line_px = line as f64 + 0.5 + 2.0 * (sample as f64 / 20.0).sin();
            let at = PixelPlace { line_px, sample_px: sample as f64 + 0.5 };
            places.push(Geometry::Map(grid).locate(at).unwrap());
        }
    }
    PixelGrid {
        lines,
        samples,
        latitudes_deg: places.iter().map(|p| p.latitude.0).collect(),
        longitudes_deg: places.iter().map(|p| p.longitude.0).collect(),
        glt: None,
    }
}

#[test]
fn every_cell_holds_the_pixel_whose_place_it_is() {
    let pixels = bent(40, 50);
    let table = lookup(&pixels).unwrap();

    let map = Geometry::Map(table.grid);
    let image = Geometry::PerPixel(Box::new(pixels));
    for (i, cell) in table.cells.iter().enumerate() {
        let Some((line, sample)) = cell else { continue };
        let middle = |line: usize, sample: usize| PixelPlace {
            line_px: line as f64 + 0.5,
            sample_px: sample as f64 + 0.5,
        };
        let of_cell = map.locate(middle(i / table.columns, i % table.columns)).unwrap();
        let of_pixel = image.locate(middle(*line as usize, *sample as usize)).unwrap();
        let (_, apart) = cathartes_core::geometry::bearing_and_distance(of_cell, of_pixel);
        assert!(apart.0 < 4.3, "{apart}");
    }
}

#[test]
fn no_pixel_is_lost_and_no_cell_inside_is_empty() {
    let table = lookup(&bent(40, 50)).unwrap();

    let mut seen: std::collections::HashSet<&(u32, u32)> = std::collections::HashSet::new();
    seen.extend(table.cells.iter().flatten());
    assert_eq!(seen.len(), 40 * 50);
    for row in table.cells.chunks(table.columns) {
        let first = row.iter().position(Option::is_some);
        let last = row.iter().rposition(Option::is_some);
        if let (Some(first), Some(last)) = (first, last) {
            // The outline bends, so a row may leave the image and come back, but not for one cell.
            let hole =
                |w: &[Option<(u32, u32)>]| w[0].is_some() && w[1].is_none() && w[2].is_some();
            assert!(!row[first..=last].windows(3).any(hole));
        }
    }
}

#[test]
fn a_map_has_the_values_of_the_image_and_no_others() {
    let pixels = bent(10, 12);
    let table = lookup(&pixels).unwrap();
    let values = (0..120_u16).map(f32::from).collect();
    let raster = Raster { lines: 10, samples: 12, values };

    let map = resample(&raster, &table);

    let mut seen: Vec<f32> = map.into_iter().filter(|v| v.is_finite()).collect();
    seen.sort_by(f32::total_cmp);
    seen.dedup();
    assert_eq!(seen, raster.values);
}

#[test]
fn places_that_make_no_map_make_none() {
    let mut pixels = bent(3, 3);
    pixels.latitudes_deg.fill(f64::NAN);
    assert!(lookup(&pixels).is_none());
    let mut spread = bent(3, 3);
    spread.latitudes_deg[0] = -60.0;
    assert!(lookup(&spread).is_none());
}
