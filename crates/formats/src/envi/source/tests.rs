use std::{fs, process::Command};

use super::*;

const HEADER: &str = "ENVI\nlines = 3\nsamples = 2\nbands = 2\ninterleave = bil\ndata type = 4\nbyte \
                      order = 0\nwavelength units = nm\nwavelength = {2100, 2105}\n";

fn laid(dir: &Path, header: &str, bytes: usize) -> PathBuf {
    fs::write(dir.join("x.hdr"), header).unwrap();
    fs::write(dir.join("x.img"), vec![0; bytes]).unwrap();
    dir.join("x.img")
}

fn refused(header: &str, bytes: usize) -> String {
    let dir = tempfile::tempdir().unwrap();
    let error = EnviSource::open(&laid(dir.path(), header, bytes), None).unwrap_err();
    format!("{}: {}", error.file.file_name().unwrap().to_str().unwrap(), error.cause)
}

#[test]
fn a_size_that_does_not_match_is_refused_with_the_place() {
    assert_eq!(
        refused(HEADER, 40),
        "x.img: 40 bytes, its header asks for 48: cut short after line 2 of 3; copy it again, or \
         correct the sizes or `data type` in the header"
    );
    assert_eq!(
        refused(HEADER, 50),
        "x.img: 50 bytes, its header asks for 48; correct `lines`, `samples`, `bands`, `data \
         type` or `header offset` in the header"
    );
    assert_eq!(
        refused(&HEADER.replace("bil", "bsq"), 40),
        "x.img: 40 bytes, its header asks for 48: cut short, its last bands are missing; copy it \
         again, or correct the sizes or `data type` in the header"
    );
    assert_eq!(
        refused(&HEADER.replace("lines = 3", "lines = 9999999999999999999"), 40),
        "x.hdr: `lines` x `samples` x `bands` is more than any file holds; correct them"
    );
    assert_eq!(
        refused(&HEADER.replace("lines = 3", "lines = 0"), 0),
        "x.img: `lines` is 0: nothing to read yet; follow the image while it grows (--follow)"
    );
}

#[test]
fn header_and_image_find_each_other() {
    for image in ["x", "x.img", "x.dat", "x.bil", "x.bip", "x.bsq"] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("x.hdr"), HEADER).unwrap();
        fs::write(dir.path().join(image), [0; 48]).unwrap();
        for named in [image, "x.hdr"] {
            let source = EnviSource::open(&dir.path().join(named), None).unwrap();
            assert_eq!(source.path(), dir.path().join(image));
        }
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("x.bil.hdr"), HEADER).unwrap();
    let lone = EnviSource::open(&dir.path().join("x.bil.hdr"), None).unwrap_err().to_string();
    assert!(lone.contains("no image lies beside this header; put `"), "{lone}");
    fs::write(dir.path().join("x.bil"), [0; 48]).unwrap();
    assert!(EnviSource::open(&dir.path().join("x.bil.hdr"), None).is_ok());
    fs::write(dir.path().join("x.bil.img"), [0; 48]).unwrap();
    let two = EnviSource::open(&dir.path().join("x.bil.hdr"), None).unwrap_err().to_string();
    assert!(two.contains("both `") && two.ends_with("name the one you mean"), "{two}");
    fs::write(dir.path().join("alone"), [0; 48]).unwrap();
    let alone = EnviSource::open(&dir.path().join("alone"), None).unwrap_err().to_string();
    assert!(alone.contains("has no ENVI header `"), "{alone}");
}

#[test]
fn a_growing_image_tells_its_whole_lines() {
    let dir = tempfile::tempdir().unwrap();
    for (lines, bytes, wanted) in [(3, 47, 2), (3, 48, 3), (3, 90, 3), (0, 80, 5), (3, 0, 0)] {
        let header = HEADER.replace("lines = 3", &format!("lines = {lines}"));
        let source = EnviSource::open_growing(&laid(dir.path(), &header, bytes), None).unwrap();
        assert_eq!(source.lines_present().unwrap(), wanted);
    }
    let whole = HEADER.replace("bil", "bsq");
    for (bytes, wanted) in [(47, 0), (48, 3)] {
        let source = EnviSource::open_growing(&laid(dir.path(), &whole, bytes), None).unwrap();
        assert_eq!(source.lines_present().unwrap(), wanted);
    }
}

#[test]
fn a_file_cut_while_it_is_read_is_an_error_and_no_signal() {
    let dir = tempfile::tempdir().unwrap();
    let path = laid(dir.path(), HEADER, 48);
    let source = EnviSource::open(&path, None).unwrap();
    fs::write(&path, [0; 20]).unwrap();

    let window = Window { lines: 0..3, samples: 0..2 };
    let error = source.read(&window, &[0, 1], &mut [0.0; 12]).unwrap_err();

    assert_eq!(error.message, "line 2: the file ends before it; copy it again");
}

#[test]
fn windows_outside_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let source = EnviSource::open(&laid(dir.path(), HEADER, 48), None).unwrap();
    let read = |lines, samples, bands: &[usize], room: usize| {
        source.read(&Window { lines, samples }, bands, &mut vec![0.0; room]).is_err()
    };
    assert!(read(0..4, 0..2, &[0], 8));
    assert!(read(0..1, 0..3, &[0], 3));
    assert!(read(0..1, 0..2, &[2], 2));
    assert!(read(0..1, 0..2, &[0], 3));
    #[expect(clippy::reversed_empty_ranges, reason = "what is refused")]
    let backwards = read(2..1, 0..2, &[0], 0);
    assert!(backwards);
    assert!(!read(1..1, 0..2, &[0], 0));
}

#[test]
fn no_data_and_gains_are_applied() {
    let dir = tempfile::tempdir().unwrap();
    let header = format!(
        "{HEADER}data ignore value = -9999.1\ndata gain values = {{2, 1}}\ndata offset values = \
         {{0, 5}}\n"
    );
    let path = laid(dir.path(), &header, 48);
    let numbers = [1.0, -9999.1, 3.0, f32::NAN].map(f32::to_le_bytes).concat();
    fs::write(&path, numbers.repeat(3)).unwrap();
    let source = EnviSource::open(&path, None).unwrap();
    let mut out = [0.0; 4];
    source.read(&Window { lines: 1..2, samples: 0..2 }, &[0, 1], &mut out).unwrap();
    assert!(source.declares_no_data());
    assert_eq!(out[..2], [2.0, 8.0]);
    assert!(out[2].is_nan() && out[3].is_nan());
}

/// Every number of the real chips, as GDAL reads it.
#[test]
fn the_real_chips_read_as_gdal_reads_them() {
    const SCRIPT: &str = "import sys; from osgeo import gdal; d = gdal.Open(sys.argv[1]); \
                          sys.stdout.buffer.write(d.ReadAsArray().astype('<f4').tobytes())";
    let cubes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cubes");
    for name in ["ang20160910t185702_2rdn_img", "ang20170323t202244_rdn_7000-7010"] {
        let path = cubes.join(name);
        let gdal = Command::new("/usr/bin/python3").args(["-c", SCRIPT]).arg(&path).output();
        let Some(gdal) = gdal.ok().filter(|out| path.exists() && out.status.success()) else {
            println!("left out: {name} or the Python bindings of GDAL are not there");
            continue;
        };
        let source = EnviSource::open(&path, None).unwrap();
        let CubeInfo { lines, samples, .. } = *source.info();
        let bands: Vec<usize> = (0..source.info().bands.len()).collect();
        let mut ours = vec![0.0; lines * samples * bands.len()];
        source.read(&Window { lines: 0..lines, samples: 0..samples }, &bands, &mut ours).unwrap();

        let (numbers, _) = gdal.stdout.as_chunks::<4>();
        assert_eq!(numbers.len(), ours.len());
        for (at, bytes) in numbers.iter().enumerate() {
            let pixel = at % (lines * samples);
            let seen = ours[pixel * bands.len() + at / (lines * samples)];
            assert_eq!(seen, f32::from_le_bytes(*bytes), "{name}: number {at}");
        }
    }
}

/// Writes every kind of number in every order of axes and bytes by numpy; what GDAL reads in each.
const EVERY_LAYOUT: &str = r#"
import sys
import numpy as np
from osgeo import gdal

folder = sys.argv[1]
lines, samples, bands = 5, 7, 3
line, sample, band = np.meshgrid(*map(np.arange, (lines, samples, bands)), indexing="ij")
kinds = {1: "u1", 2: "i2", 3: "i4", 4: "f4", 5: "f8", 12: "u2", 13: "u4", 14: "i8", 15: "u8"}
axes = {"bsq": (2, 0, 1), "bil": (0, 2, 1), "bip": (0, 1, 2)}
for kind, code in kinds.items():
    cube = line * 40 + sample * 5 + band
    cube = cube * 0.125 if code[0] == "f" else cube * 151 if code != "u1" else cube
    cube = -cube if code[0] == "i" else cube
    for order, turned in axes.items():
        for byte_order, mark in enumerate("<>"):
            name = f"{folder}/{kind}.{order}.{byte_order}"
            body = cube.transpose(turned).astype(mark + code).tobytes()
            with open(name, "wb") as file:
                file.write(b"offset!" + body)
            with open(name + ".hdr", "w") as file:
                file.write(f"""ENVI
samples = {samples}
lines = {lines}
bands = {bands}
header offset = 7
data type = {kind}
interleave = {order.upper() if byte_order else order}
byte order = {byte_order}
wavelength units = nm
wavelength = {{2100, 2105, 2110}}
""")
            image = gdal.Open(name) if kind < 14 else None
            # GDAL 3.6 does not read 64-bit integers here; numpy's own numbers stand for them.
            seen = image.ReadAsArray().transpose(1, 2, 0) if image else cube
            assert (seen == cube).all(), name
            sys.stdout.buffer.write(seen.astype("<f4").tobytes())
            sys.stdout.buffer.flush()
"#;

#[test]
fn every_layout_that_numpy_writes_reads_as_gdal_reads_it() {
    let dir = tempfile::tempdir().unwrap();
    let gdal = Command::new("/usr/bin/python3")
        .args(["-c", EVERY_LAYOUT])
        .arg(dir.path())
        .output()
        .ok()
        .filter(|out| !String::from_utf8_lossy(&out.stderr).contains("No module named"));
    let Some(gdal) = gdal else {
        println!(
            "left out: the Python bindings of GDAL are not there (apt-get install python3-gdal)"
        );
        return;
    };
    assert!(gdal.status.success(), "{}", String::from_utf8_lossy(&gdal.stderr));
    let mut expected = gdal.stdout.chunks_exact(4 * 5 * 7 * 3);
    let mut files = 0;
    for kind in [1, 2, 3, 4, 5, 12, 13, 14, 15] {
        for order in ["bsq", "bil", "bip"] {
            for byte_order in [0, 1] {
                let name = format!("{kind}.{order}.{byte_order}");
                let source = EnviSource::open(&dir.path().join(&name), None).unwrap();
                let mut ours = vec![0.0; 5 * 7 * 3];
                source.read(&Window { lines: 0..5, samples: 0..7 }, &[0, 1, 2], &mut ours).unwrap();
                let bytes: Vec<u8> = ours.iter().flat_map(|x| x.to_le_bytes()).collect();
                assert_eq!(Some(bytes.as_slice()), expected.next(), "{name}");
                files += 1;
            }
        }
    }
    assert_eq!((files, expected.next()), (54, None));
}
