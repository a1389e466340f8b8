//! What GDAL, which knows nothing of us, reads in the maps and the list of plumes.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::{LINES, SAMPLES, changed, json, path, scene, searched, with};

/// Output of a GDAL program, or a printed sentence when it is not installed.
fn gdal(program: &str, words: &[&str], input: &str) -> Option<String> {
    let spawned = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: {program} is not installed (apt-get install gdal-bin)");
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn info(map: &Path) -> Option<Value> {
    let text = gdal("gdalinfo", &["-json", "-checksum", path(map)], "")?;
    Some(serde_json::from_str(&text).unwrap())
}

/// One band of a map, read by GDAL.
fn values(map: &Path, band: &str) -> Option<Vec<f32>> {
    let raw = map.with_extension("raw");
    gdal("gdal_translate", &["-q", "-of", "ENVI", "-b", band, path(map), path(&raw)], "")?;
    let bytes = fs::read(raw).unwrap();
    Some(bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect())
}

/// Both maps are what the guide says: two float32 bands with unit and name, NaN as no data, in the
/// order of bytes of a cloud-optimised GeoTIFF.
fn is_a_map(folder: &Path, size: [usize; 2]) -> Option<Value> {
    let mut of_quantity = None;
    for (name, unit, what) in [
        ("enhancement.ch4.tif", "ppm-m", ["enhancement", "one standard deviation"]),
        ("significance.ch4.tif", "deviations", ["integrated over space", "of single pixels"]),
    ] {
        let map = folder.join(name);
        let info = info(&map)?;
        assert_eq!(info["size"], json!(size), "{name}");
        assert_eq!(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"], "COG", "{name}");
        let bands = info["bands"].as_array().unwrap();
        assert_eq!(bands.len(), 2, "{name}");
        for (band, what) in bands.iter().zip(what) {
            assert_eq!(band["type"], "Float32");
            assert_eq!(band["unit"], unit);
            assert_eq!(band["noDataValue"], "NaN");
            let description = band["description"].as_str().unwrap();
            assert!(description.starts_with("Methane ") && description.contains(what), "{band}");
            assert!(band["checksum"].as_u64().unwrap() > 0, "{band}");
        }
        assert_ne!(bands[0]["checksum"], bands[1]["checksum"]);
        is_cloud_optimised(&map);
        of_quantity.get_or_insert(info);
    }
    of_quantity
}

/// By GDAL's own checker, where it is installed.
fn is_cloud_optimised(map: &Path) {
    let checker = "osgeo_utils.samples.validate_cloud_optimized_geotiff";
    let output = Command::new("/usr/bin/python3").args(["-m", checker, path(map)]).output();
    match output {
        Ok(output) if !String::from_utf8_lossy(&output.stderr).contains("No module") => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("is a valid cloud"), "{said}");
        }
        _ => println!("skipped: GDAL's checker is not installed (apt-get install python3-gdal)"),
    }
}

/// The map's places of the image's corners against what the header says, in pixels.
fn off_by_px(info: &Value, header: [f64; 6]) -> f64 {
    let map: Vec<f64> =
        info["geoTransform"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    let at = |t: &[f64], s: f64, l: f64| [t[0] + s * t[1] + l * t[2], t[3] + s * t[4] + l * t[5]];
    let pixel = header[1].hypot(header[4]);
    let corners = [(0.0, 0.0), (SAMPLES as f64, 0.0), (0.0, LINES as f64), (64.0, 96.0)];
    corners
        .into_iter()
        .map(|(s, l)| {
            let (a, b) = (at(&map, s, l), at(&header, s, l));
            (a[0] - b[0]).hypot(a[1] - b[1]) / pixel
        })
        .fold(0.0, f64::max)
}

/// A header's `map info`, what it means by ENVI's definition (in GDAL's order), and the plane.
type Place = (&'static str, &'static str, [f64; 6], u64);

#[test]
fn maps_lie_where_the_header_says_to_a_hundredth_of_a_pixel() {
    let (sin, cos) = 27.5_f64.to_radians().sin_cos();
    let places: [Place; 4] = [
        (
            "north",
            "map info = {UTM, 1, 1, 600000, 3560000, 3, 3, 13, North, WGS-84, units=Meters}",
            [600_000.0, 3.0, 0.0, 3_560_000.0, 0.0, -3.0],
            32613,
        ),
        (
            "south",
            // The centre of pixel (3, 2) is the reference.
            "map info = {UTM, 3.5, 2.5, 280000.25, 8120000.5, 4.7, 4.7, 19, South, WGS-84}",
            [280_000.25 - 2.5 * 4.7, 4.7, 0.0, 8_120_000.5 + 1.5 * 4.7, 0.0, -4.7],
            32719,
        ),
        (
            "degrees",
            "map info = {Geographic Lat/Lon, 1, 1, -104.25, 32.5, 0.00003, 0.00003, WGS-84}",
            [-104.25, 0.000_03, 0.0, 32.5, 0.0, -0.000_03],
            4326,
        ),
        (
            "turned",
            "map info = {UTM, 1, 1, 600000, 3560000, 3, 3, 13, North, WGS-84, rotation=27.5}",
            [600_000.0, 3.0 * cos, 3.0 * sin, 3_560_000.0, 3.0 * sin, -3.0 * cos],
            32613,
        ),
    ];
    let root = tempfile::tempdir().unwrap();
    for (name, line, expected, epsg) in places {
        let placed = changed(root.path(), name, with("map info", line), |_| {});
        let out = root.path().join(format!("{name}-out"));
        searched(&placed, &out, &[]);

        let Some(info) = is_a_map(&out, [SAMPLES, LINES]) else { return };
        assert_eq!(info["stac"]["proj:epsg"], epsg, "{name}");
        let off = off_by_px(&info, expected);
        assert!(off < 0.01, "{name}: {off} pixels");
        plumes_lie_where_the_map_says(&out, &info);
    }
}

/// The list of plumes is RFC 7946 and in the same place as the map, by GDAL's transformation.
fn plumes_lie_where_the_map_says(folder: &Path, info: &Value) {
    let file = folder.join("plumes.geojson");
    let list = json(&file);
    assert!(list.get("crs").is_none(), "RFC 7946 knows no crs");
    let features = list["features"].as_array().unwrap();
    assert!(!features.is_empty());
    let place = |feature: &Value| {
        let properties = &feature["properties"];
        let of = |name: &str| properties[name].as_f64().unwrap();
        format!("{} {}", of("origin_longitude_deg"), of("origin_latitude_deg"))
    };
    let asked: Vec<String> = features.iter().map(place).collect();
    for feature in features {
        right_hand_rule(&feature["geometry"]);
    }
    let summary = gdal("ogrinfo", &["-al", "-so", path(&file)], "").unwrap();
    assert!(summary.contains(&format!("Feature Count: {}", features.len())), "{summary}");
    assert!(summary.contains("WGS 84") && summary.contains("mass_kg: Real"), "{summary}");

    // From longitude and latitude through the map's own plane to its pixels, by GDAL.
    let map = folder.join("enhancement.ch4.tif");
    let words = ["-i", "-t_srs", "OGC:CRS84", path(&map)];
    let pixels = gdal("gdaltransform", &words, &asked.join("\n")).unwrap();
    for (line, feature) in pixels.lines().zip(features) {
        let found: Vec<f64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
        let of = |name: &str| feature["properties"][name].as_f64().unwrap();
        let off = (found[0] - of("origin_sample_px")).hypot(found[1] - of("origin_line_px"));
        assert!(off < 0.02, "{off} pixels: {line} for {}", feature["properties"]);
    }
    assert!(info["wgs84Extent"].is_object());
}

/// Outer rings run against the clock and close.
fn right_hand_rule(geometry: &Value) {
    let polygons = if geometry["type"] == "Polygon" {
        vec![geometry["coordinates"].clone()]
    } else {
        assert_eq!(geometry["type"], "MultiPolygon");
        geometry["coordinates"].as_array().unwrap().clone()
    };
    for polygon in polygons {
        for (i, ring) in polygon.as_array().unwrap().iter().enumerate() {
            let points: Vec<[f64; 2]> = serde_json::from_value(ring.clone()).unwrap();
            assert_eq!(points.first(), points.last());
            let doubled: f64 = points
                .windows(2)
                .map(|p| {
                    (p[0][0] - points[0][0]) * (p[1][1] - points[0][1])
                        - (p[1][0] - points[0][0]) * (p[0][1] - points[0][1])
                })
                .sum();
            assert!(if i == 0 { doubled > 0.0 } else { doubled < 0.0 }, "ring {i}: {doubled}");
        }
    }
}

#[test]
fn a_scene_without_places_has_maps_without_places() {
    let root = tempfile::tempdir().unwrap();
    let placeless = changed(root.path(), "placeless", with("map info", ""), |_| {});
    let out = root.path().join("out");
    searched(&placeless, &out, &[]);

    let Some(info) = is_a_map(&out, [SAMPLES, LINES]) else { return };
    assert!(info.get("geoTransform").is_none(), "{info}");
    assert!(info["coordinateSystem"]["wkt"].as_str().is_none_or(str::is_empty));
    let summary = gdal("ogrinfo", &["-al", "-so", path(&out.join("plumes.geojson"))], "").unwrap();
    assert!(summary.contains("origin_line_px: Real"), "{summary}");
}

#[test]
fn a_long_line_has_overviews() {
    let root = tempfile::tempdir().unwrap();
    let times = |text: String| text.replace("lines = 96", "lines = 576");
    let long = changed(root.path(), "long", times, |bytes| *bytes = bytes.repeat(6));
    let out = root.path().join("out");
    searched(&long, &out, &[]);

    let Some(info) = is_a_map(&out, [SAMPLES, 576]) else { return };
    for band in info["bands"].as_array().unwrap() {
        let sizes: Vec<&Value> =
            band["overviews"].as_array().unwrap().iter().map(|level| &level["size"]).collect();
        assert_eq!(sizes, [&json!([32, 288]), &json!([16, 144])]);
    }
}

/// Writes an image of two bands beside its header: band by band, 64-bit floats or 32-bit integers.
fn side_file(path: &Path, size: [usize; 2], kind: u8, more: &str, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    let [samples, lines] = size;
    let header = format!(
        "ENVI\nsamples = {samples}\nlines = {lines}\nbands = 2\nheader offset = 0\n\
         data type = {kind}\ninterleave = bsq\nbyte order = 0\n{more}\n"
    );
    fs::write(path.with_extension("hdr"), header).unwrap();
}

/// Longitude and latitude of a line flown to the north-north-east, pixels some three metres wide.
fn lonlat(line: usize, sample: usize) -> [f64; 2] {
    let (l, s) = (line as f64, sample as f64);
    let east = 3.0 * s + 0.9 * l + 2.0 * (l / 30.0).sin();
    let north = 3.0 * l - 0.9 * s;
    [-104.0 + east / 94_000.0, 32.2 + north / 110_900.0]
}

fn igm(root: &Path) -> PathBuf {
    let path = root.join("places.igm");
    let pixels = || (0..LINES).flat_map(|l| (0..SAMPLES).map(move |s| lonlat(l, s)));
    let bytes: Vec<u8> =
        (0..2).flat_map(|axis| pixels().flat_map(move |p| p[axis].to_le_bytes())).collect();
    side_file(&path, [SAMPLES, LINES], 5, "", &bytes);
    path
}

/// The image as it lies in memory, from a search without places.
fn in_image_order(root: &Path) -> Option<Vec<f32>> {
    let out = root.join("in-image-order");
    let placeless = changed(root, "placeless", with("map info", ""), |_| {});
    searched(&placeless, &out, &["--height", "3000"]);
    values(&out.join("enhancement.ch4.tif"), "1")
}

#[test]
fn by_an_igm_every_pixel_comes_to_lie_at_its_place() {
    let root = tempfile::tempdir().unwrap();
    let Some(image) = in_image_order(root.path()) else { return };
    let out = root.path().join("out");
    searched(scene(), &out, &["--height", "3000", "--igm", path(&igm(root.path()))]);

    let map = out.join("enhancement.ch4.tif");
    let info = info(&map).unwrap();
    assert_eq!(info["stac"]["proj:epsg"], 32613);
    let columns = info["size"][0].as_u64().unwrap() as usize;
    let mapped = values(&map, "1").unwrap();
    // Cells whose value is of one pixel alone tell which pixel they show.
    let mut asked = Vec::new();
    let mut shown = Vec::new();
    for (cell, value) in mapped.iter().enumerate().filter(|(_, v)| v.is_finite()).step_by(17) {
        let pixel = image.iter().position(|v| v.to_bits() == value.to_bits()).unwrap();
        let (column, row) = (cell % columns, cell / columns);
        asked.push(format!("{} {}", column as f64 + 0.5, row as f64 + 0.5));
        shown.push(pixel);
    }
    let words = ["-t_srs", "OGC:CRS84", path(&map)];
    let places = gdal("gdaltransform", &words, &asked.join("\n")).unwrap();
    assert!(shown.len() > 300);
    for (line, pixel) in places.lines().zip(shown) {
        let found: Vec<f64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
        let [lon, lat] = lonlat(pixel / SAMPLES, pixel % SAMPLES);
        let metres = ((found[0] - lon) * 94_000.0).hypot((found[1] - lat) * 110_900.0);
        // Half the diagonal of a pixel, and of the cell that took it.
        assert!(metres < 3.2, "{metres} m");
    }
}

#[test]
fn by_a_glt_every_cell_shows_the_pixel_its_producer_put_there() {
    let root = tempfile::tempdir().unwrap();
    let Some(image) = in_image_order(root.path()) else { return };
    let (columns, rows) = (70, 100);
    // Mirrored, with a border of nothing; entries count from 1, borrowed ones are negative.
    let entry = |row: usize, column: usize| -> [i32; 2] {
        let inside = (2..98).contains(&row) && (3..67).contains(&column);
        let sign = if row.is_multiple_of(9) { -1 } else { 1 };
        if inside { [sign * (67 - column as i32), sign * (row as i32 - 1)] } else { [0, 0] }
    };
    let cells = || (0..rows).flat_map(|r| (0..columns).map(move |c| entry(r, c)));
    let bytes: Vec<u8> =
        (0..2).flat_map(|axis| cells().flat_map(move |e| e[axis].to_le_bytes())).collect();
    let glt = root.path().join("places.glt");
    let place = "map info = {UTM, 1, 1, 600000, 3560000, 3, 3, 13, North, WGS-84, units=Meters}";
    side_file(&glt, [columns, rows], 3, place, &bytes);
    let out = root.path().join("out");
    searched(scene(), &out, &["--height", "3000", "--glt", path(&glt)]);

    let map = out.join("enhancement.ch4.tif");
    let Some(info) = is_a_map(&out, [columns, rows]) else { return };
    assert_eq!(info["geoTransform"], json!([600_000.0, 3.0, 0.0, 3_560_000.0, 0.0, -3.0]));
    assert_eq!(info["stac"]["proj:epsg"], 32613);
    for ([sample, line], shown) in cells().zip(values(&map, "1").unwrap()) {
        let expected = match sample {
            0 => f32::NAN,
            _ => {
                image[(line.unsigned_abs() as usize - 1) * SAMPLES + sample.unsigned_abs() as usize
                    - 1]
            }
        };
        assert!(shown.to_bits() == expected.to_bits() || shown.is_nan() && expected.is_nan());
    }
}
