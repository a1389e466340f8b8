//! Where the record is: the same arguments for every subcommand that opens it.

use std::{future::Future, path::PathBuf};

use anyhow::Context;
use cathartes_server::{Actor, Location, Store};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// The place of the record.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// Folder of the record [default: $`CATHARTES_HOME`/record, or ~/.local/share/cathartes/record]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A shared database instead of a file in the folder
    #[arg(long, value_name = "postgres://…", env = "CATHARTES_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// A bucket for large files instead of the folder; keys and endpoint come from `AWS_…` variables
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    blobs: Option<String>,
}

impl Place {
    pub(super) async fn open(&self) -> anyhow::Result<Store> {
        let usual = || {
            let gases = cathartes_pipeline::gas::default_folder()?;
            Some(gases.parent()?.join("record"))
        };
        let folder = self.data.clone().or_else(usual).context("no home folder: give --data")?;
        let location =
            Location { folder, database: self.database.clone(), blobs: self.blobs.clone() };
        let shown = location.folder.display().to_string();
        Store::open(&location).await.with_context(|| format!("the record in {shown}"))
    }
}

/// Somebody at this machine.
pub(super) fn actor(command: &str) -> Actor {
    Actor::Command(command.to_owned())
}

/// Runs what waits for disks and networks, and leaves nothing running behind.
pub(super) fn waited<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(work);
    // A job under way has been given back; its thread is not waited for.
    runtime.shutdown_background();
    outcome
}

/// How the log is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum LogForm {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Logs to standard error; `RUST_LOG` says more or less than usual.
pub(super) fn log(form: LogForm) {
    let usual = || EnvFilter::new("info");
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match form {
        LogForm::Text => log.with_ansi(false).init(),
        LogForm::Json => log.json().flatten_event(true).init(),
    }
}

/// What ends when somebody stops the program, and what tells workers of it then.
pub(super) fn stop() -> (impl Future<Output = ()>, watch::Receiver<bool>) {
    let (tell, stopping) = watch::channel(false);
    let stop = async move {
        stopped().await;
        tell.send_replace(true);
    };
    (stop, stopping)
}

/// Ends when somebody stops the program.
async fn stopped() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
