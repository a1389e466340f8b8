//! `cathartes authority`: what permits and forbids, from what others publish, and back.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use cathartes_pipeline::airspace::{self, Authority, Form, Head, Intent, Metres, Period, Purpose};
use clap::Subcommand;

use super::say;

/// Make authorities of the zones and borders that others publish, write them as zones, or say what one says.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(ImportArgs),
    Border(BorderArgs),
    Export(ExportArgs),
    Show(ShowArgs),
}

/// Make an authority of zones: ED-318, ED-269, `OpenAir` or KML. Every zone is a prohibition unless --permit is given.
#[derive(Debug, clap::Args)]
struct ImportArgs {
    /// Files of zones
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    head: HeadArgs,
    /// What the zones permit that do not say they prohibit; may be repeated
    #[arg(long, value_name = "PURPOSE", value_parser = purpose)]
    permit: Vec<Purpose>,
    /// Heights above the sea of polygons in KML that do not say: FLOOR,CEILING in m
    #[arg(long, value_name = "FLOOR_M,CEILING_M", value_parser = heights, allow_hyphen_values = true)]
    heights: Option<(f64, f64)>,
}

/// Make an authority of a border: the country within may not be entered.
#[derive(Debug, clap::Args)]
struct BorderArgs {
    /// `GeoJSON` of the border; with --country a `TopoJSON` of many countries
    file: PathBuf,
    /// Name or number (ISO 3166) of the country
    #[arg(long)]
    country: Option<String>,
    #[command(flatten)]
    head: HeadArgs,
}

/// Write an authority in a form of others; what the form cannot hold is told.
#[derive(Debug, clap::Args)]
struct ExportArgs {
    /// The authority
    authority: PathBuf,
    /// ed318, ed269, openair or kml
    #[arg(long, value_parser = form)]
    form: Form,
    /// Country of the zones, three letters (ISO 3166)
    #[arg(long, default_value = "ZZZ")]
    country: String,
    /// A new file
    #[arg(long)]
    out: PathBuf,
}

/// Say what an authority says.
#[derive(Debug, clap::Args)]
struct ShowArgs {
    /// The authority
    authority: PathBuf,
}

#[derive(Debug, clap::Args)]
struct HeadArgs {
    /// Number of the document at its issuer
    #[arg(long)]
    number: String,
    /// Who says it
    #[arg(long)]
    issuer: String,
    /// When its permissions hold: FROM/TO
    #[arg(long, value_parser = airspace::period)]
    valid: Period,
    /// Whom its permissions are for; may be repeated
    #[arg(long)]
    operator: Vec<String>,
    /// Kinds of aircraft its permissions are for; may be repeated
    #[arg(long)]
    aircraft: Vec<String>,
    /// A new file
    #[arg(long)]
    out: PathBuf,
}

impl HeadArgs {
    fn head(self) -> (Head, PathBuf) {
        let Self { number, issuer, valid, operator, aircraft, out } = self;
        (Head { number, issuer, valid, operators: operator, aircraft }, out)
    }
}

fn purpose(text: &str) -> Result<Purpose, String> {
    let found = Purpose::ALL.into_iter().find(|purpose| purpose.word() == text);
    found.ok_or_else(|| format!("it is one of {}", Purpose::ALL.map(Purpose::word).join(", ")))
}

fn heights(text: &str) -> Result<(f64, f64), String> {
    let pair = text.split_once(',').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    pair.filter(|(floor, ceiling)| floor < ceiling)
        .ok_or_else(|| "write FLOOR,CEILING in metres, as 0,3000".to_owned())
}

fn form(text: &str) -> Result<Form, String> {
    match text {
        "ed318" => Ok(Form::Ed318),
        "ed269" => Ok(Form::Ed269),
        "openair" => Ok(Form::OpenAir),
        "kml" => Ok(Form::Kml),
        _ => Err("it is one of ed318, ed269, openair, kml".to_owned()),
    }
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Import(args) => {
            let intent = if args.permit.is_empty() {
                Intent::default()
            } else {
                airspace::permitting(args.permit)
            };
            let (head, out) = args.head.head();
            let heights = args.heights.map(|(floor, ceiling)| (Metres(floor), Metres(ceiling)));
            let (authority, notes) = airspace::import(&args.files, head, &intent, heights)?;
            tell(&notes);
            put(&out, &airspace::written(&authority))?;
            told(&authority);
        }
        Command::Border(args) => {
            let (head, out) = args.head.head();
            let (authority, notes) = airspace::border(&args.file, args.country.as_deref(), head)?;
            tell(&notes);
            put(&out, &airspace::written(&authority))?;
            told(&authority);
        }
        Command::Export(args) => {
            let authority = airspace::open(&args.authority)?;
            let (text, notes) = airspace::export(&authority, args.form, &args.country)?;
            tell(&notes);
            put(&args.out, &text)?;
        }
        Command::Show(args) => {
            told(&airspace::open(&args.authority)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(notes: &[String]) {
    for note in notes {
        eprintln!("note: {note}");
    }
}

fn told(authority: &Authority) {
    for line in airspace::words(authority) {
        say(&line);
    }
}

/// A file that is there is somebody's.
fn put(out: &Path, text: &str) -> anyhow::Result<()> {
    let shown = || out.display().to_string();
    ensure!(!out.exists(), "{} is there already: name another file by --out", shown());
    let beside = out.with_extension("partial");
    fs::write(&beside, text).with_context(shown)?;
    fs::rename(&beside, out).with_context(shown)
}
