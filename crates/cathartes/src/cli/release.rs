//! `cathartes release`: from something confirmed to what leaves, by somebody with an account.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use cathartes_server::{
    Account, Digest, DraftQuery, ReleaseQuery, SecretKey, Store, Subject, Told,
    desk::{Desk, DeskError, Order},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    audit::secret_key,
    record::{Place, waited},
    say,
};

mod told;

/// Draft, compare, approve, send and recall releases; the exit code is 1 when the answer is no.
///
/// Whoever does it proves who they are by a token of their account (POST /api/v1/tokens), in `CATHARTES_TOKEN`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

/// Who does it, and where.
#[derive(Debug, clap::Args)]
struct Common {
    #[command(flatten)]
    place: Place,
    /// Token of your account
    #[arg(long, env = "CATHARTES_TOKEN", hide_env_values = true, hide = true)]
    token: Option<String>,
    /// File with the token of your account, instead of `CATHARTES_TOKEN`
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// What partners reach the server by
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8750")]
    public_url: String,
}

/// What, and for whom.
#[derive(Debug, clap::Args)]
struct Wanted {
    /// A site or a finding, by its id
    subject: Uuid,
    /// Code of the recipient
    #[arg(long, value_name = "CODE")]
    recipient: String,
    #[command(flatten)]
    told: told::Words,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make a draft, and say what would leave
    Draft {
        #[command(flatten)]
        wanted: Wanted,
        /// For what, in a word or two
        #[arg(long, default_value = "")]
        reason: String,
        /// How urgent: 1 is the most
        #[arg(long, value_name = "1..5", default_value_t = 3)]
        priority: u8,
        /// The earlier release that it takes the place of
        #[arg(long, value_name = "RELEASE")]
        supersedes: Option<Uuid>,
    },
    /// Say what would leave and what not, each field with its rule; nothing is kept
    Diff {
        #[command(flatten)]
        wanted: Wanted,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Approve exactly what was shown
    Approve {
        /// The draft
        draft: Uuid,
        /// Its digest, as it was shown
        #[arg(long, value_name = "SHA-256")]
        digest: String,
        #[command(flatten)]
        common: Common,
    },
    /// Refuse a draft
    Refuse {
        /// The draft
        draft: Uuid,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        common: Common,
    },
    /// Seal what two approved, and send it
    Send {
        /// The draft
        draft: Uuid,
        /// Secret key to seal with, as `cathartes key new` makes one
        #[arg(long, value_name = "FILE")]
        seal_key: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Take a release back
    Recall {
        /// The release
        release: Uuid,
        /// Why
        #[arg(long)]
        reason: String,
        /// Secret key to seal the file with that says so; without one the message alone does
        #[arg(long, value_name = "FILE")]
        seal_key: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// List drafts that wait, and releases
    List {
        /// Of this recipient alone
        #[arg(long, value_name = "CODE")]
        recipient: Option<String>,
        /// At most so many of each
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Write a release in another form, as the sealed dossier that left, or as the one that takes it back
    Export {
        /// The release
        release: Uuid,
        /// geojson, kml, cot, tak, stix, text, dossier, or recall when it was taken back
        #[arg(long, value_name = "FORM")]
        format: String,
        /// Secret key to seal a recall with
        #[arg(long, value_name = "FILE")]
        seal_key: Option<PathBuf>,
        /// File to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

/// The desk, and who sits at it.
struct Seat {
    desk: Desk,
    store: Store,
    who: Account,
}

/// Does it.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let done = waited(done(args.what));
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => match error.downcast_ref::<DeskError>() {
            Some(no) if no.is_refusal() => {
                eprintln!("no: {no}");
                Ok(ExitCode::from(1))
            }
            _ => Err(error),
        },
    }
}

async fn done(what: What) -> anyhow::Result<()> {
    let now = Timestamp::now();
    match what {
        What::Draft { wanted, reason, priority, supersedes } => {
            let seat = seat(&wanted.common, None).await?;
            let order =
                Order { priority, reason, supersedes, ..order(&seat.store, &wanted).await? };
            draft(&seat, &order, now).await
        }
        What::Diff { wanted, json } => {
            let seat = seat(&wanted.common, None).await?;
            let order = order(&seat.store, &wanted).await?;
            let prepared = seat.desk.prepare(&seat.who, &order, now).await?;
            let said = if json { told::json(&prepared) } else { told::prepared(&prepared) };
            say(&said);
            Ok(())
        }
        What::Approve { draft, digest, common } => {
            let seat = seat(&common, None).await?;
            let kept = seat.desk.approve(&seat.who, draft, &Digest(digest), now).await?;
            say(&told::draft(&kept));
            Ok(())
        }
        What::Refuse { draft, reason, common } => {
            let seat = seat(&common, None).await?;
            say(&told::draft(&seat.desk.refuse(&seat.who, draft, &reason, now).await?));
            Ok(())
        }
        What::Send { draft, seal_key, common } => {
            let seat = seat(&common, Some(secret_key(&seal_key)?)).await?;
            say(&told::release(&seat.desk.send(&seat.who, draft, now).await?));
            Ok(())
        }
        What::Recall { release, reason, seal_key, common } => {
            let key = seal_key.as_deref().map(secret_key).transpose()?;
            let seat = seat(&common, key).await?;
            say(&told::release(&seat.desk.recall(&seat.who, release, &reason, now).await?));
            Ok(())
        }
        What::List { recipient, limit, common } => list(&common, recipient, limit).await,
        What::Export { release, format, seal_key, out, common } => {
            let key = seal_key.as_deref().map(secret_key).transpose()?;
            let seat = seat(&common, key).await?;
            let bytes = seat.desk.exported(&seat.who, release, &format).await?;
            write(&out, &bytes)
        }
    }
}

async fn draft(seat: &Seat, order: &Order, now: Timestamp) -> anyhow::Result<()> {
    let prepared = seat.desk.prepare(&seat.who, order, now).await?;
    let kept = seat.desk.make(&seat.who, order, now).await?;
    say(&told::prepared(&prepared));
    say(&told::draft(&kept));
    Ok(())
}

async fn list(common: &Common, recipient: Option<String>, limit: u32) -> anyhow::Result<()> {
    let seat = seat(common, None).await?;
    let drafts =
        DraftQuery { waiting: true, recipient: recipient.clone(), limit, ..DraftQuery::default() };
    for draft in seat.store.drafts(&drafts).await? {
        say(&told::draft(&draft));
    }
    let releases = ReleaseQuery { recipient, limit, ..ReleaseQuery::default() };
    for release in seat.store.releases(&releases).await? {
        say(&told::release(&release));
    }
    Ok(())
}

/// Opens the record, and finds out who asks.
async fn seat(common: &Common, key: Option<SecretKey>) -> anyhow::Result<Seat> {
    let token = match (&common.token_file, &common.token) {
        (Some(file), _) => fs::read_to_string(file).with_context(|| file.display().to_string())?,
        (None, Some(token)) => token.clone(),
        (None, None) => bail!(
            "nobody says who you are: put a token of your account into CATHARTES_TOKEN (POST /api/v1/tokens makes one)"
        ),
    };
    let store = common.place.open().await?;
    let session = store.session(token.trim(), Timestamp::now()).await?;
    let who = session.context("this token is nobody's, or has run out: make another")?.account;
    let desk = Desk::new(store.clone(), key, &common.public_url)?;
    Ok(Seat { desk, store, who })
}

async fn order(store: &Store, wanted: &Wanted) -> anyhow::Result<Order> {
    let kinds = ["site", "finding"].map(|kind| Subject::new(kind, wanted.subject));
    let mut subject = None;
    for one in kinds {
        let one = one?;
        if subject.is_none() && store.standing(one).await?.is_some() {
            subject = Some(one);
        }
    }
    let subject =
        subject.with_context(|| format!("there is no site or finding {}", wanted.subject))?;
    let told: Told = wanted.told.clone().into();
    let recipient = wanted.recipient.clone();
    let reason = String::new();
    Ok(Order { subject, recipient, told, priority: 3, reason, supersedes: None, key: None })
}

/// Written beside and renamed, so that nobody takes half of it.
fn write(out: &PathBuf, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = out.with_extension("partial");
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, out));
    written.with_context(|| out.display().to_string())
}
