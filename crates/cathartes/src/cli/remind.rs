//! `cathartes remind`: what the other side is to be asked again, and carrying what is to go out.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, ensure};
use cathartes_pipeline::{
    import::Timestamp,
    outbox,
    remind::{self, Asked, Making},
    returned::Returning,
    tend, work,
};
use cathartes_server::{Actor, Message, Store};
use serde_json::json;

use super::{
    record::{Place, actor, waited},
    say,
};

/// Ask recipients again who have not answered: makes the messages that are due, once each, and says what waits for
/// somebody of ours.
///
/// `cathartes serve` does the same by itself, every minute.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: Option<What>,
    /// Say what is due and make nothing
    #[arg(long)]
    tell: bool,
    /// Rules of asking again, in the place of those that come with the program
    #[arg(long, value_name = "REMINDERS.toml")]
    rules: Option<PathBuf>,
    /// Write messages that are to go out into this folder, for a mail gateway or a courier
    #[arg(long, value_name = "DIR", conflicts_with = "tell")]
    outbox: Option<PathBuf>,
    /// Token of your account, to approve or drop
    #[arg(long, env = "CATHARTES_TOKEN", hide_env_values = true, hide = true)]
    token: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Let an escalation go out that waits for somebody of ours
    Approve {
        /// Its id, or the beginning of it
        message: String,
    },
    /// Let a message not go out
    Drop {
        /// Its id, or the beginning of it
        message: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Asks again; the exit code is 1 when something waits for somebody of ours.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    waited(async move {
        let store = args.place.open().await?;
        let done = match &args.what {
            None => ask(&store, &args).await,
            Some(What::Approve { message }) => approve(&store, message, &args).await,
            Some(What::Drop { message, reason }) => {
                let found = remind::one_waiting(&store, message).await?;
                let by = account(&store, &args).await?;
                store.drop_message(&by, found.id, reason, Timestamp::now()).await?;
                say(&format!("message {} does not go out", found.id));
                Ok(ExitCode::SUCCESS)
            }
        };
        store.close().await;
        done
    })
}

async fn approve(store: &Store, message: &str, args: &Args) -> anyhow::Result<ExitCode> {
    let found = remind::one_waiting(store, message).await?;
    let by = account(store, args).await?;
    store.approve_message(&by, found.id, &found.body_sha256, Timestamp::now()).await?;
    say(&shown(&found));
    say(&format!("message {} goes out", found.id));
    Ok(ExitCode::SUCCESS)
}

/// Whoever decides proves who they are, as at the interface.
async fn account(store: &Store, args: &Args) -> anyhow::Result<Actor> {
    let token = args.token.as_deref().context(
        "nobody says who you are: put a token of your account into CATHARTES_TOKEN (POST /api/v1/tokens makes one)",
    )?;
    let session = store.session(token.trim(), Timestamp::now()).await?;
    let who = session.context("this token is nobody's, or has run out: make another")?.account;
    let may = matches!(who.role.word(), "senior" | "releasing_officer");
    ensure!(may, "the role {} may not decide what goes to a partner's superiors", who.role);
    Ok(Actor::Account(who.name))
}

async fn ask(store: &Store, args: &Args) -> anyhow::Result<ExitCode> {
    let rules = tend::rules_of(args.rules.as_deref())?;
    let (by, now) = (actor("remind"), Timestamp::now());
    let making = if args.tell { Making::Tell } else { Making::Make };
    if making == Making::Make {
        Returning::default().bring(store, &by).await?;
    }
    let asked = remind::due(store, &by, (&rules, now), making).await?;
    let carried = match &args.outbox {
        Some(folder) => outbox::carry(store, (folder, &work::name(0)), now).await?,
        None => outbox::Carried::default(),
    };
    let waiting = remind::waiting_for_approval(store, 500).await?;
    if args.json {
        let due: Vec<_> = asked.iter().map(|one| json!({
            "recipient": one.recipient, "release": one.alias, "due": one.due, "letter": one.letter,
            "message": one.message.as_ref().map(|message| message.id),
        })).collect();
        let waiting: Vec<_> = waiting
            .iter()
            .map(|one| {
                json!({
                    "message": one.id, "body_sha256": one.body_sha256, "body": one.what.body,
                })
            })
            .collect();
        let all = json!({ "due": due, "waiting": waiting, "sent": carried.sent, "failed": carried.failed });
        say(&all.to_string());
    } else {
        let lines = asked.iter().map(words).chain(waiting.iter().map(shown));
        for line in lines {
            say(&line);
        }
        say(&format!(
            "{} due, {} sent, {} waiting for approval",
            asked.len(),
            carried.sent,
            waiting.len()
        ));
    }
    let ours = asked.iter().any(|one| one.message.is_none()) && making == Making::Make;
    Ok(if waiting.is_empty() && !ours { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn words(one: &Asked) -> String {
    let due = &one.due;
    let (silence, since) = (due.silence.word(), due.since);
    let (rule, to) = (&due.rule, due.to.word());
    format!(
        "{} {}  {silence} since {since:.0}  {rule} {} to {to}",
        one.recipient, one.alias, due.number
    )
}

fn shown(message: &Message) -> String {
    let letter = &message.what.body["letter"];
    let text = |name: &str| letter[name].as_str().unwrap_or_default().to_owned();
    format!("{} {}\n{}\n{}", message.id, message.what.recipient, text("subject"), text("text"))
}
