use std::{fs, process::Command};

use cathartes_core::units::Degrees;
use serde_json::json;

use super::*;

fn place(longitude: f64, latitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

fn feature(longitude: f64, latitude: f64, shape: Option<Value>) -> Feature {
    let properties = json!({
        "gas": "ch4", "mass_kg": 12.5, "pixels": 30, "flagged": true, "provenance": { "seed": 1 },
    });
    Feature {
        id: "one".to_owned(),
        place: Some(place(longitude, latitude)),
        shape: shape.map(|shape| Region::read(&shape).unwrap()),
        properties: properties.as_object().unwrap().clone(),
    }
}

fn square(west: f64, south: f64, side: f64) -> Value {
    let (east, north) = (west + side, south + side);
    json!({ "type": "Polygon", "coordinates": [
        [[west, south], [east, south], [east, north], [west, north], [west, south]],
    ] })
}

/// What GDAL reads of a layer of a tile, as `GeoJSON` in longitude and latitude.
fn read(tile: (u8, u32, u32), bytes: &[u8], layer: &str) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let (zoom, row, column) = tile;
    let at = folder.path().join(format!("{zoom}/{column}"));
    fs::create_dir_all(&at).unwrap();
    let file = at.join(format!("{row}.pbf"));
    fs::write(&file, bytes).unwrap();
    let out = folder.path().join("out.json");
    let mut gdal = Command::new("ogr2ogr");
    gdal.args(["-f", "GeoJSON", "-t_srs", "EPSG:4326", "-oo", "CLIP=NO"])
        .arg(&out)
        .arg(&file)
        .arg(layer);
    let Ok(output) = gdal.output() else {
        println!("skipped: ogr2ogr is not installed (apt-get install gdal-bin)");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&fs::read(out).unwrap()).unwrap())
}

#[test]
fn gdal_reads_places_shapes_and_attributes_of_a_tile() {
    let tile = MapTile::new(10, 358, 536).unwrap();
    let all = [feature(8.54, 47.37, Some(square(8.53, 47.36, 0.02)))];
    let bytes = write(tile, "plumes", &all).unwrap();

    let Some(points) = read((10, 358, 536), &bytes, "plumes") else { return };
    let point = &points["features"][0];
    let at = |i: usize| point["geometry"]["coordinates"][i].as_f64().unwrap();
    // A step of this tile is 10 m.
    assert!((at(0) - 8.54).abs() < 1e-4 && (at(1) - 47.37).abs() < 1e-4, "{point}");
    let properties = &point["properties"];
    assert_eq!((properties["id"].as_str(), properties["gas"].as_str()), (Some("one"), Some("ch4")));
    assert_eq!(
        (properties["mass_kg"].as_f64(), properties["pixels"].as_i64()),
        (Some(12.5), Some(30))
    );
    assert!(properties.get("provenance").is_none());

    let outlines = read((10, 358, 536), &bytes, "plumes_outlines").unwrap();
    let outline = &outlines["features"][0];
    assert_eq!(outline["properties"]["id"], "one");
    let region = Region::read(&outline["geometry"]).unwrap();
    let area = region.area().unwrap();
    let sides = [area.west, area.south, area.east, area.north].map(|side| side.0);
    let wanted = [8.53, 47.36, 8.55, 47.38];
    let off = sides.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < 2e-4, "{sides:?}");
}

#[test]
fn a_shape_is_cut_a_little_beyond_the_edges() {
    let tile = MapTile::new(10, 358, 536).unwrap();
    let bytes = write(tile, "plumes", &[feature(0.0, 0.0, Some(square(0.0, 40.0, 20.0)))]).unwrap();
    let Some(outlines) = read((10, 358, 536), &bytes, "plumes_outlines") else { return };
    let area = Region::read(&outlines["features"][0]["geometry"]).unwrap().area().unwrap();
    let corner = tile.place([-MARGIN, -MARGIN]);
    assert!((area.west.0 - corner.longitude.0).abs() < 1e-4, "{area:?}");
    assert!((area.north.0 - corner.latitude.0).abs() < 1e-4, "{area:?}");
}

#[test]
fn what_is_too_small_to_be_seen_keeps_its_point() {
    let world = MapTile::new(0, 0, 0).unwrap();
    let all = [feature(8.54, 47.37, Some(square(8.53, 47.36, 0.02)))];
    let bytes = write(world, "plumes", &all).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("plumes") && !text.contains("plumes_outlines"));
}

#[test]
fn a_shape_over_the_antimeridian_is_in_the_tiles_on_both_sides() {
    let shape = json!({ "type": "MultiPolygon", "coordinates": [
        square(179.0, -18.0, 1.0)["coordinates"], square(-180.0, -18.0, 1.0)["coordinates"],
    ] });
    let all = [feature(179.99, -17.5, Some(shape))];
    for column in [0, 31] {
        let bytes = write(MapTile::new(5, 17, column).unwrap(), "plumes", &all).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("plumes_outlines"), "column {column}");
        // The point lies within the margin of the other side.
        let Some(points) = read((5, 17, column), &bytes, "plumes") else { return };
        assert_eq!(points["features"].as_array().unwrap().len(), 1, "column {column}");
    }
}

#[test]
fn a_tile_with_nothing_in_it_has_no_bytes() {
    let tile = MapTile::new(10, 0, 0).unwrap();
    assert!(write(tile, "plumes", &[feature(8.54, 47.37, None)]).unwrap().is_empty());
    assert!(write(tile, "plumes", &[]).unwrap().is_empty());
}

#[test]
fn rings_turn_as_the_standard_wants_them() {
    let tile = MapTile::new(10, 358, 536).unwrap();
    let ring = [[8.53, 47.36], [8.55, 47.36], [8.55, 47.38], [8.53, 47.38], [8.53, 47.36]];
    let ring = ring.map(|[x, y]| place(x, y));
    let mut other = ring;
    other.reverse();
    for ring in [ring, other] {
        assert!(clip::twice_area(&seen(tile, &ring, true).unwrap()) > 0);
        assert!(clip::twice_area(&seen(tile, &ring, false).unwrap()) < 0);
    }
}
