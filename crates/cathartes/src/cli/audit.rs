//! `cathartes audit`: the log of the record, held against what was signed of it.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use cathartes_server::{Checkpoint, Note, SecretKey, Store};
use clap::Subcommand;
use serde_json::json;

use super::{
    record::{Place, actor, waited},
    say,
};

/// Lines of an export read at a time.
const SOME: u32 = 4_096;

/// Check the audit log, prove what is in it, and write it out for others to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(VerifyArgs),
    Export(ExportArgs),
    Proof(ProofArgs),
    Consistency(ConsistencyArgs),
    Checkpoint(CheckpointArgs),
}

/// Read the whole log again: chain, tree, every checkpoint that was kept and those that are given here.
#[derive(Debug, clap::Args)]
struct VerifyArgs {
    /// A checkpoint that was kept elsewhere; may be repeated
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Write entries as they were hashed, one JSON object a line, for `cathartes-verify log`.
#[derive(Debug, clap::Args)]
struct ExportArgs {
    /// A new file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The first entry
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
    from: i64,
    /// The last entry [default: the last there is]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    to: Option<i64>,
    #[command(flatten)]
    place: Place,
}

/// Prove that an entry is in the log.
#[derive(Debug, clap::Args)]
struct ProofArgs {
    /// Which entry
    #[arg(long, value_name = "N")]
    entry: i64,
    /// In the log of how many entries, as a checkpoint says [default: all there are]
    #[arg(long, value_name = "N")]
    size: Option<u64>,
    #[command(flatten)]
    place: Place,
}

/// Prove that the log of a later checkpoint only added to that of an earlier.
#[derive(Debug, clap::Args)]
struct ConsistencyArgs {
    /// The earlier checkpoint
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The later checkpoint
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Sign the log as it is now, keep that, and write it beside its signature for others to keep.
#[derive(Debug, clap::Args)]
struct CheckpointArgs {
    /// The secret key: a file of `minisign -G -W`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// A new file; the signature goes to the same name with .minisig
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Runs; the exit code is 1 when the log is not what it should be.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    waited(async {
        match args.command {
            Command::Verify(args) => verify(&args).await,
            Command::Export(args) => export(&args).await,
            Command::Proof(args) => proof(&args).await,
            Command::Consistency(args) => consistency(&args).await,
            Command::Checkpoint(args) => checkpoint(&args).await,
        }
    })
}

async fn verify(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let brought = args.checkpoint.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let store = args.place.open().await?;
    let found = store.verify_audit(&brought).await?;
    store.close().await;
    for damage in &found.damages {
        say(&format!("damaged: {damage}"));
    }
    let well = found.damages.is_empty();
    say(&format!(
        "{} entries, {} checkpoints, root {}: {}",
        found.entries,
        found.checkpoints,
        found.root,
        if well { "all well" } else { "damage found" }
    ));
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn export(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let shown = args.out.display();
    ensure!(!args.out.exists(), "{shown} is there already: name a new file");
    let store = args.place.open().await?;
    let to = match args.to {
        Some(to) => to,
        None => store.audit_seq().await?,
    };
    ensure!(args.from <= to, "no entry is both from {} and to {to}", args.from);
    let note = Note {
        actor: actor("audit export"),
        action: "log.exported",
        subject: shown.to_string(),
        detail: json!({ "from": args.from, "to": to }),
    };
    store.note(&[note]).await?;
    let mut beside = args.out.clone().into_os_string();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = write(&store, &beside, args.from - 1, to).await;
    let done = written.and_then(|lines| {
        fs::rename(&beside, &args.out).with_context(|| shown.to_string())?;
        Ok(lines)
    });
    store.close().await;
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    say(&format!("{} entries in {shown}", done?));
    Ok(ExitCode::SUCCESS)
}

async fn write(store: &Store, to: &Path, after: i64, last: i64) -> anyhow::Result<i64> {
    let shown = || to.display().to_string();
    let mut file = BufWriter::new(fs::File::create(to).with_context(shown)?);
    serde_json::to_writer(&mut file, &store.audit_export_head(after).await?)?;
    let mut written = after;
    while written < last {
        let lines = store.audit_lines(written, SOME).await?;
        ensure!(!lines.is_empty(), "entry {} is missing: the log has only {written}", written + 1);
        for line in lines.iter().take_while(|line| line.seq <= last) {
            file.write_all(b"\n").with_context(shown)?;
            serde_json::to_writer(&mut file, line).with_context(shown)?;
            written = line.seq;
        }
    }
    file.write_all(b"\n").with_context(shown)?;
    file.into_inner().context("the last bytes")?.sync_all().with_context(shown)?;
    Ok(written - after)
}

async fn proof(args: &ProofArgs) -> anyhow::Result<ExitCode> {
    let store = args.place.open().await?;
    let checkpoint = store.checkpoint(args.size).await?;
    let proof = store.audit_proof(args.entry, checkpoint.entries).await?;
    store.close().await;
    if !proof.holds(&checkpoint) {
        let entry = args.entry;
        eprintln!("no: entry {entry} is not the one that was hashed: run `cathartes audit verify`");
        return Ok(ExitCode::from(1));
    }
    say(&serde_json::to_string_pretty(&proof)?);
    Ok(ExitCode::SUCCESS)
}

async fn consistency(args: &ConsistencyArgs) -> anyhow::Result<ExitCode> {
    let (from, to) = (read(&args.from)?, read(&args.to)?);
    let store = args.place.open().await?;
    let there = store.audit_seq().await? as u64;
    if there < to.entries {
        let entries = to.entries;
        eprintln!(
            "no: the log has {there} entries, the checkpoint {entries}: its end was cut off, or it is another"
        );
        return Ok(ExitCode::from(1));
    }
    let proof = store.audit_growth(from.entries, to.entries).await?;
    store.close().await;
    let holds = proof.holds(&from, &to);
    say(&serde_json::to_string_pretty(&proof)?);
    let (earlier, later) = (from.entries, to.entries);
    eprintln!(
        "{}",
        if holds {
            format!("the log of {later} entries begins with that of {earlier}")
        } else {
            format!(
                "no: the log of {later} entries does not begin with that of {earlier}, or one of the two is of another log"
            )
        }
    );
    Ok(ExitCode::from(u8::from(!holds)))
}

async fn checkpoint(args: &CheckpointArgs) -> anyhow::Result<ExitCode> {
    let key = secret_key(&args.key)?;
    let mut signature = args.out.clone().into_os_string();
    signature.push(".minisig");
    let signature = PathBuf::from(signature);
    for new in [&args.out, &signature] {
        ensure!(!new.exists(), "{} is there already: name a new file", new.display());
    }
    let store = args.place.open().await?;
    let signed = cathartes_server::checkpoint(&store, &actor("audit checkpoint"), &key).await?;
    store.close().await;
    let texts = [(&args.out, signed.checkpoint.to_string()), (&signature, signed.signature)];
    for (file, text) in texts {
        fs::write(file, text).with_context(|| file.display().to_string())?;
    }
    say(&signed.checkpoint.short());
    Ok(ExitCode::SUCCESS)
}

/// The key that checkpoints are signed with.
pub(super) fn secret_key(file: &Path) -> anyhow::Result<SecretKey> {
    let shown = || file.display().to_string();
    SecretKey::from_file(&fs::read_to_string(file).with_context(shown)?).with_context(shown)
}

fn read(file: &Path) -> anyhow::Result<Checkpoint> {
    let shown = || file.display().to_string();
    fs::read_to_string(file).with_context(shown)?.parse().with_context(shown)
}
