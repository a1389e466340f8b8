//! A map of one's own under everything, in Debian's Chromium: a file of `PMTiles` is written here by its published form,
//! its one tile by GDAL.

use std::{fs, path::Path, process::Command};

use super::{
    browser::act,
    others::succeeds,
    path,
    served::{Client, Served},
};

/// Types of tiles by the published form.
const VECTOR: u8 = 1;
const PICTURE: u8 = 2;
const HEAD_BYTES: usize = 127;
const PLAIN: u8 = 1;

/// A file of one tile, that of the whole world; of another zoom everything is drawn from it.
fn pmtiles(kind: u8, tile: &[u8], metadata: &str) -> Vec<u8> {
    // One entry: tile 0, once, so long, at the beginning (written as 1).
    let mut length = Vec::new();
    let mut left = tile.len();
    while left >= 0x80 {
        length.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    length.push(left as u8);
    let directory = [&[1, 0, 1][..], &length, &[1]].concat();
    let starts = [HEAD_BYTES, HEAD_BYTES + directory.len()];
    let data = starts[1] + metadata.len();
    let mut bytes = b"PMTiles\x03".to_vec();
    let places =
        [[starts[0], directory.len()], [starts[1], metadata.len()], [data, 0], [data, tile.len()]];
    let counts = [1, 1, 1];
    for number in places.into_iter().flatten().chain(counts) {
        bytes.extend((number as u64).to_le_bytes());
    }
    bytes.extend([1, PLAIN, PLAIN, kind, 0, 0]);
    for degrees in [-180.0, -85.0, 180.0, 85.0] {
        bytes.extend(((degrees * 1e7) as i32).to_le_bytes());
    }
    bytes.extend([0; 9]);
    assert_eq!(bytes.len(), HEAD_BYTES);
    [&bytes, &directory, metadata.as_bytes(), tile].concat()
}

/// A lake of thirty degrees around the middle of the Atlantic, as GDAL writes a vector tile of the world.
fn lake(top: &Path) -> Vec<u8> {
    let (shape, tiles) = (top.join("lake.geojson"), top.join("tiles"));
    let ring = "[[-45,-15],[-15,-15],[-15,15],[-45,15],[-45,-15]]";
    let feature = format!(
        r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
    );
    let all = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
    fs::write(&shape, all).unwrap();
    let mut ogr2ogr = Command::new("ogr2ogr");
    for option in ["FORMAT=DIRECTORY", "COMPRESS=NO", "MINZOOM=0", "MAXZOOM=0"] {
        ogr2ogr.args(["-dsco", option]);
    }
    succeeds(ogr2ogr.args(["-f", "MVT", path(&tiles), path(&shape), "-nln", "lake"]));
    fs::read(tiles.join("0/0/0.pbf")).unwrap()
}

/// A picture of the world that is of one colour.
fn picture(top: &Path) -> Vec<u8> {
    let (plain, png) = (top.join("world.tif"), top.join("world.png"));
    let mut create = Command::new("gdal_create");
    create.args(["-outsize", "256", "256", "-bands", "3", "-ot", "Byte"]);
    succeeds(create.args(["-burn", "200", "-burn", "30", "-burn", "90", path(&plain)]));
    succeeds(Command::new("gdal_translate").args(["-of", "PNG", path(&plain), path(&png)]));
    fs::read(png).unwrap()
}

#[test]
fn a_map_of_ones_own_is_drawn_under_everything() {
    let top = tempfile::tempdir().unwrap();
    let files = [
        ("vector", pmtiles(VECTOR, &lake(top.path()), r#"{"vector_layers":[{"id":"lake"}]}"#)),
        ("picture", pmtiles(PICTURE, &picture(top.path()), "{}")),
    ];
    for (name, bytes) in files {
        let file = top.path().join(format!("{name}.pmtiles"));
        fs::write(&file, bytes).unwrap();
        let served = Served::start(&top.path().join(name), &["--basemap", path(&file)]);
        let _ = Client::first(&served);
        act("ground.mjs", &[("BASE", &served.base), ("KIND", name)]);
    }
}
