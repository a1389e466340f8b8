//! `cathartes gas`: the library of absorption spectra.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use cathartes_pipeline::gas::{self, Given, Listing};
use clap::{Parser, Subcommand};

/// The gases that can be searched for, and how they absorb light.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
    /// Folder of your own gases [default: `$CATHARTES_HOME/gases`, or ~/.local/share/cathartes/gases]
    #[arg(long, global = true, value_name = "DIR")]
    library: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// All gases: formula, CAS number, tabulated ranges, terms and source.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// One gas, by short name, formula, name or CAS number.
    Show {
        /// Which gas.
        gas: String,
        /// Draw its spectrum into this PNG file.
        #[arg(long, value_name = "FILE.png")]
        plot: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add a gas of your own from JCAMP-DX, HITRAN .xsc or two columns of text.
    Import(Import),
}

#[derive(Debug, Parser)]
struct Import {
    /// The file.
    file: PathBuf,
    /// Short name for commands [default: from the name].
    #[arg(long)]
    slug: Option<String>,
    /// English name.
    #[arg(long)]
    name: Option<String>,
    /// Molecular formula, such as C2H6O.
    #[arg(long)]
    formula: Option<String>,
    /// CAS registry number.
    #[arg(long)]
    cas: Option<String>,
    /// Unit of the values, where the file does not say or says it wrong.
    #[arg(long)]
    unit: Option<String>,
    /// Temperature to take where the file has several, K.
    #[arg(long, value_name = "KELVIN")]
    temperature: Option<f64>,
    /// Terms of use to remember.
    #[arg(long)]
    terms: Option<String>,
}

pub(crate) fn run(args: Args) -> Result<ExitCode> {
    let folder = args.library.or_else(gas::default_folder);
    if let Command::Import(import) = args.command {
        let folder = folder.context("no home folder is known; give --library DIR")?;
        return add(import, &folder);
    }
    let library = gas::library(folder.as_deref())?;
    match args.command {
        Command::List { json: true } => {
            let all: Vec<Listing> = library.iter().map(Listing::of).collect();
            println!("{}", serde_json::to_string_pretty(&all)?);
        }
        Command::Show { gas, plot, json } => {
            let found = gas::find(&gas, &library)?;
            if json {
                println!("{}", serde_json::to_string_pretty(&Listing::of(found))?);
            } else {
                print!("{}", gas::sheet(found));
            }
            if let Some(path) = plot {
                gas::plot(found, &path)?;
            }
        }
        Command::List { .. } | Command::Import(_) => print!("{}", gas::table(&library)),
    }
    Ok(ExitCode::SUCCESS)
}

fn add(import: Import, folder: &std::path::Path) -> Result<ExitCode> {
    let given = Given {
        slug: import.slug,
        name: import.name,
        formula: import.formula,
        cas: import.cas,
        unit: import.unit,
        temperature: import.temperature.map(gas::Kelvin),
        terms: import.terms,
    };
    let (made, path) = gas::import(&import.file, &given, folder)?;
    print!("{}", gas::sheet(&made.cross_section));
    for note in made.notes {
        println!("note         {note}");
    }
    println!("kept in      {}", path.display());
    Ok(ExitCode::SUCCESS)
}
