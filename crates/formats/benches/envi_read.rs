//! Reads the methane window (bands 349 to 421 of 425) of an AVIRIS-NG line of 598 x 2,000 pixels,
//! 32-bit BIL, from the page cache: against a plain read of the same bytes, 1 and 2 threads.
//!
//! `cargo bench -p cathartes-formats --bench envi_read [-- FOLDER]`, 2.03 GB in FOLDER or the
//! temporary folder. CPU seconds are of the whole process, so that a busy machine does not blur
//! them.

use std::{error::Error, fs, fs::File, os::unix::fs::FileExt, path::Path, time::Instant};

use cathartes_core::{
    cube::{CubeInfo, CubeSource, Window},
    geometry::Geometry,
    spectrum::Band,
    units::Nanometres,
};
use cathartes_formats::envi::{EnviSource, Interleave, Layout, Writer};

const LINES: usize = 2000;
const SAMPLES: usize = 598;
const BANDS: usize = 425;
const WINDOW: std::ops::Range<usize> = 348..421;
const CHUNK: usize = 16;
const ROUNDS: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).filter(|name| !name.starts_with("--"));
    let folder =
        tempfile::tempdir_in(folder.unwrap_or(std::env::temp_dir().display().to_string()))?;
    for interleave in [Interleave::Bil, Interleave::Bip, Interleave::Bsq] {
        let path = folder.path().join(interleave.word());
        write(&path, Layout { interleave, ..Layout::USUAL })?;
        let source = EnviSource::open(&path, None)?;
        for threads in [1, 2] {
            if interleave == Interleave::Bil {
                let file = File::open(&path)?;
                report("plain read", threads, &|first, _| {
                    let mut bytes = vec![0; WINDOW.len() * SAMPLES * 4];
                    for line in first..first + CHUNK {
                        let at = (line * BANDS + WINDOW.start) * SAMPLES * 4;
                        let _ = file.read_exact_at(&mut bytes, at as u64);
                    }
                });
            }
            let bands: Vec<usize> = WINDOW.collect();
            report(interleave.word(), threads, &|first, out| {
                let window = Window { lines: first..first + CHUNK, samples: 0..SAMPLES };
                let _ = source.read(&window, &bands, out);
            });
        }
        fs::remove_file(path)?;
    }
    Ok(())
}

fn write(path: &Path, layout: Layout) -> Result<(), Box<dyn Error>> {
    let band = |b| Band { center: Nanometres(376.44 + 5.01 * b as f64), fwhm: Nanometres(5.7) };
    let info = CubeInfo {
        lines: LINES,
        samples: SAMPLES,
        bands: (0..BANDS).map(band).collect(),
        good: vec![true; BANDS],
        fwhm_estimated: false,
        instrument: None,
        radiance_unit: None,
        geometry: Geometry::Unknown,
        time: None,
        sun_zenith_deg: None,
        view_zenith_deg: None,
        notes: Vec::new(),
    };
    let mut writer = Writer::create(path, &info, layout)?;
    let line: Vec<f32> = (0..SAMPLES * BANDS).map(|i| (i % 977) as f32 * 0.01).collect();
    for at in 0..LINES {
        writer.write_lines(at, &line)?;
    }
    Ok(writer.finish()?)
}

fn report(name: &str, threads: usize, read: &(dyn Fn(usize, &mut [f32]) + Sync)) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let mut best_s = f64::INFINITY;
    for _ in 0..ROUNDS {
        let round = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || {
                    let mut out = vec![0.0; CHUNK * SAMPLES * WINDOW.len()];
                    let chunks = (thread * CHUNK..LINES).step_by(threads * CHUNK);
                    chunks.for_each(|first| read(first, std::hint::black_box(&mut out)));
                });
            }
        });
        best_s = best_s.min(round.elapsed().as_secs_f64());
    }
    let cpu_s = (cpu_seconds() - cpu) / f64::from(ROUNDS);
    let gb = (LINES * SAMPLES * WINDOW.len() * 4) as f64 * 1e-9;
    println!(
        "{name:10} {threads} threads: best {best_s:.3} s ({:.2} GB/s), mean {:.3} s, CPU {cpu_s:.3} s",
        gb / best_s,
        start.elapsed().as_secs_f64() / f64::from(ROUNDS),
    );
}

/// User and system time of this process, from ticks of 10 ms.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split_whitespace().skip(13).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
