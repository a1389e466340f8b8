use std::process::Command;

use super::*;

fn grid(value: &str) -> MapGrid {
    let mut notes = Vec::new();
    match read(7, value, &mut notes).unwrap() {
        Geometry::Map(grid) => grid,
        other => panic!("{other:?} {notes:?}"),
    }
}

fn near(a: [f64; 2], b: [f64; 2]) -> bool {
    (a[0] - b[0]).abs() < 1e-6 && (a[1] - b[1]).abs() < 1e-6
}

#[test]
fn rotation_turns_the_image_anticlockwise_about_its_reference() {
    let text = "UTM, 1, 1, 500000, 4000000, 10, 20, 11, North, WGS-84, units=Meters, rotation=30";
    let turned = grid(text);
    assert_eq!(turned.crs, Crs::Utm { zone: 11, north: true });
    assert!(near(turned.per_sample, [8.660_254, 5.0]), "{turned:?}");
    assert!(near(turned.per_line, [10.0, -17.320_508]), "{turned:?}");

    let centred = grid(&text.replace("UTM, 1, 1", "UTM, 3.5, 2.5"));
    let reference =
        centred.plane(cathartes_core::plume::PixelPlace { line_px: 1.5, sample_px: 2.5 });
    assert!(near(reference, [500_000.0, 4_000_000.0]), "{reference:?}");
}

#[test]
fn square_pixels_lie_where_gdal_puts_them() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("x");
    std::fs::write(&image, [0; 12]).unwrap();
    for rotation in ["0", "30", "-72.5", "135"] {
        let text =
            format!("UTM, 1, 1, 500000, 4000000, 10, 10, 11, South, WGS-84, rotation={rotation}");
        let header = format!(
            "ENVI\nsamples = 4\nlines = 3\nbands = 1\nheader offset = 0\ndata type = 1\n\
             interleave = bsq\nbyte order = 0\nmap info = {{{text}}}\n"
        );
        std::fs::write(dir.path().join("x.hdr"), header).unwrap();
        let Ok(out) = Command::new("gdalinfo").arg("-json").arg(&image).output() else {
            println!("left out: gdalinfo is not installed");
            return;
        };
        let seen: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        let gdal = |i: usize| seen["geoTransform"][i].as_f64().unwrap();

        let ours = grid(&text);

        assert!(near(ours.origin, [gdal(0), gdal(3)]), "{rotation}: {ours:?}");
        assert!(near(ours.per_sample, [gdal(1), gdal(4)]), "{rotation}: {ours:?}");
        assert!(near(ours.per_line, [gdal(2), gdal(5)]), "{rotation}: {ours:?}");
    }
}

#[test]
fn planes_we_cannot_place_are_noted_and_not_guessed() {
    for (value, why) in [
        ("State Plane, 1, 1, 0, 0, 1, 1", "map info: the projection `State Plane` is not read"),
        (
            "UTM, 1, 1, 0, 0, 1, 1, 11, North, North America 1927",
            "map info: the datum `North America 1927` is not WGS-84",
        ),
        (
            "UTM, 1, 1, 0, 0, 1, 1, 11, North, WGS-84, units=Feet",
            "map info: `units=feet` are not metres",
        ),
    ] {
        let mut notes = Vec::new();
        assert_eq!(read(7, value, &mut notes), Ok(Geometry::Unknown));
        assert_eq!(notes, [format!("{why}; results stay in pixel coordinates")]);
    }
}

#[test]
fn a_map_that_says_nonsense_is_refused() {
    let sentence = |value| read(7, value, &mut Vec::new()).unwrap_err().to_string();
    for (value, remedy) in [
        ("UTM, 1, 1, 0, x, 1, 1, 11, North, WGS-84", "six numbers"),
        ("UTM, 1, 1, 0, 0, 0, 1, 11, North, WGS-84", "must be above 0"),
        ("UTM, 1, 1, 0, 0, 1, 1, 61, North, WGS-84", "zone from 1 to 60"),
        ("UTM, 1, 1, 0, 0, 1, 1, 11", "too short"),
        ("Geographic Lat/Lon, 1, 1, 0, 0", "too short"),
        ("Geographic Lat/Lon, 1, 1, 0, 0, 1, 1, WGS-84, rotation=inf", "number of degrees"),
        ("", "write the projection first"),
    ] {
        let seen = sentence(value);
        assert!(seen.starts_with("line 7: `map info` cannot be `"), "{seen}");
        assert!(seen.contains(remedy), "{seen}");
    }
}
