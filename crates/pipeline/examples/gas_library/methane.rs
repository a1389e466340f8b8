//! Methane in the shortwave at 0.1 cm⁻¹, from the published look-up table of mag1c.
//!
//! That table is a difference of simulated radiances, so it is empty where water makes the air
//! opaque. The coarser file knows those places: its cells there are filled from line lists and
//! disagree with the mean of the fine ones. We take its value for them.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use cathartes_core::{
    gas::{CrossSection, Segment},
    units::PerCm,
};

/// Relative disagreement of a coarse cell with its fine ones that marks an opaque place.
const DISAGREE: f64 = 0.02;
const FILE: &str = "ch4_mag1c_unit_absorption_0.1cm-1.csv";

/// Puts the fine table over the coarse one.
pub(super) fn refine(gas: &mut CrossSection, targets: &Path) -> Result<()> {
    let text = fs::read_to_string(targets.join(FILE)).context(FILE)?;
    let number = |field: Option<&str>| field.and_then(|f| f.trim().parse::<f64>().ok());
    let mut fine: Vec<(f64, f64)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split(',');
            Some((number(fields.next())?, number(fields.nth(2))?.max(0.0)))
        })
        .collect();
    fill_opaque(gas, &mut fine);

    let (first, last) = (fine.first().context("empty")?.0, fine.last().context("empty")?.0);
    let segment = Segment {
        start: PerCm(first),
        step: PerCm(0.1),
        sigma_cm2: fine.iter().map(|p| p.1 as f32).collect(),
    };
    anyhow::ensure!((segment.end().0 - last).abs() < 0.02, "the 0.1 cm-1 table has holes");
    let coarse = std::mem::take(&mut gas.segments);
    gas.segments.push(segment);
    for segment in &coarse {
        super::lay(&mut gas.segments, segment);
    }
    gas.source += "; 3965-7145 cm-1 at 0.1 cm-1";
    Ok(())
}

/// Replaces fine values by the coarse cell they lie in where the two disagree.
fn fill_opaque(coarse: &CrossSection, fine: &mut [(f64, f64)]) {
    for segment in &coarse.segments {
        for (i, &sigma) in segment.sigma_cm2.iter().enumerate() {
            let nu = segment.start.0 + segment.step.0 * i as f64;
            let half = segment.step.0 / 2.0;
            let a = fine.partition_point(|p| p.0 < nu - half);
            let b = fine.partition_point(|p| p.0 < nu + half);
            let inside = &mut fine[a..b];
            let mean = inside.iter().map(|p| p.1).sum::<f64>() / inside.len().max(1) as f64;
            if (mean - f64::from(sigma)).abs() > DISAGREE * f64::from(sigma).max(1e-25) {
                inside.iter_mut().for_each(|p| p.1 = f64::from(sigma));
            }
        }
    }
}
