//! Whole flight lines with twelve plumes each, through the executable, and what it found of them.
//!
//! A line has 598 x 2,000 pixels of 3 m over mixed ground; its plumes of 20 to 2,000 kg/h (evenly in
//! the logarithm) lie one in each cell of six rows and two columns, a third of them steady, a third
//! turbulent, a third in the outlines of real plumes when `../shared/data/masks` is there. Words are
//! seeds; four from 1000 on when none is given. The figures go to docs/validation/plumes.md.

mod masks;
mod score;

use std::{fmt::Write as _, fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, ensure};

use self::score::Table;

/// Wind of every plume, and what `detect` is told of it.
const WIND_M_S: f64 = 3.5;
const WIND_FROM_DEG: f64 = 250.0;
const WIND_TOLD: &str = "3.5,250,0.7";
/// Lines, samples, and the cells that hold one plume each.
const LINES: usize = 2000;
const SAMPLES: usize = 598;
pub(super) const ROWS: usize = 6;
pub(super) const COLUMNS: usize = 2;
/// Ground of a pixel of the recipe, m.
pub(super) const PIXEL_M: f64 = 3.0;

pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let seeds: Vec<u64> = words.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
    let seeds = if seeds.is_empty() { (1000..1004).collect() } else { seeds };
    let cathartes = super::executable()?;
    let folder = crate::root().join("target/bench-line");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let outlines = masks::cut(&folder)?;
    let mut table = Table::default();
    for seed in seeds {
        fs::write(folder.join("line.toml"), recipe(seed, &outlines))?;
        let run = |words: &[&str]| {
            let mut command = cathartes();
            let status = command.current_dir(&folder).args(words).status()?;
            ensure!(status.success(), "`cathartes {}` stopped; see above", words.join(" "));
            Ok(())
        };
        run(&["simulate", "line.toml", "--out", "line.img"])?;
        let told = ["--gas", "ch4", "--height", "3000", "--wind", WIND_TOLD];
        let out = ["--out", "results", "--force", "--quiet"];
        run(&[&["detect", "line.img"], &told[..], &out[..]].concat())?;
        table.add(seed, &folder)?;
    }
    remove(&folder.join("line.img"))?;
    println!("{table}");
    Ok(ExitCode::SUCCESS)
}

/// Two gigabytes that the next run makes anew.
fn remove(image: &Path) -> Result<()> {
    fs::remove_file(image).with_context(|| image.display().to_string())
}

/// A recipe with a plume in every cell.
fn recipe(seed: u64, outlines: &[masks::Cut]) -> String {
    let mut text = format!(
        "seed = {seed}\n[scene]\nlines = {LINES}\nsamples = {SAMPLES}\n[wind]\nspeed_m_s = {WIND_M_S}\n\
         from_deg = {WIND_FROM_DEG}\n"
    );
    let count = ROWS * COLUMNS;
    for cell in 0..count {
        let draw = |k: u64| unit(seed << 16 ^ (cell as u64) << 8 ^ k);
        let rank = (cell * 5 + seed as usize) % count;
        let rate = 20.0 * 100f64.powf(rank as f64 / (count - 1) as f64);
        let high = LINES / ROWS;
        let wide = SAMPLES / COLUMNS;
        let (top, left) = (cell / COLUMNS * high, cell % COLUMNS * wide);
        let (mut line, mut sample) = (top as f64, left as f64);
        let kind = (cell + seed as usize / 2) % 3;
        let mask = outlines.get((draw(3) * outlines.len() as f64) as usize).filter(|_| kind == 2);
        if let Some(mask) = mask {
            line += draw(1) * (high - mask.lines) as f64;
            sample += draw(2) * (wide - mask.samples) as f64;
        } else {
            line += high as f64 * (0.45 + 0.35 * draw(1));
            sample += wide as f64 * (0.08 + 0.2 * draw(2));
        }
        let word = match (kind, mask) {
            (0, _) => "gaussian",
            (_, Some(_)) => "mask",
            _ => "puffs",
        };
        let _ = write!(
            text,
            "[[plume]]\nkind = \"{word}\"\ngas = \"ch4\"\nline = {:.1}\nsample = {:.1}\n\
             rate_kg_h = {rate:.3}\nlength_m = 500\n",
            line.floor(),
            sample.floor()
        );
        if let Some(mask) = mask {
            let _ = writeln!(text, "mask = \"{}\"", mask.name);
        }
    }
    text
}

/// A number in 0..1 that belongs to `z` (Steele et al. 2014).
fn unit(z: u64) -> f64 {
    let z = z.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests;
