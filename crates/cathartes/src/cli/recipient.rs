//! `cathartes recipient`: the partner bodies that receive releases, their links and PINs.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context;
use cathartes_server::{Classification, DrawnKeys, Language, Recipient, Store, Tlp};
use clap::Subcommand;
use jiff::Timestamp;

use super::{
    record::{Place, actor, waited},
    say,
};

/// The bodies that receive releases: add them, list them, give them another link and PIN, end them.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add one; its link and its PIN are shown once
    Add(AddArgs),
    /// Add all of a file that `list --json` wrote, and change those that are there
    Import(ImportArgs),
    /// List them, as --json for `import`
    List(ListArgs),
    /// Draw another link and PIN; those before open nothing any more
    Key(KeyArgs),
    /// Send nothing to one any more; its link opens nothing
    End(CodeArgs),
    /// Send to one again
    Resume(CodeArgs),
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// What markings name it by: letters, digits and `-`
    code: String,
    /// What it calls itself
    #[arg(long)]
    name: String,
    /// What it reads first: es or en
    #[arg(long, default_value = "es", value_parser = language)]
    language: Language,
    /// How closely held a thing may be and still go there: unclassified, restricted, confidential, secret
    #[arg(long, default_value = "restricted", value_parser = ceiling)]
    ceiling: Classification,
    /// How far it may hand on what it gets: RED, AMBER+STRICT, AMBER, GREEN or CLEAR
    #[arg(long, default_value = "AMBER+STRICT", value_parser = tlp)]
    tlp: Tlp,
    /// The sanitising rules for it: agency, partner or public
    #[arg(long, default_value = "partner")]
    rules: String,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    /// A JSON array of recipients
    file: PathBuf,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// A JSON array, without links and PINs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct KeyArgs {
    /// Which
    code: String,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct CodeArgs {
    /// Which
    code: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct Address {
    /// What the server is known by to recipients
    #[arg(long, value_name = "https://HOST", default_value = "http://127.0.0.1:8750")]
    address: String,
}

/// Runs the subcommand.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    waited(async {
        let store = args.command.place().open().await?;
        let done = done(&store, args.command).await;
        store.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn done(store: &Store, command: Command) -> anyhow::Result<()> {
    let (me, now) = (actor("recipient"), Timestamp::now());
    match command {
        Command::Add(args) => {
            let address = args.address.address.clone();
            let body = args.recipient();
            let drawn = cathartes_server::add_recipient(store, &me, &body, now).await?;
            tell(&body.code, &drawn, &address);
        }
        Command::Import(args) => import(store, &args).await?,
        Command::List(args) => list(store, args.json).await?,
        Command::Key(args) => {
            let drawn = cathartes_server::renew_keys(store, &me, &args.code, now).await?;
            tell(&args.code, &drawn, &args.address.address);
        }
        Command::End(args) => activate(store, &args.code, false).await?,
        Command::Resume(args) => activate(store, &args.code, true).await?,
    }
    Ok(())
}

impl Command {
    fn place(&self) -> &Place {
        match self {
            Self::Add(args) => &args.place,
            Self::Import(args) => &args.place,
            Self::List(args) => &args.place,
            Self::Key(args) => &args.place,
            Self::End(args) | Self::Resume(args) => &args.place,
        }
    }
}

impl AddArgs {
    fn recipient(self) -> Recipient {
        let Self { code, name, language, ceiling, tlp, rules, .. } = self;
        Recipient { code, name, language, ceiling, tlp, rules }
    }
}

/// Says what opens the page of a recipient, for the only time.
fn tell(code: &str, drawn: &DrawnKeys, address: &str) {
    let (first, rest) = drawn.pin.split_at(4);
    say(&format!("{code}: link {}", drawn.link(address)));
    say(&format!("{code}: PIN  {first} {rest}"));
    say("neither is shown again; send them by different ways");
}

async fn import(store: &Store, args: &ImportArgs) -> anyhow::Result<()> {
    let shown = args.file.display();
    let text = fs::read_to_string(&args.file).with_context(|| format!("{shown}"))?;
    let all: Vec<Recipient> = serde_json::from_str(&text).with_context(|| format!("{shown}"))?;
    let (me, now) = (actor("recipient"), Timestamp::now());
    for body in &all {
        if store.recipient(&body.code).await?.is_none() {
            let drawn = cathartes_server::add_recipient(store, &me, body, now).await?;
            tell(&body.code, &drawn, &args.address.address);
        } else if cathartes_server::change_recipient(store, &me, body, now).await? {
            say(&format!("{}: changed", body.code));
        } else {
            say(&format!("{}: as it is", body.code));
        }
    }
    Ok(())
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let all = cathartes_server::recipients(store).await?;
    if json {
        let bodies: Vec<&Recipient> = all.iter().map(|(body, _)| body).collect();
        say(&serde_json::to_string_pretty(&bodies)?);
        return Ok(());
    }
    if all.is_empty() {
        say("there are no recipients: add one by `cathartes recipient add`");
    }
    for (body, active) in &all {
        let ended = if *active { "" } else { " (ended)" };
        let (tlp, ceiling) = (body.tlp.word(), body.ceiling.word());
        say(&format!(
            "{}  {}, {tlp}, up to {ceiling}, rules {}{ended}",
            body.code, body.name, body.rules
        ));
    }
    Ok(())
}

async fn activate(store: &Store, code: &str, active: bool) -> anyhow::Result<()> {
    let (me, now) = (actor("recipient"), Timestamp::now());
    cathartes_server::activate_recipient(store, &me, (code, active), now).await?;
    say(&format!(
        "{code}: {}",
        if active { "receives releases" } else { "receives nothing any more" }
    ));
    Ok(())
}

fn language(text: &str) -> Result<Language, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

fn ceiling(text: &str) -> Result<Classification, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

fn tlp(text: &str) -> Result<Tlp, String> {
    let full = format!("TLP:{}", text.strip_prefix("TLP:").unwrap_or(text));
    serde_json::from_value(full.into()).map_err(|error| error.to_string())
}
