#![no_main]
//! A header and an image that do not know each other: opened whole, opened while growing, read by
//! windows and line by line, used as places of themselves.

use cathartes_core::cube::{CubeSource, Window};
use cathartes_formats::envi::{self, EnviSource, Header, LineReader};
use libfuzzer_sys::fuzz_target;

/// More numbers than this are not asked for, whatever the header promises.
const MOST: usize = 1 << 16;

fn read(source: &EnviSource, lines: usize) {
    let info = source.info();
    let window = Window { lines: lines / 2..lines, samples: info.samples / 3..info.samples };
    let bands: Vec<usize> = (0..info.bands.len()).rev().chain([0]).collect();
    let wanted = window.pixels().checked_mul(bands.len()).filter(|wanted| *wanted <= MOST);
    if let Some(wanted) = wanted {
        let _ = source.read(&window, &bands, &mut vec![0.0; wanted]);
    }
}

fuzz_target!(|parts: (&str, &[u8])| {
    let (fields, image) = parts;
    let header = format!("ENVI\n{fields}");
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("x");
    if std::fs::write(path.with_extension("hdr"), &header).is_err()
        || std::fs::write(&path, image).is_err()
    {
        return;
    }
    if let Ok(source) = EnviSource::open(&path, None) {
        read(&source, source.info().lines);
    }
    if let Ok(source) = EnviSource::open_growing(&path, None) {
        read(&source, source.lines_present().unwrap_or(0));
    }
    let _ = envi::igm(&path, [2, 2]);
    let _ = envi::by_glt(&path, [2, 2]);
    let Ok(header) = Header::parse(&header, None) else { return };
    let samples = header.frame.samples;
    let Ok(mut lines) = LineReader::new(header, image, "x") else { return };
    if samples <= MOST {
        while lines.next_line(&[0], &mut vec![0.0; samples]).unwrap_or(false) {}
    }
});
