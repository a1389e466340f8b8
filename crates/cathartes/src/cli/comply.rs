//! `cathartes comply`: does a track keep to its authorities?

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use cathartes_pipeline::comply::{self, Complied, Job, Month, Rules, Statement};

use super::say;

/// Certify a track, planned or flown, against the authorities that hold; or state what was flown in a month.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A track, or the log of a flight; with --month the folder of all of them.
    track: PathBuf,
    /// What permits and forbids; several hold together.
    #[arg(long, required = true)]
    authority: Vec<PathBuf>,
    /// The height of the ground, for limits above it: an ASCII grid of ESRI in degrees.
    #[arg(long)]
    ground: Option<PathBuf>,
    /// What a log does not say: whose flight it was, what for, and how well it knows where it was.
    #[arg(long)]
    about: Option<PathBuf>,
    /// A second track of the same flight, seen by somebody else.
    #[arg(long, conflicts_with = "month")]
    against: Option<PathBuf>,
    /// State what was flown in a month, as 2026-10.
    #[arg(long)]
    month: Option<Month>,
    /// Folder for the certificate and the track that it is of.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace results of an earlier run.
    #[arg(long)]
    force: bool,
    /// The certificate or the statement as JSON.
    #[arg(long)]
    json: bool,
}

/// Certifies; the exit code is 1 unless everything is kept.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.month {
        Some(month) => state(&args, month),
        None => certify(args),
    }
}

fn certify(args: Args) -> anyhow::Result<ExitCode> {
    let json = args.json;
    let complied = comply::run(&Job {
        track: args.track,
        about: args.about,
        against: args.against,
        authorities: args.authority,
        ground: args.ground,
        out: args.out,
        force: args.force,
    })?;
    if json {
        say(&serde_json::to_string_pretty(&complied.certificate).context("certificate")?);
    } else {
        for line in words(&complied) {
            say(&line);
        }
    }
    let agree = complied.differences.as_ref().is_none_or(Vec::is_empty);
    Ok(code(comply::is_kept(complied.certificate.verdict) && agree))
}

fn words(complied: &Complied) -> Vec<String> {
    let certificate = &complied.certificate;
    let pieces: usize = certificate.legs.iter().map(|leg| leg.pieces.len()).sum();
    let mut lines: Vec<String> =
        complied.handling.iter().map(|said| format!("marked: {said}")).collect();
    lines.extend(complied.faults.iter().map(|fault| format!("in the log: {fault}")));
    lines.push(format!(
        "{} is {}: {} legs in {pieces} pieces, {:.0} m allowed for in the plane and {:.0} m in height",
        certificate.track.sortie,
        certificate.verdict,
        certificate.legs.len(),
        certificate.allowances.plane_m.0,
        certificate.allowances.height_m.0
    ));
    lines.extend(certificate.why.iter().map(|why| format!("  {why}")));
    match &complied.differences {
        Some(differences) if differences.is_empty() => lines.push("both tracks agree".to_owned()),
        Some(differences) => {
            lines.push("the two tracks differ:".to_owned());
            lines.extend(differences.iter().map(|line| format!("  {line}")));
        }
        None => {}
    }
    lines
}

fn state(args: &Args, month: Month) -> anyhow::Result<ExitCode> {
    let rules = Rules::open(&args.authority, args.ground.as_deref())?;
    let out = args.out.as_deref().map(|out| (out, args.force));
    let statement: Statement = comply::statement(&rules, &args.track, month, out)?;
    if args.json {
        say(&serde_json::to_string_pretty(&statement)?);
    } else {
        for line in statement.words() {
            say(&line);
        }
    }
    let kept = statement.sorties.iter().all(|one| comply::is_kept(one.verdict));
    Ok(code(kept && statement.left_out.is_empty()))
}

fn code(yes: bool) -> ExitCode {
    if yes { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
