use std::fs;

use super::*;

fn write(dir: &Path, name: &str, header: &str, numbers: &[f64]) -> std::path::PathBuf {
    let path = dir.join(name);
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    fs::write(&path, bytes).unwrap();
    let header = format!(
        "ENVI\nheader offset = 0\ndata type = 5\nbyte order = 0\ninterleave = bsq\n{header}\n"
    );
    fs::write(path.with_extension("hdr"), header).unwrap();
    path
}

fn sentence<T>(result: Result<T, FormatError>) -> String {
    let error = result.err().unwrap();
    format!("{}: {}", error.file.file_name().unwrap().to_str().unwrap(), error.cause)
}

#[test]
fn an_igm_keeps_every_digit() {
    let dir = tempfile::tempdir().unwrap();
    let (lon, lat) = (-118.598_907_716_1, 34.454_664_823_4);
    let numbers = [lon, lon + 1e-9, lat, lat + 1e-9, 100.0, 101.0];
    let path = write(dir.path(), "x_igm", "lines = 1\nsamples = 2\nbands = 3", &numbers);

    let grid = igm(&path, [1, 2]).unwrap();

    assert_eq!(grid.longitudes_deg, numbers[..2]);
    assert_eq!(grid.latitudes_deg, numbers[2..4]);
}

#[test]
fn an_igm_in_metres_says_its_zone_or_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let numbers = [353_128.751_647_949, 3_813_729.766_068_41];
    let header = "lines = 1\nsamples = 1\nbands = 2";
    let path = write(dir.path(), "plain", header, &numbers);
    assert_eq!(
        sentence(igm(&path, [1, 1])),
        "plain: line 1, sample 1: 353128.751647949, 3813729.76606841 is no longitude and latitude \
         in degrees; metres need `map info` with the UTM zone in the header"
    );

    let zoned = format!("{header}\nmap info = {{UTM, 1, 1, 0, 0, 1, 1, 11, North, WGS-84}}");
    let grid = igm(&write(dir.path(), "zoned", &zoned, &numbers), [1, 1]).unwrap();

    // cs2cs EPSG:32611 EPSG:4326, PROJ 9.1.1.
    assert!((grid.latitudes_deg[0] - 34.454_664_823_4).abs() < 1e-9);
    assert!((grid.longitudes_deg[0] + 118.598_907_716_1).abs() < 1e-9);
}

#[test]
fn files_of_another_image_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let map = "map info = {Geographic Lat/Lon, 1, 1, 10, 50, 0.1, 0.1, WGS-84}";
    let igm_file = write(dir.path(), "i", "lines = 1\nsamples = 1\nbands = 2", &[1.0, 2.0]);
    let header = format!("lines = 1\nsamples = 2\nbands = 2\n{map}");
    let glt_file = write(dir.path(), "g", &header, &[0.0, -3.0, 0.0, 1.0]);
    let bare = write(dir.path(), "b", "lines = 1\nsamples = 1\nbands = 2", &[1.0, 1.0]);
    let one = write(dir.path(), "o", "lines = 1\nsamples = 1\nbands = 1", &[1.0]);
    let none = write(dir.path(), "n", &header, &[0.0; 4]);

    assert_eq!(
        sentence(igm(&igm_file, [4, 5])),
        "i: 1 lines x 1 samples, the image has 4 x 5; give the IGM of this image"
    );
    assert_eq!(
        sentence(glt(&glt_file, [2, 2])),
        "g: row 1, column 2 points to line 1, sample -3 of an image of 2 x 2; give the GLT of this \
         image"
    );
    assert_eq!(
        sentence(glt(&bare, [2, 2])),
        "b: the header of a GLT needs `map info` in UTM or degrees on WGS-84"
    );
    assert_eq!(sentence(glt(&one, [2, 2])), "o.hdr: 1 band, two are needed: sample and line");
    assert_eq!(
        sentence(by_glt(&none, [2, 2])),
        "n: no cell points to a pixel; give the GLT of this image"
    );
}

#[test]
fn a_lookup_table_gives_its_pixels_their_places_back() {
    let dir = tempfile::tempdir().unwrap();
    let header = "lines = 2\nsamples = 4\nbands = 2\nmap info = {Geographic Lat/Lon, 1, 1, 10, 50, \
                  0.1, 0.1, WGS-84, units=Degrees}";
    // Image of 2 x 3. Line 1: sample 1 has two cells, 2 has none of its own but is lent one,
    // 3 has one. Line 2 has sample 2 alone, so its line says nothing of its neighbours.
    let samples = [1.0, 1.0, -2.0, 3.0, 0.0, 2.0, 2.0, -1.0];
    let lines = [1.0, 1.0, -1.0, 1.0, 0.0, 2.0, 2.0, -1.0];
    let path = write(dir.path(), "x_glt", header, &[samples, lines].concat());

    let grid = by_glt(&path, [2, 3]).unwrap();

    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    let longitudes = &grid.longitudes_deg;
    assert!(near(longitudes[0], 10.1) && near(longitudes[1], 10.25) && near(longitudes[2], 10.35));
    assert!(near(longitudes[4], 10.2) && near(grid.latitudes_deg[4], 49.85));
    assert!(near(grid.latitudes_deg[0], 49.95));
    assert!(longitudes[3].is_nan());
    let glt = grid.glt.unwrap();
    assert_eq!((glt.rows, glt.columns), (2, 4));
    assert_eq!(glt.cells[..3], [Some((0, 0)), Some((0, 0)), Some((0, 1))]);
    assert_eq!(glt.cells[4], None);
}

#[test]
fn gaps_are_filled_evenly_and_edges_by_the_nearest_step() {
    let nan = [f64::NAN; 2];
    let mut row = [nan, [1.0, 10.0], nan, nan, [4.0, 40.0], [6.0, 60.0], nan];
    fill(&mut row);
    let x: Vec<f64> = row.iter().map(|place| place[0]).collect();
    assert_eq!(x, [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0]);
}
