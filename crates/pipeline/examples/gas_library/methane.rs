//! Methane in the shortwave at 0.1 cm⁻¹, from the published look-up table of mag1c.
//!
//! That table is a difference of simulated radiances, so it is empty where water makes the air
//! opaque. The coarser file knows those places: there it is filled from line lists and disagrees with
//! the fine one. We take its value for them.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use cathartes_core::{
    gas::{CrossSection, Segment},
    units::PerCm,
};

/// Disagreement of the two files, averaged over [`NEAR`], that marks an opaque place.
const DISAGREE: f64 = 0.2;
/// Half the width over which the files are compared, cm⁻¹; their cells do not agree one by one.
const NEAR: f64 = 5.0;
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

/// Replaces fine values by the coarse cell they lie in where the files disagree.
fn fill_opaque(coarse: &CrossSection, fine: &mut [(f64, f64)]) {
    let given = fine.to_vec();
    let mean = |points: &[(f64, f64)], nu: f64, half: f64| {
        let a = points.partition_point(|p| p.0 < nu - half);
        let b = points.partition_point(|p| p.0 < nu + half);
        let sum: f64 = points[a..b].iter().map(|p| p.1).sum();
        (a..b, sum / (b - a).max(1) as f64)
    };
    for s in &coarse.segments {
        let cells: Vec<(f64, f64)> = (s.sigma_cm2.iter().enumerate())
            .map(|(i, &sigma)| (s.start.0 + s.step.0 * i as f64, f64::from(sigma)))
            .collect();
        for &(nu, sigma) in &cells {
            let (_, ours) = mean(&given, nu, NEAR);
            let (_, theirs) = mean(&cells, nu, NEAR);
            if (ours - theirs).abs() > DISAGREE * theirs {
                let (inside, _) = mean(&given, nu, s.step.0 / 2.0);
                fine[inside].iter_mut().for_each(|p| p.1 = sigma);
            }
        }
    }
}
