//! Reads the bands of a range from an image of any format and says how long it took.
//!
//! `cargo run --release -p cathartes-formats --example read_cube -- IMAGE LOW_NM HIGH_NM [LINES]`
//!
//! With LINES the image is read that many lines at a time, as a search larger than memory would.

use std::{path::Path, time::Instant};

use cathartes_core::cube::Window;
use cathartes_formats::{Auxiliary, open};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [image, low, high, rest @ ..] = &words[..] else {
        return Err("give IMAGE LOW_NM HIGH_NM [LINES]".into());
    };
    let (low, high): (f64, f64) = (low.parse()?, high.parse()?);
    let start = Instant::now();
    let source = open(Path::new(image), &Auxiliary::default())?;
    let info = source.info();
    let wanted = |band: &usize| (low..=high).contains(&info.bands[*band].center.0);
    let bands: Vec<usize> = (0..info.bands.len()).filter(wanted).collect();
    let opened = start.elapsed();
    let step = rest.first().map_or(Ok(info.lines), |text| text.parse())?.max(1);
    let mut values = vec![0.0; step.min(info.lines) * info.samples * bands.len()];
    let (mut sum, mut reading, mut busy_s) = (0.0, opened, 0.0);
    for first in (0..info.lines).step_by(step) {
        let window =
            Window { lines: first..(first + step).min(info.lines), samples: 0..info.samples };
        let here = &mut values[..window.pixels() * bands.len()];
        let (start, before_s) = (Instant::now(), cpu_s());
        source.read(&window, &bands, here)?;
        reading += start.elapsed();
        busy_s += cpu_s() - before_s;
        sum += here.iter().filter(|v| v.is_finite()).map(|&v| f64::from(v)).sum::<f64>();
    }
    println!(
        "{} bands of {} x {} pixels: {:.3} s, {busy_s:.2} CPU s, sum {sum:.6}, peak {}",
        bands.len(),
        info.lines,
        info.samples,
        reading.as_secs_f64(),
        peak()
    );
    Ok(())
}

/// Processor time of this process in steps of 0.01 s, as Linux says it; zero elsewhere.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = behind_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process held, as Linux says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".into(), |text| text.trim().to_owned())
}
