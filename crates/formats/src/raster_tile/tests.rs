use std::{fs, io::Cursor, process::Command};

use cathartes_core::units::Degrees;

use super::*;
use crate::cog::{self, Layer, Map};

const ROWS: usize = 704;
const COLUMNS: usize = 896;
const TOP: f64 = 1000.0;
/// Half the width of the plane of the map of the web, metres.
const HALF_M: f64 = 20_037_508.342_789_244;

/// A slope with a hole in it, 15 m a pixel north of Los Angeles.
fn map() -> Vec<u8> {
    let grid = MapGrid {
        crs: Crs::Utm { zone: 11, north: true },
        origin: [353_128.75, 3_813_729.75],
        per_sample: [15.0, 0.0],
        per_line: [0.0, -15.0],
    };
    let one = |i: usize| {
        let (row, column) = (i / COLUMNS, i % COLUMNS);
        let hole = row.abs_diff(300) < 40 && column.abs_diff(400) < 60;
        if hole { f32::NAN } else { (row + column) as f32 * 0.625 }
    };
    let values: Vec<f32> = (0..ROWS * COLUMNS).map(one).collect();
    let sigma = vec![50.0; ROWS * COLUMNS];
    let layer = |values| Layer { description: "slope".to_owned(), unit: "ppm-m", values };
    let layers = vec![layer(&values), layer(&sigma)];
    let map = Map { rows: ROWS, columns: COLUMNS, layers, grid: Some(grid) };
    let file = tempfile::NamedTempFile::new().unwrap();
    cog::write(file.path(), &map).unwrap();
    fs::read(file.path()).unwrap()
}

fn tile_at(zoom: u8, longitude: f64, latitude: f64) -> MapTile {
    let place = LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    let [right, down] = MapTile::new(0, 0, 0).unwrap().shares(place);
    let count = f64::from(1_u32 << zoom);
    MapTile::new(zoom, (down * count) as u32, (right * count) as u32).unwrap()
}

/// Red, green, blue and opacity of every pixel.
fn pixels(bytes: Vec<u8>) -> Vec<[u8; 4]> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height, info.color_type), (256, 256, png::ColorType::Rgba));
    pixels.chunks_exact(4).map(|pixel| pixel.try_into().unwrap()).collect()
}

/// The same square as gdalwarp makes it of an overview, `NONE` for the full map.
fn warped(map: &[u8], tile: MapTile, overview: &str) -> Option<Vec<f32>> {
    let folder = tempfile::tempdir().unwrap();
    let (tif, raw) = (folder.path().join("map.tif"), folder.path().join("tile.raw"));
    fs::write(&tif, map).unwrap();
    let [left, top] = MapTile::new(0, 0, 0).unwrap().shares(tile.place([0.0, 0.0]));
    let (west, north) = ((2.0 * left - 1.0) * HALF_M, (1.0 - 2.0 * top) * HALF_M);
    let side = tile.side().0;
    let edges = [west, north - side, west + side, north].map(|edge| edge.to_string());
    let mut gdal = Command::new("gdalwarp");
    gdal.args(["-q", "-t_srs", "EPSG:3857", "-r", "near", "-et", "0", "-ts", "256", "256"]);
    gdal.args(["-ovr", overview, "-dstnodata", "nan", "-of", "ENVI", "-te"]).args(&edges);
    let Ok(output) = gdal.args([&tif, &raw]).output() else {
        println!("skipped: gdalwarp is not installed (apt-get install gdal-bin)");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let values = fs::read(raw).unwrap();
    // The first band comes first.
    let first = values.chunks_exact(4).take(SIDE * SIDE);
    Some(first.map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect())
}

#[test]
fn a_tile_shows_what_gdalwarp_finds_there_at_any_zoom() {
    let map = map();
    // A pixel of the screen is 16, 32 and 63 m of the ground there.
    for (zoom, overview) in [(13, "NONE"), (12, "0"), (11, "1")] {
        let tile = tile_at(zoom, -118.54, 34.4);
        let drawn = draw(Cursor::new(&map), tile, Some(TOP)).unwrap().unwrap();
        let Some(warped) = warped(&map, tile, overview) else { return };
        let expected = warped.iter().map(|value| {
            let [r, g, b] = ramp::of_quantity(f64::from(*value) / TOP);
            if value.is_nan() { [0; 4] } else { [r, g, b, 255] }
        });
        let same = pixels(drawn).into_iter().zip(expected).filter(|(a, b)| a == b).count();
        let known = warped.iter().filter(|value| !value.is_nan()).count();
        assert!(known > 2_000, "zoom {zoom}: {known}");
        // A place on the very edge of two pixels may be taken for either.
        assert!(same * 1000 >= SIDE * SIDE * 995, "zoom {zoom}: {same} of {}", SIDE * SIDE);
    }
}

#[test]
fn the_hole_of_a_map_and_what_lies_beside_it_are_seen_through() {
    let drawn =
        pixels(draw(Cursor::new(map()), tile_at(11, -118.54, 34.4), None).unwrap().unwrap());
    let (clear, opaque): (Vec<[u8; 4]>, Vec<[u8; 4]>) =
        drawn.into_iter().partition(|pixel| pixel[3] == 0);
    assert!(clear.len() > 1_000 && opaque.iter().all(|pixel| pixel[3] == 255));
    assert!(clear.iter().all(|pixel| *pixel == [0; 4]));
}

#[test]
fn without_a_top_the_scale_ends_at_five_deviations() {
    let map = map();
    let tile = tile_at(13, -118.54, 34.4);
    let usual = draw(Cursor::new(&map), tile, None).unwrap();
    assert_eq!(usual, draw(Cursor::new(&map), tile, Some(250.0)).unwrap());
    assert_ne!(usual, draw(Cursor::new(&map), tile, Some(500.0)).unwrap());
}

#[test]
fn a_tile_elsewhere_is_none() {
    let map = map();
    for (longitude, latitude) in [(8.5, 47.4), (61.46, -34.4), (-118.54, 33.0), (179.9, 0.0)] {
        let tile = tile_at(13, longitude, latitude);
        assert_eq!(draw(Cursor::new(&map), tile, None).unwrap(), None, "{longitude}, {latitude}");
    }
}

#[test]
fn what_is_no_map_or_lies_nowhere_is_refused() {
    let tile = tile_at(13, -118.54, 34.4);
    let damaged = draw(Cursor::new(b"not a map"), tile, None).unwrap_err();
    assert!(damaged.to_string().contains("does not decode"), "{damaged}");
    let values = [0.0; 4];
    let layer = Layer { description: "flat".to_owned(), unit: "ppm-m", values: &values };
    let nowhere = Map { rows: 2, columns: 2, layers: vec![layer], grid: None };
    let file = tempfile::NamedTempFile::new().unwrap();
    cog::write(file.path(), &nowhere).unwrap();
    let refused = draw(fs::File::open(file.path()).unwrap(), tile, None).unwrap_err();
    assert!(matches!(refused, RasterTileError::NoPlace(_)), "{refused}");
}

#[test]
fn a_close_up_shows_a_slope_rising_to_the_south_east_with_its_hole_in_grey_and_nothing_of_elsewhere()
 {
    let map = map();
    let side = CLOSE_UP_SIDE_PX as usize;
    let at =
        |latitude, longitude| LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
    let drawn = |middle| close_up(Cursor::new(&map), middle, Metres(1_500.0)).unwrap();
    // The middle of the hole, as its grid says.
    let crs = Crs::Utm { zone: 11, north: true };
    let hole = crs.unproject(&[[353_128.75 + 15.0 * 400.0, 3_813_729.75 - 15.0 * 300.0]])[0];
    let pixels = drawn(hole).unwrap();
    assert_eq!(pixels.len(), 3 * side * side);
    let pixel = |row: usize, column: usize| &pixels[3 * (row * side + column)..][..3];
    assert_eq!(pixel(side / 2, side / 2), NO_DATA);
    // The hole is 120 x 80 pixels of 15 m, the close-up 3,000 m: grey from 0.2 to 0.8 across, 0.3 to 0.7 down.
    for (row, column, grey) in
        [(128, 60, true), (128, 44, false), (84, 128, true), (70, 128, false)]
    {
        assert_eq!(pixel(row, column) == NO_DATA, grey, "{row}, {column}");
    }
    // Where the slope is below the end of its scale.
    let low = crs.unproject(&[[353_128.75 + 15.0 * 110.0, 3_813_729.75 - 15.0 * 110.0]])[0];
    let pixels = drawn(low).unwrap();
    let pixel = |row: usize, column: usize| &pixels[3 * (row * side + column)..][..3];
    let bright = |pixel: &[u8]| pixel.iter().map(|part| u32::from(*part)).sum::<u32>();
    assert!(bright(pixel(2, 2)) < bright(pixel(side - 3, side - 3)));
    assert_eq!(drawn(at(47.4, 8.5)), None);
}
