//! `cathartes simulate RECIPE.toml --out SCENE`.

use std::{path::PathBuf, process::ExitCode};

use cathartes_pipeline::simulate;
use indicatif::{ProgressBar, ProgressStyle};

/// Build a scene with plumes of known rate, and the truth beside it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to build; `docs/guide/simulate.md` explains every key.
    recipe: PathBuf,
    /// The image to write; `.bip` and `.bsq` choose the order of the axes, else it is BIL.
    #[arg(long)]
    out: PathBuf,
    /// Say nothing but errors.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let bar = if args.quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
    bar.set_style(ProgressStyle::with_template("{wide_bar} line {pos} of {len}, {eta} left")?);
    let written = simulate::simulate(&args.recipe, &args.out, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if !args.quiet {
        println!("{}: {} plumes", written.image.display(), written.plumes);
        println!("{}: what is in it", written.truth.display());
        for path in written.enhancements {
            println!("{}: true enhancement, ppm m", path.display());
        }
        if let Some(path) = written.contrast {
            println!("{}: ground over plume, K", path.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
