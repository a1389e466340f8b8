use std::process::Command;

use cathartes_core::geometry::Crs;
use proptest::prelude::*;

use super::*;

const NORTH_UP: MapGrid = MapGrid {
    crs: Crs::Utm { zone: 11, north: true },
    origin: [353_128.75, 3_813_729.75],
    per_sample: [15.0, 0.0],
    per_line: [0.0, -15.0],
};

fn values(rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns).map(|i| if i % 97 == 0 { f32::NAN } else { (i % 1013) as f32 }).collect()
}

fn map(values: &[f32], rows: usize, grid: Option<MapGrid>) -> Map<'_> {
    let layer =
        |description: &str| Layer { description: description.into(), unit: "ppm-m", values };
    let layers = vec![layer("methane <enhancement>"), layer("sigma")];
    Map { rows, columns: values.len() / rows, layers, grid }
}

/// Output of a GDAL program, or a printed sentence when it is not installed.
fn gdal(program: &str, arguments: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        println!("skipped: {program} is not installed (apt-get install gdal-bin)");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn info(map: &Map<'_>) -> Option<serde_json::Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.tif");
    write(&path, map).unwrap();
    let text = gdal("gdalinfo", &["-json", "-checksum", path.to_str().unwrap()])?;
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn the_ghost_area_is_as_long_as_it_says() {
    let (first, rest) = GHOST.split_once('\n').unwrap();
    assert_eq!(first, format!("GDAL_STRUCTURAL_METADATA_SIZE={:06} bytes", rest.len()));
}

#[test]
fn gdal_reads_bands_units_place_and_overviews() {
    let values = values(700, 300);
    let Some(info) = info(&map(&values, 700, Some(NORTH_UP))) else { return };

    assert_eq!(info["size"], serde_json::json!([300, 700]));
    assert_eq!(
        info["geoTransform"],
        serde_json::json!([353_128.75, 15.0, 0.0, 3_813_729.75, 0.0, -15.0])
    );
    assert!(info["coordinateSystem"]["wkt"].as_str().unwrap().contains("UTM zone 11N"));
    let band = &info["bands"][0];
    assert_eq!(band["description"], "methane <enhancement>");
    assert_eq!(band["unit"], "ppm-m");
    assert_eq!(band["type"], "Float32");
    assert_eq!(band["block"], serde_json::json!([256, 256]));
    assert_eq!(band["noDataValue"], "NaN");
    assert_eq!(band["overviews"].as_array().unwrap().len(), 2);
    assert_eq!(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"], "COG");
    assert_eq!(info["metadata"]["IMAGE_STRUCTURE"]["COMPRESSION"], "DEFLATE");
}

#[test]
fn gdal_reads_every_value_back() {
    let values = values(300, 270);
    let folder = tempfile::tempdir().unwrap();
    let (tif, raw) = (folder.path().join("map.tif"), folder.path().join("map.raw"));
    write(&tif, &map(&values, 300, None)).unwrap();
    let arguments = ["-q", "-of", "ENVI", "-b", "2", tif.to_str().unwrap(), raw.to_str().unwrap()];
    if gdal("gdal_translate", &arguments).is_none() {
        return;
    }

    let bytes = std::fs::read(raw).unwrap();

    let read = bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()).to_bits());
    assert!(read.eq(values.iter().map(|v| v.to_bits())));
}

#[test]
fn a_rotated_grid_stays_rotated_and_a_missing_one_missing() {
    let values = values(20, 30);
    let rotated = MapGrid { per_sample: [9.0, 12.0], per_line: [12.0, -9.0], ..NORTH_UP };
    let Some(turned) = info(&map(&values, 20, Some(rotated))) else { return };
    let Some(placeless) = info(&map(&values, 20, None)) else { return };

    let expected = serde_json::json!([353_128.75, 9.0, 12.0, 3_813_729.75, 12.0, -9.0]);
    assert_eq!(turned["geoTransform"], expected);
    assert!(placeless.get("geoTransform").is_none(), "{placeless}");
    assert!(placeless["coordinateSystem"]["wkt"].as_str().is_none_or(str::is_empty));
}

#[test]
fn an_overview_averages_what_has_data() {
    let mut values = vec![2.0; 300 * 300];
    values[..2].copy_from_slice(&[f32::NAN, 5.0]);
    values[2..4].fill(f32::NAN);
    values[302..304].fill(f32::NAN);

    let levels = overviews(&map(&values, 300, None));

    let seen = |i: usize| levels[1].values[2 * i];
    assert_eq!((levels.len(), levels[1].rows, levels[1].columns), (2, 150, 150));
    assert_eq!((seen(0), seen(2)), (3.0, 2.0));
    assert!(seen(1).is_nan());
}

#[test]
fn layers_must_fit() {
    let short = Map { rows: 3, ..map(&[0.0; 4], 2, None) };
    assert_eq!(
        encode(&short).unwrap_err().to_string(),
        "layer `methane <enhancement>` has 4 values, the map has 3 x 2 pixels"
    );
    assert!(matches!(encode(&Map { layers: vec![], ..short }), Err(CogError::Empty)));
}

proptest! {
    #[test]
    fn our_own_reader_of_tiff_agrees(rows in 1_usize..40, columns in 1_usize..300, seed: u32) {
        let values: Vec<f32> =
            (0..rows * columns).map(|i| f32::from_bits(seed.wrapping_mul(i as u32) >> 3)).collect();
        let bytes = encode(&map(&values, rows, Some(NORTH_UP))).unwrap().concat();

        let mut reader = tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
        let tiff::decoder::DecodingResult::F32(read) = reader.read_image().unwrap() else {
            panic!("not float32")
        };

        let bits = |v: &f32| v.to_bits();
        let first: Vec<u32> = read.iter().step_by(2).map(bits).collect();
        prop_assert_eq!(first, values.iter().map(bits).collect::<Vec<_>>());
    }
}

#[test]
fn one_thread_and_four_write_the_same_bytes() {
    let values = values(700, 900);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        pool.install(|| write(file.path(), &map(&values, 700, Some(NORTH_UP)))).unwrap();
        std::fs::read(file.path()).unwrap()
    };
    assert!(with(1) == with(4));
}
